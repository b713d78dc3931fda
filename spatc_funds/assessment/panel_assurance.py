"""Assurance in the officers' panel: checks of due diligence, likenesses of text, the place in the plan, labels."""

from collections.abc import Mapping
from math import ceil
from typing import ClassVar

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications.forms import NO_OUTCOME, NO_SPECIFIC_OUTCOME, plan_groups
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import assurances, assuring, diligence
from spatc_funds.assessment.assurance_forms import (
    CheckForm,
    JudgeForm,
    LabelForm,
    TagsForm,
    TakeOverForm,
    UntagForm,
    check_form,
    chosen_in,
    judge_form,
    no_focus,
    own_ids,
    tags_form,
)
from spatc_funds.assessment.models import DiligenceCheck, Outcome, TagAssurance, TextMatch
from spatc_funds.core import clock
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.reading import reading
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.web.flashes import flash_at
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose
from spatc_funds.web.panel_filters import WHOLE

AT_ONCE = 50
COMPARED_AT_ONCE = 50
UNPROCESSABLE, CONFLICT = 422, 409
TAKE_OVER = "take-over"
NO_CHECK = "Choose one of the checks that this pot asks for"
NO_MATCH = "Choose one of the likenesses of this bid"
NOTHING_HOLDS = "There is nothing to take over any more."


