"""Results in the officers' panel: what can be settled, what is missing where it cannot, and what was settled."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import breakdown, operations, progress, queries
from spatc_funds.assessment.models import Result
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Filter, Gate, RegisterView, expose
from spatc_funds.web.panel_filters import WHOLE

AT_ONCE = 50
LATELY = 20
WIDE = Markup('<strong class="govuk-tag govuk-tag--orange">Wide spread</strong>')


class Results(Gate):
    """Bids on their way to a result, and one result in full."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.RESULT_LIST,
        "show": Action.RESULT_LIST,
        "settle": Action.RESULT_SETTLE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What waits for a result, those that are ready first; and what was settled lately."""
        actor, page = current_actor(), request.args.get("page", "1")
        if not WHOLE.fullmatch(page):
            abort(400)
        count = progress.waiting_count(actor)
        pages = max(1, ceil(count / AT_ONCE))
        if int(page) > pages:
            raise MissingError
        return self.render(
            "assessment/results.html",
            count=count,
            page=int(page),
            pages=pages,
            waiting=progress.waiting(actor, AT_ONCE, (int(page) - 1) * AT_ONCE),
            page_url=lambda number: self.get_url(".index", page=number),
            settled=progress.settled_lately(actor, LATELY),
            may_allocate=allowed(Action.ASSESSMENT_ALLOCATE),
            may_declare=allowed(Action.INTEREST_DECLARE),
        )

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One result: by criterion, and by assessor without names."""
        submission = self.load(Action.RESULT_LIST, submission_by_reference, reference)
        result = queries.result_of(submission.id)
        if result is None:
            raise MissingError
        asked = submission.round
        names = {criterion.key: criterion.name for criterion in asked.criteria}
        anchors = {each.key: {anchor.value: anchor.text for anchor in each.anchors} for each in asked.criteria}
        return self.render(
            "assessment/result.html",
            bid=submission,
            result=result,
            shown=progress.result_shown(result),
            criteria=breakdown.by_criterion(result.content, names),
            sheets=breakdown.by_assessor(result.content, names, anchors),
        )

    @expose("/<ref:reference>/settle", methods=("POST",))
    def settle(self, reference: str) -> ResponseReturnValue:
        """Settle one result; where something is missing, say what."""
        submission = self.load(Action.RESULT_SETTLE, submission_by_reference, reference)
        actor = current_actor()
        try:
            with unit_of_work(actor.id, Action.RESULT_SETTLE, reference):
                result = operations.settle(actor, submission, clock.now())
                shown = progress.result_shown(result)
        except NotReadyError as error:
            flash(f"{reference} cannot be settled yet: {error}.", "error")
            return redirect(self.get_url(".index"), 303)
        flash(f"The result of {reference} is settled: {shown.mark} of 100.", "success")
        return redirect(self.get_url(".index"), 303)


def mark(_view: Any, _context: Any, row: Result, _name: str) -> str:
    """The mark with one decimal."""
    return progress.result_shown(row).mark


def spread(_view: Any, _context: Any, row: Result, _name: str) -> str | Markup:
    """The spread in marks, and whether it asks for moderation."""
    shown = progress.result_shown(row)
    return Markup("{} {}").format(shown.spread, WIDE) if shown.wide else shown.spread


def spread_in_file(_view: Any, _context: Any, row: Result, _name: str) -> str:
    """The spread alone, so that a spreadsheet reads a number."""
    return progress.result_shown(row).spread


class Settled(RegisterView):
    """Every settled result."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.RESULT_LIST, "export": Action.RESULT_LIST}
    visible = staticmethod(progress.visible_results)
    can_export = True
    introduction = "The mark is out of 100. The spread is the highest of the assessors' marks less the lowest."
    column_list = (
        "submission.reference",
        "submission.title",
        "submission.organisation.name",
        "submission.pot.name",
        "submission.asked_pence",
        "mark_micro",
        "spread_micro",
        "settled_at",
    )
    column_labels = {  # each view copies it
        "submission.reference": "Reference",
        "submission.title": "Project",
        "submission.organisation.name": "Group",
        "submission.pot.name": "Pot",
        "submission.asked_pence": "Asked",
        "mark_micro": "Mark",
        "spread_micro": "Spread",
        "settled_at": "Settled",
    }
    column_formatters = {"mark_micro": mark, "spread_micro": spread}  # each view copies it
    column_formatters_export = {"mark_micro": mark, "spread_micro": spread_in_file}  # each view copies it
    column_sortable_list = (
        "submission.reference",
        "submission.asked_pence",
        "mark_micro",
        "spread_micro",
        "settled_at",
    )
    column_default_sort = ("mark_micro", True)
    column_searchable_list = ("submission.reference", "submission.title", "submission.organisation.name")
    numeric: ClassVar[frozenset[str]] = frozenset({"mark_micro", "spread_micro"})
    filters: ClassVar[Sequence[Filter]] = (
        Filter("round", "submission.round.code", "Round", "pick", choices=progress.rounds_with_results),
        Filter("spread", None, "Spread", "pick", progress.is_wide, {"wide": "Wide only"}),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Result, endpoint="panel_settled", url="assessment/results/settled", **kwargs)

    def row_link(self, row: Result) -> str | None:
        """The result in full."""
        return self.get_url("panel_results.show", reference=row.submission.reference)
