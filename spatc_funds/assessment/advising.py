"""What advisory bodies made final about a bid, without advisers' names, for those who may read others' scores of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import gathered, queries
from spatc_funds.assessment.models import Allocation
from spatc_funds.db.base import db
from spatc_funds.policy.permissions import Actor


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One criterion: its name, the scores (none of a body that gives comments) and the words."""

    name: str
    scores: Sequence[int]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class BodyShown:
    """What one body was asked, and what of it is final."""

    name: str
    final: int
    asked: int
    lines: Sequence[AdviceLine]


def advice_shown(actor: Actor, submission: Submission) -> list[BodyShown]:
    """The bodies that were asked about a bid; none to whoever may not see its scores, or has still to score it."""
    open_to = select(Submission.id).where(
        Submission.id == submission.id, queries.visible(actor), ~queries.own_open(actor)
    )
    if not submission.round.bodies or db.session.scalar(open_to) is None:
        return []
    asked: dict[int | None, set[int]] = {}
    people = select(Allocation.body_id, Allocation.person_id).where(
        Allocation.submission_id == submission.id, Allocation.body_id.is_not(None), ~queries.barring(Allocation)
    )
    for body, person in db.session.execute(people):
        asked.setdefault(body, set()).add(person)
    found = []
    for each in gathered.advice_of(submission.round, [submission.id])[submission.id]:
        wanted = asked.get(each.body.id, set()) | {sheet.person_id for sheet in each.sheets}
        if wanted:
            found.append(BodyShown(each.body.name, len(each.sheets), len(wanted), _lines(each)))
    return found


def _lines(advice: gathered.Advice) -> list[AdviceLine]:
    lines = []
    for criterion in advice.criteria if advice.sheets else ():
        given = [score for sheet in advice.sheets for score in sheet.scores if score.criterion_id == criterion.id]
        scores = [each.value for each in given if each.value is not None] if advice.body.gives_scores else []
        lines.append(AdviceLine(criterion.name, scores, [each.reason for each in given if each.reason]))
    return lines
