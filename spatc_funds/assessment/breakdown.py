"""What a result was made of (pure): by criterion, and by assessor without a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spatc_funds.assessment import scoring

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion: its weight, what it counts with, and what that brings to the mark; figures as shown, one decimal.

    ``moderated`` is why it does not count with the mean of the assessors' scores; empty where it does.
    """

    name: str
    weight: int
    mean: str
    points: str
    scores: Sequence[int]
    counts: str = ""
    moderated: str = ""


@dataclass(frozen=True, slots=True)
class BodyLine:
    """An advisory body: its share of the mark in percent, its own mark as shown, what it brings, and its comments.

    The mark is empty where it gave none. The comments are pairs of criterion and text.
    """

    name: str
    weight: int
    mark: str
    points: str
    comments: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What a group is told of a criterion, and the standard that it has reached, in words."""

    name: str
    standard: str
    text: str


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
    """The criteria of a settled result, from its frozen content; names by key.

    What they bring to the mark and what the bodies bring add up to it.
    """
    lines, own = [], 100 - sum(each["weight"] for each in content.get("bodies", ()))
    for key, weight in content["weights"].items():
        mean = Fraction(content["criteria"][key])
        counted = Fraction(content.get("record", content["criteria"])[key])
        points = weight * counted / content["scale_maximum"] * own / 100
        lines.append(
            CriterionLine(
                name=names.get(key, key),
                weight=weight,
                mean=scoring.shown(mean),
                points=scoring.shown(points),
                scores=[sheet["scores"][key] for sheet in content["sheets"]],
                counts=scoring.shown(counted),
                moderated=content.get("moderated", {}).get(key, {}).get("reason", ""),
            )
        )
    return lines


def by_body(content: Mapping[str, Any], names: Mapping[str, str]) -> list[BodyLine]:
    """The advisory bodies of a settled result, in the order of their round."""
    lines = []
    for body in content.get("bodies", ()):
        mark = Fraction(body["mark"]) if body["mark"] is not None else None
        brings = scoring.shown(mark * body["weight"] / 100) if mark is not None else ""
        comments = [(names.get(key, key), text) for key, texts in body["comments"].items() for text in texts]
        shown = scoring.shown(mark) if mark is not None else ""
        lines.append(BodyLine(body["name"], body["weight"], shown, brings, comments))
    return lines


def told(content: Mapping[str, Any], names: Mapping[str, str]) -> list[ToldLine]:
    """What the group is told, by criterion in the round's order; nothing of a result from before feedback."""
    return [
        ToldLine(names.get(key, key), content["standards"][key], text)
        for key, text in content.get("feedback", {}).items()
    ]


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
