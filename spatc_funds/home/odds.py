"""How many of those who applied were funded (pure), by pot and by district."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tried:
    """One bid of a round that is over and decided: its pot, its districts, and whether it was funded."""

    pot: str
    districts: Sequence[str]
    funded: bool


@dataclass(frozen=True, slots=True)
class Odds:
    """``funded`` of ``applied``."""

    name: str
    applied: int
    funded: int


def by_pot(tried: Iterable[Tried]) -> list[Odds]:
    """Each pot's odds, by name."""
    return _odds((each.pot, each.funded) for each in tried)


def by_district(tried: Iterable[Tried]) -> list[Odds]:
    """Each district's odds, by name. A bid for several districts counts in each: these are never added up."""
    return _odds((district, each.funded) for each in tried for district in each.districts)


def _odds(found: Iterable[tuple[str, bool]]) -> list[Odds]:
    counts: dict[str, tuple[int, int]] = {}
    for name, funded in found:
        applied, won = counts.get(name, (0, 0))
        counts[name] = (applied + 1, won + funded)
    return [Odds(name, *counts[name]) for name in sorted(counts)]
