"""Words that came with a form after the session had ended: kept a day, and put back when the person has signed in.

The way back is an address with a 128-bit token (``?held=…``), of which only the hash is stored.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import g, request, session
from sqlalchemy import JSON, Connection, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from spatc_funds.core import clock
from spatc_funds.db.base import Base, db

HELD = "held"
KEPT_FOR = timedelta(days=1)
MOST_HELD = 2_000  # strangers can post too: the oldest make way
NOT_TYPED = frozenset({"csrf_token"})
USER = "_user_id"  # where Flask-Login keeps whose session it is, or was
ENDED = "ended_session_of"  # whose session this request has just ended
MOST_CHARACTERS = 200_000


class HeldForm(Base):
    """What one form held when it came too late."""

    __tablename__ = "held_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None]  # whose session had ended, where that can still be told: a plain number
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    held_at: Mapped[datetime] = mapped_column(index=True)


def hold() -> str:
    """Keep what this request has typed; the token it is found by. Passwords are never kept."""
    token, at = secrets.token_urlsafe(24), clock.now()
    session[HELD] = _hash(token)  # only this browser finds them again, whoever learns the address
    fields = {
        name: texts
        for name, texts in request.form.lists()
        if name not in NOT_TYPED and "password" not in name and "code" not in name
    }
    db.session.rollback()  # what was read to find nobody signed in: SQLite has one writer
    with db.engine.begin() as connection:
        _make_room(connection, at)
        row = {"token_hash": _hash(token), "person_id": _whose(), "fields": fields, "held_at": at}
        connection.execute(insert(HeldForm).values(**row))
    return token


def held() -> MultiDict[str, str] | None:
    """What this page is to be filled with instead of what is saved; nothing on most pages, nor for anybody else."""
    if "held" not in g:
        g.held = _find(request.args.get(HELD, "")) if request.method == "GET" else None
    found: MultiDict[str, str] | None = g.held
    return found


def stamp_or(saved: str) -> Any:
    """The stamp of the page that the words were typed on, where words were put back: a later save is still noticed."""
    found = held()
    return found.get("stamp", saved) if found else saved


def _find(token: str) -> MultiDict[str, str] | None:
    if not token or session.get(HELD) != _hash(token):
        return None
    row = db.session.scalar(
        select(HeldForm).where(HeldForm.token_hash == _hash(token), HeldForm.held_at > clock.now() - KEPT_FOR)
    )
    if row is None or row.person_id not in {None, _whose()}:
        return None
    return MultiDict([(name, text) for name, texts in row.fields.items() for text in texts])


def _make_room(connection: Connection, at: datetime) -> None:
    connection.execute(delete(HeldForm).where(HeldForm.held_at < at - KEPT_FOR))
    if connection.execute(select(func.count()).select_from(HeldForm)).scalar_one() >= MOST_HELD:
        strangers_first = HeldForm.person_id.is_not(None)
        oldest = select(HeldForm.id).order_by(strangers_first, HeldForm.id).limit(MOST_HELD // 10)
        connection.execute(delete(HeldForm).where(HeldForm.id.in_(oldest)))


def _whose() -> int | None:
    number = str(g.get(ENDED) or session.get(USER, "")).partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
