"""A return against the last one, its own numbers and its dates: what an officer is told to ask about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.returns.comparing import Dates, Told, remarks

PEOPLE = Told("People", "unique people", "latest", 40, before=30)
SESSIONS = Told("Sessions", "events", "sum", 10, before=12, earlier=30)
CAME = Told("Visits", "attendances", "sum", 20, before=20, earlier=30)
ENDS, DUE = date(2027, 3, 31), date(2027, 4, 28)


def told(*each: Told, spent: int | None = None, before: int | None = None, dates: Dates | None = None) -> list[str]:
    """The remarks."""
    return remarks(each, spent, before, dates)


def test_an_ordinary_return_has_none() -> None:
    assert told(PEOPLE, SESSIONS, CAME, spent=200, before=100, dates=Dates(DUE, ENDS, DUE)) == []


@pytest.mark.parametrize(
    ("each", "says"),
    [
        (Told("A", "unique people", "latest", 29, 30), ["“A” went from 30 to 29, though it counts from the start"]),
        (Told("A", "unique people", "latest", 30, 30), []),
        (Told("A", "unique people", "latest", 90, 30), []),
        (Told("A", "unique people", "latest", 91, 30), ["“A” went from 30 to 91 since the last return"]),
        (Told("A", "events", "sum", 10, 30), []),
        (Told("A", "events", "sum", 9, 30), ["“A” went from 30 to 9 since the last return"]),
        (Told("A", "events", "sum", 91, 30), ["“A” went from 30 to 91 since the last return"]),
        (Told("A", "events", "sum", 5, None), []),
        (Told("A", "events", "sum", 1, 0), ["“A” went from 0 to 1 since the last return"]),
    ],
)
def test_a_jump(each: Told, says: list[str]) -> None:
    assert told(each) == says


def test_nobody_comes_less_often_than_once() -> None:
    """Attendances of all the returns so far, since people are counted from the start."""
    assert told(CAME, Told("People", "unique people", "latest", 50)) == []
    (only,) = told(CAME, Told("People", "unique people", "latest", 51))
    assert only == "“People”: 51 different people, and only 50 attendances"
    assert told(Told("People", "unique people", "latest", 51), SESSIONS) == []


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_people_above_attendances_are_always_told(people: int, now: int, earlier: int) -> None:
    came = Told("Visits", "attendances", "sum", now, None, earlier)
    assert bool(told(came, Told("People", "unique people", "latest", people))) == (people > now + earlier)


def test_what_was_spent_does_not_fall() -> None:
    assert told(spent=99, before=100) == ["Spent so far fell from £1 to £0.99, though it counts from the start"]
    assert told(spent=100, before=100) == told(spent=5) == told(before=5) == []


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (-29, ["It was sent before the time that it covers was over"]),
        (-28, []),
        (0, []),
        (1, ["It was sent 1 day after it was due"]),
        (9, ["It was sent 9 days after it was due"]),
    ],
)
def test_dates(days: int, says: list[str]) -> None:
    assert told(dates=Dates(DUE + timedelta(days=days), ENDS, DUE)) == says
