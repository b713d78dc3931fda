"""Scoring in the officers' panel: a sheet, and one page for each of its criteria beside the answers that it needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import operations, progress, queries
from spatc_funds.assessment.forms import criterion_form, given_by
from spatc_funds.assessment.models import Assessment
from spatc_funds.assessment.operations import Given
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError, Problem
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import AssessmentState
from spatc_funds.web.filters import clock as shown_clock
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor, wants_json
from spatc_funds.web.held import stamp_or
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422
CONFLICT = 409
WINDOWS = "You saved it in another window, and that was kept. What you typed here was not saved: copy what you need."
LATER = "later"
LABELS = {
    "value": "Your score",
    "reason": "Your reason or comment",
    "feedback": "What the group is told",
    "note": "Your note",
}


class Scoring(Gate):
    """The pages of one person's sheet for one bid; part of the queue's view, which names their permissions."""

    @expose("/<ref:reference>/")
    def score(self, reference: str) -> ResponseReturnValue:
        """The sheet: how far it goes; once it is final, also what the others gave."""
        if self._undeclared(reference):
            return redirect(self.get_url(".interest", reference=reference), 303)
        submission = self.load(Action.ASSESSMENT_SCORE, submission_by_reference, reference)
        sheet = queries.sheet_of(submission.id, current_actor().id)
        if sheet and sheet.state is AssessmentState.FINAL:
            return self._final(submission, sheet)
        return self._sheet(submission)

    @expose("/<ref:reference>/criteria/<key>/", methods=("GET", "POST"))
    def criterion(self, reference: str, key: str) -> ResponseReturnValue:
        """One criterion: the answers that it needs beside what is given for it; saved however far it goes."""
        if self._undeclared(reference):
            return redirect(self.get_url(".interest", reference=reference), 303)
        submission = self.load(Action.ASSESSMENT_SCORE, submission_by_reference, reference)
        sheet = queries.sheet_of(submission.id, current_actor().id)
        page = progress.criterion_page(submission, sheet, current_actor().id, key)
        if page is None:
            raise MissingError
        held = operations.given_in(page.score)
        form = criterion_form(page.criterion, submission.round.scale_maximum, held, scores=page.gives_scores)
        if request.method == "POST":
            return self._save(submission, page, form, held)
        if page.closed or queries.kept_back(submission) or queries.result_of(submission.id):
            return redirect(self.get_url(".score", reference=reference), 303)
        return self._page(submission, page, form)

    @expose("/<ref:reference>/finish", methods=("POST",))
    def finish(self, reference: str) -> ResponseReturnValue:
        """Make the sheet final; where something is missing, say what."""
        submission = self.load(Action.ASSESSMENT_FINISH, submission_by_reference, reference)
        actor = current_actor()
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_FINISH, reference):
                operations.finish(actor, submission, clock.now())
        except NotReadyError as error:
            return self._sheet(submission, error.problems), UNPROCESSABLE
        flash(f"Your sheet for {reference} is final.", "success")
        return redirect(self.get_url(".score", reference=reference), 303)

    def _undeclared(self, reference: str) -> bool:
        """Given to whoever asks, who has not said yet whether they have an interest in it."""
        actor = current_actor()
        return reference in actor.allocated - actor.assigned - actor.barred

    def _save(
        self, submission: Submission, page: progress.CriterionPage, form: PageForm, held: Given
    ) -> ResponseReturnValue:
        """Save what could be read first, so that nothing typed is lost; then go on."""
        actor, key, good, reference = current_actor(), page.criterion.key, form.validate(), submission.reference
        given, stamp = given_by(form, held), request.form.get("stamp")
        stamps = {} if stamp is None else {key: stamp}
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, reference):
                sheet = operations.save_scores(actor, submission, {key: given}, clock.now(), stamps=stamps)
                now = next(score for score in sheet.scores if score.criterion_id == page.criterion.id)
                stamp = operations.stamp_of(now)
        except ChangedError:
            return self._conflict(submission, page, form, WINDOWS)
        except IllegalMoveError as error:  # withdrawn, settled or final meanwhile
            return self._conflict(submission, page, form, f"{error} What you typed was not saved.")
        if wants_json():
            return jsonify(stamp=stamp, saved=shown_clock(clock.now()), whole=good)
        return self._onward(submission, page) if good else (self._page(submission, page, form, stamp), UNPROCESSABLE)

    def _onward(self, submission: Submission, page: progress.CriterionPage) -> ResponseReturnValue:
        reference = submission.reference
        if request.form.get("then") == LATER:
            flash(f"“{page.criterion.name}” of {reference} is saved.", "success")
            return redirect(self.get_url(".index"), 303)
        if page.next_key:
            return redirect(self.get_url(".criterion", reference=reference, key=page.next_key), 303)
        return redirect(self.get_url(".score", reference=reference), 303)

    def _page(
        self, submission: Submission, page: progress.CriterionPage, form: PageForm, stamp: str | None = None
    ) -> str:
        return self.render(
            "assessment/criterion.html",
            bid=submission,
            page=page,
            form=form,
            agreed=queries.agreed_in_calibration(submission.round_id),
            stamp=stamp_or(stamp or operations.stamp_of(page.score)),
        )

    def _sheet(self, submission: Submission, problems: Sequence[Problem] = ()) -> str:
        shown = progress.sheet_page(submission, current_actor().id)
        addresses = {
            each.key: self.get_url(".criterion", reference=submission.reference, key=each.key) for each in shown.lines
        }
        return self.render(
            "assessment/sheet.html",
            bid=submission,
            sheet=shown,
            kept_back=queries.kept_back(submission),
            settled=queries.result_of(submission.id) is not None,
            problems=[{"href": _leads_to(addresses, each.field), "message": each.message} for each in problems],
            has_errors=bool(problems),
            addresses=addresses,
        )

    def _final(self, submission: Submission, sheet: Assessment) -> str:
        others = queries.others_sheets(submission.id, current_actor())
        return self.render(
            "assessment/final.html",
            bid=submission,
            sheet=progress.sheet_shown(sheet, submission.round),
            final_at=sheet.final_at,
            needed=[key for each in queries.criteria_of(submission.round, sheet.body) for key in each.question_keys]
            if sheet.body
            else None,
            others=[progress.sheet_shown(each, submission.round) for each in others],
        )

    def _conflict(
        self, submission: Submission, page: progress.CriterionPage, form: PageForm, reason: str
    ) -> ResponseReturnValue:
        """Two windows: what stands saved beside what was typed here, which is not saved."""
        if wants_json():
            return jsonify(overtaken=True), CONFLICT
        sheet = queries.sheet_of(submission.id, current_actor().id)
        now = {score.criterion_id: score for score in sheet.scores} if sheet else {}
        saved = operations.given_in(now.get(page.criterion.id))._asdict()
        versions = [
            {"label": label, "yours": _said(form[name].data), "saved": _said(saved[name])}
            for name, label in LABELS.items()
            if name in form and form[name].data != saved[name]
        ]
        shown = render_template(
            "errors/409.html",
            title="This sheet has changed",
            reason=reason,
            versions=versions,
            return_url=self.get_url(".criterion", reference=submission.reference, key=page.criterion.key),
        )
        return shown, CONFLICT


def _leads_to(addresses: Mapping[str, str], field: str) -> str:
    """The box that lacks something: ``need-reason`` is the box of the reason on the page of the need."""
    key, _, part = field.rpartition("-")
    return f"{addresses[key]}#{part}" if key in addresses else ""


def _said(value: Any) -> str:
    return "Nothing" if value in (None, "") else str(value)
