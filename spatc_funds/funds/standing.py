"""Whether a round is open (pure), in words that a page can show."""

from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """A round without days of its own was run before this service: all that is known is that it is over."""

    NOT_YET = "not open yet"
    OPEN = "open"
    CLOSED = "closed"


COLOURS = {Standing.NOT_YET: "yellow", Standing.OPEN: "green", Standing.CLOSED: "grey"}


def standing(opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> Standing:
    """From the first moment on it is open; at the last it is closed."""
    if opens_at is None or closes_at is None:
        return Standing.CLOSED
    if at < opens_at:
        return Standing.NOT_YET
    return Standing.OPEN if at < closes_at else Standing.CLOSED
