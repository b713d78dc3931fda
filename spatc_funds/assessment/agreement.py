"""How far assessors agree (pure): Krippendorff's alpha for interval data, exact, with missing scores left out.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), interval metric; its section D is the worked
example that the tests hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

# What a figure of agreement is called for people who are not statisticians (Krippendorff 2004, pages 241 to 243).
RELIABLE, TENTATIVE = Fraction(4, 5), Fraction(667, 1000)
Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha, and how many pairs of scores of the same bid it rests on; None where it says nothing."""

    alpha: Fraction | None
    pairs: int

    @property
    def words(self) -> str:
        """What it means, in words."""
        if self.alpha is None:
            return "Nothing to compare yet"
        if self.alpha >= RELIABLE:
            return "Assessors agree well"
        if self.alpha >= TENTATIVE:
            return "Assessors agree fairly well. Look at the bids with the widest spread"
        if self.alpha > 0:
            return "Assessors agree little. Talk about what the scores mean before you rely on the marks"
        return "Assessors agree no more than by chance. Do not rely on the marks as they are"


def interval_alpha(bids: Sequence[Sequence[Number]]) -> Agreement:
    """Alpha over the scores of each bid, one for each assessor who gave one, in any order.

    1 where everybody agrees, 0 where it is no better than chance. A bid with one score compares nothing and is left
    out. Where nothing can be compared, or every score of every bid is the same number, there is no alpha.
    """
    paired = [[Fraction(score) for score in scores] for scores in bids if len(scores) > 1]
    every = [score for scores in paired for score in scores]
    pairs = sum(len(scores) * (len(scores) - 1) // 2 for scores in paired)
    expected = _differences(every)
    if not every or not expected:
        return Agreement(None, pairs)
    observed = sum((_differences(scores) / (len(scores) - 1) for scores in paired), Fraction(0))
    return Agreement(1 - (len(every) - 1) * observed / expected, pairs)


def by_criterion(sheets: Mapping[str, Sequence[Mapping[str, int]]], criteria: Sequence[str]) -> dict[str, Agreement]:
    """Alpha of each criterion from the sheets of each bid (criterion → score); a criterion not scored is left out."""
    return {
        criterion: interval_alpha([[each[criterion] for each in bid if criterion in each] for bid in sheets.values()])
        for criterion in criteria
    }


def _differences(scores: Sequence[Fraction]) -> Fraction:
    """The sum of the squared differences of all pairs, counted both ways: 2 (n Σx² - (Σx)²), without walking them."""
    return 2 * (len(scores) * sum((each * each for each in scores), Fraction(0)) - sum(scores, Fraction(0)) ** 2)
