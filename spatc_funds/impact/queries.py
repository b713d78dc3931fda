"""The roll-up by every way of looking at it, kept until something that it depends on is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import not_, select

from spatc_funds.awards.models import Award
from spatc_funds.core.periods import is_financial_year
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.framework.measures import Rule
from spatc_funds.framework.queries import current_plan, newest_measures, own_measures, plan_by_key, rule_of
from spatc_funds.funds.models import Fund, Round
from spatc_funds.impact import gathering, rollup
from spatc_funds.impact.rollup import Figures, Part, Project
from spatc_funds.impact.speaking import NO_FOCUS, NO_OUTCOME, OTHER_PRIORITY, PlanParts, spoken
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.returns.splits import DISTRICT

OTHER_PARTS = (Part(OTHER_PRIORITY, "Another priority of the plan"), Part(rollup.NOT_TAGGED, "Not tagged"))
NO_AREA = Part(rollup.NONE, "No ward or area named")
DAYS_KEPT, REPORTS_KEPT = 2, 8


@dataclass(frozen=True, slots=True)
class Filters:
    """What a roll-up is asked for; None is everything. ``plan`` is also the plan that it speaks in."""

    as_at: date
    plan: str | None = None
    fund: str | None = None
    round: str | None = None
    year: str | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A roll-up by every way of looking at it. ``by_cross_cutting_theme``, ``matrix`` and ``by_area`` overlap.

    It is shared by everybody who asks for the same: nothing in it is changed.
    """

    filters: Filters
    plan: PlanParts
    projects: Mapping[str, Project]
    rules: Sequence[Rule]
    total: Figures
    by_theme: Sequence[Figures]
    by_cross_cutting_theme: Sequence[Figures]
    matrix: Mapping[tuple[str, str], Figures]
    by_outcome: Sequence[Figures]
    by_district: Sequence[Figures]
    by_financial_year: Sequence[Figures]
    by_focus_area: Sequence[Figures]
    by_fund: Sequence[Figures]
    by_round: Sequence[Figures]
    by_area: Sequence[Figures]
    rolling: rollup.RollUp


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that counts on a day, in the words of one plan, before anybody's filters."""

    plan: PlanParts
    rules: Sequence[Rule]
    projects: Sequence[Project]
    funds: Sequence[Part]
    rounds: Sequence[Part]
    areas: Sequence[Part]
    rolling: rollup.RollUp


def report(filters: Filters, actor: Actor | None = None) -> Report:
    """The roll-up of everything, or of what the actor may see. Raises LookupError for a filter that names nothing.

    What was rolled up once is kept in this process until an act writes to one of ``gathering.READ``. A filter that is
    asked for again then costs two queries.
    """
    version = gathering.version()
    kept = kept_of(version) if version else Kept()
    hidden = frozenset(db.session.scalars(select(Award.reference).where(not_(_seen(actor))))) if actor else frozenset()
    return kept.report(filters, hidden)


def _seen(actor: Actor) -> Any:
    return reach(actor, Action.IMPACT_READ, Award.reference)


class Kept:
    """What was gathered and rolled up of one version of everything: the last few days, and the last few reports."""

    def __init__(self) -> None:
        self.gathered = lru_cache(maxsize=DAYS_KEPT)(_gathered)
        self.report = lru_cache(maxsize=REPORTS_KEPT)(self._report)

    def _report(self, filters: Filters, hidden: frozenset[str]) -> Report:
        gathered = self.gathered(filters.as_at, filters.plan)
        _known(filters, gathered)
        return rolled(gathered, filters, hidden)


@lru_cache(maxsize=1)
def kept_of(_version: str) -> Kept:
    """What is kept of a version: of the newest alone."""
    return Kept()


def _gathered(as_at: date, plan_key: str | None) -> Gathered:
    plan = plan_by_key(plan_key) if plan_key else current_plan()
    if plan is None:
        message = f"there is no plan “{plan_key or 'current'}”"
        raise LookupError(message)
    shared = tuple(map(rule_of, newest_measures()))
    parts, rules = gathering.parts_of(plan), (*shared, *map(rule_of, own_measures()))
    rounds = select(Round.code, Fund.name + ", " + Round.name).join(Fund, Fund.id == Round.fund_id)
    return Gathered(
        plan=parts,
        rules=rules,
        projects=[spoken(each, parts, shared) for each in gathering.projects(as_at)],
        funds=_parts(select(Fund.key, Fund.name).order_by(Fund.position)),
        rounds=_parts(rounds.order_by(Fund.position, Round.position)),
        areas=[*gathering.areas(), NO_AREA],
        rolling=rollup.RollUp(rules, as_at),
    )


