"""Signing in by a code or a link: once, for a quarter of an hour, in the browser that asked; the same for everybody."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from spatc_funds.accounts import codes
from spatc_funds.accounts.models import Person, SignInCode
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World

NEW = "somebody.new@example.org"
WRONG = "That code is not right"


def ask(client: Browser, email: str, page: str = "/sign-in") -> TestResponse:
    return client.send(page, {"email": email, "then": "code"})


def mail(app: Flask, email: str) -> str:
    """The text of the last mail to an address."""
    with app.app_context():
        found = select(OutboxMessage.body).where(OutboxMessage.recipient == email).order_by(OutboxMessage.id.desc())
        return str(db.session.scalars(found).first())


def code_of(app: Flask, email: str) -> str:
    found = re.search(r"Your code is (\d{6})\n", mail(app, email))
    assert found
    return found[1]


def link_of(app: Flask, email: str) -> str:
    found = re.search(r"https?://[^/]+(/sign-in/link/\S+)", mail(app, email))
    assert found
    return found[1]


def type_code(client: Browser, code: str) -> TestResponse:
    return client.send("/sign-in/code", {"code": code}, page="/help-and-support")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_signs_in_and_leads_back(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    assert ask(client, email, "/sign-in?next=/admin/").location == "/sign-in/code"
    assert email in client.get("/sign-in/code").text
    code = code_of(app, email)
    answer = type_code(client, f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert client.get("/home").status_code == 200


def test_known_and_unknown_addresses_get_the_same_pages_and_mail(app: Flask, world: World) -> None:
    texts = []
    for email in (world.person("auditor"), NEW):
        client = world.browser()
        asked = ask(client, email)
        shown = client.get("/sign-in/code").text.replace(email, "")
        written = re.sub(r"\d{6}|link/\S+", "…", mail(app, email))
        texts.append((asked.status_code, asked.location, re.sub(r'value="[^"]+"', "", shown), written))
    assert texts[0] == texts[1]


def test_whoever_is_new_says_their_name_and_has_an_account(app: Flask, client: Browser) -> None:
    ask(client, NEW.upper(), "/sign-in?next=/rounds/EX-MSCF/apply")
    assert type_code(client, code_of(app, NEW)).location == "/sign-in/name"
    assert client.send("/sign-in/name", {"name": " "}).status_code == 422
    answer = client.send("/sign-in/name", {"name": "Somebody New"})
    assert answer.location == "/rounds/EX-MSCF/apply"
    assert "Somebody New" in client.get("/home").text
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == NEW)).one()
        assert (person.name, person.password_hash, person.roles) == ("Somebody New", "", [])


def test_an_account_without_a_password_is_not_opened_by_an_empty_one(app: Flask, client: Browser, world: World) -> None:
    ask(client, NEW)
    type_code(client, code_of(app, NEW))
    client.send("/sign-in/name", {"name": "Somebody New"})
    for password in ("", " ", "x"):
        assert world.browser().send("/sign-in", {"email": NEW, "password": password}).status_code == 422


def test_nobody_reaches_the_name_without_an_address_they_proved(client: Browser) -> None:
    assert "Ask for a new code" in client.get("/sign-in/name").text
    assert "Ask for a new code" in client.send("/sign-in/name", {"name": "X"}, page="/help-and-support").text


def test_a_link_is_used_up_by_its_button_alone_and_once(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    link = link_of(app, email)
    for _ in range(3):  # mail programs open links by themselves
        assert email in client.get(link).text
    assert client.send(link).status_code == 303
    assert client.get("/home").status_code == 200
    client.send("/sign-out", page="/help-and-support")
    assert "This link does not work here" in client.get(link).text
    assert client.send(link, page="/help-and-support").status_code == 200
    assert client.get("/home").status_code == 303


def test_code_and_link_are_one_and_work_once(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    link, code = link_of(app, email), code_of(app, email)
    with client.session_transaction() as session:
        browser = session["browser"]
    assert type_code(client, code).status_code == 303
    again = world.browser()
    with again.session_transaction() as session:
        session["browser"] = browser
    assert "Ask for a new code" in type_code(again, code).text
    assert "This link does not work here" in again.get(link).text


def test_another_browser_can_use_neither(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    thief = world.browser()
    ask(thief, "thief@example.org")
    assert WRONG in type_code(thief, code_of(app, email)).text
    assert "This link does not work here" in thief.get(link_of(app, email)).text
    thief.send(link_of(app, email), page="/help-and-support")
    assert thief.get("/home").status_code == 303


def test_five_tries_and_no_more(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    right = code_of(app, email)
    for number in range(codes.MOST_TRIES):
        answer = type_code(client, other_than(right))
        assert (WRONG in answer.text) == (number < codes.MOST_TRIES - 1), number
    assert "Ask for a new code" in type_code(client, right).text
    assert client.get("/home").status_code == 303


def test_tries_at_the_same_moment_are_counted_each(app: Flask, world: World, client: Browser) -> None:
    ask(client, world.person("auditor"))
    with client.session_transaction() as session:
        browser = session["browser"]
    with app.app_context():
        counted = []
        for _ in range(8):
            with unit_of_work(None, Action.PERSON_SIGN_IN):
                counted.append(codes.count_try(browser, clock.now()))
    assert counted == [True] * 5 + [False] * 3


def test_after_a_quarter_of_an_hour_it_is_too_old(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    code = code_of(app, email)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        assert "Ask for a new code" in type_code(client, code).text
        assert "This link does not work here" in client.get(link_of(app, email)).text


def test_a_new_code_takes_the_place_of_the_one_before(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    first = code_of(app, email)
    ask(client, email)
    if first != code_of(app, email):
        assert WRONG in type_code(client, first).text
    assert type_code(client, code_of(app, email)).status_code == 303


def test_only_so_many_codes_are_sent_to_an_address(app: Flask, world: World) -> None:
    statuses = [ask(world.browser(), NEW).status_code for _ in range(codes.MOST_ASKED + 2)]
    assert statuses == [303] * codes.MOST_ASKED + [429] * 2
    assert ask(world.browser(), "other@example.org").status_code == 303


def test_only_hashes_are_kept(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    ask(client, email)
    code, token = code_of(app, email), link_of(app, email).rpartition("/")[2]
    with app.app_context():
        row = db.session.scalars(select(SignInCode)).one()
        held = " ".join(str(getattr(row, column.key)) for column in SignInCode.__table__.columns)
    assert code not in held
    assert token not in held


def test_a_closed_account_stays_closed(app: Flask, world: World, client: Browser) -> None:
    email = world.person("auditor")
    with app.app_context(), unit_of_work(None, Action.PERSON_CREATE):
        db.session.scalars(select(Person).where(Person.email == email)).one().active = False
    ask(client, email)
    assert "Ask for a new code" in type_code(client, code_of(app, email)).text
    assert client.get("/home").status_code == 303


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_said_and_counts_for_nothing(app: Flask, client: Browser, typed: str) -> None:
    ask(client, NEW)
    for _ in range(codes.MOST_TRIES + 1):
        assert type_code(client, typed).status_code == 422
    assert type_code(client, code_of(app, NEW)).location == "/sign-in/name"


def test_a_forged_host_reaches_no_mail(app: Flask, client: Browser) -> None:
    ask(client, NEW)
    assert app.extensions["settings"].public_address in mail(app, NEW)


def test_whoever_guesses_with_code_after_code_is_stopped_for_the_day_and_the_link_still_works(
    app: Flask, world: World, client: Browser
) -> None:
    email = world.person("auditor")
    with app.app_context(), unit_of_work(None, Action.PERSON_SIGN_IN):
        for number in range(6):
            asked = {"code_hash": "x", "next_path": "", "asked_at": clock.now(), "tries": codes.MOST_TRIES}
            db.session.add(SignInCode(email=email, browser_hash=f"b{number}", link_hash=f"l{number}", **asked))
    ask(client, email)
    assert WRONG in type_code(client, code_of(app, email)).text
    assert client.get("/home").status_code == 303
    assert client.send(link_of(app, email)).status_code == 303
    assert client.get("/home").status_code == 200
