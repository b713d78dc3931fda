"""What an address asks of a list: search, filters, sort and page, each with a readable name."""

import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal

from flask import abort, g
from flask_admin.contrib.sqla.filters import BaseSQLAFilter
from sqlalchemy import BigInteger, Boolean, ColumnElement, DateTime, Enum, Integer, String, and_, cast
from sqlalchemy.types import TypeEngine

from spatc_funds.core.clock import LONDON
from spatc_funds.core.money import parse_pounds
from spatc_funds.db.types import MOST_DIGITS, UtcDateTime
from spatc_funds.web.filters import pounds, sentence, short_day

Kind = Literal["pick", "text", "number", "date", "money"]
Pairs = Mapping[str, str] | Sequence[tuple[str, str]]
Choices = Pairs | type[StrEnum] | Callable[[], Pairs]
Compare = Callable[[Any, Any], ColumnElement[bool]]

WHOLE = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
LONGEST = 100
RESERVED = frozenset({"q", "sort", "page", "url", "id", "endpoint", "values", "export_type"})
_SIGNED = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LARGEST_INTEGER = 2**31 - 1
_YES_NO = {"yes": "Yes", "no": "No"}


class Filter(BaseSQLAFilter):
    """One filter of a list.

    ``column`` is a column of the list's own model, a dotted path from it (``"organisation.district"``), or None for a
    ``compare`` that makes its clause from the value alone. ``compare(column, value)`` gives the clause; text is looked
    for anywhere in the column unless another is given. ``choices`` (of a pick) are value → words, a StrEnum, or a
    function that is asked in each request; an enum's and a yes-or-no column's own are known.
    """

    def __init__(  # the words of a filter
        self,
        key: str,
        column: Any,
        label: str,
        kind: Kind = "text",
        compare: Compare = operator.eq,
        choices: Choices = (),
    ) -> None:
        super().__init__(column, label)
        self.key, self.kind, self.compare, self.choices = key, kind, compare, choices

    def operation(self) -> str:
        """Flask-Admin's word for what the filter does; never shown."""
        return self.key

    def get_options(self, view: Any) -> None:
        """Nothing for Flask-Admin, which asks once, while the application starts."""

    def options_now(self) -> Mapping[str, str]:
        """The choices of a pick, asked once a request."""
        known: dict[int, Mapping[str, str]] = g.setdefault("panel_choices", {})
        if id(self) not in known:
            known[id(self)] = self._options()
        return known[id(self)]

    def clean(self, value: str) -> Any:
        """The value as the column's own type; raises ValueError with a message for the person."""
        reader = {"pick": self._pick, "text": _text, "number": _number, "date": _date, "money": parse_pounds}[self.kind]
        read = reader(value)
        if isinstance(read, int) and not isinstance(read, bool) and abs(read) > self._largest():
            message = "Enter a smaller amount" if self.kind == "money" else "Enter a smaller number"
            raise ValueError(message)
        return read

    def fault(self, value: str) -> str:
        """What is wrong with what was typed, in words; empty when nothing is."""
        try:
            self.clean(value)
        except ValueError as error:
            return str(error)
        return ""

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        """The query with this filter's clause."""
        column = self.column if alias is None else getattr(alias, self.column.key)  # type: ignore[union-attr] # bound
        return query.filter(self._clause(column, value))

    def _clause(self, column: Any, value: Any) -> ColumnElement[bool]:
        if self.kind == "text" and self.compare is operator.eq:
            return contains(column, value)
        if self.kind == "date" and isinstance(self._type(), UtcDateTime | DateTime):
            return _on_day(column, self.compare, value)
        return self.compare(column, value)

    def _type(self) -> TypeEngine[Any] | None:
        return getattr(self.column, "type", None)

    def _largest(self) -> int:
        kind = self._type()
        return _LARGEST_INTEGER if isinstance(kind, Integer) and not isinstance(kind, BigInteger) else MOST_DIGITS

    def _options(self) -> Mapping[str, str]:
        choices, kind = self.choices, self._type()
        if not choices and isinstance(kind, Boolean):
            return _YES_NO
        members: Any = choices if isinstance(choices, type) else ()
        if not choices and isinstance(kind, Enum):
            members = kind.enum_class
        if members:
            return {str(member.value): sentence(member) for member in members}
        pairs: Any = choices() if callable(choices) else choices  # type: ignore[call-arg] # no enum any more
        return {str(value): text for value, text in dict(pairs).items()}

    def _pick(self, value: str) -> Any:
        if value not in self.options_now():
            message = "Choose one of the values in the list"
            raise ValueError(message)
        kind = self._type()
        if isinstance(kind, Boolean):
            return value == "yes"
        if isinstance(kind, Enum) and kind.enum_class:
            return kind.enum_class(value)
        return int(value) if isinstance(kind, Integer) else value  # PostgreSQL compares a number with numbers only


