"""Assessment in the officers' panel: the queue, interests, and giving bids to assessors."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.accounts.queries import people_with
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import declaring, interests, operations, progress, queries
from spatc_funds.assessment.forms import InterestForm, allocate_form
from spatc_funds.assessment.models import InterestKind
from spatc_funds.assessment.panel_allocation import AllocationPlan
from spatc_funds.assessment.panel_assurance import Assurance
from spatc_funds.assessment.panel_calibration import Calibrations
from spatc_funds.assessment.panel_days import Days
from spatc_funds.assessment.panel_figures import Figures
from spatc_funds.assessment.panel_interests import Interests, Registers
from spatc_funds.assessment.panel_moderation import Moderation
from spatc_funds.assessment.panel_pack import ScorePack
from spatc_funds.assessment.panel_results import Results, Settled
from spatc_funds.assessment.panel_scoring import Scoring
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import expose

CATEGORY = "Assessment"
UNPROCESSABLE = 422


class Queue(Scoring):
    """An assessor's bids, and the pages of one bid in assessment."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.ASSESSMENT_LIST,
        "interest": Action.INTEREST_DECLARE,
        "score": Action.ASSESSMENT_SCORE,
        "criterion": Action.ASSESSMENT_SCORE,
        "finish": Action.ASSESSMENT_FINISH,
        "allocate": Action.ASSESSMENT_ALLOCATE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The bids given to whoever asks, those to do next first."""
        return self.render("assessment/queue.html", queue=progress.queue_of(current_actor()))

    @expose("/<ref:reference>/interest", methods=("GET", "POST"))
    def interest(self, reference: str) -> ResponseReturnValue:
        """Declare an interest; nothing of the bid is shown but its reference, title and group."""
        submission = self.load(Action.INTEREST_DECLARE, submission_by_reference, reference)
        actor = current_actor()
        held = queries.interest_of(submission, actor.id)
        form = InterestForm(obj=held)
        if form.validate_on_submit():
            try:
                with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
                    interests.declare(actor, submission, form.kind.data, form.note.data, clock.now())
            except NotReadyError as error:
                form.show(error.problems)
            else:
                return redirect(self._after_interest(reference, form.kind.data), 303)
        why = declaring.why_look_twice(actor, submission, clock.london_day(clock.now()))
        page = self.render(
            "assessment/interest.html", bid=submission, form=form, held=held, why=why, back=self._way_back()
        )
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/allocate", methods=("GET", "POST"))
    def allocate(self, reference: str) -> ResponseReturnValue:
        """Give a bid to assessors; whoever is barred from it cannot be ticked."""
        submission = self.load(Action.ASSESSMENT_ALLOCATE, submission_by_reference, reference)
        everybody, given = people_with(Role.ASSESSOR), queries.assessors(submission.id)
        barred, held = queries.barred_people(submission), {person.id for person in given}
        free = [person for person in everybody if person.id not in barred | held]
        form = allocate_form(free, progress.loads())
        if form.validate_on_submit():
            actor, chosen = current_actor(), [person for person in everybody if person.id in (form.people.data or ())]
            with unit_of_work(actor.id, Action.ASSESSMENT_ALLOCATE, reference):
                added = operations.allocate(actor, submission, chosen, clock.now())
            flash(f"You gave {reference} to {count_of(added, 'assessor')}.", "success")
            return redirect(self.get_url("panel_results.index"), 303)
        page = self.render(
            "assessment/allocate.html",
            bid=submission,
            form=form,
            given=given,
            free=free,
            barred=[person for person in everybody if person.id in barred],
            needed=submission.round.assessors_needed,
        )
        return page, UNPROCESSABLE if form.errors else 200

    def _way_back(self) -> str:
        """The list that whoever asks came from: an assessor's queue, or the results."""
        return self.get_url(".index" if self.may("index") else "panel_results.index")

    def _after_interest(self, reference: str, kind: InterestKind) -> str:
        if kind is InterestKind.PREJUDICIAL:
            flash(f"You declared a prejudicial interest in {reference}. It is not shown to you any more.", "success")
            return self._way_back()
        flash(f"Your declaration about {reference} is recorded.", "success")
        given = reference in current_actor().allocated and self.may("index")
        return self.get_url(".score", reference=reference) if given else self._way_back()


def views() -> list[BaseView]:
    """The pages of assessment."""
    return [
        Queue(name="My queue", endpoint="panel_assessment", url="assessment"),
        Interests(name="My interests", endpoint="panel_interests", url="interests"),
        Registers(name="Registers of interests"),
        Assurance(name="Checks", endpoint="panel_assurance", url="assessment/assurance"),
        ScorePack(name="Score offline", endpoint="panel_pack", url="assessment/pack"),
        AllocationPlan(name="Give bids", endpoint="panel_allocation", url="assessment/allocation"),
        Results(name="Results", endpoint="panel_results", url="assessment/results"),
        Settled(name="Settled results"),
        Figures(name="Figures", endpoint="panel_figures", url="assessment/figures"),
        Calibrations(name="Calibration", endpoint="panel_calibration", url="assessment/calibration"),
        Moderation(name="Moderation", endpoint="panel_moderation", url="assessment/moderation"),
        Days(name="Panel days", endpoint="panel_days", url="assessment/panel-days"),
    ]
