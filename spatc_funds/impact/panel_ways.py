"""What was funded and achieved by one way of parting it, with its chart, its files, and where the gaps are."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_admin.menu import BaseMenu
from openpyxl import Workbook

from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.files.workbook import Column, Value, add_facts, add_table, pounds, save
from spatc_funds.framework import observed
from spatc_funds.framework.measures import MONEY, Rule
from spatc_funds.framework.queries import Held, chart_of, known_on, observations_of, plan_by_key
from spatc_funds.impact import bars, gaps, own, rollup, splits
from spatc_funds.impact.asking import AT_ONCE, WAYS, asked_report, choosing, kept, made_of, note_of, return_url
from spatc_funds.impact.gaps import Gap, Place
from spatc_funds.impact.own import OwnLine
from spatc_funds.impact.queries import Report
from spatc_funds.impact.rollup import NONE, NOT_TAGGED, YEAR_NOT_KNOWN, Figures, MeasureFigure, Part, Project, plain
from spatc_funds.impact.splits import SplitTable
from spatc_funds.impact.wording import coverage, number, promised, said, split_head, split_part, target_words
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.paging import page_of
from spatc_funds.web.panel import Gate, expose
from spatc_funds.web.panel_formats import cell

USUAL = "people-taking-part"
HEADERS = (
    "Key",
    "Name",
    "Projects",
    "Awarded",
    "Paid",
    "Amounts not known",
    "Paid not known",
    "Returns due",
    "Returns accepted",
    "Measure",
    "Lowest",
    "Highest",
    "Number",
    "Out of",
    "Sum",
    "Promised",
    "Projects reporting",
    "Projects due",
    "Pence for one",
)
GAP_HEADERS = ("Theme", "Outcome", "Cross-cutting theme", "District", "Projects", "Accepted returns", "Gap")
PEOPLE_HEADERS = ("Measure", "Split by", "Part", "At most", "Projects")
OWN_HEADERS = ("Award", "Project", "Recipient", "Measure", "Promised", "Counted", "Accepted returns that say it")
OWN_NOTE = "Each is counted by one project alone, so none of them is added to another."
PEOPLE_NOTE = "Somebody who takes part in two projects is counted in both, so each number is the most that it can be."
FILES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a way, with the figure of the measure that is looked at, and what one of it cost."""

    part: Figures
    figure: MeasureFigure | None
    bar: int
    cost_pence: Fraction | None

    @property
    def cost(self) -> str:
        """In pounds and pence; empty where it means nothing."""
        return "" if self.cost_pence is None else format_pounds(round(self.cost_pence))


