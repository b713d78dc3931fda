"""The log's tables. Rows of the first three are never changed or deleted: triggers of the migration refuse it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.db.base import Base
from spatc_funds.db.types import Code, Prose


class LogEntry(Base):
    """One act. Its hash covers every other column, the hash before it, and the digests of its changes."""

    __tablename__ = "log_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]  # a plain number: the log stands below the room that knows people
    action: Mapped[Code] = mapped_column(index=True)
    subject: Mapped[Code] = mapped_column(index=True)
    reason: Mapped[Prose]
    changes_digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list["LogChange"]] = relationship(order_by="LogChange.id", viewonly=True)


class LogChange(Base):
    """One row that the act wrote: which, how, and the salted digest of old and new values."""

    __tablename__ = "log_change"
    __table_args__ = (Index("ix_log_change_table_entry_id", "table", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("log_entry.id"), index=True)
    table: Mapped[Code]
    row: Mapped[Code]
    verb: Mapped[Code]
    digest: Mapped[str] = mapped_column(String(64))
    values: Mapped["LogValues | None"] = relationship(viewonly=True)


class LogValues(Base):
    """The values behind a digest. May be deleted (erasure): the chain, which holds the digest, stays true."""

    __tablename__ = "log_values"

    change_id: Mapped[int] = mapped_column(ForeignKey("log_change.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class LogHead(Base):
    """The one row that says where the chain ends; locked while an entry is added, so that a cut tail is noticed."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))


class AccessEntry(Base):
    """Who looked, downloaded, or was refused: written in a transaction of its own."""

    __tablename__ = "access_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    what: Mapped[Code]
    subject: Mapped[Code]
    outcome: Mapped[Code]
