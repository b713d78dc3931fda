"""From one version of the plan to another (pure): what parts become, and money by part said in the other's words.

A part becomes one part, is split between several by a declared share of whole per cent, or ends.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from spatc_funds.core.money import split_pence

HUNDRED = 100
Lines = Mapping[str, Sequence["Line"]]  # by kind of part
# Where the money of parts goes that have no successor: so that the whole is always the whole.
ENDED, NOT_MAPPED = "ended", "not-mapped"


@dataclass(frozen=True, slots=True)
class Line:
    """So many per cent of a part become this part of the other version; None where it ends."""

    from_key: str
    to_key: str | None
    percent: int = HUNDRED


def faults(lines: Sequence[Line], parts: Collection[str]) -> list[str]:
    """What is wrong with what one part becomes, in words; ``parts`` are those of the other version."""
    found = []
    targets = [line.to_key for line in lines if line.to_key is not None]
    if not lines:
        found.append("Say what this becomes, or that it ends here")
    if len(targets) < len(lines) and len(lines) > 1:
        found.append("A part that ends here becomes nothing else")
    if len(set(targets)) < len(targets):
        found.append("Each part can be named once")
    if set(targets) - set(parts):
        found.append("Choose only parts of the other version")
    if any(not 1 <= line.percent <= HUNDRED for line in lines):
        found.append("A share is a whole number from 1 to 100")
    total = sum(line.percent for line in lines)
    if lines and total != HUNDRED:
        found.append(f"The shares have to add up to 100. They add up to {total}")
    return found


def identity(keys: Iterable[str]) -> list[Line]:
    """Every part becomes the one of its own key."""
    return [Line(key, key) for key in keys]


def unmapped(keys: Iterable[str], lines: Iterable[Line]) -> list[str]:
    """The parts of which nothing is said yet, in their order."""
    said = {line.from_key for line in lines}
    return [key for key in keys if key not in said]


def becomes(key: str, lines: Iterable[Line]) -> dict[str, int]:
    """The share in per cent of each part that this one becomes; ``ENDED``, or ``NOT_MAPPED`` where nothing is said."""
    shares = {line.to_key or ENDED: line.percent for line in lines if line.from_key == key}
    return shares or {NOT_MAPPED: HUNDRED}


def chained(first: Sequence[Line], then: Sequence[Line]) -> list[Line]:
    """What parts become over a version between the two: shares multiplied, in whole per cent that come to 100.

    A part of which one of the two says nothing goes on under its own key there.
    """
    said = {line.from_key: None for line in first}
    found = [line for line in then if line.from_key not in said]
    for key in said:
        shares: dict[str, int] = {}
        for part, share in becomes(key, first).items():
            onward = {part: HUNDRED} if part == ENDED else becomes(part, then)
            for last, more in ({part: HUNDRED} if NOT_MAPPED in onward else onward).items():
                shares[last] = shares.get(last, 0) + share * more
        parts = split_pence(HUNDRED, shares)
        found += [Line(key, None if part == ENDED else part, share) for part, share in parts.items() if share]
    return found


def all_ways(declared: Mapping[tuple[str, str], Lines], to: str) -> dict[str, Lines]:
    """What the parts of every version that leads to one become in it: by what is declared of the two, else over others.

    ``declared`` is by the two versions' keys, earlier and later; the way over the fewest versions counts.
    """
    found: dict[str, Lines] = {}
    reached = [to]
    for version in reached:
        for earlier, later in declared:
            if later != version or earlier in {to, *found}:
                continue
            lines, onward = declared[earlier, later], found.get(version)
            found[earlier] = lines if onward is None else _onward(lines, onward)
            reached.append(earlier)
    return found


def _onward(lines: Lines, onward: Lines) -> Lines:
    return {kind: chained(lines.get(kind, ()), onward.get(kind, ())) for kind in {**lines, **onward}}


def translated(pence: Mapping[str, int], lines: Sequence[Line]) -> dict[str, int]:
    """Whole pence by part, said in the other version's parts: each part's money split to the penny.

    The sum is the same before and after. Zero parts of a split stand, as in ``split_pence``.
    """
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(line.from_key, []).append(line)
    found: dict[str, int] = {}
    for key, amount in pence.items():
        for part, share in split_pence(amount, becomes(key, by_key.get(key, ()))).items():
            found[part] = found.get(part, 0) + share
    return found
