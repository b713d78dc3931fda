"""Putting mail into the outbox, and sending what waits there."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select, update

from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 20
Deliver = Callable[[EmailMessage], object]


def queue(key: str, recipient: str, subject: str, body: str, at: datetime) -> OutboxMessage:
    """Add a message inside the caller's unit of work; a key that is already there gives the message that has it."""
    known = db.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    if known:
        return known
    message = OutboxMessage(key=key, recipient=recipient, subject=subject, body=body, written_at=at, next_at=at)
    db.session.add(message)
    return message


def send_due(deliver: Deliver, sender: str, at: datetime, most: int = 100) -> tuple[int, int]:
    """Send what is due: (sent, failed). Each message is claimed first, and no transaction is open while it is sent."""
    sent = failed = 0
    for number in _claim(at, most):
        message = db.session.get_one(OutboxMessage, number)
        mail = _compose(message, sender)
        db.session.rollback()
        try:
            deliver(mail)
        except (OSError, smtplib.SMTPException):
            failed += 1
            continue
        with unit_of_work(None, Action.MAIL_SEND):
            db.session.execute(update(OutboxMessage).where(OutboxMessage.id == number).values(sent_at=at))
        sent += 1
    return sent, failed


def _claim(at: datetime, most: int) -> list[int]:
    """Take messages for five minutes: another worker, or a crash, gets at them only after that."""
    with unit_of_work(None, Action.MAIL_SEND):
        due = select(OutboxMessage.id).where(
            OutboxMessage.sent_at.is_(None), OutboxMessage.next_at <= at, OutboxMessage.attempts < MOST_ATTEMPTS
        )
        numbers = db.session.scalars(due.order_by(OutboxMessage.id).limit(most).with_for_update(skip_locked=True)).all()
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(numbers))
            .values(next_at=at + LEASE, attempts=OutboxMessage.attempts + 1)
        )
    return list(numbers)


def _compose(message: OutboxMessage, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.recipient, message.subject.replace("\n", " ")
    mail["Message-ID"] = f"<outbox-{message.id}@{sender.partition('@')[2]}>"
    mail.set_content(message.body)
    return mail
