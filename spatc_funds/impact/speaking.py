"""The plan that a roll-up speaks in, and what was tagged in another version of it said in its words (pure).

What a part of one version becomes in another is declared in the plan's editor (``framework.mapping``): one part,
several by shares of whole per cent, or none; of a version that is only mapped to one between, by way of that. Where
nothing is declared, a part of the same key is taken to be the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spatc_funds.framework.mapping import ENDED, HUNDRED, NOT_MAPPED, Line, Lines, becomes
from spatc_funds.framework.measures import Rule
from spatc_funds.impact.rollup import NOT_TAGGED, Part, Project, Target, Value

NO_FOCUS, NO_OUTCOME, OTHER_PRIORITY = "not-named", "no-specific-outcome", "other-priority"
NO_PARTS = frozenset({NO_OUTCOME, OTHER_PRIORITY, NOT_TAGGED})


@dataclass(frozen=True, slots=True)
class ThemeParts:
    """A theme of the plan with what stands under it, in the plan's order."""

    key: str
    name: str
    focus_areas: tuple[Part, ...] = ()
    outcomes: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanParts:
    """A version of the plan as far as a roll-up goes.

    ``earlier`` is what the parts of other versions become in it: version's key → kind of part → lines.
    """

    key: str
    name: str
    themes: tuple[ThemeParts, ...] = ()
    cross_cutting_themes: tuple[Part, ...] = ()
    earlier: Mapping[str, Lines] | None = None

    def lines(self, plan: str) -> Lines:
        """What is declared of the parts of another version."""
        return (self.earlier or {}).get(plan, {})


def spoken(project: Project, plan: PlanParts, rules: Sequence[Rule]) -> Project:
    """The project in the words of the plan: its parts, and the measures that go on under another name.

    A part that ends, or of which the plan has none, is not tagged in it. With a declared split the project stands under
    each of its parts with its share of the money. A measure goes on under another name only where nothing else becomes
    that one and both are added by the same rules: what two measures counted of the same people cannot be added.
    """
    lines = plan.lines(project.plan)
    themes = _shares(project.theme, {theme.key for theme in plan.themes}, lines.get("theme", ()))
    known = {outcome.key for theme in plan.themes for outcome in theme.outcomes}
    outcomes = _shares(project.outcome, known, lines.get("outcome", ()))
    areas = {theme.key: {area.key for area in theme.focus_areas} for theme in plan.themes}
    focus: dict[str, int] = {}
    for theme, share in themes.items():
        key = _focus(project, theme, areas, whole=len(themes) == 1)
        focus[key] = focus.get(key, 0) + share
    crossing = _crossing(project.cross_cutting, plan, lines.get("cross-cutting-theme", ()))
    names = renamed(lines.get("measure", ()), rules)
    told = {"theme": themes, "outcome": outcomes, "focus_area": focus}
    split = {dimension: shares for dimension, shares in told.items() if len(shares) > 1}
    first = {dimension: next(iter(shares)) for dimension, shares in told.items()}
    found = replace(
        project,
        theme=first["theme"],
        outcome=first["outcome"],
        focus_area=first["focus_area"],
        cross_cutting=crossing,
        split=split,
    )
    return _with_measures(found, names) if names else found


def renamed(lines: Sequence[Line], rules: Sequence[Rule]) -> dict[str, str]:
    """The measures that go on under another name, old key → new key."""
    by_key = {rule.key: rule for rule in rules}
    to = Counter(line.to_key for line in lines)
    whole = {line.from_key: line.to_key for line in lines if line.percent == HUNDRED and line.to_key}
    return {
        old: new
        for old, new in whole.items()
        if old != new and to[new] == 1 and _same_rules(by_key.get(old), by_key.get(new))
    }


def _same_rules(old: Rule | None, new: Rule | None) -> bool:
    if old is None or new is None:
        return False
    return (old.basis, old.across_periods, old.across_projects) == (new.basis, new.across_periods, new.across_projects)


def _shares(key: str, known: set[str], lines: Sequence[Line]) -> dict[str, int]:
    """The parts of the plan that one part is, each with its share in per cent; at least one."""
    if key in NO_PARTS:
        return {key: HUNDRED}
    declared = becomes(key, lines)
    if NOT_MAPPED in declared:
        declared = {key: HUNDRED}
    found: dict[str, int] = {}
    for part, share in declared.items():
        named = part if part in known and part != ENDED else NOT_TAGGED
        found[named] = found.get(named, 0) + share
    return found


def _focus(project: Project, theme: str, areas: Mapping[str, set[str]], *, whole: bool) -> str:
    """Focus areas are not mapped: one goes on where its theme is one theme that has an area of this key."""
    if theme not in areas:
        return theme
    area = project.focus_area.rpartition(".")[2]
    return f"{theme}.{area if whole and area in areas[theme] else NO_FOCUS}"


def _crossing(keys: Sequence[str], plan: PlanParts, lines: Sequence[Line]) -> tuple[str, ...]:
    known = {each.key for each in plan.cross_cutting_themes}
    return tuple(sorted({part for key in keys for part in _shares(key, known, lines) if part in known}))


def _with_measures(project: Project, names: Mapping[str, str]) -> Project:
    targets = tuple(
        Target(names.get(each.measure, each.measure), each.target, each.target_of) for each in project.targets
    )
    returns = tuple(
        replace(each, values=tuple(_value(value, names) for value in each.values)) for each in project.returns
    )
    return replace(project, targets=targets, returns=returns)


def _value(value: Value, names: Mapping[str, str]) -> Value:
    return replace(value, measure=names[value.measure]) if value.measure in names else value
