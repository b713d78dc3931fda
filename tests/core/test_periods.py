"""Periods: noon in London, financial years, months."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.clock import LONDON
from spatc_funds.core.periods import add_months, financial_year, is_financial_year, london_noon

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def test_noon_in_winter_is_twelve_in_utc() -> None:
    assert london_noon(date(2026, 1, 15)) == datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_noon_in_summer_is_eleven_in_utc() -> None:
    assert london_noon(date(2026, 7, 15)) == datetime(2026, 7, 15, 11, tzinfo=UTC)


@given(DAYS)
def test_noon_is_twelve_on_a_london_clock_and_stored_in_utc(day: date) -> None:
    moment = london_noon(day)
    assert moment.tzinfo is UTC
    assert moment.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, time(12))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), "2024-25"),
        (date(2025, 4, 1), "2025-26"),
        (date(2024, 12, 31), "2024-25"),
        (date(2025, 1, 1), "2024-25"),
        (date(2000, 3, 31), "1999-00"),
        (date(2008, 5, 1), "2008-09"),
    ],
)
def test_the_financial_year_starts_on_the_first_of_april(day: date, year: str) -> None:
    assert financial_year(day) == year


@given(DAYS)
def test_the_financial_year_changes_on_one_day_only(day: date) -> None:
    changed = financial_year(day) != financial_year(day + timedelta(days=1))
    assert changed == ((day.month, day.day) == (3, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), 11, date(2026, 12, 15)),
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
        (date(2026, 6, 15), 0, date(2026, 6, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_added_to_a_day(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(DAYS, st.integers(0, 120))
def test_a_day_keeps_its_number_or_is_the_last_of_a_shorter_month(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_more_months_never_lead_to_an_earlier_day(day: date, some: int, more: int) -> None:
    assert add_months(day, some) <= add_months(day, some + more)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_every_financial_year_is_known_as_one(day: date) -> None:
    assert is_financial_year(financial_year(day))


@pytest.mark.parametrize("text", ["", "2024", "2024-26", "2024-2025", "24-25", "٢٠٢٤-25", "2024-25 ", "year-not-known"])
def test_nothing_else_is_a_financial_year(text: str) -> None:
    assert not is_financial_year(text)
