"""Signing in by a code or a link from an e-mail. Whoever has the address has the account, or makes one.

What is sent works for 15 minutes, once, and only in the browser that asked: its cookie holds random bits (192) with
which the code is hashed. Known and unknown addresses are treated alike, so nobody learns which are known.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, delete, func, select, update

from spatc_funds.accounts.models import SignInCode
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.outbox.operations import queue

LASTS = timedelta(minutes=15)
MOST_TRIES = 5
MOST_ASKED = 5  # in five minutes, for one address
DIGITS = 6
DAY = timedelta(days=1)
MOST_IN_A_DAY = 30  # tries at codes for one address, however many browsers ask


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser that asked is told by its page: where the mail went, and where it leads afterwards."""

    number: int
    email: str
    next_path: str


def new_browser() -> str:
    """What the browser's cookie holds from now on, until somebody is signed in."""
    return secrets.token_urlsafe(24)


def ask_code(email: str, browser: str, next_path: str, service: str, address: str, at: datetime) -> None:
    """Write a code and a link to the address, inside the caller's unit of work.

    ``address`` is where the link's token is appended: ``https://…/sign-in/link/``.
    """
    code, token = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", secrets.token_urlsafe(24)
    db.session.execute(delete(SignInCode).where(SignInCode.asked_at < at - DAY))
    row = SignInCode(
        email=folded(email),
        browser_hash=_hash(browser),
        code_hash=_hash(browser, code),
        link_hash=_hash(token),
        next_path=next_path[:2000],
        asked_at=at,
    )
    db.session.add(row)
    db.session.flush()
    subject = f"Your code for {service}"
    body = (
        f"Your code is {code}\n\nType it into the page where you asked for it. It works for 15 minutes, once.\n\n"
        f"Or open this link in the same browser:\n{address}{token}\n\n"
        "If you did not ask for this, you do not have to do anything. Nobody can sign in without this e-mail."
    )
    queue(mail_key(row.id), row.email, subject, body, at, expires_at=at + LASTS)


def asked(browser: str, at: datetime) -> Asked | None:
    """What this browser has asked for, while it can still be used."""
    row = db.session.scalar(select(SignInCode).where(SignInCode.browser_hash == _hash(browser), *_usable(at)))
    return Asked(row.id, row.email, row.next_path) if row else None


def link_is_of(browser: str, token: str, at: datetime) -> bool:
    """Whether this browser asked for the link, and it can still be used. Looking uses nothing up."""
    found = select(SignInCode.id).where(SignInCode.link_hash == _hash(token), SignInCode.browser_hash == _hash(browser))
    return db.session.scalar(found.where(*_usable(at))) is not None


def count_try(browser: str, at: datetime) -> bool:
    """Count a try at the code, for good, before it is looked at; whether there was one left."""
    mine = (SignInCode.browser_hash == _hash(browser), *_usable(at))
    email = db.session.scalar(select(SignInCode.email).where(*mine))
    today = select(func.sum(SignInCode.tries)).where(SignInCode.email == email, SignInCode.asked_at > at - DAY)
    if (db.session.scalar(today) or 0) >= MOST_IN_A_DAY:
        return False  # somebody guesses, with code after code: from now on only the link works
    return _changed(update(SignInCode).where(*mine).values(tries=SignInCode.tries + 1))


def use_code(browser: str, code: str, at: datetime) -> str | None:
    """The address, if this is the browser's code; it is used up with that. A try is to be counted before."""
    found = select(SignInCode).where(SignInCode.browser_hash == _hash(browser), *_usable(at, MOST_TRIES + 1))
    row = db.session.scalar(found)
    if row is None or not hmac.compare_digest(row.code_hash, _hash(browser, code)):
        return None
    return _use(row, at)


def use_link(browser: str, token: str, at: datetime) -> str | None:
    """The address, if this browser asked for the link; it is used up with that."""
    mine = (SignInCode.link_hash == _hash(token), SignInCode.browser_hash == _hash(browser))
    row = db.session.scalar(select(SignInCode).where(*mine, *_usable(at)))
    return _use(row, at) if row else None


def mail_key(number: int) -> str:
    """The key of the mail that carries it."""
    return f"code:{number}"


def _usable(at: datetime, most: int = MOST_TRIES) -> tuple[ColumnElement[bool], ...]:
    return (SignInCode.used_at.is_(None), SignInCode.asked_at > at - LASTS, SignInCode.tries < most)


def _use(row: SignInCode, at: datetime) -> str | None:
    """Used by the first of two that come at the same moment, and by nobody after."""
    email = row.email
    first = update(SignInCode).where(SignInCode.id == row.id, SignInCode.used_at.is_(None)).values(used_at=at)
    return email if _changed(first) else None


def _changed(statement: Update) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
