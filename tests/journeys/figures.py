"""Reading the impact pages as they stand, and recomputing what they say from their own rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from spatc_funds.core.money import format_pounds, parse_pounds

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_OWED = "No return is owed"
UNKNOWN = "Not exactly known"


@dataclass
class Node:
    """An element: its tag, attributes, and what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["Node | str"] = field(default_factory=list)

    def text(self) -> str:
        """Its words, blanks tidied; a line break is a blank."""
        return " ".join("".join(self._texts()).split())

    def all(self, tag: str = "", **attributes: str | None) -> list["Node"]:
        """The elements inside with this tag and these attributes (``data_x`` is data-x; None is any value)."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self._inside()
            if (not tag or each.tag == tag)
            and all(
                name in each.attributes and value in {None, each.attributes[name]} for name, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attributes: str | None) -> "Node":
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def _inside(self) -> Iterator["Node"]:
        for part in self.parts:
            if isinstance(part, Node):
                yield part
                yield from part._inside()

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield " " if part.tag == "br" else "".join(part._texts())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and tag not in VOID:
            if self.open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(html: str) -> Node:
    """A page as a tree."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


@dataclass(frozen=True)
class Said:
    """What is said of one part: in the page's own words, so that two pages can be compared."""

    projects: int
    awarded: str
    paid: str
    returns: str
    measures: dict[str, str]

    @property
    def people(self) -> str:
        """The people taking part, as the lists show them."""
        return self.measures.get("people-taking-part", "Not asked")


def shown(page: Node) -> Said:
    """What a made-of page says at its top."""
    figures = {each.attributes["data-figure"]: each.text() for each in page.all(data_figure=None)}
    measures = {each.attributes["data-measure"]: each.text() for each in page.all(data_measure=None)}
    number = int(figures["projects"].replace(",", ""))
    return Said(number, figures["awarded"], _amount(figures["paid"]), figures["returns"], measures)


def recomputed(page: Node) -> Said:
    """The same, from the rows alone."""
    rows = [row.all("td") for row in page.one("table", data_table="projects").all("tr", data_project=None)]
    money = [(row[-3].text(), row[-2].text()) for row in rows]
    returns = [row[-1].text().split(" of ") for row in rows]
    return Said(
        projects=len(rows),
        awarded=format_pounds(sum(parse_pounds(awarded) for awarded, _ in money if awarded != UNKNOWN)),
        paid=_together([paid for _, paid in money]),
        returns=f"{sum(int(done) for done, _ in returns)} of {sum(int(due) for _, due in returns)}",
        measures={each.attributes["data-measure"]: _measure(page, each) for each in page.all(data_measure=None)},
    )


def return_links(page: Node) -> set[str]:
    """The addresses of the returns that the figures come from."""
    tables = [table for table in page.all("table", data_table=None) if table.attributes["data-table"] != "projects"]
    return {link.attributes["href"] for table in tables for link in table.all("a")}


def lists(page: Node) -> dict[str, Said]:
    """What the first impact page says of each part, by the address of what it is made of."""
    return _matrix(page) | _parts(page)


def _together(paid: list[str]) -> str:
    """What was paid of several, and of how many of them it is not known."""
    known = format_pounds(sum(parse_pounds(_amount(each)) for each in paid))
    unknown = sum(each.lower() == "not known" for each in paid)
    return f"{known} ({unknown} not known)" if 0 < unknown < len(paid) else known


def _amount(text: str) -> str:
    """What was paid of awards before this service is not known, and adds nothing."""
    return "£0" if text.lower() == "not known" else text


def _matrix(page: Node) -> dict[str, Said]:
    found = {}
    for cell in page.one("table", **{"class": "govuk-table app-matrix"}).all("td"):
        for link in cell.all("a"):
            rest = cell.text().removeprefix(link.text()).strip()
            awarded, rest = rest.split(" awarded Paid: ")
            paid, rest = rest.split(" People: ")
            words, returns = rest.removesuffix(" due returns").rsplit(" ", 3)[0], " ".join(rest.split()[-5:-2])
            if rest.endswith(NOT_OWED):
                words, returns = rest.removesuffix(NOT_OWED).strip(), "0 of 0"
            measures = {} if words == "Not asked" else {"people-taking-part": words}
            number = int(link.text().split()[0])
            found[link.attributes["href"]] = Said(number, awarded, _amount(paid), returns, measures)
    return found


def _parts(page: Node) -> dict[str, Said]:
    found = {}
    for row in page.all("tr"):
        cells = [cell.text() for cell in row.all("td")]
        for link in row.all("a"):
            if "made-of" in link.attributes["href"] and len(cells) == 5:
                people = {} if cells[3] == "Not asked" else {"people-taking-part": cells[3]}
                returns = "0 of 0" if cells[4].startswith(NOT_OWED) else cells[4].split(" due returns")[0]
                found[link.attributes["href"]] = Said(int(cells[0]), cells[1], _amount(cells[2]), returns, people)
    return found


def _measure(page: Node, figure: Node) -> str:
    """One measure from its rows: n of m by both sums, people from the largest to the sum, anything else the sum."""
    key = figure.attributes["data-measure"]
    tables = page.all("table", data_table=key)
    if not tables:
        return "Nothing reported yet"
    rows = [[cell.text().replace(",", "") for cell in row.all("td")] for row in tables[0].all("tr") if row.all("td")]
    counted = [int(row[0]) for row in rows]
    if len(rows[0]) == 3:
        return f"{sum(counted):,} of {sum(int(row[1]) for row in rows):,}"
    about = next(each for each in page.all("p") if figure in each.parts).text()
    if "so this is a range" in about and max(counted) != sum(counted):
        return f"{max(counted):,} to {sum(counted):,}"
    return f"{sum(counted):,}"
