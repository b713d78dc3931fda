"""Release: each gate alone keeps an instalment closed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.payments.release import BANK_CHECKED, RETURN_ACCEPTED, SUPPLIER_FORM, Case, gates, may_release

TODAY = date(2027, 3, 1)
READY = Case(
    amount_pence=400_000,
    award_pence=800_000,
    already_pence=400_000,
    due_on=TODAY,
    trigger=RETURN_ACCEPTED,
    return_needed=1,
    award_accepted=True,
    required=(SUPPLIER_FORM, BANK_CHECKED),
    met={SUPPLIER_FORM: "Form of 2 June", BANK_CHECKED: "Called back on 3 June"},
    returns_accepted=frozenset({1}),
    live_payment=False,
)
NIGHT = replace(READY, trigger="awards night attended", return_needed=None)
CASES = st.builds(
    Case,
    amount_pence=st.integers(1, 100),
    award_pence=st.integers(1, 200),
    already_pence=st.integers(0, 200),
    due_on=st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2)),
    trigger=st.sampled_from(["agreement signed", "awards night attended"]),
    return_needed=st.none() | st.integers(1, 3),
    award_accepted=st.booleans(),
    required=st.lists(st.sampled_from([SUPPLIER_FORM, BANK_CHECKED]), max_size=3),
    met=st.dictionaries(
        st.sampled_from([SUPPLIER_FORM, BANK_CHECKED, "agreement signed", "awards night attended"]), st.just("Seen")
    ),
    returns_accepted=st.frozensets(st.integers(1, 3)),
    live_payment=st.booleans(),
)


def closed(case: Case) -> list[str]:
    """The names of the gates that are not met."""
    return [gate.name for gate in gates(case, TODAY) if not gate.met]


def test_an_instalment_with_every_gate_met_may_be_paid() -> None:
    assert closed(READY) == []
    assert may_release(READY, TODAY)


@pytest.mark.parametrize(
    ("changed", "gate", "reason"),
    [
        ({"award_accepted": False}, "award accepted", "The award is not accepted yet"),
        ({"met": {BANK_CHECKED: "Called back"}}, SUPPLIER_FORM, "Not recorded yet"),
        ({"met": {SUPPLIER_FORM: "Form"}}, BANK_CHECKED, "Not recorded yet"),
        ({"returns_accepted": frozenset({2})}, "return accepted", "Return 1 is not accepted yet"),
        ({"due_on": TODAY + timedelta(days=1)}, "due", "Not due before 2 March 2027"),
        ({"already_pence": 400_001}, "within the award", "Would pay more than the award"),
        ({"amount_pence": 400_001}, "within the award", "Would pay more than the award"),
        ({"award_pence": 799_999}, "within the award", "Would pay more than the award"),
        ({"live_payment": True}, "not paid yet", "A payment of it was already requested"),
    ],
)
def test_each_gate_alone_closes_it_and_says_why(changed: dict[str, Any], gate: str, reason: str) -> None:
    case = replace(READY, **changed)
    assert closed(case) == [gate]
    assert reason in {each.reason for each in gates(case, TODAY)}
    assert not may_release(case, TODAY)


def test_the_gates_of_a_ready_instalment_are_named_in_order_with_their_reasons() -> None:
    assert [(gate.name, gate.reason) for gate in gates(READY, TODAY)] == [
        ("award accepted", "Signed"),
        (SUPPLIER_FORM, "Form of 2 June"),
        (BANK_CHECKED, "Called back on 3 June"),
        ("return accepted", "Return 1 is accepted"),
        ("due", "Due since 1 March 2027"),
        ("within the award", "Adds up"),
        ("not paid yet", "No payment of it yet"),
    ]


def test_a_trigger_of_its_own_is_a_gate() -> None:
    assert closed(NIGHT) == ["awards night attended"]
    assert closed(replace(NIGHT, met={**NIGHT.met, "awards night attended": "List of guests"})) == []


def test_a_gate_that_is_required_and_triggers_is_asked_once() -> None:
    case = replace(NIGHT, required=["awards night attended", "awards night attended"])
    assert [gate.name for gate in gates(case, TODAY)].count("awards night attended") == 1


def test_accepting_the_award_signs_the_agreement() -> None:
    signed = replace(READY, trigger="agreement signed", return_needed=None)
    assert closed(signed) == []
    assert "Signed when the award was accepted" in {gate.reason for gate in gates(signed, TODAY)}
    assert closed(replace(signed, award_accepted=False)) == ["award accepted", "agreement signed"]


def test_evidence_of_the_agreement_goes_before_the_acceptance() -> None:
    noted = {**READY.met, "agreement signed": "Paper"}
    signed = replace(READY, trigger="agreement signed", return_needed=None, met=noted)
    assert "Paper" in {gate.reason for gate in gates(signed, TODAY)}


@given(CASES)
def test_it_may_be_paid_exactly_when_all_that_is_needed_is_there(case: Case) -> None:
    named = {*case.required, case.trigger} - set(case.met)
    if case.award_accepted:
        named.discard("agreement signed")
    ready = case.award_accepted and not named and case.due_on <= TODAY and not case.live_payment
    ready &= case.return_needed is None or case.return_needed in case.returns_accepted
    ready &= case.already_pence + case.amount_pence <= case.award_pence
    assert may_release(case, TODAY) == ready


@given(CASES, st.integers(0, 30))
def test_an_open_gate_does_not_close_with_time(case: Case, days: int) -> None:
    if may_release(case, TODAY):
        assert may_release(case, TODAY + timedelta(days=days))


@given(st.integers(1, 1_000), st.lists(st.integers(1, 600), max_size=12), st.data())
def test_no_run_of_payments_pays_more_than_the_award(award: int, amounts: list[int], data: st.DataObject) -> None:
    paid: dict[int, int] = {}
    for number in data.draw(st.lists(st.integers(0, max(0, len(amounts) - 1)), max_size=30)):
        if number < len(amounts):
            others = sum(pence for each, pence in paid.items() if each != number)
            case = replace(
                READY,
                award_pence=award,
                amount_pence=amounts[number],
                already_pence=others,
                live_payment=number in paid,
            )
            if may_release(case, TODAY):
                assert number not in paid
                paid[number] = amounts[number]
        assert sum(paid.values()) <= award


@pytest.mark.parametrize("evidence", ["", "  "])
def test_evidence_without_words_is_none(evidence: str) -> None:
    assert closed(replace(READY, met={**READY.met, BANK_CHECKED: evidence})) == [BANK_CHECKED]


def test_a_return_to_be_accepted_that_nobody_named_keeps_it_closed() -> None:
    assert closed(replace(READY, return_needed=None)) == ["return accepted"]
