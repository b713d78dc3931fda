"""Moderation in the panel: what people talk about, and the score that a criterion counts with afterwards."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import advising, meetings, moderating, queries, round_figures, spreads
from spatc_funds.assessment.agenda import Part
from spatc_funds.assessment.panel_forms import moderate_form
from spatc_funds.assessment.spreads import BidDots
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import STANDING
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.paging import page_of
from spatc_funds.web.panel import Gate, expose

AT_ONCE = 50
UNPROCESSABLE = 422


class Moderation(Gate):
    """What assessors made of bids, without their names. Only officers who did not score a bid moderate it."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.MEETING_LIST,
        "agenda": Action.MEETING_LIST,
        "show": Action.MEETING_LIST,
        "moderate": Action.SCORE_MODERATE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rounds in which people have begun to score."""
        return self.render("assessment/moderation_index.html", rounds=round_figures.rounds_begun(current_actor()))

    @expose("/<code>/")
    def agenda(self, code: str) -> ResponseReturnValue:
        """The bids of a round, those first that a panel has to talk about."""
        asked = round_by_code(code)
        if asked is None or not asked.criteria:
            raise MissingError
        pots = spreads.agenda_of(current_actor(), asked)
        lines = [line for pot in pots for line in pot.lines]
        talk = page_of([each for each in lines if each.part is not Part.REST], AT_ONCE)
        rest = page_of([each for each in lines if each.part is Part.REST], AT_ONCE, "rest")
        return self.render(
            "assessment/moderation.html",
            round=asked,
            counts={pot.pot.id: len(pot.lines) for pot in pots},
            talk=talk,
            talk_pots=[its for pot in pots if (its := pot.among(talk.items)).lines],
            rest=rest,
            talk_url=lambda page: self.get_url(".agenda", code=code, page=page, rest=rest.number),
            rest_url=lambda page: self.get_url(".agenda", code=code, page=talk.number, rest=page, _anchor="rest"),
        )

    @expose("/<code>/<ref:reference>/")
    def show(self, code: str, reference: str) -> ResponseReturnValue:
        """One bid: scores and reasons by criterion."""
        return self._page(self._bid(Action.MEETING_LIST, code, reference))

    @expose("/<code>/<ref:reference>/<key>/moderate", methods=("POST",))
    def moderate(self, code: str, reference: str, key: str) -> ResponseReturnValue:
        """Say what one criterion counts with, or take that back."""
        submission = self._bid(Action.SCORE_MODERATE, code, reference)
        actor = current_actor()
        criterion = next((each for each in submission.round.criteria if each.key == key), None)
        if criterion is None:
            raise MissingError
        form = moderate_form(criterion, submission.round.scale_maximum, None, posted=True)
        here = self.get_url(".show", code=code, reference=reference)
        if "take_back" in request.form:
            with unit_of_work(actor.id, Action.SCORE_MODERATE, reference):
                moderating.take_back(actor, submission, key, form["seen"].data or "")
            flash(f"“{criterion.name}” of {reference} counts with the assessors’ scores again.", "success")
            return redirect(here, 303)
        if form.validate_on_submit():
            value, reason, seen = form["value"].data, form["reason"].data, request.form.get(f"{key}-seen")
            try:
                with unit_of_work(actor.id, Action.SCORE_MODERATE, reference):
                    moderating.moderate(actor, submission, key, value, reason, clock.now(), seen)
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"“{criterion.name}” of {reference} counts with {value}.", "success")
                return redirect(here, 303)
        return self._page(self._bid(Action.SCORE_MODERATE, code, reference), key, form), UNPROCESSABLE

    def _bid(self, action: Action, code: str, reference: str) -> Submission:
        """The bid, of this round; raises MissingError otherwise."""
        found = self.load(action, submission_by_reference, reference)
        if found.round.code != code:
            raise MissingError
        return found

    def _page(self, submission: Submission, key: str = "", posted: PageForm | None = None) -> str:
        actor = current_actor()
        found = spreads.bid_dots(actor, submission)
        forms: dict[str, PageForm] = {}
        why_not = ""
        if found and self.may("moderate"):
            why_not = _why_not(submission)
            forms = {} if why_not else _forms(submission, found)
        if posted is not None:
            forms[key] = posted
        return self.render(
            "assessment/moderation_bid.html",
            bid=submission,
            dots=found,
            own=submission.reference in spreads.still_to_score(actor),
            forms=forms,
            form=posted,
            why_not=why_not,
            posted=key,
            bodies=advising.advice_shown(actor, submission),
        )


def _forms(submission: Submission, found: BidDots) -> dict[str, PageForm]:
    """A form for each criterion, with what it counts with now."""
    maximum = submission.round.scale_maximum
    return {each.criterion.key: moderate_form(each.criterion, maximum, each.moderated) for each in found.lines}


def _why_not(submission: Submission) -> str:
    """Why whoever asks cannot moderate the bid now; empty when they can."""
    if submission.application.state not in STANDING:
        return "The group has withdrawn this application."
    if queries.result_of(submission.id):
        return "The result of this bid is settled."
    if moderating.scored_by(current_actor(), submission):
        return moderating.SCORED_IT
    words = meetings.not_enough(submission)
    return f"{words}." if words else ""
