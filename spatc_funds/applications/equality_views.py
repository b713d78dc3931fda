"""The optional equality questions, asked after an application was sent; nothing here says whose the answers are."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.applications import operations, queries
from spatc_funds.applications.forms import equality_form
from spatc_funds.applications.models import Application
from spatc_funds.core.problems import IllegalMoveError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor, private, requires

UNPROCESSABLE = 422


@private
@requires(Action.EQUALITY_ANSWER, queries.by_reference)
def equality(application: Application) -> ResponseReturnValue:
    """Every question can be left out."""
    if application.submitted_at is None or application.equality_answered:
        message = "These questions are asked once, after an application was sent."
        raise IllegalMoveError(message)
    form, actor = equality_form()(), current_actor()
    if not form.validate_on_submit():
        page = render_template("applications/equality.html", application=application, form=form)
        return page, UNPROCESSABLE if request.method == "POST" else 200
    answers = {name: answer for name, answer in form.readable_data().items() if answer}
    with unit_of_work(actor.id, Action.EQUALITY_ANSWER, application.reference):
        operations.answer(actor, application, answers)
    flash("Thank you. Your answers are kept apart from your application.", "success")
    return redirect(url_for("applications.sent", reference=application.reference), 303)
