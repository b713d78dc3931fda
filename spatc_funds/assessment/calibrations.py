"""Reading calibrations: which bids of a round everybody scores first, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import queries, spreads
from spatc_funds.assessment.models import Allocation, Assessment, Calibration, CalibrationBid, Result
from spatc_funds.assessment.spreads import BidDots
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState

ENOUGH = 2  # final sheets of each bid, before it can be talked about
LEAST, MOST = 2, 5  # bids


@dataclass(frozen=True, slots=True)
class CalibrationBidShown:
    """One of the bids: how many sheets of it are final, and what they say once there are enough."""

    bid: Submission
    final: int
    dots: BidDots | None


def calibration_of(asked: Round) -> Calibration | None:
    """The round's calibration, as it is now."""
    return db.session.get(Calibration, asked.id, populate_existing=True)


def rounds_to_calibrate(actor: Actor) -> list[tuple[Round, str]]:
    """The rounds that hold a bid which the actor may see, each with how its calibration stands, in words."""
    sent = select(Submission.round_id).where(queries.visible(actor))
    rows = db.session.execute(
        select(Round, Calibration)
        .join(Fund, Fund.id == Round.fund_id)
        .outerjoin(Calibration, Calibration.round_id == Round.id)
        .where(Round.id.in_(sent))
        .order_by(Fund.position, Round.position)
        .options(joinedload(Round.fund))
    )
    return [(asked, standing(found)) for asked, found in rows]


def standing(found: Calibration | None) -> str:
    """How a calibration stands, in words."""
    if found is None:
        return "Not set"
    return "Open" if found.closed_at is None else "Closed"


def candidates(actor: Actor, asked: Round) -> Sequence[Submission]:
    """The bids of a round that can be scored first: they stand and have no result; in the order they came."""
    return db.session.scalars(
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Submission.round_id == asked.id, Application.state.in_(STANDING), queries.visible(actor))
        .where(~exists().where(Result.submission_id == Submission.id))
        .order_by(Submission.received_at, Submission.id)
        .options(joinedload(Submission.organisation))
    ).all()


def bids_shown(actor: Actor, asked: Round) -> list[CalibrationBidShown]:
    """The bids that everybody scores first, of those that the actor may see."""
    bids = db.session.scalars(
        select(Submission)
        .join(CalibrationBid, CalibrationBid.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .where(CalibrationBid.round_id == asked.id, Application.state.in_(STANDING), queries.visible(actor))
        .order_by(Submission.received_at, Submission.id)
        .options(joinedload(Submission.organisation))
    ).all()
    counts, drawn = final_counts(asked), spreads.dots_of(actor, asked, [each.id for each in bids])
    return [
        CalibrationBidShown(each, counts[each.id], drawn.get(each.id) if counts[each.id] >= ENOUGH else None)
        for each in bids
    ]


def final_counts(asked: Round) -> dict[int, int]:
    """How many assessors' sheets are final, by bid, of those that everybody scores first and that stand."""
    standing_bids = db.session.scalars(
        select(CalibrationBid.submission_id)
        .join(Submission, Submission.id == CalibrationBid.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(CalibrationBid.round_id == asked.id, Application.state.in_(STANDING))
    )
    found = dict.fromkeys(standing_bids, 0)
    final = db.session.scalars(
        select(Assessment.submission_id)
        .where(Assessment.submission_id.in_(found), Assessment.state == AssessmentState.FINAL)
        .where(Assessment.body_id.is_(None), ~queries.barring(Assessment))
    )
    for each in final:
        found[each] += 1
    return found


def who_score(asked: Round) -> frozenset[int]:
    """The people who have a bid of the round to assess."""
    return frozenset(
        db.session.scalars(
            select(Person.id)
            .join(Allocation, Allocation.person_id == Person.id)
            .join(Submission, Submission.id == Allocation.submission_id)
            .where(Submission.round_id == asked.id, Allocation.body_id.is_(None))
        )
    )


def missing_words(reference: str, final: int) -> str:
    """What one of the bids lacks before the calibration can be closed."""
    return f"{reference} has {final} of {count_of(ENOUGH, 'final sheet')}"
