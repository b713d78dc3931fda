"""Giving a round's bids as a plan says. Called inside ``unit_of_work``."""

from datetime import datetime

from sqlalchemy import select

from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.sending import take_up_all
from spatc_funds.assessment.allocation import Plan
from spatc_funds.assessment.interests import carry_over
from spatc_funds.assessment.models import Allocation
from spatc_funds.assessment.to_give import Facts, facts_of
from spatc_funds.core.problems import ChangedError
from spatc_funds.db.base import db
from spatc_funds.db.session import entry_of_its_own
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit


def give(actor: Actor, asked: Round, facts: Facts, plan: Plan, at: datetime) -> tuple[int, int]:
    """Write all of a plan; how many places were given, and how many taken back from people who had not begun.

    Raises ChangedError, with nothing given, when the round is no longer as the facts say that the plan was made from.
    """
    permit(actor, Action.ASSESSMENT_ALLOCATE)
    bids = _locked([each.id for each in facts.bids])
    if facts_of(actor, asked, at) != facts:
        message = "Bids or people have changed since this was shown. This is what it would do now."
        raise ChangedError(message)
    taken_up = {each.id for each in facts.bids if each.taken_up}
    first = [bid for bid in bids if bid.id not in taken_up and any(each.new for each in plan.given[bid.reference])]
    take_up_all(first, at)
    held = {(row.submission_id, row.person_id): row for row in _rows([bid.id for bid in bids])}
    given = gone = 0
    for bid in bids:
        permit(actor, Action.ASSESSMENT_ALLOCATE, bid.subject)
        new = [each for each in plan.given[bid.reference] if each.new]
        back = [held[bid.id, person] for person in plan.dropped[bid.reference] if (bid.id, person) in held]
        if not new and not back:
            continue
        with entry_of_its_own(bid.reference):
            if new and bid.replaces_id is not None:
                carry_over(bid)
            db.session.add_all(
                Allocation(submission_id=bid.id, person_id=each.person, allocated_at=at, why=each.why) for each in new
            )
            for row in back:
                db.session.delete(row)
        given, gone = given + len(new), gone + len(back)
    return given, gone


def _locked(ids: list[int]) -> list[Submission]:
    """The bids in the order of their numbers, held with their applications until the transaction ends.

    Applications come first, as where one bid is given: two officers never wait for each other.
    """
    applications = select(Submission.application_id).where(Submission.id.in_(ids))
    whole = select(Application.id).where(Application.id.in_(applications)).order_by(Application.id)
    db.session.execute(whole.with_for_update())
    db.session.execute(select(Submission.id).where(Submission.id.in_(ids)).order_by(Submission.id).with_for_update())
    return list(db.session.scalars(select(Submission).where(Submission.id.in_(ids)).order_by(Submission.id)))


def _rows(ids: list[int]) -> list[Allocation]:
    return list(
        db.session.scalars(select(Allocation).where(Allocation.submission_id.in_(ids), Allocation.body_id.is_(None)))
    )