class Assurance(Gate):
    """What is made sure of before the board meets. Nothing of it is part of a score."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.RESULT_LIST,
        "show": Action.RESULT_LIST,
        "record": Action.CHECK_RECORD,
        "compare": Action.TEXT_COMPARE,
        "compare_round": Action.TEXT_COMPARE,
        "judge": Action.TEXT_JUDGE,
        "confirm": Action.TAGS_CONFIRM,
        "tag": Action.BID_TAG,
        "untag": Action.BID_UNTAG,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Bids that are not decided, of one round or of all, each with what is missing."""
        actor, page, code = current_actor(), request.args.get("page", "1"), request.args.get("round", "")
        if not WHOLE.fullmatch(page):
            abort(400)
        rounds = assurances.rounds_to_assure(actor)
        if code and code not in {each.code for each in rounds}:
            raise MissingError
        count = sum(each.bids for each in rounds if code in {"", each.code})
        pages = max(1, ceil(count / AT_ONCE))
        if int(page) > pages:
            raise MissingError
        today, offset = london_day(clock.now()), (int(page) - 1) * AT_ONCE
        return self.render(
            "assessment/assurances.html",
            rounds=rounds,
            code=code,
            count=count,
            page=int(page),
            pages=pages,
            rows=assurances.to_assure(actor, code, today, AT_ONCE, offset),
            page_url=lambda number: self.get_url(".index", page=number, round=code or None),
            at_once=COMPARED_AT_ONCE,
        )

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """Everything about one bid."""
        return self._page(self.load(Action.RESULT_LIST, submission_by_reference, reference))

    @expose("/<ref:reference>/record", methods=("POST",))
    def record(self, reference: str) -> ResponseReturnValue:
        """Record how one check ended, or take over what was passed in another bid."""
        submission = self.load(Action.CHECK_RECORD, submission_by_reference, reference)
        if request.form.get("act") == TAKE_OVER:
            return self._take_over(submission)
        form, actor = CheckForm(), current_actor()
        check = _check(submission, form.key.data)
        if check is None:
            form.form_errors.append(NO_CHECK)
            return self._page(submission, form), UNPROCESSABLE
        if form.validate_on_submit():
            try:
                with unit_of_work(actor.id, Action.CHECK_RECORD, reference):
                    assuring.record(actor, submission, form.given(), clock.now(), form.seen.data)
            except NotReadyError as error:
                form.show(error.problems)
            except ChangedError as error:
                row = assurances.check_of(submission.id, check.key)
                return self._conflict(submission, error, [(check.label, _typed(form), _said(row))])
            else:
                return self._done(submission, f"{check.label}: recorded.", f"check-{check.key}")
        return self._page(submission, form, check.key), UNPROCESSABLE

    @expose("/<ref:reference>/compare", methods=("POST",))
    def compare(self, reference: str) -> ResponseReturnValue:
        """Look for this bid's answers in all others."""
        submission, actor = self.load(Action.TEXT_COMPARE, submission_by_reference, reference), current_actor()
        with unit_of_work(actor.id, Action.TEXT_COMPARE, reference):
            assuring.compare(actor, submission, clock.now())
        found = assurances.matches(actor, submission).count
        return self._done(
            submission,
            f"Compared with all other bids: {count_of(found, 'likeness', 'likenesses')} to look at.",
            "same-text",
        )

    @expose("/rounds/<code>/compare", methods=("POST",))
    def compare_round(self, code: str) -> ResponseReturnValue:
        """Compare the next bids of a round that were not compared, each in a unit of work of its own."""
        actor = current_actor()
        if round_by_code(code) is None:
            raise MissingError
        db.session.rollback()
        with reading():  # comparing takes its time: nobody else's save waits for it
            waiting = {each.code: each.not_compared for each in assurances.rounds_to_assure(actor)}
            bids = assurances.not_compared(actor, code, COMPARED_AT_ONCE)
            alike = assurances.alike(bids) if bids else {}
            found = {bid.reference: alike[bid.id] for bid in bids}
            db.session.rollback()
        for reference, each in found.items():
            with unit_of_work(actor.id, Action.TEXT_COMPARE, reference):
                assuring.compare(actor, _standing(reference), clock.now(), each)
        left = waiting.get(code, 0) - len(found)
        rest = (
            f"{count_of(left, 'bid')} of {code} still to compare." if left else f"Nothing of {code} is left to compare."
        )
        flash(f"{count_of(len(found), 'bid')} compared with all others. {rest}", "success")
        return redirect(self.get_url(".index"), 303)

    @expose("/<ref:reference>/judge", methods=("POST",))
    def judge(self, reference: str) -> ResponseReturnValue:
        """Say what is made of one likeness."""
        submission, actor = self.load(Action.TEXT_JUDGE, submission_by_reference, reference), current_actor()
        form = JudgeForm()
        if not WHOLE.fullmatch(form.match.data or ""):
            form.form_errors.append(NO_MATCH)
            return self._page(submission, form), UNPROCESSABLE
        match = assurances.match_by_id(actor, submission, int(form.match.data or 0))
        if match is None:
            raise MissingError
        if form.validate_on_submit():
            judged, note = form.judged.data, form.note.data
            try:
                with unit_of_work(actor.id, Action.TEXT_JUDGE, reference):
                    assuring.judge(actor, match, judged, note, clock.now(), form.seen.data)
            except ChangedError as error:
                row = assurances.match_by_id(actor, submission, match.id)
                yours = f"{judged.value.capitalize()}\n\n{note}"
                return self._conflict(submission, error, [("The likeness", yours, _judged(row))])
            return self._done(submission, "Your judgement is recorded.", f"match-{match.id}")
        return self._page(submission, form, f"match-{match.id}"), UNPROCESSABLE

    @expose("/<ref:reference>/tags", methods=("GET", "POST"))
    def confirm(self, reference: str) -> ResponseReturnValue:
        """The bid's place in the plan: what the group proposed, and the officer's choice."""
        submission, actor = self.load(Action.TAGS_CONFIRM, submission_by_reference, reference), current_actor()
        place = assurances.place_of(submission)
        form = tags_form(submission, place)
        if form.validate_on_submit():
            seen, reason = form["seen"].data, form["reason"].data
            try:
                with unit_of_work(actor.id, Action.TAGS_CONFIRM, reference):
                    choice = chosen_in(form, submission)
                    row = assuring.confirm(actor, submission, choice, reason, clock.now(), seen)
                    changed = row.changed
            except NotReadyError as error:
                form.show(error.problems)
            except ChangedError as error:
                saved = assurances.place_of(submission)
                return self._conflict(submission, error, [("The place in the plan", reason, _placed(saved.confirmed))])
            else:
                said = "confirmed with your changes" if changed else "confirmed as the group proposed it"
                return self._done(submission, f"The place of {reference} in the plan is {said}.", "place")
        return self._tags(submission, place, form), UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/tag", methods=("POST",))
    def tag(self, reference: str) -> ResponseReturnValue:
        """Put a label on the bid."""
        submission, actor = self.load(Action.BID_TAG, submission_by_reference, reference), current_actor()
        form = LabelForm()
        if form.validate_on_submit():
            try:
                with unit_of_work(actor.id, Action.BID_TAG, reference):
                    assuring.tag(actor, [submission], form.label.data, clock.now())
            except NotReadyError as error:
                form.show(error.problems)
            else:
                return self._done(submission, "The label is on the bid.", "labels")
        return self._page(submission, form), UNPROCESSABLE

    @expose("/<ref:reference>/untag", methods=("POST",))
    def untag(self, reference: str) -> ResponseReturnValue:
        """Take a label off the bid."""
        submission, actor = self.load(Action.BID_UNTAG, submission_by_reference, reference), current_actor()
        with unit_of_work(actor.id, Action.BID_UNTAG, reference):
            assuring.untag(actor, [submission], UntagForm().label.data or "")
        return self._done(submission, "The label is taken off.", "labels")

    def _take_over(self, submission: Submission) -> ResponseReturnValue:
        form, actor, at = TakeOverForm(), current_actor(), clock.now()
        check = _check(submission, form.key.data)
        offer = assurances.offers(actor, submission, london_day(at)).get(check.key) if check else None
        if check is None or offer is None:
            raise IllegalMoveError(NOTHING_HOLDS)
        note = f"Taken over. It was passed on {diligence.spoken(offer.done.done_on)} and still holds."
        given = assuring.Recorded(check.key, Outcome.PASSED, note, offer.done.expires_on)
        with unit_of_work(actor.id, Action.CHECK_RECORD, submission.reference):
            assuring.record(actor, submission, given, at, form.seen.data)
        return self._done(submission, f"{check.label}: taken over.", f"check-{check.key}")

    def _done(self, submission: Submission, words: str, place: str) -> ResponseReturnValue:
        """Back to the part of the page that was saved, which says so."""
        flash_at(words, place)
        return redirect(f"{self._here(submission)}#{place}", 303)

    def _here(self, submission: Submission) -> str:
        return self.get_url(".show", reference=submission.reference)

    def _page(self, submission: Submission, refused: PageForm | None = None, of: str = "") -> str:
        """One bid; ``refused`` is the one form of it that has to be mended, ``of`` which one: it stands as typed."""
        actor, today = current_actor(), london_day(clock.now())
        checks = assurances.checklist(actor, submission, today)
        matches = assurances.matches(actor, submission)
        return self.render(
            "assessment/assurance.html",
            bid=submission,
            checks=[(each, _as_typed(refused, of, each.line.check.key) or check_form(each, today)) for each in checks],
            complete=all(each.line.standing.good for each in checks),
            matches=matches,
            judging=[
                (each, _as_typed(refused, of, f"match-{each.match.id}") or judge_form(each)) for each in matches.shown
            ],
            place=assurances.place_of(submission),
            decided=submission.application.closed_at is not None,
            labels=assurances.labels_of(submission.id),
            label_form=refused if isinstance(refused, LabelForm) else LabelForm(formdata=None),
            form=refused,
            take_over=TAKE_OVER,
        )

    def _tags(self, submission: Submission, place: assurances.Place, form: TagsForm) -> str:
        return self.render(
            "assessment/tags.html",
            bid=submission,
            place=place,
            form=form,
            focus_groups=plan_groups(submission.application, "focus_areas"),
            outcome_groups=plan_groups(submission.application, "outcomes"),
            no_focus=no_focus(submission),
            no_outcome=(NO_OUTCOME, NO_SPECIFIC_OUTCOME[0], ""),
            fixed=place.proposed["priority"] if "priority" not in form else None,
            decided=submission.application.closed_at is not None,
        )

    def _conflict(
        self, submission: Submission, error: ChangedError, versions: list[tuple[str, str, str]]
    ) -> ResponseReturnValue:
        """Somebody else saved it meanwhile: what they wrote beside what was typed here."""
        page = render_template(
            "errors/409.html",
            title="Someone changed this before you",
            reason=str(error),
            versions=[{"label": label, "yours": yours, "saved": saved} for label, yours, saved in versions],
            return_url=self._here(submission),
        )
        return page, CONFLICT


