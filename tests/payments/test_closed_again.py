"""A gate that closes after the request closes the payment too; a decided bid stays as it was sent."""

import pytest
from flask import Flask

from spatc_funds.applications import sending
from spatc_funds.applications.queries import by_reference
from spatc_funds.assessment import interests
from spatc_funds.assessment.models import InterestKind
from spatc_funds.core import clock
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.payments import operations
from spatc_funds.payments.queries import due, payment_by_reference
from spatc_funds.policy.actions import Action
from spatc_funds.returns import reviewing
from spatc_funds.returns.queries import owed
from tests.builders import World


def test_a_return_opened_again_stops_the_payment_that_rests_on_it(app: Flask, world: World) -> None:
    reference = world.reported()
    second = f"{reference}-P2"
    with app.app_context():
        maker, checker = world.staff("finance officer"), world.staff("finance officer", 1)
        officer, at = world.staff("programme officer"), clock.now()
        with unit_of_work(maker.id, Action.PAYMENT_REQUEST, reference):
            found = due(second, clock.london_day(at))
            assert found
            operations.request(maker, found, at)
        with unit_of_work(officer.id, Action.RETURN_REOPEN, reference):
            first = owed(f"{reference}-R1")
            assert first
            reviewing.reopen(officer, first, "A figure is wrong", at)
        payment = payment_by_reference(second)
        assert payment
        with (
            pytest.raises(NotReadyError, match="Return 1"),
            unit_of_work(checker.id, Action.PAYMENT_APPROVE, reference),
        ):
            operations.approve(checker, payment, at)


@pytest.mark.parametrize("story", ["offered", "declined", "accepted-nothing-due"])
def test_a_decided_application_cannot_be_withdrawn(app: Flask, world: World, story: str) -> None:
    reference = world.tell(story)
    with app.app_context():
        lead = world.actor(world.lead(story))
        draft = by_reference(reference)
        assert draft
        unit = unit_of_work(lead.id, Action.APPLICATION_WITHDRAW)
        with pytest.raises(IllegalMoveError, match="decision"), unit:
            sending.withdraw(lead, draft, clock.now())


def test_an_interest_never_becomes_lighter(app: Flask, world: World) -> None:
    reference = world.assessing()
    with app.app_context():
        assessor = world.staff("assessor")

        def declare(kind: InterestKind) -> None:
            with unit_of_work(assessor.id, Action.INTEREST_DECLARE, reference):
                interests.declare(assessor, world.submission_row(reference), kind, "A cousin", clock.now())

        declare(InterestKind.PERSONAL)
        with pytest.raises(IllegalMoveError):
            declare(InterestKind.NONE)
        declare(InterestKind.PREJUDICIAL)


@pytest.mark.parametrize("name", ["\u200b", "\u2800", " \u3164 "])
def test_nobody_signs_with_a_name_that_cannot_be_seen(world: World, name: str) -> None:
    reference = world.award()
    answer = world.browser(world.lead("offered")).send(
        f"/awards/{reference}/accept", {"signed_as": name, "agree": "y", "terms": "y"}
    )
    assert answer.status_code == 422


def test_officers_do_not_see_a_return_before_it_is_sent(world: World) -> None:
    reference = world.tell("late-return")
    story = world.demo.specs["late-return"]["returns"][0]["story"]
    page = world.browser(world.person("programme officer")).get(f"/admin/returns/{reference}-R1/")
    assert page.status_code == 200
    assert story[:40] not in page.text
    assert story[:40] in world.browser(world.lead("late-return")).get(f"/returns/{reference}-R1/edit").text
