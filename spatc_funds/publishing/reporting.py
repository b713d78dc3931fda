"""Reading panel reports, and gathering what one says: the roll-up, and the official figures known on its day."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from spatc_funds.core.problems import MissingError
from spatc_funds.db.base import db
from spatc_funds.framework.models import Observation, PlanVersion
from spatc_funds.framework.multiples import Point
from spatc_funds.framework.observed import period
from spatc_funds.framework.queries import Held, known_on, observations_of
from spatc_funds.impact import stating
from spatc_funds.impact.queries import Filters, Report, report
from spatc_funds.impact.rollup import Part, share_of
from spatc_funds.impact.speaking import NO_OUTCOME
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import PlanState
from spatc_funds.publishing.contents import (
    Series,
    ThemeFigures,
    indicator_content,
    member,
    theme_content,
    without_small_numbers,
)
from spatc_funds.publishing.models import FinalReport, PanelReport
from spatc_funds.publishing.readers import boxes, reader_of

NUMBER = re.compile(r"REPORT-([1-9][0-9]{0,8})", re.ASCII)
OF_ONE_PLAN = "Only what was tagged in this version of the plan is counted."


def reports() -> Sequence[PanelReport]:
    """Every report, the newest first, without what it says."""
    return db.session.scalars(
        select(PanelReport)
        .order_by(PanelReport.id.desc())
        .options(defer(PanelReport.words), joinedload(PanelReport.started_by))
    ).all()


def report_of(reference: str) -> PanelReport:
    """One of them with its plan and, where it is final, the frozen copy. Raises MissingError."""
    frozen = joinedload(PanelReport.final).joinedload(FinalReport.finished_by)
    return _one(reference, joinedload(PanelReport.plan), frozen)


def locked(reference: str) -> PanelReport:
    """The same, read anew and locked until the unit of work ends. Raises MissingError."""
    db.session.expire_all()
    db.session.scalar(select(PanelReport.id).where(PanelReport.id == _number(reference)).with_for_update())
    return _one(reference, joinedload(PanelReport.plan))


def newest_of(reader: str, as_at: date) -> PanelReport | None:
    """The newest report for a reader as at a day; a final one before a draft."""
    found = select(PanelReport).where(PanelReport.reader == reader, PanelReport.as_at == as_at)
    found = found.outerjoin(PanelReport.final).order_by(FinalReport.id.is_(None), PanelReport.id.desc())
    return db.session.scalars(found.limit(1)).first()


def content_of(asked: PanelReport, actor: Actor | None = None) -> dict[str, Any]:
    """What a report says now, of everything or of what the actor may see (``contents`` says how it is made up).

    Everything in it is as at the report's day: what was awarded, paid and accepted by then, and official figures of
    periods that had ended and of files that were published by then.
    """
    of_one_plan = asked.plan.state is not PlanState.CURRENT
    found = report(Filters(as_at=asked.as_at, plan=asked.plan.key if of_one_plan else None), actor)
    held = [each for each in observations_of(asked.plan) if each.indicator.key in asked.indicators]
    ranges = {rule.key for rule in found.rules if rule.across_projects == "range"}
    content = {
        "reference": asked.reference,
        "title": asked.title,
        "reader": reader_of(asked.reader).name,
        "plan": {"key": found.plan.key, "name": found.plan.name},
        "as_at": asked.as_at.isoformat(),
        "notes": stating.notes(found) + ([OF_ONE_PLAN] if of_one_plan else []),
        "total": member(found.total, found.projects),
        "themes": [
            theme_content(_theme(found, each.key), found.projects, asked.as_at)
            for each in found.plan.themes
            if each.key in asked.themes
        ],
        "others": [
            member(each, found.projects) for each in found.by_theme if each.key not in asked.themes and each.projects
        ],
        "indicators": [indicator_content(_series(each, asked.as_at)) for each in held],
        **_who(found.plan.key, asked.as_at, ranges),
        "words": {key: asked.words.get(key, "") for key in boxes(asked.themes)},
    }
    return without_small_numbers(content, stating.not_to_be_told(found))


def _who(plan: str, as_at: date, ranges: Collection[str]) -> dict[str, Any]:
    """Who took part, as the last statement up to the day says it to everybody.

    A report has no numbers of its own here: two papers that count the same people on two days could be subtracted from
    one another, whatever each of them leaves out.
    """
    found = stating.last_up_to(as_at, plan)
    if found is None:
        return {"who": [], "who_from": None}
    shown = stating.published(found.content, [each.content for each in stating.earlier(found)])
    return {
        "who": [{**each, "ranges": each["measure"] in ranges} for each in shown["splits"]],
        "who_from": {"reference": found.reference, "name": found.name, "as_at": found.as_at.isoformat()},
    }


def parts_of(plan: PlanVersion) -> tuple[list[Part], list[Part]]:
    """The themes and the indicators of a version of the plan, in its order: what a report may be about."""
    indicators = [Part(each.indicator.key, each.indicator.name) for each in observations_of(plan)]
    return [Part(each.key, each.name) for each in plan.themes], indicators


def _one(reference: str, *options: ORMOption) -> PanelReport:
    found = db.session.scalar(select(PanelReport).where(PanelReport.id == _number(reference)).options(*options))
    if found is None:
        raise MissingError
    return found


def _number(reference: str) -> int:
    found = NUMBER.fullmatch(reference)
    if found is None:
        raise MissingError
    return int(found[1])


def _theme(found: Report, key: str) -> ThemeFigures:
    theme = next(each for each in found.plan.themes if each.key == key)
    outcomes = [each for each in found.by_outcome if each.key in {outcome.key for outcome in theme.outcomes}]
    whole = next(each for each in found.by_theme if each.key == key)
    told = {reference for each in outcomes for reference in each.made_of}
    rest = [found.projects[reference] for reference in whole.made_of if reference not in told]
    if rest:
        part = Part(NO_OUTCOME, "No outcome of this theme")
        outcomes.append(found.rolling.figures(part, rest, share_of(rest, "theme", key)))
    names = {each.key: each.name for each in found.by_cross_cutting_theme}
    return ThemeFigures(
        whole=whole,
        outcomes=outcomes,
        crossing=[replace(cell, name=names[cross]) for (of, cross), cell in found.matrix.items() if of == key],
    )


def _series(held: Held, as_at: date) -> Series:
    """What was known of an indicator on a day."""
    known, indicator = known_on(held, as_at), held.indicator
    return Series(
        key=indicator.key,
        name=indicator.name,
        unit=indicator.unit,
        direction=indicator.direction,
        source=indicator.source,
        is_example=known.has_examples,
        figures={area: [_point(each) for each in rows] for area, rows in known.series.items()},
        baselines={area: _point(each) for area, each in known.baselines.items()},
        sources=list(dict.fromkeys(map(_source, known.observations))) or [f"Source: {indicator.source}."],
    )


def _source(each: Observation) -> str:
    if each.imported is None:
        return "Recorded by an officer."
    day = period(each.imported.published_on, each.imported.published_on)
    return f"Source: {each.imported.source}, published on {day} ({each.imported.licence})."


def _point(each: Observation) -> Point:
    return Point(each.period_from, each.period_to, each.value_milli)
