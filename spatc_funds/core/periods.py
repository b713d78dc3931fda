"""Deadlines at London noon, financial years from 1 April, months added to days."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

from spatc_funds.core.clock import LONDON

APRIL, FRIDAY = 4, 4


def london_noon(day: date) -> datetime:
    """Midday in London on that day (BST or GMT), as an aware UTC moment."""
    return datetime.combine(day, time(12), LONDON).astimezone(UTC)


def financial_year(day: date) -> str:
    """The year that runs from 1 April, as ``2024-25``."""
    first = day.year if day.month >= APRIL else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def is_financial_year(text: str) -> bool:
    """Whether a text names one so."""
    first = text[:4]
    return len(first) == 4 and first.isascii() and first.isdigit() and text == f"{first}-{(int(first) + 1) % 100:02}"


def add_working_days(day: date, days: int) -> date:
    """The day so many working days (Monday to Friday) later; bank holidays are not known here."""
    weeks, rest = divmod(days, 5)
    found = day - timedelta(days=max(0, day.weekday() - FRIDAY)) + timedelta(weeks=weeks)
    while rest:
        found += timedelta(days=1)
        rest -= found.weekday() <= FRIDAY
    return found


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
