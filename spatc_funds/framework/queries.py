"""Reading the plan."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from spatc_funds.db.base import db
from spatc_funds.framework.measures import Rule
from spatc_funds.framework.models import CrossCuttingTheme, Measure, PlanState, PlanVersion, Theme

WHOLE = (
    selectinload(PlanVersion.themes).selectinload(Theme.focus_areas),
    selectinload(PlanVersion.themes).selectinload(Theme.outcomes),
    selectinload(PlanVersion.cross_cutting_themes).selectinload(CrossCuttingTheme.commitments),
)


def current_plan() -> PlanVersion | None:
    """The version that the service speaks in, with its themes, outcomes and commitments."""
    return db.session.scalar(
        select(PlanVersion).where(PlanVersion.state == PlanState.CURRENT).order_by(PlanVersion.id).options(*WHOLE)
    )


def plan_by_key(key: str) -> PlanVersion | None:
    """One version, with its themes, outcomes and commitments."""
    return db.session.scalar(select(PlanVersion).where(PlanVersion.key == key).options(*WHOLE))


def other_plans(plan: PlanVersion) -> Sequence[PlanVersion]:
    """The versions beside this one, by name."""
    return db.session.scalars(select(PlanVersion).where(PlanVersion.id != plan.id).order_by(PlanVersion.name)).all()


def measures() -> Sequence[Measure]:
    """Every measure, in order."""
    return db.session.scalars(select(Measure).order_by(Measure.position, Measure.version)).all()


def rule_of(measure: Measure) -> Rule:
    """A measure as far as adding goes."""
    return Rule(
        key=measure.key,
        name=measure.name,
        basis=measure.basis,
        across_periods=measure.across_periods,  # type: ignore[arg-type] # loaded from the closed list
        across_projects=measure.across_projects,  # type: ignore[arg-type] # loaded from the closed list
    )
