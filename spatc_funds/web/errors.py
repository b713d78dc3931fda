"""Every refusal as a page that says what happened and what to do next."""

import logging

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from spatc_funds.audit.operations import looked
from spatc_funds.core.problems import ForbiddenError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.web.guards import current_actor

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
BARE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>Address not known</title></head>'
    "<body><main><h1>Address not known</h1><p>This service is not reached by this address.</p></main></body></html>"
)
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Hang the pages on the application."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:  # a redirect is an exception too
            return error
        code = error.code if error.code in PAGES else (400 if error.code < 500 else 500)
        return _page(code), error.code

    @app.errorhandler(SecurityError)
    def not_ours(_error: SecurityError) -> ResponseReturnValue:
        return BARE, 400  # a Host that is not ours has no addresses, so no page with links

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return _page(
            400, reason="This page was open for a long time. Go back, load it again, and send it once more."
        ), 400

    @app.errorhandler(MissingError)
    def missing(_error: MissingError) -> ResponseReturnValue:
        return _page(404), 404

    @app.errorhandler(ForbiddenError)
    def forbidden(error: ForbiddenError) -> ResponseReturnValue:
        actor_id = current_actor().id
        db.session.rollback()  # the access log writes by a connection of its own
        looked(actor_id, "refused", "", str(error)[:80])
        return _page(403, reason=str(error)), 403

    @app.errorhandler(IllegalMoveError)
    @app.errorhandler(NotReadyError)
    def conflict(error: Exception) -> ResponseReturnValue:
        return _page(409, reason=str(error), title="This cannot be done now"), 409

    @app.errorhandler(StaleDataError)
    def stale(_error: StaleDataError) -> ResponseReturnValue:
        return _page(409, reason="Somebody else changed this while you had it open."), 409

    @app.errorhandler(OperationalError)
    def away(error: OperationalError) -> ResponseReturnValue:
        log.error("the database is away", exc_info=error)
        return _page(503), 503

    @app.errorhandler(500)
    def broken(_error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        return _page(500), 500


def _page(code: int, reason: str = "", **more: str) -> str:
    return render_template(f"errors/{code}.html", reason=reason, **more)