class Ways(Gate):
    """One way at a time. The address is the view, and its files hold exactly what is shown."""

    permissions: ClassVar[Mapping[str, Action]] = dict.fromkeys(
        ("index", "show", "export", "export_gaps", "indicators", "people", "export_people", "own", "export_own"),
        Action.IMPACT_READ,
    )

    def stands_under(self, item: BaseMenu) -> bool:
        """Only the gaps have an item of their own; every other way is a way of looking at the impact."""
        if request.endpoint == f"{self.endpoint}.index":
            return super().stands_under(item)
        return item.get_url() == self.get_url("panel_impact.index")

    @expose("/<way>/")
    def show(self, way: str) -> ResponseReturnValue:
        """The parts of one way."""
        found = asked_report()
        parted = WAYS.get(way) or abort(404)
        rule = _rule(found)
        lines = _lines(found, way, rule)
        money = {line.part.key: line.part.awarded_pence for line in lines}
        return self.render(
            "impact/way.html",
            report=found,
            way=way,
            heading=parted.heading,
            part=parted.part,
            note=note_of(way, found),
            lines=lines,
            finding=_finding(found, getattr(found, parted.report), overlapping=not parted.by),
            rule=rule,
            rules=[each.rule for each in found.total.measures],
            tiles=bars.tiles(money) if way == "district" else [],
            money=money,
            said=said,
            target_words=target_words,
            promised=promised,
            coverage=coverage,
            made_of=made_of(self.get_url, found.filters),
            kept=kept(found.filters) | {"measure": rule.key if rule else ""},
            **choosing(found),
        )

    @expose("/<way>/export/<any(csv, xlsx):kind>/")
    def export(self, way: str, kind: str) -> ResponseReturnValue:
        """The same as a file."""
        found = asked_report()
        parted = WAYS.get(way) or abort(404)
        rule = _rule(found)
        rows = [_cells(line, rule, found.projects) for line in _lines(found, way, rule)]
        return _file(f"impact-by-{way}", kind, HEADERS, rows, _facts(found, parted.heading, note_of(way, found)))

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Where the plan has no project, or no return tells of one."""
        found = asked_report()
        places = _places(found)
        themes = [
            (theme, [each for each in places if each.theme.key == theme.key and each.gap is not Gap.NONE])
            for theme in (Part(each.key, each.name) for each in found.plan.themes)
        ]
        return self.render(
            "impact/gaps.html",
            report=found,
            places=places,
            themes=themes,
            gap=Gap,
            cross=[Part(each.key, each.name) for each in found.plan.cross_cutting_themes],
            districts=DISTRICTS,
            by_outcome=_by_outcome(places),
            kept=kept(found.filters),
            **choosing(found),
        )

    @expose("/indicators/")
    def indicators(self) -> ResponseReturnValue:
        """The plan's own official figures, beside the money and results that the funds put against them."""
        found = asked_report()
        plan = plan_by_key(found.plan.key) or abort(404)
        themes = {theme.id: theme.key for theme in plan.themes}
        by_theme: dict[str, list[Held]] = {each.key: [] for each in found.by_theme}
        whole: list[Held] = []
        for each in observations_of(plan):
            held = known_on(each, found.filters.as_at)
            by_theme.get(themes.get(held.indicator.theme_id or 0, ""), whole).append(held)
        return self.render(
            "impact/indicators.html",
            report=found,
            parts=[(each, by_theme[each.key]) for each in found.by_theme if by_theme[each.key]],
            whole=whole,
            chart_of=chart_of,
            words=said,
            said=observed.said,
            period=observed.period,
            made_of=made_of(self.get_url, found.filters),
            kept=kept(found.filters),
            **choosing(found),
        )

    @expose("/people/")
    def people(self) -> ResponseReturnValue:
        """Who took part, by district, ward, age and whatever else accepted returns say."""
        found = asked_report()
        return self.render(
            "impact/people.html",
            report=found,
            tables=_who(found),
            heads=split_head,
            part_name=split_part,
            kept=kept(found.filters),
            **choosing(found),
        )

    @expose("/people/export/<any(csv, xlsx):kind>/")
    def export_people(self, kind: str) -> ResponseReturnValue:
        """The same as a file."""
        found = asked_report()
        rows: list[Sequence[Value]] = [
            (each.name, split_head(each.split_by), split_part(each.split_by, key), count, each.projects)
            for each in _who(found)
            for key, count in each.parts.items()
        ]
        return _file("impact-people", kind, PEOPLE_HEADERS, rows, _facts(found, "Who took part", PEOPLE_NOTE))

    @expose("/own/")
    def own(self) -> ResponseReturnValue:
        """What groups chose to count themselves, a page of them at a time."""
        found = asked_report()
        lines = _own(found)
        return self.render(
            "impact/own.html",
            report=found,
            page=page_of(lines, AT_ONCE),
            page_url=lambda number: self.get_url(".own", **kept(found.filters), page=number),
            finding=own.finding(lines),
            note=OWN_NOTE,
            return_url=return_url(self.get_url),
            kept=kept(found.filters),
            **choosing(found),
        )

    @expose("/own/export/<any(csv, xlsx):kind>/")
    def export_own(self, kind: str) -> ResponseReturnValue:
        """The same as a file."""
        found = asked_report()
        rows: list[Sequence[Value]] = [
            (
                each.project.reference,
                each.project.name,
                each.project.recipient,
                each.figure.rule.name,
                each.promised,
                each.counted,
                ", ".join(one.reference for one in each.returns),
            )
            for each in _own(found)
        ]
        return _file("impact-own-measures", kind, OWN_HEADERS, rows, _facts(found, "Groups’ own measures", OWN_NOTE))

    @expose("/gaps/export/<any(csv, xlsx):kind>/")
    def export_gaps(self, kind: str) -> ResponseReturnValue:
        """Every place of the plan as a file, funded or not."""
        found = asked_report()
        rows: list[Sequence[Value]] = [
            (
                each.theme.name,
                each.outcome.name,
                each.cross.name,
                each.district.name,
                len(each.projects),
                each.accepted,
                each.gap.value,
            )
            for each in _places(found)
        ]
        facts = _facts(found, "Gaps in the plan", "A project stands in each of its districts and cross-cutting themes.")
        return _file("impact-gaps", kind, GAP_HEADERS, rows, facts)


def _own(found: Report) -> list[OwnLine]:
    return own.lines(found.total.own, [*found.projects.values()], found.filters.as_at)


def _who(found: Report) -> list[SplitTable]:
    return splits.tables(found.projects.values(), found.rules, found.filters.as_at)


def _rule(found: Report) -> Rule | None:
    """The measure that the address names, or people taking part; None where nothing is counted at all."""
    rules = {each.rule.key: each.rule for each in found.total.measures}
    wanted = request.args.get("measure", "")
    if wanted and wanted not in rules:
        abort(404)
    return rules.get(wanted or USUAL) or next(iter(rules.values()), None)


