"""Reading the plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.references import referring
from spatc_funds.framework.measures import Rule
from spatc_funds.framework.models import (
    CrossCuttingTheme,
    Indicator,
    Measure,
    Observation,
    PlanVersion,
    Theme,
)
from spatc_funds.framework.multiples import Chart, Point, chart
from spatc_funds.framework.observed import Observed
from spatc_funds.policy.states import PlanState

WHOLE = (
    selectinload(PlanVersion.themes).selectinload(Theme.focus_areas),
    selectinload(PlanVersion.themes).selectinload(Theme.outcomes),
    selectinload(PlanVersion.cross_cutting_themes).selectinload(CrossCuttingTheme.commitments),
)
SHARED = Measure.own_of.is_(None)


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one indicator: its baseline in each area, and everything by area in order of time."""

    indicator: Indicator
    baselines: Mapping[str, Observation]
    series: Mapping[str, Sequence[Observation]]

    @property
    def observations(self) -> list[Observation]:
        """All of them, area by area."""
        return [each for rows in self.series.values() for each in rows]

    @property
    def has_examples(self) -> bool:
        """Whether any of them is invented: whatever shows them has to say so."""
        return any(each.is_example for each in self.observations)


def current_plan() -> PlanVersion | None:
    """The version that the service speaks in, with its themes, outcomes and commitments."""
    return db.session.scalar(
        select(PlanVersion).where(PlanVersion.state == PlanState.CURRENT).order_by(PlanVersion.id).options(*WHOLE)
    )


def plan_by_key(key: str) -> PlanVersion | None:
    """One version, with its themes, outcomes and commitments."""
    return db.session.scalar(select(PlanVersion).where(PlanVersion.key == key).options(*WHOLE))


def other_plans(plan: PlanVersion) -> Sequence[PlanVersion]:
    """The versions beside this one that the public may know of, by name: a draft only where something is said of it."""
    found = db.session.scalars(select(PlanVersion).where(PlanVersion.id != plan.id).order_by(PlanVersion.name))
    return [each for each in found if each.state is not PlanState.DRAFT or each.document.get("note")]


def versions() -> Sequence[PlanVersion]:
    """Every version with its themes, the newest first."""
    return db.session.scalars(
        select(PlanVersion).order_by(PlanVersion.id.desc()).options(selectinload(PlanVersion.themes))
    ).all()


def measures() -> Sequence[Measure]:
    """Every measure in every version, in order; groups' own ones apart."""
    return db.session.scalars(select(Measure).where(SHARED).order_by(Measure.position, Measure.version)).all()


def own_measures() -> Sequence[Measure]:
    """The measures that groups brought themselves, bid by bid."""
    own = select(Measure).where(~SHARED).order_by(Measure.own_of, Measure.position, Measure.id)
    return db.session.scalars(own).all()


def measure_versions(key: str) -> Sequence[Measure]:
    """Every version of a measure, the newest first; a group's own is none of them."""
    return db.session.scalars(select(Measure).where(Measure.key == key, SHARED).order_by(Measure.version.desc())).all()


def newest_measures() -> list[Measure]:
    """Every measure as new rounds ask it, in order."""
    return sorted({each.key: each for each in measures()}.values(), key=lambda each: (each.position, each.id))


def used_by(measure: Measure) -> str:
    """What names this version of a measure, in words; empty where nothing does, so that it may still be changed."""
    found = referring(measure)
    return ", ".join(
        count_of(count, table.removesuffix("_measure").replace("_", " ")) for table, count in sorted(found.items())
    )


def is_newest() -> ColumnElement[bool]:
    """The newest version of each measure but groups' own ones, as a query's condition."""
    other = aliased(Measure)
    return SHARED & ~exists().where(other.key == Measure.key, other.version > Measure.version)


def rule_of(measure: Measure) -> Rule:
    """A measure as far as adding goes."""
    return Rule(
        key=measure.key,
        name=measure.name,
        basis=measure.basis,
        across_periods=measure.across_periods,  # type: ignore[arg-type] # loaded from the closed list
        across_projects=measure.across_projects,  # type: ignore[arg-type] # loaded from the closed list
        own=measure.own_of is not None,
    )


def observations_of(plan: PlanVersion) -> list[Held]:
    """Every indicator of a plan with what is held of it, in the plan's order; always two queries.

    By area (the GSS code of a district, or of West Yorkshire): the baseline, and the figures in order of time, each
    with the import it came from.
    """
    indicators = db.session.scalars(
        select(Indicator).where(Indicator.plan_id == plan.id).order_by(Indicator.position, Indicator.id)
    ).all()
    return _held(indicators)


def observations_of_one(indicator: Indicator) -> Held:
    """What is held of one indicator."""
    return _held([indicator])[0]


def known_on(held: Held, day: date) -> Held:
    """What was known of it on a day: figures of periods that were over, from files that were published."""
    series = {area: [each for each in rows if _known(each, day)] for area, rows in held.series.items()}
    baselines = {area: each for area, each in held.baselines.items() if _known(each, day)}
    return Held(held.indicator, baselines, {area: rows for area, rows in series.items() if rows})


def _known(each: Observation, day: date) -> bool:
    return each.period_to <= day and (each.imported is None or each.imported.published_on <= day)


def chart_of(held: Held) -> Chart:
    """What is held of an indicator, drawn by district on one scale."""
    return chart(
        held.indicator.name,
        held.indicator.direction,
        {area: [_point(each) for each in rows] for area, rows in held.series.items()},
        {area: _point(each) for area, each in held.baselines.items()},
    )


def _point(each: Observation) -> Point:
    return Point(each.period_from, each.period_to, each.value_milli)


def indicators_by_key() -> dict[str, Indicator]:
    """The current plan's indicators by their keys."""
    rows = db.session.scalars(
        select(Indicator)
        .join(PlanVersion, PlanVersion.id == Indicator.plan_id)
        .where(PlanVersion.state == PlanState.CURRENT)
        .order_by(Indicator.position, Indicator.id)
    )
    return {each.key: each for each in rows}


def observations_in(indicators: Iterable[Indicator]) -> list[tuple[Observed, Observation]]:
    """Everything that is held of these indicators, as plain values beside their rows."""
    keys = {each.held_id: each.key for each in indicators}
    rows = db.session.scalars(select(Observation).where(Observation.indicator_id.in_(keys)).order_by(Observation.id))
    return [(row.observed(keys[row.indicator_id]), row) for row in rows]


def _held(indicators: Sequence[Indicator]) -> list[Held]:
    rows = db.session.scalars(
        select(Observation)
        .where(Observation.indicator_id.in_([each.held_id for each in indicators]))
        .order_by(Observation.area, Observation.period_to, Observation.period_from)
        .options(joinedload(Observation.imported))
    ).all()
    found: dict[int, dict[str, list[Observation]]] = {each.held_id: {} for each in indicators}
    for row in rows:
        found[row.indicator_id].setdefault(row.area, []).append(row)
    return [_of(each, found[each.held_id]) for each in indicators]


def _of(indicator: Indicator, series: Mapping[str, Sequence[Observation]]) -> Held:
    published = any(each.value_milli is not None and not each.is_example for rows in series.values() for each in rows)
    if published:  # what is made up is never set against a published figure
        series = {area: [each for each in rows if not each.is_example] for area, rows in series.items()}
    baselines = {area: each for area, rows in series.items() for each in rows if each.is_baseline}
    return Held(indicator, baselines, {area: rows for area, rows in series.items() if rows})
