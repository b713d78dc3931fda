"""Payments in the officers' panel: what is due and why not, conditions, request, approval, refusal, payment."""

import re
from datetime import date, timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.awards.models import Award
from spatc_funds.core.clock import london_day, now
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.payments import operations, queries
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import PaymentState
from tests.builders import Browser, World
from tests.racing import counted, together

STORY = "accepted-nothing-due"
LISTS = ("/admin/payments/due/", "/admin/payments/", "/admin/payments/export/csv/", "/admin/payments/due/export/csv/")
ACTS = ("condition", "request", "approve", "refuse", "pay")


@pytest.fixture
def reference(world: World) -> str:
    """An instalment that falls due today, none of whose conditions is recorded."""
    return f"{world.accepted()}-P1"


@pytest.fixture
def finance(world: World, reference: str) -> Browser:
    return world.browser(world.person("finance officer"))


@pytest.fixture
def second(world: World, reference: str) -> Browser:
    return world.browser(world.person("finance officer", 1))


def due(reference: str) -> queries.Due:
    found = queries.due(reference, london_day(now()))
    assert found
    return found


def meet_all(world: World, reference: str) -> None:
    with world.context():
        for gate in queries.recordable(due(reference)):
            actor = world.staff("finance officer", int(gate == "bank details checked"))
            with unit_of_work(actor.id, Action.GATE_MEET, reference):
                operations.meet_gate(actor, due(reference).instalment.award, gate, "Seen", now())


def state(world: World, reference: str) -> PaymentState | None:
    with world.context():
        payment = due(reference).payment
        return payment.state if payment else None


def act(browser: Browser, reference: str, name: str, **typed: Any) -> Any:
    page = f"/admin/payments/due/{reference}/"
    return browser.send(f"{page}{name}", typed, page=page)


def rows(browser: Browser, query: str = "", path: str = "/admin/payments/due/") -> list[str]:
    page = browser.get(f"{path}?{query}")
    assert page.status_code == 200, page.text
    cells = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page.text)
    return [re.sub("<[^>]+>", "", cell) for cell in cells]


def test_what_is_due_says_what_each_waits_for(finance: Browser, reference: str) -> None:
    assert rows(finance) == [reference]
    page = finance.get("/admin/payments/due/").text
    assert "4 of 7 met" in page
    assert "Supplier form: Not recorded yet. Bank details checked: Not recorded yet" in page


def test_one_instalment_lists_its_conditions(finance: Browser, reference: str) -> None:
    page = unescape(finance.get(f"/admin/payments/due/{reference}/").text)
    assert page.count("Not met</strong>") == 3
    assert page.count(">Met</strong>") == 4
    assert "£7,440 of the £7,440 award" in page


def test_every_closed_condition_is_a_problem(world: World, finance: Browser, reference: str) -> None:
    answer = act(finance, reference, "request")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert re.findall(r'<a href="#(gate-[^"]+)">', answer.text) == [
        "gate-supplier-form",
        "gate-bank-details-checked",
        "gate-awards-night-attended",
    ]
    assert 'id="gate-supplier-form"' in answer.text
    assert state(world, reference) is None


