"""Results of past rounds in a file (pure): tables of texts in, checked records out, every fault by sheet, row, column.

The columns are the contract of the README ("Files in and out"). Amounts are pounds with two decimals; blank is unknown
and 0 is zero; days are YYYY-MM-DD; districts are GSS codes. What a name means (a fund, a theme, a measure) is looked
up by whoever holds the plan: here only the shape is judged.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spatc_funds.core.money import parse_pounds
from spatc_funds.core.places import DISTRICTS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "projects": (
        "project_ref",
        "fund",
        "round",
        "organisation",
        "organisation_number",
        "project",
        "awarded_on",
        "awarded",
        "paid",
        "plan",
        "theme",
        "cross_cutting_themes",
        "primary_outcome",
        "other_outcomes",
        "districts",
    ),
    "targets": ("project_ref", "measure", "target", "target_of"),
    "returns": ("project_ref", "return_no", "period_from", "period_to", "due_on", "state", "accepted_on"),
    "values": ("project_ref", "return_no", "measure", "value", "value_of", "state", "split_by", "split"),
    "measures": ("measure", "name", "unit", "basis", "across_periods", "across_projects"),
}
OPTIONAL = frozenset({"measures"})
STATES = ("accepted", "sent", "sent back", "not started")
ACCEPTED, NOT_STARTED = "accepted", "not started"
REPORTED = "reported"
VALUE_STATES = (REPORTED, "nothing to report", "not applicable")
BASES = ("unique people", "attendances", "events", "items", "money", "n-of-m", "score")
ACROSS_PERIODS = ("sum", "latest", "highest", "mean")
ACROSS_PROJECTS = ("sum", "range", "n-of-m", "none")
LONGEST, LONGEST_REFERENCE, MOST_RETURNS = 300, 40, 999
MOST_COUNTED = 2_000_000_000
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*", re.ASCII)

Table = tuple[Sequence[str], Sequence[Mapping[str, str]]]  # header, rows: as ``read_table`` gives them


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the sheet, the row as a spreadsheet numbers it (header: 1), the column, and how to mend it."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.row}, {self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a return; ``value`` is None unless it is reported. Money is whole pence."""

    row: int
    measure: str
    state: str
    value: int | None
    value_of: int | None
    split_by: str
    split: str


