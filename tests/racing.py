"""What several test files count and race with."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import event, select

from spatc_funds.accounts.models import Membership, Person
from spatc_funds.applications.models import Application
from spatc_funds.db.base import db

Answer = TypeVar("Answer")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Every statement that the database is asked inside."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def together(*jobs: Callable[[], Answer]) -> list[Answer]:
    """The jobs at the same moment, each in a thread of its own; their answers in the jobs' order."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Answer]) -> Answer:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def leads() -> dict[str, str]:
    """The e-mail address of a member of each application's group, by its reference (inside an app context)."""
    found = db.session.execute(
        select(Application.reference, Person.email)
        .join(Membership, Membership.organisation_id == Application.organisation_id)
        .join(Person, Person.id == Membership.person_id)
    ).all()
    db.session.rollback()  # SQLite has one writer, and this session would be it
    return dict(found)
