"""Reading what is to be recommended and decided, and awards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment.models import Result
from spatc_funds.assessment.queries import result_of, scorers
from spatc_funds.awards.models import (
    Award,
    AwardCrossCutting,
    AwardOutcome,
    AwardTarget,
    Decision,
    ExpectedReturn,
    Instalment,
    Recommendation,
)
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject
from spatc_funds.policy.states import ApplicationState

WHOLE = (
    joinedload(Award.round).joinedload(Round.fund),
    joinedload(Award.pot),
    joinedload(Award.theme),
    joinedload(Award.focus_area),
    joinedload(Award.primary_outcome),
    joinedload(Award.decision),
    joinedload(Award.submission),
    selectinload(Award.shares),
    selectinload(Award.cross_cutting).options(
        joinedload(AwardCrossCutting.theme), joinedload(AwardCrossCutting.commitment)
    ),
    selectinload(Award.other_outcomes).joinedload(AwardOutcome.outcome),
    selectinload(Award.targets).joinedload(AwardTarget.measure),
    selectinload(Award.instalments),
    selectinload(Award.expected_returns),
)

LISTED = (
    joinedload(Submission.organisation),
    joinedload(Submission.round),
    joinedload(Submission.pot),
    joinedload(Submission.application),
)


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid on its way to a decision, with everything that was found about it so far."""

    submission: Submission
    result: Result | None
    recommendation: Recommendation | None
    decision: Decision | None
    subject: Subject


def bid(reference: str) -> Bid | None:
    """One bid; its subject knows who scored and who recommended it."""
    submission = submission_by_reference(reference)
    if submission is None:
        return None
    recommendation = db.session.scalar(select(Recommendation).where(Recommendation.submission_id == submission.id))
    decision = db.session.scalar(select(Decision).where(Decision.submission_id == submission.id))
    hands = {
        Action.ASSESSMENT_SCORE: scorers(submission.id),
        Action.RECOMMENDATION_MAKE: frozenset({recommendation.made_by_id} if recommendation else ()),
    }
    subject = Subject(bid=submission.reference, organisation_id=submission.organisation_id, hands=hands)
    return Bid(submission, result_of(submission.id), recommendation, decision, subject)


def to_recommend(actor: Actor) -> Sequence[tuple[Submission, Result]]:
    """Settled bids that the board has not recommended on, best mark first."""
    rows = db.session.execute(
        select(Submission, Result)
        .join(Result, Result.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Recommendation, Recommendation.submission_id == Submission.id)
        .where(Recommendation.id.is_(None), Application.state == ApplicationState.SUBMITTED)
        .where(reach(actor, Action.RECOMMENDATION_LIST, Submission.reference))
        .order_by(Result.mark_micro.desc(), Submission.received_at, Submission.id)
        .options(*LISTED)
    )
    return [(submission, result) for submission, result in rows]


def to_decide(actor: Actor) -> Sequence[tuple[Submission, Recommendation]]:
    """Bids with a recommendation and without a decision, by pot and reference."""
    rows = db.session.execute(
        select(Submission, Recommendation)
        .join(Recommendation, Recommendation.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Decision, Decision.submission_id == Submission.id)
        .where(Decision.id.is_(None), Application.state == ApplicationState.SUBMITTED)
        .where(reach(actor, Action.DECISION_LIST, Submission.reference))
        .order_by(Submission.pot_id, Submission.reference)
        .options(*LISTED)
    )
    return [(submission, recommendation) for submission, recommendation in rows]


def award_by_reference(reference: str) -> Award | None:
    """One award with its schedule and tags."""
    return db.session.scalar(select(Award).where(Award.reference == reference).options(*WHOLE))


def locked(award: Award) -> Award:
    """The award as it is now, its row locked until the transaction ends."""
    return db.session.scalars(
        select(Award).where(Award.id == award.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def awards_of_organisations(actor: Actor) -> Sequence[Award]:
    """The awards of the actor's own organisations, newest first."""
    return db.session.scalars(
        select(Award)
        .where(Award.organisation_id.in_(actor.memberships))
        .where(reach(actor, Action.AWARD_READ, Award.reference, Award.organisation_id))
        .order_by(Award.awarded_on.desc(), Award.id.desc())
        .options(joinedload(Award.round).joinedload(Round.fund), selectinload(Award.expected_returns))
    ).all()


def instalment(award_reference: str, number: int) -> Instalment | None:
    """One instalment of an award."""
    return db.session.scalar(
        select(Instalment)
        .join(Award)
        .where(Award.reference == award_reference, Instalment.number == number)
        .options(joinedload(Instalment.award))
    )


def expected_return(award_reference: str, number: int) -> ExpectedReturn | None:
    """One return that is owed for an award."""
    return db.session.scalar(
        select(ExpectedReturn)
        .join(Award)
        .where(Award.reference == award_reference, ExpectedReturn.number == number)
        .options(joinedload(ExpectedReturn.award).selectinload(Award.targets).joinedload(AwardTarget.measure))
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """The awards that the actor may read."""
    return reach(actor, Action.AWARD_LIST, Award.reference)
