"""Loading the plan and the measures from the product's own files. What is already there is left as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from spatc_funds.db.base import db
from spatc_funds.framework.models import (
    Commitment,
    CrossCuttingTheme,
    FocusArea,
    Heading,
    Indicator,
    Measure,
    Outcome,
    PlanVersion,
    Priority,
    Theme,
)
from spatc_funds.policy.states import PlanState

Document = Mapping[str, Any]


def load_plan(document: Document) -> PlanVersion | None:
    """A plan version with everything named in it, or None when it is already loaded."""
    if db.session.scalar(select(PlanVersion.id).where(PlanVersion.key == document["key"])):
        return None
    plan = PlanVersion(
        key=document["key"],
        name=document["name"],
        state=PlanState(document["state"]),
        strategy_priority=document.get("strategy_priority") or "",
        document=dict(document),
        priorities=[Priority(**_keyed(each, place)) for place, each in enumerate(document["priorities"])],
        headings=[Heading(**_keyed(each, place)) for place, each in enumerate(document["headings"])],
        cross_cutting_themes=[
            _cross_cutting(each, place) for place, each in enumerate(document["cross_cutting_themes"])
        ],
    )
    headings = {heading.key: heading for heading in plan.headings}
    plan.themes = [_theme(each, place, headings) for place, each in enumerate(document["themes"])]
    db.session.add(plan)
    db.session.flush()
    themes = {theme.key: theme.id for theme in plan.themes}
    plan.indicators = [
        Indicator(
            **_keyed(each, place),
            definition=each.get("definition", ""),
            unit=each.get("unit", ""),
            direction=each["direction"],
            source=each["source"],
            theme_id=themes.get(each["theme"]),
        )
        for place, each in enumerate(document["indicators"])
    ]
    return plan


def load_measures(documents: Sequence[Document]) -> int:
    """The measures that are not there yet; how many were added."""
    known = {(key, version) for key, version in db.session.execute(select(Measure.key, Measure.version))}
    added = [
        Measure(
            **_keyed(each, place),
            **{name: each[name] for name in ("version", "unit", "basis", "direction", "across_periods", "is_change")},
            **{name: each[name] for name in ("across_projects", "label_n", "label_of", "help")},
            outcome_key=each["outcome"],
        )
        for place, each in enumerate(documents)
        if (each["key"], each["version"]) not in known
    ]
    db.session.add_all(added)
    return len(added)


def _keyed(each: Document, place: int) -> dict[str, Any]:
    return {"key": each["key"], "name": each["name"], "position": place}


def _theme(each: Document, place: int, headings: Mapping[str, Heading]) -> Theme:
    return Theme(
        **_keyed(each, place),
        focus_areas=[
            FocusArea(key=area["key"], name=area["text"], position=number)
            for number, area in enumerate(each["purpose"])
        ],
        outcomes=[
            Outcome(**_keyed(outcome, number), heading=headings.get(outcome["heading"]))
            for number, outcome in enumerate(each["outcomes"])
        ],
    )


def _cross_cutting(each: Document, place: int) -> CrossCuttingTheme:
    return CrossCuttingTheme(
        **_keyed(each, place),
        commitments=[
            Commitment(key=commitment["key"], name=commitment["text"], position=number)
            for number, commitment in enumerate(each["commitments"])
        ],
    )
