"""A second kept copy of the database: the told world, put back before each module and after each cell that wrote."""

import shutil

from flask import Flask

from spatc_funds.db.base import db
from tests.databases import Database, Postgres


class Copy:
    """The database as it was when it was taken."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app = app
        self.database = database

    def take(self) -> None:
        """Keep it as it is now."""
        self._close()
        if isinstance(self.database, Postgres):
            self.database._run(
                "DROP DATABASE IF EXISTS spatc_told WITH (FORCE)", "CREATE DATABASE spatc_told TEMPLATE spatc_test"
            )
        else:
            shutil.copy(self.database.folder / "test.db", self.database.folder / "told.db")

    def restore(self) -> None:
        """Put it back."""
        self._close()
        if isinstance(self.database, Postgres):
            self.database._run(
                "DROP DATABASE spatc_test WITH (FORCE)",
                "CREATE DATABASE spatc_test TEMPLATE spatc_told STRATEGY FILE_COPY",
            )
            return
        for name in ("test.db-wal", "test.db-shm"):
            (self.database.folder / name).unlink(missing_ok=True)
        shutil.copy(self.database.folder / "told.db", self.database.folder / "test.db")

    def _close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
