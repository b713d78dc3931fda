"""The parts of a version of the plan: their kinds, where each stands, what refers to it, and copies of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from spatc_funds.core.problems import MissingError, NotReadyError, Problem
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.references import referring
from spatc_funds.framework.mapping import Line
from spatc_funds.framework.models import (
    Commitment,
    CrossCuttingTheme,
    FocusArea,
    Heading,
    Indicator,
    Measure,
    Outcome,
    PlanMapping,
    PlanVersion,
    Priority,
    Theme,
)
from spatc_funds.framework.queries import SHARED

Part = Priority | Theme | FocusArea | Heading | Outcome | CrossCuttingTheme | Commitment | Indicator


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part: its table, its words, the list that holds it, and the kind that it stands under."""

    model: type[Any]
    one: str
    many: str
    held: str
    parent: str = ""


CROSS = "cross-cutting-theme"
KINDS: Mapping[str, Kind] = {
    "priority": Kind(Priority, "priority", "Priorities", "priorities"),
    "theme": Kind(Theme, "theme", "Themes", "themes"),
    "focus-area": Kind(FocusArea, "focus area", "Focus areas", "focus_areas", "theme"),
    "outcome": Kind(Outcome, "outcome", "Outcomes", "outcomes", "theme"),
    "cross-cutting-theme": Kind(
        CrossCuttingTheme, "cross-cutting theme", "Cross-cutting themes", "cross_cutting_themes"
    ),
    "commitment": Kind(Commitment, "commitment", "Commitments", "commitments", CROSS),
    "heading": Kind(Heading, "heading", "Headings over the outcomes", "headings"),
    "indicator": Kind(Indicator, "indicator", "Indicators", "indicators"),
}
OWN_TABLES = frozenset({"priority", "theme", "cross_cutting_theme", "heading", "indicator", "plan_mapping"})
MAPPED = {
    "theme": "Themes",
    "outcome": "Outcomes",
    "cross-cutting-theme": "Cross-cutting themes",
    "measure": "Measures",
}
FIELDS = ("name", "heading_id", "theme_id", "direction", "definition", "unit", "source")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a part; the others than its name for outcomes (heading) and indicators only."""

    name: str
    heading: str = ""
    theme: str = ""
    direction: str = ""
    definition: str = ""
    unit: str = ""
    source: str = ""


def of(plan: PlanVersion, kind: str) -> list[Any]:
    """Every part of a kind, in order."""
    what = KINDS[kind]
    if not what.parent:
        return list(getattr(plan, what.held))
    return [part for parent in of(plan, what.parent) for part in getattr(parent, what.held)]


def find(plan: PlanVersion, kind: str, key: str) -> Any:
    """One part by its key. Raises MissingError."""
    part = next((each for each in of(plan, kind) if each.key == key), None) if kind in KINDS else None
    if part is None:
        raise MissingError
    return part


def siblings(plan: PlanVersion, kind: str, parent: Part | None) -> list[Any]:
    """The list that holds a part of this kind, to be added to."""
    found: list[Any] = getattr(parent if KINDS[kind].parent else plan, KINDS[kind].held)
    return found


def siblings_of(plan: PlanVersion, kind: str, part: Part) -> list[Any]:
    """The list that holds this part."""
    return siblings(plan, kind, parent_of(plan, kind, part))


def parent_of(plan: PlanVersion, kind: str, part: Part) -> Any:
    """What the part stands under; None where that is the version itself."""
    what = KINDS[kind]
    if not what.parent:
        return None
    return next(each for each in of(plan, what.parent) if part in getattr(each, what.held))


def write(plan: PlanVersion, part: Part, said: Said) -> None:
    """Put what is said on the part. Raises NotReadyError for a heading or theme that this version has not."""
    part.name = said.name
    if isinstance(part, Outcome):
        part.heading = _named(plan, "heading", said.heading, "heading")
    if isinstance(part, Indicator):
        theme = _named(plan, "theme", said.theme, "theme")
        part.theme_id = theme.id if theme else None
        part.direction, part.definition, part.unit, part.source = (
            said.direction,
            said.definition,
            said.unit,
            said.source,
        )


def said_of(plan: PlanVersion, part: Part) -> Said:
    """What is said of it now."""
    if isinstance(part, Outcome):
        return Said(part.name, heading=part.heading.key if part.heading else "")
    if isinstance(part, Indicator):
        themes = {theme.id: theme.key for theme in plan.themes}
        told = (part.direction, part.definition, part.unit, part.source)
        return Said(part.name, "", themes.get(part.theme_id or 0, ""), *told)
    return Said(part.name)


def stamp(part: Part) -> str:
    """Another one for everything else that a part could say."""
    return content_hash({name: getattr(part, name) for name in FIELDS if hasattr(part, name)})


def stamp_of_plan(plan: PlanVersion) -> str:
    """The same for what a version says of itself."""
    said = {name: plan.document.get(name) for name in ("vision", "strategy", "indicators_line")}
    return content_hash({**said, "name": plan.name, "strategy_priority": plan.strategy_priority})


def stamp_of_mapping(old: PlanVersion, new: PlanVersion, kind: str, key: str) -> str:
    """The same for what a part becomes in another version."""
    rows = mapping_rows(old, new, kind, key)
    return content_hash({"lines": sorted((row.to_key or "", row.percent) for row in rows)})


def bound(plan: PlanVersion) -> str:
    """What is bound to a version, in words: ``3 rounds, 12 awards``; empty where nothing is."""
    return _words(referring(plan, OWN_TABLES))


def used(plan: PlanVersion, kind: str, part: Part) -> str:
    """What refers to a part, in words; its own parts and mappings too, and the priority that the strategy is."""
    found = _words(referring(part))
    named = (PlanMapping.from_plan_id == plan.id) & (PlanMapping.from_key == part.key)
    named |= (PlanMapping.to_plan_id == plan.id) & (PlanMapping.to_key == part.key)
    mapped = db.session.scalars(select(PlanMapping.id).where(PlanMapping.kind == kind, or_(named))).all()
    parts = [found] if found else []
    parts += [count_of(len(mapped), "line of a mapping", "lines of a mapping")] if mapped else []
    if kind == "priority" and plan.strategy_priority == part.key:
        parts.append("this version says that its strategy is this priority")
    return ", ".join(parts)


def copy(source: PlanVersion, plan: PlanVersion) -> None:
    """Give a new version every part of another. An indicator goes on: what was observed is the same figure's."""
    plan.priorities = [Priority(**_same(each)) for each in source.priorities]
    plan.headings = [Heading(**_same(each)) for each in source.headings]
    plan.cross_cutting_themes = [
        CrossCuttingTheme(**_same(each), commitments=[Commitment(**_same(one)) for one in each.commitments])
        for each in source.cross_cutting_themes
    ]
    headings = {each.key: each for each in plan.headings}
    plan.themes = [_theme(each, headings) for each in source.themes]
    db.session.flush()
    themes, old = {each.key: each.id for each in plan.themes}, {each.id: each.key for each in source.themes}
    plan.indicators = [
        Indicator(
            **_same(each),
            theme_id=themes.get(old.get(each.theme_id or 0, "")),
            continues_id=each.held_id,
            definition=each.definition,
            unit=each.unit,
            direction=each.direction,
            source=each.source,
        )
        for each in source.indicators
    ]