def _check(submission: Submission, key: str | None) -> diligence.Check | None:
    return next((each for each in assurances.checks_of(submission) if each.key == key), None)


def _standing(reference: str) -> Submission:
    found = submission_by_reference(reference)
    if found is None:
        raise MissingError
    return found


def _as_typed(refused: PageForm | None, of: str, name: str) -> PageForm | None:
    """The refused form, if it is the one of this name."""
    return own_ids(refused, name) if refused is not None and of == name else None


def _typed(form: CheckForm) -> str:
    until = [f"Until {diligence.spoken(form.expires_on.data)}"] if form.expires_on.data else []
    return "\n\n".join([form.outcome.data.value.capitalize(), *until, form.note.data])


def _said(row: DiligenceCheck | None) -> str:
    if row is None:
        return "Nothing"
    until = [f"Until {diligence.spoken(row.expires_on)}"] if row.expires_on else []
    return "\n\n".join([f"{row.outcome.value.capitalize()}, by {row.done_by.name}", *until, row.note])


def _judged(row: TextMatch | None) -> str:
    return f"{row.judged.value.capitalize()}\n\n{row.note}" if row else "Nothing"


def _placed(row: TagAssurance | None) -> str:
    return f"Confirmed by {row.confirmed_by.name}\n\n{row.reason}" if row else "Nothing"
