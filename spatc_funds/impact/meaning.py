"""What the cells of a file of results mean here: funds, plans, themes, outcomes, measures by their keys or names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from spatc_funds.awards.models import ThemeTag
from spatc_funds.core.words import folded, key_of
from spatc_funds.db.base import db
from spatc_funds.framework.models import Measure, PlanVersion
from spatc_funds.funds.models import Fund, Round
from spatc_funds.impact.results_file import Fault, ProjectRow

OTHER_PRIORITY, NOT_TAGGED, NO_OUTCOME = "other-priority", "not-tagged", "no-specific-outcome"
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Meant:
    """A project of a file with what its names mean here."""

    row: ProjectRow
    asked: Round
    plan: PlanVersion | None
    theme_id: int | None
    theme_tag: ThemeTag
    outcome_id: int | None
    no_outcome: bool
    crossing: tuple[int, ...]
    others: tuple[int, ...]
    targets: Mapping[int, tuple[str, int, int | None]]  # measure's id: its key, and what was promised of it

    def signature(self) -> tuple[object, ...]:
        """What an award that is held has to be equal in; see ``_held_signature``."""
        row = self.row
        return (
            self.asked.id,
            row.cells["organisation"],
            row.cells["organisation_number"],
            row.cells["project"],
            row.awarded_on,
            row.awarded_pence,
            row.paid_pence,
            self.plan.id if self.plan else None,
            self.theme_id,
            self.theme_tag,
            self.outcome_id,
            self.no_outcome,
            sorted(self.crossing),
            sorted(self.others),
            sorted(row.shares.items()),
            sorted(self.targets.values()),
        )


def meant(
    rows: Sequence[ProjectRow],
    measures: Mapping[str, Measure],
    round_of: Callable[[Fund, str], Round],
    faults: list[Fault],
) -> list[Meant]:
    """Each project of a file with what its names mean; what is not known is added to the faults.

    ``round_of`` gives a fund's round by the name in a cell; it is asked once for each.
    """
    plans = db.session.scalars(select(PlanVersion)).all()
    funds = db.session.scalars(select(Fund).options(selectinload(Fund.rounds))).all()
    rounds: dict[tuple[int, str], Round] = {}
    found = []
    for row in rows:
        fund = _one("fund", row, funds, faults)
        plan = _one("plan", row, plans, faults)
        unknown = [
            Fault("targets", each.row, "measure", f"“{each.measure[:60]}” is not a measure that is known")
            for each in row.targets
            if each.measure not in measures
        ] + [
            Fault("values", each.row, "measure", f"“{each.measure[:60]}” is not a measure that is known")
            for returned in row.returns
            for each in returned.values
            if each.measure not in measures
        ]
        unknown += _wrong_denominators(row, measures) if not unknown else []
        faults += unknown
        tags = _tags(row, plan, faults)
        if fund is None or unknown:
            continue
        name = row.cells["round"]
        asked = rounds.get((fund.id, folded(name))) or round_of(fund, name)
        rounds[fund.id, folded(name)] = asked
        targets = {
            measures[each.measure].id: (measures[each.measure].key, each.target, each.target_of) for each in row.targets
        }
        found.append(Meant(row, asked, plan, **tags, targets=targets))
    return found


def _wrong_denominators(row: ProjectRow, measures: Mapping[str, Measure]) -> list[Fault]:
    """Only an n-of-m has one."""
    words = "only a measure of n-of-m is out of something"
    return [
        Fault("targets", each.row, "target_of", words)
        for each in row.targets
        if each.target_of is not None and measures[each.measure].basis != "n-of-m"
    ] + [
        Fault("values", each.row, "value_of", words)
        for returned in row.returns
        for each in returned.values
        if each.value_of is not None and measures[each.measure].basis != "n-of-m"
    ]


def _tags(row: ProjectRow, plan: PlanVersion | None, faults: list[Fault]) -> dict[str, Any]:
    """Theme, outcomes and cross-cutting themes as rows of the plan; nothing where the file names no plan."""
    themes = plan.themes if plan else []
    outcomes = [outcome for theme in themes for outcome in theme.outcomes]
    crossing = plan.cross_cutting_themes if plan else []
    theme_key, outcome_key = key_of(row.cells["theme"]), key_of(row.cells["primary_outcome"])
    theme, tag = None, ThemeTag.NOT_TAGGED
    if theme_key == OTHER_PRIORITY:
        tag = ThemeTag.OTHER_PRIORITY
    elif theme_key not in {"", NOT_TAGGED}:
        theme = _one("theme", row, themes, faults)
        tag = ThemeTag.THEME
    outcome = None
    if outcome_key not in {"", NOT_TAGGED, OTHER_PRIORITY, NO_OUTCOME}:
        outcome = _one("primary_outcome", row, outcomes, faults)
    several = {
        "crossing": _several("cross_cutting_themes", row, row.cross_cutting, crossing, faults),
        "others": _several("other_outcomes", row, row.other_outcomes, outcomes, faults),
    }
    return {
        "theme_id": theme.id if theme else None,
        "theme_tag": tag,
        "outcome_id": outcome.id if outcome else None,
        "no_outcome": outcome_key == NO_OUTCOME,
        **several,
    }


def _one(column: str, row: ProjectRow, rows: Sequence[Named], faults: list[Fault]) -> Named | None:
    """The one of these that a cell names, by key or name; None where the cell is blank or nothing is called so."""
    return _called(column, row, row.cells[column], rows, faults)


def _several(
    column: str, row: ProjectRow, names: Sequence[str], rows: Sequence[Any], faults: list[Fault]
) -> tuple[int, ...]:
    found = [_called(column, row, each, rows, faults) for each in names if key_of(each) != "none"]
    return tuple(dict.fromkeys(each.id for each in found if each))


def _called(column: str, row: ProjectRow, name: str, rows: Sequence[Named], faults: list[Fault]) -> Named | None:
    if not name:
        return None
    for each in rows:
        if key_of(name) in {key_of(str(getattr(each, attribute))) for attribute in ("key", "name")}:
            return each
    known = "; ".join(str(getattr(each, "name", "")) for each in rows) or "none (the row names no plan)"
    faults.append(Fault("projects", row.row, column, f"“{name[:60]}” is not known. There are: {known}"))
    return None
