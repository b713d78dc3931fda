"""Official figures as a file brings them (pure): areas, periods, exact numbers, and every fault by row and column."""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from spatc_funds.core.places import DISTRICTS, POLICE_AREA

MOST_FAULTS = 50
AREAS = {POLICE_AREA: "West Yorkshire", **DISTRICTS}
THOUSAND = 1000
_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,12})(?:\.(?P<part>[0-9]{1,3}))?", re.ASCII)
_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)

Place = tuple[str, str, date, date]


class State(StrEnum):
    """What an observation says: a number, or that the period has none. Both are legal values."""

    PUBLISHED = "published"
    NO_NEW_DATA = "no new data published"


@dataclass(frozen=True, slots=True)
class Observed:
    """One figure: of which indicator (its key), where (GSS code), from which day to which, in thousandths.

    ``value_milli`` is None where no new data was published; ``baseline`` is None where the file says nothing of it.
    """

    indicator: str
    area: str
    period_from: date
    period_to: date
    value_milli: int | None
    baseline: bool | None = None
    example: bool = False

    @property
    def place(self) -> Place:
        """What there is one figure of."""
        return (self.indicator, self.area, self.period_from, self.period_to)

    @property
    def state(self) -> State:
        """Told by whether there is a number."""
        return State.NO_NEW_DATA if self.value_milli is None else State.PUBLISHED


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: the row as a spreadsheet numbers it (header: 1), column, and how to mend it."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.message}"


@dataclass(slots=True)
class Faults:
    """The first faults of a file, and how many there are: a million wrong rows take no more room than fifty."""

    first: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str, message: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < MOST_FAULTS:
            self.first.append(Fault(row, column, message))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: how many rows it has, its figures, its faults (with any, nothing counts), what to know."""

    rows: int
    observed: tuple[Observed, ...]
    faults: Faults
    notes: tuple[str, ...] = ()


def thousandths(text: str) -> int:
    """``12``, ``-3.5`` or ``0.125`` in thousandths. Raises ValueError with a message for the person."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        message = "a number is written as 1204 or 12.5: no commas, at most 3 decimals and 12 digits before them"
        raise ValueError(message)
    milli = int(found["whole"]) * THOUSAND + int((found["part"] or "0").ljust(3, "0"))
    return -milli if found["sign"] else milli


def plain(milli: int | None) -> str:
    """The same number as a file has it: ``1204``, ``12.5``; empty where there is none."""
    if milli is None:
        return ""
    whole, part = divmod(abs(milli), THOUSAND)
    digits = f"{whole}.{part:03}".rstrip("0") if part else str(whole)
    return f"-{digits}" if milli < 0 else digits


def said(milli: int | None) -> str:
    """The same number for people: ``1,204.5``; the words of the state where there is none."""
    if milli is None:
        return "No new data published"
    whole, _, part = plain(abs(milli)).partition(".")
    digits = f"{int(whole):,}.{part}" if part else f"{int(whole):,}"
    return f"-{digits}" if milli < 0 else digits


def day(text: str) -> date:
    """A day as ``2026-03-31``. Raises ValueError with a message for the person."""
    message = "a day is written as 2026-03-31"
    if not _DAY.fullmatch(text):
        raise ValueError(message)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(message) from None


def month(year: int, number: int) -> tuple[date, date]:
    """The first and last day of a month. Raises ValueError where there is no such month."""
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def period(first: date, last: date) -> str:
    """A period in words: ``March 2025``, ``year to March 2025``, or from day to day."""
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        length = (last.year - first.year) * 12 + last.month - first.month + 1
        if length == 1:
            return f"{first:%B %Y}"
        return f"Year to {last:%B %Y}" if length == 12 else f"{first:%B %Y} to {last:%B %Y}"
    return f"{first.day} {first:%B %Y}" + (f" to {last.day} {last:%B %Y}" if first != last else "")
