"""Signing in and out, adding a group, and the list of people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from spatc_funds.accounts.models import Membership, Organisation, Person, SignInAttempt
from spatc_funds.accounts.queries import MOST_TRIES, WINDOW
from spatc_funds.audit.models import AccessEntry
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.db.base import db
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World

WRONG = "The e-mail address or the password is not right"


def try_in(client: Browser, email: str, password: str = PASSWORD, page: str = "/sign-in") -> TestResponse:
    return client.send(page, {"email": email, "password": password})


def test_signing_in_leads_to_the_front_page_and_is_noted(client: Browser, world: World, app: Flask) -> None:
    answer = try_in(client, world.person("auditor"))
    assert (answer.status_code, answer.location) == (303, "/home")
    assert client.get("/home").status_code == 200
    with app.app_context():
        assert db.session.query(AccessEntry).filter_by(what="sign-in").count() == 1
        assert db.session.query(SignInAttempt).count() == 0


def test_signing_in_leads_back_to_where_one_was(client: Browser, world: World) -> None:
    asked = client.get("/home")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=/home")
    assert try_in(client, world.person("auditor"), page=asked.location).location == "/home"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(client: Browser, world: World, elsewhere: str) -> None:
    assert try_in(client, world.person("auditor"), page=f"/sign-in?next={elsewhere}").location == "/home"


def test_the_address_is_found_however_it_is_written(client: Browser, world: World) -> None:
    assert try_in(client, f"  {world.person('auditor').upper()} ").status_code == 303


def test_unknown_address_and_wrong_password_get_the_same_page(client: Browser, world: World) -> None:
    known = try_in(client, world.person("auditor"), "not the password")
    unknown = try_in(client, "nobody@example.org", "not the password")
    assert known.status_code == unknown.status_code == 422
    assert WRONG in known.text
    assert "<title>Error: " in known.text
    assert 'href="#email"' in known.text
    assert known.text.replace(world.person("auditor"), "") == unknown.text.replace("nobody@example.org", "")
    assert "not the password" not in known.text


def test_a_deactivated_person_is_told_nothing_more(client: Browser, world: World, app: Flask) -> None:
    email = world.person("auditor")
    with app.app_context():
        db.session.connection().execute(db.update(Person).where(Person.email == email).values(active=False))
        db.session.connection().commit()
    answer = try_in(client, email)
    assert answer.status_code == 422
    assert WRONG in answer.text


def test_nothing_typed_is_asked_for_in_words(client: Browser) -> None:
    answer = try_in(client, "", "")
    assert answer.status_code == 422
    assert "Enter your e-mail address" in answer.text
    assert "Enter your password" in answer.text


def test_guessing_is_stopped_even_with_the_right_password_and_starts_anew_later(client: Browser, world: World) -> None:
    email, start = world.person("auditor"), datetime.now(UTC)
    for _ in range(MOST_TRIES):
        assert try_in(client, email, "a guess of mine").status_code == 422
    stopped = try_in(client, email)
    assert stopped.status_code == 429
    assert "Wait 5 minutes" in stopped.text
    assert try_in(client, world.person("analyst"), "a guess of mine").status_code == 422, "others are not stopped"
    with time_machine.travel(start + WINDOW + timedelta(minutes=1)):
        assert try_in(client, email).status_code == 303


def test_somebody_signed_in_is_not_asked_again(client: Browser, world: World) -> None:
    world.sign_in(client, world.person("auditor"))
    assert client.get("/sign-in?next=/home").location == "/home"


def test_signing_out_ends_it_in_every_browser(world: World) -> None:
    here, there = world.browser(world.person("auditor")), world.browser(world.person("auditor"))
    answer = here.send("/sign-out", page="/home")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "You are signed out" in here.get("/").text
    assert here.get("/home").status_code == there.get("/home").status_code == 303


def test_signing_out_is_a_post_and_needs_a_token(client: Browser, world: World) -> None:
    world.sign_in(client, world.person("auditor"))
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert client.get("/home").status_code == 200


def test_the_demonstration_names_its_accounts_only_in_a_demonstration(client: Browser, app: Flask) -> None:
    assert "This is a demonstration" not in client.get("/sign-in").text
    assert PASSWORD not in client.get("/sign-in").text


def test_a_demonstration_names_its_accounts(client: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    extensions = app.extensions
    monkeypatch.setitem(extensions, "settings", replace(extensions["settings"], environment="demo"))
    monkeypatch.setitem(extensions, "demo_sign_ins", [("auditor", "a@example.org")])
    monkeypatch.setitem(extensions, "demo_password", PASSWORD)
    page = client.get("/sign-in").text
    assert "a@example.org" in page
    assert PASSWORD in page


class TestNewOrganisation:
    PAGE = "/organisations/new"

    def add(self, world: World, data: dict[str, str], page: str = PAGE) -> TestResponse:
        self.client = world.browser(world.person("analyst"))
        return self.client.send(page, data)

    def test_signed_out(self, client: Browser) -> None:
        assert client.get(self.PAGE).location == "/sign-in?next=/organisations/new"

    def test_a_group_without_a_number_answers_no_more(self, world: World, app: Flask) -> None:
        answer = self.add(world, {"name": "Tidy  Street", "register": "neither", "charity_number": "left over"})
        assert (answer.status_code, answer.location) == (303, "/home")
        with app.app_context():
            made = db.session.query(Organisation).filter_by(name="Tidy  Street").one()
            assert (made.charity_number, made.company_number) == (None, None)
            assert db.session.query(Membership).filter_by(organisation_id=made.id).one().role is Role.LEAD
        assert "Tidy  Street is added" in self.client.get("/home").text

    def test_numbers_are_kept_as_the_registers_write_them(self, world: World, app: Flask) -> None:
        self.add(world, {"name": "A", "register": "charity", "charity_number": "1999 777"})
        self.add(world, {"name": "B", "register": "company", "company_number": "sc123 456"})
        with app.app_context():
            assert db.session.query(Organisation).filter_by(name="A").one().charity_number == "1999777"
            assert db.session.query(Organisation).filter_by(name="B").one().company_number == "SC123456"

    def test_back_to_where_it_was_needed(self, world: World) -> None:
        answer = self.add(world, {"name": "A", "register": "neither"}, f"{self.PAGE}?next=/rounds/EX-MSCF/apply")
        assert answer.location == "/rounds/EX-MSCF/apply"

    @pytest.mark.parametrize(
        ("data", "field", "words"),
        [
            ({"register": "neither"}, "name", "Enter the name of your group"),
            ({"name": "A"}, "register", "Choose whether your group is on a register"),
            ({"name": "A", "register": "charity"}, "charity_number", "Enter the charity number"),
            ({"name": "A", "register": "company"}, "company_number", "Enter the company number"),
            ({"name": "A", "register": "charity", "charity_number": "12"}, "charity_number", "6 or 7 digits, like"),
            ({"name": "A", "register": "company", "company_number": "XX1"}, "company_number", "8 characters, like"),
            ({"name": "A" * 201, "register": "neither"}, "name", "must be 200 characters or fewer"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_above(
        self, world: World, data: dict[str, str], field: str, words: str
    ) -> None:
        answer = self.add(world, data)
        assert answer.status_code == 422
        assert answer.text.count(words) >= 2
        assert f'href="#{field}"' in answer.text
        assert "<title>Error: " in answer.text

    def test_a_number_that_a_group_has_already_is_refused_and_nothing_is_written(
        self, world: World, app: Flask
    ) -> None:
        world.draft()
        with app.app_context():
            taken = db.session.query(Organisation).filter(Organisation.charity_number.is_not(None)).first()
            assert taken
            number, before = taken.charity_number or "", db.session.query(Organisation).count()
        answer = self.add(world, {"name": "Another", "register": "charity", "charity_number": number})
        assert answer.status_code == 422
        assert "There is already a group with this number" in answer.text
        assert 'href="#charity_number"' in answer.text
        with app.app_context():
            assert db.session.query(Organisation).count() == before


class TestPeople:
    def test_only_those_who_look_after_accounts(self, world: World, client: Browser) -> None:
        assert client.get("/admin/people/").status_code == 303
        assert world.browser(world.person("assessor")).get("/admin/people/").status_code == 403
        world.draft()
        assert world.browser(world.lead("draft-started")).get("/admin/people/").status_code == 403
        assert world.browser(world.person("auditor")).get("/admin/people/").status_code == 200

    def test_names_addresses_and_roles_and_nothing_of_how_they_sign_in(self, world: World, app: Flask) -> None:
        world.draft()
        admin = world.browser(world.person("administrator"))
        with app.app_context():
            hidden = [word for each in db.session.query(Person) for word in (each.password_hash, each.session_key)]
            lead = db.session.query(Person).filter_by(email=world.lead("draft-started")).one().id
        pages = [
            admin.get("/admin/people/").text,
            admin.get(f"/admin/people/details/?id={lead}").text,
            admin.get("/admin/people/export/csv/").text,
        ]
        assert world.person("assessor") in pages[0]
        assert "(lead)" in pages[1]
        for page in pages:
            assert not any(word in page for word in hidden)
            assert "password" not in page.lower()
            assert "session" not in page.lower()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("role=finance+officer", 2),
            ("role=none", 1),
            ("q=amber", 1),
            ("active=no", 0),
            ("role=auditor&active=yes", 1),
        ],
    )
    def test_search_and_filters(self, world: World, query: str, found: int) -> None:
        world.draft()
        page = world.browser(world.person("administrator")).get(f"/admin/people/?{query}").text
        assert f"{found} found" in page