@dataclass(frozen=True, slots=True)
class Field:
    """A filter as the form shows it: what was typed, and what is wrong with it."""

    key: str
    label: str
    kind: Kind
    value: str
    options: Mapping[str, str]
    error: str

    def said(self) -> str:
        """The filter in words, as the chip that takes it away says it."""
        value = self.options.get(self.value, self.value)
        if self.kind == "date":
            value = short_day(_date(self.value))
        elif self.kind == "money":
            value = pounds(parse_pounds(self.value))
        return f"{self.label}: {value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of a list, read. ``typed`` holds filters' keys and values as typed; pages count from 1."""

    search: str
    typed: Mapping[str, str]
    sort: str
    descending: bool
    page: int

    def arguments(self) -> dict[str, str]:
        """The shortest query that asks for the same."""
        sort = f"-{self.sort}" if self.sort and self.descending else self.sort
        page = str(self.page) if self.page > 1 else ""
        everything = {"q": self.search, **self.typed, "sort": sort, "page": page}
        return {key: value for key, value in everything.items() if value}

    def without(self, key: str) -> "Asked":
        """The same list without one filter, or (``q``) without the search, from its first page."""
        typed = {each: value for each, value in self.typed.items() if each != key}
        return replace(self, search="" if key == "q" else self.search, typed=typed, page=1)

    def at(self, page: int) -> "Asked":
        """The same list at another page."""
        return replace(self, page=page)

    def sorted_by(self, name: str, *, descending: bool) -> "Asked":
        """The same list in another order, from its first page."""
        return replace(self, sort=name, descending=descending, page=1)


def read_asked(
    args: Mapping[str, str], filters: Sequence[Filter], sortable: Collection[str], longest: int = LONGEST
) -> Asked:
    """The address in these arguments; others are ignored. 400 for a page, order or search that no link leads to."""
    page, sort, search = args.get("page", "") or "1", args.get("sort", ""), args.get("q", "").strip()
    if not WHOLE.fullmatch(page) or len(search) > longest or (sort and sort.removeprefix("-") not in sortable):
        abort(400)
    typed = {each.key: value for each in filters if (value := args.get(each.key, "").strip())}
    return Asked(search, typed, sort.removeprefix("-"), sort.startswith("-"), int(page))


def fields_of(filters: Sequence[Filter], typed: Mapping[str, str]) -> list[Field]:
    """Every filter as the form shows it."""
    fields = []
    for each in filters:
        value = typed.get(each.key, "")
        options = each.options_now() if each.kind == "pick" else {}
        fields.append(Field(each.key, each.name, each.kind, value, options, each.fault(value) if value else ""))
    return fields


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """The text anywhere in the column, whatever its case; ``%`` and ``_`` stand for themselves."""
    searched = column if isinstance(column.type, String) and not isinstance(column.type, Enum) else cast(column, String)
    clause: ColumnElement[bool] = searched.icontains(text, autoescape=True)
    return clause


def _text(value: str) -> str:
    if len(value) > LONGEST:
        message = f"Enter {LONGEST} characters or fewer"
        raise ValueError(message)
    return value


def _number(value: str) -> int:
    if not _SIGNED.fullmatch(value):
        message = "Enter a whole number, like 12"
        raise ValueError(message)
    return int(value)


def _date(value: str) -> date:
    message = "Enter a real date, like 2026-03-31"
    if not _DAY.fullmatch(value):
        raise ValueError(message)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(message) from error


def _on_day(column: Any, compare: Compare, day: date) -> ColumnElement[bool]:
    """A moment compared with a whole day in London."""
    start, end = (datetime.combine(each, time(), LONDON).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    clauses: dict[Compare, ColumnElement[bool]] = {
        operator.eq: and_(column >= start, column < end),
        operator.ge: column >= start,
        operator.gt: column >= end,
        operator.lt: column < start,
        operator.le: column < end,
    }
    return clauses[compare] if compare in clauses else compare(column, day)
