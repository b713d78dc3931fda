"""The deadline is midday in London, held to the moment of receipt, in whatever zone the server stands: 60 cases."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from spatc_funds.core.periods import london_noon
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import is_open, takes
from spatc_funds.web.filters import deadline

GRACE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
# The last day, and what midday in London is on it in UTC; 25 October 2026 and 28 March 2027 are days of change.
CLOSES = {
    date(2025, 7, 4): (datetime(2025, 7, 4, 11, tzinfo=UTC), "midday on Friday 4 July 2025"),
    date(2026, 10, 25): (datetime(2026, 10, 25, 12, tzinfo=UTC), "midday on Sunday 25 October 2026"),
    date(2026, 10, 26): (datetime(2026, 10, 26, 12, tzinfo=UTC), "midday on Monday 26 October 2026"),
    date(2027, 3, 27): (datetime(2027, 3, 27, 12, tzinfo=UTC), "midday on Saturday 27 March 2027"),
    date(2027, 3, 28): (datetime(2027, 3, 28, 11, tzinfo=UTC), "midday on Sunday 28 March 2027"),
}
# How long after the close it is received, whether the round is still open, and whether it is still taken.
RECEIVED = ((-SECOND, True, True), (0 * SECOND, False, True), (GRACE - SECOND, False, True), (GRACE, False, False))
ZONES = ("UTC", "America/New_York", "Pacific/Auckland")


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server stands in this zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("last_day", CLOSES)
@pytest.mark.parametrize(("late", "still_open", "still_taken"), RECEIVED)
def test_midday_in_london_whatever_the_zone(
    zone: str, last_day: date, late: timedelta, *, still_open: bool, still_taken: bool
) -> None:
    closes, words = CLOSES[last_day]
    opened = Round(opens_at=closes - timedelta(days=60), closes_at=london_noon(last_day), grace_minutes=5)
    received = (closes + late).astimezone()  # as a server in that zone says it
    assert opened.closes_at == closes
    assert deadline(opened.closes_at) == words
    assert is_open(opened, received) is still_open
    assert takes(opened, received) is still_taken


def test_without_a_grace_the_close_is_the_end() -> None:
    closes, _ = CLOSES[date(2025, 7, 4)]
    opened = Round(opens_at=closes - timedelta(days=60), closes_at=closes, grace_minutes=0)
    assert takes(opened, closes - SECOND)
    assert not takes(opened, closes)


def test_a_grace_opens_nothing_early() -> None:
    opens = datetime(2026, 5, 1, 11, tzinfo=UTC)
    opened = Round(opens_at=opens, closes_at=opens + timedelta(days=60), grace_minutes=5)
    assert takes(opened, opens)
    assert not takes(opened, opens - SECOND)
