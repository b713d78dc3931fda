"""The pot's limit, and how far it reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.awards.portfolio import Running, free_pence, running, why_not

PENCE = st.integers(0, 10_000)


def test_what_is_free_is_the_limit_less_the_awards() -> None:
    assert free_pence(100, 40) == 60
    assert free_pence(100, 100) == 0
    assert free_pence(None, 40) is None


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        (0, "above £0"),
        (-1, "above £0"),
        (801, "more than the applicant asked"),
        (499, "less than the lowest"),
        (601, "over its limit"),
        (600, None),
        (500, None),
    ],
)
def test_an_award_fits_or_says_why_not(amount: int, says: str | None) -> None:
    answer = why_not(amount, asked_pence=800, lowest_pence=500, limit_pence=1_000, awarded_pence=400)
    assert (answer is None) if says is None else (answer is not None and says in answer)


def test_what_was_asked_may_be_awarded_in_full() -> None:
    assert why_not(800, asked_pence=800, lowest_pence=None, limit_pence=None, awarded_pence=9_999) is None


@given(st.integers(-10, 10_000), PENCE, st.none() | PENCE, st.none() | PENCE, PENCE)
def test_an_award_fits_exactly_when_every_rule_holds(
    amount: int, asked: int, lowest: int | None, limit: int | None, awarded: int
) -> None:
    fits = 0 < amount <= asked
    fits &= lowest is None or amount >= lowest
    fits &= limit is None or awarded + amount <= limit
    refusal = why_not(amount, asked_pence=asked, lowest_pence=lowest, limit_pence=limit, awarded_pence=awarded)
    assert (refusal is None) == fits


@given(PENCE, st.lists(st.integers(-5, 4_000), max_size=20))
def test_no_run_of_awards_passes_the_limit(limit: int, amounts: list[int]) -> None:
    awarded = 0
    for amount in amounts:
        refusal = why_not(amount, asked_pence=4_000, lowest_pence=None, limit_pence=limit, awarded_pence=awarded)
        if refusal is None:
            awarded += amount
        assert 0 <= awarded <= limit


def test_a_pot_runs_down_bid_by_bid() -> None:
    assert running([300, 500, 400], limit_pence=1_000, awarded_pence=100) == [
        Running(400, 600),
        Running(900, 100),
        Running(1_300, -300),
    ]
    assert running([300], limit_pence=None, awarded_pence=0) == [Running(300, None)]
    assert running([], limit_pence=1_000, awarded_pence=100) == []


@given(st.lists(PENCE, max_size=8), st.none() | PENCE, PENCE)
def test_where_a_pot_stands_is_the_sum_down_to_there(amounts: list[int], limit: int | None, awarded: int) -> None:
    found = running(amounts, limit_pence=limit, awarded_pence=awarded)
    assert [each.total_pence for each in found] == [
        awarded + sum(amounts[: place + 1]) for place in range(len(amounts))
    ]
    assert all(each.left_pence == free_pence(limit, each.total_pence) for each in found)


def test_the_pot_runs_down_bid_by_bid() -> None:
    assert running([30, 0, 50], limit_pence=100, awarded_pence=40) == [
        Running(70, 30),
        Running(70, 30),
        Running(120, -20),
    ]
    assert running([30], limit_pence=None, awarded_pence=0) == [Running(30, None)]
    assert running([], limit_pence=100, awarded_pence=40) == []


@given(st.lists(PENCE), PENCE, PENCE)
def test_total_and_left_always_make_the_limit(amounts: list[int], limit: int, awarded: int) -> None:
    found = running(amounts, limit_pence=limit, awarded_pence=awarded)
    assert all(each.total_pence + (each.left_pence or 0) == limit for each in found)
    assert not found or found[-1].total_pence == awarded + sum(amounts)
