"""Marks (pure). Exact throughout: integers in, fractions out, rounded only where they are shown.

A score is a whole number from 0 to the round's maximum. A mark is in 0 to 100. A sheet maps criterion to score; a
criterion that is not in it, or is None, has not been scored: missing is missing, and never zero.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

HUNDRED = 100
Weights = Mapping[str, int | Fraction]
Sheet = Mapping[str, int | None]


class IncompleteError(ValueError):
    """A mark was asked for where a score is missing, or where nobody has scored."""


def missing(weights: Weights, sheet: Sheet) -> list[str]:
    """The criteria that the sheet gives no score for, in the order of the weights."""
    return [criterion for criterion in weights if sheet.get(criterion) is None]


def sheet_mark(weights: Weights, sheet: Sheet, maximum: int) -> Fraction:
    """One assessor's mark: Σ weight × score ÷ maximum.

    Raises IncompleteError when a score is missing, ValueError for weights below 0 or that do not sum to exactly 100,
    and for a score off the scale.
    """
    return bid_mark(weights, [sheet], maximum)


def bid_mark(weights: Weights, sheets: Sequence[Sheet], maximum: int) -> Fraction:
    """The bid's mark: the mean over its assessors per criterion, then weighted. Raises as ``sheet_mark``."""
    refuse_wrong(weights)
    return weighted(weights, criterion_means(weights, sheets, maximum), maximum)


def refuse_wrong(weights: Weights) -> None:
    """Raise ValueError for weights below 0 or that do not sum to exactly 100."""
    if sum(weights.values()) != HUNDRED:
        message = f"the weights sum to {sum(weights.values())}, not to 100"
        raise ValueError(message)
    if min(weights.values()) < 0:
        message = "a weight is below 0"
        raise ValueError(message)


def weighted(weights: Weights, scores: Mapping[str, Fraction], maximum: int) -> Fraction:
    """Σ weight × score ÷ maximum, of one score for each criterion."""
    return sum((weight * scores[criterion] for criterion, weight in weights.items()), Fraction(0)) / maximum


def criterion_means(weights: Weights, sheets: Sequence[Sheet], maximum: int) -> dict[str, Fraction]:
    """The mean score of each criterion over the assessors. Raises as ``sheet_mark``."""
    return {criterion: _mean(criterion, sheets, maximum) for criterion in weights}


def spread(marks: Sequence[Fraction]) -> Fraction:
    """Highest less lowest of the assessors' marks; nothing for one assessor. Raises IncompleteError for none."""
    if not marks:
        message = "nobody has scored this"
        raise IncompleteError(message)
    return max(marks) - min(marks)


def shown(mark: Fraction, places: int = 1) -> str:
    """A mark for people: rounded half up, ``71.7``."""
    scale = 10**places
    whole = (mark * scale + Fraction(1, 2)).__floor__()
    return f"{whole // scale}.{whole % scale:0{places}}" if places else f"{whole}"


def _mean(criterion: str, sheets: Sequence[Sheet], maximum: int) -> Fraction:
    scores = [sheet.get(criterion) for sheet in sheets]
    given = [score for score in scores if score is not None]
    if not scores:
        message = "nobody has scored this"
        raise IncompleteError(message)
    if len(given) < len(scores):
        message = f"“{criterion}” has not been scored by everybody"
        raise IncompleteError(message)
    if min(given) < 0 or max(given) > maximum:
        message = f"a score for “{criterion}” is off the scale of 0 to {maximum}"
        raise ValueError(message)
    return Fraction(sum(given), len(given))
