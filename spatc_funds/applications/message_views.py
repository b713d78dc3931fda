"""Messages about an application, between its group and the officers."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.applications import queries
from spatc_funds.applications.forms import MessageForm
from spatc_funds.applications.models import Application
from spatc_funds.core import clock
from spatc_funds.correspondence.operations import write_message
from spatc_funds.correspondence.queries import messages_about
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed, current_actor, requires

UNPROCESSABLE = 422


@requires(Action.APPLICATION_READ, queries.by_reference)
def messages(application: Application) -> ResponseReturnValue:
    """Everything that was written both ways, and a box to write."""
    return _page(application, MessageForm())


@requires(Action.MESSAGE_WRITE, queries.by_reference)
def write(application: Application) -> ResponseReturnValue:
    """Send a message to the officers."""
    form, actor, reference = MessageForm(), current_actor(), application.reference
    if not form.validate_on_submit():
        return _page(application, form), UNPROCESSABLE
    mailbox = current_app.extensions["settings"].contact_email
    with unit_of_work(actor.id, Action.MESSAGE_WRITE, reference):
        write_message(actor, application.subject, form.text.data, mailbox, clock.now())
    flash("Your message is sent. We answer it here, and send you an e-mail when we have.", "success")
    return redirect(url_for("applications.messages", reference=reference), 303)


def _page(application: Application, form: MessageForm) -> str:
    return render_template(
        "applications/messages.html",
        application=application,
        form=form,
        messages=messages_about(application.reference),
        may_write=allowed(Action.MESSAGE_WRITE, application),
    )
