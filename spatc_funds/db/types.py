"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, Dialect, Enum, String, Text, TypeDecorator
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.orm import mapped_column

# What the log writes of a column instead of its value: its hash.
UNLOGGED = {"log": "hash"}
MOST_DIGITS = 10**15


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. SQLite forgets time zones; this puts them back. A naive moment is refused."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to UTC; SQLite gets it without its zone, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs its time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, from both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def coded(kind: type[StrEnum]) -> Enum:
    """An enum column that stores the member's value as text."""
    return Enum(kind, native_enum=False, length=40, validate_strings=True, values_callable=_values)


def _values(kind: type[Any]) -> list[str]:
    return [member.value for member in kind]


Pence = Annotated[int, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(80))]
Name = Annotated[str, mapped_column(String(300))]
Prose = Annotated[str, mapped_column(Text)]
