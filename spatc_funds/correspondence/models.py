"""Letters and messages, kept as they were written."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name, Prose


class Letter(Frozen, Base):
    """A letter to an organisation about one bid; one of each kind."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("about", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    about: Mapped[Code]
    kind: Mapped[Code]
    subject: Mapped[Name]
    body: Mapped[Prose]
    written_at: Mapped[datetime]


class Message(Frozen, Base):
    """One message of a group and the officers about one bid. ``answer_by`` makes it a request for information."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("answer_by IS NULL OR from_staff", name="only_staff_ask_by_a_day"),
        CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    about: Mapped[Code] = mapped_column(index=True)
    from_staff: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[Prose] = mapped_column(info=UNLOGGED)
    written_at: Mapped[datetime]
    answer_by: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
