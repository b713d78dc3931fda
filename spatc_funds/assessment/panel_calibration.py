"""Calibration in the officers' panel: which bids everybody scores first, and what they made of them."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from spatc_funds.accounts.queries import people_with
from spatc_funds.assessment import calibrations, moderating
from spatc_funds.assessment.models import Calibration
from spatc_funds.assessment.panel_forms import CalibrationForm, CloseForm, calibration_form
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422


class Calibrations(Gate):
    """A few bids that everybody scores first. A round without it works as ever."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.CALIBRATION_SET,
        "show": Action.CALIBRATION_SET,
        "set_bids": Action.CALIBRATION_SET,
        "close": Action.CALIBRATION_CLOSE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rounds that hold bids, and how the calibration of each stands."""
        return self.render("assessment/calibrations.html", rounds=calibrations.rounds_to_calibrate(current_actor()))

    @expose("/<code>/")
    def show(self, code: str) -> ResponseReturnValue:
        """One round: what is chosen and how far it is."""
        asked = _round(code)
        return self._page(asked, calibrations.calibration_of(asked))

    @expose("/<code>/bids", methods=("POST",))
    def set_bids(self, code: str) -> ResponseReturnValue:
        """Choose the bids, and give them to the assessors."""
        asked, actor = _round(code), current_actor()
        found = calibrations.calibration_of(asked)
        form = self._choosing(asked, found)
        if form.validate_on_submit():
            bids = [each for each in calibrations.candidates(actor, asked) if each.id in (form.bids.data or ())]
            people = [each for each in people_with(Role.ASSESSOR) if each.id in (form.people.data or ())]
            try:
                with unit_of_work(actor.id, Action.CALIBRATION_SET, code):
                    moderating.calibrate(actor, asked, bids, people, clock.now(), form.seen.data or None)
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"Everybody scores {count_of(len(bids), 'bid')} of {code} first.", "success")
                return redirect(self.get_url(".show", code=code), 303)
        return self._page(_round(code), calibrations.calibration_of(asked), choosing=form), UNPROCESSABLE

    @expose("/<code>/close", methods=("POST",))
    def close(self, code: str) -> ResponseReturnValue:
        """Close it with a note; the other bids open."""
        asked, actor, form = _round(code), current_actor(), CloseForm()
        if form.validate_on_submit():
            try:
                with unit_of_work(actor.id, Action.CALIBRATION_CLOSE, code):
                    moderating.close_calibration(actor, asked, form.note.data, clock.now())
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"The calibration of {code} is closed. All its bids can be scored.", "success")
                return redirect(self.get_url(".show", code=code), 303)
        return self._page(_round(code), calibrations.calibration_of(asked), closing=form), UNPROCESSABLE

    def _choosing(self, asked: Round, found: Calibration | None) -> CalibrationForm:
        chosen = [each.submission_id for each in found.bids] if found else []
        people = people_with(Role.ASSESSOR)
        scoring = calibrations.who_score(asked) or {each.id for each in people}
        return calibration_form(calibrations.candidates(current_actor(), asked), people, chosen, scoring)

    def _page(
        self,
        asked: Round,
        found: Calibration | None,
        choosing: CalibrationForm | None = None,
        closing: CloseForm | None = None,
    ) -> str:
        may_set = found is None or found.closed_at is None
        if may_set and choosing is None:
            choosing = self._choosing(asked, found)
        return self.render(
            "assessment/calibration.html",
            round=asked,
            calibration=found,
            shown=calibrations.bids_shown(current_actor(), asked) if found else [],
            choosing=choosing if may_set else None,
            closing=(closing or CloseForm(formdata=None)) if found and may_set else None,
            form=closing or choosing,
            enough=calibrations.ENOUGH,
        )


def _round(code: str) -> Round:
    """The round; raises MissingError when there is none, or when it has nothing to score by."""
    asked = round_by_code(code)
    if asked is None or not asked.criteria:
        raise MissingError
    return asked
