"""Would the answer change? (pure) Which bids cross the line when one assessor, one weight or severity is taken away.

The line falls in rank order where the next bid no longer fits into the money, or is below the threshold. Bids that
cross it when a little is changed are what a panel talks about; those that never do need no discussion.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

from spatc_funds.assessment import record, scoring
from spatc_funds.assessment.severity import without

TENTH = Fraction(1, 10)
HUNDRED = 100
MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Scored:
    """A bid with the final sheets of its assessors, by person: criterion → score.

    Beside them stand its moderated scores, by criterion, and what the advisory bodies gave it.
    """

    reference: str
    asked_pence: int
    sheets: Mapping[int, Mapping[str, int]]
    moderated: Mapping[str, int] = field(default_factory=dict)
    bodies: Sequence[record.Body] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What may be given in all, in pence (None: no limit), and the mark in 0 to 100 that is asked at least."""

    limit_pence: int | None = None
    threshold: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Flip:
    """A bid crosses the line: what was changed (``assessor``, ``weight`` or ``severity``), and whose or which."""

    kind: str
    what: str


def above(bids: Sequence[Scored], marks: Mapping[str, Fraction], line: Line) -> frozenset[str]:
    """The references above the line. Equal marks stand in the order of ``bids``: the tie rule that was published."""
    found, given = set[str](), 0
    for bid in sorted(bids, key=lambda each: -marks[each.reference]):
        given += bid.asked_pence
        if marks[bid.reference] < line.threshold or (line.limit_pence is not None and given > line.limit_pence):
            break
        found.add(bid.reference)
    return frozenset(found)


def mark_of(bid: Scored, weights: Mapping[str, int], maximum: int) -> Fraction:
    """The mark as it is recorded. Raises as ``scoring.bid_mark``."""
    return _mark(bid, weights, _record(bid, weights, maximum), maximum)


def flips(bids: Sequence[Scored], weights: Mapping[str, int], maximum: int, line: Line) -> dict[str, list[Flip]]:
    """What makes each bid cross the line, by reference; a bid that nothing moves has an empty list.

    Left out in turn: each assessor of the bid (where another stays); a tenth of each weight, up and down, the rest
    rescaled to 100; the severities of all assessors. None of them moves a moderated score. Raises as
    ``scoring.bid_mark`` for sheets that are not complete.
    """
    records = {bid.reference: _record(bid, weights, maximum) for bid in bids}
    marks = {bid.reference: _mark(bid, weights, records[bid.reference], maximum) for bid in bids}
    stands = above(bids, marks, line)
    found: dict[str, list[Flip]] = {bid.reference: [] for bid in bids}
    for reference, person in _left_out(bids, weights, maximum, marks, stands, line):
        found[reference].append(Flip("assessor", str(person)))
    for what, moved in _moved(weights):
        then = {bid.reference: _mark(bid, moved, records[bid.reference], maximum) for bid in bids}
        for reference in above(bids, then, line) ^ stands:
            found[reference].append(Flip("weight", what))
    for reference in above(bids, _levels(bids, weights, maximum, marks), line) ^ stands:
        found[reference].append(Flip("severity", ""))
    return found


def moved_weights(weights: Mapping[str, int], criterion: str, part: Fraction) -> dict[str, Fraction]:
    """The weights with one of them raised by a part of itself, the rest rescaled so that they sum to exactly 100."""
    raised = min(weights[criterion] * (1 + part), Fraction(HUNDRED))
    rest = Fraction(HUNDRED - raised, HUNDRED - weights[criterion])
    return {key: raised if key == criterion else weight * rest for key, weight in weights.items()}


def _record(bid: Scored, weights: Mapping[str, int], maximum: int) -> dict[str, Fraction]:
    return record.of_criteria(weights, [*bid.sheets.values()], maximum, bid.moderated)


def _mark(bid: Scored, weights: scoring.Weights, found: record.Record, maximum: int) -> Fraction:
    return record.whole_mark(weights, found, bid.bodies, maximum)


def _moved(weights: Mapping[str, int]) -> Iterator[tuple[str, dict[str, Fraction]]]:
    for criterion, weight in weights.items():
        if 0 < weight < HUNDRED:
            yield f"{criterion} up", moved_weights(weights, criterion, TENTH)
            yield f"{criterion} down", moved_weights(weights, criterion, -TENTH)


def _levels(
    bids: Sequence[Scored], weights: Mapping[str, int], maximum: int, marks: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The marks with severity taken out, still in 0 to 100, rounded to a millionth: the sums are floating.

    What an assessor gives more or fewer is in their own part of the mark alone: what was moderated, and what the
    bodies gave, stays.
    """
    given = {
        bid.reference: {
            person: float(scoring.sheet_mark(weights, sheet, maximum)) for person, sheet in bid.sheets.items()
        }
        for bid in bids
    }
    levels, found = without(given), {}
    for bid in bids:
        sheets = given[bid.reference]
        severity = sum(sheets.values()) / len(sheets) - levels[bid.reference]
        level = float(marks[bid.reference]) - severity * float(_own_part(bid, weights))
        found[bid.reference] = Fraction(round(min(max(level, 0.0), float(HUNDRED)) * MICRO), MICRO)
    return found


def _own_part(bid: Scored, weights: Mapping[str, int]) -> Fraction:
    """The part of the mark, in 0 to 1, that the assessors' own scores make."""
    unmoderated = sum(weight for key, weight in weights.items() if key not in bid.moderated)
    return Fraction((HUNDRED - sum(each.weight for each in bid.bodies)) * unmoderated, HUNDRED * HUNDRED)


def _left_out(
    bids: Sequence[Scored],
    weights: Mapping[str, int],
    maximum: int,
    marks: Mapping[str, Fraction],
    stands: frozenset[str],
    line: Line,
) -> Iterator[tuple[str, int]]:
    """Only the one bid's mark moves: where it would stand is looked up among the others, not ranked anew."""
    place = {bid.reference: number for number, bid in enumerate(bids)}
    order = sorted(bids, key=lambda bid: (-marks[bid.reference], place[bid.reference]))
    keys = [(-marks[bid.reference], place[bid.reference]) for bid in order]
    before = [0, *accumulate(bid.asked_pence for bid in order)]  # what those that stand before it ask, by rank
    for bid in bids:
        rank = bisect_left(keys, (-marks[bid.reference], place[bid.reference]))
        for person in sorted(bid.sheets) if len(bid.sheets) > 1 else ():
            rest = [sheet for other, sheet in bid.sheets.items() if other != person]
            left = record.of_criteria(weights, rest, maximum, bid.moderated)
            mark = _mark(bid, weights, left, maximum)
            now = bisect_left(keys, (-mark, place[bid.reference]))
            ahead = before[now] - (bid.asked_pence if rank < now else 0)
            fits = line.limit_pence is None or ahead + bid.asked_pence <= line.limit_pence
            if (fits and mark >= line.threshold) != (bid.reference in stands):
                yield bid.reference, person
