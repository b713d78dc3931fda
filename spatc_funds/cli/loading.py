"""What the product brings with it, loaded through the rooms' own operations: plan, funds, past awards."""

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook

from spatc_funds.awards.importing import import_awards
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.importing import Brought, load_figures
from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.observed import Faults
from spatc_funds.framework.observing import Difference
from spatc_funds.framework.operations import load_measures, load_plan
from spatc_funds.framework.queries import indicators_by_key, measures
from spatc_funds.framework.reading_files import Read, read_file
from spatc_funds.funds.operations import load_funds
from spatc_funds.impact.importing import Added, import_results
from spatc_funds.impact.results_file import Table
from spatc_funds.impact.results_file import read as read_results
from spatc_funds.policy.actions import Action

DATA = Path(__file__).parent.parent / "framework" / "data"
PLANS = ("plan-2021-24.json", "plan-2024-28.json")
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 500_000
PAST_AWARDS = ("past_awards.csv", "safer_streets_awards.csv")


def read(name: str) -> Any:
    """One of the product's own data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def load_all() -> int:
    """The plan, the measures, the funds with their rounds, and past awards; how much of it was new."""
    with unit_of_work(None, Action.PLAN_LOAD, "plan"):
        new = sum(1 for name in PLANS if load_plan(read(name)))
        new += load_measures(read("measures.json"))
    with unit_of_work(None, Action.FUND_LOAD, "funds"):
        new += load_funds(read("funds.json"))
    return new + sum(load_awards(DATA / name) for name in PAST_AWARDS)


def load_awards(path: Path) -> int:
    """Past awards from a csv or xlsx file; how many were new. Raises FileFaultsError."""
    header, rows = read_table(path)
    with unit_of_work(None, Action.AWARD_IMPORT, path.name[:80]):
        return import_awards(header, rows)


class FigureFaultsError(Exception):
    """A file of figures that was refused as a whole: the first faults, and how many there are."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(f"{faults.count} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file of figures changed, and what has to be known of it."""

    done: Difference
    notes: tuple[str, ...]


def load_indicators(
    kind: ImportKind, path: Path, source: str, published_on: date, licence: str, *, example: bool
) -> Loaded:
    """Official figures from a file. Raises FigureFaultsError and NotReadyError, with nothing written."""
    at = clock.now()
    found = _read_figures(kind, path, clock.london_day(at))
    reading = found.reading
    if reading.faults.count:
        raise FigureFaultsError(reading.faults)
    told = (source, published_on, licence, example, reading.observed)
    brought = Brought(kind, path.name[:300], found.sha256, reading.rows, *told)
    with unit_of_work(None, Action.INDICATOR_LOAD, path.name[:80]):
        return Loaded(load_figures(brought, at), reading.notes)


def _read_figures(kind: ImportKind, path: Path, today: date) -> Read:
    names = {name: each.key for each in indicators_by_key().values() for name in (each.name, each.key)}
    db.session.rollback()  # nobody's save waits while a large file is read
    with path.open("rb") as file:
        return read_file(kind, file, names, today)


class UnreadableFileError(Exception):
    """A file that is not the table it should be; ``str()`` says why."""


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows, as text, of a csv file (UTF-8) or of the first sheet of an xlsx file.

    Raises UnreadableFileError for any other content.
    """
    try:
        return _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except (UnicodeDecodeError, csv.Error, BadZipFile, KeyError, ValueError) as error:
        raise UnreadableFileError(f"this is not a table we can read ({error})") from error


def load_results(path: Path, at: datetime) -> Added:
    """Results of past rounds from an xlsx file or a folder of csv files. Raises ResultsFaultsError."""
    tables = read_tables(path)
    money = [each.key for each in measures() if each.basis == "money"]
    with unit_of_work(None, Action.RESULTS_IMPORT, path.name[:80]):
        return import_results(read_results(tables, money), at)


def read_tables(path: Path) -> dict[str, Table]:
    """Every sheet of an xlsx file, or every csv file of a folder, by name. Raises UnreadableFileError."""
    if path.is_dir():
        return {each.stem: read_table(each) for each in sorted(path.glob("*.csv"))}
    if path.suffix.lower() != ".xlsx":
        raise UnreadableFileError("a file of results is an .xlsx file, or a folder of .csv files")
    try:
        book = _open_xlsx(path)
        try:
            return {sheet.title: _table(sheet) for sheet in book.worksheets}
        finally:
            book.close()
    except (BadZipFile, KeyError, ValueError) as error:
        raise UnreadableFileError(f"this is not a table we can read ({error})") from error


def _read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{name: value or "" for name, value in row.items() if name is not None} for row in reader]
        return list(reader.fieldnames or ()), rows


def _read_xlsx(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    book = _open_xlsx(path)
    try:
        return _table(book.worksheets[0])
    finally:
        book.close()


def _open_xlsx(path: Path) -> Workbook:
    with ZipFile(path) as packed:
        if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
            raise UnreadableFileError("this file unfolds to more than we read")
    return load_workbook(path, read_only=True, data_only=True)


def _table(sheet: Any) -> tuple[list[str], list[dict[str, str]]]:
    lines = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)]
    if len(lines) > MOST_ROWS:
        raise UnreadableFileError(f"“{sheet.title}” has more than {MOST_ROWS:,} rows")
    header = lines[0] if lines else []
    rows = [dict(zip(header, line, strict=False)) for line in lines[1:] if any(line)]
    return [name for name in header if name], rows


def _text(value: object) -> str:
    """A cell as the text of a csv file: whole numbers without a point, days as 2026-03-31."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value)
