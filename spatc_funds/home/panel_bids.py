"""The bid list in the officers' panel: one search box, every stage, labels on many bids at once."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import and_, false, select
from sqlalchemy.orm import defer

from spatc_funds.accounts import operations as accounts
from spatc_funds.accounts.queries import saved_search, saved_searches
from spatc_funds.applications import queries as applications
from spatc_funds.applications.models import Submission
from spatc_funds.applications.panel import unbroken
from spatc_funds.assessment import assuring
from spatc_funds.assessment.scoring import shown
from spatc_funds.core import clock, references
from spatc_funds.core.problems import MissingError, NotReadyError, Problem
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.home import bid_terms, bids, workspace
from spatc_funds.home.forms import KeepForm, LabelForm
from spatc_funds.home.search import SearchError, parse
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Subject, decide
from spatc_funds.web.flashes import Undo, flash_undo
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Filter, Link, RegisterView, expose
from spatc_funds.web.panel_filters import WHOLE, Asked, read_asked

UNPROCESSABLE = 422
MOST_SHOWN = 30
COMPUTED = {"mark": bid_terms.mean_mark, "spread": bid_terms.spread}
OF_RESULTS = frozenset({"mark", "spread", "sheets", "tags"})
# The same as in the search box, for those who would rather press.
QUICK = (
    ("To score", "unscored:me"),
    ("Waiting for assessors", "status:waiting"),
    ("In assessment", "status:assessing"),
    ("Every sheet is final", "status:scored"),
    ("Too few assessors", "flag:short"),
    ("Wide spread", "flag:wide"),
    ("Place in the plan not confirmed", "flag:plan"),
    ("Settled", "status:settled"),
    ("Funded", "status:funded"),
)
DOT = Markup('<circle cx="{}" cy="8" r="4"/>')
AXIS = Markup('<svg class="app-dots" viewBox="0 0 108 16" width="81" height="12" aria-hidden="true" focusable="false">')
DOTS = Markup('{}<line x1="4" y1="8" x2="104" y2="8"/>{}</svg><span class="govuk-visually-hidden">{}</span>')


def status(_view: Any, _context: Any, row: Submission, _name: str) -> str:
    """Where the bid stands, in words."""
    return _facts(row).status


def mark(_view: Any, _context: Any, row: Submission, name: str) -> str:
    """A figure in millionths with one decimal; empty where there is none, or none that may be shown."""
    return _figure(getattr(_facts(row), name))


def sheets(_view: Any, _context: Any, row: Submission, _name: str) -> Markup | str:
    """Each final mark as a dot between 0 and 100, and in words for ears."""
    found = _facts(row).sheets
    said = ", ".join(_figure(each) for each in found)
    dots = Markup("").join(DOT.format(round(4 + each / bid_terms.MICRO)) for each in found)
    return DOTS.format(AXIS, dots, said) if found else ""


def sheets_in_file(_view: Any, _context: Any, row: Submission, _name: str) -> str:
    """The marks, for a spreadsheet."""
    return "; ".join(_figure(each) for each in _facts(row).sheets)


def tags(_view: Any, _context: Any, row: Submission, _name: str) -> str:
    """The officers' labels."""
    return ", ".join(_facts(row).tags)


