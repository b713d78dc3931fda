"""What several test files count and race with."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import event

from spatc_funds.db.base import db


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


def together(*jobs: Callable[[], Any]) -> list[int]:
    """The jobs at the same moment, each in a thread of its own; their answers' codes, in order of size."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> int:
        gate.wait()
        return int(job().status_code)

    with ThreadPoolExecutor(len(jobs)) as pool:
        return sorted(pool.map(run, jobs))
