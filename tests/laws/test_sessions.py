"""A session ends for good, and signing in tells nobody who has an account."""

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.accounts.models import Person, PersonRole
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World


def session_of(client: Browser) -> str:
    """The cookie as anybody with a copy has it."""
    found = client.get_cookie("session")
    assert found
    return found.value


def opens(app: Flask, cookie: str, address: str = "/home") -> bool:
    """Whether a copied cookie still opens a page of somebody's."""
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    return thief.get(address).status_code == 200


def change(email: str, **values: object) -> None:
    """Change somebody's account, as an administrator would."""
    with unit_of_work(None, Action.PERSON_CREATE, email):
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        for name, value in values.items():
            setattr(person, name, value)


def test_a_copied_cookie_dies_with_the_sign_out(app: Flask, world: World) -> None:
    client = world.browser(world.person("auditor"))
    cookie = session_of(client)
    assert opens(app, cookie)
    assert client.send("/sign-out", page="/home").status_code == 303
    assert not opens(app, cookie)
    assert not opens(app, cookie, "/admin/")


def test_signing_out_ends_the_sessions_of_all_browsers(app: Flask, world: World) -> None:
    email = world.person("auditor")
    here, there = world.browser(email), world.browser(email)
    here.send("/sign-out", page="/home")
    assert not opens(app, session_of(there))


def test_a_cookie_dies_with_the_account(app: Flask, world: World) -> None:
    email = world.person("programme officer")
    cookie = session_of(world.browser(email))
    with app.app_context():
        change(email, active=False)
    assert not opens(app, cookie)
    again = app.test_client()
    assert isinstance(again, Browser)
    assert again.send("/sign-in", {"email": email, "password": "example-password-1"}).status_code == 422


def test_a_role_taken_away_is_gone_at_once(app: Flask, world: World) -> None:
    email = world.person("auditor")
    cookie = session_of(world.browser(email))
    assert opens(app, cookie, "/admin/log/")
    with app.app_context():
        change(email, roles=[PersonRole(role=Role.ANALYST)])
    assert not opens(app, cookie, "/admin/log/")


def test_a_sign_in_begins_a_new_session(app: Flask, world: World) -> None:
    """What was in the browser before is not taken along (fixation)."""
    client = world.browser()
    client.get("/sign-in")
    before = session_of(client)
    world.sign_in(client, world.person("auditor"))
    assert session_of(client) != before
    assert not opens(app, before)


def test_a_cookie_of_another_persons_number_opens_nothing(app: Flask, world: World) -> None:
    cookie = session_of(world.browser(world.person("analyst")))
    with app.app_context():
        keys = db.session.scalars(select(Person.session_key)).all()
    assert len(set(keys)) == len(keys)
    assert all(len(key) >= 40 for key in keys)
    assert not opens(app, cookie[:-3] + "abc")


@pytest.mark.parametrize("kind", ["unknown", "wrong", "deactivated"])
def test_a_failed_sign_in_says_the_same_of_every_address(app: Flask, world: World, kind: str) -> None:
    email = world.person("analyst")
    typed = {"email": email if kind != "unknown" else "nobody@example.org", "password": "not the password"}
    if kind == "deactivated":
        with app.app_context():
            change(email, active=False)
        typed["password"] = "example-password-1"
    answer = world.browser().send("/sign-in", typed)
    told = answer.text.replace(typed["email"], "ADDRESS")
    reference = world.browser().send("/sign-in", {"email": "someone.else@example.org", "password": "x"})
    assert answer.status_code == reference.status_code == 422
    assert without_token(told) == without_token(reference.text.replace("someone.else@example.org", "ADDRESS"))


def test_guessing_is_slowed_down_before_anything_is_hashed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """For an address with an account and for one without alike."""
    for email in (world.person("analyst"), "nobody@example.org"):
        client = world.browser()
        answers = [client.send("/sign-in", {"email": email, "password": f"guess {n}"}).status_code for n in range(12)]
        assert answers == [422] * 10 + [429] * 2
    monkeypatch.setattr("spatc_funds.accounts.passwords.matches", lambda *_: pytest.fail("hashed"))
    assert world.browser().send("/sign-in", {"email": world.person("analyst"), "password": "x"}).status_code == 429


def test_the_cookie_stays_at_home(world: World) -> None:
    client = world.browser()
    header = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def without_token(page: str) -> str:
    """A page less what differs from session to session."""
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)
