"""How long an assessor takes for a bid, and what that leaves (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

LEAST = 3  # below it, a pace says nothing
NEWEST = 10
LONGEST = timedelta(hours=3)  # beyond it, somebody went home in between
STEP = 5


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sheet: when it was begun and when it became final."""

    started_at: datetime
    final_at: datetime


def pace(sheets: Iterable[Sitting]) -> timedelta | None:
    """The usual time for one bid: the median of the newest ten that were done in one go; None while there are too few.

    A sheet's time runs from its begin, or from the sheet before it where that became final later.
    """
    times, before = [], None
    for each in sorted(sheets, key=lambda sheet: (sheet.final_at, sheet.started_at)):
        begun = max(each.started_at, before) if before else each.started_at
        before = each.final_at
        if timedelta(0) < each.final_at - begun <= LONGEST:
            times.append(each.final_at - begun)
    newest = times[-NEWEST:]
    return timedelta(seconds=median(each.total_seconds() for each in newest)) if len(newest) >= LEAST else None


def left(each: timedelta | None, bids: int) -> str:
    """``about 2 h 20 left at your pace``, in steps of five minutes; empty where nothing is known or left."""
    if each is None or bids <= 0:
        return ""
    minutes = max(STEP, round(each.total_seconds() * bids / 60 / STEP) * STEP)
    hours, rest = divmod(minutes, 60)
    said = f"{hours} h {rest:02}" if hours and rest else f"{hours} h" if hours else f"{rest} min"
    return f"about {said} left at your pace"
