"""Workbooks by openpyxl: data stays data, dates are dates, and the same moment gives the same file."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from spatc_funds.core.clock import LONDON

MOST_CHARACTERS = 32_767
HEADER_ROW = 3
POUNDS = "#,##0.00"
DAY = "dd/mm/yyyy"
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")  # what XML cannot hold
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_SHOWN = {int: "0", Fraction: POUNDS, date: DAY, datetime: "dd/mm/yyyy hh:mm"}

Value = str | int | bool | date | datetime | Fraction | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header, its width in characters, and whether its sum stands under the table.

    A sum's values are pounds as fractions of whole pence.
    """

    header: str
    width: int = 18
    summed: bool = False


def pounds(pence: int | None) -> Fraction | None:
    """Pence as a cell's pounds."""
    return None if pence is None else Fraction(pence, 100)


def write_cell(cell: Cell | MergedCell, value: Value) -> None:
    """The one way a value gets into a cell.

    Text is text, whatever it begins with; control characters go; too long a text raises ValueError instead of being
    cut. An aware moment becomes London's clock; pounds are numbers with two decimals.
    """
    if isinstance(value, str):
        clean = _CONTROLS.sub("", value.replace("\r\n", "\n"))
        if len(clean) > MOST_CHARACTERS:
            message = f"a cell holds {MOST_CHARACTERS:,} characters, this text has {len(clean):,}"
            raise ValueError(message)
        cell.value = clean
        cell.data_type = "s"  # after the value, or a text that begins with = is a formula
        cell.quotePrefix = clean[:1] in {"=", "+", "-", "@"}
        return
    if isinstance(value, datetime):
        cell.value = value.astimezone(LONDON).replace(tzinfo=None)
    elif isinstance(value, Fraction):
        cell.value = float(value)
    else:
        cell.value = value
    if type(value) in _SHOWN:
        cell.number_format = _SHOWN[type(value)]


def add_table(
    book: Workbook, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
) -> Worksheet:
    """A sheet with its title in A1 and one named table; sums as formulas under it, with the figure beside as a value.

    An empty table keeps one blank row: a spreadsheet program repairs one that has none.
    """
    sheet: Worksheet = book.create_sheet(name)
    write_cell(sheet["A1"], title)
    sheet["A1"].font = Font(bold=True, size=14)
    for place, column in enumerate(columns, start=1):
        write_cell(sheet.cell(HEADER_ROW, place), column.header)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for place, value in enumerate(row, start=1):
            write_cell(sheet.cell(number, place), value)
    last = HEADER_ROW + max(len(rows), 1)
    table = Table(displayName=name, ref=f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _add_sums(sheet, name, columns, rows, last + 2)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    return sheet


def _add_sums(
    sheet: Worksheet, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]], row: int
) -> None:
    for place, column in enumerate(columns):
        if not column.summed:
            continue
        write_cell(sheet.cell(row, 1), "Total")
        write_cell(sheet.cell(row + 1, 1), "Total as computed by the service")
        total = sheet.cell(row, place + 1)
        total.value = f"=SUM({name}[{column.header}])"
        total.number_format = POUNDS
        known = [value for value in (each[place] for each in rows) if isinstance(value, Fraction)]
        write_cell(sheet.cell(row + 1, place + 1), sum(known, Fraction(0)))
        for under in (row, row + 1):
            sheet.cell(under, 1).font = sheet.cell(under, place + 1).font = Font(bold=True)


def add_facts(sheet: Worksheet, title: str, facts: Sequence[tuple[str, Value]]) -> None:
    """A cover: its title in A1, then a name and a value a row."""
    write_cell(sheet["A1"], title)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 38, 70
    for row, (name, value) in enumerate(facts, start=3):
        write_cell(sheet.cell(row, 1), name)
        sheet.cell(row, 1).font = Font(bold=True)
        write_cell(sheet.cell(row, 2), value)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def save(book: Workbook, out: Path, at: datetime) -> None:
    """Write the workbook as it was at that moment: the same content at the same moment is the same file."""
    book.properties.creator = "spatc_funds"
    book.properties.created = at.replace(tzinfo=None, microsecond=0)
    raw = io.BytesIO()
    book.save(raw)
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp, content)
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
