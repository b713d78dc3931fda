"""Gathering the rows that are rolled up, and the roll-up by every way of looking at it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from spatc_funds.awards.models import (
    AmountRule,
    Award,
    AwardCrossCutting,
    AwardShare,
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
from spatc_funds.framework.models import CrossCuttingTheme, Measure, Outcome, PlanVersion, Theme
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
    found, rolling = projects(filters, plan, actor), rollup.RollUp(rules, filters.as_at)
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
            rolling.figures(part, chosen)
            for part, chosen in rollup.grouped(parts, found, lambda project: (getattr(project, key),))
        ]

    by_theme = rollup.grouped(themes, found, lambda project: (project.theme,))
    return Report(
        filters=filters,
        plan=plan,
        projects={project.reference: project for project in found},
        rules=rules,
        total=rolling.figures(Part("total", "Everything"), found),
        by_theme=parted(themes, "theme"),
        by_cross_cutting_theme=[
            rolling.figures(part, chosen) for part, chosen in rollup.grouped(crossing, found, rollup.cross_keys)
        ],
        matrix={
            (theme.key, part.key): rolling.figures(Part(part.key, f"{theme.name}, {part.name}"), cell)
            for theme, chosen in by_theme
            for part, cell in rollup.grouped(crossing, chosen, rollup.cross_keys)
        },
        by_outcome=parted(outcomes, "outcome"),
        by_district=rollup.by_district(districts, found, rolling),
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
    """The awards that count, as the roll-up sees them, by reference; one query for each kind of part."""
    counted = (
        select(Award.id)
        .join(Award.round)
        .join(Round.fund)
        .where(Award.state.in_(COUNTED), *_conditions(filters, actor))
    )
    rows = db.session.execute(
        select(Award, Theme.key.label("theme_key"), Outcome.key.label("outcome_key"), Round.kind)
        .join(Award.round)
        .outerjoin(Theme, Theme.id == Award.theme_id)
        .outerjoin(Outcome, Outcome.id == Award.primary_outcome_id)
        .where(Award.id.in_(counted))
        .order_by(Award.reference)
    ).all()
    parts = _Parts(
        themes={theme.key for theme in plan.themes},
        outcomes={outcome.key for theme in plan.themes for outcome in theme.outcomes},
        paid=paid_pence(counted, filters.as_at),
        shares=_shares(counted),
        crossing=_crossing(counted, {each.key for each in plan.cross_cutting_themes}),
        targets=_targets(counted),
        returns=_returns(counted),
    )
    found = [_project(award, theme, outcome, kind, parts) for award, theme, outcome, kind in rows]
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The plan's keys, and what belongs to the awards, by award id: one query for each."""

    themes: set[str]
    outcomes: set[str]
    paid: Mapping[int, int]
    shares: Mapping[int, Mapping[str, int]]
    crossing: Mapping[int, Sequence[str]]
    targets: Mapping[int, Sequence[rollup.Target]]
    returns: Mapping[int, Sequence[rollup.Return]]


def _shares(counted: Select[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    asked = select(AwardShare.award_id, AwardShare.district, AwardShare.percent)
    for award_id, district, percent in db.session.execute(asked.where(AwardShare.award_id.in_(counted))):
        found[award_id][district] = percent
    return found


def _crossing(counted: Select[int], known: set[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    asked = select(AwardCrossCutting.award_id, CrossCuttingTheme.key).join(AwardCrossCutting.theme)
    for award_id, key in db.session.execute(asked.where(AwardCrossCutting.award_id.in_(counted))):
        if key in known:
            found[award_id].append(key)
    return found


def _targets(counted: Select[int]) -> dict[int, list[rollup.Target]]:
    found: dict[int, list[rollup.Target]] = defaultdict(list)
    asked = select(AwardTarget.award_id, Measure.key, AwardTarget.target, AwardTarget.target_of)
    asked = asked.join(AwardTarget.measure).where(AwardTarget.award_id.in_(counted)).order_by(Measure.key)
    for award_id, key, target, target_of in db.session.execute(asked):
        found[award_id].append(rollup.Target(key, target, target_of))
    return found


def _returns(counted: Select[int]) -> dict[int, list[rollup.Return]]:
    """What accepted awards owe, each return with the accepted record that counts now: the last, of one not reopened."""
    accepted = db.session.execute(
        select(MonitoringReturn.expected_id, AcceptedReturn.accepted_at, AcceptedReturn.content)
        .join(AcceptedReturn, AcceptedReturn.return_id == MonitoringReturn.id)
        .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
        .where(ExpectedReturn.award_id.in_(counted), MonitoringReturn.state == ReturnState.ACCEPTED)
        .order_by(AcceptedReturn.number)
    )
    records = {expected_id: (accepted_at, content) for expected_id, accepted_at, content in accepted}
    owed = db.session.execute(
        select(ExpectedReturn, Award.reference)
        .join(Award, Award.id == ExpectedReturn.award_id)
        .where(Award.id.in_(counted), Award.state == AwardState.ACCEPTED)
        .order_by(ExpectedReturn.award_id, ExpectedReturn.number)
    )
    found: dict[int, list[rollup.Return]] = defaultdict(list)
    for expected, reference in owed:
        accepted_at, content = records.get(expected.id, (None, {"values": ()}))
        found[expected.award_id].append(
            rollup.Return(
                reference=f"{reference}-R{expected.number}",
                number=expected.number,
                period_to=expected.period_to,
                due_on=expected.due_on,
                accepted_on=london_day(accepted_at) if accepted_at else None,
                values=tuple(
                    rollup.Value(each["measure"], each["value"], each["value_of"])
                    for each in content["values"]
                    if each["state"] == ValueState.REPORTED
                ),
            )
        )
    return found


def _project(award: Award, theme: str | None, outcome: str | None, kind: RoundKind, parts: _Parts) -> Project:
    other = OTHER_PRIORITY if award.theme_tag is ThemeTag.OTHER_PRIORITY else rollup.NOT_TAGGED
    none = NO_OUTCOME if award.no_specific_outcome else other
    return Project(
        reference=award.reference,
        name=award.project or "Project not named",
        theme=theme if theme in parts.themes else other,
        outcome=outcome if outcome in parts.outcomes else none,
        year=financial_year(award.awarded_on) if award.awarded_on else rollup.YEAR_NOT_KNOWN,
        awarded_pence=award.amount_pence if award.amount_rule is AmountRule.EXACT else None,
        paid_pence=None if award.state is AwardState.IMPORTED else parts.paid.get(award.id, 0),
        cross_cutting=tuple(sorted(parts.crossing.get(award.id, ()))),
        districts=parts.shares.get(award.id),
        targets=tuple(parts.targets.get(award.id, ())),
        returns=tuple(parts.returns.get(award.id, ())),
        recipient=award.recipient,
        example=kind is RoundKind.EXAMPLE,
        offered=award.state is AwardState.OFFERED,
    )


def _cell(theme: str, cross: str, found: Figures) -> dict[str, Any]:
    plain = rollup.as_json(found)
    del plain["key"]
    return {"theme": theme, "cross_cutting_theme": cross, **plain, "overlaps": True}
