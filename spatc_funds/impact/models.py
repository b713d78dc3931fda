"""Statements: a roll-up that was published at a date."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.accounts.models import Person
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name


class Statement(Frozen, Base):
    """What the roll-up came to as at a day, frozen with its hash, under a name; the next one is compared with it.

    ``content`` is the exported roll-up (the contract of the README) with what returns split and what to know of it.
    """

    __tablename__ = "impact_statement"
    __table_args__ = (CheckConstraint("name <> ''", name="named"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    as_at: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=UNLOGGED)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_by: Mapped[Person] = relationship()

    def __str__(self) -> str:
        return self.reference
