"""Where scores stand on their scale as dots (pure): equal ones above one another. Lengths in units of the drawing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

EDGE = 8
STEP = 22
RISE = 12


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawing: how large it is, where the points of the scale stand, the dots (x, y), and where the ring stands."""

    width: int
    height: int
    ticks: tuple[int, ...]
    dots: tuple[tuple[int, int], ...]
    ring: tuple[int, int] | None

    @property
    def ground(self) -> int:
        """How far down the scale's line is."""
        return self.height - EDGE


def strip(scores: Sequence[int], maximum: int, moderated: int | None = None) -> Strip:
    """Scores from 0 to ``maximum`` as dots, in their order; a ring around the point of the moderated score.

    Raises ValueError for a score off the scale.
    """
    if any(not 0 <= each <= maximum for each in (*scores, moderated or 0)):
        message = f"a score off the scale of 0 to {maximum}"
        raise ValueError(message)
    highest = max(Counter(scores).values(), default=1)
    height = 2 * EDGE + (highest - 1) * RISE
    seen: Counter[int] = Counter()
    dots = []
    for each in scores:
        dots.append((_across(each), height - EDGE - seen[each] * RISE))
        seen[each] += 1
    ring = None if moderated is None else (_across(moderated), height - EDGE)
    ticks = tuple(_across(each) for each in range(maximum + 1))
    return Strip(2 * EDGE + maximum * STEP, height, ticks, tuple(dots), ring)


def _across(score: int) -> int:
    return EDGE + score * STEP
