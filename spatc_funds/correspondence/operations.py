"""Writing letters and messages."""

from collections.abc import Sequence
from datetime import date, datetime

from spatc_funds.accounts.queries import people_of
from spatc_funds.correspondence.models import Letter, Message
from spatc_funds.db.base import db
from spatc_funds.outbox.operations import queue
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject, permit
from spatc_funds.policy.roles import Role

WHO_HEARS: Sequence[Role] = (Role.LEAD, Role.EDITOR, Role.SIGNATORY)


def write(organisation_id: int, about: str, kind: str, subject: str, body: str, at: datetime) -> Letter:
    """A letter about a bid, inside the caller's unit of work; the table refuses a second of the same kind."""
    letter = Letter(organisation_id=organisation_id, about=about, kind=kind, subject=subject, body=body, written_at=at)
    db.session.add(letter)
    return letter


def write_message(actor: Actor, about: Subject, text: str, address: str, at: datetime) -> Message:
    """From the group to the officers, about their bid; their mailbox is told, without the words."""
    permit(actor, Action.MESSAGE_WRITE, about)
    message = _message(actor, about, text, at, from_staff=False)
    subject = f"A message about {about.bid}"
    queue(
        f"message:{message.id}", address, subject, f"A group has written about {about.bid}. Read it in the panel.", at
    )
    return message


def answer_message(
    actor: Actor, about: Subject, text: str, page: str, at: datetime, answer_by: date | None = None
) -> Message:
    """From an officer to the group, whose people get a mail that leads to ``page``; with a day, it asks for an answer.

    ``about`` is as the panel knows it, with the group in ``organisation_id``: being of the group opens nothing here.
    """
    permit(actor, Action.MESSAGE_ANSWER, Subject(bid=about.bid))
    message = _message(actor, about, text, at, from_staff=True, answer_by=answer_by)
    subject = f"We have {'a question' if answer_by else 'a message for you'} about {about.bid}"
    until = f" We need your answer by {answer_by:%-d %B %Y}." if answer_by else ""
    for person in people_of(message.organisation_id, WHO_HEARS):
        body = f"There is a message for you about {about.bid}.{until}\n\nRead it here:\n{page}"
        queue(f"message:{message.id}:{person.id}", person.email, subject, body, at)
    return message


def _message(
    actor: Actor, about: Subject, text: str, at: datetime, *, from_staff: bool, answer_by: date | None = None
) -> Message:
    message = Message(
        organisation_id=about.organisation_id,
        about=about.bid,
        from_staff=from_staff,
        person_id=actor.id,
        text=text,
        written_at=at,
        answer_by=answer_by,
    )
    db.session.add(message)
    db.session.flush()
    return message
