"""Reading every stage of a bid together, and counting what waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select

from spatc_funds.accounts.models import Membership, Organisation
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last, standing
from spatc_funds.assessment.models import Allocation, Assessment, Result
from spatc_funds.awards.models import Award, Decision, ExpectedReturn, Instalment, Recommendation
from spatc_funds.core.places import DISTRICTS
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Fund, Pot, Round
from spatc_funds.home.journey import PLACE, Known, Stage, stage
from spatc_funds.home.odds import Tried
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject, scopes
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import STANDING, ApplicationState, AssessmentState, AwardState, PaymentState, ReturnState
from spatc_funds.returns.models import MonitoringReturn


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid with the facts of each stage. What was scored is not among them."""

    reference: str
    title: str
    organisation_id: int
    organisation: str
    fund: str
    round: str
    closes_at: datetime | None
    started_at: datetime
    sent_at: datetime | None
    withdrawn_at: datetime | None
    settled_at: datetime | None
    recommended_at: datetime | None
    decided_at: datetime | None
    answered_at: datetime | None
    award_pence: int | None
    known: Known
    reopened: bool

    @property
    def stage(self) -> Stage:
        """Where it stands, in words."""
        return stage(self.known)

    @property
    def place(self) -> int | None:
        """Which of the five stages that is; None when the way has ended before the last."""
        return PLACE.get(self.stage)

    @property
    def subject(self) -> Subject:
        """What the law has to know of it."""
        return Subject(bid=self.reference, organisation_id=self.organisation_id)

    def open_at(self, at: datetime) -> bool:
        """Whether its round still takes it."""
        return self.closes_at is not None and at < self.closes_at


def tried(fund: Fund, at: datetime) -> list[Tried]:
    """The decided bids of the fund's rounds that were run here and are over."""
    rows = db.session.execute(
        select(Submission.content["shares"].label("shares"), Pot.name, Decision.award)
        .join(Pot, Pot.id == Submission.pot_id)
        .join(Round, Round.id == Submission.round_id)
        .join(Decision, Decision.submission_id == Submission.id)
        .where(Round.fund_id == fund.id, Round.closes_at <= at)
    ).all()
    return [Tried(row.name, [DISTRICTS.get(code, code) for code in row.shares], row.award) for row in rows]


def bids_of(actor: Actor) -> list[Bid]:
    """The bids of the actor's own groups, newest first: one SELECT for all of them and all their stages."""
    rows = db.session.execute(
        _bids().where(standing(actor)).order_by(Application.started_at.desc(), Application.id.desc())
    )
    return [_bid(row) for row in rows]


def bid_of(application: Application) -> Bid:
    """One bid with all its stages."""
    return _bid(db.session.execute(_bids().where(Application.id == application.id)).one())


def groups_of(actor: Actor) -> list[tuple[str, Role]]:
    """The actor's groups by name, and their part in each."""
    rows = db.session.execute(
        select(Organisation.name, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == actor.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(name, role) for name, role in rows]


def letters_to(actor: Actor, most: int) -> Sequence[Letter]:
    """The newest letters to the actor's own groups."""
    return db.session.scalars(
        select(Letter)
        .where(reach(actor, Action.APPLICATION_READ, Letter.about, Letter.organisation_id))
        .order_by(Letter.written_at.desc(), Letter.id.desc())
        .limit(most)
    ).all()


def waiting_for_staff(actor: Actor) -> dict[Action, int]:
    """How many things wait for each act that the actor's roles may do, in one SELECT; not those barred to them."""
    counts = {action: clause for action, clause in _counts(actor).items() if scopes(actor, action)}
    if not counts:
        return {}
    row = db.session.execute(select(*(clause.label(f"n{place}") for place, clause in enumerate(counts.values())))).one()
    return dict(zip(counts, row, strict=True))


def _bids() -> Select[*tuple[Any, ...]]:
    sheets = _count(Assessment.submission_id == Submission.id)
    owed = _count(ExpectedReturn.award_id == Award.id)
    accepted = _count(
        ExpectedReturn.award_id == Award.id,
        MonitoringReturn.expected_id == ExpectedReturn.id,
        MonitoringReturn.state == ReturnState.ACCEPTED,
    )
    return (
        select(
            Application.reference,
            func.coalesce(Submission.title, Application.title).label("title"),
            Application.organisation_id,
            Organisation.name.label("organisation"),
            Fund.name.label("fund"),
            Round.name.label("round"),
            Round.closes_at,
            Application.state,
            Application.started_at,
            Application.submitted_at,
            Application.withdrawn_at,
            Result.settled_at,
            Recommendation.made_at,
            Decision.decided_at,
            Decision.award,
            Award.state.label("award_state"),
            Award.answered_at,
            Award.amount_pence,
            sheets.label("sheets"),
            owed.label("owed"),
            accepted.label("accepted"),
        )
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Submission, and_(Submission.application_id == Application.id, is_last()))
        .outerjoin(Result, Result.submission_id == Submission.id)
        .outerjoin(Recommendation, Recommendation.submission_id == Submission.id)
        .outerjoin(Decision, Decision.submission_id == Submission.id)
        .outerjoin(Award, Award.submission_id == Submission.id)
    )


