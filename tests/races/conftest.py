"""A served site on the test's own database: what races is the server's processes, as in life."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from spatc_funds.db.base import db
from tests.databases import Database
from tests.journeys.serving import Site


@pytest.fixture
def serve(app: Flask, database: Database) -> Iterator[Callable[[], Site]]:
    """Starts the service on what the test has told so far; it ends with the test."""
    started: list[Site] = []

    def start() -> Site:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        site = Site(database)
        started.append(site)
        site.wait()
        return site

    yield start
    for site in started:
        site.end()
