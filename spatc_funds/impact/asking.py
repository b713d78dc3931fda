"""What an impact page is asked for: the address is the view, so that it can be shared and asked for again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import abort, request

from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.funds.queries import funds
from spatc_funds.impact.queries import Filters, Report, report
from spatc_funds.impact.rollup import Project
from spatc_funds.returns.splits import DISTRICT
from spatc_funds.web.guards import current_actor

CHOICES = ("fund", "round", "year", "district")
AT_ONCE = 200
OUTCOMES = (
    "Each project has one primary outcome or none, so this adds up to everything. What a project did contributed to "
    "its outcome; nobody can say it caused it."
)
PLACES = (
    "Money is split by each project's own shares, to the penny, and adds up. Projects over several districts are "
    "counted in each. People who live in none of their project's districts stand under “Who took part” alone."
)
WHOLE = "This adds up to everything."
TWICE = (
    "Some of these were tagged in another version of the plan, of which a part became several. Such a project is "
    "counted in each of them; its money is shared between them, to the penny, and adds up."
)
AREAS = (
    "Bids of rounds for wards and postcode districts name those in which they work. A project stands under each of "
    "them with all of its money: the parts overlap and are never added up. Most projects name none."
)
CROSSING = "A project stands under each of its cross-cutting themes. The parts overlap and are never added up."


@dataclass(frozen=True, slots=True)
class Way:
    """One way of parting what was funded: the report's name for it, what a project has it by, and words.

    ``part`` is what one part is, ``note`` how the parts add up; ``by`` is empty where the parts overlap.
    """

    report: str
    by: str
    heading: str
    part: str
    note: str = WHOLE


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "theme": Way("by_theme", "theme", "By theme", "Theme"),
        "focus-area": Way("by_focus_area", "focus_area", "By focus area", "Focus area"),
        "outcome": Way("by_outcome", "outcome", "By outcome of the plan", "Outcome", OUTCOMES),
        "cross-cutting-theme": Way(
            "by_cross_cutting_theme", "", "By cross-cutting theme", "Cross-cutting theme", CROSSING
        ),
        "district": Way("by_district", DISTRICT, "By district", "District", PLACES),
        "area": Way("by_area", "", "By ward and area", "Ward or area", AREAS),
        "fund": Way("by_fund", "fund", "By fund", "Fund"),
        "round": Way("by_round", "round", "By round", "Round"),
        "year": Way("by_financial_year", "year", "By financial year of award", "Financial year"),
    }
)


def asked_report() -> Report:
    """The roll-up that the address asks for, of what the reader may see; 404 for what does not exist."""
    args = request.args
    try:
        as_at = date.fromisoformat(args["as_at"]) if args.get("as_at") else clock.london_day(clock.now())
        filters = Filters(
            as_at=as_at, plan=args.get("plan") or None, **{name: args.get(name) or None for name in CHOICES}
        )
        return report(filters, current_actor())
    except (ValueError, LookupError):
        abort(404)


def note_of(way: str, found: Report) -> str:
    """How the parts of a way add up; where a mapping of plans puts a project into several, that it stands in each."""
    parted = WAYS[way]
    several = parted.by and any(parted.by in each.split for each in found.projects.values())
    return TWICE if several else parted.note


def of_a_district(found: Report) -> list[str]:
    """What a reader of one district's projects has to know of their money."""
    if found.filters.district is None:
        return []
    name = DISTRICTS[found.filters.district]
    return [f"These are the projects with work in {name}, each with all of its money. What is for {name} stands below."]


def kept(filters: Filters) -> dict[str, str]:
    """The filters as an address carries them on."""
    found = {name: getattr(filters, name) for name in ("plan", *CHOICES)}
    return {name: value for name, value in found.items() if value} | {"as_at": filters.as_at.isoformat()}


def choosing(found: Report) -> dict[str, Any]:
    """What the filters and the ways of a page need: what is chosen, and what there is to choose."""
    held = funds()
    return {
        "ways": {key: way.heading for key, way in WAYS.items()},
        "chosen": {name: getattr(found.filters, name) for name in CHOICES},
        "options": {
            "fund": [(fund.key, fund.name) for fund in held],
            "round": [(each.code, f"{fund.name}, {each.name} ({each.code})") for fund in held for each in fund.rounds],
            "district": list(DISTRICTS.items()),
        },
    }


def made_of(get_url: Callable[..., str], filters: Filters) -> Callable[..., str]:
    """Addresses of the lists behind figures, with the filters kept."""

    def address(by: str, key: str = "", cross: str = "") -> str:
        named = {"by": by, "key": key, "cross": cross}
        return get_url("panel_impact.made_of", **kept(filters), **{k: v for k, v in named.items() if v})

    return address


def return_url(get_url: Callable[..., str]) -> Callable[[Project, str], str]:
    """Addresses of returns: the page with the evidence; of a past round's, what the file said."""

    def address(project: Project, reference: str) -> str:
        if project.imported:
            return get_url("panel_impact.show_return", reference=reference)
        return get_url("panel_returns.show", reference=reference)

    return address
