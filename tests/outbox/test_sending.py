"""Mail: a row in the same transaction, sent once to a real SMTP server, kept while the server is away."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from smtplib import SMTP, SMTPException
from socket import socket
from threading import Thread

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import Envelope
from docx import Document as WordFile
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from config import Settings
from spatc_funds.cli import post
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.outbox.operations import LEASE, Attached, queue, send_due
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World
from tests.databases import ENVIRON, Database

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
        assert send_due(sent.append, SENDER, AT + timedelta(seconds=9)) == (0, 0)  # a pause, longer each time
        assert send_due(refuse, SENDER, AT + timedelta(seconds=11)) == (0, 1)
        assert send_due(sent.append, SENDER, AT + timedelta(seconds=30)) == (0, 0)
        assert send_due(sent.append, SENDER, AT + timedelta(seconds=33)) == (1, 0)
    assert len(sent) == 1


def test_a_message_that_cannot_be_made_stops_no_other(app: Flask) -> None:
    sent: list[Message] = []
    with app.app_context():
        with unit_of_work(None, Action.MAIL_SEND):
            queue("bad", "=?utf-8?q??=@x.org", "s", "b", AT)
            queue("bad file", "a@example.org", "s", "b", AT, attachment="copy:X")
            queue("good", "b@example.org", "s", "b", AT)

        def attach(name: str) -> list[Attached]:
            if name:
                raise ValueError(name)
            return [Attached("x", "a/b", b"")]

        assert send_due(sent.append, SENDER, AT, attach=attach) == (1, 2)
    assert [message["To"] for message in sent] == ["b@example.org"]


def test_what_a_worker_died_with_is_sent_by_the_next_one(app: Flask) -> None:
    def die(_mail: Message) -> None:
        raise KeyboardInterrupt

    sent: list[Message] = []
    with app.app_context():
        put("a")
        with pytest.raises(KeyboardInterrupt):
            send_due(die, SENDER, AT)
        db.session.rollback()
        assert send_due(sent.append, SENDER, AT + LEASE - timedelta(seconds=1)) == (0, 0)  # still claimed
        assert send_due(sent.append, SENDER, AT + LEASE + timedelta(seconds=2)) == (1, 0)


def test_a_receipt_is_queued_with_the_submission_and_with_it_alone(app: Flask, world: World) -> None:
    reference = world.submission()
    with app.app_context():
        message = db.session.scalars(select(OutboxMessage)).one()
        assert message.key == f"receipt:{reference}:1"
        assert message.recipient == world.lead("submitted")
        with pytest.raises(RuntimeError, match="undone"):
            undone()
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_a_secret_is_forgotten_when_it_was_sent_or_is_too_old(app: Flask) -> None:
    sent: list[Message] = []
    later = AT + timedelta(minutes=15)
    with app.app_context():
        with unit_of_work(None, Action.MAIL_SEND):
            for key in ("in time", "too late"):
                queue(key, "a@example.org", "s", f"secret {key}", AT, expires_at=later)
            queue("plain", "a@example.org", "s", "receipt", AT)
        assert send_due(sent.append, SENDER, AT, most=1) == (1, 0)
        assert db.session.scalars(select(OutboxMessage.body).where(OutboxMessage.key == "in time")).one() == ""
        db.session.rollback()
        assert send_due(sent.append, SENDER, later) == (1, 0)
        bodies = {each.key: each.body for each in db.session.scalars(select(OutboxMessage))}
    assert bodies == {"in time": "", "too late": "", "plain": "receipt"}
    assert [message.get_payload() for message in sent] == ["secret in time\n", "receipt\n"]


class Moody(Sink):
    """A mail server that is refusing, or slow, until it is well again."""

    mood = "refusing"

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802 # aiosmtpd's name
        if self.mood == "refusing":
            return "451 try again later"
        found: str = await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]
        return found


def test_ten_minutes_without_a_server_lose_and_double_nothing(app: Flask) -> None:
    """Dead, then refusing, then well: each mail once. Meanwhile pages go on, for they only write rows."""
    handler = Moody()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = replace(app.extensions["settings"], mail_host="127.0.0.1", mail_port=port)
    with app.app_context():
        for number in range(5):
            put(f"mail {number}")
    minutes = [AT + timedelta(minutes=number / 2) for number in range(40)]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    for number, moment in enumerate(minutes):
        if number == 10:
            server.start()
        if number == 20:
            handler.mood = "well"
        with time_machine.travel(moment, tick=False), app.app_context():
            post.send_waiting(settings)
    server.stop()
    assert len(handler.held) == 5
    assert len({message["Message-ID"] for message in handler.held}) == 5


def test_a_slow_server_holds_up_no_page(app: Flask) -> None:
    with socket() as deaf:  # takes the connection and never says a word
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings = replace(app.extensions["settings"], mail_host="127.0.0.1", mail_port=deaf.getsockname()[1])
        with app.app_context():
            put("a")
        sending = Thread(target=lambda: in_context(app, settings), daemon=True)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(post, "SECONDS_TO_ANSWER", 3)
            sending.start()
            client = app.test_client()
            assert isinstance(client, Browser)
            began = time.monotonic()
            assert client.send("/sign-in", {"email": "x@example.org", "then": "code"}).status_code == 303
            assert time.monotonic() - began < 1
            sending.join(10)
    assert not sending.is_alive()
    with app.app_context():
        assert db.session.scalars(select(OutboxMessage.attempts).where(OutboxMessage.key == "a")).one() == 0


def in_context(app: Flask, settings: Settings) -> None:
    with app.app_context():
        post.send_waiting(settings)


def test_the_worker_sends_and_ends_when_it_is_told_to(
    app: Flask, sink: tuple[Sink, Controller], database: Database
) -> None:
    handler, server = sink
    with app.app_context():
        with unit_of_work(None, Action.MAIL_SEND):
            queue("a", "somebody@example.org", "Subject", "text", clock.now())
        db.session.remove()
    environ = os.environ | ENVIRON
    environ |= {"DATABASE_URL": database.address, "SPATC_INSTANCE": str(database.folder)}
    environ |= {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(server.port)}
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], env=environ)
    try:
        for _ in range(300):
            if handler.held:
                break
            time.sleep(0.1)
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
    assert len(handler.held) == 1


def test_a_receipt_carries_the_copy_to_both_contacts(app: Flask, world: World, sink: tuple[Sink, Controller]) -> None:
    handler, server = sink
    reference = world.ready()
    lead, other = world.lead("draft-ready"), "second.contact@example.org"
    client = world.browser(lead)
    group = {"group_does": "We plant trees", "contact_name": "Second", "contact_phone": "1", "contact_email": other}
    assert client.send(f"/applications/{reference}/group", {**group, "then": "later"}).status_code == 303
    sent = client.send(f"/applications/{reference}/submit", {"agreed": "y"}, page=f"/applications/{reference}/check")
    assert sent.status_code == 303
    settings = replace(app.extensions["settings"], mail_host="127.0.0.1", mail_port=server.port)
    with app.app_context():
        assert post.send_waiting(settings) == (2, 0)
    assert {message["To"] for message in handler.held} == {lead, other}
    for message in handler.held:
        files = {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}
        assert set(files) == {f"{reference}.pdf", f"{reference}.docx"}
        word = "\n".join(each.text for each in WordFile(io.BytesIO(files[f"{reference}.docx"])).paragraphs)
        pdf = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(files[f"{reference}.pdf"])).pages)
        for said in (reference, "We plant trees", other):
            assert said in word
            assert said in pdf
