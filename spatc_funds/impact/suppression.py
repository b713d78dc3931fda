"""Small numbers are taken out before anything is published (pure), and so that no subtraction brings them back.

Primary: a count under the least. Secondary: further counts, in the order of their
names whatever they are (that the smallest was taken would tell what it is), till at least two are out, those that
are out come to the least together, and not just to the most that so many small ones can: then the total less what is
shown says of none of them what it is, not even to somebody who knows this rule.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST = 5
OF_PEOPLE = frozenset({"unique people", "attendances", "n-of-m"})
WAYS: Sequence[str] = (
    "total",
    "by_theme",
    "by_cross_cutting_theme",
    "matrix",
    "by_outcome",
    "by_district",
    "by_financial_year",
)


@dataclass(frozen=True, slots=True)
class Published:
    """Counts as they may be shown: None is taken out. The total is the sum of all parts, or taken out too."""

    parts: Mapping[str, int | None]
    total: int | None

    @property
    def complete(self) -> bool:
        """Whether nothing was taken out."""
        return self.total is not None and None not in self.parts.values()


def suppress(parts: Mapping[str, int], least: int = LEAST, before: Collection[str] = ()) -> Published:
    """The parts of one total, each person or thing in one part. Raises ValueError for a count below nothing.

    ``before`` are parts that an earlier table left out: they stay out, else the later one would tell of the earlier.
    """
    if any(count < 0 for count in parts.values()):
        message = "a count below nothing"
        raise ValueError(message)
    out = {key for key, count in parts.items() if count < least or key in before}
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


def told_too_much(
    content: Mapping[str, Any], before: Iterable[Mapping[str, Any]], least: int = LEAST
) -> set[tuple[str, str]]:
    """The figures of people that may not stand: pairs of a way (a list of the exported file, or "total") and a measure.

    A measure is out in a whole way where one part of it is small, or has moved by little since an earlier content; and
    everywhere where the total is or has: no part can then be found by taking others from the whole.
    """
    held = [_figures(each) for each in before]
    found = set()
    for (way, part, measure), numbers in _figures(content).items():
        others = [each.get((way, part, measure)) for each in held]
        moved = [abs(one - other) for each in others if each for one, other in zip(numbers, each, strict=True)]
        if any(0 < number < least for number in (*numbers, *moved)):
            found.add((way, measure))
    return found | {(way, measure) for way in WAYS for total, measure in found if total == "total"}


def is_small(measure: Mapping[str, Any], least: int = LEAST) -> bool:
    """Whether a measure of an exported member tells of few people."""
    return measure["basis"] in OF_PEOPLE and any(0 < number < least for number in _numbers(measure))


def left_out(measure: Mapping[str, Any]) -> dict[str, Any]:
    """A measure of an exported member without its figures."""
    names = ("low", "high", "n", "of", "value", "projects_reporting", "projects_due")
    return {**measure, **dict.fromkeys(names), "left_out": True}


def _numbers(measure: Mapping[str, Any]) -> tuple[int, ...]:
    """What a measure says, with what can be taken from one another within it."""
    low, high, n, of, value = (measure[name] or 0 for name in ("low", "high", "n", "of", "value"))
    return (low, high, high - low, n, of, of - n, value)


def _figures(content: Mapping[str, Any]) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """What each part says of each measure of people."""
    found: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for way in WAYS:
        for part in [content[way]] if way == "total" else content[way]:
            key = part.get("key") or f"{part['theme']} {part['cross_cutting_theme']}"
            for each in part["measures"]:
                if each["basis"] in OF_PEOPLE:
                    found[way, key, each["key"]] = _numbers(each)
    return found


def _tells(parts: Mapping[str, int], out: set[str], least: int) -> bool:
    """Whether the sum of what is taken out says what each of it is: one alone, hardly any, or all as many as can be."""
    together = sum(parts[key] for key in out)
    return bool(out) and (len(out) == 1 or together < least or together == len(out) * (least - 1))
