"""When a round is open: from its first moment on, and no longer at its last."""

from datetime import UTC, datetime, timedelta

import pytest

from spatc_funds.core.periods import london_noon
from spatc_funds.funds.standing import COLOURS, Standing, standing

OPENS, CLOSES = (
    london_noon(datetime(2025, 6, 6, tzinfo=UTC).date()),
    london_noon(datetime(2025, 7, 4, tzinfo=UTC).date()),
)
BLINK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (OPENS - BLINK, Standing.NOT_YET),
        (OPENS, Standing.OPEN),
        (CLOSES - BLINK, Standing.OPEN),
        (CLOSES, Standing.CLOSED),
        (CLOSES + BLINK, Standing.CLOSED),
    ],
)
def test_to_the_moment(at: datetime, found: Standing) -> None:
    assert standing(OPENS, CLOSES, at) is found


@pytest.mark.parametrize(("opens", "closes"), [(None, None), (OPENS, None), (None, CLOSES)])
def test_without_its_days_a_round_is_over(opens: datetime | None, closes: datetime | None) -> None:
    assert standing(opens, closes, OPENS) is Standing.CLOSED


def test_every_standing_has_a_colour() -> None:
    assert set(COLOURS) == set(Standing)
