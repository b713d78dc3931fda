"""Reading the log: is the chain true, and what happened to one thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from spatc_funds.audit import chain
from spatc_funds.audit.models import LogChange, LogEntry, LogHead
from spatc_funds.db.base import db

BATCH = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``check`` found: how many entries stand, the hash the chain ends with, and every fault in words."""

    entries: int
    head: str
    faults: tuple[str, ...]


def verify() -> Verdict:
    """Walk the whole chain. An edited, deleted, inserted or swapped entry and a cut tail each give a fault."""
    previous, expected, faults = chain.START, 1, []
    for entry in _entries():
        if entry.id != expected:
            faults.append(f"entry {expected} is missing")
            expected = entry.id
        if entry.previous != previous:
            faults.append(f"entry {entry.id} does not follow the one before it")
        faults += _entry_faults(entry)
        previous, expected = entry.hash, entry.id + 1
    head = db.session.execute(select(LogHead.last_id, LogHead.last_hash)).one()
    if (head.last_id, head.last_hash) != (expected - 1, previous):
        faults.append(f"the log ends at entry {expected - 1}, its head says {head.last_id}")
    return Verdict(expected - 1, previous, tuple(faults))


def history(subject: str) -> Sequence[LogEntry]:
    """The entries of one thing, oldest first."""
    return db.session.scalars(select(LogEntry).where(LogEntry.subject == subject).order_by(LogEntry.id)).all()


def _entries() -> Iterator[LogEntry]:
    last = 0
    while True:
        batch = db.session.scalars(
            select(LogEntry)
            .where(LogEntry.id > last)
            .order_by(LogEntry.id)
            .limit(BATCH)
            .options(selectinload(LogEntry.changes).selectinload(LogChange.values))
        ).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].id


def _entry_faults(entry: LogEntry) -> list[str]:
    faults = [
        f"entry {entry.id}: the values of {change.table} {change.row} were altered"
        for change in entry.changes
        if change.values and chain.values_digest(change.values.salt, change.values.values) != change.digest
    ]
    whole = chain.changes_digest([(each.table, each.row, each.verb, each.digest) for each in entry.changes])
    if whole != entry.changes_digest:
        faults.append(f"entry {entry.id}: its changes were altered")
    expected = chain.entry_hash(
        number=entry.id,
        at=entry.at,
        actor_id=entry.actor_id,
        action=entry.action,
        subject=entry.subject,
        reason=entry.reason,
        changes=entry.changes_digest,
        previous=entry.previous,
    )
    if expected != entry.hash:
        faults.append(f"entry {entry.id} was altered")
    return faults
