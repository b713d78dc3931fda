"""The access log, and the shredding of personal values."""

from sqlalchemy import delete, insert, select

from spatc_funds.audit.models import AccessEntry, LogChange, LogValues
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.reading import reading


def looked(actor_id: int | None, what: str, subject: str, outcome: str = "given") -> None:
    """Write who looked, in a transaction of its own: the one write that a GET may cause.

    The caller's session must not be holding a write open (SQLite has one writer).
    """
    with reading(only=False), db.engine.begin() as connection:
        connection.execute(
            insert(AccessEntry).values(
                at=clock.now(), actor_id=actor_id, what=what[:80], subject=subject[:80], outcome=outcome
            )
        )


def shred(table: str, row: str) -> int:
    """Delete the logged values of one row, inside the caller's unit of work; how many. The chain stays true."""
    changes = select(LogChange.id).where(LogChange.table == table, LogChange.row == row)
    return db.session.connection().execute(delete(LogValues).where(LogValues.change_id.in_(changes))).rowcount
