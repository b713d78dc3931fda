"""Writing panel reports: beginning one, choosing and writing, making it final, deleting a draft.

Called inside ``unit_of_work``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import ChangedError, IllegalMoveError, NotReadyError, Problem
from spatc_funds.core.words import count_words
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.queries import current_plan
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import ReportState
from spatc_funds.policy.workflow import move
from spatc_funds.publishing import reporting
from spatc_funds.publishing.models import FinalReport, PanelReport
from spatc_funds.publishing.readers import SUMMARY, boxes, in_plan, reader_of, word_limit

CHANGED = "Somebody else changed this report while you had it open. Look at it again before you save."
MOVED = "The figures or words of this report have changed since you read it. Read it again before it is made final."
BARRED = (
    "These figures count something that you may not see because of an interest, so you have not read all of them. "
    "Somebody else has to make this report final."
)


@dataclass(frozen=True, slots=True)
class Written:
    """What an analyst says of a report; ``words`` are texts by box (``readers.boxes``)."""

    title: str
    as_at: date
    themes: Sequence[str]
    indicators: Sequence[str]
    words: Mapping[str, str]


def start_report(
    actor: Actor, reader: str, title: str, as_at: date, at: datetime, source: PanelReport | None = None
) -> PanelReport:
    """A draft for a reader, with the reader's themes and indicators, or with choice and words of an earlier report.

    Raises NotReadyError; LookupError for a reader that there is not.
    """
    permit(actor, Action.REPORT_START)
    _check(title, as_at, at)
    made = _begun(reader, title.strip(), as_at, at, actor.id)
    if source is not None:
        themes, indicators = ([each.key for each in parts] for parts in reporting.parts_of(made.plan))
        made.themes, made.indicators = in_plan(source.themes, themes), in_plan(source.indicators, indicators)
        made.words = dict(source.words)
    db.session.add(made)
    db.session.flush()
    return made


def unsaved(reader: str, as_at: date, at: datetime) -> PanelReport:
    """The report that a reader's would begin as, kept nowhere. Raises LookupError for a reader that there is not."""
    return _begun(reader, f"Report to the {reader_of(reader).name}", as_at, at, None)


def edit_report(actor: Actor, reference: str, written: Written, stamp: str, at: datetime) -> PanelReport:
    """Choose and write. Raises ChangedError where somebody else saved it since ``stamp``, and NotReadyError."""
    permit(actor, Action.REPORT_EDIT)
    found = reporting.locked(reference)
    found.state = move(found.state, Action.REPORT_EDIT)
    _check(written.title, written.as_at, at)
    if stamp != stamp_of(found):
        raise ChangedError(CHANGED)
    themes, indicators = ([each.key for each in parts] for parts in reporting.parts_of(found.plan))
    problems = [
        Problem("report", key, f"This must be {word_limit(key)} words or fewer. You have written {count_words(text)}.")
        for key, text in written.words.items()
        if count_words(text) > word_limit(key)
    ]
    if problems:
        raise NotReadyError(problems)
    found.title, found.as_at = written.title.strip(), written.as_at
    found.themes, found.indicators = in_plan(written.themes, themes), in_plan(written.indicators, indicators)
    found.words = {key: written.words.get(key, "") for key in boxes(themes)}
    db.session.flush()
    return found


def finish_report(actor: Actor, reference: str, seen: str, at: datetime) -> FinalReport:
    """Freeze what it says, under its hash. ``seen`` is the hash of what was read before (``reading_of``).

    Raises ChangedError where it says something else now, NotReadyError where something is missing, and to somebody who
    may not see all of what it counts.
    """
    permit(actor, Action.REPORT_FINISH)
    found = reporting.locked(reference)
    found.state = move(found.state, Action.REPORT_FINISH)
    problems = unready(found, actor)
    if problems:
        raise NotReadyError(problems)
    content = reporting.content_of(found)
    if content_hash(content) != seen:
        raise ChangedError(MOVED)
    made = FinalReport(
        report_id=found.id,
        content=content,
        sha256=content_hash(content),
        finished_at=at,
        finished_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def delete_report(actor: Actor, reference: str) -> None:
    """Delete a draft that was made in error. Raises IllegalMoveError for a final one: it stays."""
    permit(actor, Action.REPORT_DELETE)
    found = reporting.locked(reference)
    if found.state is not ReportState.DRAFT:
        message = f"{reference} is final. A final report stays: start the next one from it."
        raise IllegalMoveError(message)
    db.session.delete(found)


def unready(found: PanelReport, actor: Actor) -> list[Problem]:
    """What stands in the way of making it final."""
    problems = []
    if not found.themes and not found.indicators:
        problems.append(Problem("report", "themes", "Choose at least one theme or indicator"))
    if not found.words.get(SUMMARY, "").strip():
        problems.append(Problem("report", SUMMARY, "Write the summary"))
    if reporting.content_of(found, actor) != reporting.content_of(found):
        problems.append(Problem("report", "", BARRED))
    return problems


def reading_of(found: PanelReport) -> str:
    """The hash of what it says now, figures and words: whoever makes it final has read just this."""
    return content_hash(reporting.content_of(found))


def stamp_of(found: PanelReport) -> str:
    """Another one after every change."""
    return str(found.version)


def _begun(reader: str, title: str, as_at: date, at: datetime, person_id: int | None) -> PanelReport:
    known, plan = reader_of(reader), current_plan()
    if plan is None:
        message = "there is no current plan"
        raise LookupError(message)
    themes, indicators = ([each.key for each in parts] for parts in reporting.parts_of(plan))
    return PanelReport(
        reader=known.key,
        title=title,
        plan=plan,
        as_at=as_at,
        themes=in_plan(known.themes, themes),
        indicators=in_plan(known.indicators, indicators),
        words={},
        state=ReportState.DRAFT,
        started_at=at,
        started_by_id=person_id,
    )


def _check(title: str, as_at: date, at: datetime) -> None:
    problems = [] if title.strip() else [Problem("report", "title", "Enter a title")]
    if as_at > london_day(at):
        problems.append(Problem("report", "as_at", "Enter a day that has come"))
    if problems:
        raise NotReadyError(problems)
