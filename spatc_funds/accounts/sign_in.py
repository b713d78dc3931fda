"""Who is behind a session: Flask-Login's user, tied to the account's session key.

A copied cookie dies with the key.
"""

import hmac
from datetime import datetime, timedelta

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from spatc_funds.accounts.models import Person
from spatc_funds.accounts.queries import person_by_id
from spatc_funds.core import clock
from spatc_funds.web.held import HELD

SEEN = "seen"


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """A signed-in person."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """The account's number and its session key."""
        return f"{self.person.id}.{self.person.session_key}"


def register(app: Flask) -> None:
    """Hang sign-in on the application."""
    manager = LoginManager(app)
    manager.session_protection = None  # tied to the session key instead: addresses change on phones
    manager.user_loader(_load)


def sign_in(person: Person) -> None:
    """Begin a session; nothing of the one before stays."""
    words = session.get(HELD)
    session.clear()
    if words:
        session[HELD] = words
    session[SEEN] = clock.now().timestamp()
    login_user(SignedIn(person))


def sign_out() -> None:
    """End it in this browser; ``operations.end_sessions`` ends it everywhere."""
    logout_user()
    session.clear()


def person_signed_in() -> Person | None:
    """The person of this request."""
    return current_user.person if current_user and current_user.is_authenticated else None


def _load(token: str) -> SignedIn | None:
    number, _, key = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # beyond any account's number
        return None
    person = person_by_id(int(number))
    if person is None or not person.active or not hmac.compare_digest(key, person.session_key):
        return None
    if person.roles and _idle():
        g.ended_session_of = token
        session.clear()  # or the next request would find a session that was just used
        return None
    session[SEEN] = clock.now().timestamp()
    return SignedIn(person)


def _idle() -> bool:
    """Staff who were away too long are asked to sign in again."""
    seen = datetime.fromtimestamp(float(session.get(SEEN, 0)), clock.LONDON)
    return clock.now() - seen > timedelta(minutes=current_app.extensions["settings"].staff_idle_minutes)
