"""What a result was made of (pure): by criterion, and by assessor without a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spatc_funds.assessment import scoring

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion: its weight, the mean score, and what that brings to the mark; figures as shown, one decimal."""

    name: str
    weight: int
    mean: str
    points: str
    scores: Sequence[int]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One score on a sheet, with the words of its point on the scale and the reason that was given."""

    name: str
    weight: int
    score: int | None
    anchor: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One assessor's sheet: the mark as shown (empty while a score is missing) and its lines."""

    mark: str
    lines: Sequence[SheetLine]


@dataclass(frozen=True, slots=True)
class ResultShown:
    """A settled result in a list: mark and spread as shown, and whether the spread asks for another look."""

    mark: str
    spread: str
    wide: bool


def result_shown(mark_micro: int, spread_micro: int, threshold: int) -> ResultShown:
    """Mark and spread with one decimal, from millionths; wide above the round's threshold in whole marks."""
    return ResultShown(_shown(mark_micro), _shown(spread_micro), spread_micro > threshold * MICRO)


def by_criterion(content: Mapping[str, Any], names: Mapping[str, str]) -> list[CriterionLine]:
    """The criteria of a settled result, from its frozen content; names by key."""
    lines = []
    for key, weight in content["weights"].items():
        mean = Fraction(content["criteria"][key])
        points = weight * mean / content["scale_maximum"]
        scores = [sheet["scores"][key] for sheet in content["sheets"]]
        lines.append(CriterionLine(names.get(key, key), weight, scoring.shown(mean), scoring.shown(points), scores))
    return lines


def by_assessor(
    content: Mapping[str, Any], names: Mapping[str, str], anchors: Mapping[str, Mapping[int, str]]
) -> list[SheetShown]:
    """The sheets of a settled result, in the order in which they became final."""
    shown = []
    for sheet in content["sheets"]:
        lines = []
        for key, weight in content["weights"].items():
            score = sheet["scores"][key]
            words = anchors.get(key, {}).get(score, "")
            lines.append(SheetLine(names.get(key, key), weight, score, words, sheet["reasons"][key]))
        shown.append(SheetShown(scoring.shown(Fraction(sheet["mark"])), lines))
    return shown


def _shown(micro: int) -> str:
    return scoring.shown(Fraction(micro, MICRO))
