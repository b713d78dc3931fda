"""The impact pages: the matrix and the plan's outcomes, each figure with the list it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.core import clock
from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.words import count_of
from spatc_funds.framework.measures import Reported, Rule
from spatc_funds.funds.queries import funds
from spatc_funds.impact import rollup
from spatc_funds.impact.queries import Filters, Report, report
from spatc_funds.impact.rollup import Figures, MeasureFigure, Project
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

CATEGORY = "Impact"
HEADLINES = ("people-taking-part", "people-who-feel-safer")
WAYS = {
    "theme": "by_theme",
    "cross-cutting-theme": "by_cross_cutting_theme",
    "outcome": "by_outcome",
    "district": "by_district",
    "year": "by_financial_year",
}
CHOICES = ("fund", "round", "year", "district")


@dataclass(frozen=True, slots=True)
class Line:
    """One project's figure on one measure, and the accepted returns it comes from."""

    rule: Rule
    project: Project
    figure: Reported
    returns: tuple[rollup.Return, ...]


class Impact(Gate):
    """What was funded and achieved, in the words of the plan."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.IMPACT_READ, "made_of": Action.IMPACT_READ}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The roll-up of everything that was asked for."""
        found = _report()
        return self.render(
            "impact/index.html",
            report=found,
            headlines=[each for each in found.total.measures if each.rule.key in HEADLINES],
            themes=found.by_theme,
            crossing=found.by_cross_cutting_theme,
            people=_people,
            paid=lambda cell: _paid(found, cell),
            returns=lambda cell: _returns(found, cell),
            said=said,
            coverage=coverage,
            made_of=_made_of(self, found.filters),
            chosen={name: getattr(found.filters, name) for name in CHOICES},
            options=_options(),
            imported_without_recipient=_unnamed(found),
            held=f"{_published(found.filters)} were published for past rounds" if not found.filters.district else "",
            notes=_notes(found),
        )

    @expose("/made-of")
    def made_of(self) -> ResponseReturnValue:
        """The projects behind one figure, each with its own figures and returns."""
        found = _report()
        part, district = _part(found)
        projects = [found.projects[reference] for reference in part.made_of]
        return self.render(
            "impact/made_of.html",
            report=found,
            part=part,
            district=district,
            projects=projects,
            money={project.reference: rollup.money(project, district) for project in projects},
            lines=_lines(found, projects, district),
            return_url=lambda reference: self.get_url("panel_returns.show", reference=reference),
            paid=_paid(found, part),
            accepted=lambda project: rollup.accepted_by(project, found.filters.as_at),
            due=lambda project: sum(1 for each in project.returns if each.due_on <= found.filters.as_at),
            said=said,
            coverage=coverage,
        )


def views() -> list[BaseView]:
    """The pages of this room."""
    return [Impact(name="Impact on the plan", endpoint="panel_impact", url="impact")]


def said(figure: MeasureFigure) -> str:
    """A rolled-up figure in words: a range of people, n of m, or a sum; nothing reported is not zero."""
    rolled = figure.rolled
    if rolled.low is not None and rolled.high is not None:
        return number(rolled.low) if rolled.low == rolled.high else f"{number(rolled.low)} to {number(rolled.high)}"
    if rolled.n is not None:
        return f"{number(rolled.n)} of {number(rolled.of)}"
    return number(rolled.value) if rolled.value is not None else "Nothing reported yet"


def coverage(figure: MeasureFigure) -> str:
    """How much a figure rests on."""
    return f"{figure.projects_reporting} of {figure.projects_due} due projects reported"


def number(value: object) -> str:
    """A whole number with its commas, or one decimal."""
    plain = rollup.plain(value)  # type: ignore[arg-type] # a figure's own value
    return f"{plain:,}" if isinstance(plain, int) else f"{plain:,.1f}"


