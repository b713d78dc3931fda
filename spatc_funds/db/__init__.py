"""The database: the declarative base, column types, and the one door for writing (``unit_of_work``)."""

from spatc_funds.db.base import Base, db
from spatc_funds.db.session import Act, unit_of_work

__all__ = ["Act", "Base", "db", "unit_of_work"]
