"""Reading allocations, interests, scores and results; and what bars a person from a bid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from spatc_funds.accounts.models import Membership, Organisation, Person
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last
from spatc_funds.assessment import scoring
from spatc_funds.assessment.models import (
    Allocation,
    Assessment,
    Calibration,
    CalibrationBid,
    Interest,
    InterestKind,
    ModeratedScore,
    Result,
)
from spatc_funds.core.problems import IllegalMoveError
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import AdvisoryBody, Criterion, Round
from spatc_funds.policy import permissions
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import STANDING, AssessmentState

GRAVITY = (InterestKind.NONE, InterestKind.PERSONAL, InterestKind.PREJUDICIAL)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One bid in an assessor's queue, as plain values."""

    reference: str
    title: str
    organisation: str
    round: str
    asked_pence: int
    interest: InterestKind | None
    state: AssessmentState | None
    assess_by: date | None
    kept_back: bool  # until the bids that everybody scores first have been talked about


def actor_of(person: Person) -> permissions.Person:
    """The person as the law sees them: roles, memberships, and the bids given to them or barred to them.

    A prejudicial interest bars; so does belonging to the organisation that bids.
    """
    roles = frozenset(each.role for each in person.roles)
    staff = bool(roles)
    allocated = _references(select(Allocation.submission_id).where(Allocation.person_id == person.id)) if staff else {}
    declared = _declared(person.id) if staff else {}
    own = _own(person.id) if staff else frozenset()
    barred = own | {reference for reference, kind in declared.items() if kind is InterestKind.PREJUDICIAL}
    return permissions.Person(
        id=person.id,
        name=person.name,
        roles=roles,
        memberships={each.organisation_id: each.role for each in person.memberships},
        allocated=frozenset(allocated),
        assigned=frozenset(reference for reference in allocated if reference in declared and reference not in barred),
        barred=barred,
    )


def my_queue(actor: permissions.Actor) -> Sequence[QueueRow]:
    """The bids given to an assessor, unscored first. A bid barred to them is not among them."""
    back = _kept_back()
    rows = db.session.execute(
        select(Submission, Interest.kind, Assessment.state, back.label("kept_back"))
        .join(Allocation, Allocation.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Interest, (Interest.submission_id == Submission.id) & (Interest.person_id == Allocation.person_id))
        .outerjoin(
            Assessment, (Assessment.submission_id == Submission.id) & (Assessment.person_id == Allocation.person_id)
        )
        .where(Allocation.person_id == actor.id, Application.state.in_(STANDING))
        .where(reach(actor, Action.ASSESSMENT_LIST, Submission.reference))
        .where(or_(Assessment.state == AssessmentState.FINAL, ~exists().where(Result.submission_id == Submission.id)))
        .order_by(
            func.coalesce(Assessment.state == AssessmentState.FINAL, false()),
            back,
            Assessment.state.desc().nulls_first(),
            Submission.received_at,
            Submission.id,
        )
        .options(joinedload(Submission.organisation), joinedload(Submission.round))
    )
    return [
        QueueRow(
            each.reference,
            each.title,
            each.organisation.name,
            each.round.code,
            each.asked_pence,
            kind,
            state,
            each.round.assess_by,
            bool(held) and state is not AssessmentState.FINAL,
        )
        for each, kind, state, held in rows
    ]


def interest_of(submission: Submission, person_id: int | None) -> Interest | None:
    """What a person declared about a bid: of whichever version, the gravest."""
    every = select(Submission.id).where(Submission.reference == submission.reference)
    found = select(Interest).where(Interest.submission_id.in_(every), Interest.person_id == person_id)
    return max(db.session.scalars(found), key=lambda each: GRAVITY.index(each.kind), default=None)


def sheet_of(submission_id: int, person_id: int | None) -> Assessment | None:
    """One person's sheet for a bid, with its scores, as it is now."""
    return db.session.scalar(
        select(Assessment)
        .where(Assessment.submission_id == submission_id, Assessment.person_id == person_id)
        .options(selectinload(Assessment.scores))
        .execution_options(populate_existing=True)
    )


def final_sheets(submission_id: int) -> Sequence[Assessment]:
    """The assessors' final sheets of a bid, in the order they became final; not of people who are barred from it now.

    What the round's advisory bodies say is not among them: ``bodies_sheets``.
    """
    return _final_sheets(submission_id, Assessment.body_id.is_(None))


def bodies_sheets(submission_id: int) -> Sequence[Assessment]:
    """The final sheets of people who speak for a body that the round asks."""
    return _final_sheets(submission_id, Assessment.body_id.is_not(None))


def _final_sheets(submission_id: int, whose: ColumnElement[bool]) -> Sequence[Assessment]:
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.submission_id == submission_id, Assessment.state == AssessmentState.FINAL)
        .where(whose, ~barring(Assessment))
        .order_by(Assessment.final_at, Assessment.id)
        .options(selectinload(Assessment.scores), joinedload(Assessment.person))
    ).all()


