"""Spreadsheets that people send in: what they unfold to is known before any of it is read, and only cells are read."""

import io
import re
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

MOST_UNPACKED = 8 * 1024 * 1024
MOST_MEMBERS = 200
ENCRYPTED = 0x1
DECLARES = (b"<!DOCTYPE", b"<!ENTITY")  # what makes a small text large, or reads other files
SHARED = (b't="shared"', b"t='shared'")  # formulas are refused; these are worked out again for each cell that has one
# However an element is written (with a prefix, with another blank), it begins so.
MOST_ELEMENTS, MOST_STYLES = 300_000, 6_000
MOST_OF = {rb"c": 50_000, rb"si": 50_000, rb"row": 20_000}
ELEMENT = rb"<(?:[A-Za-z_][\w.-]*:)?%s[\s/>]"
STYLES = "styles"
LONG_FORMAT = re.compile(rb"formatCode=\s*(?:\"[^\"]{256}|'[^']{256})")
NOT_ONE = "This is not a spreadsheet that we can read. Send the .xlsx file that you downloaded here."


class Formula(str):
    """A cell that holds a formula: what it comes to is its writer's to say."""

    __slots__ = ()


class UnreadableFileError(Exception):
    """A file that is not the spreadsheet it should be; ``str()`` is fit to be shown to the person."""


def open_workbook(content: bytes) -> Workbook:
    """The workbook, for reading row by row.

    Raises UnreadableFileError for anything else, and for what unfolds to more than 8 MB.
    """
    try:
        _check(content)
        return load_workbook(io.BytesIO(content), read_only=True)
    except UnreadableFileError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it meet
        raise UnreadableFileError(NOT_ONE) from error


def rows_of(book: Workbook, name: str, most_rows: int, most_columns: int) -> Iterator[tuple[object, ...]]:
    """The values of a sheet, row by row from the first, no further than so many; formulas as ``Formula``.

    Raises UnreadableFileError.
    """
    if name not in book.sheetnames:
        message = f"There is no sheet “{name}” in this file. Send the .xlsx file that you downloaded here."
        raise UnreadableFileError(message)
    try:
        for row in book[name].iter_rows(max_row=most_rows + 1, max_col=most_columns):
            yield tuple(Formula(cell.value) if cell.data_type == "f" else cell.value for cell in row)
    except Exception as error:  # as above
        raise UnreadableFileError(NOT_ONE) from error


def _check(content: bytes) -> None:
    """Sizes first: a file of 200 kB can unfold to 400 MB. A member gives no more than the size that was counted."""
    try:
        packed = ZipFile(io.BytesIO(content))
    except BadZipFile:
        raise UnreadableFileError(NOT_ONE) from None
    with packed:
        members = packed.infolist()
        if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
            message = "This file unfolds to more than we read. Send the .xlsx file that you downloaded here."
            raise UnreadableFileError(message)
        for each in members:
            if each.flag_bits & ENCRYPTED:
                message = "This file has a password. Save it without one and send it again."
                raise UnreadableFileError(message)
            if _is_dear(each.filename, packed.read(each)):
                raise UnreadableFileError(NOT_ONE)


def _is_dear(name: str, part: bytes) -> bool:
    """What a small file can make reading cost: entities, shared formulas, endless formats, or more than people write.

    A part that is not UTF-8 is none that a spreadsheet program writes, and would hide all of these.
    """
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return not part.startswith((b"\x89PNG", b"\xff\xd8"))  # a picture is not read
    most_in_all = MOST_STYLES if STYLES in name.lower() else MOST_ELEMENTS
    counted = part.count(b"<") > most_in_all or any(
        sum(1 for _ in re.finditer(ELEMENT % word, part)) > most for word, most in MOST_OF.items()
    )
    return counted or any(word in part for word in (*DECLARES, *SHARED)) or LONG_FORMAT.search(part) is not None