def _report() -> Report:
    args = request.args
    try:
        as_at = date.fromisoformat(args["as_at"]) if args.get("as_at") else clock.london_day(clock.now())
        filters = Filters(
            as_at=as_at, plan=args.get("plan") or None, **{name: args.get(name) or None for name in CHOICES}
        )
        return report(filters, current_actor())
    except (ValueError, LookupError):
        abort(404)


def _part(found: Report) -> tuple[Figures, str | None]:
    """The part that the address names, and the district where money and measures are to be one district's."""
    by, key, cross = request.args.get("by", "total"), request.args.get("key", ""), request.args.get("cross", "")
    if by == "total":
        return found.total, None
    if by == "matrix":
        return found.matrix.get((key, cross)) or abort(404), None
    parts: list[Figures] = list(getattr(found, WAYS[by])) if by in WAYS else abort(404)
    part = next((each for each in parts if each.key == key), None) or abort(404)
    return part, key if by == "district" else None


def _lines(found: Report, projects: list[Project], district: str | None) -> list[Line]:
    as_at = found.filters.as_at
    lines = []
    for rule in found.rules:
        for project in projects:
            figure = rollup.project_figure(project, rule, as_at, district)
            if figure is not None:
                held = tuple(each for each in project.returns if rollup.reports(each, rule, as_at))
                lines.append(Line(rule, project, figure, held))
    return lines


def _people(cell: Figures) -> str:
    found = next((each for each in cell.measures if each.rule.key == HEADLINES[0]), None)
    return said(found) if found else "Not asked"


def _paid(found: Report, cell: Figures) -> str:
    """What was paid; of awards before this service it is not known."""
    known = [found.projects[reference].paid_pence is not None for reference in cell.made_of]
    return format_pounds(cell.paid_pence) if any(known) or not known else "not known"


def _returns(found: Report, cell: Figures) -> str:
    """How many due returns are accepted, where any are owed at all."""
    owed = any(found.projects[reference].returns for reference in cell.made_of)
    return f"{cell.returns_accepted} of {cell.returns_due} due returns" if owed else "No return is owed"


def _made_of(view: Gate, filters: Filters) -> Any:
    """Addresses of the lists behind figures, with the filters kept."""
    kept = {name: getattr(filters, name) for name in ("plan", *CHOICES) if getattr(filters, name)}

    def address(by: str, key: str = "", cross: str = "") -> str:
        named = {"by": by, "key": key, "cross": cross}
        return str(
            view.get_url(".made_of", **kept, as_at=filters.as_at.isoformat(), **{k: v for k, v in named.items() if v})
        )

    return address


def _options() -> dict[str, list[tuple[str, str]]]:
    held = funds()
    return {
        "fund": [(fund.key, fund.name) for fund in held],
        "round": [(each.code, f"{each.code} ({fund.name})") for fund in held for each in fund.rounds],
        "district": list(DISTRICTS.items()),
    }


def _published(filters: Filters) -> str:
    """How many awards the past rounds looked at were said to have made: most were never published one by one."""
    rounds = [each for fund in funds() for each in fund.rounds if filters.fund in {None, fund.key}]
    counts = [each.awarded_projects or 0 for each in rounds if filters.round in {None, each.code}]
    return f"{sum(counts):,}"


def _notes(found: Report) -> list[str]:
    """What a reader has to know before quoting a figure."""
    projects = found.projects.values()
    notes = []
    invented = sum(1 for project in projects if project.example)
    if invented:
        notes.append(f"{count_of(invented, 'award')} of example rounds are invented. They stand in these figures.")
    offers = [project for project in projects if project.offered]
    if offers:
        pence = format_pounds(sum(project.awarded_pence or 0 for project in offers))
        notes.append(
            f"{count_of(len(offers), 'offer')} of {pence} in all wait for the grantee's answer and are counted."
        )
    return notes


def _unnamed(found: Report) -> int:
    return sum(1 for project in found.projects.values() if not project.recipient)
