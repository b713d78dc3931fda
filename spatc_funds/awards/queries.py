"""Reading what is to be recommended and decided, and awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment.models import Result
from spatc_funds.assessment.queries import moderators, result_of, scorers
from spatc_funds.awards import terms
from spatc_funds.awards.models import (
    Award,
    AwardCrossCutting,
    AwardOutcome,
    AwardTarget,
    Decision,
    ExpectedReturn,
    Instalment,
    Origin,
    Recommendation,
)
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.framework.models import Theme
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject
from spatc_funds.policy.states import STANDING

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
class Payment:
    """One planned payment, with what it waits for in words."""

    number: int
    amount_pence: int
    due_on: date
    when: str


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid on its way to a decision, with everything that was found about it so far."""

    submission: Submission
    result: Result | None
    recommendation: Recommendation | None
    decision: Decision | None
    subject: Subject


def bid(reference: str) -> Bid | None:
    """One bid; its subject knows who scored, moderated, settled and recommended it."""
    submission = submission_by_reference(reference)
    if submission is None:
        return None
    recommendation = db.session.scalar(select(Recommendation).where(Recommendation.submission_id == submission.id))
    decision = db.session.scalar(select(Decision).where(Decision.submission_id == submission.id))
    result = result_of(submission.id)
    hands = {
        Action.ASSESSMENT_SCORE: scorers(submission.id),
        Action.SCORE_MODERATE: moderators(submission.id),
        Action.RESULT_SETTLE: frozenset({result.settled_by_id} if result else ()),
        Action.RECOMMENDATION_MAKE: frozenset({recommendation.made_by_id} if recommendation else ()),
    }
    subject = Subject(bid=submission.reference, organisation_id=submission.organisation_id, hands=hands)
    return Bid(submission, result, recommendation, decision, subject)


def to_recommend(actor: Actor) -> Sequence[tuple[Submission, Result]]:
    """Settled bids that the board has not recommended on, best mark first."""
    rows = db.session.execute(
        select(Submission, Result)
        .join(Result, Result.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Recommendation, Recommendation.submission_id == Submission.id)
        .where(Recommendation.id.is_(None), Application.state.in_(STANDING))
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
        .where(Decision.id.is_(None), Application.state.in_(STANDING))
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


def visible_instalments(actor: Actor) -> ColumnElement[bool]:
    """The instalments that the actor may read."""
    return Instalment.award_id.in_(select(Award.id).where(reach(actor, Action.INSTALMENT_LIST, Award.reference)))


def published_of(fund: Fund) -> Sequence[Award]:
    """What was published of a fund's awards before this service, by round and recipient."""
    return db.session.scalars(
        select(Award)
        .join(Round)
        .where(Round.fund_id == fund.id, Award.origin == Origin.IMPORTED)
        .order_by(Round.position, Award.recipient, Award.id)
        .options(joinedload(Award.round), selectinload(Award.shares))
    ).all()


def funds_with_awards() -> dict[str, str]:
    """The funds that have awards: key → name."""
    held = select(Round.fund_id).join(Award, Award.round_id == Round.id)
    rows = db.session.execute(select(Fund.key, Fund.name).where(Fund.id.in_(held)).order_by(Fund.position))
    return dict(rows.all())


def rounds_with_awards() -> dict[str, str]:
    """The rounds that have awards: code → fund and round."""
    rows = db.session.execute(
        select(Round.code, Fund.name, Round.name)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Round.id.in_(select(Award.round_id)))
        .order_by(Fund.position, Round.position)
    )
    return {code: f"{fund}, {name}" for code, fund, name in rows}


def themes_with_awards() -> dict[str, str]:
    """The themes that have awards: id → plan and name."""
    rows = db.session.execute(
        select(Theme.id, Theme.name).where(Theme.id.in_(select(Award.theme_id))).order_by(Theme.plan_id, Theme.position)
    )
    return {str(number): name for number, name in rows}


def triggers() -> dict[str, str]:
    """What instalments wait for, as it stands in the schedules."""
    found = db.session.scalars(select(Instalment.trigger).distinct().order_by(Instalment.trigger))
    return {trigger: f"{trigger[:1].upper()}{trigger[1:]}" for trigger in found}


def payments(award: Award) -> list[Payment]:
    """The award's payments as its grantee reads them."""
    held = [each.trigger for each in award.instalments]
    return [
        Payment(each.number, each.amount_pence, each.due_on, terms.when_paid(held, each.number))
        for each in award.instalments
    ]


def before_payment(award: Award) -> list[str]:
    """What has to be done before anything is paid."""
    return terms.before_payment(award.pot.gates) if award.pot else []


def places(award: Award) -> list[str]:
    """The districts that the award is for, by name."""
    return [DISTRICTS.get(share.district, share.district) for share in award.shares]


def tags(award: Award) -> list[tuple[str, list[str]]]:
    """Where the award stands in the plan and on the map, as labels and lines."""
    shares = [f"{name}: {share.percent}%" for name, share in zip(places(award), award.shares, strict=True)]
    cross = [
        f"{each.theme.name}: {each.commitment.name}" if each.commitment else each.theme.name
        for each in award.cross_cutting
    ]
    untagged = "No specific outcome" if award.no_specific_outcome else ""
    first = award.primary_outcome.name if award.primary_outcome else untagged
    return [
        ("Plan", [award.plan.name] if award.plan else []),
        ("Theme", [award.theme.name if award.theme else award.theme_tag.value.replace("-", " ").capitalize()]),
        ("Focus area", [award.focus_area.name] if award.focus_area else []),
        ("Main outcome", [first] if first else []),
        ("Other outcomes", [each.outcome.name for each in award.other_outcomes]),
        ("Cross-cutting themes", cross),
        ("Districts", shares),
    ]
