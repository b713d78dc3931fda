"""A GET never writes: no page leaves anything in the database, and the database itself refuses."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError

from spatc_funds import create_app
from spatc_funds.accounts.models import Person, SignInAttempt
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import public
from spatc_funds.web.reads import DirtySessionError
from tests.builders import Browser
from tests.databases import Database
from tests.laws.counts import TRIED
from tests.laws.visits import Visits

# Pages that lead on at once, in the state in which they are asked for here.
SHOW_NOTHING = {
    "applications.not_eligible",
    "applications.eligible",
    "applications.organisation",
    "accounts.new_organisation_confirmed",
}


def test_no_page_leaves_anything_written(visits: Visits) -> None:
    """Each table but one holds afterwards what it held before anybody opened a page."""
    TRIED["pages read"] += len(visits.made)
    assert [table for table in visits.before if visits.before[table] != visits.after[table]] == []


def test_every_page_was_seen(visits: Visits) -> None:
    assert visits.unseen == SHOW_NOTHING


def write_a_row() -> None:
    """By a unit of work, as an operation would."""
    with unit_of_work(None, Action.PERSON_CREATE):
        db.session.scalars(select(Person)).first().name = "Written in a GET"  # type: ignore[union-attr]


def write_in_bulk() -> None:
    """Past the session's listeners."""
    db.session.execute(insert(SignInAttempt).values(key="a GET", at=clock.now()))


def write_by_another_connection() -> None:
    """Past the session."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sign_in_attempt")


def write_after_reading() -> None:
    """In a transaction that had only read so far."""
    db.session.scalars(select(Person.id)).all()
    db.session.connection().exec_driver_sql("UPDATE person SET name = 'Written in a GET'")


WRITES = (write_a_row, write_in_bulk, write_by_another_connection, write_after_reading)


@pytest.fixture
def throwaway(app: Flask, database: Database) -> Flask:
    """An application of its own, on the same database, to hang routes on that no real one may have."""
    found = create_app(database.settings())
    found.testing = True
    found.test_client_class = Browser
    return found


@pytest.mark.parametrize("write", WRITES)
def test_the_database_refuses_a_write_while_reading(throwaway: Flask, write: Callable[[], None]) -> None:
    found: list[str] = []

    @throwaway.route("/throwaway", methods=["GET", "POST"])
    @public
    def page() -> ResponseReturnValue:
        try:
            write()
        except DBAPIError as error:
            db.session.rollback()
            found.append(str(error.orig))
        return "done"

    throwaway.test_client().get("/throwaway")
    close(throwaway)
    assert len(found) == 1
    assert "read" in found[0]
    assert "only" in found[0]


def test_a_request_that_leaves_a_row_unsaved_fails(throwaway: Flask) -> None:
    @throwaway.get("/throwaway")
    @public
    def page() -> ResponseReturnValue:
        db.session.add(Person(email="x@example.org", name="x", password_hash="", session_key=""))
        return "done"

    with pytest.raises(DirtySessionError):
        throwaway.test_client().get("/throwaway")
    close(throwaway)


def test_what_follows_a_get_may_write_again(app: Flask) -> None:
    """A connection that has only read comes back from the pool able to write."""
    client = app.test_client()
    for _ in range(3):
        assert client.get("/").status_code == 200
    with app.app_context():
        write_a_row()
        assert db.session.scalar(select(Person.name).order_by(Person.id)) == "Written in a GET"


def close(app: Flask) -> None:
    """Nothing of it stays open."""
    with app.app_context():
        engine: Engine = db.engine
        db.session.remove()
        engine.dispose()
