"""Mail: a row in the same transaction, sent once to a real SMTP server, kept while the server is away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from smtplib import SMTP, SMTPException
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from flask import Flask
from sqlalchemy import func, select

from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.outbox.operations import LEASE, queue, send_due
from spatc_funds.policy.actions import Action
from tests.builders import World

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SENDER = "funding@example.org"


class Sink(MessageHandler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.held.append(message)


@pytest.fixture
def sink() -> Iterator[tuple[Sink, Controller]]:
    handler = Sink()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, server
    server.stop()


def put(key: str) -> None:
    with unit_of_work(None, Action.MAIL_SEND):
        queue(key, "somebody@example.org", "Subject", "Grüße\nsecond line", AT)


def undone() -> None:
    with unit_of_work(None, Action.MAIL_SEND):
        queue("other", "x@example.org", "s", "b", AT)
        raise RuntimeError("undone")


def test_each_message_is_sent_once(app: Flask, sink: tuple[Sink, Controller]) -> None:
    handler, server = sink
    with app.app_context():
        for key in ("a", "b", "a"):
            put(key)
        with SMTP("127.0.0.1", server.port) as connection:
            assert send_due(connection.send_message, SENDER, AT) == (2, 0)
            assert send_due(connection.send_message, SENDER, AT + LEASE * 2) == (0, 0)
    assert len(handler.held) == 2
    assert len({message["Message-ID"] for message in handler.held}) == 2
    assert handler.held[0].get_payload(decode=True).decode().splitlines() == ["Grüße", "second line"]  # type: ignore[union-attr]


def test_mail_waits_while_the_server_refuses_and_goes_out_afterwards(app: Flask) -> None:
    def refuse(_mail: Message) -> None:
        raise SMTPException("busy")

    sent: list[Message] = []
    with app.app_context():
        put("a")
        assert send_due(refuse, SENDER, AT) == (0, 1)
        assert send_due(sent.append, SENDER, AT + timedelta(minutes=1)) == (0, 0)  # still claimed
        assert send_due(sent.append, SENDER, AT + LEASE) == (1, 0)
    assert len(sent) == 1


def test_a_receipt_is_queued_with_the_submission_and_with_it_alone(app: Flask, world: World) -> None:
    reference = world.submission()
    with app.app_context():
        message = db.session.scalars(select(OutboxMessage)).one()
        assert message.key == f"receipt:{reference}"
        assert message.recipient == world.lead("submitted")
        with pytest.raises(RuntimeError, match="undone"):
            undone()
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
