"""The base views of the officers' panel. A room's ``panel.py`` imports everything it needs of the panel from here.

``Gate`` is the door and the base of workspaces; ``RegisterView`` is a list of one model's rows, with a page for each
and a file of them all. Flask-Admin brings the machinery (joins for search, filters and order, counting, the menu); the
reading of addresses and every page are the house's own. Nothing is written here: a room's pages call its operations.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from markupsafe import Markup

from spatc_funds.audit.operations import looked
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import MissingError, Problem
from spatc_funds.core.words import key_of
from spatc_funds.web import guards
from spatc_funds.web.panel_filters import LONGEST, WHOLE, Asked, Field, Filter, fields_of, read_asked
from spatc_funds.web.panel_formats import PENCE, cell
from spatc_funds.web.panel_gate import Gate, Group, Link, PanelHome
from spatc_funds.web.panel_rows import Rows

__all__ = ["Filter", "Gate", "Group", "Link", "PanelHome", "RegisterView", "expose"]

MOST_ROWS = 10_000
MOST_CHOSEN = 200
MOST_TITLE = 60  # letters of what was asked for, in a page's title


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


class RegisterView(Rows):
    """A list of rows: ``?q=hall&status=sent&sort=-amount&page=2``.

    A subclass names ``permissions`` (``index_view``, and where wanted ``details_view`` and ``export``, which also have
    to be switched on by ``can_view_details`` and ``can_export``), ``visible`` and ``column_list``; anything wrong or
    missing raises TypeError while the application starts.
    """

    # Columns set at the right, as figures; those of pence are anyway.
    numeric: ClassVar[frozenset[str]] = frozenset()
    # One sentence under the heading.
    introduction: ClassVar[str] = ""
    search_length: ClassVar[int] = LONGEST

    list_template = "admin/list.html"
    details_template = "admin/details.html"

    # -- pages ---------------------------------------------------------------------------------------------------------

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """One page of the list, with its search, filters, order and count."""
        asked = self._asked()
        if "" in request.args.values():  # a form sends its empty fields too
            return redirect(self._address(asked))
        return self._list(asked)

    def _list(self, asked: Asked, refused: Sequence[Problem] = (), **more: Any) -> str:
        """The page of the list; ``refused`` says what is wrong with another form that stands on it."""
        fault = self.search_fault(asked.search) if asked.search else ""
        count, rows = (0, []) if fault else self._found(asked, self.page_size)
        pages = max(1, math.ceil(count / self.page_size))
        if asked.page > pages:
            raise MissingError
        fields = fields_of(self.filters, asked.typed)
        wrong = [each for each in fields if each.error]
        problems = [{"href": f"#f-{each.key}", "message": f"{each.label}: {each.error}"} for each in wrong]
        problems += [{"href": "#q", "message": fault}] if fault else []
        export_url = self._export_address(asked) if count and not problems else ""
        problems += [{"href": each.field and f"#{each.field}", "message": each.message} for each in refused]
        chips = self._chips(asked, fields)
        wanted = ", ".join([asked.search][: bool(asked.search)] + [each.label for each in chips[bool(asked.search) :]])
        return self.render(
            self.list_template,
            asked=asked,
            fields=fields,
            problems=problems,
            has_errors=bool(problems),
            chips=chips,
            wanted="" if problems else shorten(wanted, MOST_TITLE, placeholder="…"),
            count=count,
            pages=pages,
            headings=self._headings(asked),
            lines=self._lines(rows, self._address(asked)),
            url_for_page=lambda page: self._address(asked.at(page)),
            clear_url=self.get_url(".index_view"),
            export_url=export_url,
            export_limit=MOST_ROWS,
            search_length=self.search_length,
            search_fault=fault,
            searched=self._searched(),
            acts=[Link(label, self.get_url(f".{page}")) for page, label in self.bulk_acts.items() if self.may(page)],
            list_links=self.links(),
            **{**self.list_context(asked), **more},
        )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One row, named by ``?id=``; ``?url=`` is the list it was opened from."""
        row = self.get_one(request.args.get("id"))
        read = self.get_detail_value
        facts = [{"key": label, "value": self._value(read, row, name)} for name, label in self._details_columns]
        whole, asked = self.get_url(".index_view"), guards.local_path(request.args.get("url")) or ""
        back = asked if asked.split("?")[0] == whole else whole
        more = self.details_context(row)
        return self.render(self.details_template, row=row, heading=self.title_of(row), facts=facts, back=back, **more)

    @expose("/export/<any(csv):export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The list that the address asks for, all pages of it, as a file; who took it is recorded.

        Money stands in pounds with two decimals and dates as 2026-03-31, so that a spreadsheet can reckon with them.
        """
        asked = self._asked()
        if any(each.error for each in fields_of(self.filters, asked.typed)) or self.search_fault(asked.search):
            abort(400)
        _count, rows = self._found(asked.at(1), MOST_ROWS)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(
            cell(f"{label} (£)" if _is_pence(str(name)) else label) for name, label in self.export_columns()
        )
        for row in rows:
            values = (self.get_export_value(row, name) for name, _label in self.export_columns())
            writer.writerow(cell(value) for value in values)
        looked(guards.current_actor().id, f"{self.endpoint}.export", urlencode(asked.at(1).arguments()))
        name = f"{key_of(self.name or self.endpoint)}-{london_day(now())}.{export_type}"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        # With a byte order mark: without one Excel reads £ as two letters.
        return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)

    # -- what a room may say differently -------------------------------------------------------------------------------

    def title_of(self, row: Any) -> str:
        """What a row is called at the head of its page."""
        name, _label = self._details_columns[0]
        return str(self._value(self.get_detail_value, row, name))

    def details_context(self, row: Any) -> dict[str, Any]:  # noqa: ARG002 # rooms use it
        """More for the details template."""
        return {}

    def list_context(self, asked: Asked) -> dict[str, Any]:  # noqa: ARG002 # rooms use it
        """More for the list's template."""
        return {}

    def search_fault(self, text: str) -> str:  # noqa: ARG002 # rooms use it
        """What is wrong with a search, in words; empty when nothing is. Words alone are never wrong."""
        return ""

    def columns(self) -> Sequence[tuple[str, str]]:
        """The columns that whoever asks may see: name and label."""
        return self._columns

    def export_columns(self) -> Sequence[tuple[Any, str]]:
        """The same for the file."""
        return self._export_columns

    def row_link(self, row: Any) -> str | None:  # noqa: ARG002 # rooms use it
        """Where the row's first cell leads, a workspace say; None for its details, where there are any."""
        return None

    def links(self) -> Sequence[Link]:
        """Places offered above the list."""
        return ()

    def chosen(self) -> list[Any]:
        """The rows that were ticked (``row`` in the form), those that whoever asks may see."""
        keys = [int(key) for key in request.form.getlist("row")[:MOST_CHOSEN] if WHOLE.fullmatch(key)]
        return list(self.get_query().filter(self._keys[0].in_(keys)).order_by(self._keys[0]))

    # -- addresses and cells -------------------------------------------------------------------------------------------

    def _asked(self) -> Asked:
        return read_asked(request.args, self.filters, self._sortable(), self.search_length)

    def _sortable(self) -> dict[str, str]:
        """What an address calls each column that the list can be sorted by."""
        return {_short(name): name for name, _label in self.columns() if name in self._sortable_columns}

    def _found(self, asked: Asked, size: int) -> tuple[int, list[Any]]:
        applied = [
            (index, each.name, asked.typed[each.key])
            for index, each in enumerate(self.filters)
            if each.key in asked.typed and not each.fault(asked.typed[each.key])
        ]
        sort = self._sortable()[asked.sort] if asked.sort else None
        count, rows = self.get_list(asked.page - 1, sort, asked.descending, asked.search, applied, page_size=size)
        return count or 0, rows

    def _address(self, asked: Asked) -> str:
        return self.get_url(".index_view", **asked.arguments())

    def _export_address(self, asked: Asked) -> str:
        if not self.may("export"):
            return ""
        return self.get_url(".export", export_type="csv", **asked.at(1).arguments())

    def _searched(self) -> str:
        names = [self.get_column_name(str(name)) for name in self.column_searchable_list or ()]
        return ", ".join(name if index == 0 else name.lower() for index, name in enumerate(names))

    def _chips(self, asked: Asked, fields: Iterable[Field]) -> list[Link]:
        """What the list is narrowed by now; each leads to the list without it."""
        chips = [Link(f"Search: {asked.search}", self._address(asked.without("q")))] if asked.search else []
        used = [each for each in fields if each.value and not each.error]
        return chips + [Link(each.said(), self._address(asked.without(each.key))) for each in used]

    def _headings(self, asked: Asked) -> list[Heading]:
        sortable, (name, descending) = self._sortable(), self._order(asked)
        headings = []
        for column, label in self.columns():
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
        details = self.may("details_view")
        kept = {"url": here} if "?" in here else {}
        lines = []
        for row in rows:
            url = self.row_link(row)
            if url is None and details:
                url = self.get_url(".details_view", id=self.get_pk_value(row), **kept)
            cells = tuple(self._value(self.get_list_value, row, name) for name, _label in self.columns())
            lines.append(Line(self.get_pk_value(row), url, cells))
        return lines

    @staticmethod
    def _value(read: Callable[..., Any], row: Any, name: Any) -> Any:
        return read(None, row, name)  # no template context: formatters of the house need none


def _short(name: str) -> str:
    return name.removesuffix(PENCE)


def _is_pence(name: str) -> bool:
    return name.endswith(PENCE)
