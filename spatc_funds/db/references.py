"""Who names a row by a foreign key, told from the tables themselves: a low room need not know the rooms above it."""

from collections.abc import Collection

from sqlalchemy import func, inspect, select

from spatc_funds.db.base import Base, db


def referring(row: Base, but: Collection[str] = ()) -> dict[str, int]:
    """How many rows of each table name this one, of those that have any; tables in ``but`` are left out."""
    state = inspect(row)
    key, (number, *_) = state.mapper.primary_key[0], state.identity or (None,)
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for reference in table.foreign_keys:
            if reference.column is key and table.name not in but:
                of_this = reference.parent == number
                count = db.session.scalar(select(func.count()).select_from(table).where(of_this)) or 0
                found[table.name] = found.get(table.name, 0) + count
    return {name: count for name, count in found.items() if count}
