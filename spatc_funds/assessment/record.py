"""The record of a bid (pure): what each criterion counts with, the mark made of it, and what the group is told.

A moderated score counts instead of the mean of the assessors' scores; these stay as they are. An advisory body's mark
is made of its own criteria alone. Exact throughout, as in ``scoring``: a score is in 0 to the round's maximum, a mark
in 0 to 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spatc_funds.assessment import scoring

HUNDRED = scoring.HUNDRED
Record = Mapping[str, Fraction]  # criterion → the score that it counts with


@dataclass(frozen=True, slots=True)
class Body:
    """What an advisory body gave a bid: the mean of its advisers for each of its criteria.

    ``weight`` is its share of the mark in percent; with 0 it is shown beside the mark and changes nothing.
    """

    weight: int
    means: Record


def of_criteria(
    weights: scoring.Weights, sheets: Sequence[scoring.Sheet], maximum: int, moderated: Mapping[str, int]
) -> dict[str, Fraction]:
    """What each criterion counts with: its moderated score where there is one, else the mean over the assessors.

    Raises as ``scoring.sheet_mark`` for sheets that are not complete, and ValueError for a moderated score that is off
    the scale or of no criterion.
    """
    if wrong := [key for key, score in moderated.items() if key not in weights or not 0 <= score <= maximum]:
        message = f"a moderated score of {', '.join(wrong)} is off the scale of 0 to {maximum}, or of no criterion"
        raise ValueError(message)
    means = scoring.criterion_means(weights, sheets, maximum)
    return {key: Fraction(moderated[key]) if key in moderated else mean for key, mean in means.items()}


def spread_left(
    weights: scoring.Weights, sheets: Sequence[scoring.Sheet], maximum: int, moderated: Mapping[str, int]
) -> Fraction:
    """How far the assessors are still apart, in marks, in what nobody has moderated; nothing for one assessor.

    A moderated criterion counts alike for all of them. Raises IncompleteError for no sheets, and as
    ``scoring.sheet_mark``.
    """
    return scoring.spread([scoring.sheet_mark(weights, {**sheet, **moderated}, maximum) for sheet in sheets])


def body_mark(weights: scoring.Weights, means: Record, maximum: int) -> Fraction:
    """An advisory body's mark: its criteria weighted among themselves, as if they were the whole.

    Criteria of which none has any weight count alike. Raises IncompleteError where the body has given nothing.
    """
    if not means:
        message = "this body has given no scores"
        raise scoring.IncompleteError(message)
    parts: scoring.Weights = {key: weights[key] for key in means}
    if not any(parts.values()):
        parts = dict.fromkeys(means, 1)
    return scoring.weighted(parts, means, maximum) * HUNDRED / sum(parts.values())


def whole_mark(weights: scoring.Weights, found: Record, bodies: Iterable[Body], maximum: int) -> Fraction:
    """The bid's mark: the record's, and each body's with its share.

    Raises ValueError for weights as ``scoring.bid_mark`` does, and for bodies that would have more than all of it.
    """
    scoring.refuse_wrong(weights)
    mark = scoring.weighted(weights, found, maximum)
    counting = [each for each in bodies if each.weight]
    own = HUNDRED - sum(each.weight for each in counting)
    if own < 0:
        message = "the bodies' shares of the mark sum to more than 100"
        raise ValueError(message)
    theirs = sum((each.weight * body_mark(weights, each.means, maximum) for each in counting), Fraction(0))
    return (own * mark + theirs) / HUNDRED if counting else mark


def standard(score: Fraction, anchors: Mapping[int, str]) -> str:
    """The words of the point on the scale that a score has reached: it is rounded down. Empty where none is so low."""
    reached = max((point for point in anchors if point <= score), default=None)
    return "" if reached is None else anchors[reached]


def told(written: str, texts: Iterable[str]) -> str:
    """What the group is told of a criterion: an officer's words, else the assessors', each once, a blank line between.

    Empty where nobody has written anything.
    """
    return written.strip() or "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))
