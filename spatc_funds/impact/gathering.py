"""Gathering what is rolled up: every award that counts, as the roll-up sees it, from the tables named here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import aliased

from spatc_funds.applications.models import ApplicationArea, Submission
from spatc_funds.audit.models import LogChange, LogEntry
from spatc_funds.awards.models import (
    AmountRule,
    Award,
    AwardCrossCutting,
    AwardShare,
    AwardTarget,
    ExpectedReturn,
    Instalment,
    ThemeTag,
)
from spatc_funds.core.clock import london_day
from spatc_funds.core.periods import financial_year
from spatc_funds.db.base import db
from spatc_funds.framework.mapping import Line, all_ways
from spatc_funds.framework.models import (
    Commitment,
    CrossCuttingTheme,
    FocusArea,
    Measure,
    Outcome,
    PlanMapping,
    PlanVersion,
    Theme,
)
from spatc_funds.funds.models import Area, Fund, Round, RoundKind
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import Part, Project
from spatc_funds.impact.speaking import NO_FOCUS, NO_OUTCOME, OTHER_PRIORITY, PlanParts, ThemeParts
from spatc_funds.payments.models import Payment
from spatc_funds.payments.queries import paid_pence
from spatc_funds.policy.states import AwardState, ReturnState
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn, ValueState
from spatc_funds.returns.splits import DISTRICT, NOT_KNOWN

COUNTED = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.IMPORTED)
_AREAS = select(Area).order_by(Area.name, Area.kind, Area.id)
# Every table that a figure depends on. A test holds this against the queries themselves. Only what a bid says of its
# areas is not watched: no bid changes once it is taken up, and it is there before its award, which is.
SETTLED = tuple(table.__tablename__ for table in (ApplicationArea, Submission))
READ = tuple(
    table.__tablename__
    for table in (
        AcceptedReturn,
        Area,
        Award,
        AwardCrossCutting,
        AwardShare,
        AwardTarget,
        Commitment,
        CrossCuttingTheme,
        ExpectedReturn,
        FocusArea,
        Fund,
        Instalment,
        Measure,
        MonitoringReturn,
        Outcome,
        Payment,
        PlanMapping,
        PlanVersion,
        Round,
        Theme,
    )
)


def version() -> str | None:
    """Another one after every act that wrote to a table that figures depend on; None before the first.

    It is the hash of that act's entry in the log, which covers the entries before it: no other database has it.
    """
    last = union_all(
        *(select(func.max(LogChange.entry_id).label("entry_id")).where(LogChange.table == table) for table in READ)
    ).subquery()
    newest = select(func.max(last.c.entry_id)).scalar_subquery()
    return db.session.scalar(select(LogEntry.hash).where(LogEntry.id == newest))


def projects(as_at: date) -> list[Project]:
    """The awards that count on a day, by reference, in the words of their own plan; one query for each kind of part."""
    counted = select(Award.id).where(Award.state.in_(COUNTED), Award.awarded_on.is_(None) | (Award.awarded_on <= as_at))
    rows = db.session.execute(
        select(
            Award,
            PlanVersion.key.label("plan_key"),
            Theme.key.label("theme_key"),
            Outcome.key.label("outcome_key"),
            FocusArea.key.label("focus_key"),
            Round.kind,
            Round.code,
            Fund.key.label("fund_key"),
        )
        .join(Award.round)
        .join(Round.fund)
        .outerjoin(PlanVersion, PlanVersion.id == Award.plan_id)
        .outerjoin(FocusArea, FocusArea.id == Award.focus_area_id)
        .outerjoin(Theme, Theme.id == Award.theme_id)
        .outerjoin(Outcome, Outcome.id == Award.primary_outcome_id)
        .where(Award.id.in_(counted))
        .order_by(Award.reference)
    ).all()
    parts = _Parts(
        paid=paid_pence(counted, as_at),
        shares=_shares(counted),
        crossing=_crossing(counted),
        areas=_areas(counted),
        targets=_targets(counted),
        returns=_returns(counted, as_at),
    )
    return [_project(row, parts) for row in rows]


def parts_of(plan: PlanVersion) -> PlanParts:
    """A version of the plan with what was declared of the parts of earlier ones."""
    declared: dict[tuple[str, str], dict[str, list[Line]]] = {}
    later = aliased(PlanVersion)
    asked = (
        select(PlanVersion.key, later.key, PlanMapping)
        .join(PlanVersion, PlanVersion.id == PlanMapping.from_plan_id)
        .join(later, later.id == PlanMapping.to_plan_id)
    )
    for key, to, row in db.session.execute(asked.order_by(PlanMapping.id)):
        line = Line(row.from_key, row.to_key, row.percent)
        declared.setdefault((key, to), {}).setdefault(row.kind, []).append(line)
    return PlanParts(
        key=plan.key,
        name=plan.name,
        themes=tuple(
            ThemeParts(
                theme.key,
                theme.name,
                tuple(Part(each.key, each.name) for each in theme.focus_areas),
                tuple(Part(each.key, each.name) for each in theme.outcomes),
            )
            for theme in plan.themes
        ),
        cross_cutting_themes=tuple(Part(each.key, each.name) for each in plan.cross_cutting_themes),
        earlier=all_ways(declared, plan.key),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to the awards, by award id: one query for each."""

    paid: Mapping[int, int]
    shares: Mapping[int, Mapping[str, int]]
    crossing: Mapping[int, Sequence[str]]
    areas: Mapping[int, Sequence[str]]
    targets: Mapping[int, Sequence[rollup.Target]]
    returns: Mapping[int, Sequence[rollup.Return]]


