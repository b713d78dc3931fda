"""How values are written in the panel's lists, and how they are written in the files made from those lists."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from markupsafe import Markup

from spatc_funds.core.clock import LONDON
from spatc_funds.core.money import plain_pounds
from spatc_funds.web import filters

PENCE = "_pence"
TypeFormatter = Callable[[Any, Any, str], str]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
# The full-width forms too: spreadsheets of some locales read them as the plain ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def pounds(_view: Any, _context: Any, row: Any, name: str) -> str:
    """A column of whole pence, for people."""
    return filters.pounds(_reach(row, name))


def plain_amount(_view: Any, _context: Any, row: Any, name: str) -> str:
    """A column of whole pence, for a file: pounds with two decimals, empty when not known."""
    value = _reach(row, name)
    return "" if value is None else plain_pounds(value)


def label_of(name: str) -> str:
    """``amount_pence`` → ``Amount``, ``organisation.name`` → ``Organisation name``."""
    return filters.sentence(name.removesuffix(PENCE).replace(".", " "))


def cell(value: Any) -> str:
    """The text of one cell of a file. What a spreadsheet would run as a formula gets an apostrophe in front."""
    text = value.striptags() if isinstance(value, Markup) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _reach(row: Any, name: str) -> Any:
    for part in name.split("."):
        row = None if row is None else getattr(row, part)
    return row


# Asked in this order: a bool is an int, and a datetime is a date.
ON_PAGES: Mapping[type, TypeFormatter] = {
    type(None): lambda _view, _value, _name: "",
    bool: lambda _view, value, _name: "Yes" if value else "No",
    Enum: lambda _view, value, _name: filters.sentence(value),
    datetime: lambda _view, value, _name: filters.moment(value),
    date: lambda _view, value, _name: filters.short_day(value),
}
IN_FILES: Mapping[type, TypeFormatter] = {
    **ON_PAGES,
    datetime: lambda _view, value, _name: f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}",
    date: lambda _view, value, _name: value.isoformat(),
}