def _bid(row: Any) -> Bid:
    decided = None if row.decided_at is None else "award" if row.award else "decline"
    known = Known(
        submitted=row.submitted_at is not None,
        withdrawn=row.state is ApplicationState.WITHDRAWN,
        scores=row.sheets,
        settled=row.settled_at is not None,
        recommended=row.made_at is not None,
        decided=decided,
        award_state=row.award_state.value if row.award_state else None,
        returns_owed=row.owed,
        returns_accepted=row.accepted,
    )
    return Bid(
        reference=row.reference,
        title=row.title,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        fund=row.fund,
        round=row.round,
        closes_at=row.closes_at,
        started_at=row.started_at,
        sent_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        settled_at=row.settled_at,
        recommended_at=row.made_at,
        decided_at=row.decided_at,
        answered_at=row.answered_at,
        award_pence=row.amount_pence,
        known=known,
        reopened=row.state is ApplicationState.REOPENED,
    )


def _counts(actor: Actor) -> dict[Action, ScalarSelect[int]]:
    """What waits for each act, as a subquery that counts it."""
    live = (Application.id == Submission.application_id, Application.state.in_(STANDING), is_last())
    mine = (Allocation.submission_id == Submission.id, Allocation.person_id == actor.id)
    scored = select(Assessment.submission_id).where(
        Assessment.person_id == actor.id, Assessment.state == AssessmentState.FINAL
    )
    returned = (MonitoringReturn.expected_id == ExpectedReturn.id, ExpectedReturn.award_id == Award.id)
    paid = (Payment.instalment_id == Instalment.id, Instalment.award_id == Award.id)
    settled, recommended = select(Result.submission_id), select(Recommendation.submission_id)
    decided = select(Decision.submission_id)

    def bids(action: Action, *clauses: ColumnElement[bool]) -> ScalarSelect[int]:
        return _count(*live, *clauses, reach(actor, action, Submission.reference))

    def awards(action: Action, *clauses: ColumnElement[bool]) -> ScalarSelect[int]:
        return _count(Award.state == AwardState.ACCEPTED, *clauses, reach(actor, action, Award.reference))

    return {
        Action.ASSESSMENT_SCORE: bids(Action.ASSESSMENT_LIST, *mine, Submission.id.not_in(scored)),
        Action.RESULT_SETTLE: bids(Action.RESULT_LIST, Submission.id.not_in(settled)),
        Action.RECOMMENDATION_MAKE: bids(
            Action.RECOMMENDATION_LIST, Submission.id.in_(settled), Submission.id.not_in(recommended)
        ),
        Action.DECISION_TAKE: bids(Action.DECISION_LIST, Submission.id.in_(recommended), Submission.id.not_in(decided)),
        Action.RETURN_ACCEPT: awards(Action.RETURN_LIST, *returned, MonitoringReturn.state == ReturnState.SENT),
        Action.PAYMENT_APPROVE: awards(
            Action.PAYMENT_LIST, *paid, Payment.state == PaymentState.REQUESTED, Payment.requested_by_id != actor.id
        ),
        Action.PAYMENT_PAY: awards(Action.PAYMENT_LIST, *paid, Payment.state == PaymentState.APPROVED),
    }


def _count(*clauses: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*clauses).scalar_subquery()