def others_sheets(submission_id: int, actor: permissions.Actor) -> Sequence[Assessment]:
    """Other people's final sheets, once one's own is final; before that, none.

    An adviser sees those of their own body alone.
    """
    mine = sheet_of(submission_id, actor.id)
    if mine is None or mine.state is not AssessmentState.FINAL:
        return ()
    every = final_sheets(submission_id) if mine.body_id is None else bodies_sheets(submission_id)
    return [sheet for sheet in every if sheet.person_id != actor.id and sheet.body_id == mine.body_id]


def scorers(submission_id: int) -> frozenset[int]:
    """Everybody who has scored, final or not."""
    return frozenset(db.session.scalars(select(Assessment.person_id).where(Assessment.submission_id == submission_id)))


def assessors(submission_id: int) -> Sequence[Person]:
    """The people a bid was given to and who may assess it: not those with a prejudicial interest, nor advisers."""
    return db.session.scalars(
        select(Person)
        .join(Allocation)
        .where(Allocation.submission_id == submission_id, Allocation.body_id.is_(None), ~barring(Allocation))
        .order_by(Person.name, Person.id)
    ).all()


def result_of(submission_id: int) -> Result | None:
    """The settled result of a bid."""
    return db.session.scalar(select(Result).where(Result.submission_id == submission_id))


def lock(submission: Submission) -> None:
    """Hold the bid's row until the transaction ends."""
    db.session.execute(select(Submission.id).where(Submission.id == submission.id).with_for_update())


def refuse_unless_assessed(submission: Submission) -> None:
    """Raise IllegalMoveError when the bid was withdrawn, or its result is settled."""
    if submission.application.state not in STANDING:
        message = "This application was withdrawn."
        raise IllegalMoveError(message)
    if result_of(submission.id):
        message = "The result of this bid is settled."
        raise IllegalMoveError(message)


def barred_people(submission: Submission) -> frozenset[int]:
    """Everybody who may not have to do with a bid: a prejudicial interest, or a part in a group that does the work."""
    declared = select(Interest.person_id).where(
        Interest.submission_id.in_(select(Submission.id).where(Submission.reference == submission.reference)),
        Interest.kind == InterestKind.PREJUDICIAL,
    )
    numbers = submission.partner_numbers.split()
    partner = or_(Organisation.charity_number.in_(numbers), Organisation.company_number.in_(numbers))
    members = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(or_(Organisation.id == submission.organisation_id, partner))
    )
    return frozenset(db.session.scalars(declared.union(members)))


def given_to(submission_id: int) -> dict[int, int | None]:
    """Everybody who was given a bid, by id: the body that they speak for, None for an assessor."""
    rows = select(Allocation.person_id, Allocation.body_id).where(Allocation.submission_id == submission_id)
    return dict(db.session.execute(rows).all())


def body_of(submission_id: int, person_id: int | None) -> AdvisoryBody | None:
    """The body that a person was given a bid for; None for an assessor."""
    return db.session.scalar(
        select(AdvisoryBody)
        .join(Allocation, Allocation.body_id == AdvisoryBody.id)
        .where(Allocation.submission_id == submission_id, Allocation.person_id == person_id)
    )


def open_advice(submission_id: int) -> int:
    """How many advisers were asked about a bid and have not finished."""
    final = exists().where(
        Assessment.submission_id == Allocation.submission_id,
        Assessment.person_id == Allocation.person_id,
        Assessment.state == AssessmentState.FINAL,
    )
    asked = select(func.count()).where(Allocation.submission_id == submission_id, Allocation.body_id.is_not(None))
    return db.session.scalar(asked.where(~final, ~barring(Allocation))) or 0


def is_doubted(submission: Submission, result: Result) -> bool:
    """Whether a settled result holds scores of somebody who is barred from the bid by now."""
    gave = {sheet["person"] for sheet in result.content["sheets"]} | moderators(submission.id)
    return bool(gave & barred_people(submission))


def criteria_of(asked: Round, body: AdvisoryBody | None) -> list[Criterion]:
    """The criteria that a sheet has: all of them, or those that its body is asked for."""
    return [each for each in asked.criteria if body is None or each.key in body.criterion_keys]


def kept_back(submission: Submission) -> bool:
    """Whether the bid waits until those that everybody scores first have been talked about."""
    found = db.session.get(Calibration, submission.round_id)
    if found is None or found.closed_at is not None:
        return False
    return submission.id not in {each.submission_id for each in found.bids}


def moderators(submission_id: int) -> frozenset[int]:
    """Who has moderated a score of a bid."""
    asked = select(ModeratedScore.moderated_by_id).where(ModeratedScore.submission_id == submission_id)
    return frozenset(db.session.scalars(asked))


def agreed_in_calibration(round_id: int) -> str:
    """What a round's calibration ended with: how its assessors understand the scores; empty where there was none."""
    found = db.session.get(Calibration, round_id)
    return found.note if found else ""


def _kept_back() -> ColumnElement[bool]:
    """The same as a condition of a query."""
    chosen = exists().where(CalibrationBid.submission_id == Submission.id)
    running = exists().where(Calibration.round_id == Submission.round_id, Calibration.closed_at.is_(None))
    return and_(running, ~chosen)


