"""``kill -9`` of all workers while applications are being sent: what was acknowledged is there, whole and once."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from flask import Flask
from sqlalchemy import func, select

from benchmarks.copies import copy_applications
from spatc_funds.applications.models import Application, Submission
from spatc_funds.audit.models import LogEntry
from spatc_funds.audit.queries import verify
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ApplicationState
from tests.builders import World
from tests.clients import Client
from tests.databases import Database
from tests.journeys.serving import Site
from tests.racing import leads

ROUNDS, A_ROUND = 10, 12
SENT = {"agreed": "y"}


def test_what_was_acknowledged_survives_the_death_of_every_worker(
    app: Flask, world: World, database: Database, serve: Callable[[], Site]
) -> None:
    first = world.ready()
    with app.app_context(), database.durable():
        references = copy_applications([first], ROUNDS * A_ROUND)
        site = serve()
        chance, acknowledged = random.Random(20261122), set[str]()
        emails = leads()
        for number in range(ROUNDS):
            drafts = references[number * A_ROUND : (number + 1) * A_ROUND]
            clients = {each: Client(site.address).sign_in(emails[each]) for each in drafts}
            with ThreadPoolExecutor(A_ROUND) as pool:
                sending = {each: pool.submit(send, clients[each], each) for each in drafts}
                after = chance.randrange(1, A_ROUND)  # so many are answered, however fast the machine is
                while sum(sent.done() for sent in sending.values()) < after:
                    time.sleep(0.001)
                site.kill_workers()
                acknowledged |= {each for each, sent in sending.items() if sent.result()}
            site.wait()
        sent, unsent = standing(references)
        assert acknowledged <= sent, "an acknowledged submission is lost"
        assert unsent, "every submission was sent before the workers died: nothing was tried"
        assert acknowledged, "no submission was sent before the workers died: nothing was tried"
        for each in unsent:
            assert send(Client(site.address).sign_in(emails[each]), each), each
        sent, unsent = standing(references)
        assert (len(sent), unsent) == (ROUNDS * A_ROUND, set())
        assert verify().faults == ()


def send(client: Client, reference: str) -> bool:
    """Whether the sending was acknowledged."""
    try:
        return client.post(f"/applications/{reference}/submit", SENT).status == 303
    except (OSError, HTTPException):
        return False


def standing(references: list[str]) -> tuple[set[str], set[str]]:
    """Which are sent and which are not; each is one or the other with everything that belongs to it, once."""
    db.session.rollback()
    states = {each.reference: each.state for each in db.session.scalars(select(Application))}
    sent = {each for each in references if states[each] is ApplicationState.SUBMITTED}
    submissions = {each.reference: each for each in db.session.scalars(select(Submission))}
    letters = select(Letter.about, func.count()).group_by(Letter.about)
    mails = select(OutboxMessage.key, func.count()).group_by(OutboxMessage.key)
    acts = (
        select(LogEntry.subject, func.count())
        .where(LogEntry.action == Action.APPLICATION_SUBMIT)
        .group_by(LogEntry.subject)
    )
    one_each = dict.fromkeys(sent, 1)
    assert set(submissions) == sent
    assert all(content_hash(each.content) == each.sha256 for each in submissions.values())
    assert dict(db.session.execute(letters).all()) == one_each
    written = dict(db.session.execute(mails).all())
    assert set(written.values()) <= {1}
    assert {key.removesuffix(":contact") for key in written} == {f"receipt:{each}:1" for each in sent}
    assert {f"receipt:{each}:1" for each in sent} <= set(written)
    assert dict(db.session.execute(acts).all()) == one_each
    db.session.rollback()
    return sent, set(references) - sent


def test_what_is_committed_is_on_the_disk(app: Flask, database: Database) -> None:
    """A killed process loses nothing whatever the settings are; a machine that stops needs these."""
    with app.app_context(), database.durable(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
        else:
            asked = ("fsync", "synchronous_commit", "full_page_writes")
            found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in asked}
            assert found == dict.fromkeys(asked, "on")
