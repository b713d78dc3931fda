"""Every refusal as a page that says what happened and what to do next."""

import logging
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from spatc_funds.audit.operations import looked
from spatc_funds.core.problems import (
    ForbiddenError,
    IllegalMoveError,
    MissingError,
    NotReadyError,
    RefusedError,
)
from spatc_funds.db.base import db
from spatc_funds.web.filters import sentence
from spatc_funds.web.guards import current_actor, to_sign_in

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
BARE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>Address not known</title></head>'
    "<body><main><h1>Address not known</h1><p>This service is not reached by this address.</p></main></body></html>"
)
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Hang the pages on the application."""
    for kind, handler in (
        (HTTPException, refused),
        (SecurityError, not_ours),
        (CSRFError, forged),
        (MissingError, missing),
        (ForbiddenError, forbidden),
        (IllegalMoveError, conflict),
        (NotReadyError, conflict),
        (StaleDataError, stale),
        (OperationalError, away),
        (500, broken),
    ):
        app.register_error_handler(kind, handler)


def refused(error: HTTPException) -> ResponseReturnValue:
    """Any other refusal; a code without a page of its own has that of its kind."""
    if error.code is None or error.code < 400:
        return error  # a redirect is an exception too
    code = error.code if error.code in PAGES else (400 if error.code < 500 else 500)
    return _page(code), error.code


def not_ours(_error: SecurityError) -> ResponseReturnValue:
    """A Host that is not ours has no addresses, so no page with links."""
    return BARE, 400


def forged(_error: CSRFError) -> ResponseReturnValue:
    """A form without its token. From a page of ours, its session has ended: sign in, and the words are put back."""
    if current_actor().id is None and urlsplit(request.origin or "").netloc == request.host and _guarded():
        return to_sign_in()
    reason = "This page was open for a long time. Open it again, and send it once more."
    return _page(400, reason=reason, typed=typed(), return_url=request.path), 400


def missing(_error: MissingError) -> ResponseReturnValue:
    """No such thing, or not theirs."""
    return _page(404), 404


def forbidden(error: ForbiddenError) -> ResponseReturnValue:
    """The law says no; the access log keeps that they asked."""
    actor_id = current_actor().id
    db.session.rollback()  # the access log writes by a connection of its own
    looked(actor_id, "refused", "", str(error)[:80])
    return _page(403, reason=str(error)), 403


def conflict(error: RefusedError) -> ResponseReturnValue:
    """A move that the thing's state does not allow; what was typed is given back."""
    return _page(409, reason=str(error), title="This cannot be done now", typed=typed()), 409


def stale(_error: StaleDataError) -> ResponseReturnValue:
    """Two people wrote the same row."""
    return _page(409, reason="Somebody else changed this while you had it open.", typed=typed()), 409


def away(error: OperationalError) -> ResponseReturnValue:
    """The database does not answer."""
    log.error("the database is away", exc_info=error)
    return _page(503, again=again()), 503


def broken(_error: Exception) -> ResponseReturnValue:
    """Anything else is a bug."""
    db.session.rollback()
    return _page(500, again=again()), 500


def _guarded() -> bool:
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "action")


def typed() -> list[dict[str, str]]:
    """The words of the form that was refused, by the names of its fields: no passwords, tokens or single values."""
    return [
        {"label": sentence(name.replace("-", " ").replace("_", " ")), "text": text}
        for name, text in request.form.items()
        if len(text.split()) > 1 and "password" not in name
    ]


def again() -> list[tuple[str, str]]:
    """Everything that the form which failed had sent, so that one button sends it once more; no passwords."""
    return [(name, text) for name, text in request.form.items(multi=True) if "password" not in name]


def _page(code: int, reason: str = "", **more: object) -> str:
    return render_template(f"errors/{code}.html", reason=reason, **more)
