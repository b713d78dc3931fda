"""Runs migrations on the application's own database, SQLite and PostgreSQL alike."""

from importlib import import_module
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

from spatc_funds.db.base import Base, db
from spatc_funds.db.types import UtcDateTime

# Every room with tables: a room that no page imports yet is migrated all the same.
ROOMS = "audit accounts outbox correspondence framework funds applications assessment awards returns payments impact"
for room in ROOMS.split():
    import_module(f"spatc_funds.{room}.models")


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Own column types as what they are to a database, so that no migration imports the application."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, _inspected_type: Any, metadata_type: Any) -> bool | None:
    """An enum is stored as text of its length."""
    return False if isinstance(metadata_type, Enum | UtcDateTime) else None


def run(connection: Connection) -> None:
    """All pending migrations, in one transaction."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Inside a transaction the PRAGMA does nothing, and with foreign keys on, a table that is copied and dropped
        # takes its children with it.
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        compare_server_default=False,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                message = f"the migration broke references: {broken}"
                raise RuntimeError(message)
    if sqlite:
        raw.execute("PRAGMA foreign_keys=ON")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.app_context(), db.engine.connect() as opened:
        run(opened)
