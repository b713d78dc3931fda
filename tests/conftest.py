"""Fixtures: an application on a fresh database for each test, its world, and a browser."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from spatc_funds.audit.sentences import SENTENCES
from spatc_funds.db.base import db
from spatc_funds.db.session import ACT
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World
from tests.databases import Database, chosen

# A busy machine fails no property.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

DONE: set[str] = set()  # the acts that left an entry in any test of this run
WRITES_NO_ENTRY = {Action.PERSON_SIGN_IN}  # its tries have none: who signed in stands in the access log


@event.listens_for(Session, "before_commit")
def _note(session: Session) -> None:
    if ACT in session.info:
        DONE.add(session.info[ACT].action)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for no database is the same on every one: the run on PostgreSQL leaves it to the other."""
    if os.environ.get("TEST_DATABASE") != "postgresql":
        return
    same = [each for each in items if "database" not in getattr(each, "fixturenames", ())]
    config.hook.pytest_deselected(items=same)
    items[:] = [each for each in items if each not in set(same)]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """After a run of everything: an act that no test has done fails it."""
    told = session.config.option
    everything = session.config.args == session.config.getini("testpaths") and not (told.keyword or told.collectonly)
    missing = sorted(set(SENTENCES) - DONE - WRITES_NO_ENTRY)
    if everything and missing and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        sys.stderr.write(f"\nno test does {', '.join(missing)}\n")


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """The database of this run, in a folder of its own: pytest clears its own folders while other runs go on."""
    with tempfile.TemporaryDirectory(prefix="spatc-") as folder:
        found = chosen(Path(folder))
        yield found
        found.close()


@pytest.fixture(scope="session")
def prepared(database: Database) -> Flask:
    """One application for the whole run; its database is renewed for each test that asks for ``app``."""
    app = database.prepare()
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(prepared: Flask, database: Database) -> Iterator[Flask]:
    """The application on a fresh database: plan, funds, past awards, example rounds, staff."""
    with prepared.app_context():
        db.engine.dispose()
    database.renew()
    yield prepared
    with prepared.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser that is signed out."""
    found = app.test_client()
    assert isinstance(found, Browser)
    return found


@pytest.fixture
def world(app: Flask) -> World:
    """People and things to test with."""
    return World(app)
