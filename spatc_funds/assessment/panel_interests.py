"""Interests in the officers' panel: one's own register, and declarations about many bids on one page."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import declaring, interests
from spatc_funds.assessment.forms import DeclareForm, RegisterForm, declare_form
from spatc_funds.assessment.models import RegisteredInterest
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Gate, Link, RegisterView, expose
from spatc_funds.web.panel_filters import WHOLE

AT_ONCE = 25
UNPROCESSABLE = 422


class Interests(Gate):
    """One's own register and declarations."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.INTEREST_REGISTER,
        "register": Action.INTEREST_REGISTER,
        "end": Action.INTEREST_END,
        "declare": Action.INTEREST_DECLARE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The register of whoever asks."""
        return self._register(RegisterForm())

    @expose("/register", methods=("POST",))
    def register(self) -> ResponseReturnValue:
        """Enter a line."""
        form, actor = RegisterForm(), current_actor()
        if not form.validate_on_submit():
            return self._register(form), UNPROCESSABLE
        with unit_of_work(actor.id, Action.INTEREST_REGISTER, f"person {actor.id}"):
            interests.register(
                actor,
                form.kind.data,
                form.name.data,
                form.number.data or "",
                form.link.data,
                form.expires_on.data,
                clock.now(),
            )
        flash("It is in your register.", "success")
        return redirect(self.get_url(".index"), 303)

    @expose("/<int(max=2147483647):number>/end", methods=("POST",))
    def end(self, number: int) -> ResponseReturnValue:
        """End a line of one's own."""
        actor = current_actor()
        entry = declaring.entry_of(actor, number)
        if entry is None:
            raise MissingError
        with unit_of_work(actor.id, Action.INTEREST_END, f"person {actor.id}"):
            interests.end_interest(actor, entry, clock.now())
        flash("It is ended. It stays in your register, and suggests nothing any more.", "success")
        return redirect(self.get_url(".index"), 303)

    @expose("/declare", methods=("GET", "POST"))
    def declare(self) -> ResponseReturnValue:
        """Say of each bid whether there is an interest: those that are answered are saved, the others stay."""
        actor, page = current_actor(), request.args.get("page", "1")
        if not WHOLE.fullmatch(page):
            abort(400)
        count = declaring.to_declare_count(actor)
        pages = max(1, ceil(count / AT_ONCE))
        if int(page) > pages and request.method == "GET":
            raise MissingError
        bids = declaring.to_declare(actor, clock.london_day(clock.now()), AT_ONCE, (int(page) - 1) * AT_ONCE)
        form = declare_form([each.reference for each in bids])
        if request.method == "POST" and self._declared(form, bids):
            return redirect(self.get_url(".declare"), 303)
        shown = self.render(
            "assessment/declare.html",
            bids=[each for each in bids if each.reference not in form.declared],
            form=form,
            count=count - len(form.declared),
            page=int(page),
            pages=pages,
            page_url=lambda number: self.get_url(".declare", page=number),
            back=self.get_url("panel_assessment.index" if allowed(Action.ASSESSMENT_LIST) else ".index"),
        )
        return shown, UNPROCESSABLE if form.errors else 200

    def _declared(self, form: DeclareForm, bids: Sequence[declaring.ToDeclare]) -> bool:
        """Each bid by itself: what is right is saved, also when another line is wrong. Whether all was right."""
        actor = current_actor()
        form.validate()
        for each in bids:
            kind, note = form[f"{each.reference}-kind"], form[f"{each.reference}-note"]
            if kind.data is None or kind.errors or note.errors:
                continue
            submission = self.load(Action.INTEREST_DECLARE, submission_by_reference, each.reference)
            try:
                with unit_of_work(actor.id, Action.INTEREST_DECLARE, each.reference):
                    interests.declare(actor, submission, kind.data, note.data or "", clock.now())
            except NotReadyError as error:
                note.errors = [f"{each.reference}: {error.problems[0].message}"]
            else:
                form.declared.append(each.reference)
        if not form.declared and not form.errors:
            form.form_errors.append("Choose for at least one bid whether you have an interest")
        if form.declared:
            flash(f"Your declarations about {count_of(len(form.declared), 'bid')} are recorded.", "success")
        return not form.errors

    def _register(self, form: RegisterForm) -> str:
        actor, today = current_actor(), clock.london_day(clock.now())
        return self.render(
            "assessment/register.html",
            form=form,
            entries=declaring.register_of(actor.id),
            today=today,
            waiting=declaring.to_declare_count(actor) if self.may("declare") else 0,
            everybody=self.get_url("panel_registers.index_view") if allowed(Action.INTEREST_LIST) else "",
        )


class Registers(RegisterView):
    """Everybody's register."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.INTEREST_LIST, "export": Action.INTEREST_LIST}
    visible = None
    can_export = True
    introduction = "What people of the staff, assessors and advisers say they are linked to."
    column_list = ("person.name", "kind", "name", "number", "link", "expires_on", "entered_at", "ended_at")
    column_labels = {  # each view copies it
        "person.name": "Whose",
        "name": "Linked to",
        "link": "How",
        "expires_on": "Holds until",
        "entered_at": "Entered",
        "ended_at": "Ended",
    }
    column_sortable_list = ("person.name", "kind", "expires_on", "entered_at")
    column_default_sort = ("entered_at", True)
    column_searchable_list = ("person.name", "name", "number", "link")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(RegisteredInterest, endpoint="panel_registers", url="interests/everybody", **kwargs)

    def links(self) -> list[Link]:
        """One's own."""
        return [Link("My register", self.get_url("panel_interests.index"))] if allowed(Action.INTEREST_REGISTER) else []
