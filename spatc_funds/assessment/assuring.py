"""What officers make sure of before the board meets. Each is called inside ``unit_of_work``."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.applications.operations import PlanChoice, check_choice
from spatc_funds.applications.queries import locked
from spatc_funds.applications.tagging import needed
from spatc_funds.assessment import assurances, place_in_plan, queries
from spatc_funds.assessment.models import BidTag, DiligenceCheck, Likeness, Outcome, TagAssurance, TextMatch
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError, Problem
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.db.session import entry_of_its_own
from spatc_funds.funds.models import Round, TaggingRule
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import STANDING

MOST_CHARACTERS = 40
_LABEL = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")


class Recorded(NamedTuple):
    """How a check ended; the note says why unless it was passed, and only a pass ends on a day."""

    key: str
    outcome: Outcome
    note: str = ""
    expires_on: date | None = None


def record(
    actor: Actor, submission: Submission, given: Recorded, at: datetime, seen: str | None = None
) -> DiligenceCheck:
    """Record one check of the bid's pot. Raises NotReadyError for a note or a day that is missing or does not fit.

    ``seen`` is the row as its page was made (``assurances.seen_of``): raises ChangedError when somebody saved it since.
    Raises MissingError for a check that the pot does not ask, IllegalMoveError when the bid was withdrawn.
    """
    permit(actor, Action.CHECK_RECORD, submission.subject)
    queries.lock(submission)
    _refuse_withdrawn(submission)
    check = next((each for each in assurances.checks_of(submission) if each.key == given.key), None)
    if check is None:
        raise MissingError
    row = assurances.check_of(submission.id, check.key)
    _refuse_changed(row, seen)
    if found := _check_problems(given, ends=check.months is not None, today=london_day(at)):
        raise NotReadyError(found)
    expires_on = given.expires_on if given.outcome is Outcome.PASSED else None
    return _keep(row, submission, given._replace(expires_on=expires_on), actor, at)


def compare(
    actor: Actor, submission: Submission, at: datetime, found: Sequence[assurances.Alike] | None = None
) -> list[TextMatch]:
    """Look for the bid's answers in every other bid; the likenesses that are new. Judged ones keep their judgement.

    ``found`` is what was looked for already, for many bids at once (``assurances.alike``).
    """
    permit(actor, Action.TEXT_COMPARE, submission.subject)
    alike = assurances.alike([submission])[submission.id] if found is None else found
    both = sorted({submission.id, *(each.other_id for each in alike)})
    _lock(both)  # of both, in one order: whoever compares the other one meanwhile finds the same likenesses
    known = assurances.known_pairs(submission.id)
    made = [
        TextMatch(
            submission_id=submission.id,
            other_id=each.other_id,
            question_key=each.question_key,
            other_question_key=each.other_question_key,
            percent=each.percent,
            found_at=at,
        )
        for each in alike
        if (each.other_id, each.question_key, each.other_question_key) not in known
    ]
    db.session.add_all(made)
    row = assurances.check_of(submission.id, assurances.COMPARED)
    _keep(row, submission, Recorded(assurances.COMPARED, Outcome.PASSED), actor, at)
    return made


def judge(
    actor: Actor, match: TextMatch, judged: Likeness, note: str, at: datetime, seen: str | None = None
) -> TextMatch:
    """Say what is made of two texts that are alike, and why: it is no part of a score.

    Raises NotReadyError without a note, ChangedError when somebody judged it since ``seen``.
    """
    permit(actor, Action.TEXT_JUDGE, match.submission.subject)
    permit(actor, Action.TEXT_JUDGE, match.other.subject)
    _lock(sorted({match.submission_id, match.other_id}))
    db.session.refresh(match)
    _refuse_changed(match, seen)
    if judged is Likeness.OPEN:
        raise NotReadyError([Problem("match", "judged", "Choose whether it is harmless or a concern")])
    if not note.strip():
        raise NotReadyError([Problem("match", "note", "Say why, so that the next person need not ask")])
    match.judged, match.note, match.judged_by_id, match.judged_at = judged, note.strip(), actor.id, at
    return match


def confirm(
    actor: Actor, submission: Submission, choice: PlanChoice, reason: str, at: datetime, seen: str | None = None
) -> TagAssurance:
    """Confirm the bid's place in the plan, or change it with a reason: what an award of it freezes.

    Raises NotReadyError for what the round's rule asks and for a missing reason, ValueError for what is not of its
    plan, ChangedError when somebody confirmed it since ``seen``, IllegalMoveError once the bid is decided or withdrawn.
    """
    permit(actor, Action.TAGS_CONFIRM, submission.subject)
    application = locked(submission.application)  # the decision locks it too
    if application.closed_at is not None:
        message = "This bid is decided. Its place in the plan stands as it was decided."
        raise IllegalMoveError(message)
    _refuse_withdrawn(submission)
    row = assurances.assurance_of(submission.id)
    _refuse_changed(row, seen)
    check_choice(submission.round, choice)
    proposed = place_in_plan.tags_in(submission.content)
    tags = _tags(submission.round, choice, proposed)
    changed = bool(place_in_plan.differences(proposed, tags))
    found = place_in_plan.missing(tags, needed_of(submission.round, tags)) if changed else []
    if changed and not reason.strip():
        found.append(Problem("tags", "reason", "Say why you change what the group proposed"))
    if found:
        raise NotReadyError(found)
    person = db.session.get_one(Person, actor.id)
    if row is None:
        row = TagAssurance(submission_id=submission.id)
        db.session.add(row)
    row.tags, row.changed, row.reason = tags, changed, reason.strip()
    row.confirmed_by, row.confirmed_at = person, at
    db.session.flush()
    return row


def tag(actor: Actor, submissions: Sequence[Submission], label: str, at: datetime) -> int:
    """Put a label on bids; how many did not have it. Raises NotReadyError for what is no label.

    A label has 1 to 40 characters: words of letters and digits, a blank or a hyphen between them.
    """
    for each in submissions:
        permit(actor, Action.BID_TAG, each.subject)
    label, numbers = _label(label), sorted({each.id for each in submissions})
    _lock(numbers)
    held = set(
        db.session.scalars(select(BidTag.submission_id).where(BidTag.submission_id.in_(numbers), BidTag.tag == label))
    )
    new = [each for each in submissions if each.id not in held]
    for each in new:
        with entry_of_its_own(each.reference):
            db.session.add(BidTag(submission_id=each.id, tag=label, tagged_by_id=actor.id, tagged_at=at))
    return len(new)


def untag(actor: Actor, submissions: Sequence[Submission], label: str) -> int:
    """Take a label off bids; how many had it. What is no label is on none."""
    for each in submissions:
        permit(actor, Action.BID_UNTAG, each.subject)
    if not _LABEL.fullmatch(folded(label)):
        return 0
    numbers = sorted({each.id for each in submissions})
    _lock(numbers)
    rows = db.session.scalars(
        select(BidTag).where(BidTag.submission_id.in_(numbers), BidTag.tag == folded(label))
    ).all()
    references = {each.id: each.reference for each in submissions}
    for row in rows:
        with entry_of_its_own(references[row.submission_id]):
            db.session.delete(row)
    return len(rows)


def needed_of(asked: Round, tags: Mapping[str, Any]) -> Any:
    """What the round's rule asks of a place in the plan, by the priority among the tags."""
    priority, strategy = tags.get("priority"), asked.plan.strategy_priority if asked.plan else ""
    return needed(asked.tagging_rule.value, asked.fixed_priority, strategy, priority["key"] if priority else None)