def _shares(counted: Select[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    asked = select(AwardShare.award_id, AwardShare.district, AwardShare.percent)
    for award_id, district, percent in db.session.execute(asked.where(AwardShare.award_id.in_(counted))):
        found[award_id][district] = percent
    return found


def _crossing(counted: Select[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    asked = select(AwardCrossCutting.award_id, CrossCuttingTheme.key).join(AwardCrossCutting.theme)
    for award_id, key in db.session.execute(asked.where(AwardCrossCutting.award_id.in_(counted))):
        found[award_id].append(key)
    return found


def areas() -> list[Part]:
    """The wards and other areas that rounds are for, by name: the same place in two rounds is one part."""
    found = {area_key(each): Part(area_key(each), f"{each.name}, {each.place}") for each in db.session.scalars(_AREAS)}
    return list(found.values())


def area_key(area: Area) -> str:
    """What an area is by, whatever round it stands in: district, kind and its own key."""
    return f"{area.district}.{area.kind.value.replace(' ', '-')}.{area.key}"


def _areas(counted: Select[int]) -> dict[int, list[str]]:
    """The areas that the bid behind an award named. A bid stays as it is once it is decided."""
    found: dict[int, list[str]] = defaultdict(list)
    asked = (
        select(Award.id, Area)
        .join(Submission, Submission.id == Award.submission_id)
        .join(ApplicationArea, ApplicationArea.application_id == Submission.application_id)
        .join(Area, Area.id == ApplicationArea.area_id)
    )
    for award_id, area in db.session.execute(asked.where(Award.id.in_(counted))):
        found[award_id].append(area_key(area))
    return found


def _targets(counted: Select[int]) -> dict[int, list[rollup.Target]]:
    found: dict[int, list[rollup.Target]] = defaultdict(list)
    asked = select(AwardTarget.award_id, Measure.key, AwardTarget.target, AwardTarget.target_of)
    asked = asked.join(AwardTarget.measure).where(AwardTarget.award_id.in_(counted)).order_by(Measure.key)
    for award_id, key, target, target_of in db.session.execute(asked):
        found[award_id].append(rollup.Target(key, target, target_of))
    return found


def _returns(counted: Select[int], as_at: date) -> dict[int, list[rollup.Return]]:
    """What accepted and imported awards owe, each return with the accepted record that counts on a day.

    That is the last one up to it, of a return that is not reopened now.
    """
    accepted = db.session.execute(
        select(MonitoringReturn.expected_id, AcceptedReturn.accepted_at, AcceptedReturn.content)
        .join(AcceptedReturn, AcceptedReturn.return_id == MonitoringReturn.id)
        .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
        .where(ExpectedReturn.award_id.in_(counted), MonitoringReturn.state == ReturnState.ACCEPTED)
        .order_by(AcceptedReturn.number)
    )
    records: dict[int, tuple[datetime, Any]] = {}
    for expected_id, accepted_at, content in accepted:
        if expected_id not in records or london_day(accepted_at) <= as_at:
            records[expected_id] = accepted_at, content
    owed = db.session.execute(
        select(ExpectedReturn, Award.reference)
        .join(Award, Award.id == ExpectedReturn.award_id)
        .where(Award.id.in_(counted), Award.state.in_((AwardState.ACCEPTED, AwardState.IMPORTED)))
        .order_by(ExpectedReturn.award_id, ExpectedReturn.number)
    )
    found: dict[int, list[rollup.Return]] = defaultdict(list)
    for expected, reference in owed:
        accepted_at, content = records.get(expected.id) or (None, {"values": ()})
        found[expected.award_id].append(
            rollup.Return(
                reference=f"{reference}-R{expected.number}",
                number=expected.number,
                period_to=expected.period_to,
                due_on=expected.due_on,
                accepted_on=london_day(accepted_at) if accepted_at else None,
                values=tuple(
                    rollup.Value(
                        each["measure"], each["value"], each["value_of"], each.get("split_by"), each.get("split")
                    )
                    for each in content["values"]
                    if each["state"] == ValueState.REPORTED and _of_a_place(each)
                ),
            )
        )
    return found


def _of_a_place(value: Mapping[str, Any]) -> bool:
    """Not a count of people of whom no district is known: it reports no splits by district."""
    return (value.get("split_by"), value.get("split")) != (DISTRICT, NOT_KNOWN)


def _project(row: Any, parts: _Parts) -> Project:
    award: Award = row.Award
    other = OTHER_PRIORITY if award.theme_tag is ThemeTag.OTHER_PRIORITY else rollup.NOT_TAGGED
    return Project(
        reference=award.reference,
        name=award.project or "Project not named",
        theme=row.theme_key or other,
        outcome=row.outcome_key or (NO_OUTCOME if award.no_specific_outcome else other),
        year=financial_year(award.awarded_on) if award.awarded_on else rollup.YEAR_NOT_KNOWN,
        awarded_pence=award.amount_pence if award.amount_rule is AmountRule.EXACT else None,
        paid_pence=award.imported_paid_pence if award.state is AwardState.IMPORTED else parts.paid.get(award.id, 0),
        cross_cutting=tuple(sorted(parts.crossing.get(award.id, ()))),
        districts=parts.shares.get(award.id),
        targets=tuple(parts.targets.get(award.id, ())),
        returns=tuple(parts.returns.get(award.id, ())),
        areas=tuple(sorted(parts.areas.get(award.id, ()))),
        recipient=award.recipient,
        example=row.kind is RoundKind.EXAMPLE,
        offered=award.state is AwardState.OFFERED,
        imported=award.state is AwardState.IMPORTED,
        focus_area=f"{row.theme_key}.{row.focus_key or NO_FOCUS}" if row.theme_key else other,
        fund=row.fund_key,
        round=row.code,
        plan=row.plan_key or "",
    )
