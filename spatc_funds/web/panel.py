"""The base views of the officers' panel. A room's ``panel.py`` imports everything it needs of the panel from here.

``Gate`` is the door and the base of workspaces; ``RegisterView`` is a list of one model's rows, with a page for each row
and a file of them all. Flask-Admin brings the machinery (joins, eager loading, counting, menu); the reading of addresses
and every page is the house's own. Nothing is written here: a room's pages call its operations.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlencode

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_admin.contrib.sqla.view import ModelView
from markupsafe import Markup
from sqlalchemy import ColumnElement, Integer, inspect, or_
from sqlalchemy.orm import RelationshipProperty, joinedload, selectinload

from spatc_funds.audit.operations import looked
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import MissingError
from spatc_funds.core.words import key_of
from spatc_funds.db.base import db
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person
from spatc_funds.web import guards, panel_formats
from spatc_funds.web.panel_filters import LONGEST, RESERVED, WHOLE, Asked, Filter, contains, fields_of, read_asked
from spatc_funds.web.panel_gate import Gate, Group, Link, PanelHome

__all__ = ["Filter", "Gate", "Group", "Link", "PanelHome", "RegisterView", "expose"]

MOST_ROWS = 10_000
MOST_CHOSEN = 200
SEPARATE_PAGES = {"details_view": "can_view_details", "export": "can_export"}


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's head. ``order`` is the value of ``aria-sort``, empty where the list cannot be sorted by it."""

    label: str
    numeric: bool
    url: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as shown: its key, where its first cell leads, and its cells."""

    key: Any
    url: str | None
    cells: tuple[str | Markup, ...]


class RegisterView(Gate, ModelView):
    """A list of rows: ``?q=hall&status=sent&sort=-amount&page=2``.

    A subclass names ``permissions`` (``index_view``, and where wanted ``details_view`` and ``export``, which also have
    to be switched on by ``can_view_details`` and ``can_export``), ``visible`` and ``column_list``; anything wrong or
    missing raises TypeError while the application starts.
    """

    list_template = "admin/list.html"
    details_template = "admin/details.html"
    page_size = 50

    # -- pages ---------------------------------------------------------------------------------------------------------

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """One page of the list, with its search, filters, order and count."""
        asked = self._asked()
        if "" in request.args.values():  # a form sends its empty fields too
            return redirect(self._address(asked))
        count, rows = self._found(asked, self.page_size)
        pages = max(1, math.ceil(count / self.page_size))
        if asked.page > pages:
            raise MissingError
        fields = fields_of(self.filters, asked.typed)
        problems = [{"href": f"#f-{each.key}", "message": f"{each.label}: {each.error}"} for each in fields if each.error]
        return self.render(
            self.list_template,
            asked=asked,
            fields=fields,
            problems=problems,
            has_errors=bool(problems),
            count=count,
            pages=pages,
            headings=self._headings(asked),
            lines=self._lines(rows, self._address(asked)),
            url_for_page=lambda page: self._address(asked.at(page)),
            clear_url=self.get_url(".index_view"),
            export_url=self._export_address(asked) if count and not problems else "",
            export_limit=MOST_ROWS,
            search_length=LONGEST,
            searched=self._searched(),
            acts=[Link(label, self.get_url(f".{page}")) for page, label in self.bulk_acts.items() if self.may(page)],
            links=self.links(),
        )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One row, named by ``?id=``; ``?url=`` is the list it was opened from."""
        row = self.get_one(request.args.get("id"))
        cells = self._cells(self.get_detail_value, row, self._details_columns)
        facts = [{"key": label, "value": value} for (_name, label), value in zip(self._details_columns, cells, strict=True)]
        whole, asked = self.get_url(".index_view"), guards.local_path(request.args.get("url")) or ""
        back = asked if asked.split("?")[0] == whole else whole
        return self.render(
            self.details_template, row=row, heading=self.title_of(row), facts=facts, back=back, **self.details_context(row)
        )

    @expose("/export/<any(csv):export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The whole list that the address asks for, as a file: the same rows and order; who took it is recorded."""
        asked = self._asked()
        if any(each.error for each in fields_of(self.filters, asked.typed)):
            abort(400)
        _count, rows = self._found(asked.at(1), MOST_ROWS)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(panel_formats.cell(label) for _name, label in self._export_columns)
        for row in rows:
            values = (self.get_export_value(row, name) for name, _label in self._export_columns)
            writer.writerow(panel_formats.cell(value) for value in values)
        looked(guards.current_actor().id, f"{self.endpoint}.export", urlencode(asked.at(1).arguments()))
        name = f"{key_of(self.name or self.endpoint)}-{london_day(now())}.{export_type}"
        # With a byte order mark: without one Excel reads £ as two letters.
        return Response(
            "\ufeff" + out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"}
        )

    # -- what a room may say differently -------------------------------------------------------------------------------

    def title_of(self, row: Any) -> str:
        """What a row is called at the head of its page."""
        name, _label = self._details_columns[0]
        return str(self._value(self.get_detail_value, row, name))

    def details_context(self, row: Any) -> dict[str, Any]:  # noqa: ARG002 # rooms use it
        """More for the details template."""
        return {}

    def links(self) -> Sequence[Link]:
        """Places offered above the list."""
        return ()

    def chosen(self) -> list[Any]:
        """The rows that were ticked (``row`` in the form), those that whoever asks may see."""
        keys = [int(key) for key in request.form.getlist("row")[:MOST_CHOSEN] if WHOLE.fullmatch(key)]
        return list(self.get_query().filter(self._keys[0].in_(keys)).order_by(self._keys[0]))

    # -- rows ----------------------------------------------------------------------------------------------------------

    # -- addresses and cells -------------------------------------------------------------------------------------------

    def _asked(self) -> Asked:
        return read_asked(request.args, self.filters, self._sortable())

    def _sortable(self) -> dict[str, str]:
        """What an address calls each column that the list can be sorted by."""
        return {_short(name): name for name, _label in self._list_columns if name in self._sortable_columns}

    def _address(self, asked: Asked) -> str:
        return self.get_url(".index_view", **asked.arguments())

    def _export_address(self, asked: Asked) -> str:
        if not self.may("export"):
            return ""
        return self.get_url(".export", export_type="csv", **asked.at(1).arguments())

    def _searched(self) -> str:
        names = [self.get_column_name(str(name)) for name in self.column_searchable_list or ()]
        return ", ".join(name if index == 0 else name.lower() for index, name in enumerate(names))

    def _headings(self, asked: Asked) -> list[Heading]:
        sortable, (name, descending) = self._sortable(), self._order(asked)
        headings = []
        for column, label in self._list_columns:
            short, numeric = _short(column), _is_pence(column) or column in self.numeric
            if short not in sortable:
                headings.append(Heading(label, numeric))
                continue
            order = "none" if short != name else "descending" if descending else "ascending"
            url = self._address(asked.sorted_by(short, descending=order == "ascending"))
            headings.append(Heading(label, numeric, url, order))
        return headings

    def _order(self, asked: Asked) -> tuple[str, bool]:
        """The column that the list is sorted by first, and whether downwards."""
        if asked.sort:
            return asked.sort, asked.descending
        first: Any = self.column_default_sort or ""
        first = first[0] if isinstance(first, list) else first
        name, descending = first if isinstance(first, tuple) else (first, False)
        return _short(str(name)), bool(descending)

    def _lines(self, rows: Iterable[Any], here: str) -> list[Line]:
        link, details = type(self).row_link, self.may("details_view")
        kept = {"url": here} if "?" in here else {}
        lines = []
        for row in rows:
            url = link(row) if link else None
            if url is None and details:
                url = self.get_url(".details_view", id=self.get_pk_value(row), **kept)
            lines.append(Line(self.get_pk_value(row), url, self._cells(self.get_list_value, row, self._list_columns)))
        return lines

    def _cells(self, read: Callable[..., Any], row: Any, columns: Iterable[tuple[Any, str]]) -> tuple[Any, ...]:
        return tuple(self._value(read, row, name) for name, _label in columns)

    @staticmethod
    def _value(read: Callable[..., Any], row: Any, name: Any) -> Any:
        return read(None, row, name)  # no template context: formatters of the house need none

def _short(name: str) -> str:
    return name.removesuffix(panel_formats.PENCE)


def _is_pence(name: str) -> bool:
    return name.endswith(panel_formats.PENCE)
