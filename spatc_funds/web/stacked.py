"""Tables that become blocks where they are narrow: each cell gets its column's name, each part its role.

A template writes a plain table inside ``{% filter stacked %}``. Drawn as blocks, a table is no table to a screen reader
any more unless its parts say what they are; and a cell says its column's name, which is out of sight then.
"""

import re

from markupsafe import Markup, escape

HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
UNSEEN = re.compile(r'<span class="govuk-visually-hidden">.*?</span>', re.DOTALL)
PART = re.compile(r"<(table|thead|tbody|tfoot|tr|th|td)\b([^>]*)>(\s*</td>)?")
SPAN = re.compile(r'\bcolspan="(\d+)"')
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}
MANY, MOST = 6, 9  # columns of a table that needs more room, and of one that needs most


def stacked(table: Markup) -> Markup:
    """A table, with roles and its columns' names, in the box whose width decides how it is drawn."""
    head = HEAD.search(table)
    labels = [_words(each) for each in HEADING.findall(head[0])] if head else []
    more = " app-stack--widest" if len(labels) >= MOST else " app-stack--wide" if len(labels) >= MANY else ""
    marked = Markup(_Marked(labels).all(table))  # noqa: S704 # a template's own, escaped there
    return Markup('<div class="app-stack{}">{}</div>').format(more, marked)


def _words(heading: str) -> str:
    """A heading's words as far as they are seen."""
    return Markup(UNSEEN.sub("", heading)).striptags()  # noqa: S704 # text without marks, escaped where it goes


class _Marked:
    """Goes through a table's tags, and knows in which column it is."""

    def __init__(self, labels: list[str]) -> None:
        self.labels, self.column = labels, 0

    def all(self, table: str) -> str:
        return PART.sub(self._part, table)

    def _part(self, found: re.Match[str]) -> str:
        name, attributes, empty = found[1], found[2], found[3] or ""
        if name == "tr":
            self.column = 0
        role = ROLES.get(name) or ("rowheader" if 'scope="row"' in attributes else "columnheader")
        said = f' role="{role}"'
        if name in {"td", "th"}:
            if name == "td":
                said += self._label(is_empty=bool(empty))
            span = SPAN.search(attributes)
            self.column += int(span[1]) if span else 1
        return f"<{name}{said}{attributes}>{empty}"

    def _label(self, *, is_empty: bool) -> str:
        label = self.labels[self.column] if self.column < len(self.labels) else ""
        if is_empty:
            return ' data-empty="yes"'
        return f' data-label="{escape(label)}"' if label else ""
