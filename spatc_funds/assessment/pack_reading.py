"""Reading a file of scores that comes back: every fault with its cell, and what it would change; nothing is saved."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatc_funds.assessment.pack import COLUMNS, HEADERS, LONGEST, OPEN, SCORES, SheetRow
from spatc_funds.core.words import is_blank
from spatc_funds.files.uploads import Formula, UnreadableFileError, open_workbook, rows_of
from spatc_funds.files.workbook import HEADER_ROW
from spatc_funds.web.fields import has_controls, one_line_end

MOST_ROWS = 5_000
MOST_DIGITS = 9
LOCKED = ("Reference", "Project", "Key", "Criterion", "Weight")
NOT_YOURS = "this bid is not yours to score now. Download the file again, or take its rows out"
AGAIN = "Download the file again and put your scores in"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: its number as a spreadsheet shows it, its cells by header as texts, and which are formulas."""

    row: int
    cells: Mapping[str, str]
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where a spreadsheet shows it, and how to mend it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """A criterion of a bid that the file would change: as it is now, and as the file says."""

    now: SheetRow
    value: int | None
    reason: str
    feedback: str
    note: str
    line: Line

    @property
    def is_one(self) -> bool:
        """Whether anything is other than on the sheet."""
        held = (self.now.value, *map(_tidy, (self.now.reason, self.now.feedback, self.now.note)))
        return held != (self.value, self.reason, self.feedback, self.note)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file would change, and what is wrong with it: with any fault nothing can be saved."""

    changes: Sequence[Change]
    faults: Sequence[Fault]


def lines_in(content: bytes) -> list[Line]:
    """The rows of the file's sheet of scores, blank ones left out. Raises UnreadableFileError."""
    book = open_workbook(content)
    rows = list(rows_of(book, SCORES, MOST_ROWS + HEADER_ROW, len(COLUMNS)))
    header = tuple(_text(value) for value in rows[HEADER_ROW - 1]) if len(rows) >= HEADER_ROW else ()
    if header != HEADERS:
        message = f"Row {HEADER_ROW} of the sheet “{SCORES}” has to be: {', '.join(HEADERS)}. {AGAIN}."
        raise UnreadableFileError(message)
    if len(rows) > MOST_ROWS + HEADER_ROW:
        message = f"The sheet “{SCORES}” has more than {MOST_ROWS:,} rows."
        raise UnreadableFileError(message)
    found = []
    for number, row in enumerate(rows[HEADER_ROW:], start=HEADER_ROW + 1):
        cells = dict(zip(HEADERS, map(_text, row), strict=False))
        if any(cells.values()):
            formulas = tuple(name for name, value in zip(HEADERS, row, strict=False) if isinstance(value, Formula))
            found.append(Line(number, {name: cells.get(name, "") for name in HEADERS}, formulas))
    return found


def packed(changes: Iterable[Change]) -> str:
    """The lines of these changes as a text that a form carries to where they are saved."""
    return json.dumps([[each.line.row, *(each.line.cells[name] for name in HEADERS)] for each in changes])


def unpacked(text: str) -> list[Line]:
    """The same lines. Raises UnreadableFileError for anything else."""
    try:
        rows: Any = json.loads(text)
        good = isinstance(rows, list) and all(_is_line(each) for each in rows)
        json.dumps(rows, ensure_ascii=False).encode()  # half a character cannot be stored
    except (ValueError, RecursionError):  # what cannot be encoded is a ValueError too
        good = False
    if not good:
        message = "What was to be saved did not come whole. Send the file again."
        raise UnreadableFileError(message)
    return [Line(row, dict(zip(HEADERS, cells, strict=True))) for row, *cells in rows]


