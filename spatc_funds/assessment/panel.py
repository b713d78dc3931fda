"""Assessment in the officers' panel: the queue, interests, and giving bids to assessors."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.accounts.queries import people_by_ids, people_with
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import declaring, interests, operations, progress, queries
from spatc_funds.assessment.forms import AllocateForm, InterestForm, allocate_form
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
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import AdvisoryBody
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
        "allocate_to_body": Action.ASSESSMENT_ALLOCATE,
        "allocate_back": Action.ASSESSMENT_ALLOCATE,
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
        form = self._people_form(submission, Role.ASSESSOR)
        if request.method == "POST":
            return self._give(submission, form, None, "assessor")
        return self._allocating(submission, form, None)

    @expose("/<ref:reference>/allocate/<key>", methods=("POST",))
    def allocate_to_body(self, reference: str, key: str) -> ResponseReturnValue:
        """Ask an advisory body: give the bid to people who speak for it."""
        submission = self.load(Action.ASSESSMENT_ALLOCATE, submission_by_reference, reference)
        body = next((each for each in submission.round.bodies if each.key == key), None)
        if body is None:
            raise MissingError
        return self._give(submission, self._people_form(submission, Role.ADVISER, body), body, "adviser")

    @expose("/<ref:reference>/allocate/<int(max=2147483647):number>/back", methods=("POST",))
    def allocate_back(self, reference: str, number: int) -> ResponseReturnValue:
        """Take a bid back from somebody who has not begun to score it."""
        submission = self.load(Action.ASSESSMENT_ALLOCATE, submission_by_reference, reference)
        if number not in queries.given_to(submission.id):
            raise MissingError
        with unit_of_work(current_actor().id, Action.ASSESSMENT_ALLOCATE, reference):
            operations.take_back(current_actor(), submission, number)
        flash(f"{reference} is taken back.", "success")
        return redirect(self.get_url(".allocate", reference=reference), 303)

    def _give(
        self, submission: Submission, form: AllocateForm, body: AdvisoryBody | None, whom: str
    ) -> ResponseReturnValue:
        if not form.validate():
            return self._allocating(submission, form, body), UNPROCESSABLE
        actor, chosen = current_actor(), people_by_ids(form.people.data or [])
        with unit_of_work(actor.id, Action.ASSESSMENT_ALLOCATE, submission.reference):
            added = operations.allocate(actor, submission, chosen, clock.now(), body)
        flash(f"You gave {submission.reference} to {count_of(added, whom)}.", "success")
        if body:
            return redirect(self.get_url(".allocate", reference=submission.reference), 303)
        return redirect(self.get_url("panel_results.index"), 303)

    def _people_form(self, submission: Submission, role: Role, body: AdvisoryBody | None = None) -> AllocateForm:
        """The people of a role who can be ticked: not those who have the bid, or are barred from it."""
        gone = queries.barred_people(submission) | set(queries.given_to(submission.id))
        free = [person for person in people_with(role) if person.id not in gone]
        return allocate_form(free, progress.loads(current_actor()), body.key if body else "")

    def _allocating(self, submission: Submission, refused: AllocateForm, body: AdvisoryBody | None) -> str:
        """The page with a form for the assessors and one for each body; the refused one as it was sent."""
        barred, given = queries.barred_people(submission), queries.given_to(submission.id)
        names = {person.id: person.name for person in people_by_ids(list(given))}
        begun = queries.scorers(submission.id)
        bodies = [
            (
                each,
                [(person, names[person], person in begun) for person, whom in given.items() if whom == each.id],
                refused if body is each else self._people_form(submission, Role.ADVISER, each),
            )
            for each in submission.round.bodies
        ]
        return self.render(
            "assessment/allocate.html",
            bid=submission,
            form=refused if body is None else self._people_form(submission, Role.ASSESSOR),
            given=[(each.id, each.name, each.id in begun) for each in queries.assessors(submission.id)],
            barred=[person for person in people_with(Role.ASSESSOR) if person.id in barred],
            needed=submission.round.assessors_needed,
            bodies=bodies,
            sent=refused,
            has_errors=bool(refused.errors),
        )

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
