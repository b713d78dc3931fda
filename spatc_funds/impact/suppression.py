"""Small numbers are taken out before anything is published (pure), and so that no subtraction brings them back.

Primary: a count under the least. Secondary: further counts, in the order of their
names whatever they are (that the smallest was taken would tell what it is), till at least two are out, those that
are out come to the least together, and not just to the most that so many small ones can: then the total less what is
shown says of none of them what it is, not even to somebody who knows this rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Published:
    """Counts as they may be shown: None is taken out. The total is the sum of all parts, or taken out too."""

    parts: Mapping[str, int | None]
    total: int | None

    @property
    def complete(self) -> bool:
        """Whether nothing was taken out."""
        return self.total is not None and None not in self.parts.values()


def suppress(parts: Mapping[str, int], least: int = LEAST) -> Published:
    """The parts of one total, each person or thing in one part. Raises ValueError for a count below nothing."""
    if any(count < 0 for count in parts.values()):
        message = "a count below nothing"
        raise ValueError(message)
    out = {key for key, count in parts.items() if count < least}
    shown = sorted(key for key in parts if key not in out)
    while shown and _tells(parts, out, least):
        out.add(shown.pop(0))
    hidden = _tells(parts, out, least)
    return Published(
        {key: None if key in out else count for key, count in parts.items()},
        None if hidden else sum(parts.values()),
    )


def withheld(parts: Mapping[str, int]) -> Published:
    """Nothing of a table but the names of its parts."""
    return Published(dict.fromkeys(parts), None)


def tells_by_difference(now: Mapping[str, int], before: Mapping[str, int], least: int = LEAST) -> bool:
    """Whether somebody who has both tables learns of a change that is small: of that many people, and of no more."""
    return any(0 < abs(now.get(key, 0) - before.get(key, 0)) < least for key in {**now, **before})


def _tells(parts: Mapping[str, int], out: set[str], least: int) -> bool:
    """Whether the sum of what is taken out says what each of it is: one alone, hardly any, or all as many as can be."""
    together = sum(parts[key] for key in out)
    return bool(out) and (len(out) == 1 or together < least or together == len(out) * (least - 1))
