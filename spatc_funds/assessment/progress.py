"""Reading how far bids are in assessment: an assessor's queue, what waits for a result, what is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import breakdown, queries, scoring
from spatc_funds.assessment.models import Allocation, Assessment, Result
from spatc_funds.assessment.readiness import Readiness
from spatc_funds.db.base import db
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState


@dataclass(frozen=True, slots=True)
class MyQueue:
    """An assessor's bids, those to do next first, and how many are done."""

    rows: Sequence[queries.QueueRow]
    done: int


def queue_of(actor: Actor) -> MyQueue:
    """The queue as its page shows it."""
    rows = queries.my_queue(actor)
    return MyQueue(rows, sum(row.state is AssessmentState.FINAL for row in rows))


def loads() -> dict[int, int]:
    """How many bids each assessor still has to score, by person."""
    rows = db.session.execute(
        select(Allocation.person_id, func.count())
        .join(Submission, Submission.id == Allocation.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(
            Assessment,
            and_(Assessment.submission_id == Allocation.submission_id, Assessment.person_id == Allocation.person_id),
        )
        .where(Application.state.in_(STANDING), ~queries.barring(Allocation))
        .where(or_(Assessment.id.is_(None), Assessment.state != AssessmentState.FINAL))
        .group_by(Allocation.person_id)
    )
    return dict(rows.all())


def waiting_count(actor: Actor) -> int:
    """How many bids have no result yet."""
    return db.session.scalar(select(func.count()).select_from(_waiting(actor, Submission.id).subquery())) or 0


def waiting(actor: Actor, limit: int, offset: int = 0) -> list[tuple[Submission, Readiness]]:
    """Bids without a result, each with how far its sheets are; those that can be settled first."""
    given = (
        select(func.count())
        .where(Allocation.submission_id == Submission.id, Allocation.body_id.is_(None), ~queries.barring(Allocation))
        .scalar_subquery()
    )
    final = (
        select(func.count())
        .where(Assessment.submission_id == Submission.id, Assessment.state == AssessmentState.FINAL)
        .where(Assessment.body_id.is_(None), ~queries.barring(Assessment))
        .scalar_subquery()
    )
    ready = case((and_(final >= given, final >= Round.assessors_needed), 0), else_=1)
    rows = db.session.execute(
        _waiting(actor, Submission, given, final)
        .join(Round, Round.id == Submission.round_id)
        .order_by(ready, final.desc(), Submission.received_at, Submission.id)
        .options(joinedload(Submission.round), joinedload(Submission.organisation))
        .limit(limit)
        .offset(offset)
    )
    return [(each, Readiness(each.round.assessors_needed, people, done)) for each, people, done in rows]


def settled_lately(actor: Actor, limit: int) -> list[tuple[Result, breakdown.ResultShown]]:
    """Results, the newest first, each as it is shown."""
    found = db.session.scalars(
        select(Result)
        .join(Submission, Submission.id == Result.submission_id)
        .where(queries.visible(actor))
        .order_by(Result.settled_at.desc(), Result.id.desc())
        .options(
            joinedload(Result.submission).options(joinedload(Submission.round), joinedload(Submission.organisation))
        )
        .limit(limit)
    )
    return [(each, result_shown(each)) for each in found]


def rounds_with_results() -> dict[str, str]:
    """The rounds that have a settled bid: code → fund and round."""
    rows = db.session.execute(
        select(Round.code, Fund.name, Round.name)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Round.id.in_(select(Submission.round_id).join(Result, Result.submission_id == Submission.id)))
        .order_by(Fund.position, Round.position)
    )
    return {code: f"{fund}, {name}" for code, fund, name in rows}


def is_wide(_column: object, _value: str) -> ColumnElement[bool]:
    """Results whose assessors are further apart than their round allows, as a filter of a list."""
    threshold = (
        select(Round.spread_threshold)
        .join(Submission, Submission.round_id == Round.id)
        .where(Submission.id == Result.submission_id)
        .correlate(Result)
        .scalar_subquery()
    )
    return Result.spread_micro > threshold * breakdown.MICRO


def result_shown(result: Result) -> breakdown.ResultShown:
    """A result as lists show it."""
    return breakdown.result_shown(result.mark_micro, result.spread_micro, result.submission.round.spread_threshold)


def sheet_shown(sheet: Assessment, asked: Round) -> breakdown.SheetShown:
    """A sheet as it is read, without a name."""
    mark, held = queries.mark_of(sheet, asked), {score.criterion_id: score for score in sheet.scores}
    lines = []
    for criterion in asked.criteria:
        score = held.get(criterion.id)
        value, reason = (score.value, score.reason) if score else (None, "")
        words = next((anchor.text for anchor in criterion.anchors if anchor.value == value), "")
        lines.append(breakdown.SheetLine(criterion.name, criterion.weight, value, words, reason))
    return breakdown.SheetShown(scoring.shown(mark) if mark is not None else "", lines)


def visible_results(actor: Actor) -> ColumnElement[bool]:
    """The same for a list of results."""
    return Result.submission_id.in_(select(Submission.id).where(queries.visible(actor)))


def _waiting(actor: Actor, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Result, Result.submission_id == Submission.id)
        .where(Result.id.is_(None), Application.state.in_(STANDING), queries.visible(actor))
    )
