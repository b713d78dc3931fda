"""The budget: costs one at a time, the pot, and the lowest amount, all on one page and in one form."""

import re
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications import operations, queries, steps
from spatc_funds.applications.forms import BudgetForm, budget_form
from spatc_funds.applications.keeping import Values, kept, stamp
from spatc_funds.applications.models import Application
from spatc_funds.applications.operations import Brought
from spatc_funds.applications.step_views import (
    LATER,
    UNPROCESSABLE,
    address,
    faults,
    overtaken,
    pages_of,
    saved_meanwhile,
    sent_already,
)
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor, requires, wants_json
from spatc_funds.web.held import stamp_or

ADD, ENTER = "add", "enter"
_REMOVE = re.compile(r"remove-([1-9][0-9]{0,8})", re.ASCII)


@requires(Action.APPLICATION_EDIT, queries.to_work_on)
def budget(application: Application) -> ResponseReturnValue:
    """Whichever button is pressed, everything typed is kept."""
    if sent_already(application):
        return redirect(address(application), 303)
    saved = _saved(application)
    form = budget_form(application.round.pots)(data=saved)
    if request.method == "GET":
        return _page(application, form)
    if second := overtaken(application, form, saved):
        return second
    if wants_json():
        return _saved_meanwhile(application, form, saved)
    pressed = _pressed(form)
    adding, valid = form.require_cost(pressed=pressed == ADD), form.validate_on_submit()
    with unit_of_work(current_actor().id, Action.APPLICATION_EDIT, application.reference):
        _keep(application, form, saved)
        if removed := _REMOVE.fullmatch(pressed):
            operations.remove_line(current_actor(), application, int(removed[1]))
        added = not adding or _add(application, form)
    going_on = not removed and pressed not in (ADD, LATER)
    if not (valid and added) or (going_on and _wrong(application, form)):
        return _page(application, form), UNPROCESSABLE
    return redirect(_next(application, pressed), 303)


def _saved_meanwhile(application: Application, form: BudgetForm, saved: Values) -> ResponseReturnValue:
    """While somebody types: the pot and the amounts; a cost is added by its button only."""
    form.validate()
    with unit_of_work(current_actor().id, Action.APPLICATION_EDIT, application.reference):
        _keep(application, form, saved)
    return saved_meanwhile(application, form, _saved(application))


def _pressed(form: BudgetForm) -> str:
    """The button. Enter presses the first one, which nobody sees: in a cost it means "Add", elsewhere "Continue"."""
    pressed = request.form.get("then", "")
    cost = form.description.data or any(form.amount.raw_data or ())
    return (ADD if cost else "") if pressed == ENTER else pressed


def _keep(application: Application, form: BudgetForm, saved: Values) -> None:
    """Everything but the cost that is being typed."""
    values = kept(form, saved)
    pots = {str(pot.id): pot for pot in application.round.pots}
    brought = Brought(values["own"], values["match"], values["match_from"])
    pot = pots.get(values["pot"] or "")
    operations.save_budget(current_actor(), application, pot, values["lowest"], brought)


def _add(application: Application, form: BudgetForm) -> bool:
    """Add the cost, if it is whole; whether it could be added."""
    if form.description.errors or form.amount.errors:
        return False
    try:
        operations.add_line(current_actor(), application, form.description.data, form.amount.data or 0)
    except NotReadyError as full:
        form.description.errors = [problem.message for problem in full.problems]
        return False
    return True


def _next(application: Application, pressed: str) -> str:
    if pressed == ADD or _REMOVE.fullmatch(pressed):
        return address(application, "budget#costs")
    if pressed == LATER:
        flash("Your budget is saved. You can come back to it at any time.", "success")
        return address(application)
    return address(application, steps.next_key(pages_of(application), steps.BUDGET.key))


def _wrong(application: Application, form: BudgetForm) -> bool:
    """Say what is answered and still wrong, on the way to the next page."""
    for problem in queries.problems(application, clock.now()):
        if problem.step != steps.BUDGET.step:
            continue
        if problem.field.startswith("line") and application.budget:
            form.form_errors.append(problem.message)
        field: Any = form._fields.get(problem.field)
        if field is not None and not field.missing():
            field.errors = [problem.message]
    return bool(form.errors)


def _page(application: Application, form: BudgetForm) -> str:
    pot = application.pot
    limits = (pot.minimum_pence, pot.maximum_pence) if pot else (0, None)
    return render_template(
        "applications/budget.html",
        application=application,
        page=steps.BUDGET,
        form=form,
        stamp=stamp_or(stamp(application, _saved(application))),
        faults=faults(form, "description"),
        back=address(application),
        local="description amount",
        also=" ".join(str(line.id) for line in application.budget),
        total=steps.asked_words(application.asked_pence, *limits),
        limits=steps.limits_words(*limits) if pot else "",
        whole=steps.brought_words(
            application.asked_pence, application.own_pence, application.match_pence, application.match_from
        ),
    )


def _saved(application: Application) -> Values:
    pot = None if application.pot_id is None else str(application.pot_id)
    brought = {"own": application.own_pence, "match": application.match_pence, "match_from": application.match_from}
    return {"pot": pot, "lowest": application.lowest_pence, **brought}
