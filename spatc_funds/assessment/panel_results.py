"""Results in the officers' panel: what can be settled, what is missing where it cannot, and what was settled."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import breakdown, progress, queries, settling, telling
from spatc_funds.assessment.gathered import gather
from spatc_funds.assessment.models import Result
from spatc_funds.assessment.settling_forms import feedback_form, feedback_in, round_form
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Filter, Gate, RegisterView, expose
from spatc_funds.web.panel_filters import WHOLE

AT_ONCE = 50
LATELY = 20
UNPROCESSABLE = 422
CONFLICT = 409
OPEN = "You have to make your own scores of this bid final first. Till then you see nothing of the others'."
WIDE = Markup('<strong class="govuk-tag govuk-tag--orange">Wide spread</strong>')


class Results(Gate):
    """Bids on their way to a result, and one result in full."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.RESULT_LIST,
        "show": Action.RESULT_LIST,
        "settle": Action.RESULT_SETTLE,
        "settle_round": Action.RESULT_SETTLE,
        "write": Action.FEEDBACK_WRITE,
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
            rounds=progress.rounds_waiting(actor),
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
            doubted=queries.is_doubted(submission, result),
            criteria=breakdown.by_criterion(result.content, names),
            bodies=breakdown.by_body(result.content, names),
            told=breakdown.told(result.content, names),
            sheets=breakdown.by_assessor(result.content, names, anchors),
        )

    @expose("/<ref:reference>/settle", methods=("GET", "POST"))
    def settle(self, reference: str) -> ResponseReturnValue:
        """What a result would be, and settling it: with a wide spread where that is ticked."""
        submission = self.load(Action.RESULT_SETTLE, submission_by_reference, reference)
        actor = current_actor()
        if request.method == "GET":
            if queries.result_of(submission.id):
                return redirect(self.get_url(".show", reference=reference), 303)
            if queries.has_to_score(actor, submission):
                raise IllegalMoveError(OPEN)
            queries.refuse_unless_assessed(submission)
            (found,) = gather([submission])
            return self.render("assessment/settle.html", bid=submission, found=found, preview=settling.preview(found))
        try:
            with unit_of_work(actor.id, Action.RESULT_SETTLE, reference):
                ticked = request.form.get("with_spread") == reference
                result = settling.settle(actor, submission, clock.now(), with_spread=ticked)
                shown = progress.result_shown(result)
        except NotReadyError as error:
            flash(f"{reference} cannot be settled yet: {error}.", "error")
            return redirect(self.get_url(".settle", reference=reference), 303)
        flash(f"The result of {reference} is settled: {shown.mark} of 100.", "success")
        return redirect(self.get_url(".index"), 303)

    @expose("/rounds/<code>/", methods=("GET", "POST"))
    def settle_round(self, code: str) -> ResponseReturnValue:
        """What each bid of a round still lacks; and one button that settles all of them, or none."""
        asked, actor = round_by_code(code), current_actor()
        if asked is None or not asked.criteria:
            raise MissingError
        rows = progress.unsettled_of(actor, asked)
        form = round_form(each for each in rows if each.readiness.asks)
        if form.validate_on_submit():
            ticked = form.with_spread.data or ()
            try:
                with unit_of_work(actor.id, Action.RESULT_SETTLE, code):
                    settled = len(settling.settle_round(actor, asked, clock.now(), ticked))
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"You settled {count_of(settled, 'result')} of {code}.", "success")
                return redirect(self.get_url(".index"), 303)
        page = self.render(
            "assessment/round_results.html",
            round=asked,
            rows=rows,
            complete=sum(each.readiness.ready for each in rows),
            form=form,
            may_allocate=allowed(Action.ASSESSMENT_ALLOCATE),
        )
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/feedback", methods=("GET", "POST"))
    def write(self, reference: str) -> ResponseReturnValue:
        """What the group is told of each criterion: the assessors' words, till an officer writes others."""
        submission = self.load(Action.FEEDBACK_WRITE, submission_by_reference, reference)
        actor = current_actor()
        if queries.has_to_score(actor, submission):
            raise IllegalMoveError(OPEN)
        (found,) = gather([submission])
        form = feedback_form(found)
        if form.validate_on_submit():
            try:
                with unit_of_work(actor.id, Action.FEEDBACK_WRITE, reference):
                    telling.write(actor, submission, feedback_in(form, found), clock.now(), form["began"].data)
            except ChangedError as error:
                return self._both(form, submission, str(error))
            flash(f"What {found.submission.organisation.name} is told is saved.", "success")
            return redirect(self.get_url(".settle_round", code=submission.round.code), 303)
        page = self.render("assessment/feedback.html", bid=submission, found=found, form=form)
        return page, UNPROCESSABLE if form.errors else 200

    def _both(self, form: PageForm, submission: Submission, reason: str) -> ResponseReturnValue:
        """Two officers: what stands saved beside what was typed here, which is not saved."""
        (found,) = gather([submission])
        told, typed = found.told(), feedback_in(form, found)
        differing = [
            {"label": each.name, "yours": typed[each.key], "saved": told[each.key]}
            for each in found.asked.criteria
            if typed[each.key] != told[each.key]
        ]
        here = self.get_url(".write", reference=submission.reference)
        page = render_template(
            "errors/409.html", title="This feedback has changed", reason=reason, versions=differing, return_url=here
        )
        return page, CONFLICT


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
