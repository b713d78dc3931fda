"""The impact pages: the matrix and the plan's outcomes, each figure with the list it is made of."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.audit.operations import looked
from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.measures import in_words
from spatc_funds.funds.queries import funds
from spatc_funds.impact import leaves, own, rollup
from spatc_funds.impact.asking import (
    AT_ONCE,
    WAYS,
    asked_report,
    choosing,
    kept,
    made_of,
    note_of,
    of_a_district,
    return_url,
)
from spatc_funds.impact.panel_statements import Statements
from spatc_funds.impact.panel_ways import Ways
from spatc_funds.impact.queries import Filters, Report
from spatc_funds.impact.rollup import Figures, Project, Share
from spatc_funds.impact.stating import notes
from spatc_funds.impact.wording import coverage, promised, said, target_words
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.paging import page_of
from spatc_funds.web.panel import Gate, expose
from spatc_funds.web.panel_formats import cell

CATEGORY = "Impact"
PIECE = 32_768
HEADLINES = ("people-taking-part", "people-who-feel-safer")


class Impact(Gate):
    """What was funded and achieved, in the words of the plan."""

    permissions: ClassVar[Mapping[str, Action]] = dict.fromkeys(
        ("index", "made_of", "export_made_of", "show_return"), Action.IMPACT_READ
    )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The roll-up of everything that was asked for."""
        found = asked_report()
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
            target_words=target_words,
            coverage=coverage,
            promised=promised,
            made_of=made_of(self.get_url, found.filters),
            kept=kept(found.filters),
            **choosing(found),
            imported_without_recipient=_unnamed(found),
            held=f"{_published(found.filters)} were published for past rounds" if not found.filters.district else "",
            notes=[*of_a_district(found), *notes(found)],
            note_of=lambda way: note_of(way, found),
        )

    @expose("/made-of")
    def made_of(self) -> ResponseReturnValue:
        """The projects behind one figure, a page of them at a time, each with its own figures and returns."""
        found = asked_report()
        part, share = _part(found)
        page = page_of(_projects(found, part), AT_ONCE)
        asked = {name: request.args[name] for name in ("by", "key", "cross") if request.args.get(name)}
        address = {**kept(found.filters), **asked}
        return self.render(
            "impact/made_of.html",
            report=found,
            part=part,
            share=share,
            way=asked.get("by") if asked.get("by") in WAYS else "",
            ways=WAYS,
            kept=kept(found.filters),
            page=page,
            page_url=lambda number: self.get_url(".made_of", **address, page=number),
            export_url=self.get_url(".export_made_of", kind="csv", **address),
            money={project.reference: rollup.money(project, share) for project in page.items},
            lines=list(leaves.lines(found.rules, page.items, found.filters.as_at, share)),
            own=own.lines(part.own, page.items, found.filters.as_at),
            return_url=return_url(self.get_url),
            paid=_paid(found, part),
            accepted=lambda project: rollup.due_accepted_by(project, found.filters.as_at),
            due=lambda project: sum(1 for each in project.returns if each.due_on <= found.filters.as_at),
            said=said,
            in_words=in_words,
            coverage=coverage,
        )

    @expose("/made-of/export/<any(csv):kind>/")
    def export_made_of(self, kind: str) -> ResponseReturnValue:
        """Every number behind one figure, sent while it is read."""
        found = asked_report()
        part, share = _part(found)
        lines = leaves.lines(found.rules, _projects(found, part), found.filters.as_at, share)
        looked(current_actor().id, "impact:export", "impact-made-of")
        return Response(
            _csv(leaves.rows(lines, share)),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="impact-made-of.{kind}"'},
        )

    @expose("/returns/<path:reference>/")
    def show_return(self, reference: str) -> ResponseReturnValue:
        """What one accepted return says, as it is counted; for returns of past rounds there is no other page."""
        found = asked_report()
        award = reference.rpartition("-R")[0]
        project = found.projects.get(award) or abort(404)
        each = next((each for each in project.returns if each.reference == reference), None)
        if each is None or each.accepted_on is None:
            abort(404)
        rules = {rule.key: rule for rule in found.rules}
        shown = {"rules": rules, "in_words": in_words, "places": DISTRICTS}
        return self.render("impact/return.html", project=project, told=each, **shown)


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        Impact(name="Impact on the plan", endpoint="panel_impact", url="impact"),
        Ways(name="Gaps in the plan", endpoint="panel_ways", url="impact/by"),
        Statements(name="Statements", endpoint="panel_statements", url="impact/statements"),
    ]


def _part(found: Report) -> tuple[Figures, Share | None]:
    """The part that the address names, and what is to be taken of each of its projects."""
    by, key, cross = request.args.get("by", "total"), request.args.get("key", ""), request.args.get("cross", "")
    if by == "total":
        return found.total, None
    if by == "matrix":
        cell = found.matrix.get((key, cross)) or abort(404)
        return cell, rollup.share_of(_projects(found, cell), "theme", key)
    way = WAYS.get(by) or abort(404)
    part = next((each for each in getattr(found, way.report) if each.key == key), None) or abort(404)
    return part, rollup.share_of(_projects(found, part), way.by, key)


def _projects(found: Report, part: Figures) -> list[Project]:
    return [found.projects[reference] for reference in part.made_of]


def _csv(rows: Iterator[Sequence[object]]) -> Iterator[str]:
    """The rows under their heads, a piece at a time; the mark at the start tells spreadsheets that it is UTF-8."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow(leaves.HEADERS)
    for row in rows:
        writer.writerow([cell("" if each is None else each) for each in row])
        if out.tell() > PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _people(part: Figures) -> str:
    found = next((each for each in part.measures if each.rule.key == HEADLINES[0]), None)
    return said(found) if found else "Not asked"


def _paid(found: Report, cell: Figures) -> str:
    """What was paid; of awards before this service it is not known."""
    unknown = sum(1 for reference in cell.made_of if found.projects[reference].paid_pence is None)
    if unknown and unknown == cell.projects:
        return "not known"
    return format_pounds(cell.paid_pence) + (f" ({unknown} not known)" if unknown else "")


def _returns(found: Report, cell: Figures) -> str:
    """How many due returns are accepted, where any are owed at all."""
    owed = any(found.projects[reference].returns for reference in cell.made_of)
    return f"{cell.due_accepted} of {cell.returns_due} due returns" if owed else "No return is owed"


def _published(filters: Filters) -> str:
    """How many awards the past rounds looked at were said to have made: most were never published one by one."""
    rounds = [each for fund in funds() for each in fund.rounds if filters.fund in {None, fund.key}]
    counts = [each.awarded_projects or 0 for each in rounds if filters.round in {None, each.code}]
    return f"{sum(counts):,}"


def _unnamed(found: Report) -> int:
    return sum(1 for project in found.projects.values() if not project.recipient)
