"""``GET /health``: 200 when the database answers and every migration has run, 503 otherwise."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from spatc_funds.db.base import db
from spatc_funds.web.guards import public


def register(app: Flask) -> None:
    """Hang the address on the application."""
    wanted = set(ScriptDirectory(app.extensions["migrate"].directory).get_heads())

    @app.get("/health")
    @public
    def health() -> ResponseReturnValue:
        try:
            found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
        except SQLAlchemyError:
            return jsonify(status="the database does not answer"), 503
        if found != wanted:
            return jsonify(status="migrations are missing"), 503
        return jsonify(status="ok")
