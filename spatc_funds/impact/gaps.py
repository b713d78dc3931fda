"""What the plan asks for and nobody has done, or nobody has told of (pure)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spatc_funds.impact.rollup import Part, Project, accepted_by, cross_keys


class Gap(StrEnum):
    """Why a place of the plan is one to look at."""

    NO_PROJECT = "No project"
    NO_RETURN = "No accepted return yet"
    NONE = "Funded, and told of"


@dataclass(frozen=True, slots=True)
class Place:
    """One theme, outcome, cross-cutting theme and district together, with the projects that stand there."""

    theme: Part
    outcome: Part
    cross: Part
    district: Part
    projects: tuple[str, ...]
    accepted: int

    @property
    def gap(self) -> Gap:
        """Which it is."""
        if not self.projects:
            return Gap.NO_PROJECT
        return Gap.NONE if self.accepted else Gap.NO_RETURN


def places(
    outcomes: Sequence[tuple[Part, Part]],
    crossing: Sequence[Part],
    districts: Sequence[Part],
    projects: Sequence[Project],
    as_at: date,
) -> list[Place]:
    """Every theme and outcome, by cross-cutting theme and district: in this order, none left out.

    A project stands in each of its districts and under each of its cross-cutting themes; what is not tagged with one of
    the outcomes stands nowhere here.
    """
    found: dict[tuple[str, str, str], list[Project]] = defaultdict(list)
    for project in projects:
        for cross in cross_keys(project):
            for district in project.districts or ():
                found[project.outcome, cross, district].append(project)
    return [
        _place(theme, outcome, cross, district, found[outcome.key, cross.key, district.key], as_at)
        for theme, outcome in outcomes
        for cross in crossing
        for district in districts
    ]


def _place(theme: Part, outcome: Part, cross: Part, district: Part, here: Sequence[Project], as_at: date) -> Place:
    references = tuple(sorted(each.reference for each in here))
    return Place(theme, outcome, cross, district, references, sum(accepted_by(each, as_at) for each in here))
