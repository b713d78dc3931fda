"""The empty file of figures that people fill in, as csv and as xlsx."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from spatc_funds.files.workbook import save, write_cell
from spatc_funds.framework.observed import AREAS, State
from spatc_funds.framework.template import COLUMNS

SHEET, WORDS = "Figures", "What to write"
WIDTH = 24


def as_csv() -> str:
    """The header row, with a byte order mark: without one Excel reads other letters than were written."""
    return "\ufeff" + ",".join(COLUMNS) + "\r\n"


def write(out: Path, indicators: Sequence[tuple[str, str]], at: datetime) -> None:
    """A sheet with the header row, and one that says what may stand under it; indicators as key and name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet, words = book.create_sheet(SHEET), book.create_sheet(WORDS)
    for place, name in enumerate(COLUMNS, start=1):
        write_cell(sheet.cell(1, place), name)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    sheet.freeze_panes = "A2"
    lines = [
        ("indicator", "one of these keys, or its name"),
        *(("", f"{key}: {name}") for key, name in indicators),
        ("area", "one of these codes, or its name"),
        *(("", f"{code}: {name}") for code, name in AREAS.items()),
        ("period_from, period_to", "days, as 2026-03-31"),
        ("value", "a number without commas, with at most 3 decimals"),
        ("state", " or ".join(State)),
        ("baseline", "yes or no; blank leaves it as it is"),
    ]
    for row, (name, what) in enumerate(lines, start=1):
        write_cell(words.cell(row, 1), name)
        write_cell(words.cell(row, 2), what)
        words.cell(row, 1).font = Font(bold=True)
    words.column_dimensions["A"].width, words.column_dimensions["B"].width = WIDTH, 90
    save(book, out, at)