def _check_problems(given: Recorded, today: date, *, ends: bool) -> list[Problem]:
    if given.outcome is not Outcome.PASSED:
        return [] if given.note.strip() else [Problem("check", "note", "Say why it was not passed")]
    if given.expires_on is None and ends:
        return [Problem("check", "expires_on", "Enter the last day on which this holds")]
    if given.expires_on is not None and given.expires_on < today:
        return [Problem("check", "expires_on", "The last day has to be today or later. Else it is not passed")]
    return []


def _keep(
    row: DiligenceCheck | None, submission: Submission, given: Recorded, actor: Actor, at: datetime
) -> DiligenceCheck:
    person = db.session.get_one(Person, actor.id)
    if row is None:
        row = DiligenceCheck(submission_id=submission.id, key=given.key)
        db.session.add(row)
    row.outcome, row.note, row.expires_on = given.outcome, given.note.strip(), given.expires_on
    row.done_by, row.done_at = person, at
    db.session.flush()
    return row


def _tags(asked: Round, choice: PlanChoice, proposed: Mapping[str, Any]) -> dict[str, Any]:
    """The choice in the shape of a submission's content; how a theme is served stays in the group's own words."""
    plan = asked.plan
    themes = plan.themes if plan else []
    outcomes = [outcome for theme in themes for outcome in theme.outcomes]
    chooses = asked.tagging_rule is TaggingRule.THEME_AND_PRIORITY
    hows = {each["theme"]["id"]: each["how"] for each in proposed["cross_cutting"] or ()}
    crosses, others = choice.cross_cutting or {}, set(choice.other_outcome_ids) - {choice.primary_outcome_id}
    return {
        "priority": _one(plan.priorities if plan else (), choice.priority_id) if chooses else proposed["priority"],
        "theme": _one(themes, choice.theme_id),
        "focus_area": _one([area for theme in themes for area in theme.focus_areas], choice.focus_area_id),
        "primary_outcome": _one(outcomes, choice.primary_outcome_id),
        "no_specific_outcome": choice.no_specific_outcome and choice.primary_outcome_id is None,
        "other_outcomes": [_named(each) for each in outcomes if each.id in others],
        "cross_cutting": [
            {
                "theme": _named(theme),
                "commitment": _one(theme.commitments, crosses[theme.id][0]),
                "how": hows.get(theme.id, ""),
            }
            for theme in (plan.cross_cutting_themes if plan else ())
            if theme.id in crosses
        ],
    }


def _one(things: Sequence[Any], number: int | None) -> dict[str, Any] | None:
    return next((_named(each) for each in things if each.id == number), None)


def _named(thing: Any) -> dict[str, Any]:
    return {"id": thing.id, "key": thing.key, "name": thing.name}


def _label(text: str) -> str:
    label = folded(text)
    if not label:
        raise NotReadyError([Problem("label", "label", "Enter a label")])
    if len(label) > MOST_CHARACTERS or not _LABEL.fullmatch(label):
        message = f"A label has up to {MOST_CHARACTERS} characters: letters, digits, blanks and hyphens"
        raise NotReadyError([Problem("label", "label", message)])
    return label


def _lock(submission_ids: Sequence[int]) -> None:
    """Hold the rows of several bids, in one order, until the transaction ends."""
    db.session.execute(
        select(Submission.id).where(Submission.id.in_(submission_ids)).order_by(Submission.id).with_for_update()
    )


def _refuse_withdrawn(submission: Submission) -> None:
    if submission.application.state not in STANDING:
        message = "This application was withdrawn."
        raise IllegalMoveError(message)


def _refuse_changed(row: DiligenceCheck | TextMatch | TagAssurance | None, seen: str | None) -> None:
    if seen is not None and assurances.seen_of(row) != seen:
        message = "Somebody else saved this while you had it open. What you typed was not saved."
        raise ChangedError(message)
