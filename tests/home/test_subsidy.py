"""Three years of awards: the financial year of today and the two before it, to the day and to the penny."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.periods import financial_year
from spatc_funds.home.subsidy import LIMIT_PENCE, Given, since, three_years

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
AWARDS = st.lists(st.builds(Given, st.none() | st.integers(1, 10**8), st.none() | DAYS), max_size=8)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 23), date(2024, 4, 1)),
        (date(2026, 3, 31), date(2023, 4, 1)),
        (date(2026, 4, 1), date(2024, 4, 1)),
    ],
)
def test_the_window_begins_two_financial_years_before_todays(today: date, first: date) -> None:
    assert since(today) == first


@given(DAYS)
def test_the_window_holds_three_financial_years_at_most(today: date) -> None:
    days = [since(today) + timedelta(each) for each in range((today - since(today)).days + 1)]
    assert len({financial_year(each) for each in days}) == 3
    assert financial_year(since(today) - timedelta(1)) != financial_year(since(today))


@given(AWARDS, DAYS)
def test_the_total_is_of_known_amounts_inside_the_window(awards: list[Given], today: date) -> None:
    found = three_years(awards, today)
    inside = [each for each in awards if each.awarded_on and since(today) <= each.awarded_on <= today]
    assert found.total_pence == sum(each.amount_pence or 0 for each in inside)
    assert found.unknown == sum(each.amount_pence is None for each in inside)
    assert found.undated == sum(each.awarded_on is None for each in awards)
    assert found.rest_pence == LIMIT_PENCE - found.total_pence
    assert three_years(reversed(awards), today) == found


def test_both_ends_count_and_tomorrow_does_not() -> None:
    today = date(2026, 11, 23)
    ends = [Given(100, since(today)), Given(10, today)]
    outside = [Given(1_000, since(today) - timedelta(1)), Given(1_000, today + timedelta(1))]
    assert three_years([*ends, *outside], today).total_pence == 110
