"""Signing in and out, and adding an organisation."""

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.accounts import code_views, operations, passwords, queries, sign_in
from spatc_funds.accounts.forms import CHARITY, COMPANY, ConfirmForm, FindForm, OrganisationForm, SignInForm
from spatc_funds.accounts.identity import charity_number, company_number
from spatc_funds.accounts.models import RegisterKind
from spatc_funds.accounts.registers import Found, search
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.reading import reading
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor, local_path, public, requires

blueprint = Blueprint("accounts", __name__)
REGISTERS = "registers"
FRONT_PAGE = "/"  # who answers there is for an upper room to say
UNPROCESSABLE, TOO_MANY = 422, 429

for rule, page, methods in (
    ("/sign-in/code", code_views.code, ("GET", "POST")),
    ("/sign-in/link/<token>", code_views.link, ("GET", "POST")),
    ("/sign-in/name", code_views.name, ("GET", "POST")),
):
    blueprint.add_url_rule(rule, view_func=page, methods=methods)


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page() -> ResponseReturnValue:
    """By a code, or a password. Tries are counted before anything is hashed."""
    if current_actor().id is not None:
        return redirect(_next(), 303)
    form = SignInForm()
    by_code = form.by_code(request.form.get("then", ""))
    if not form.validate_on_submit():
        return _sign_in_page(form), UNPROCESSABLE if request.method == "POST" else 200
    if by_code:
        return code_views.send_code(form, local_path(request.args.get("next")) or "")
    key = operations.try_key(form.email.data)
    if not _may_try(key, clock.now()):
        return render_template("accounts/too_many_tries.html"), TOO_MANY
    person_id = _person_behind(form.email.data, form.password.data)
    if person_id is None:
        form.email.errors = ["The e-mail address or the password is not right. Check both and try again"]
        return _sign_in_page(form), UNPROCESSABLE
    _begin_session(person_id, key)
    return redirect(_next(), 303)


@blueprint.post("/sign-out", endpoint="sign_out")
@requires(Action.PERSON_SIGN_OUT)
def sign_out_page() -> ResponseReturnValue:
    """End every session of the account, in this browser and in all others."""
    person = sign_in.person_signed_in()
    if person is not None:
        with unit_of_work(person.id, Action.PERSON_SIGN_OUT):
            operations.end_sessions(person)
    sign_in.sign_out()
    flash("You are signed out.", "success")
    return redirect(FRONT_PAGE, 303)


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires(Action.ORGANISATION_CREATE)
def new_organisation() -> ResponseReturnValue:
    """A group, led by whoever adds it; then back to where it was needed."""
    form = OrganisationForm(data=_typed(request.args.get("what", "")))
    if form.validate_on_submit() and _add(form):
        flash(f"{form.name.data} is added. You lead its account.", "success")
        return redirect(_next(), 303)
    page = render_template("accounts/new_organisation.html", form=form, back=_next())
    return page, UNPROCESSABLE if request.method == "POST" else 200


@blueprint.route("/organisations/find", methods=["GET", "POST"])
@requires(Action.ORGANISATION_CREATE)
def new_organisation_found() -> ResponseReturnValue:
    """By name or number: what the registers have is shown to be confirmed; whoever is not there is added by hand."""
    form = FindForm()
    if form.validate_on_submit():
        what, then = form.what.data, request.args.get("next")
        if _found(what):
            return redirect(url_for("accounts.new_organisation_confirmed", what=what, next=then), 303)
        flash(f"We found nothing for “{what}” in the registers. You can add your group here.")
        return redirect(url_for("accounts.new_organisation", what=what, next=then), 303)
    page = render_template("accounts/find_organisation.html", form=form, back=_next())
    return page, UNPROCESSABLE if request.method == "POST" else 200


@blueprint.route("/organisations/confirm", methods=["GET", "POST"])
@requires(Action.ORGANISATION_CREATE)
def new_organisation_confirmed() -> ResponseReturnValue:
    """One screen: this is it, or none of these."""
    what = request.args.get("what", "")[:200]
    found = {each.key: each for each in _found(what)}
    by_hand = url_for("accounts.new_organisation", what=what, next=request.args.get("next"))
    if not found:
        return redirect(by_hand, 303)
    form = ConfirmForm().offer(list(found.values()), what)
    if form.validate_on_submit():
        chosen = found.get(form.found.data)
        if chosen is None:
            return redirect(by_hand, 303)
        if _add_found(form, chosen):
            flash(f"{chosen.name} is added. You lead its account.", "success")
            return redirect(_next(), 303)
    page = render_template("accounts/confirm_organisation.html", form=form, what=what)
    return page, UNPROCESSABLE if request.method == "POST" else 200


def _found(what: str) -> list[Found]:
    db.session.rollback()  # a search among millions holds no writer up
    with reading():
        found = search(current_app.extensions[REGISTERS], what)
        db.session.rollback()
    return found


def _typed(what: str) -> dict[str, str]:
    """A name or a number that was typed on the page before, at its own field."""
    try:
        number = charity_number(what)
    except ValueError:
        pass
    else:
        return {"register": CHARITY, "charity_number": number}
    try:
        return {"register": COMPANY, "company_number": company_number(what)}
    except ValueError:
        return {"name": what[:200]}


def _add_found(form: ConfirmForm, chosen: Found) -> bool:
    numbers = {RegisterKind.CHARITY: (chosen.number, None), RegisterKind.COMPANY: (None, chosen.number)}[chosen.kind]
    try:
        _create(chosen.name, *numbers)
    except NotReadyError as wrong:
        form.found.errors = [problem.message for problem in wrong.problems]
        return False
    return True


def _create(name: str, charity: str | None, company: str | None) -> None:
    actor = current_actor()
    with unit_of_work(actor.id, Action.ORGANISATION_CREATE) as act:
        made = operations.create_organisation(actor, name, charity, company, clock.now())
        act.subject = f"organisation {made.id}"


def _next() -> str:
    return code_views.way_on(request.args.get("next", ""))


def _sign_in_page(form: SignInForm) -> str:
    demo = current_app.extensions["settings"].environment == "demo"
    people = current_app.extensions.get("demo_sign_ins", ()) if demo else ()
    password = current_app.extensions.get("demo_password", "") if demo else ""
    return render_template("accounts/sign_in.html", form=form, people=people, password=password)


def _may_try(key: str, at: datetime) -> bool:
    """Count this try, for good, and only then look how many there were: tries at the same moment see one another."""
    with unit_of_work(None, Action.PERSON_SIGN_IN):
        operations.note_try(key, at)
    return queries.recent_tries(key, at) <= queries.MOST_TRIES


def _person_behind(email: str, password: str) -> int | None:
    """The account's number if the password is right. No transaction is open while it is hashed."""
    person = queries.person_by_email(email)
    number, stored = (person.id, person.password_hash) if person and person.active else (None, None)
    db.session.rollback()
    return number if passwords.matches(stored or None, password) else None


def _begin_session(person_id: int, key: str) -> None:
    person = queries.person_by_id(person_id)
    with unit_of_work(person_id, Action.PERSON_SIGN_IN):
        operations.forget_tries(key)
    if person is not None:
        code_views.begin_session(person)


def _add(form: OrganisationForm) -> bool:
    try:
        _create(form.name.data, form.charity_number.data or None, form.company_number.data or None)
    except NotReadyError as wrong:
        for problem in wrong.problems:
            form[problem.field].errors = [problem.message]
        return False
    return True
