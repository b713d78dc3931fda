"""Letters, kept as they were written."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import Code, Name, Prose


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