def _lines(found: Report, way: str, rule: Rule | None) -> list[Line]:
    parts: Sequence[Figures] = getattr(found, WAYS[way].report)
    widths = bars.lengths([each.awarded_pence for each in parts])
    lines = []
    for part, width in zip(parts, widths, strict=True):
        figure = next((each for each in part.measures if rule and each.rule.key == rule.key), None)
        projects = [found.projects[reference] for reference in part.made_of]
        share = rollup.share_of(projects, WAYS[way].by, part.key)
        cost = found.rolling.cost_of_one(projects, rule, share) if rule else None
        lines.append(Line(part, figure, width, cost))
    return lines


def _finding(found: Report, parts: Sequence[Figures], *, overlapping: bool) -> str:
    """What the chart says, as its title."""
    named = [each for each in parts if each.key not in {NONE, NOT_TAGGED, YEAR_NOT_KNOWN}]
    most = max(named, key=lambda each: each.awarded_pence, default=None)
    if not any(each.projects for each in named):
        return "No project stands under any of these yet"
    if most is None or not most.awarded_pence:
        return "No money is exactly known here"
    whole = "" if overlapping else f" of {format_pounds(found.total.awarded_pence)}"
    more = [each for each in parts if each not in named and each.awarded_pence > most.awarded_pence]
    beside = "".join(f". {each.name}: {format_pounds(each.awarded_pence)}" for each in more)
    return f"The most money went to “{most.name}”: {format_pounds(most.awarded_pence)}{whole}{beside}"


def _places(found: Report) -> list[Place]:
    outcomes = [
        (Part(theme.key, theme.name), Part(outcome.key, outcome.name))
        for theme in found.plan.themes
        for outcome in theme.outcomes
    ]
    crossing = [Part(each.key, each.name) for each in found.plan.cross_cutting_themes]
    districts = [Part(code, name) for code, name in DISTRICTS.items()]
    return gaps.places(outcomes, crossing, districts, [*found.projects.values()], found.filters.as_at)


def _by_outcome(places: Sequence[Place]) -> dict[tuple[str, str], dict[str, int]]:
    """How many cross-cutting themes of an outcome in a district have which gap: by outcome and district."""
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for each in places:
        cell = counted.setdefault((each.outcome.key, each.district.key), dict.fromkeys(Gap, 0))
        cell[each.gap] += 1
    return counted


def _cells(line: Line, rule: Rule | None, projects: Mapping[str, Project]) -> Sequence[Value]:
    part, figure = line.part, line.figure
    unpaid = sum(1 for reference in part.made_of if projects[reference].paid_pence is None)
    rolled = figure.rolled if figure else None
    figures = [rolled.low, rolled.high, rolled.n, rolled.of, rolled.value] if rolled else [None] * 5
    counts = [_exact(each, rule) for each in figures]
    return (
        part.key,
        part.name,
        part.projects,
        pounds(part.awarded_pence),
        None if unpaid and unpaid == part.projects else pounds(part.paid_pence),
        part.amounts_unknown,
        unpaid,
        part.returns_due,
        part.returns_accepted,
        rule.name if rule else "",
        *counts,
        _exact(None if figure is None or figure.target is None else Fraction(figure.target), rule),
        figure.projects_reporting if figure else None,
        figure.projects_due if figure else None,
        round(line.cost_pence) if line.cost_pence is not None else None,
    )


def _exact(value: Fraction | None, rule: Rule | None) -> Value:
    if value is not None and rule is not None and rule.basis == MONEY:
        return pounds(round(value))
    found = plain(value)
    return found if found is None or isinstance(found, int) else number(value or Fraction(0))


def _facts(found: Report, heading: str, note: str) -> list[tuple[str, Value]]:
    asked = {name: str(value) for name, value in kept(found.filters).items()}
    return [("What it shows", heading), ("How it adds up", note), *asked.items()]


def _file(
    name: str,
    kind: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Value]],
    facts: Sequence[tuple[str, Value]],
) -> Response:
    looked(current_actor().id, "impact:export", name)
    headed = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(headers)
        writer.writerows([cell(_plain(value)) for value in row] for row in rows)
        return Response("\ufeff" + out.getvalue(), mimetype=FILES[kind], headers=headed)
    book, heading = Workbook(), str(facts[0][1])
    book.remove(book.worksheets[0])
    add_facts(book.create_sheet("About"), heading, facts)
    add_table(book, "Figures", heading, [Column(each) for each in headers], rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        save(book, path, clock.now())
        return Response(path.read_bytes(), mimetype=FILES[kind], headers=headed)


def _plain(value: Value) -> object:
    """Money with two decimals; what is not known is blank."""
    if isinstance(value, Fraction):
        return f"{float(value):.2f}"
    return "" if value is None else value
