"""Fixtures: an application on a fresh database for each test, its world, and a browser."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from spatc_funds.db.base import db
from tests.builders import Browser, World
from tests.databases import Database, chosen

# A busy machine fails no property.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


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
