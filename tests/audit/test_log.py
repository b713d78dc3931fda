"""The log: one entry for each act, in the same transaction; it refuses change; its chain shows every tampering."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from spatc_funds.accounts.models import Person, SignInAttempt
from spatc_funds.audit import queries
from spatc_funds.audit.models import LogChange, LogEntry, LogHead, LogValues
from spatc_funds.audit.operations import shred
from spatc_funds.audit.queries import history, verify
from spatc_funds.audit.recorder import UnloggedWriteError
from spatc_funds.awards.models import Award
from spatc_funds.db.base import db
from spatc_funds.db.frozen import FrozenRecordError
from spatc_funds.db.session import entry_of_its_own, unit_of_work
from spatc_funds.funds.models import Fund
from spatc_funds.policy.actions import Action
from tests.builders import World


def rename(name: str) -> None:
    with unit_of_work(None, Action.PERSON_CREATE, "somebody", "as asked"):
        db.session.scalars(select(Person).order_by(Person.id)).first().name = name  # type: ignore[union-attr]


def fail_halfway() -> None:
    with unit_of_work(None, Action.PERSON_CREATE):
        db.session.scalars(select(Person)).first().name = "Lost"  # type: ignore[union-attr]
        db.session.flush()
        raise RuntimeError("halfway")


def test_a_change_leaves_its_entry_with_old_and_new(app: Flask) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(LogEntry))
        old = db.session.scalars(select(Person.name).order_by(Person.id)).first()
        rename("Another Example")
        entries = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        assert len(entries) == (before or 0) + 1
        entry = entries[-1]
        assert (entry.action, entry.subject, entry.reason) == ("person:create", "somebody", "as asked")
        assert [change.table for change in entry.changes] == ["person"]
        assert entry.changes[0].values is not None
        assert entry.changes[0].values.values == {"name": [old, "Another Example"]}
        assert history("somebody")[-1].id == entry.id


def test_no_change_leaves_no_entry(app: Flask) -> None:
    with app.app_context():
        head = db.session.scalar(select(LogHead.last_id))
        with unit_of_work(None, Action.PERSON_CREATE):
            person = db.session.scalars(select(Person)).first()
            assert person
            person.name = person.name
        assert db.session.scalar(select(LogHead.last_id)) == head


def test_an_act_that_fails_leaves_neither_change_nor_entry(app: Flask) -> None:
    with app.app_context():
        head = db.session.scalar(select(LogHead.last_id))
        with pytest.raises(RuntimeError, match="halfway"):
            fail_halfway()
        assert db.session.scalar(select(LogHead.last_id)) == head
        assert db.session.scalar(select(func.count()).where(Person.name == "Lost")) == 0
        rename("Found")
        assert verify().faults == ()


def test_writing_outside_a_unit_of_work_is_refused(app: Flask) -> None:
    with app.app_context():
        db.session.scalars(select(Person)).first().name = "Unlogged"  # type: ignore[union-attr]
        with pytest.raises(UnloggedWriteError):
            db.session.commit()
        db.session.rollback()


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_writing_in_bulk_past_the_log_is_refused(app: Flask, verb: str) -> None:
    statement = update(Person).values(name="All") if verb == "update" else delete(Person)
    with app.app_context(), pytest.raises(UnloggedWriteError), unit_of_work(None, Action.PERSON_CREATE):
        db.session.execute(statement)


def test_quiet_tables_may_be_written_in_bulk(app: Flask) -> None:
    with app.app_context(), unit_of_work(None, Action.PERSON_SIGN_IN):
        db.session.execute(delete(SignInAttempt))


def test_units_of_work_do_not_nest(app: Flask) -> None:
    with (
        app.app_context(),
        pytest.raises(RuntimeError, match="already open"),
        unit_of_work(None, Action.PERSON_CREATE),
        unit_of_work(None, Action.PERSON_CREATE),
    ):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET reason = 'x'",
        "DELETE FROM log_entry",
        "UPDATE log_change SET digest = 'x'",
        "DELETE FROM log_change",
        "UPDATE log_values SET salt = 'x'",
        "DELETE FROM log_head",
        "UPDATE log_head SET last_id = last_id - 1",
        "UPDATE access_entry SET what = 'x'",
        "DELETE FROM access_entry",
    ],
)
def test_the_database_refuses_to_change_the_log(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(
            text("INSERT INTO access_entry (at, what, subject, outcome) VALUES ('2026-01-01 00:00', 'a', 'b', 'c')")
        )
        with pytest.raises(DBAPIError, match="the log refuses change"):
            connection.execute(text(statement))


TAMPERED = {
    "edited": ("UPDATE log_entry SET reason = 'nothing to see' WHERE id = 3", "entry 3 was altered"),
    "deleted": ("DELETE FROM log_entry WHERE id = 3", "entry 3 is missing"),
    "tail cut": ("DELETE FROM log_entry WHERE id = (SELECT MAX(id) FROM log_entry)", "its head says"),
    "values": (
        "UPDATE log_values SET salt = 'other' WHERE change_id = (SELECT MIN(change_id) FROM log_values)",
        "altered",
    ),
    "changes": ("UPDATE log_change SET verb = 'delete' WHERE entry_id = 3", "its changes were altered"),
    "swapped": ("UPDATE log_entry SET previous = hash WHERE id = 4", "entry 4"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_verify_detects_tampering_by_somebody_who_switched_the_triggers_off(app: Flask, how: str) -> None:
    statement, fault = TAMPERED[how]
    with app.app_context():
        for number in range(4):
            rename(f"Example {number}")
        assert verify().faults == ()
        db.session.remove()
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                for table in ("log_entry", "log_change"):
                    connection.execute(text(f"DROP TRIGGER {table}_no_update"))
                    connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
                connection.execute(text("DROP TRIGGER log_values_no_update"))
                connection.commit()
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(statement))
            connection.commit()
            if connection.dialect.name == "sqlite":
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
            else:
                connection.execute(text("SET session_replication_role = DEFAULT"))
                connection.commit()
        assert any(fault in found for found in verify().faults), verify().faults


def test_values_can_be_shredded_and_the_chain_stays_true(app: Flask) -> None:
    with app.app_context():
        person = db.session.scalars(select(Person).order_by(Person.id)).first()
        assert person
        key = str(person.id)
        mine = select(LogChange.id).where(LogChange.table == "person", LogChange.row == key)
        with unit_of_work(None, Action.PERSON_CREATE, "erasure"):
            assert shred("person", key) >= 1
        assert db.session.scalar(select(func.count()).where(LogValues.change_id.in_(mine))) == 0
        assert db.session.scalar(select(func.count()).select_from(mine.subquery())) >= 1
        assert verify().faults == ()


def test_answers_and_passwords_are_never_in_the_log(app: Flask, world: World) -> None:
    world.submission()
    told = world.demo.specs["submitted"]
    with app.app_context():
        written = " ".join(str(values) for values in db.session.scalars(select(LogValues.values)))
        hashes = db.session.scalars(select(Person.password_hash)).all()
    assert not any(answer in written for answer in told["answers"].values())
    assert not any(stored in written for stored in hashes)
    assert "sha256:" in written


def test_frozen_records_stay_as_they_are(app: Flask, world: World) -> None:
    reference = world.award()
    with app.app_context():
        award = db.session.scalars(select(Award).where(Award.reference == reference)).one()
        decision = award.decision
        assert decision
        with pytest.raises(FrozenRecordError), unit_of_work(None, Action.DECISION_TAKE):
            decision.reasons = "Other reasons"


def test_a_savepoint_leaves_no_entry_of_its_own(app: Flask) -> None:
    with app.app_context():
        head = db.session.scalar(select(LogHead.last_id))
        db.session.rollback()
        with unit_of_work(None, Action.PERSON_CREATE, "savepoint"):
            with db.session.begin_nested():
                db.session.scalars(select(Person)).first().name = "Before"  # type: ignore[union-attr]
            db.session.scalars(select(Person)).first().name = "After"  # type: ignore[union-attr]
        assert db.session.scalar(select(LogHead.last_id)) == (head or 0) + 1
        assert verify().faults == ()


def test_each_of_several_things_has_an_entry_of_its_own(app: Flask) -> None:
    """So that whoever may know nothing of one of them reads of the others."""
    with app.app_context():
        with unit_of_work(None, Action.FUND_LOAD, "all of them"):
            fund = db.session.scalars(select(Fund)).first()
            assert fund
            fund.name = "Before"
            for subject in ("one", "two"):
                with entry_of_its_own(subject):
                    fund.name = f"Inside {subject}"
            fund.name = "After"
        entries = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc()).limit(3)).all()[::-1]
        assert [(each.subject, len(each.changes)) for each in entries] == [("all of them", 2), ("one", 1), ("two", 1)]
        assert entries[1].changes[0].values is not None
        assert entries[1].changes[0].values.values["name"] == ["Before", "Inside one"]
        assert verify().faults == ()


def test_a_long_log_is_verified_to_its_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    with app.app_context():
        assert verify().entries == db.session.scalar(select(LogHead.last_id))
        assert verify().faults == ()
