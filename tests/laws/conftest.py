"""The told world for the laws: made once a run, put back before each module."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.databases import Database
from tests.laws.cast import Cast
from tests.laws.copies import Copy
from tests.laws.counts import TRIED
from tests.laws.sent_forms import Found, every_form
from tests.laws.visits import Visits, visit_all

CANARY = "KANARIENVOGEL"
TAINT = "=1+1 <script>canary()</script>\"'>{{7*7}}"


@pytest.fixture(scope="session")
def told(prepared: Flask, database: Database) -> Cast:
    """Every story told, and people on every side of each bid."""
    database_copy = Copy(prepared, database)
    database_copy._close()
    database.renew()
    found = Cast(prepared)
    database_copy.take()
    found.copy = database_copy
    return found


@pytest.fixture(scope="module")
def cast(told: Cast) -> Iterator[Cast]:
    """The told world as it was told; whatever the module changes is gone after it."""
    told.restore()
    yield told
    told.restore()


@pytest.fixture
def tainted(prepared: Flask, database: Database, told: Cast) -> Iterator[Cast]:
    """The world told with hostile text wherever people type; the told world is back after it."""
    told.copy._close()
    database.renew()
    yield Cast(prepared, taint=TAINT)
    told.restore()


@pytest.fixture(scope="module")
def canaries(prepared: Flask, database: Database, told: Cast) -> Iterator[Cast]:
    """The world told with a word that stands nowhere else wherever people type; the told world is back after it."""
    told.copy._close()
    database.renew()
    yield Cast(prepared, taint=CANARY)
    told.restore()


@pytest.fixture(scope="session")
def visits(told: Cast) -> Visits:
    """Every page opened once."""
    told.restore()
    return visit_all(told)


@pytest.fixture(scope="session")
def forms(told: Cast) -> list[Found]:
    """Every form that people meet by following links."""
    told.restore()
    return every_form(told)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much was tried."""
    if TRIED:
        terminalreporter.write_line("laws: " + ", ".join(f"{count:,} {what}" for what, count in sorted(TRIED.items())))
