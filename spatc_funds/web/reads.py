"""A GET never writes: its transactions are read-only in the database, and no request leaves anything unsaved."""

from datetime import datetime

from flask import Flask, Response, g, request

from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.reading import reading

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class DirtySessionError(RuntimeError):
    """A request ended with rows that were changed and never committed."""


def received_at() -> datetime:
    """When the server received this request, however long it has waited its turn since: what a deadline is held to."""
    moment: datetime = g.received_at
    return moment


def register(app: Flask) -> None:
    """Hang the two rules on the application."""

    @app.before_request
    def begin_reading() -> None:
        g.received_at = clock.now()
        if request.method in SAFE:
            g.reading = reading()
            g.reading.__enter__()

    @app.after_request
    def no_leftovers(response: Response) -> Response:
        session = db.session
        # A server error has rolled back.
        if response.status_code < 500 and (session.new or session.dirty or session.deleted):
            message = f"{request.endpoint} left {[*session.new, *session.dirty, *session.deleted]} unsaved"
            raise DirtySessionError(message)
        return response

    @app.teardown_request
    def end_reading(_error: BaseException | None) -> None:
        held = g.pop("reading", None)
        if held is not None:
            held.__exit__(None, None, None)
