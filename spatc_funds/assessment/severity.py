"""Who marks hard or soft (pure): an additive model of bids and assessors, the latter shrunk towards nought.

A mark is the bid's own level and the assessor's severity, and what is left over. Somebody who has few bids is drawn
towards nought: it counts as if they had also marked ``PRIOR_BIDS`` bids just as hard as everybody else. It is a prompt
for a talk, and never re-ranks by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PRIOR_BIDS = 4
CLOSE_ENOUGH = 1e-9
MOST_ROUNDS = 2_000  # a bound only: a few dozen are enough
NOTABLE = 5.0  # marks of 100 above or below the others

Marks = Mapping[str, Mapping[int, float]]  # bid → assessor → mark in 0 to 100


@dataclass(frozen=True, slots=True)
class Severity:
    """How many marks of 100 an assessor gives more (above nought) or fewer than others do to the same bids."""

    effect: float
    bids: int

    @property
    def words(self) -> str:
        """What it means, in words."""
        size = f"{abs(self.effect):.0f} marks"
        if self.effect >= NOTABLE:
            return f"Gives about {size} more than others do to the same bids"
        if self.effect <= -NOTABLE:
            return f"Gives about {size} fewer than others do to the same bids"
        return "Marks like the others"


def severities(marks: Marks) -> dict[int, Severity]:
    """The effect of each assessor who has marked, by person; bids with one mark say nothing of anybody.

    The levels are put out of the normal equations of ridge regression first, so that only people are left in them:
    ``(n - W[p, p] + PRIOR_BIDS) effect[p] = R[p] + sum of W[p, q] effect[q]`` over the others, where R is how far their
    marks lie from the bids' means, and W[p, q] the sum of 1 / (marks of a bid) over the bids that both have marked.
    Gauss-Seidel then goes round until no effect moves by a billionth of a mark, which it always does: the matrix is
    positive definite.
    """
    people = sorted({person for sheets in marks.values() for person in sheets})
    bids, off = dict.fromkeys(people, 0), dict.fromkeys(people, 0.0)
    together: dict[int, dict[int, float]] = {person: {} for person in people}
    for sheets in marks.values():
        if len(sheets) > 1:
            mean = sum(sheets.values()) / len(sheets)
            for person, mark in sheets.items():
                bids[person] += 1
                off[person] += mark - mean
                for other in sheets:
                    together[person][other] = together[person].get(other, 0.0) + 1 / len(sheets)
    own = {person: together[person].pop(person, 0.0) for person in people}
    effects = dict.fromkeys(people, 0.0)
    moved, rounds = CLOSE_ENOUGH, 0
    while moved >= CLOSE_ENOUGH and rounds < MOST_ROUNDS:
        moved, rounds = 0.0, rounds + 1
        for person in people:
            others = sum(share * effects[other] for other, share in together[person].items())
            effect = (off[person] + others) / (bids[person] - own[person] + PRIOR_BIDS)
            moved, effects[person] = max(moved, abs(effect - effects[person])), effect
    return {person: Severity(effects[person], bids[person]) for person in people}


def without(marks: Marks) -> dict[str, float]:
    """Each bid's mark with the severities of its assessors taken out."""
    effects = {person: each.effect for person, each in severities(marks).items()}
    return {bid: _level(sheets, effects) for bid, sheets in marks.items()}


def _level(sheets: Mapping[int, float], effects: Mapping[int, float]) -> float:
    """A bid's own level: the mean of its marks with the assessors' effects taken out."""
    return sum(mark - effects[person] for person, mark in sheets.items()) / len(sheets)
