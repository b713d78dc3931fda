"""Reading how far bids are in assessment: an assessor's queue, what waits for a result, what is settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import defer, joinedload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import breakdown, pace, queries, scoring
from spatc_funds.assessment.gathered import Gathered, gather
from spatc_funds.assessment.models import Allocation, Assessment, Feedback, Result, Score
from spatc_funds.assessment.readiness import Readiness
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import AdvisoryBody, Criterion, Fund, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState

# What a bid lacks, the first of it: those that lack least stand first.
NOTHING, FEEDBACK, BODIES, SHEETS = range(4)


@dataclass(frozen=True, slots=True)
class MyQueue:
    """An assessor's bids, those to do next first; how many are done, by when, at what pace, and where they stopped."""

    rows: Sequence[queries.QueueRow]
    done: int
    by: date | None
    left: str
    resume: tuple[str, str, str] | None  # reference, key and name of the criterion

    @property
    def to_declare(self) -> int:
        """How many they have not declared about yet."""
        return sum(row.interest is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class RoundWaiting:
    """How many bids of a round wait for a result, and how many lack what: the first of these that is missing."""

    code: str
    name: str
    bids: int
    sheets: int
    bodies: int
    feedback: int

    @property
    def complete(self) -> int:
        """How many lack nothing."""
        return self.bids - self.sheets - self.bodies - self.feedback


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A bid without a result as whoever settles reads it; its spread is empty while they may not know of it."""

    bid: Submission
    readiness: Readiness
    spread: str


def queue_of(actor: Actor) -> MyQueue:
    """The queue as its page shows it."""
    rows = queries.my_queue(actor)
    open_rows = [row for row in rows if row.state is not AssessmentState.FINAL]
    days = [row.assess_by for row in open_rows if row.assess_by is not None]
    sat = db.session.execute(
        select(Assessment.started_at, Assessment.final_at)
        .where(Assessment.person_id == actor.id, Assessment.state == AssessmentState.FINAL)
        .where(Assessment.started_at.is_not(None))
        .order_by(Assessment.final_at.desc())
        .limit(3 * pace.NEWEST)
    )
    usual = pace.pace(pace.Sitting(begun, final) for begun, final in sat if begun and final)
    return MyQueue(
        rows=rows,
        done=len(rows) - len(open_rows),
        by=min(days, default=None),
        left=pace.left(usual, len(open_rows)),
        resume=_resume(actor),
    )


def _resume(actor: Actor) -> tuple[str, str, str] | None:
    """Where somebody stopped: the sheet that they saved last, and its first criterion that lacks something."""
    found = db.session.scalar(
        select(Assessment)
        .join(Submission, Submission.id == Assessment.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(Assessment.person_id == actor.id, Assessment.state == AssessmentState.STARTED)
        .where(Application.state.in_(STANDING), reach(actor, Action.ASSESSMENT_SCORE, Submission.reference))
        .order_by(Assessment.saved_at.desc().nulls_last())
        .limit(1)
    )
    if found is None:
        return None
    first = sheet_page(found.submission, actor.id).first
    return (found.submission.reference, first.key, first.name) if first else None


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One criterion of somebody's own sheet, and what it lacks in words (empty when nothing)."""

    key: str
    name: str
    weight: int
    value: int | None
    lacks: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Somebody's own sheet before it is final; ``body`` is whom they speak for."""

    lines: Sequence[SheetStep]
    body: AdvisoryBody | None
    mark: str

    @property
    def gives_scores(self) -> bool:
        """Not of a body that gives comments alone."""
        return self.body is None or self.body.gives_scores

    @property
    def done(self) -> int:
        """How many criteria lack nothing."""
        return sum(not each.lacks for each in self.lines)

    @property
    def first(self) -> SheetStep | None:
        """The first criterion that lacks something."""
        return next((each for each in self.lines if each.lacks), None)


@dataclass(frozen=True, slots=True)
class CriterionPage:
    """One criterion of somebody's own sheet, with the way on."""

    criterion: Criterion
    score: Score | None
    sheet: SheetPage
    place: int
    closed: bool  # final, locked or withdrawn: it cannot be changed any more

    @property
    def body(self) -> AdvisoryBody | None:
        """Whom the person speaks for."""
        return self.sheet.body

    @property
    def gives_scores(self) -> bool:
        """Not of a body that gives comments alone."""
        return self.sheet.gives_scores

    @property
    def previous_key(self) -> str:
        """The criterion before; empty at the first."""
        return self.sheet.lines[self.place - 1].key if self.place else ""

    @property
    def next_key(self) -> str:
        """The criterion after; empty at the last."""
        after = self.sheet.lines[self.place + 1 :]
        return after[0].key if after else ""


def sheet_page(submission: Submission, person_id: int | None) -> SheetPage:
    """Somebody's own sheet as it is now."""
    sheet = queries.sheet_of(submission.id, person_id)
    body = sheet.body if sheet else queries.body_of(submission.id, person_id)
    held = {score.criterion_id: score for score in sheet.scores} if sheet else {}
    gives = body is None or body.gives_scores
    lines = [_step(each, held.get(each.id), gives_scores=gives) for each in queries.criteria_of(submission.round, body)]
    mark = queries.mark_of(sheet, submission.round) if sheet and body is None else None
    return SheetPage(lines, body, scoring.shown(mark) if mark is not None else "")


def criterion_page(
    submission: Submission, sheet: Assessment | None, person_id: int | None, key: str
) -> CriterionPage | None:
    """One criterion of it; None where the sheet has no such criterion."""
    shown = sheet_page(submission, person_id)
    place = next((number for number, each in enumerate(shown.lines) if each.key == key), None)
    if place is None:
        return None
    criterion = next(each for each in submission.round.criteria if each.key == key)
    held = {score.criterion_id: score for score in sheet.scores} if sheet else {}
    ended = sheet is not None and sheet.state is not AssessmentState.STARTED
    closed = ended or submission.application.state not in STANDING
    return CriterionPage(criterion, held.get(criterion.id), shown, place, closed)


def _step(criterion: Criterion, score: Score | None, *, gives_scores: bool) -> SheetStep:
    value = score.value if score else None
    lacks = ["a score"] if gives_scores and value is None else []
    lacks += [] if score and score.reason.strip() else ["a reason" if gives_scores else "a comment"]
    return SheetStep(criterion.key, criterion.name, criterion.weight, value, " and ".join(lacks))


def loads(actor: Actor) -> dict[int, int]:
    """How many bids each person still has to score, of those that whoever asks may see."""
    rows = db.session.execute(
        select(Allocation.person_id, func.count())
        .join(Submission, Submission.id == Allocation.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(
            Assessment,
            and_(Assessment.submission_id == Allocation.submission_id, Assessment.person_id == Allocation.person_id),
        )
        .where(Application.state.in_(STANDING), ~queries.barring(Allocation), queries.visible(actor))
        .where(or_(Assessment.id.is_(None), Assessment.state != AssessmentState.FINAL))
        .group_by(Allocation.person_id)
    )
    return dict(rows.all())


def waiting_count(actor: Actor) -> int:
    """How many bids have no result yet."""
    return db.session.scalar(select(func.count()).select_from(_waiting(actor, Submission.id).subquery())) or 0


def waiting(actor: Actor, limit: int, offset: int = 0) -> list[Unsettled]:
    """Bids without a result, each with what it lacks; those that can be settled first."""
    final = _final()
    rows = db.session.scalars(
        _waiting(actor, Submission)
        .join(Round, Round.id == Submission.round_id)
        .order_by(_lack(final), final.desc(), Submission.received_at, Submission.id)
        .options(joinedload(Submission.round), joinedload(Submission.organisation), defer(Submission.content))
        .limit(limit)
        .offset(offset)
    )
    return _unsettled(actor, rows.all())


def waiting_of(actor: Actor, asked: Round) -> Sequence[Submission]:
    """The bids of a round that have no result yet, in the order they came."""
    return db.session.scalars(
        _waiting(actor, Submission)
        .where(Submission.round_id == asked.id)
        .order_by(Submission.received_at, Submission.id)
        .options(joinedload(Submission.organisation), defer(Submission.content))
    ).all()


def unsettled_of(actor: Actor, asked: Round) -> list[Unsettled]:
    """The same with what each lacks, those that lack something first."""
    return sorted(_unsettled(actor, waiting_of(actor, asked)), key=lambda each: each.readiness.ready)


def rounds_waiting(actor: Actor) -> list[RoundWaiting]:
    """The rounds in which bids wait for a result."""
    lack = _lack(_final())
    rows = db.session.execute(
        _waiting(actor, Round.code, Fund.name, Round.name, func.count())
        .add_columns(*(func.sum(case((lack == place, 1), else_=0)) for place in (SHEETS, BODIES, FEEDBACK)))
        .join(Round, Round.id == Submission.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .group_by(Round.id, Fund.id)
        .order_by(Fund.position, Round.position)
    )
    return [RoundWaiting(code, f"{fund}, {name}", *counts) for code, fund, name, *counts in rows]


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
    held = {score.criterion_id: score for score in sheet.scores}
    mark = queries.mark_of(sheet, asked) if sheet.body is None else None
    lines = []
    for criterion in queries.criteria_of(asked, sheet.body):
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
        .select_from(Submission)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Result, Result.submission_id == Submission.id)
        .where(Result.id.is_(None), Application.state.in_(STANDING), queries.visible(actor))
    )


def _unsettled(actor: Actor, bids: Sequence[Submission]) -> list[Unsettled]:
    """Of a bid that the reader has to score themselves the spread is not theirs to know."""
    own = set(db.session.scalars(select(Submission.id).where(queries.own_open(actor))))
    return [_as_read(each, own=each.submission.id in own) for each in gather(bids)]


def _as_read(found: Gathered, *, own: bool) -> Unsettled:
    readiness = found.readiness()
    if own:
        readiness = replace(readiness, wide=False)
    spread = "" if own or not readiness.scored else scoring.shown(found.spread())
    return Unsettled(found.submission, readiness, spread)


def _final() -> ScalarSelect[int]:
    """How many final sheets of assessors a bid has."""
    return (
        select(func.count())
        .where(Assessment.submission_id == Submission.id, Assessment.state == AssessmentState.FINAL)
        .where(Assessment.body_id.is_(None), ~queries.barring(Assessment))
        .scalar_subquery()
    )


def _lack(final: ScalarSelect[int]) -> ColumnElement[int]:
    """What a bid of its Round lacks, as the database knows it: the rule is ``readiness.Readiness``."""
    given = (
        select(func.count())
        .where(Allocation.submission_id == Submission.id, Allocation.body_id.is_(None), ~queries.barring(Allocation))
        .scalar_subquery()
    )
    # Told apart by hand: a query two levels down takes only its neighbour's rows for its own.
    advised = (
        exists()
        .where(Assessment.submission_id == Submission.id, Assessment.body_id == AdvisoryBody.id)
        .where(Assessment.state == AssessmentState.FINAL, ~queries.barring(Assessment))
        .correlate(Submission, AdvisoryBody)
    )
    waits = exists().where(AdvisoryBody.round_id == Submission.round_id, AdvisoryBody.weight > 0, ~advised)
    written = (
        exists()
        .where(Feedback.submission_id == Submission.id, Feedback.criterion_id == Criterion.id)
        .correlate(Submission, Criterion)
    )
    on_a_sheet = (
        exists()
        .where(Score.criterion_id == Criterion.id, Score.feedback != "", Score.assessment_id == Assessment.id)
        .where(Assessment.submission_id == Submission.id, Assessment.body_id.is_(None))
        .where(Assessment.state == AssessmentState.FINAL, ~queries.barring(Assessment))
        .correlate(Submission, Criterion)
    )
    untold = exists().where(Criterion.round_id == Submission.round_id, ~written, ~on_a_sheet)
    scored = and_(final >= given, final >= Round.assessors_needed)
    return case((~scored, SHEETS), (waits, BODIES), (untold, FEEDBACK), else_=NOTHING)
