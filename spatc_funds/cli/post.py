"""Sending what waits in the outbox by the mail server that the settings name."""

import logging
import signal
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from spatc_funds.applications.queries import by_reference, unsent_closing_before
from spatc_funds.applications.reminders import MARKS
from spatc_funds.applications.send_views import copy_of
from spatc_funds.applications.sending import COPY, remind
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.files import pdf, word
from spatc_funds.outbox.operations import Attached, send_due
from spatc_funds.policy.actions import Action
from spatc_funds.returns.operations import remind as remind_of_return
from spatc_funds.returns.queries import owed, owed_between
from spatc_funds.returns.reminders import EARLIEST, LATEST

if TYPE_CHECKING:
    from config import Settings

SECONDS_TO_ANSWER = 30
PAUSE, PAUSE_WHEN_AWAY = 2.0, 15.0
log = logging.getLogger(__name__)


@contextmanager
def connected(settings: "Settings") -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, secured and signed in as the settings say. Raises OSError, SMTPException."""
    kind = smtplib.SMTP_SSL if settings.mail_security == "tls" else smtplib.SMTP
    with kind(settings.mail_host, settings.mail_port, timeout=SECONDS_TO_ANSWER) as server:
        if settings.mail_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server


def files_of(attachment: str) -> list[Attached]:
    """The files that a message names: of ``copy:EX-…:1``, that version of what was sent, as PDF and as Word."""
    kind, _, named = attachment.partition(":")
    reference, _, number = named.partition(":")
    found = by_reference(reference) if kind == COPY else None
    if found is None:
        return []
    document = copy_of(found, int(number or 1))
    return [
        Attached(f"{reference}.pdf", pdf.MIMETYPE, pdf.pdf(document)),
        Attached(f"{reference}.docx", word.MIMETYPE, word.word(document, clock.now())),
    ]


def send_waiting(settings: "Settings") -> tuple[int, int]:
    """Send what is due: (sent, failed). While the server is away nothing is claimed, so no try is used up."""
    try:
        with connected(settings) as server:
            return send_due(server.send_message, settings.mail_from, clock.now(), attach=files_of)
    except (OSError, smtplib.SMTPException) as away:
        log.warning("the mail server does not answer: %s", away)
        return 0, 1
    finally:
        db.session.remove()


def remind_all(settings: "Settings") -> int:
    """Write every reminder that is due; how many. Running it again writes none twice."""
    at = clock.now()
    written = 0
    for reference in unsent_closing_before(at + MARKS[-1][0], at):
        with unit_of_work(None, Action.APPLICATION_REMIND, reference):
            found = by_reference(reference)
            address = f"{settings.public_address.rstrip('/')}/applications/{reference}/"
            written += remind(found, address, at) if found else 0
    return written + _remind_of_returns(settings, at)


def _remind_of_returns(settings: "Settings", at: datetime) -> int:
    today = clock.london_day(at)
    written = 0
    for reference in owed_between(today - LATEST, today + EARLIEST):
        with unit_of_work(None, Action.RETURN_REMIND, reference.rpartition("-R")[0]):
            found = owed(reference)
            address = f"{settings.public_address.rstrip('/')}/returns/{reference}/"
            written += remind_of_return(found, address, at) if found else 0
    return written


def work(settings: "Settings") -> None:
    """Send, pause, send; the message that is on its way is finished before it ends."""
    told_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_end.set())
    while not told_to_end.is_set():
        sent, failed = send_waiting(settings)
        if not sent:
            told_to_end.wait(PAUSE_WHEN_AWAY if failed else PAUSE)
