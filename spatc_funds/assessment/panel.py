"""Assessment in the officers' panel: the queue, interests, scoring, and giving bids to assessors."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.accounts.queries import people_with
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import interests, operations, progress, queries
from spatc_funds.assessment.forms import InterestForm, allocate_form, score_form, scores_in
from spatc_funds.assessment.models import Assessment, InterestKind
from spatc_funds.assessment.panel_allocation import AllocationPlan
from spatc_funds.assessment.panel_figures import Figures
from spatc_funds.assessment.panel_pack import ScorePack
from spatc_funds.assessment.panel_results import Results, Settled
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, IllegalMoveError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import ApplicationState, AssessmentState
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

CATEGORY = "Assessment"
UNPROCESSABLE = 422
CONFLICT = 409
WINDOWS = "You saved it in another window, and that was kept. What you typed here was not saved: copy what you need."


class Queue(Gate):
    """An assessor's bids, and the pages of one bid in assessment."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.ASSESSMENT_LIST,
        "interest": Action.INTEREST_DECLARE,
        "score": Action.ASSESSMENT_SCORE,
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
        page = self.render("assessment/interest.html", bid=submission, form=form, held=held, back=self._way_back())
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/", methods=("GET", "POST"))
    def score(self, reference: str) -> ResponseReturnValue:
        """The bid and the sheet side by side; saved however far it goes, or made final."""
        actor = current_actor()
        if reference in actor.allocated - actor.assigned - actor.barred:
            return redirect(self.get_url(".interest", reference=reference), 303)
        submission = self.load(Action.ASSESSMENT_SCORE, submission_by_reference, reference)
        sheet = queries.sheet_of(submission.id, actor.id)
        form = score_form(submission, sheet)
        if request.method == "POST":
            return self._scored(submission, form)
        if sheet and sheet.state is AssessmentState.FINAL:
            return self._final(submission, sheet)
        return self._scoring(submission, form)

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
        given = reference in current_actor().allocated and self.may("score")
        return self.get_url(".score", reference=reference) if given else self._way_back()

    def _scored(self, submission: Submission, form: PageForm) -> ResponseReturnValue:
        """Save what could be read first, so that nothing typed is lost; then, where asked, make it final."""
        reference, actor, good = submission.reference, current_actor(), form.validate()
        version, scores = form["version"].data or 0, scores_in(form, submission)
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, reference):
                saved = operations.save_scores(actor, submission, scores, clock.now(), version)
                form["version"].process_data(saved.version)
                form["version"].raw_data = None  # what was posted would be shown again
        except ChangedError:
            return self._conflict(submission, form)
        except IllegalMoveError as error:  # withdrawn, settled or final meanwhile
            return self._conflict(submission, form, f"{error} What you typed was not saved.")
        if not good:
            return self._scoring(submission, form), UNPROCESSABLE
        if request.form.get("act") != "finish":
            done = sum(given.value is not None for given in scores.values())
            flash(f"Saved: {done} of {count_of(len(scores), 'score')} for {reference}.", "success")
            return redirect(self.get_url(".index"), 303)
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_FINISH, reference):
                operations.finish(actor, submission, clock.now())
        except NotReadyError as error:
            form.show(error.problems)
            return self._scoring(submission, form), UNPROCESSABLE
        flash(f"Your scores for {reference} are final.", "success")
        return redirect(self.get_url(".score", reference=reference), 303)

    def _scoring(self, submission: Submission, form: PageForm) -> str:
        return self.render(
            "assessment/score.html",
            bid=submission,
            form=form,
            withdrawn=submission.application.state is ApplicationState.WITHDRAWN,
        )

    def _final(self, submission: Submission, sheet: Assessment) -> str:
        others = queries.others_sheets(submission.id, current_actor())
        return self.render(
            "assessment/final.html",
            bid=submission,
            sheet=progress.sheet_shown(sheet, submission.round),
            final_at=sheet.final_at,
            others=[progress.sheet_shown(each, submission.round) for each in others],
        )

    def _conflict(self, submission: Submission, form: PageForm, reason: str = WINDOWS) -> ResponseReturnValue:
        """Two windows: what stands saved beside what was typed here, which is not saved."""
        here = self.get_url(".score", reference=submission.reference)
        sheet = queries.sheet_of(submission.id, current_actor().id)
        lines = progress.sheet_shown(sheet, submission.round).lines if sheet else ()
        saved = [_said(line.score, line.reason) for line in lines] or [_said(None, "")] * len(submission.round.criteria)
        yours = [_typed(form, criterion.key) for criterion in submission.round.criteria]
        differing = [
            {"label": criterion.name, "yours": mine, "saved": theirs}
            for criterion, mine, theirs in zip(submission.round.criteria, yours, saved, strict=True)
            if mine != theirs
        ]
        page = render_template(
            "errors/409.html",
            title="This sheet has changed",
            reason=reason,
            versions=differing,
            return_url=here,
        )
        return page, CONFLICT


def views() -> list[BaseView]:
    """The pages of assessment."""
    return [
        Queue(name="My queue", endpoint="panel_assessment", url="assessment"),
        ScorePack(name="Score offline", endpoint="panel_pack", url="assessment/pack"),
        AllocationPlan(name="Give bids", endpoint="panel_allocation", url="assessment/allocation"),
        Results(name="Results", endpoint="panel_results", url="assessment/results"),
        Settled(name="Settled results"),
        Figures(name="Figures", endpoint="panel_figures", url="assessment/figures"),
    ]


def _typed(form: PageForm, key: str) -> str:
    value: Any = form[f"{key}-value"].data
    return _said(value, form[f"{key}-reason"].data)


def _said(score: int | None, reason: str) -> str:
    return f"{'No score' if score is None else f'Score {score}'}\n\n{reason}".strip()
