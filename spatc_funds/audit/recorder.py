"""The session's listeners: they see each flushed row and write the log entry as the last thing before commit.

They hang on SQLAlchemy's Session class, once, at import: an app of its own would double them.
"""

import hashlib
import secrets
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.state import InstanceState

from spatc_funds.audit import chain
from spatc_funds.audit.models import LogChange, LogEntry, LogHead, LogValues
from spatc_funds.core import clock
from spatc_funds.db.session import ACT, Act

PENDING = "log changes"
# Tables without a log entry for each row: they change too often and say nothing about anybody's case, or nobody is
# to learn whose a row is.
QUIET = frozenset({"sign_in_attempt", "sign_in_code", "equality_answer"})
# Tables that may be written in bulk, past the listeners.
BULK = frozenset({"sign_in_attempt", "sign_in_code", "outbox_message"})


class UnloggedWriteError(RuntimeError):
    """Something was written outside ``unit_of_work``, or past the session."""


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: UOWTransaction) -> None:
    pending, act = session.info.setdefault(PENDING, []), session.info.get(ACT)
    for verb, rows in (("insert", session.new), ("update", session.dirty), ("delete", session.deleted)):
        for row in rows:
            state = inspect(row)
            if state.mapper.local_table.name in QUIET or (verb == "update" and not session.is_modified(row)):
                continue
            change = (state.mapper.local_table.name, _row_key(state), verb, _changes(state, verb))
            pending.append((act.part if act else "", change))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    pending = session.info.pop(PENDING, [])
    if not pending:
        return
    act: Act | None = session.info.get(ACT)
    if act is None:
        tables = sorted({table for _part, (table, *_) in pending})
        message = f"{', '.join(tables)} written outside unit_of_work"
        raise UnloggedWriteError(message)
    for part in dict.fromkeys(part for part, _change in pending):
        _append(session, act, part or act.subject, [change for whose, change in pending if whose == part])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop(PENDING, None)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete or state.is_insert) and state.bind_mapper is not None:
        table = state.bind_mapper.local_table.name  # type: ignore[attr-defined] # a mapped table always has a name
        if table not in BULK:
            message = f"a bulk write to {table} would pass by the log"
            raise UnloggedWriteError(message)


def _append(session: Session, act: Act, subject: str, pending: list[tuple[str, str, str, dict[str, Any]]]) -> None:
    connection = session.connection()
    head = connection.execute(select(LogHead.last_id, LogHead.last_hash).with_for_update()).one()
    changes = []
    for table, row, verb, values in pending:
        salt = secrets.token_hex(16)
        changes.append((table, row, verb, salt, values, chain.values_digest(salt, values)))
    whole = chain.changes_digest([(table, row, verb, digest) for table, row, verb, _, _, digest in changes])
    number, at = head.last_id + 1, clock.now()
    found = chain.entry_hash(
        number=number,
        at=at,
        actor_id=act.actor_id,
        action=act.action.value,
        subject=subject,
        reason=act.reason,
        changes=whole,
        previous=head.last_hash,
    )
    connection.execute(
        insert(LogEntry).values(
            id=number,
            at=at,
            actor_id=act.actor_id,
            action=act.action.value,
            subject=subject,
            reason=act.reason,
            changes_digest=whole,
            previous=head.last_hash,
            hash=found,
        )
    )
    for table, row, verb, salt, values, digest in changes:
        number_of_change = connection.execute(
            insert(LogChange)
            .values(entry_id=number, table=table, row=row, verb=verb, digest=digest)
            .returning(LogChange.id)
        ).scalar_one()
        connection.execute(insert(LogValues).values(change_id=number_of_change, salt=salt, values=values))
    connection.execute(update(LogHead).values(last_id=number, last_hash=found))


def _row_key(state: InstanceState[Any]) -> str:
    return ",".join(str(part) for part in state.mapper.primary_key_from_instance(state.object))


def _changes(state: InstanceState[Any], verb: str) -> dict[str, Any]:
    """Old and new value of each column that the flush wrote: ``{"state": ["draft", "submitted"]}``."""
    mapper: Mapper[Any] = state.mapper
    found: dict[str, Any] = {}
    for attribute in mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if verb == "update" and not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = None if verb == "delete" else state.dict.get(attribute.key)
        if verb == "delete":
            old = state.dict.get(attribute.key)
        if old is None and new is None:
            continue
        hidden = attribute.columns[0].info.get("log") == "hash"
        found[attribute.key] = [_plain(old, hidden=hidden), _plain(new, hidden=hidden)]
    return found


def _plain(value: Any, *, hidden: bool) -> Any:
    if value is None:
        return None
    if isinstance(value, Enum):
        value = value.value
    elif isinstance(value, bytes):
        value = hashlib.sha256(value).hexdigest()  # a file: the log knows which it was, and keeps none
    elif isinstance(value, date | datetime):
        value = value.isoformat()
    return f"sha256:{chain.digest(value)}" if hidden else value
