"""Returns as grantees meet them: what is asked, filling it in, checking it, sending it, taking it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.db import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import contents, count_views, edit_views, evidence_views, operations, queries, readiness
from spatc_funds.returns.due import DONE, standing
from spatc_funds.returns.shown import UNPROCESSABLE, address_of, again, common, may, tasks_of
from spatc_funds.returns.spending import variance_words
from spatc_funds.returns.splits import split_words
from spatc_funds.web.guards import current_actor, requires

blueprint = Blueprint("returns", __name__, url_prefix="/returns")
CHANGED_AT_CHECK = "Somebody else changed this return while you checked it. Read it once more before you send it."
RETURN = "/<ref:reference>"
BOTH = ("GET", "POST")

FILE = f"{RETURN}/evidence/<int(max=2147483647):number>"
for rule, page, methods in (
    (f"{RETURN}/edit", edit_views.edit, BOTH),
    (f"{RETURN}/people", edit_views.people, BOTH),
    (f"{RETURN}/money", edit_views.money, BOTH),
    (f"{RETURN}/evidence", evidence_views.evidence, BOTH),
    (f"{RETURN}/count", count_views.count, ("GET",)),
    (FILE, evidence_views.download_file, ("GET",)),
    (f"{FILE}/remove", evidence_views.remove_file, ("POST",)),
):
    blueprint.add_url_rule(rule, view_func=page, methods=methods)
blueprint.url_value_preprocessor(evidence_views.let_files_in)
blueprint.add_app_template_filter(variance_words, "variance")
blueprint.add_app_template_filter(split_words, "parted")


@blueprint.route(f"{RETURN}/")
@requires(Action.RETURN_READ, queries.owed)
def show(found: queries.Owed) -> ResponseReturnValue:
    """What is asked, by when, what is filled in so far, and what was sent back and why."""
    started = found.started
    return render_template(
        "returns/show.html",
        **common(found),
        standing=standing(found.state, found.expected.due_on, london_day(now())),
        may_edit=may(found, Action.RETURN_EDIT),
        may_send=started is not None and may(found, Action.RETURN_SEND),
        may_recall=started is not None and started.seen_at is None and may(found, Action.RETURN_RECALL),
        being_read=started is not None and started.seen_at is not None and may(found, Action.RETURN_RECALL),
        record=contents.standing_record(started) if started else None,
        tasks=tasks_of(found) if may(found, Action.RETURN_EDIT) else (),
    )


@blueprint.route(f"{RETURN}/check")
@requires(Action.RETURN_SEND, queries.owed)
def check(found: queries.Owed) -> ResponseReturnValue:
    """Everything once more before it is sent."""
    if found.started is None or not may_move(found.state, Action.RETURN_SEND):
        return redirect(url_for(".show", reference=found.reference), 303)
    return _check_page(found, readiness.problems(found))


@blueprint.route(f"{RETURN}/send", methods=["POST"])
@requires(Action.RETURN_SEND, queries.owed)
def send(found: queries.Owed) -> ResponseReturnValue:
    """Send it. A second press of the button leads to the same receipt."""
    actor, at, found = current_actor(), now(), queries.locked(found)
    if found.started is not None and found.state in DONE and found.started.sent_by_id == actor.id:
        return redirect(url_for(".sent", reference=found.reference), 303)
    if may_move(found.state, Action.RETURN_SEND):
        if wrong := readiness.problems(found):
            return _check_page(found, wrong), UNPROCESSABLE
        if request.form.get("seen", "") != contents.stamp(found):
            raise IllegalMoveError(CHANGED_AT_CHECK)
    try:
        with unit_of_work(actor.id, Action.RETURN_SEND, found.expected.award.reference):
            operations.send(actor, found, at)
    except NotReadyError as error:
        return _check_page(again(found), error.problems), UNPROCESSABLE
    return redirect(url_for(".sent", reference=found.reference), 303)


@blueprint.route(f"{RETURN}/recall", methods=["POST"])
@requires(Action.RETURN_RECALL, queries.owed)
def recall(found: queries.Owed) -> ResponseReturnValue:
    """Take it back to change it, while no officer has begun to read it."""
    actor = current_actor()
    with unit_of_work(actor.id, Action.RETURN_RECALL, found.expected.award.reference):
        operations.recall(actor, found)
    flash("You have taken your return back. Change it, and send it again.", "success")
    return redirect(url_for(".show", reference=found.reference), 303)


@blueprint.route(f"{RETURN}/sent")
@requires(Action.RETURN_READ, queries.owed)
def sent(found: queries.Owed) -> ResponseReturnValue:
    """The receipt."""
    if found.state not in DONE:
        return redirect(url_for(".show", reference=found.reference), 303)
    return render_template("returns/sent.html", **common(found))


def _check_page(found: queries.Owed, wrong: tuple[Problem, ...] | list[Problem]) -> str:
    problems = [{"href": f"{address_of(found, each.step)}#{each.field}", "message": each.message} for each in wrong]
    may_edit = may(found, Action.RETURN_EDIT)
    return render_template(
        "returns/check.html", **common(found), problems=problems, has_errors=bool(problems), may_edit=may_edit
    )
