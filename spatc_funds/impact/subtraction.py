"""What somebody finds out who adds and subtracts published figures of people (pure).

A figure of a part is the sum of what its projects counted, and so is everything that can be made of figures by adding
and subtracting. Projects that stand in just the same parts can never be told apart: together they are one **atom**.
Something small is found exactly where a combination of the published rows falls on small atoms alone, because each
large one would have to cancel out. So a way of looking at it may stand beside the others if, by Gaussian elimination on
the large atoms, no row is left that names small ones and nothing else. (It leaves out a little too much: several small
atoms that only come together may be many people.)

The same is asked of what has changed since an earlier publication: then an atom is the difference of the two.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from spatc_funds.impact.suppression import LEAST

Part = tuple[str, str]  # a way of looking at it, and the key of one of its parts
Atom = frozenset[Part]  # every part in which some projects stand
Atoms = Mapping[Atom, Sequence[float]]  # what they counted: one number, or of n of m both and those that are left
Row = dict[int, int]

TOTAL = "total"
SPLITS = "splits"  # the tables of who took part
# What is given up last stands first.
ORDER = (
    TOTAL,
    "by_theme",
    "by_outcome",
    "by_financial_year",
    "by_district",
    "by_cross_cutting_theme",
    "matrix",
    SPLITS,
)
_PRIME = (1 << 61) - 1


def given_up(atoms: Atoms, ways: Sequence[str] = ORDER, least: int = LEAST) -> set[str]:
    """The ways that cannot stand beside those before them in ``ORDER``, of those that are to be published.

    The total is never one of them: whether it is small by itself is asked elsewhere.
    """
    out: set[str] = set()
    for place in range(max(map(len, atoms.values()), default=0)):
        numbers = {atom: abs(counts[place]) for atom, counts in atoms.items() if counts[place]}
        out |= _given_up(numbers, [way for way in ORDER if way in ways and way not in out], least)
    return out


def changed(now: Atoms, before: Atoms) -> dict[Atom, tuple[float, ...]]:
    """How much each atom has moved; what is not there counts as nothing."""
    length = max((len(each) for each in (*now.values(), *before.values())), default=0)
    none = (0,) * length
    return {
        atom: tuple(one - other for one, other in zip(now.get(atom, none), before.get(atom, none), strict=True))
        for atom in {**now, **before}
    }


def _given_up(numbers: Mapping[Atom, float], ways: Sequence[str], least: int) -> set[str]:
    large = [atom for atom, number in numbers.items() if number >= least]
    small = [atom for atom, number in numbers.items() if number < least]
    if not small:
        return set()
    columns = {atom: place for place, atom in enumerate([*large, *small])}
    out: set[str] = set()
    basis: dict[int, Row] = {}
    for way in ways:
        tried = dict(basis)
        if all(_stands(tried, row, len(large)) for row in _rows(columns, way)) or way == TOTAL:
            basis = tried
        else:
            out.add(way)
    return out


def _rows(columns: Mapping[Atom, int], way: str) -> list[Row]:
    """Each part of a way: 1 for the atoms that stand in it."""
    found: dict[str, Row] = defaultdict(dict)
    for atom, place in columns.items():
        for of, key in atom:
            if of == way:
                found[key][place] = 1
    return [found[key] for key in sorted(found)]


def _stands(basis: dict[int, Row], row: Row, large: int) -> bool:
    """Take out of a row what is known already; False where only small atoms are left (their columns come last)."""
    left = dict(row)
    for pivot, known in basis.items():
        factor = left.get(pivot, 0)
        if factor:
            for place, number in known.items():
                left[place] = (left.get(place, 0) - factor * number) % _PRIME
    left = {place: number for place, number in left.items() if number}
    pivots = [place for place in left if place < large]
    if pivots:
        scale = pow(left[pivots[0]], -1, _PRIME)
        basis[pivots[0]] = {place: number * scale % _PRIME for place, number in left.items()}
    return bool(pivots) or not left
