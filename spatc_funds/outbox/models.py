"""Mail that waits, or has gone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from spatc_funds.db.base import Base
from spatc_funds.db.types import UNLOGGED, Code, Name, Prose


class OutboxMessage(Base):
    """One message to one address. The key makes it one, however often it is asked for."""

    __tablename__ = "outbox_message"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Name]
    body: Mapped[Prose] = mapped_column(info=UNLOGGED)
    written_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attachment: Mapped[Code] = mapped_column(default="")  # what is made and attached when it is sent: ``copy:EX-…``
    expires_at: Mapped[datetime | None]  # of a message with a secret: later it is not sent, and its text is forgotten
