"""Several people at once, each on a connection of their own: one submission, one payment, and never over the pot."""

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from spatc_funds.applications import operations as applying
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import by_reference
from spatc_funds.audit.models import LogEntry
from spatc_funds.audit.queries import verify
from spatc_funds.awards import operations as awarding
from spatc_funds.awards.models import Award
from spatc_funds.awards.queries import bid
from spatc_funds.core.problems import RefusedError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Pot
from spatc_funds.payments import operations as paying
from spatc_funds.payments.models import Payment
from spatc_funds.payments.queries import payment_by_reference
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import World

AT = datetime.now(UTC)
AT_ONCE = 8


def at_once(app: Flask, number: int, act: Callable[[int], object]) -> list[object]:
    """Run the act so many times, all started together; what each gave, or the refusal it met."""
    barrier = Barrier(number)

    def one(place: int) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return act(place)
            except RefusedError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_one_application_sent_many_times_at_once_is_one_submission(app: Flask, world: World) -> None:
    reference = world.ready()
    with app.app_context():
        email = world.lead("draft-ready")
        sender = world.demo.lead(world.demo.specs["draft-ready"])
        actor, person = world.actor(email), sender.id
        db.session.expunge(sender)

    def send(_place: int) -> str:
        with unit_of_work(person, Action.APPLICATION_SUBMIT, reference):
            draft = by_reference(reference)
            assert draft
            return applying.submit(actor, draft, sender, AT).sha256

    hashes = at_once(app, AT_ONCE, send)
    assert len(set(hashes)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1
        sent = select(func.count()).where(LogEntry.action == Action.APPLICATION_SUBMIT, LogEntry.subject == reference)
        assert db.session.scalar(sent) == 1
        assert verify().faults == ()


def several(world: World, number: int) -> list[str]:
    """Bids to one pot, each with the board's recommendation."""
    base = world.demo.specs["recommended"]
    references = []
    for place in range(number):
        spec: Any = copy.deepcopy(base)
        spec["organisation"] = {"name": f"Example group {place}", "charity_number": None, "company_number": None}
        spec["lead"] = {"name": f"Lead {place}", "email": f"lead.race.{place}@example.org"}
        spec["decision_reasons"] = "It will contribute to safer streets."
        world.demo.specs["recommended"] = spec
        references.append(world.recommended())
    return references


def test_awards_decided_at_once_never_pass_the_pots_limit(app: Flask, world: World) -> None:
    references = several(world, 6)
    with app.app_context():
        asked = db.session.scalars(select(Submission.asked_pence)).first() or 0
        budget = asked * 2 + asked // 2
        pot_id = db.session.scalars(select(Submission.pot_id)).first()
        db.session.rollback()  # SQLite has one writer, and this session would be it
        with db.engine.begin() as connection:
            connection.execute(update(Pot).where(Pot.id == pot_id).values(budget_pence=budget, overcommitment_pence=0))
        decider = world.staff("decision maker")

    def decide(place: int) -> int:
        with unit_of_work(decider.id, Action.DECISION_TAKE, references[place]):
            found = bid(references[place])
            assert found
            awarding.decide(decider, found, asked, "It will contribute to safer streets.", AT)
        return 1

    answers = at_once(app, len(references), decide)
    assert answers.count(1) == 2, answers
    assert all(isinstance(answer, RefusedError) for answer in answers if answer != 1)
    with app.app_context():
        awarded = db.session.scalar(select(func.sum(Award.amount_pence)).where(Award.pot_id == pot_id))
        pot = db.session.get_one(Pot, pot_id)
        assert awarded == pot.awarded_pence == asked * 2 <= budget
        assert verify().faults == ()


def test_one_bid_decided_many_times_at_once_is_one_award(app: Flask, world: World) -> None:
    (reference,) = several(world, 1)
    with app.app_context():
        decider = world.staff("decision maker")
        asked = db.session.scalars(select(Submission.asked_pence)).one()

    def decide(_place: int) -> int:
        with unit_of_work(decider.id, Action.DECISION_TAKE, reference):
            found = bid(reference)
            assert found
            awarding.decide(decider, found, asked, "Reasons", AT)
        return 1

    assert at_once(app, AT_ONCE, decide).count(1) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Award.reference == reference)) == 1


def test_one_payment_approved_many_times_at_once_is_approved_once(app: Flask, world: World) -> None:
    reference = world.paid()
    with app.app_context():
        second = world.demo.actor(world.demo.by_role(Role.FINANCE_OFFICER, 1))

    def approve(_place: int) -> int:
        with unit_of_work(second.id, Action.PAYMENT_APPROVE, reference):
            found = payment_by_reference(f"{reference}-P1")
            assert found
            paying.approve(second, found, AT)
        return 1

    assert at_once(app, AT_ONCE, approve).count(1) == 0  # it is paid already: nobody approves it again
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Payment)) == 1
