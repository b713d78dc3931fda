"""Putting mail into the outbox, and sending what waits there."""

import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select, update

from spatc_funds.db.base import db
from spatc_funds.db.reading import reading
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action

LEASE = timedelta(minutes=5)  # far longer than one delivery may take
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 40
log = logging.getLogger(__name__)
Deliver = Callable[[EmailMessage], object]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message."""

    name: str
    mimetype: str
    content: bytes


Attach = Callable[[str], Sequence[Attached]]


def no_files(_attachment: str) -> Sequence[Attached]:
    """Mail without files."""
    return ()


def queue(
    key: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    expires_at: datetime | None = None,
    attachment: str = "",
) -> OutboxMessage:
    """Add a message inside the caller's unit of work; a key that is already there gives the message that has it."""
    known = db.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    if known:
        return known
    message = OutboxMessage(
        key=key,
        recipient=recipient,
        subject=subject,
        body=body,
        written_at=at,
        next_at=at,
        expires_at=expires_at,
        attachment=attachment,
    )
    db.session.add(message)
    return message


def send_due(
    deliver: Deliver, sender: str, at: datetime, *, most: int = 100, attach: Attach = no_files
) -> tuple[int, int]:
    """Send what is due: (sent, failed). Each is claimed before, alone, and no transaction is open while it is sent.

    ``attach`` makes the files that a message names: this room knows no applications.
    Delivery is at least once: a server that takes a message and dies before it says so is sent it again, under the
    same Message-ID.
    """
    _forget_expired(at)
    sent, failed, began = 0, 0, time.monotonic()
    while sent + failed < most:
        now = at + timedelta(seconds=time.monotonic() - began)
        number = _claim(now)
        if number is None:
            break
        try:
            deliver(_made(number, sender, attach))
        except Exception as error:  # a message that cannot be made must not stop the others
            refused = isinstance(error, (OSError, smtplib.SMTPException))
            log.warning("message %s was not sent: %r", number, error, exc_info=not refused)
            failed += 1
            _put_off(number, now)
        else:
            sent += 1
            _set(number, sent_at=now)
    return sent, failed


def _made(number: int, sender: str, attach: Attach) -> EmailMessage:
    """The mail with its files. SQLite has one writer: nothing is locked while files are made."""
    with reading():
        message = db.session.get_one(OutboxMessage, number, populate_existing=True)
        try:
            return _compose(message, sender, attach(message.attachment))
        finally:
            db.session.rollback()


def _put_off(number: int, at: datetime) -> None:
    attempts = db.session.scalar(select(OutboxMessage.attempts).where(OutboxMessage.id == number)) or 0
    db.session.rollback()
    _set(number, next_at=at + min(LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(attempts, 12))))


def _claim(at: datetime) -> int | None:
    """Take one message for five minutes: another worker, or a crash, gets at it only after that."""
    with unit_of_work(None, Action.MAIL_SEND):
        number = db.session.scalar(
            select(OutboxMessage.id)
            .where(OutboxMessage.sent_at.is_(None), OutboxMessage.next_at <= at, OutboxMessage.attempts < MOST_ATTEMPTS)
            .where(OutboxMessage.expires_at.is_(None) | (OutboxMessage.expires_at > at))
            .order_by(OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if number is not None:
            db.session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id == number)
                .values(next_at=at + LEASE, attempts=OutboxMessage.attempts + 1)
            )
    return number


def _set(number: int, **values: datetime) -> None:
    """Note how it went; the text of a message with a secret is forgotten as soon as it is sent."""
    with unit_of_work(None, Action.MAIL_SEND):
        db.session.execute(update(OutboxMessage).where(OutboxMessage.id == number).values(**values))
        if "sent_at" in values:
            secret = (OutboxMessage.id == number, OutboxMessage.expires_at.is_not(None))
            db.session.execute(update(OutboxMessage).where(*secret).values(body=""))


def _forget_expired(at: datetime) -> None:
    with unit_of_work(None, Action.MAIL_SEND):
        expired = (OutboxMessage.expires_at <= at, OutboxMessage.body != "")
        db.session.execute(update(OutboxMessage).where(*expired).values(body=""))


def _compose(message: OutboxMessage, sender: str, files: Sequence[Attached]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.recipient, message.subject.replace("\n", " ")
    mail["Message-ID"] = f"<outbox-{message.id}@{sender.partition('@')[2]}>"
    mail.set_content(message.body)
    for each in files:
        kind, _, of = each.mimetype.partition("/")
        mail.add_attachment(each.content, maintype=kind, subtype=of, filename=each.name)
    return mail
