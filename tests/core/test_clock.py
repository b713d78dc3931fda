"""The clock: aware moments, London days."""

from datetime import UTC, date, datetime, timedelta

from spatc_funds.core.clock import london_day, now


def test_now_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


def test_now_moves_on() -> None:
    assert now() <= now()


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert london_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_a_winter_evening_in_utc_is_the_same_day_in_london() -> None:
    assert london_day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == date(2026, 1, 1)
