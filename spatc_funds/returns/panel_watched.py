"""How awards stand on their way: ratings with their history, visits; and the case studies that were chosen."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue

from spatc_funds.accounts.queries import names_of
from spatc_funds.awards.models import Award
from spatc_funds.awards.queries import award_by_reference
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import AwardState
from spatc_funds.returns import overseeing, queries, watching
from spatc_funds.returns.models import AwardVisit, CaseStudy, Colour
from spatc_funds.returns.review_forms import RatingForm, VisitForm
from spatc_funds.web.filters import sentence, short_day
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Filter, RegisterView, expose

NONE = "none"
UNPROCESSABLE = 422
COLOURS = {colour.value: sentence(colour) for colour in Colour} | {NONE: "Not rated"}


def rating_of(_view: Any, _context: Any, row: Award, _name: str) -> str:
    """The colour that counts now."""
    rating = g.award_ratings.get(row.id)
    return sentence(rating.colour) if rating else COLOURS[NONE]


def reason_of(_view: Any, _context: Any, row: Award, _name: str) -> str:
    """Why it was rated so."""
    rating = g.award_ratings.get(row.id)
    return rating.reason if rating else ""


def visit_of(_view: Any, _context: Any, row: Award, _name: str) -> str:
    """The day of the last visit."""
    visit: AwardVisit | None = g.award_visits.get(row.id)
    return short_day(visit.visited_on) if visit else "None"


class Watched(RegisterView):
    """Every award that is delivered, with how it stands, and the page of each."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.RETURN_LIST,
        "export": Action.RETURN_LIST,
        "show": Action.RETURN_LIST,
        "rate": Action.AWARD_RATE,
        "record": Action.VISIT_RECORD,
    }
    can_export = True
    visible = staticmethod(watching.delivered)
    introduction = "Every award that its grantee has accepted, how it stands, and when somebody was there."
    column_list = ("reference", "recipient", "project", "rating", "why", "visit")
    column_labels = {"recipient": "Organisation", "rating": "How it stands", "visit": "Last visit"}
    column_formatters = {"rating": rating_of, "why": reason_of, "visit": visit_of}
    column_sortable_list = ("reference", "recipient", "project")
    column_default_sort = "reference"
    column_searchable_list = ("reference", "recipient", "project")
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "rating",
            None,
            "How it stands",
            "pick",
            lambda _, word: watching.rated(None if word == NONE else Colour(word)),
            COLOURS,
        ),
        Filter("round", "round.code", "Round", "pick", operator.eq, queries.round_choices),
    )

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """The rows, and in two queries the last rating and the last visit of each."""
        found: Any = super().get_list(*args, **kwargs)
        ids = [row.id for row in found[1]]
        g.award_ratings, g.award_visits = watching.ratings(ids), watching.last_visits(ids)
        return found

    def row_link(self, row: Award) -> str | None:
        """The page of the award."""
        return self.get_url(".show", reference=row.reference)

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One award: how it stands, how it stood before, and who was there."""
        return self._page(self._find(Action.RETURN_LIST, reference))

    @expose("/<ref:reference>/rate", methods=("POST",))
    def rate(self, reference: str) -> ResponseReturnValue:
        """Say how it stands, and why."""
        award, form, actor = self._find(Action.AWARD_RATE, reference), RatingForm(), current_actor()
        if not form.validate():
            return self._page(award, rating=form), UNPROCESSABLE
        with unit_of_work(actor.id, Action.AWARD_RATE, reference, form.reason.data):
            overseeing.rate(actor, award, Colour(form.colour.data), form.reason.data, now())
        return self._done(reference, f"{reference} is rated {form.colour.data}.")

    @expose("/<ref:reference>/visits/record", methods=("POST",))
    def record(self, reference: str) -> ResponseReturnValue:
        """Record a visit."""
        award, form, actor = self._find(Action.VISIT_RECORD, reference), VisitForm(), current_actor()
        if not form.validate():
            return self._page(award, visit=form), UNPROCESSABLE
        on = form.visited_on.data or london_day(now())  # a form that is valid has a day
        said = form.who.data, form.seen.data, form.follows.data
        try:
            with unit_of_work(actor.id, Action.VISIT_RECORD, reference):
                overseeing.record(actor, award, on, *said, now())
        except NotReadyError as error:
            form.show(error.problems)
            return self._page(self._find(Action.RETURN_LIST, reference), visit=form), UNPROCESSABLE
        return self._done(reference, "The visit is recorded.")

    def _find(self, action: Action, reference: str) -> Award:
        award = self.load(action, award_by_reference, reference)
        if award.state is not AwardState.ACCEPTED:
            raise MissingError
        return award

    def _done(self, reference: str, message: str) -> ResponseReturnValue:
        flash(message, "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _page(self, award: Award, **forms: PageForm) -> str:
        ratings, visits = watching.ratings_of(award), watching.visits_of(award)
        return self.render(
            "returns/watched.html",
            award=award,
            ratings=ratings,
            visits=visits,
            owed=queries.owed_by([award]).get(award.id, []),
            names=names_of({each.rated_by_id for each in ratings} | {each.recorded_by_id for each in visits}),
            form=next(iter(forms.values()), None),
            rating_form=forms.get("rating") or RatingForm(formdata=None),
            visit_form=forms.get("visit") or VisitForm(formdata=None),
            may_rate=allowed(Action.AWARD_RATE, award),
            may_record=allowed(Action.VISIT_RECORD, award),
        )


def return_of(_view: Any, _context: Any, row: CaseStudy, _name: str) -> str:
    """The return that it is from."""
    return str(row.accepted.content["reference"])


def kind_of(_view: Any, _context: Any, row: CaseStudy, _name: str) -> str:
    """A story or a photograph."""
    return "Story" if row.file_id is None else f"Photograph {row.part}"


def text_of(_view: Any, _context: Any, row: CaseStudy, _name: str) -> str:
    """The story itself, or what the photograph shows."""
    return str(row.accepted.content["story"]) if row.file is None else row.file.caption


class Cases(RegisterView):
    """The stories and photographs that may be shown, as their grantees agreed."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.CASE_LIST, "export": Action.CASE_LIST}
    can_export = True
    visible = staticmethod(watching.shown_cases)
    introduction = (
        "Stories and photographs of accepted returns that an officer chose and the grantee agreed to show. "
        "One whose return is opened again is not here until it is accepted and agreed to once more."
    )
    column_list = ("title", "return", "kind", "text", "chosen_at")
    column_labels = {"text": "What it says or shows", "chosen_at": "Chosen"}
    column_formatters = {"return": return_of, "kind": kind_of, "text": text_of}
    column_sortable_list = ("title", "chosen_at")
    column_default_sort = ("chosen_at", True)
    column_searchable_list = ("title",)

    def get_query(self) -> Any:
        """The rows with what they are from, in the same query."""
        return super().get_query().options(*watching.CASE_PARTS)

    def row_link(self, row: CaseStudy) -> str | None:
        """The return that it is from."""
        if not allowed(Action.RETURN_LIST):
            return None
        return self.get_url("panel_returns.show", reference=row.accepted.content["reference"])