def rolled(gathered: Gathered, filters: Filters, hidden: frozenset[str]) -> Report:
    """The roll-up of what the filters leave (pure)."""
    plan, rolling = gathered.plan, gathered.rolling
    found = [each for each in gathered.projects if each.reference not in hidden and _wanted(each, filters)]
    crossing = [*plan.cross_cutting_themes, Part(rollup.NONE, "No cross-cutting theme")]
    themes = [*(Part(each.key, each.name) for each in plan.themes), *OTHER_PARTS]
    outcomes = [outcome for theme in plan.themes for outcome in theme.outcomes]
    outcomes += [Part(NO_OUTCOME, "No specific outcome"), *OTHER_PARTS]
    districts = [Part(code, name) for code, name in DISTRICTS.items()]
    districts.append(Part(rollup.NOT_TAGGED, "District not known"))
    years = sorted({project.year for project in found} - {rollup.YEAR_NOT_KNOWN})
    periods = [*(Part(year, year) for year in years), Part(rollup.YEAR_NOT_KNOWN, "Year not known")]
    by_theme = rollup.grouped(themes, found, lambda project: rollup.shares_of(project, "theme"))
    return Report(
        filters=filters,
        plan=plan,
        projects={project.reference: project for project in found},
        rules=gathered.rules,
        total=rolling.figures(Part("total", "Everything"), found),
        by_theme=rolling.parted(themes, found, "theme"),
        by_cross_cutting_theme=[
            rolling.figures(part, chosen) for part, chosen in rollup.grouped(crossing, found, rollup.cross_keys)
        ],
        matrix={
            (theme.key, part.key): rolling.figures(
                Part(part.key, f"{theme.name}, {part.name}"), cell, rollup.share_of(cell, "theme", theme.key)
            )
            for theme, chosen in by_theme
            for part, cell in rollup.grouped(crossing, chosen, rollup.cross_keys)
        },
        by_outcome=rolling.parted(outcomes, found, "outcome"),
        by_district=rolling.parted(districts, found, DISTRICT),
        by_financial_year=rolling.parted(periods, found, "year"),
        by_focus_area=rolling.parted(_focus_areas(plan), found, "focus_area"),
        by_fund=rolling.parted(_standing(gathered.funds, found, "fund"), found, "fund"),
        by_area=[
            rolling.figures(part, chosen) for part, chosen in rollup.grouped(gathered.areas, found, rollup.area_keys)
        ],
        by_round=rolling.parted(_standing(gathered.rounds, found, "round"), found, "round"),
        rolling=rolling,
    )


def _wanted(project: Project, filters: Filters) -> bool:
    return (
        filters.plan in {None, project.plan}
        and filters.fund in {None, project.fund}
        and filters.round in {None, project.round}
        and filters.year in {None, project.year}
        and (filters.district is None or filters.district in (project.districts or ()))
    )


def _focus_areas(plan: PlanParts) -> list[Part]:
    """Every focus area, and a part of its own for what a theme has without one."""
    found = []
    for theme in plan.themes:
        found += [Part(f"{theme.key}.{area.key}", f"{theme.name}: {area.name}") for area in theme.focus_areas]
        found.append(Part(f"{theme.key}.{NO_FOCUS}", f"{theme.name}: no focus area named"))
    return [*found, *OTHER_PARTS]


def _parts(wanted: Any) -> list[Part]:
    return [Part(key, name) for key, name in db.session.execute(wanted)]


def _standing(parts: Sequence[Part], found: Sequence[Project], by: str) -> list[Part]:
    """The funds or rounds that have a project, in their order."""
    used = {getattr(project, by) for project in found}
    return [part for part in parts if part.key in used]


def _known(filters: Filters, gathered: Gathered) -> None:
    """Raises LookupError for a filter that names nothing."""
    known = {
        "fund": {part.key for part in gathered.funds},
        "round": {part.key for part in gathered.rounds},
        "district": DISTRICTS,
    }
    if filters.year not in {None, rollup.YEAR_NOT_KNOWN} and not is_financial_year(filters.year or ""):
        message = f"there is no financial year “{filters.year}”: write it as 2025-26"
        raise LookupError(message)
    for name, keys in known.items():
        asked = getattr(filters, name)
        if asked is not None and asked not in keys:
            message = f"there is no {name} “{asked}”"
            raise LookupError(message)


def exported(filters: Filters) -> dict[str, Any]:
    """The report as the exported file has it. Raises LookupError for a filter that names nothing."""
    return as_exported(report(filters))


def as_exported(found: Report, member: Callable[[Figures], dict[str, Any]] = rollup.as_json) -> dict[str, Any]:
    """The same of a report that is there, by the contract of the README; ``member`` says what each part holds."""
    filters = found.filters

    def told(parts: Sequence[Figures]) -> list[dict[str, Any]]:
        return [member(each) for each in parts]

    return {
        "as_at": filters.as_at.isoformat(),
        "plan": found.plan.key,
        "filters": {
            name: getattr(filters, name)
            for name in ("plan", "fund", "round", "year", "district")
            if getattr(filters, name) is not None
        },
        "total": member(found.total),
        "by_theme": told(found.by_theme),
        "by_cross_cutting_theme": [each | {"overlaps": True} for each in told(found.by_cross_cutting_theme)],
        "matrix": [_cell(*key, member(cell)) for key, cell in found.matrix.items()],
        "by_outcome": told(found.by_outcome),
        "by_district": [each | {"overlaps": True} for each in told(found.by_district)],
        "by_financial_year": told(found.by_financial_year),
    }


def _cell(theme: str, cross: str, plain: dict[str, Any]) -> dict[str, Any]:
    del plain["key"]
    return {"theme": theme, "cross_cutting_theme": cross, **plain, "overlaps": True}
