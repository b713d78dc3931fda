"""The pages of signing in by a code or a link, and of the name that a new account begins with."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.accounts import codes, operations, queries, sign_in
from spatc_funds.accounts.forms import CodeForm, NameForm, SignInForm
from spatc_funds.accounts.models import Person
from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.queries import waiting
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import LANDING_ENDPOINT, current_actor, local_path, public

BROWSER, PROVED = "browser", "proved"
TO_NAME = timedelta(hours=1)
UNPROCESSABLE, TOO_MANY = 422, 429
WRONG = "That code is not right, or it is too old. Type the code from the newest e-mail, or ask for another"


def send_code(form: SignInForm, next_path: str) -> ResponseReturnValue:
    """Write a code to the address; the answer is the same whether or not it has an account."""
    key, at = operations.try_key(f"code {form.email.data}"), clock.now()
    if queries.recent_tries(key, at) >= codes.MOST_ASKED:  # what is refused does not count: else it would never end
        return render_template("accounts/too_many_tries.html"), TOO_MANY
    with unit_of_work(None, Action.PERSON_SIGN_IN):
        operations.note_try(key, at)
    session[BROWSER] = codes.new_browser()
    settings = current_app.extensions["settings"]
    link = settings.public_address.rstrip("/") + url_for("accounts.link", token="")
    with unit_of_work(None, Action.PERSON_ASK_CODE):
        codes.ask_code(form.email.data, session[BROWSER], next_path, settings.service_name, link, at)
    return redirect(url_for("accounts.code"), 303)


@public
def code() -> ResponseReturnValue:
    """Type the six digits. Five tries; then another code is needed."""
    browser, at = session.get(BROWSER, ""), clock.now()
    found = codes.asked(browser, at)
    if found is None:
        return _start_again()
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, found), UNPROCESSABLE if request.method == "POST" else 200
    with unit_of_work(None, Action.PERSON_SIGN_IN):
        counted = codes.count_try(browser, at)
    with unit_of_work(None, Action.PERSON_SIGN_IN):
        email = codes.use_code(browser, form.code.data, at) if counted else None
    if email is not None:
        return _enter(email, found.next_path, at)
    if codes.asked(browser, at) is None:
        return _start_again()
    form.code.errors = [WRONG]
    return _code_page(form, found), UNPROCESSABLE


@public
def link(token: str) -> ResponseReturnValue:
    """The link of the e-mail: mail programs open links by themselves, so only the button uses it up."""
    browser, at = session.get(BROWSER, ""), clock.now()
    found = codes.asked(browser, at) if codes.link_is_of(browser, token, at) else None
    if found is None:
        return render_template("accounts/link_elsewhere.html")
    if request.method == "GET":
        return render_template("accounts/link.html", email=found.email)
    with unit_of_work(None, Action.PERSON_SIGN_IN):
        email = codes.use_link(browser, token, at)
    return _enter(email, found.next_path, at) if email else _start_again()


@public
def name() -> ResponseReturnValue:
    """Whoever is new says what they are called; with that the account is there."""
    email, since, next_path = session.get(PROVED, ("", 0, ""))
    if not email or clock.now().timestamp() - since > TO_NAME.total_seconds():
        return _start_again()
    form = NameForm()
    if not form.validate_on_submit():
        page = render_template("accounts/name.html", form=form, email=email)
        return page, UNPROCESSABLE if request.method == "POST" else 200
    if queries.person_by_email(email) is None:  # two windows make one account
        with unit_of_work(None, Action.PERSON_CREATE, email[:80]):
            operations.create_person(email, form.name.data, "")
    return _enter(email, next_path, clock.now())


def begin_session(person: Person) -> None:
    """Sign in, and write down that somebody did."""
    number = person.id
    sign_in.sign_in(person)
    db.session.rollback()  # the access log writes by a connection of its own
    looked(number, "sign-in", "")


def way_on(next_path: str) -> str:
    """Where somebody who is signed in goes: back to where they were, or to their own start page."""
    return local_path(next_path) or url_for(current_app.extensions[LANDING_ENDPOINT])


def _enter(email: str, next_path: str, at: datetime) -> ResponseReturnValue:
    """With the address proved: sign in; ask a new person's name; a closed account stays closed."""
    person = queries.person_by_email(email)
    if person is None:
        session[PROVED] = (email, at.timestamp(), next_path)
        return redirect(url_for("accounts.name"), 303)
    if not person.active:
        return _start_again()
    begin_session(person)
    return redirect(way_on(next_path), 303)


def _start_again() -> ResponseReturnValue:
    if current_actor().id is not None:
        return redirect(way_on(""), 303)
    return render_template("accounts/code_over.html")


def _code_page(form: CodeForm, found: codes.Asked) -> str:
    settings = current_app.extensions["settings"]
    shown: dict[str, Any] = {}
    if settings.environment == "demo" and not settings.mail_host:  # a demonstration sends no mail: here it is
        shown["mail"] = waiting(codes.mail_key(found.number))
    return render_template("accounts/code.html", form=form, email=found.email, **shown)
