"""Returns as grantees meet them: what is asked, filling it in, checking it, sending it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.db import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import forms, operations, queries
from spatc_funds.returns.due import DONE, standing
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, current_actor, requires

blueprint = Blueprint("returns", __name__, url_prefix="/returns")
LATER = "later"
CHANGED = "Somebody else changed this return while you had it open. We kept their answers. Yours are below, not saved."
CHANGED_AT_CHECK = "Somebody else changed this return while you checked it. Read it once more before you send it."


@blueprint.route("/<ref:reference>/")
@requires(Action.RETURN_READ, queries.owed)
def show(found: queries.Owed) -> ResponseReturnValue:
    """What is asked, by when, what is filled in so far, and what was sent back and why."""
    return render_template(
        "returns/show.html",
        **_common(found),
        standing=standing(found.state, found.expected.due_on, london_day(now())),
        may_edit=_may(found, Action.RETURN_EDIT),
        may_send=found.started is not None and _may(found, Action.RETURN_SEND),
        record=queries.standing_record(found.started) if found.started else None,
    )


@blueprint.route("/<ref:reference>/edit", methods=["GET", "POST"])
@requires(Action.RETURN_EDIT, queries.owed)
def edit(found: queries.Owed) -> ResponseReturnValue:
    """The form. Whatever can be read is saved, complete or not."""
    if request.method == "POST":
        return _save(found)
    if not may_move(found.state, Action.RETURN_EDIT):
        return redirect(url_for(".show", reference=found.reference), 303)
    return _edit_page(forms.return_form(found), found)


@blueprint.route("/<ref:reference>/check")
@requires(Action.RETURN_SEND, queries.owed)
def check(found: queries.Owed) -> ResponseReturnValue:
    """Everything once more before it is sent."""
    if found.started is None or not may_move(found.state, Action.RETURN_SEND):
        return redirect(url_for(".show", reference=found.reference), 303)
    return _check_page(found, forms.problems(found))


@blueprint.route("/<ref:reference>/send", methods=["POST"])
@requires(Action.RETURN_SEND, queries.owed)
def send(found: queries.Owed) -> ResponseReturnValue:
    """Send it. A second press of the button leads to the same receipt."""
    actor, at, found = current_actor(), now(), queries.locked(found)
    if found.started is not None and found.state in DONE and found.started.sent_by_id == actor.id:
        return redirect(url_for(".sent", reference=found.reference), 303)
    if may_move(found.state, Action.RETURN_SEND):
        if wrong := forms.problems(found):
            return _check_page(found, wrong), 422
        if request.form.get("seen", "") != queries.stamp(found):
            raise IllegalMoveError(CHANGED_AT_CHECK)
    try:
        with unit_of_work(actor.id, Action.RETURN_SEND, found.expected.award.reference):
            operations.send(actor, found, at)
    except NotReadyError as error:
        return _check_page(_again(found), error.problems), 422
    return redirect(url_for(".sent", reference=found.reference), 303)


@blueprint.route("/<ref:reference>/sent")
@requires(Action.RETURN_READ, queries.owed)
def sent(found: queries.Owed) -> ResponseReturnValue:
    """The receipt."""
    if found.state not in DONE:
        return redirect(url_for(".show", reference=found.reference), 303)
    return render_template("returns/sent.html", **_common(found))


def _save(found: queries.Owed) -> ResponseReturnValue:
    found = queries.locked(found)  # nobody else saves between what is compared and what is written
    form, actor = forms.return_form(found), current_actor()
    readable = forms.readable(form, found)
    if not may_move(found.state, Action.RETURN_EDIT):
        return _conflict(form, found, f"This return is “{found.state.value}” now, so it cannot be changed.")
    if request.form.get("seen", "") != queries.stamp(found) and forms.differences(form, found):
        return _conflict(form, found, CHANGED)
    typed = forms.reported(form, found), forms.story(form, found), forms.spent_pence(form, found)
    try:
        with unit_of_work(actor.id, Action.RETURN_EDIT, found.expected.award.reference):
            operations.save(actor, found, *typed)
    except IntegrityError:  # two people began it in the same moment
        return _conflict(form, _again(found), CHANGED)
    found = _again(found)
    later = request.form.get("act") == LATER
    if readable and not later:
        forms.show_at_numbers(form, forms.problems(found))
    if form.errors:
        return _edit_page(form, found, kept=True), 422
    if later:
        flash("Your return is saved. It is not sent yet.", "success")
    return redirect(url_for(".show" if later else ".check", reference=found.reference), 303)


def _edit_page(form: PageForm, found: queries.Owed, *, kept: bool = False) -> str:
    return render_template(
        "returns/edit.html", **_common(found), form=form, measures=forms.asked(form, found), kept=kept
    )


def _check_page(found: queries.Owed, wrong: tuple[Problem, ...] | list[Problem]) -> str:
    edit_url = url_for(".edit", reference=found.reference)
    problems = [{"href": f"{edit_url}#{each.field}", "message": each.message} for each in wrong]
    may_edit = _may(found, Action.RETURN_EDIT)
    return render_template(
        "returns/check.html", **_common(found), problems=problems, has_errors=bool(problems), may_edit=may_edit
    )


def _conflict(form: PageForm, found: queries.Owed, reason: str) -> ResponseReturnValue:
    return (
        render_template(
            "errors/409.html",
            title="This return has changed",
            reason=reason,
            versions=forms.differences(form, found),
            return_url=url_for(".show", reference=found.reference),
        ),
        409,
    )


def _common(found: queries.Owed) -> dict[str, Any]:
    return {
        "found": found,
        "award": found.expected.award,
        "rows": queries.rows(found),
        "seen": queries.stamp(found),
        "sent_back": found.state is ReturnState.SENT_BACK,
    }


def _again(found: queries.Owed) -> queries.Owed:
    """The same return as it is saved now."""
    return queries.owed(found.reference) or found


def _may(found: queries.Owed, action: Action) -> bool:
    return may_move(found.state, action) and allowed(action, found)
