"""What a panel report says, as plain values that can be frozen and hashed (pure).

Figures are members of the exported roll-up (the contract of the README), with ``paid_unknown``: how many of the
projects were paid an amount that is not known. Nothing here names a person, a group or a project.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spatc_funds.core.money import split_pence
from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.multiples import Point
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import NOT_TAGGED, Figures, Project, Share
from spatc_funds.impact.speaking import NO_OUTCOME
from spatc_funds.impact.suppression import is_small, left_out
from spatc_funds.returns.splits import DISTRICT

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with what was known of it on the day: figures and baselines by area (GSS code).

    ``sources`` are words that say where the figures come from.
    """

    key: str
    name: str
    unit: str
    direction: str
    source: str
    is_example: bool
    figures: Mapping[str, Sequence[Point]]
    baselines: Mapping[str, Point]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """A theme with the parts of it: its outcomes, and its cells by cross-cutting theme."""

    whole: Figures
    outcomes: Sequence[Figures]
    crossing: Sequence[Figures]


def theme_content(theme: ThemeFigures, projects: Mapping[str, Project], day: date) -> dict[str, Any]:
    """What a report says of one theme; ``projects`` are those of the roll-up by reference."""
    chosen = [projects[reference] for reference in theme.whole.made_of]
    districts = by_district(theme.whole.key, chosen, day)
    parts = {"districts": districts, **_parts(theme, projects)}
    return {
        **member(theme.whole, projects),
        **parts,
        "returns_missing": sum(_missing(each, day) for each in chosen),
        "unfunded": _named(parts, lambda each: not each["projects"]),
        "untold": _named(parts, lambda each: bool(each["projects"]) and not each["returns_accepted"]),
    }


def member(part: Figures, projects: Mapping[str, Project]) -> dict[str, Any]:
    """One part as the exported file has it, and how many of its projects were paid what is not known."""
    unknown = sum(1 for reference in part.made_of if projects[reference].paid_pence is None)
    return rollup.as_published(part) | {"paid_unknown": unknown}


def without_small_numbers(content: dict[str, Any], out: Collection[tuple[str, str]]) -> dict[str, Any]:
    """A report's content without the figures of people that may not stand: ``out`` are pairs of a way and a measure."""
    themes = [
        {
            **_told([theme], "by_theme", out)[0],
            "outcomes": _told(theme["outcomes"], "by_outcome", out),
            "crossing": _told(theme["crossing"], "matrix", out),
        }
        for theme in content["themes"]
    ]
    others = _told(content["others"], "by_theme", out)
    return {**content, "total": _told([content["total"]], "total", out)[0], "themes": themes, "others": others}


def _told(parts: Sequence[dict[str, Any]], way: str, out: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Parts without the measures that are out in their way, or small in one of them."""
    small = {each["key"] for part in parts for each in part["measures"] if is_small(each)}
    small |= {measure for of, measure in out if of == way}
    return [
        {**part, "measures": [left_out(each) if each["key"] in small else each for each in part["measures"]]}
        for part in parts
    ]


def by_district(theme: str, projects: Sequence[Project], day: date) -> list[dict[str, Any]]:
    """A theme's projects and money by district: its share of each project, split to the penny, adds up to the theme.

    Nothing that people count stands here: by theme and district together it could be subtracted from what is published
    of the district alone.
    """
    rows = {code: _nothing(code, name) for code, name in DISTRICTS.items()}
    rows[NOT_TAGGED] = _nothing(NOT_TAGGED, "District not known")
    for project in projects:
        awarded, paid = rollup.money(project, Share("theme", theme) if "theme" in project.split else None)
        shares = rollup.shares_of(project, DISTRICT)
        money = {"awarded_pence": split_pence(awarded, shares), "paid_pence": split_pence(paid, shares)}
        for code in shares:
            row = rows[code]
            row["projects"] += 1
            row["amounts_unknown"] += project.awarded_pence is None
            row["paid_unknown"] += project.paid_pence is None
            row["returns_due"] += sum(1 for each in project.returns if each.due_on <= day)
            row["returns_accepted"] += rollup.accepted_by(project, day)
            row["due_accepted"] += rollup.due_accepted_by(project, day)
            for name, split in money.items():
                row[name] += split[code]
    return [row for row in rows.values() if row["projects"] or row["key"] in DISTRICTS]


def indicator_content(held: Series) -> dict[str, Any]:
    """What a report says of one indicator: days as 2026-03-31, figures in thousandths, None for no new data."""
    return {
        "key": held.key,
        "name": held.name,
        "unit": held.unit,
        "direction": held.direction,
        "source": held.source,
        "example": held.is_example,
        "figures": {area: [_point(each) for each in points] for area, points in held.figures.items()},
        "baselines": {area: _point(each) for area, each in held.baselines.items()},
        "sources": list(held.sources),
    }


def _parts(theme: ThemeFigures, projects: Mapping[str, Project]) -> dict[str, list[dict[str, Any]]]:
    return {
        "outcomes": [member(each, projects) for each in theme.outcomes],
        "crossing": [member(each, projects) for each in theme.crossing],
    }


def _named(parts: Mapping[str, Iterable[Mapping[str, Any]]], wanted: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """The names of the parts that are wanted, each once; not of what stands for no part."""
    none = {NOT_TAGGED, rollup.NONE, NO_OUTCOME}
    names = (each["name"] for kind in parts.values() for each in kind if wanted(each) and each["key"] not in none)
    return list(dict.fromkeys(names))


def _missing(project: Project, day: date) -> int:
    """How many of its returns were due and not accepted: one that was accepted early makes up for none."""
    due = [each for each in project.returns if each.due_on <= day]
    return sum(1 for each in due if each.accepted_on is None or each.accepted_on > day)


def _nothing(key: str, name: str) -> dict[str, Any]:
    counts = ("projects", "awarded_pence", "paid_pence", "amounts_unknown", "paid_unknown")
    return {"key": key, "name": name, **dict.fromkeys((*counts, "returns_due", "returns_accepted", "due_accepted"), 0)}


def _point(each: Point) -> list[Any]:
    return [each.period_from.isoformat(), each.period_to.isoformat(), each.value_milli]