def open_calibrations() -> dict[int, frozenset[int]]:
    """The rounds whose calibration is open, by id: the bids that everybody scores first."""
    rows = db.session.execute(
        select(CalibrationBid.round_id, CalibrationBid.submission_id)
        .join(Calibration, Calibration.round_id == CalibrationBid.round_id)
        .where(Calibration.closed_at.is_(None))
    )
    found: dict[int, set[int]] = {}
    for asked, bid in rows:
        found.setdefault(asked, set()).add(bid)
    return {asked: frozenset(bids) for asked, bids in found.items()}


def weights(asked: Round) -> dict[str, int]:
    """The round's weights by criterion."""
    return {criterion.key: criterion.weight for criterion in asked.criteria}


def scores_of(sheet: Assessment, asked: Round) -> dict[str, int | None]:
    """A sheet's scores by criterion; None where there is none."""
    held = {score.criterion_id: score.value for score in sheet.scores}
    return {criterion.key: held.get(criterion.id) for criterion in asked.criteria}


def mark_of(sheet: Assessment, asked: Round) -> Fraction | None:
    """One assessor's mark, or None while a score is missing."""
    try:
        return scoring.sheet_mark(weights(asked), scores_of(sheet, asked), asked.scale_maximum)
    except scoring.IncompleteError:
        return None


@cache  # made once: it costs more to make than to ask, and lists ask it many times
def barring(given: type[Allocation | Assessment]) -> ColumnElement[bool]:
    """Whoever a row of this table belongs to declared a prejudicial interest in its bid, or is of the group that bids.

    Somebody may have joined the group since they scored.
    """
    return _barred(given, given.person_id)


@cache
def moderation_counts() -> ColumnElement[bool]:
    """A moderated score by somebody who is not barred from the bid now: otherwise it counts nowhere, like a sheet."""
    return not_(_barred(ModeratedScore, ModeratedScore.moderated_by_id))


def _barred(given: type[Allocation | Assessment | ModeratedScore], person: Any) -> ColumnElement[bool]:
    declared = exists().where(
        Interest.submission_id == given.submission_id,
        Interest.person_id == person,
        Interest.kind == InterestKind.PREJUDICIAL,
    )
    bid = aliased(Submission)
    belongs = exists().where(
        bid.id == given.submission_id,
        Membership.organisation_id == bid.organisation_id,
        Membership.person_id == person,
    )
    return or_(declared.correlate(given), belongs.correlate(given))


def visible(actor: permissions.Actor) -> ColumnElement[bool]:
    """The bids that stand and whose results the actor may read."""
    return and_(reach(actor, Action.RESULT_LIST, Submission.reference), is_last())


@cache
def _own_sheets() -> type[Assessment]:
    return aliased(Assessment)


def own_open(actor: permissions.Actor) -> ColumnElement[bool]:
    """Bids given to the reader whose own sheet is not final: till then nothing of the others' is shown to them.

    It speaks of the bid of whatever query stands around it, however far out: left to itself, a query two levels down
    would ask whether the reader has any bid at all.
    """
    mine = _own_sheets()
    final = exists().where(
        mine.submission_id == Submission.id, mine.person_id == actor.id, mine.state == AssessmentState.FINAL
    )
    given = exists().where(Allocation.submission_id == Submission.id, Allocation.person_id == actor.id)
    return and_(given.correlate(Submission), ~final.correlate(Submission))


def has_to_score(actor: permissions.Actor, submission: Submission) -> bool:
    """Whether the bid was given to the actor and their own sheet is not final."""
    return bool(db.session.scalar(select(Submission.id).where(Submission.id == submission.id, own_open(actor))))


def _references(submission_ids: Select[int]) -> Mapping[str, None]:
    found = db.session.scalars(select(Submission.reference).where(Submission.id.in_(submission_ids)))
    return dict.fromkeys(found)


def _declared(person_id: int) -> dict[str, InterestKind]:
    rows = db.session.execute(
        select(Submission.reference, Interest.kind)
        .join(Interest, Interest.submission_id == Submission.id)
        .where(Interest.person_id == person_id)
    )
    found: dict[str, InterestKind] = {}
    for reference, kind in rows:  # what was declared of an earlier version holds for the later one
        found[reference] = max(kind, found.get(reference, kind), key=GRAVITY.index)
    return found


def _own(person_id: int) -> frozenset[str]:
    """The bids of the person's own groups, and those in which one of these is a partner."""
    groups = db.session.scalars(select(Organisation).join(Membership).where(Membership.person_id == person_id)).all()
    if not groups:
        return frozenset()
    partner = [Submission.partner_numbers.contains(f" {number} ") for each in groups for number in numbers_of(each)]
    own = Submission.organisation_id.in_([each.id for each in groups])
    return frozenset(db.session.scalars(select(Submission.reference).where(or_(own, *partner))))


def numbers_of(group: Organisation) -> list[str]:
    """A group's registered numbers."""
    return [number for number in (group.charity_number, group.company_number) if number]
