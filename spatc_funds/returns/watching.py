"""Reading how awards stand: their ratings, visits, and the case studies that were chosen."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from spatc_funds.awards.models import Award, ExpectedReturn
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import AwardState, ReturnState
from spatc_funds.returns.models import AcceptedReturn, AwardRating, AwardVisit, CaseStudy, Colour, MonitoringReturn
from spatc_funds.returns.queries import visible

CASE_PARTS = (joinedload(CaseStudy.accepted), joinedload(CaseStudy.file))


def ratings_of(award: Award) -> Sequence[AwardRating]:
    """Every rating of an award, the newest first: that one counts."""
    wanted = select(AwardRating).where(AwardRating.award_id == award.id).order_by(AwardRating.id.desc())
    return db.session.scalars(wanted).all()


def visits_of(award: Award) -> Sequence[AwardVisit]:
    """Every visit to an award's project, the last day first."""
    wanted = select(AwardVisit).where(AwardVisit.award_id == award.id)
    return db.session.scalars(wanted.order_by(AwardVisit.visited_on.desc(), AwardVisit.id.desc())).all()


def ratings(award_ids: Collection[int]) -> dict[int, AwardRating]:
    """The rating that counts of each of these awards that has one, by award id."""
    newest = select(func.max(AwardRating.id)).where(AwardRating.award_id.in_(award_ids)).group_by(AwardRating.award_id)
    found = db.session.scalars(select(AwardRating).where(AwardRating.id.in_(newest)))
    return {each.award_id: each for each in found}


def rated(colour: Colour | None) -> ColumnElement[bool]:
    """Awards whose last rating has this colour, or that have none, as a condition."""
    mine = exists().where(AwardRating.award_id == Award.id)
    if colour is None:
        return ~mine
    later = aliased(AwardRating)
    last = ~exists().where(later.award_id == AwardRating.award_id, later.id > AwardRating.id)
    return mine.where(and_(AwardRating.colour == colour, last))


def last_visits(award_ids: Collection[int]) -> dict[int, AwardVisit]:
    """The last visit to each of these awards that had one, by award id."""
    found: dict[int, AwardVisit] = {}
    wanted = select(AwardVisit).where(AwardVisit.award_id.in_(award_ids))
    for each in db.session.scalars(wanted.order_by(AwardVisit.visited_on, AwardVisit.id)):
        found[each.award_id] = each
    return found


def delivered(actor: Actor) -> ColumnElement[bool]:
    """The accepted awards that the actor may read of."""
    return and_(Award.state == AwardState.ACCEPTED, visible(actor))


def shown_cases(actor: Actor) -> ColumnElement[bool]:
    """The case studies that may be shown now: of a return that is accepted as it stood then, and still agreed to."""
    later = aliased(AcceptedReturn)
    counts = (
        select(AcceptedReturn.id)
        .join(MonitoringReturn, MonitoringReturn.id == AcceptedReturn.return_id)
        .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
        .join(Award, Award.id == ExpectedReturn.award_id)
        .where(MonitoringReturn.state == ReturnState.ACCEPTED, MonitoringReturn.may_publish)
        .where(~exists().where(later.return_id == AcceptedReturn.return_id, later.number > AcceptedReturn.number))
        .where(reach(actor, Action.CASE_LIST, Award.reference))
    )
    return CaseStudy.accepted_id.in_(counts)
