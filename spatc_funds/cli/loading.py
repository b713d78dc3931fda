"""What the product brings with it, loaded through the rooms' own operations: plan, funds, past awards."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from spatc_funds.awards.importing import import_awards
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.operations import load_measures, load_plan
from spatc_funds.funds.operations import load_funds
from spatc_funds.policy.actions import Action

DATA = Path(__file__).parent.parent / "framework" / "data"
PLANS = ("plan-2021-24.json", "plan-2024-28.json")
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 50_000
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


def _read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{name: value or "" for name, value in row.items() if name is not None} for row in reader]
        return list(reader.fieldnames or ()), rows


def _read_xlsx(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with ZipFile(path) as packed:
        if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
            raise UnreadableFileError("this file unfolds to more than we read")
    book = load_workbook(path, read_only=True, data_only=True)
    lines = [
        [_text(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS)
    ]
    book.close()
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