def test_a_condition_is_recorded_with_what_shows_it(finance: Browser, reference: str) -> None:
    answer = act(finance, reference, "condition", gate="supplier form", evidence="In the file, 3 March")
    assert (answer.status_code, answer.location) == (303, f"/admin/payments/due/{reference}/")
    page = finance.get(answer.location).text
    assert "In the file, 3 March" in page
    assert "Idris Example" in page
    assert "4 of 7" not in page
    assert act(finance, reference, "condition", gate="supplier form", evidence="Again").status_code == 409


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"gate": "supplier form", "evidence": " "}, "evidence"),
        ({"evidence": "Seen"}, "gate"),
        ({"gate": "return accepted", "evidence": "Seen"}, "gate"),
        ({"gate": "within the award", "evidence": "Seen"}, "gate"),
        ({"gate": "supplier form", "evidence": "x" * 301}, "evidence"),
    ],
)
def test_a_condition_that_cannot_be_recorded(
    finance: Browser, reference: str, typed: dict[str, str], field: str
) -> None:
    answer = act(finance, reference, "condition", **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert typed["evidence"].strip() in answer.text


def test_form_and_bank_check_are_two_peoples(finance: Browser, second: Browser, reference: str) -> None:
    act(finance, reference, "condition", gate="supplier form", evidence="Seen")
    answer = act(finance, reference, "condition", gate="bank details checked", evidence="Seen")
    assert answer.status_code == 422
    assert "another person has to record" in answer.text
    assert "Seen" in answer.text
    assert act(second, reference, "condition", gate="bank details checked", evidence="Seen").status_code == 303


def test_from_request_to_paid(world: World, finance: Browser, second: Browser, reference: str) -> None:
    meet_all(world, reference)
    assert rows(finance, "ready=yes") == [reference]
    assert rows(finance, "ready=no") == []
    assert act(finance, reference, "request").status_code == 303
    page = unescape(finance.get(f"/admin/payments/due/{reference}/").text)
    assert "so another person has to" in page
    assert "Approve this payment" not in page
    assert rows(finance, "ready=yes") == []
    assert act(second, reference, "approve", payment=reference).status_code == 303
    today = london_day(now())
    typed = {"paid_on": [str(today.day), str(today.month), str(today.year)], "ledger_reference": "L-0042"}
    assert act(second, reference, "pay", payment=reference, **typed).status_code == 303
    assert state(world, reference) is PaymentState.PAID
    assert rows(finance, "state=paid", "/admin/payments/") == [reference]
    assert rows(finance, f"from={today}&to={today}", "/admin/payments/") == [reference]
    assert rows(finance, f"to={today - timedelta(days=1)}", "/admin/payments/") == []
    assert rows(finance, "q=L-0042", "/admin/payments/") == [reference]
    assert rows(finance, "payment=paid") == [reference]
    assert rows(finance, "payment=none") == []
    assert f'href="/admin/payments/due/{reference}/"' in finance.get("/admin/payments/").text


def test_nobody_approves_what_they_requested(world: World, finance: Browser, reference: str) -> None:
    meet_all(world, reference)
    act(finance, reference, "request")
    answer = act(finance, reference, "approve", payment=reference)
    assert answer.status_code == 403
    assert "so another person has to" in unescape(answer.text)
    assert state(world, reference) is PaymentState.REQUESTED


def test_a_second_approval_is_a_conflict(world: World, finance: Browser, second: Browser, reference: str) -> None:
    meet_all(world, reference)
    act(finance, reference, "request")
    assert act(second, reference, "approve", payment=reference).status_code == 303
    assert act(second, reference, "approve", payment=reference).status_code == 409
    assert act(second, reference, "refuse", payment=reference, reason="Late").status_code == 409
    assert state(world, reference) is PaymentState.APPROVED


def test_of_many_at_once_one_requests_and_one_approves(world: World, finance: Browser, reference: str) -> None:
    meet_all(world, reference)
    page = f"/admin/payments/due/{reference}/"
    for number, name, lost in ((0, "request", 422), (1, "approve", 409)):
        browsers = [world.browser(world.person("finance officer", number)) for _ in range(4)]
        forms = [{"csrf_token": browser.token(page)} for browser in browsers]
        jobs = [partial(browser.post, page + name, data=form) for browser, form in zip(browsers, forms, strict=True)]
        assert sorted(each.status_code for each in together(*jobs)) == [303, lost, lost, lost]
    assert state(world, reference) is PaymentState.APPROVED


def test_two_requests_make_one_payment(world: World, finance: Browser, second: Browser, reference: str) -> None:
    meet_all(world, reference)
    assert act(finance, reference, "request").status_code == 303
    answer = act(second, reference, "request")
    assert answer.status_code == 422
    assert "A payment of it was already requested" in answer.text
    with world.context():
        assert len(db.session.scalars(select(Payment)).all()) == 1


def test_a_refused_payment_can_be_requested_again(
    world: World, finance: Browser, second: Browser, reference: str
) -> None:
    meet_all(world, reference)
    act(finance, reference, "request")
    answer = act(second, reference, "refuse", payment=reference, reason="")
    assert answer.status_code == 422
    assert answer.text.count("Say why it is refused") == 2
    assert act(second, reference, "refuse", payment=reference, reason="The invoice is missing").status_code == 303
    assert "The invoice is missing" in finance.get(f"/admin/payments/due/{reference}/").text
    assert act(second, reference, "approve", payment=reference).status_code == 409
    assert act(finance, reference, "request").status_code == 303
    # whoever still has the refused one open does not approve the new one unread
    assert act(second, reference, "approve", payment=reference).status_code == 409
    assert act(second, reference, "approve", payment=f"{reference}X1").status_code == 303
    assert rows(finance, "q=" + reference, "/admin/payments/") == [f"{reference}X1", reference]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"paid_on": ["", "", ""], "ledger_reference": "L1"}, "paid_on-day"),
        ({"paid_on": ["31", "2", "2026"], "ledger_reference": "L1"}, "paid_on-day"),
        ({"paid_on": ["1", "1", "2099"], "ledger_reference": "L1"}, "paid_on-day"),
        ({"paid_on": ["1", "1", "2001"], "ledger_reference": "L1"}, "paid_on-day"),
        ({"paid_on": [], "ledger_reference": ""}, "ledger_reference"),
    ],
)
def test_what_cannot_be_marked_as_paid(
    world: World, finance: Browser, second: Browser, reference: str, typed: dict[str, Any], field: str
) -> None:
    meet_all(world, reference)
    act(finance, reference, "request")
    act(second, reference, "approve", payment=reference)
    answer = act(second, reference, "pay", payment=reference, **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert state(world, reference) is PaymentState.APPROVED


def test_nothing_is_paid_before_it_is_approved(world: World, finance: Browser, second: Browser, reference: str) -> None:
    assert act(second, reference, "pay", paid_on=["1", "1", "2026"], ledger_reference="L1").status_code == 409
    meet_all(world, reference)
    act(finance, reference, "request")
    assert act(second, reference, "pay", paid_on=["1", "1", "2026"], ledger_reference="L1").status_code == 409


@pytest.mark.parametrize("address", LISTS)
def test_who_may_list(world: World, reference: str, address: str) -> None:
    for role, code in {"finance officer": 200, "programme officer": 200, "auditor": 200, "assessor": 403}.items():
        assert world.browser(world.person(role)).get(address).status_code == code, role
    assert world.browser(world.lead(STORY)).get(address).status_code == 403
    assert world.browser().get(address).status_code == 303


@pytest.mark.parametrize("name", ACTS)
def test_who_may_act(world: World, reference: str, name: str) -> None:
    for role in ("auditor", "analyst", "decision maker"):
        assert act(world.browser(world.person(role)), reference, name).status_code == 403, role
    officer = act(world.browser(world.person("programme officer")), reference, name)
    assert officer.status_code == (422 if name == "condition" else 403)
    assert act(world.browser(world.lead(STORY)), reference, name).status_code == 403
    assert act(world.browser(), reference, name).status_code == 303
    assert state(world, reference) is None


def test_a_page_offers_only_what_may_be_done(world: World, reference: str) -> None:
    address = f"/admin/payments/due/{reference}/"
    assert '<form method="post" action="/admin' not in world.browser(world.person("auditor")).get(address).text
    officer = world.browser(world.person("programme officer")).get(address).text
    assert "Record that it is met" in officer
    assert "Request this payment" not in officer


@pytest.mark.parametrize("missing", ["EX-SS-NONE-P1", "EX-SS-NONE", "EX-SS-90EE4-P9999"])
def test_an_instalment_that_is_not_there(finance: Browser, missing: str) -> None:
    assert finance.get(f"/admin/payments/due/{missing}/").status_code == 404


def test_filters_search_and_order(world: World, finance: Browser, reference: str) -> None:
    paid = world.tell("paid-first")
    assert set(rows(finance, "payment=paid")) == {f"{paid}-P1"}
    assert set(rows(finance, "q=" + reference)) == {reference}
    assert set(rows(finance, "round=EX-MSCF")) == {reference, f"{paid}-P1", f"{paid}-P2", f"{paid}-P3"}
    assert rows(finance, "sort=amount")[-1] == f"{paid}-P1"
    assert rows(finance, f"from={date(2099, 1, 1)}") == []


def test_the_lists_cost_the_same_for_one_and_for_many(
    app: Flask, world: World, finance: Browser, reference: str
) -> None:
    def cost(address: str) -> int:
        with counted(app) as asked:
            assert finance.get(address).status_code == 200
        return len(asked)

    addresses = ("/admin/payments/due/", "/admin/payments/due/?ready=no", "/admin/payments/due/export/csv/")
    before = [cost(address) for address in addresses]
    for story in ("paid-first", "late-return", "zero-of-fifty"):
        world.tell(story)
    assert [cost(address) for address in addresses] == before
    one = cost("/admin/payments/?q=EX-SS&state=paid")
    assert cost("/admin/payments/?state=paid") <= one


def test_the_set_tells_what_one_by_one_tells(app: Flask, world: World, reference: str) -> None:
    for story in ("paid-first", "late-return", "zero-of-fifty"):
        world.tell(story)
    with app.app_context():
        today = london_day(now())
        finance = world.staff("finance officer")
        awards = queries.accepted_awards(finance)
        assert len(awards) == 4
        singly = [each for award in awards for each in queries.dues(award, today)]
        together = queries.dues_of([each.instalment for each in singly], today)
        assert together == singly
        assert [queries.due(each.reference, today) for each in singly] == singly
        ready = {each.instalment.id for each in singly if each.open}
        assert set(queries.ready_ids(finance, today)) == ready


def test_whoever_is_barred_sees_nothing_of_it(app: Flask, world: World, reference: str) -> None:
    from spatc_funds.applications.queries import submission_by_reference
    from spatc_funds.assessment.interests import declare
    from spatc_funds.assessment.models import InterestKind

    bid = reference.removesuffix("-P1")
    with app.app_context():
        me, sent = world.staff("programme officer"), submission_by_reference(bid)
        assert sent
        with unit_of_work(me.id, Action.INTEREST_DECLARE, bid):
            declare(me, sent, InterestKind.PREJUDICIAL, "My sister runs it", now())
    browser = world.browser(world.person("programme officer"))
    assert browser.get(f"/admin/payments/due/{reference}/").status_code == 404
    assert rows(browser) == []


def test_the_decider_does_not_request(app: Flask, world: World, reference: str) -> None:
    meet_all(world, reference)
    with app.app_context():
        finance = world.staff("finance officer")
        found = due(reference)
        assert found.subject.hands[Action.DECISION_TAKE]
        award = db.session.get_one(Award, found.instalment.award_id)
        assert award.decision
        assert finance.id not in found.subject.hands[Action.DECISION_TAKE]