class Bids(RegisterView):
    """Every bid that stands or stood, at whatever stage; the address is the search."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.SUBMISSION_LIST,
        "export": Action.SUBMISSION_LIST,
        "show": Action.SUBMISSION_READ,
        "save": Action.SEARCH_SAVE,
        "delete": Action.SEARCH_DELETE,
        "tag": Action.BID_TAG,
        "tag_now": Action.BID_TAG,
        "untag": Action.BID_UNTAG,
    }
    can_export = True
    visible = staticmethod(applications.visible)
    search_length = 300
    list_template = "home/bids.html"
    bulk_acts: ClassVar[Mapping[str, str]] = {"tag": "Label"}
    column_list = (
        "reference",
        "title",
        "organisation.name",
        "pot.name",
        "asked_pence",
        "status",
        "mark",
        "sheets",
        "spread",
        "tags",
        "received_at",
    )
    column_labels = {  # each view copies it
        "title": "Project",
        "organisation.name": "Group",
        "pot.name": "Pot",
        "asked_pence": "Asked",
        "sheets": "Assessors",
        "tags": "Labels",
        "received_at": "Received",
    }
    column_formatters = {  # each view copies it
        "reference": unbroken,
        "status": status,
        "mark": mark,
        "spread": mark,
        "sheets": sheets,
        "tags": tags,
    }
    column_formatters_export = {  # each view copies it
        "status": status,
        "mark": mark,
        "spread": mark,
        "sheets": sheets_in_file,
        "tags": tags,
    }
    column_sortable_list = ("reference", "title", "organisation.name", "asked_pence", "received_at")
    column_default_sort = ("received_at", True)
    column_searchable_list = ("reference", "title", "organisation.name")
    numeric: ClassVar[frozenset[str]] = frozenset({"mark", "spread"})
    filters: ClassVar[Sequence[Filter]] = ()

    def __init__(self) -> None:
        super().__init__(Submission, name="Bids", endpoint="panel_bids", url="bids")

    # -- pages ---------------------------------------------------------------------------------------------------------

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list; a search that is a bid's reference leads to the bid."""
        found = references.tidy(request.args.get("q", ""))
        may = applications.visible(current_actor())
        if found and db.session.scalar(select(Submission.id).where(Submission.reference == found, may)):
            return redirect(self.get_url(".show", reference=found))
        answer: ResponseReturnValue = super().index_view()
        return answer

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """Everything of one bid that whoever asks may see, with the way to its neighbours in the list."""
        submission = self.load(Action.SUBMISSION_READ, applications.submission_by_reference, reference)
        asked = self._asked()
        place = workspace.place_in(self._references(asked), reference)
        facts = bids.facts_of(current_actor(), [submission.id]).get(submission.id, bids.NOTHING)
        return self.render(
            "home/workspace.html",
            bid=submission,
            facts=facts,
            place=place,
            acts=self._acts(submission, facts),
            listed=asked.arguments(),
            list_url=self._address(asked),
            **workspace.of_bid(current_actor(), submission, clock.now()),
        )

    @expose("/searches", methods=("POST",))
    def save(self) -> ResponseReturnValue:
        """Keep a search under a name of one's own."""
        form, actor = KeepForm(), current_actor()
        query = _query_of(form.query.data or "")
        if not form.validate_on_submit():
            problems = [Problem("", "name", each) for each in form.name.errors]
            problems += [Problem("", "", each) for each in form.query.errors]
            asked = read_asked(dict(parse_qsl(query)), self.filters, self._sortable(), self.search_length)
            return self._list(asked.at(1), problems, keep=form), UNPROCESSABLE
        with unit_of_work(actor.id, Action.SEARCH_SAVE, form.name.data):
            accounts.save_search(actor, self.endpoint, form.name.data, query)
        flash(f"The search “{form.name.data}” is kept for you.", "success")
        return redirect(f"{self.get_url('.index_view')}?{query}", 303)

    @expose("/searches/<int(max=2147483647):number>/delete", methods=("POST",))
    def delete(self, number: int) -> ResponseReturnValue:
        """Forget a search of one's own."""
        actor = current_actor()
        found = saved_search(actor, number)
        if found is None:
            raise MissingError
        name, query = found.name, found.query
        with unit_of_work(actor.id, Action.SEARCH_DELETE, name):
            accounts.delete_search(actor, found)
        again = Undo(f"deleting “{name}”", self.get_url(".save"), {"name": name, "query": query})
        flash_undo(f"The search “{name}” is deleted.", again)
        return redirect(self.get_url(".index_view"), 303)

    @expose("/tag", methods=("POST",))
    def tag(self) -> ResponseReturnValue:
        """Which label: asked for the bids that were ticked, or for everything that was found."""
        chosen = self.chosen()
        return self._asked_for(LabelForm(formdata=None), chosen) if chosen else self._nothing_chosen()

    @expose("/tag-now", methods=("POST",))
    def tag_now(self) -> ResponseReturnValue:
        """Put the label on; what is new can be taken back on the page that follows."""
        form, actor, chosen = LabelForm(), current_actor(), self.chosen()
        if not chosen:
            return self._nothing_chosen()
        if not form.validate_on_submit():
            return self._asked_for(form, chosen), UNPROCESSABLE
        try:
            with unit_of_work(actor.id, Action.BID_TAG, _subject(chosen)):
                before = bids.labelled([each.id for each in chosen], form.label.data)
                assuring.tag(actor, chosen, form.label.data, clock.now())
        except NotReadyError as error:
            form.show(error.problems)
            return self._asked_for(form, chosen), UNPROCESSABLE
        new = [each for each in chosen if each.id not in before]
        return self.render("home/labelled.html", label=form.label.data, bids=new, back=self._back(), off=False)

    @expose("/untag", methods=("POST",))
    def untag(self) -> ResponseReturnValue:
        """Take a label off again."""
        form, actor, chosen = LabelForm(), current_actor(), self.chosen()
        if not chosen:
            return self._nothing_chosen()
        if not form.validate_on_submit():
            return self._asked_for(form, chosen), UNPROCESSABLE
        with unit_of_work(actor.id, Action.BID_UNTAG, _subject(chosen)):
            before = bids.labelled([each.id for each in chosen], form.label.data)
            assuring.untag(actor, chosen, form.label.data)
        had = [each for each in chosen if each.id in before]
        return self.render("home/labelled.html", label=form.label.data, bids=had, back=self._back(), off=True)

    # -- what the list is made of --------------------------------------------------------------------------------------

    def get_query(self) -> Any:
        """The bids without what was sent: that is long, and read one at a time."""
        return super().get_query().options(defer(Submission.content))

    def search_fault(self, text: str) -> str:
        """Which term of the search failed, and why."""
        try:
            self._clauses(text)
        except SearchError as error:
            return str(error)
        return ""

    def columns(self) -> Sequence[tuple[str, str]]:
        """Marks and labels are for those who read results."""
        hidden = frozenset() if allowed(Action.RESULT_LIST) else OF_RESULTS
        return [each for each in super().columns() if each[0] not in hidden]

    def export_columns(self) -> Sequence[tuple[Any, str]]:
        """As the list shows them."""
        shown_now = {name for name, _label in self.columns()}
        return [each for each in super().export_columns() if str(each[0]) in shown_now]

    def list_context(self, asked: Asked) -> dict[str, Any]:
        """The searches that are offered: one's own, and the usual ones."""
        own = [
            (each, f"{self.get_url('.index_view')}?{each.query}")
            for each in saved_searches(current_actor(), self.endpoint)
        ]
        return {
            "own_searches": own,
            "quick": [
                Link(label, self.get_url(".index_view", q=text), asked.search == text)
                for label, text in QUICK
                if bid_terms.may_ask(current_actor(), parse(text, bid_terms.KNOWN))
            ],
            "examples": [
                (text, words, self.get_url(".index_view", q=text))
                for text, words in bid_terms.EXAMPLES
                if bid_terms.may_ask(current_actor(), parse(text, bid_terms.KNOWN))
            ],
            "terms": bid_terms.open_to(current_actor()),
            "statuses": bid_terms.STATUSES,
            "flags": bid_terms.FLAGS if allowed(Action.RESULT_LIST) else (),
            "query": urlencode(asked.at(1).arguments()),
            "keep": KeepForm(formdata=None),
        }

    def row_link(self, row: Submission) -> str | None:
        """The bid's own page, which knows the list it was opened from."""
        return self.get_url(".show", reference=row.reference, **g.get("bids_asked", {}))

    def chosen(self) -> list[Any]:
        """The ticked bids, or everything that the list holds, where that was asked for."""
        if request.form.get("all") != "yes":
            keys = [int(key) for key in request.form.getlist("row")[: bids.MOST_AT_ONCE] if WHOLE.fullmatch(key)]
            return list(self.get_query().filter(Submission.id.in_(keys)).order_by(Submission.id))
        _count, rows = self.get_list(0, None, False, self._posted().search, [], page_size=bids.MOST_AT_ONCE)
        return list(rows)

    def _sortable(self) -> dict[str, str]:
        shown_now = {name for name, _label in self.columns()}
        return super()._sortable() | {name: name for name in COMPUTED if name in shown_now}

    def _found(self, asked: Asked, size: int) -> tuple[int, list[Any]]:
        count, rows = super()._found(asked, size)
        g.bids_asked = asked.arguments()
        g.bid_facts = bids.facts_of(current_actor(), [row.id for row in rows])
        return count, rows

    def _acts(self, submission: Submission, facts: bids.Facts) -> list[Link]:
        """What whoever asks may do with a bid, each at its own page."""
        about, code = Subject(bid=submission.reference), {"code": submission.round.code}
        acts: list[tuple[Action, str, str, dict[str, str]]] = [
            (Action.CHECK_RECORD, "Checks, likenesses and place in the plan", "panel_assurance.show", {}),
            (Action.INTEREST_DECLARE, "Declare an interest", "panel_assessment.interest", {}),
        ]
        if facts.status in bids.LIVE:
            acts += [
                (Action.ASSESSMENT_ALLOCATE, "Give it to assessors", "panel_assessment.allocate", {}),
                (Action.SCORE_MODERATE, "Moderate its scores", "panel_moderation.show", code),
                (Action.FEEDBACK_WRITE, "What the group is told", "panel_results.write", {}),
            ]
        return [
            Link(label, self.get_url(endpoint, reference=submission.reference, **more))
            for act, label, endpoint, more in acts
            if decide(current_actor(), act, about).allowed
        ]

    def _references(self, asked: Asked) -> list[str]:
        """The whole list's references, in its order; nothing where the search cannot be done."""
        if self.search_fault(asked.search):
            return []
        sort = self._sortable()[asked.sort] if asked.sort else None
        _count, query = self.get_list(None, sort, asked.descending, asked.search, [], execute=False, page_size=0)
        found: Any = query
        return [each for (each,) in found.with_entities(Submission.reference).limit(bids.MOST_AT_ONCE)]

    def _clauses(self, text: str) -> list[Any]:
        """Once a request: the list, its count and its neighbours ask for the same."""
        if "bid_search" not in g or g.bid_search[0] != text:
            g.bid_search = (text, bid_terms.clauses(current_actor(), parse(text, bid_terms.KNOWN)))
        return list(g.bid_search[1])

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        try:
            found = and_(*self._clauses(search)) if search.strip() else None
        except SearchError:
            found = false()
        if found is not None:
            query, count_query = query.filter(found), count_query.filter(found)
        return query, count_query, joins, count_joins

    def _apply_sorting(self, query: Any, joins: Any, sort_column: Any, sort_desc: Any) -> Any:
        if sort_column not in COMPUTED:
            return super()._apply_sorting(query, joins, sort_column, sort_desc)
        figure = COMPUTED[sort_column](current_actor())
        ordered = figure.desc() if sort_desc else figure.asc()
        return query.order_by(ordered.nulls_last(), Submission.id), joins

    # -- bulk acts -----------------------------------------------------------------------------------------------------

    def _posted(self) -> Asked:
        """The list that a form was sent from."""
        arguments = dict(parse_qsl(urlsplit(request.form.get("url", "")).query))
        return read_asked(arguments, self.filters, self._sortable(), self.search_length)

    def _back(self) -> str:
        return self._address(self._posted())

    def _nothing_chosen(self) -> ResponseReturnValue:
        flash("Tick the bids first.", "error")
        return redirect(self._back(), 303)

    def _asked_for(self, form: LabelForm, chosen: Sequence[Submission]) -> str:
        return self.render(
            "home/label.html",
            form=form,
            chosen=chosen,
            shown=chosen[:MOST_SHOWN],
            known=bids.labels(current_actor()),
            back=self._back(),
        )


def _facts(row: Submission) -> bids.Facts:
    known: Mapping[int, bids.Facts] = g.bid_facts
    return known.get(row.id, bids.NOTHING)


def _figure(micro: int | None) -> str:
    return "" if micro is None else shown(bids.exact(micro))


def _subject(chosen: Sequence[Submission]) -> str:
    return chosen[0].reference if len(chosen) == 1 else count_of(len(chosen), "bid")


def _query_of(text: str) -> str:
    """A query as it is kept: only what has the shape of one; 400 for anything else."""
    try:
        return urlencode(parse_qsl(text, strict_parsing=True, max_num_fields=10)) if text else ""
    except ValueError:
        abort(400)
