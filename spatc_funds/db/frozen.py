"""Records that are handed over are never changed: a correction is a new record that names the one it replaces."""

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction


class FrozenRecordError(RuntimeError):
    """Somebody tried to change or delete a frozen record."""


class Frozen:
    """Mixin of models whose rows are written once."""


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, Frozen) and (row in session.deleted or session.is_modified(row, include_collections=False)):
            message = f"{inspect(row).mapper.local_table.name} is frozen"
            raise FrozenRecordError(message)
