"""Reading letters and messages."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from spatc_funds.correspondence.models import Letter, Message
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor


def letters_about(bid: str) -> Sequence[Letter]:
    """The letters about one bid, oldest first."""
    return db.session.scalars(select(Letter).where(Letter.about == bid).order_by(Letter.written_at, Letter.id)).all()


def messages_about(bid: str) -> Sequence[Message]:
    """The messages about one bid, oldest first, with their writers."""
    return db.session.scalars(
        select(Message).where(Message.about == bid).order_by(Message.id).options(joinedload(Message.person))
    ).all()


def visible(actor: Actor) -> ColumnElement[bool]:
    """The messages that the actor may read as one of the staff."""
    return reach(actor, Action.MESSAGE_LIST, Message.about)


def last_messages(actor: Actor) -> Sequence[Message]:
    """The last message about each bid that the actor may read of: those that wait for an answer first, oldest first."""
    newest = select(func.max(Message.id)).group_by(Message.about)
    return db.session.scalars(
        select(Message)
        .where(Message.id.in_(newest), visible(actor))
        .order_by(Message.from_staff, Message.id)
        .options(joinedload(Message.organisation))
    ).all()


def questions_to(actor: Actor) -> Sequence[Message]:
    """What the officers asked the actor's own groups and nobody has answered since."""
    newest = select(func.max(Message.id)).group_by(Message.about)
    return db.session.scalars(
        select(Message)
        .where(Message.id.in_(newest), Message.answer_by.is_not(None))
        .where(reach(actor, Action.APPLICATION_READ, Message.about, Message.organisation_id))
        .order_by(Message.answer_by, Message.id)
    ).all()
