"""Gathering the rows that are rolled up, and the roll-up by every way of looking at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from spatc_funds.awards.models import (
    AmountRule,
    Award,
    AwardCrossCutting,
    AwardTarget,
    ExpectedReturn,
    ThemeTag,
)
from spatc_funds.core.clock import london_day
from spatc_funds.core.periods import financial_year
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.framework.measures import Rule
from spatc_funds.framework.models import PlanVersion
from spatc_funds.framework.queries import current_plan, measures, plan_by_key, rule_of
from spatc_funds.funds.models import Fund, Round, RoundKind
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import Figures, Part, Project
from spatc_funds.payments.queries import paid_pence
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import AwardState, ReturnState
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn, ValueState

COUNTED = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.IMPORTED)
OTHER_PRIORITY, NO_OUTCOME = "other-priority", "no-specific-outcome"
OTHER_PARTS = (Part(OTHER_PRIORITY, "Another priority of the plan"), Part(rollup.NOT_TAGGED, "Not tagged"))


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
    """A roll-up by every way of looking at it. Members of ``by_cross_cutting_theme`` and ``matrix`` overlap."""

    filters: Filters
    plan: PlanVersion
    projects: Mapping[str, Project]
    rules: Sequence[Rule]
    total: Figures
    by_theme: Sequence[Figures]
    by_cross_cutting_theme: Sequence[Figures]
    matrix: Mapping[tuple[str, str], Figures]
    by_outcome: Sequence[Figures]
    by_district: Sequence[Figures]
    by_financial_year: Sequence[Figures]


def report(filters: Filters, actor: Actor | None = None) -> Report:
    """The roll-up of everything, or of what the actor may see. Raises LookupError for a filter that names nothing."""
    plan = _plan(filters)
    rules = [rule_of(measure) for measure in measures()]
    found = projects(filters, plan, actor)
    crossing = [Part(each.key, each.name) for each in plan.cross_cutting_themes]
    crossing.append(Part(rollup.NONE, "No cross-cutting theme"))
    themes = [*(Part(each.key, each.name) for each in plan.themes), *OTHER_PARTS]
    outcomes = [Part(outcome.key, outcome.name) for theme in plan.themes for outcome in theme.outcomes]
    outcomes += [Part(NO_OUTCOME, "No specific outcome"), *OTHER_PARTS]
    districts = [Part(code, name) for code, name in DISTRICTS.items()]
    districts.append(Part(rollup.NOT_TAGGED, "District not known"))
    years = sorted({project.year for project in found} - {rollup.YEAR_NOT_KNOWN})
    periods = [*(Part(year, year) for year in years), Part(rollup.YEAR_NOT_KNOWN, "Year not known")]

    def parted(parts: Sequence[Part], key: str) -> list[Figures]:
        return [
            rollup.figures(part, chosen, rules, filters.as_at)
            for part, chosen in rollup.grouped(parts, found, lambda project: (getattr(project, key),))
        ]

    by_theme = rollup.grouped(themes, found, lambda project: (project.theme,))
    return Report(
        filters=filters,
        plan=plan,
        projects={project.reference: project for project in found},
        rules=rules,
        total=rollup.figures(Part("total", "Everything"), found, rules, filters.as_at),
        by_theme=parted(themes, "theme"),
        by_cross_cutting_theme=[
            rollup.figures(part, chosen, rules, filters.as_at)
            for part, chosen in rollup.grouped(crossing, found, rollup.cross_keys)
        ],
        matrix={
            (theme.key, part.key): rollup.figures(
                Part(part.key, f"{theme.name}, {part.name}"), cell, rules, filters.as_at
            )
            for theme, chosen in by_theme
            for part, cell in rollup.grouped(crossing, chosen, rollup.cross_keys)
        },
        by_outcome=parted(outcomes, "outcome"),
        by_district=rollup.by_district(districts, found, rules, filters.as_at),
        by_financial_year=parted(periods, "year"),
    )


def exported(filters: Filters) -> dict[str, Any]:
    """The report as the exported file has it. Raises LookupError for a filter that names nothing."""
    found = report(filters)
    overlapping = [rollup.as_json(each) | {"overlaps": True} for each in found.by_cross_cutting_theme]
    return {
        "as_at": filters.as_at.isoformat(),
        "plan": found.plan.key,
        "filters": {
            name: getattr(filters, name)
            for name in ("plan", "fund", "round", "year", "district")
            if getattr(filters, name) is not None
        },
        "total": rollup.as_json(found.total),
        "by_theme": [rollup.as_json(each) for each in found.by_theme],
        "by_cross_cutting_theme": overlapping,
        "matrix": [_cell(theme, cross, cell) for (theme, cross), cell in found.matrix.items()],
        "by_outcome": [rollup.as_json(each) for each in found.by_outcome],
        "by_district": [rollup.as_json(each) | {"overlaps": True} for each in found.by_district],
        "by_financial_year": [rollup.as_json(each) for each in found.by_financial_year],
    }


def projects(filters: Filters, plan: PlanVersion, actor: Actor | None) -> list[Project]:
    """The awards that count, as the roll-up sees them, by reference."""
    awards = db.session.scalars(
        select(Award)
        .join(Award.round)
        .join(Round.fund)
        .where(Award.state.in_(COUNTED), *_conditions(filters, actor))
        .order_by(Award.reference)
        .options(
            contains_eager(Award.round),
            joinedload(Award.theme),
            joinedload(Award.primary_outcome),
            selectinload(Award.shares),
            selectinload(Award.cross_cutting).joinedload(AwardCrossCutting.theme),
            selectinload(Award.targets).joinedload(AwardTarget.measure),
            selectinload(Award.expected_returns),
        )
    ).all()
    paid = paid_pence([award.id for award in awards], filters.as_at)
    records = _records([award.id for award in awards])
    themes = {theme.key for theme in plan.themes}
    crossing = {each.key for each in plan.cross_cutting_themes}
    outcomes = {outcome.key for theme in plan.themes for outcome in theme.outcomes}
    found = [_project(award, paid, records, themes, crossing, outcomes) for award in awards]
    return [project for project in found if filters.year in {None, project.year}]


def _plan(filters: Filters) -> PlanVersion:
    plan = plan_by_key(filters.plan) if filters.plan else current_plan()
    if plan is None:
        raise LookupError(f"there is no plan “{filters.plan or 'current'}”")
    if filters.fund and not db.session.scalar(select(Fund.id).where(Fund.key == filters.fund)):
        raise LookupError(f"there is no fund “{filters.fund}”")
    if filters.round and not db.session.scalar(select(Round.id).where(Round.code == filters.round)):
        raise LookupError(f"there is no round “{filters.round}”")
    if filters.district and filters.district not in DISTRICTS:
        raise LookupError(f"there is no district “{filters.district}”")
    return plan


def _conditions(filters: Filters, actor: Actor | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Award.awarded_on.is_(None) | (Award.awarded_on <= filters.as_at)]
    if filters.plan:
        found.append(Award.plan.has(PlanVersion.key == filters.plan))
    if filters.fund:
        found.append(Fund.key == filters.fund)
    if filters.round:
        found.append(Round.code == filters.round)
    if filters.district:
        found.append(Award.shares.any(district=filters.district))
    if actor is not None:
        found.append(reach(actor, Action.IMPACT_READ, Award.reference))
    return found


def _records(award_ids: Sequence[int]) -> dict[int, AcceptedReturn]:
    """The accepted record that counts now, by expected return."""
    rows = db.session.scalars(
        select(MonitoringReturn)
        .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
        .where(ExpectedReturn.award_id.in_(award_ids), MonitoringReturn.state == ReturnState.ACCEPTED)
        .options(selectinload(MonitoringReturn.accepted))
    )
    return {each.expected_id: each.accepted[-1] for each in rows}


def _project(  # the plan's keys are handed in: one lookup for all projects
    award: Award,
    paid: Mapping[int, int],
    records: Mapping[int, AcceptedReturn],
    themes: set[str],
    crossing: set[str],
    outcomes: set[str],
) -> Project:
    other = OTHER_PRIORITY if award.theme_tag is ThemeTag.OTHER_PRIORITY else rollup.NOT_TAGGED
    outcome = NO_OUTCOME if award.no_specific_outcome else other
    if award.primary_outcome is not None and award.primary_outcome.key in outcomes:
        outcome = award.primary_outcome.key
    owed = award.expected_returns if award.state is AwardState.ACCEPTED else []
    return Project(
        reference=award.reference,
        name=award.project or "Project not named",
        theme=award.theme.key if award.theme is not None and award.theme.key in themes else other,
        outcome=outcome,
        year=financial_year(award.awarded_on) if award.awarded_on else rollup.YEAR_NOT_KNOWN,
        awarded_pence=award.amount_pence if award.amount_rule is AmountRule.EXACT else None,
        paid_pence=None if award.state is AwardState.IMPORTED else paid.get(award.id, 0),
        cross_cutting=tuple(sorted(each.theme.key for each in award.cross_cutting if each.theme.key in crossing)),
        districts={share.district: share.percent for share in award.shares} or None,
        targets=tuple(rollup.Target(each.measure.key, each.target, each.target_of) for each in award.targets),
        returns=tuple(_return(award, each, records.get(each.id)) for each in owed),
        recipient=award.recipient,
        example=award.round.kind is RoundKind.EXAMPLE,
        offered=award.state is AwardState.OFFERED,
    )


def _return(award: Award, expected: ExpectedReturn, record: AcceptedReturn | None) -> rollup.Return:
    return rollup.Return(
        reference=f"{award.reference}-R{expected.number}",
        number=expected.number,
        period_to=expected.period_to,
        due_on=expected.due_on,
        accepted_on=london_day(record.accepted_at) if record else None,
        values=tuple(
            rollup.Value(each["measure"], each["value"], each["value_of"])
            for each in (record.content["values"] if record else ())
            if each["state"] == ValueState.REPORTED
        ),
    )


def _cell(theme: str, cross: str, found: Figures) -> dict[str, Any]:
    plain = rollup.as_json(found)
    del plain["key"]
    return {"theme": theme, "cross_cutting_theme": cross, **plain, "overlaps": True}