@dataclass(frozen=True, slots=True)
class Returned:
    """One return of a project."""

    row: int
    number: int
    period_from: date
    period_to: date
    due_on: date
    state: str
    accepted_on: date | None
    values: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a project promised on a measure."""

    row: int
    measure: str
    target: int
    target_of: int | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project; pence are None where they are not known, ``shares`` where the districts are not."""

    row: int
    reference: str
    cells: Mapping[str, str]
    awarded_on: date | None
    awarded_pence: int | None
    paid_pence: int | None
    cross_cutting: tuple[str, ...]
    other_outcomes: tuple[str, ...]
    shares: Mapping[str, int]
    targets: list[Promise] = field(default_factory=list)
    returns: list[Returned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure that the file defines."""

    row: int
    key: str
    name: str
    unit: str
    basis: str
    across_periods: str
    across_projects: str


@dataclass(frozen=True, slots=True)
class Results:
    """A whole file, as far as it could be read; with any fault nothing of it may be written."""

    projects: Sequence[ProjectRow]
    measures: Sequence[MeasureRow]
    faults: Sequence[Fault]


class _Reader:
    """Reads cells of one row and collects what is wrong with them."""

    def __init__(self, sheet: str, row: int, cells: Mapping[str, str], faults: list[Fault]) -> None:
        self.sheet, self.row, self.cells, self.faults = sheet, row, cells, faults
        self.good = True

    def fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.sheet, self.row, column, message))
        self.good = False

    def text(self, column: str, *, needed: bool = False, longest: int = LONGEST) -> str:
        found = self.cells.get(column, "").strip()
        if needed and not found:
            self.fault(column, "this cell is blank")
        elif len(found) > longest or not found.isprintable():
            self.fault(column, f"a text of up to {longest} ordinary characters")
        return found

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        found = self.text(column).lower()
        if found not in allowed:
            self.fault(column, f"“{found[:40]}” is none of: {', '.join(allowed)}")
        return found

    def read(self, column: str, reads: Callable[[str], Any], words: str, *, needed: bool = False) -> Any:
        """A cell by a function that raises ValueError; None where it is blank or wrong."""
        found = self.text(column, needed=needed)
        if not found:
            return None
        try:
            return reads(found)
        except ValueError:
            self.fault(column, f"“{found[:40]}” is not {words}")
            return None

    def whole(self, column: str, *, needed: bool = False) -> int | None:
        found: int | None = self.read(column, _whole, "a whole number from 0", needed=needed)
        return found

    def day(self, column: str, *, needed: bool = False) -> date | None:
        found: date | None = self.read(column, _day, "a day, written as 2026-03-31", needed=needed)
        return found

    def pounds(self, column: str) -> int | None:
        found: int | None = self.read(column, parse_pounds, "an amount in pounds, written as 7400.00")
        return found

    def counted(self, column: str, *, money: bool, needed: bool = False) -> int | None:
        """A number that a measure counts; pounds where it counts money, no more than the tables hold."""
        found = self.pounds(column) if money else self.whole(column, needed=needed)
        if found is not None and found > MOST_COUNTED:
            self.fault(column, f"a number up to {MOST_COUNTED // 100 if money else MOST_COUNTED:,}")
            return None
        return found

    def named(self, column: str) -> tuple[str, ...]:
        """Names with ``;`` between them, each once, in their order."""
        return tuple(
            dict.fromkeys(filter(None, (each.strip() for each in self.text(column, longest=2_000).split(";"))))
        )


def read(tables: Mapping[str, Table], money: Iterable[str] = ()) -> Results:
    """Read all tables of a file. ``money`` are the keys of measures that count pounds, of those known already."""
    faults = list(_wrong_tables(tables))
    if faults:
        return Results((), (), faults)
    measures = _measures(tables, faults)
    in_pounds = {*money, *(each.key for each in measures if each.basis == "money")}
    projects = _projects(tables, faults)
    _targets(tables, projects, in_pounds, faults)
    returns = _returns(tables, projects, faults)
    _values(tables, projects, returns, in_pounds, faults)
    return Results([*projects.values()], measures, faults)


def _wrong_tables(tables: Mapping[str, Table]) -> Iterable[Fault]:
    for sheet, columns in COLUMNS.items():
        if sheet not in tables:
            if sheet not in OPTIONAL:
                yield Fault(sheet, 1, "project_ref", "this sheet is missing")
            continue
        header = tables[sheet][0]
        yield from (Fault(sheet, 1, each, "this column is missing") for each in columns if each not in header)
        yield from (Fault(sheet, 1, each, "this column is not known") for each in header if each not in columns)
        yield from (
            Fault(sheet, 1, each, "this column stands twice")
            for each in dict.fromkeys(header)
            if header.count(each) > 1
        )
    yield from (
        Fault(sheet, 1, "sheet", f"this sheet is not known: there are {', '.join(COLUMNS)}")
        for sheet in tables
        if sheet not in COLUMNS
    )


def _rows(tables: Mapping[str, Table], sheet: str, faults: list[Fault]) -> Iterable[_Reader]:
    for number, cells in enumerate(tables[sheet][1] if sheet in tables else (), start=2):
        if any(value.strip() for value in cells.values()):
            yield _Reader(sheet, number, cells, faults)


def _measures(tables: Mapping[str, Table], faults: list[Fault]) -> list[MeasureRow]:
    found: dict[str, MeasureRow] = {}
    for row in _rows(tables, "measures", faults):
        each = MeasureRow(
            row.row,
            row.text("measure", needed=True, longest=80),
            row.text("name", needed=True),
            row.text("unit", needed=True),
            row.one_of("basis", BASES),
            row.one_of("across_periods", ACROSS_PERIODS),
            row.one_of("across_projects", ACROSS_PROJECTS),
        )
        if (each.basis == "n-of-m") != (each.across_projects == "n-of-m"):
            row.fault("across_projects", "a measure of n-of-m is added as n-of-m, and no other is")
        if each.basis == "unique people" and each.across_projects == "sum":
            row.fault("across_projects", "unique people are never summed across projects: a range")
        if each.key in found:
            row.fault("measure", f"this measure stands in row {found[each.key].row} already")
        if row.good:
            found[each.key] = each
    return [*found.values()]


def _projects(tables: Mapping[str, Table], faults: list[Fault]) -> dict[str, ProjectRow]:
    found: dict[str, ProjectRow] = {}
    for row in _rows(tables, "projects", faults):
        reference = row.text("project_ref", needed=True, longest=LONGEST_REFERENCE)
        if reference and not _REFERENCE.fullmatch(reference):
            row.fault("project_ref", "letters, digits, spaces and . / _ - only")
        if reference in found:
            row.fault("project_ref", f"this project stands in row {found[reference].row} already")
        awarded = row.pounds("awarded")
        if awarded == 0:
            row.fault("awarded", "an award of nothing: leave it blank where it is not known")
        needed = ("fund", "round", "organisation", "project", "plan", "theme", "primary_outcome", "organisation_number")
        cells = {name: row.text(name, needed=name in {"fund", "round", "project"}) for name in needed}
        each = ProjectRow(
            row.row,
            reference,
            cells,
            row.day("awarded_on"),
            awarded,
            row.pounds("paid"),
            row.named("cross_cutting_themes"),
            row.named("other_outcomes"),
            _shares(row),
        )
        if row.good or reference not in found:
            found[reference] = each
    return found


def _shares(row: _Reader) -> dict[str, int]:
    shares: dict[str, int] = {}
    for part in row.named("districts"):
        code, _, percent = part.partition(":")
        if code not in DISTRICTS:
            row.fault("districts", f"“{code[:40]}” is not a district of West Yorkshire: {', '.join(DISTRICTS)}")
        elif not _WHOLE.fullmatch(percent) or not 1 <= int(percent) <= 100:
            row.fault("districts", f"“{part[:40]}” is not a share, written as E08000035:60")
        elif code in shares:
            row.fault("districts", f"{code} stands there twice")
        else:
            shares[code] = int(percent)
    if shares and sum(shares.values()) != 100:
        row.fault("districts", f"the shares come to {sum(shares.values())}, not to 100")
    return shares


def _targets(
    tables: Mapping[str, Table], projects: Mapping[str, ProjectRow], in_pounds: set[str], faults: list[Fault]
) -> None:
    for row in _rows(tables, "targets", faults):
        project, measure = _project(row, projects), row.text("measure", needed=True)
        target = row.counted("target", money=measure in in_pounds, needed=True)
        of = row.whole("target_of")
        if target is None and not row.text("target") and measure in in_pounds:
            row.fault("target", "this cell is blank")
        if of is not None and target is not None and target > of:
            row.fault("target_of", "the target is more than what it is out of")
        if project and any(each.measure == measure for each in project.targets):
            row.fault("measure", "this project has a target for it in another row already")
        if project and row.good and target is not None:
            project.targets.append(Promise(row.row, measure, target, of))


def _returns(
    tables: Mapping[str, Table], projects: Mapping[str, ProjectRow], faults: list[Fault]
) -> dict[tuple[str, int], Returned]:
    found: dict[tuple[str, int], Returned] = {}
    for row in _rows(tables, "returns", faults):
        project, number = _project(row, projects), row.whole("return_no", needed=True)
        days = [row.day(name, needed=True) for name in ("period_from", "period_to", "due_on")]
        state, accepted_on = row.one_of("state", STATES), row.day("accepted_on")
        if (state == ACCEPTED) != (accepted_on is not None):
            row.fault("accepted_on", "an accepted return has a day, and no other has one")
        if days[0] and days[1] and days[0] > days[1]:
            row.fault("period_to", "the period ends before it begins")
        if number is not None and not 1 <= number <= MOST_RETURNS:
            row.fault("return_no", f"a number from 1 to {MOST_RETURNS}")
        if project and number is not None and (project.reference, number) in found:
            row.fault("return_no", f"this return stands in row {found[project.reference, number].row} already")
        if project and number is not None and row.good and days[0] and days[1] and days[2]:
            each = Returned(row.row, number, days[0], days[1], days[2], state, accepted_on)
            found[project.reference, number] = each
            project.returns.append(each)
    return found


def _values(
    tables: Mapping[str, Table],
    projects: Mapping[str, ProjectRow],
    returns: Mapping[tuple[str, int], Returned],
    in_pounds: set[str],
    faults: list[Fault],
) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in _rows(tables, "values", faults):
        project, number = _project(row, projects), row.whole("return_no", needed=True)
        held = returns.get((project.reference, number)) if project and number is not None else None
        if project and number is not None and held is None:
            row.fault("return_no", f"{project.reference} has no return {number} in the sheet “returns”")
        each = _said(row, in_pounds)
        if held and held.state == NOT_STARTED:
            row.fault("return_no", "this return is not started, so it has no values")
        pair = (project.reference if project else "", number, each.measure, each.split_by, each.split)
        if pair in seen:
            row.fault("measure", f"the same value stands in row {seen[pair]} already")
        seen.setdefault(pair, row.row)
        if held and row.good:
            held.values.append(each)


def _said(row: _Reader, in_pounds: set[str]) -> Said:
    measure, state = row.text("measure", needed=True), row.one_of("state", VALUE_STATES)
    value = row.counted("value", money=measure in in_pounds)
    of, split_by, split = row.whole("value_of"), row.text("split_by"), row.text("split")
    if (state == REPORTED) != bool(row.text("value")):
        row.fault("value", "what is reported has a value (0 is one), and nothing else has")
    if of == 0:
        row.fault("value_of", "out of nobody: then there is nothing to report")
    elif of is not None and value is not None and value > of:
        row.fault("value_of", "the value is more than what it is out of")
    if bool(split_by) != bool(split):
        row.fault("split", "split_by and split are both there, or both blank for the total")
    if split_by == "district" and split and split not in DISTRICTS:
        row.fault("split", f"“{split[:40]}” is not a district of West Yorkshire: {', '.join(DISTRICTS)}")
    return Said(row.row, measure, state, value, of, split_by, split)


def _project(row: _Reader, projects: Mapping[str, ProjectRow]) -> ProjectRow | None:
    reference = row.text("project_ref", needed=True)
    found = projects.get(reference)
    if reference and found is None:
        row.fault("project_ref", f"“{reference[:40]}” does not stand in the sheet “projects”")
    return found


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):  # a week's day has the same length, and is read too
        raise ValueError
    return date.fromisoformat(text)
