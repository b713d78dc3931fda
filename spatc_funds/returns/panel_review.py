"""Reading one return in the panel, and answering it; part of the list's view, which names these pages' permissions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.accounts.queries import names_of
from spatc_funds.audit.operations import looked
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.db import Act, unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import decide
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import contents, overseeing, queries, readiness, review_forms, reviewing
from spatc_funds.returns.due import answer_by, standing
from spatc_funds.returns.evidence_views import sent_file
from spatc_funds.returns.models import ReturnFile
from spatc_funds.returns.wording import totals_of
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Gate, expose

CHANGED = "This return has changed since you opened it. Go back and read it once more."
UNPROCESSABLE = 422
OFFERED = {
    "review": Action.RETURN_REVIEW,
    "accept": Action.RETURN_ACCEPT,
    "send_back": Action.RETURN_SEND_BACK,
    "reopen": Action.RETURN_REOPEN,
}


def today() -> date:
    """The day in London."""
    return london_day(now())


class Review(Gate):
    """The page of one return, and what may be done there."""

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One return: promised and actual, what to ask about, earlier versions, and what may be done."""
        return self._page(self._find(Action.RETURN_LIST, reference))

    @expose("/<ref:reference>/evidence/<int(max=2147483647):number>")
    def download_file(self, reference: str, number: int) -> ResponseReturnValue:
        """A paper or photograph of a return that was sent; who took it is recorded."""
        found = self._find(Action.RETURN_LIST, reference)
        answer = sent_file(next((each for each in _files(found) if each.number == number), None))
        looked(current_actor().id, "return:file", f"{reference} {number}")
        return answer

    @expose("/<ref:reference>/review", methods=("POST",))
    def review(self, reference: str) -> ResponseReturnValue:
        """Begin to read it; from then on the grantee does not take it back."""
        found, actor, at = self._find(Action.RETURN_REVIEW, reference), current_actor(), now()
        with unit_of_work(actor.id, Action.RETURN_REVIEW, found.expected.award.reference):
            reviewing.review(actor, found, at)
        return self._done(reference, f"You have begun to review return {reference}.")

    @expose("/<ref:reference>/accept", methods=("POST",))
    def accept(self, reference: str) -> ResponseReturnValue:
        """Accept it, which freezes it; the log says what counts from then on."""
        found, form = self._find(Action.RETURN_ACCEPT, reference), review_forms.AcceptForm()

        def act(act: Act) -> None:
            record = reviewing.accept(current_actor(), found, form.feedback.data, now())
            act.reason = f"Counts from now on: {totals_of(record.content, contents.names(found))}"

        return self._act(Action.RETURN_ACCEPT, found, form, act, f"Return {reference} is accepted.")

    @expose("/<ref:reference>/send-back", methods=("POST",))
    def send_back(self, reference: str) -> ResponseReturnValue:
        """Give it back with what has to be mended, in all and at each field."""
        found = self._find(Action.RETURN_SEND_BACK, reference)
        form = review_forms.send_back_form(found)

        def act(act: Act) -> None:
            act.reason, asked = form["reason"].data, review_forms.asked(form, found)
            reviewing.send_back(current_actor(), found, act.reason, now(), asked)

        said = f"Return {reference} is sent back. The grantee gets a letter with what you wrote."
        return self._act(Action.RETURN_SEND_BACK, found, form, act, said)

    @expose("/<ref:reference>/reopen", methods=("POST",))
    def reopen(self, reference: str) -> ResponseReturnValue:
        """Open an accepted return for correction; the log says what leaves the totals by that."""
        found, form = self._find(Action.RETURN_REOPEN, reference), review_forms.ReasonForm()

        def act(act: Act) -> None:
            moved = reviewing.reopen(current_actor(), found, form.reason.data, now())
            act.reason = f"{form.reason.data}\n\n{moved}"

        said = f"Return {reference} is open for correction. It counts nowhere until then."
        return self._act(Action.RETURN_REOPEN, found, form, act, said)

    @expose("/<ref:reference>/case-study", methods=("POST",))
    def choose(self, reference: str) -> ResponseReturnValue:
        """Choose its story, or one of its photographs, as a case study."""
        found = self._find(Action.CASE_CHOOSE, reference)
        form, actor = review_forms.case_form(found), current_actor()
        if not form.validate():
            return self._page(found, choose=form), UNPROCESSABLE
        with unit_of_work(actor.id, Action.CASE_CHOOSE, found.expected.award.reference):
            overseeing.choose(actor, found, form["part"].data, form["title"].data, now())
        return self._done(reference, "It is a case study now.")

    @expose("/<ref:reference>/case-study/<part>/drop", methods=("POST",))
    def drop(self, reference: str, part: str) -> ResponseReturnValue:
        """Take a case study off again."""
        found, actor = self._find(Action.CASE_DROP, reference), current_actor()
        with unit_of_work(actor.id, Action.CASE_DROP, found.expected.award.reference):
            overseeing.drop(actor, found, part)
        return self._done(reference, "It is no case study any more.")

    def _act(
        self, action: Action, found: queries.Owed, form: PageForm, act: Callable[[Act], None], said: str
    ) -> ResponseReturnValue:
        """An act with a form: what is wrong is said at its field, and nobody acts on what they have not read."""
        _refuse_stale(found, action)
        name = next(name for name, each in OFFERED.items() if each is action)
        if not form.validate():
            return self._page(found, **{name: form}), UNPROCESSABLE
        try:
            with unit_of_work(current_actor().id, action, found.expected.award.reference) as unit:
                act(unit)
        except NotReadyError as error:
            form.show(error.problems)
            return self._page(self._find(Action.RETURN_LIST, found.reference), **{name: form}), UNPROCESSABLE
        return self._done(found.reference, said)

    def _find(self, action: Action, reference: str) -> queries.Owed:
        return self.load(action, queries.owed, reference)

    def _done(self, reference: str, message: str) -> ResponseReturnValue:
        flash(message, "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _page(self, found: queries.Owed, **forms: PageForm) -> str:
        """The page; a form that was refused stands in for the empty one of its name."""
        started, award, said = found.started, found.expected.award, contents.read_by_officers(found)
        record = contents.standing_record(started) if started else None
        refused = next(iter(forms.values()), None)
        return self.render(
            "returns/review.html",
            list_url=self.get_url(".index_view") if self.may("index_view") else "",
            found=found,
            award=award,
            said=said,
            with_grantee=found.state not in contents.SENT,
            mended=contents.changed_since(found),
            rows=contents.rows_of(found, said),
            remarks=readiness.remarks(found) if found.state in contents.SENT else (),
            spend=contents.spend_of(said) if said else (),
            splits=contents.splits_of(said, contents.names(found)) if said else (),
            files=_files(found),
            versions=contents.versions(found),
            standing=standing(found.state, found.expected.due_on, today()),
            seen=contents.stamp(found),
            reviewer=_reviewer(found),
            answer_by=_answer_by(found),
            form=refused,
            accept_form=forms.get("accept") or review_forms.AcceptForm(formdata=None),
            back_form=forms.get("send_back") or review_forms.send_back_form(found),
            reopen_form=forms.get("reopen") or review_forms.ReasonForm(formdata=None),
            case_form=forms.get("choose") or review_forms.case_form(found),
            cases=queries.cases_of(record) if record else (),
            may={name: _may(found, action) for name, action in OFFERED.items()},
            may_choose=bool(record and record.content.get("may_publish")) and allowed(Action.CASE_CHOOSE, found),
            watched_url=self.get_url("panel_watched.show", reference=award.reference),
            why_not=_why_not(found),
        )


def _files(found: queries.Owed) -> list[ReturnFile]:
    """The papers and photographs that officers see: those of what was sent, or of what was given back."""
    said = contents.read_by_officers(found)
    numbers = {each["number"] for each in said["files"]} if said else set()
    return [each for each in found.started.files if each.number in numbers] if found.started else []


def _may(found: queries.Owed, action: Action) -> bool:
    return may_move(found.state, action) and allowed(action, found)


def _answer_by(found: queries.Owed) -> Any:
    """By when the grantee hears; None where nothing waits."""
    if found.started is None or found.state is not ReturnState.SENT or found.started.sent_at is None:
        return None
    return answer_by(london_day(found.started.sent_at), found.expected.award.round.feedback_days)


def _reviewer(found: queries.Owed) -> str:
    """Whoever has begun to read what was sent; empty while nobody has."""
    if found.started is None or found.started.seen_by_id is None:
        return ""
    return names_of({found.started.seen_by_id})[found.started.seen_by_id]


def _why_not(found: queries.Owed) -> str:
    """Why somebody with the role for it may not accept this one, in words."""
    if not may_move(found.state, Action.RETURN_ACCEPT) or not allowed(Action.RETURN_ACCEPT):
        return ""
    return decide(current_actor(), Action.RETURN_ACCEPT, found.subject).reason


def _refuse_stale(found: queries.Owed, action: Action) -> None:
    """Nobody acts on what they have not read. A move that is no longer legal is the operation's to refuse."""
    found = queries.locked(found)
    if may_move(found.state, action) and request.form.get("seen", "") != contents.stamp(found):
        raise IllegalMoveError(CHANGED)
