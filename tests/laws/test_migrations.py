"""Migrations lead up, down and up again, and then the tables are just the models', on the database of the run."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from spatc_funds.accounts.models import Organisation
from spatc_funds.db.base import Base, db


@pytest.fixture
def config(app: Flask) -> Iterator[Config]:
    """Alembic's settings for the run's database, which may be broken: every test begins with a fresh one."""
    with app.app_context():
        yield app.extensions["migrate"].migrate.get_config()
        db.session.remove()
        db.engine.dispose()


def names() -> set[str]:
    """The tables that are there."""
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def models() -> set[str]:
    """The tables of the models; tests map tables too."""
    return {name for name in Base.metadata.tables if not name.startswith("test_")}


def test_the_tables_are_the_models(config: Config) -> None:
    command.check(config)
    assert names() == models() | {"alembic_version"}


def test_down_and_up_again_leads_to_the_same(config: Config) -> None:
    """On a database with people, rounds and awards in it."""
    folder = config.get_main_option("script_location") or ""
    before = shape()
    downgrade(directory=folder, revision="base")
    assert names() - {"alembic_version"} == set()
    upgrade(directory=folder)
    command.check(config)
    assert shape() == before


def test_each_step_down_can_be_taken_back(config: Config) -> None:
    folder = config.get_main_option("script_location") or ""
    upgrade(directory=folder)  # nothing to do, and nothing done
    before = shape()
    downgrade(directory=folder, revision="-1")
    upgrade(directory=folder)
    assert shape() == before


def test_every_check_of_the_models_is_in_the_database(config: Config) -> None:
    wanted = {
        (table.name, str(each.name))
        for table in Base.metadata.tables.values()
        if table.name in models()
        for each in table.constraints
        if isinstance(each, CheckConstraint) and each.name is not None
    }
    with db.engine.connect() as connection:
        reader = inspect(connection)
        found = {(table, str(each["name"])) for table in models() for each in reader.get_check_constraints(table)}
    assert wanted
    assert wanted - found == set()


def test_a_check_is_held(config: Config) -> None:
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(insert(Organisation).values(name="", name_folded=""))


def test_a_key_is_held(config: Config) -> None:
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO membership (organisation_id, person_id, role) VALUES (999999, 999999, 'lead')")
        )


def shape() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Columns, constraints and indexes of every table, by name."""
    found = {}
    with db.engine.connect() as connection:
        reader = inspect(connection)
        for table in sorted(models()):
            columns = [f"{each['name']} {each['type']} {each['nullable']}" for each in reader.get_columns(table)]
            checks = sorted(str(each["name"]) for each in reader.get_check_constraints(table))
            indexes = sorted(str(each["name"]) for each in reader.get_indexes(table))
            found[table] = (columns, checks, indexes)
        return found
