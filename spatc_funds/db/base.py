"""The declarative base that every model subclasses, and how connections are opened."""

import sqlite3
from datetime import datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, registry

from spatc_funds.db.reading import is_reading
from spatc_funds.db.types import UtcDateTime

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model."""

    # Flask-SQLAlchemy 3.1 looks for a type_annotation_map on the class and fails: the registry carries it.
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: UtcDateTime})


db = SQLAlchemy(model_class=Base)


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _record: object) -> None:
    """No acknowledged write may be lost, and a writer waits rather than be told "locked".

    SQLite lets waiting writers in in no order, and right after a start each one is slow: five seconds seem to have been
    too few for one of eight on a busy machine. The server gives a request up after thirty.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # SQLAlchemy begins, below; the driver's own BEGIN loses updates
        for pragma in ("journal_mode=WAL", "busy_timeout=20000", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Writers take SQLite's lock at once (two that read first and write later lose updates); readers cannot write.

    Readers see one moment: a page of several queries never adds up two states of the world (SQLite's do so anyway).
    """
    reading = is_reading()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    elif reading:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
