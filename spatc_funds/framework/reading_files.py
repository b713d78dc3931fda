"""Reading a file of figures, row by row: a csv is never held whole, a spreadsheet is known before it is unfolded."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from spatc_funds.files.uploads import Formula, UnreadableFileError, open_workbook, rows_of
from spatc_funds.framework.collisions import read_collisions
from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.observed import Faults, Reading
from spatc_funds.framework.sources import sources
from spatc_funds.framework.street_crime import read_crimes
from spatc_funds.framework.template import COLUMNS, MOST_ROWS, read_template

PACKED = b"PK"
MOST_PACKED = 2 * 1024 * 1024
PIECE = 1024 * 1024
MOST_CELL, MOST_LINE = 100_000, 1_000_000  # characters of one cell, and of one line
NOT_TEXT = "This is not a csv file that we can read. Save it as “CSV UTF-8” and send it again."
LONG_LINE = "This file has a line that is longer than a table has. Save it as “CSV UTF-8” and send it again."
NOT_THAT_KIND = "This file comes as csv. Send the csv file as it was published."


@dataclass(frozen=True, slots=True)
class Read:
    """What was in a file, and the SHA-256 of it."""

    reading: Reading
    sha256: str


def read_file(kind: ImportKind, file: IO[bytes], indicators: Mapping[str, str], today: date) -> Read:
    """Everything that a file of this kind says; ``indicators`` are those of the plan, name or key → key.

    Raises UnreadableFileError for what is no table at all; what is wrong inside stands in the reading's faults.
    """
    sha256 = hashlib.sha256()
    while piece := file.read(PIECE):
        sha256.update(piece)
    file.seek(0)
    packed = file.read(len(PACKED)) == PACKED
    file.seek(0)
    if packed and kind is not ImportKind.TEMPLATE:
        raise UnreadableFileError(NOT_THAT_KIND)
    table = _sheet(file) if packed else _csv(file)
    try:
        header = [cell.strip() for cell in next(table, [])]
        if kind is ImportKind.POLICE:
            reading = read_crimes(header, table, sources(), today)
        elif kind is ImportKind.COLLISIONS:
            reading = read_collisions(header, table, sources(), today)
        else:
            reading = _template(header, table, indicators, today)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(NOT_TEXT) from error
    return Read(reading, sha256.hexdigest())


def _template(header: list[str], table: Iterator[list[str]], indicators: Mapping[str, str], today: date) -> Reading:
    while header and not header[-1]:  # a spreadsheet's empty columns
        header.pop()
    formulas = Faults()
    reading = read_template(header, _noting(table, formulas), indicators, today)
    if not formulas.count:
        return reading
    return Reading(reading.rows, (), formulas, reading.notes)


def _noting(table: Iterable[list[str]], formulas: Faults) -> Iterator[list[str]]:
    for number, row in enumerate(table, start=2):
        for place, cell in enumerate(row):
            if isinstance(cell, Formula):
                formulas.add(number, COLUMNS[min(place, len(COLUMNS) - 1)], "this is a formula. Type the value itself")
        yield [cell.strip() for cell in row]


def _csv(file: IO[bytes]) -> Iterator[list[str]]:
    csv.field_size_limit(MOST_CELL)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        taken = _Taken()
        for row in csv.reader(taken.of(_lines(text))):
            taken.size = 0
            yield row
    finally:
        text.detach()  # the file is its opener's to close


class _Taken:
    """How many letters one row has taken so far: in quotes it goes on over many lines, and is held whole."""

    def __init__(self) -> None:
        self.size = 0

    def of(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self.size += len(line)
            if self.size > MOST_LINE:
                raise UnreadableFileError(LONG_LINE)
            yield line


def _lines(text: IO[str]) -> Iterator[str]:
    """Lines of a length that a table has: a file that is one line is none. Raises UnreadableFileError."""
    while line := text.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise UnreadableFileError(LONG_LINE)
        yield line


def _sheet(file: IO[bytes]) -> Iterator[list[str]]:
    content = file.read(MOST_PACKED + 1)
    if len(content) > MOST_PACKED:
        message = f"A spreadsheet has at most {MOST_PACKED // PIECE} MB here. Send it as csv."
        raise UnreadableFileError(message)
    book = open_workbook(content)
    for row in rows_of(book, book.sheetnames[0], MOST_ROWS + 2, len(COLUMNS) + 1):
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    """A cell as the csv file has it: days as 2026-03-31, numbers as they are, never rounded."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)
