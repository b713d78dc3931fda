"""Messages in the officers' panel: what groups have asked, and what they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.applications import queries
from spatc_funds.applications.forms import AnswerForm
from spatc_funds.applications.models import Application
from spatc_funds.core import clock
from spatc_funds.correspondence.operations import answer_message
from spatc_funds.correspondence.queries import last_messages, messages_about
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Subject
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Thread:
    """A bid as far as its messages go: of a draft the officers see nothing else."""

    application: Application

    @property
    def subject(self) -> Subject:
        """In the panel one acts as staff: being of the group opens nothing."""
        return Subject(bid=self.application.reference)


class Messages(Gate):
    """Bids with messages, those that wait for an answer first, and the messages about one."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.MESSAGE_LIST,
        "show": Action.MESSAGE_LIST,
        "answer": Action.MESSAGE_ANSWER,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The last message about each bid."""
        return self.render("applications/panel_messages.html", threads=last_messages(current_actor()))

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """Everything that was written about one bid."""
        thread = self.load(Action.MESSAGE_LIST, _thread, reference)
        return self._page(thread, AnswerForm())

    @expose("/<ref:reference>/answer", methods=("POST",))
    def answer(self, reference: str) -> ResponseReturnValue:
        """Write to the group."""
        thread = self.load(Action.MESSAGE_ANSWER, _thread, reference)
        form, actor = AnswerForm(), current_actor()
        if not form.validate_on_submit():
            return self._page(thread, form), UNPROCESSABLE
        page = url_for("applications.messages", reference=reference)
        address = current_app.extensions["settings"].public_address.rstrip("/") + page
        with unit_of_work(actor.id, Action.MESSAGE_ANSWER, reference):
            at, about = clock.now(), thread.application.subject
            answer_message(actor, about, form.text.data, address, at, form.answer_by.data)
        flash("Your message is sent.", "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _page(self, thread: Thread, form: AnswerForm) -> str:
        return self.render(
            "applications/panel_thread.html",
            application=thread.application,
            form=form,
            messages=messages_about(thread.application.reference),
            may_answer=self.may("answer"),
        )


def _thread(reference: str) -> Thread | None:
    found = queries.by_reference(reference)
    return Thread(found) if found else None
