"""What tests build things with: the demo world's own stories, told through the operations as far as a test needs."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.cli.demo import PASSWORD, DemoWorld, Spec, wider
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.permissions import Person as Actor
from spatc_funds.policy.roles import Role

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser(FlaskClient):
    """A test client that fills in forms as a person does: it loads the page, takes its token, and posts."""

    def send(self, path: str, data: Mapping[str, Any] | None = None, page: str | None = None) -> TestResponse:
        """Post a form to ``path``, with the token of the page it stands on (the same address unless told)."""
        return self.post(path, data={**(data or {}), "csrf_token": self.token(page or path)})

    def token(self, page: str = "/sign-in") -> str:
        """The token on a page, or on any page with a form where that one has none (signed out, the sign-in page)."""
        found = TOKEN.search(self.get(page).text) or TOKEN.search(self.get("/help-and-support").text)
        found = found or TOKEN.search(self.get("/sign-in").text)
        assert found, f"no form on {page}"
        return found[1]


class World:
    """The people and things of a test, by the names of the demo's stories."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.demo = DemoWorld(clock.london_day(clock.now()))

    def tell(self, story: str) -> str:
        """Tell one of the demo's stories, or one of its further applications by key; the application's reference."""
        spec = self.spec(story)
        with self.context():
            return self.demo.tell(spec["story"], spec)

    def spec(self, story: str) -> Spec:
        """What the demo's file says of a story, or of one of its further applications."""
        return self.demo.specs.get(story) or next(each for each in wider() if each["key"] == story)

    def draft(self) -> str:
        """A draft somebody has just begun."""
        return self.tell("draft-started")

    def ready(self) -> str:
        """A complete draft."""
        return self.tell("draft-ready")

    def submission(self) -> str:
        """Sent, not allocated."""
        return self.tell("submitted")

    def assessing(self) -> str:
        """Allocated to two assessors, one of whom has scored."""
        return self.tell("assessing")

    def settled(self) -> str:
        """With a settled result."""
        return self.tell("assessed")

    def recommended(self) -> str:
        """With the board's recommendation."""
        return self.tell("recommended")

    def award(self) -> str:
        """Offered, not answered."""
        return self.tell("offered")

    def accepted(self) -> str:
        """Accepted, nothing paid."""
        return self.tell("accepted-nothing-due")

    def paid(self) -> str:
        """First instalment paid."""
        return self.tell("paid-first")

    def reported(self) -> str:
        """First return accepted, with 0 of 50 on one measure."""
        return self.tell("zero-of-fifty")

    def lead(self, story: str) -> str:
        """The e-mail address of whoever leads the group of a story that was told."""
        return str(self.spec(story)["lead"]["email"])

    def person(self, role: str, number: int = 0) -> str:
        """The e-mail address of the first, second … person of a staff role."""
        emails = [each["email"] for each in self.demo.told["people"] if role in each["roles"]]
        return str(emails[number])

    def actor(self, email: str) -> Actor:
        """The person as the law sees them (inside an app context)."""
        return self.demo.actor(db.session.scalars(select(Person).where(Person.email == email)).one())

    def staff(self, role: str, number: int = 0) -> Actor:
        """A staff person as the law sees them (inside an app context)."""
        return self.demo.actor(self.demo.by_role(Role(role), number))

    def round(self, code: str) -> Round:
        """A round (inside an app context)."""
        found = round_by_code(code)
        assert found
        return found

    def submission_row(self, reference: str) -> Submission:
        """A submission (inside an app context)."""
        found = submission_by_reference(reference)
        assert found
        return found

    def organisation(self, name_part: str) -> Organisation:
        """An organisation by a part of its name (inside an app context)."""
        return db.session.scalars(select(Organisation).where(Organisation.name.contains(name_part))).one()

    def sign_in(self, client: Browser, email: str) -> Browser:
        """Sign a person in by the page, as they would."""
        answer = client.send("/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status_code in {302, 303}, answer.text
        return client

    def browser(self, email: str | None = None) -> Browser:
        """A new browser, signed in or not."""
        client = self.app.test_client()
        assert isinstance(client, Browser)
        return self.sign_in(client, email) if email else client

    @contextmanager
    def context(self) -> Iterator[None]:
        """An app context that leaves nothing open: never hold one around a request."""
        with self.app.app_context():
            yield
