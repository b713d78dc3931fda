"""Reading the outbox."""

from sqlalchemy import select

from spatc_funds.db.base import db
from spatc_funds.outbox.models import OutboxMessage


def waiting(key: str) -> str:
    """The text of a message that has not gone yet; empty when there is none."""
    return db.session.scalar(select(OutboxMessage.body).where(OutboxMessage.key == key)) or ""


def is_queued(key: str) -> bool:
    """Whether a message of this key was written, sent or not."""
    return db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None