def as_document(plan: PlanVersion) -> dict[str, list[dict[str, Any]]]:
    """The parts as the plan's document has them."""
    themes = {each.id: each.key for each in plan.themes}
    told = ("key", "name", "definition", "unit", "direction", "source")
    return {
        "priorities": [_plain(each) for each in plan.priorities],
        "headings": [_plain(each) for each in plan.headings],
        "indicators": [
            {**{name: getattr(each, name) for name in told}, "theme": themes.get(each.theme_id or 0)}
            for each in plan.indicators
        ],
        "themes": [
            {
                **_plain(each),
                "purpose": [{"key": one.key, "text": one.name} for one in each.focus_areas],
                "outcomes": [
                    {**_plain(one), "heading": one.heading.key if one.heading else None} for one in each.outcomes
                ],
            }
            for each in plan.themes
        ],
        "cross_cutting_themes": [
            {**_plain(each), "commitments": [{"key": one.key, "text": one.name} for one in each.commitments]}
            for each in plan.cross_cutting_themes
        ],
    }


def mapped_names(plan: PlanVersion, kind: str) -> dict[str, str]:
    """The parts of a version that can be mapped, key → name, in order. Measures are the same in every version."""
    if kind == "measure":
        named = select(Measure.key, Measure.name).where(SHARED)
        rows = db.session.execute(named.order_by(Measure.position, Measure.version))
        return dict(rows.all())
    return {each.key: each.name for each in of(plan, kind)} if kind in MAPPED else {}


def mapping_lines(old: PlanVersion, new: PlanVersion, kind: str) -> list[Line]:
    """What is declared of a kind of part, for ``framework.mapping``."""
    return [Line(row.from_key, row.to_key, row.percent) for row in mapping_rows(old, new, kind)]


def mapping_rows(old: PlanVersion, new: PlanVersion, kind: str, key: str | None = None) -> Sequence[PlanMapping]:
    """The rows behind them; of one part, where it is named."""
    query = select(PlanMapping).where(
        PlanMapping.from_plan_id == old.id, PlanMapping.to_plan_id == new.id, PlanMapping.kind == kind
    )
    if key is not None:
        query = query.where(PlanMapping.from_key == key)
    return db.session.scalars(query.order_by(PlanMapping.id)).all()


def _named(plan: PlanVersion, kind: str, key: str, field: str) -> Any:
    if not key:
        return None
    try:
        return find(plan, kind, key)
    except MissingError:
        raise NotReadyError([Problem("plan", field, f"Choose a {kind} of this version")]) from None


def _theme(theme: Theme, headings: Mapping[str, Heading]) -> Theme:
    outcomes = [
        Outcome(**_same(each), heading=headings.get(each.heading.key) if each.heading else None)
        for each in theme.outcomes
    ]
    return Theme(
        **_same(theme), focus_areas=[FocusArea(**_same(each)) for each in theme.focus_areas], outcomes=outcomes
    )


def _same(part: Part) -> dict[str, Any]:
    return {"key": part.key, "name": part.name, "position": part.position}


def _plain(part: Part) -> dict[str, Any]:
    return {"key": part.key, "name": part.name}


def _words(found: Mapping[str, int]) -> str:
    return ", ".join(count_of(count, table.replace("_", " ")) for table, count in sorted(found.items()))
