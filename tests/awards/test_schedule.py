"""Schedules: to the penny, and each day reported on once."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.awards.schedule import (
    DAYS_TO_REPORT,
    RETURN_ACCEPTED,
    PlannedInstalment,
    PlannedReturn,
    Term,
    plan_instalments,
    plan_returns,
    return_needed,
)
from spatc_funds.core.periods import add_months

START = date(2026, 9, 1)
HALVES = [Term(50, "agreement signed", 0), Term(50, RETURN_ACCEPTED, 6)]
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    """Terms whose shares sum to 100, some of them perhaps nothing."""
    bounds = [0, *sorted(draw(st.lists(st.integers(0, 100), max_size=5))), 100]
    return [
        Term(high - low, draw(st.sampled_from(["agreement signed", RETURN_ACCEPTED])), draw(st.integers(0, 24)))
        for low, high in pairwise(bounds)
    ]


def test_an_award_by_hand_in_two_halves() -> None:
    assert plan_instalments(740_001, HALVES, START) == [
        PlannedInstalment(1, 370_001, START, "agreement signed"),
        PlannedInstalment(2, 370_000, date(2027, 3, 1), RETURN_ACCEPTED),
    ]


def test_the_odd_pennies_go_to_the_largest_remainders() -> None:
    thirds = [Term(33, "a", 0), Term(33, "b", 1), Term(34, "c", 2)]
    assert [each.amount_pence for each in plan_instalments(101, thirds, START)] == [33, 33, 35]  # 33.33, 33.33, 34.34
    assert [each.amount_pence for each in plan_instalments(50, thirds, START)] == [17, 16, 17]  # 16.5, 16.5, 17.0


def test_a_part_of_nothing_is_left_out_and_not_counted() -> None:
    planned = plan_instalments(1, [Term(0, "a", 0), *HALVES], START)
    assert planned == [PlannedInstalment(1, 1, START, "agreement signed")]


@given(st.integers(1, 10**11), terms(), DAYS)
def test_instalments_add_up_to_the_award_to_the_penny(award: int, agreed: list[Term], start: date) -> None:
    planned = plan_instalments(award, agreed, start)
    assert sum(each.amount_pence for each in planned) == award
    assert all(each.amount_pence > 0 for each in planned)
    assert [each.number for each in planned] == list(range(1, len(planned) + 1))


@given(st.integers(100, 10**11), terms(), DAYS)
def test_each_instalment_keeps_its_terms_trigger_and_day(award: int, agreed: list[Term], start: date) -> None:
    planned, paid = plan_instalments(award, agreed, start), [term for term in agreed if term.share]
    assert [(each.trigger, each.due_on) for each in planned] == [
        (term.trigger, add_months(start, term.months_after)) for term in paid
    ]
    for each, term in zip(planned, paid, strict=True):
        assert abs(each.amount_pence - Fraction(award * term.share, 100)) < 1


@pytest.mark.parametrize("award", [0, -1])
def test_no_award_makes_no_schedule(award: int) -> None:
    with pytest.raises(ValueError, match="above nothing"):
        plan_instalments(award, HALVES, START)


@pytest.mark.parametrize("shares", [[], [50], [50, 51], [150, -50]])
def test_terms_that_are_not_a_hundred_make_no_schedule(shares: list[int]) -> None:
    with pytest.raises(ValueError, match=r"100 %|shares must be positive"):
        plan_instalments(100, [Term(share, "a", 0) for share in shares], START)


def test_the_returns_of_a_year_by_hand() -> None:
    assert plan_returns(START, date(2027, 8, 31), [6, 12]) == [
        PlannedReturn(1, START, date(2027, 2, 28), date(2027, 3, 28)),
        PlannedReturn(2, date(2027, 3, 1), date(2027, 8, 31), date(2027, 9, 28)),
    ]


@given(DAYS, st.integers(0, 900), st.lists(st.integers(-2, 36), max_size=6))
def test_each_day_of_the_project_is_reported_on_exactly_once(start: date, length: int, months: list[int]) -> None:
    end = start + timedelta(days=length)
    planned = plan_returns(start, end, months)
    covered = [
        each.period_from + timedelta(days=day)
        for each in planned
        for day in range((each.period_to - each.period_from).days + 1)
    ]
    assert covered == [start + timedelta(days=day) for day in range(length + 1)]
    assert all(each.period_from <= each.period_to for each in planned)


@given(DAYS, st.integers(0, 900), st.lists(st.integers(-2, 36), max_size=6))
def test_returns_are_numbered_and_due_four_weeks_after_their_last_day(
    start: date, length: int, months: list[int]
) -> None:
    planned = plan_returns(start, start + timedelta(days=length), months)
    assert [each.number for each in planned] == list(range(1, len(planned) + 1))
    assert {each.due_on - each.period_to for each in planned} == {timedelta(days=DAYS_TO_REPORT)}


@given(DAYS, st.integers(0, 900), st.lists(st.integers(-2, 36), max_size=6))
def test_the_order_of_months_and_a_month_twice_change_nothing(start: date, length: int, months: list[int]) -> None:
    end = start + timedelta(days=length)
    assert plan_returns(start, end, months) == plan_returns(start, end, [*reversed(months), *months])


def test_a_month_at_or_beyond_the_end_is_the_end() -> None:
    last = date(2027, 8, 31)
    assert plan_returns(START, last, [12]) == plan_returns(START, last, [36]) == plan_returns(START, last, [])
    assert len(plan_returns(START, last, [12])) == 1


def test_no_month_after_nothing_makes_a_return() -> None:
    assert len(plan_returns(START, date(2027, 8, 31), [0, -3])) == 1


def test_a_project_of_one_day_owes_one_return() -> None:
    assert plan_returns(START, START, [1, 6]) == [PlannedReturn(1, START, START, date(2026, 9, 29))]


def test_a_project_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="on or after"):
        plan_returns(START, START - timedelta(days=1), [])


def test_an_instalment_waits_for_the_return_of_its_turn() -> None:
    triggers = ["agreement signed", RETURN_ACCEPTED, "awards night attended", RETURN_ACCEPTED]
    assert [return_needed(triggers, number) for number in (1, 2, 3, 4)] == [None, 1, None, 2]


@given(st.lists(st.sampled_from(["agreement signed", RETURN_ACCEPTED]), min_size=1, max_size=8))
def test_no_two_instalments_wait_for_the_same_return(triggers: list[str]) -> None:
    waited = [needed for place in range(len(triggers)) if (needed := return_needed(triggers, place + 1)) is not None]
    assert waited == list(range(1, triggers.count(RETURN_ACCEPTED) + 1))