def read(lines: Sequence[Line], now: Iterable[SheetRow]) -> Reading:
    """Hold the lines against the sheets as they are now; rows that are the same change nothing."""
    known = {(row.reference, row.key): row for row in now}
    bids = {reference for reference, _key in known}
    changes: list[Change] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    stale: set[str] = set()
    for line in lines:
        pair = (line.cells["Reference"], line.cells["Key"])
        if line.formulas:
            words = "this is a formula. Type what you mean; a text does not begin with ="
            faults += [Fault(_cell(line, name), words) for name in line.formulas]
            continue
        if pair not in known:
            faults.append(_unknown(line, bids))
            continue
        if pair in seen:
            faults.append(Fault(f"row {line.row}", f"this bid and criterion stand in row {seen[pair]} already"))
            continue
        seen[pair] = line.row
        old = None if pair[0] in stale else _stale(line, known[pair])  # said once for each bid
        stale |= {pair[0]} if old else set()
        change, wrong = _change(line, known[pair])
        faults += [*wrong, *([old] if old else [])]
        changes += [change] if change.is_one else []
    return Reading(changes, faults)


def _change(line: Line, row: SheetRow) -> tuple[Change, list[Fault]]:
    value, wrong = _score(line, row)
    reason, feedback, note = (_tidy(line.cells[name]) for name in OPEN[1:])
    texts = zip(OPEN[1:], (reason, feedback, note), strict=True)
    wrong = _edited(line, row) + wrong + [fault for name, text in texts for fault in _wrong_text(line, name, text)]
    return Change(row, value, reason, feedback, note, line), wrong


def _unknown(line: Line, bids: Collection[str]) -> Fault:
    """Not theirs, or not any more: whether there is such a bid at all is not said."""
    if line.cells["Reference"] not in bids:
        return Fault(f"row {line.row}", NOT_YOURS)
    return Fault(_cell(line, "Key"), f"“{_short(line.cells['Key'])}” is not a criterion of this bid")


def _edited(line: Line, row: SheetRow) -> list[Fault]:
    right = dict(zip(LOCKED, map(_text, row.locked), strict=True))
    return [
        Fault(_cell(line, name), f"this was changed. It has to be “{_short(right[name])}”")
        for name in LOCKED
        if line.cells[name] != right[name]
    ]


def _stale(line: Line, row: SheetRow) -> Fault | None:
    """The group sent it again, or the sheet was saved on the page, after the file was made."""
    if line.cells["Fingerprint"] != row.fingerprint:
        words = f"the group has sent this bid again since the file was made. {AGAIN}"
        return Fault(f"row {line.row}", words)
    if line.cells["Version"] != str(row.version):
        words = (
            "this bid changed since the file was made, its rows are stale: "
            f"version {_short(line.cells['Version'])} in the file, {row.version} now. {AGAIN}"
        )
        return Fault(f"row {line.row}", words)
    return None


def _score(line: Line, row: SheetRow) -> tuple[int | None, list[Fault]]:
    """The score, None where there is none: missing is missing, and never zero."""
    text = line.cells["Score"].strip()
    if not text:
        return None, []
    if not row.gives_scores:
        return None, [Fault(_cell(line, "Score"), "you are asked for words here, not for a score. Leave it empty")]
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) <= row.maximum:
        return int(text), []
    return None, [Fault(_cell(line, "Score"), f"{_short(text)} is not a score from 0 to {row.maximum}")]


def _wrong_text(line: Line, name: str, text: str) -> list[Fault]:
    if has_controls(text, but="\n\t"):
        return [Fault(_cell(line, name), "there is a hidden character that we cannot keep. Type it again")]
    if len(text) > LONGEST:
        return [Fault(_cell(line, name), f"at most {LONGEST:,} characters, and this has {len(text):,}")]
    return []


def _cell(line: Line, name: str) -> str:
    return f"{SCORES}!{'ABCDEFGHIJK'[HEADERS.index(name)]}{line.row}"


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _tidy(text: str) -> str:
    """As the page's own fields keep it; a spreadsheet writes a line end of two characters in its own way."""
    return "" if is_blank(text) else one_line_end(text.replace("_x000D_", "")).strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _is_line(each: object) -> bool:
    return (
        isinstance(each, list)
        and len(each) == len(HEADERS) + 1
        and isinstance(each[0], int)
        and all(isinstance(cell, str) for cell in each[1:])
    )
