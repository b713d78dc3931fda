"""Whether the running request may only read (a GET or HEAD)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_reading: ContextVar[bool] = ContextVar("reading", default=False)


def is_reading() -> bool:
    """True inside ``reading()``: transactions that begin now are read-only in the database itself."""
    return _reading.get()


@contextmanager
def reading(*, only: bool = True) -> Iterator[None]:
    """Transactions begun inside are read-only (or not, with ``only=False``)."""
    token = _reading.set(only)
    try:
        yield
    finally:
        _reading.reset(token)
