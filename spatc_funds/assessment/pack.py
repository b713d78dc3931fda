"""A spreadsheet to score with where there is no network: how to, a row for each bid and criterion, and the answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from spatc_funds.files.workbook import HEADER_ROW, MOST_CHARACTERS, Column, Value, add_facts, add_table, save

SCORES, ANSWERS = "Scores", "Answers"
LONGEST = 10_000  # characters of a reason, a note or feedback: as on the page
COLUMNS = (
    Column("Reference", 17),
    Column("Project", 28),
    Column("Key", 14),
    Column("Criterion", 24),
    Column("Weight", 9),
    Column("Score", 9),
    Column("Reason", 50),
    Column("Feedback to the group", 50),
    Column("Note for yourself", 40),
    Column("Version", 10),
    Column("Fingerprint", 15),
)
HEADERS = tuple(column.header for column in COLUMNS)
OPEN = ("Score", "Reason", "Feedback to the group", "Note for yourself")
ANSWER_COLUMNS = (Column("Reference", 17), Column("Project", 28), Column("Criterion", 24), Column("Question", 40))
HOW_TO = (
    ("What this is", "Your bids that are not final, to score where there is no network."),
    (
        "What you can fill in",
        "On the sheet Scores: Score, Reason, Feedback to the group, and Note for yourself. All else is locked.",
    ),
    ("A score", "A whole number. Leave it empty while you have none: empty is never counted as 0."),
    ("Nobody else sees", "The note is for you alone. Scores are seen by nobody else before you make them final."),
    ("The answers", "They are on the sheet Answers, under the criterion that they are for."),
    (
        "When you are back",
        "Open Score offline in the panel and send this file. You see what it would change before it is saved.",
    ),
    ("Keep it safe", "This file holds what groups have told us. Delete it when you have sent it."),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One criterion of one bid as the sheet has it now; ``version`` is the sheet's, 0 where there is none yet.

    ``fingerprint`` begins the hash of what the group has sent; where ``gives_scores`` is not, only words are asked.
    """

    reference: str
    project: str
    key: str
    criterion: str
    weight: int
    maximum: int
    gives_scores: bool
    version: int
    fingerprint: str
    value: int | None
    reason: str
    feedback: str
    note: str

    @property
    def locked(self) -> tuple[Value, ...]:
        """What the file says and nobody may change: reference, project, key, criterion, weight."""
        return (self.reference, self.project, self.key, self.criterion, self.weight)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer, under the criterion that it is for."""

    reference: str
    project: str
    criterion: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything in a file: rows to score, the answers, and what each point means (criterion → words)."""

    rows: Sequence[SheetRow]
    answers: Sequence[AnswerRow]
    anchors: Sequence[tuple[str, str]]


def write_pack(pack: Pack, out: Path, at: datetime) -> None:
    """Write the workbook as at a moment. It has no formulas, no hidden sheets and no password."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)  # noqa: S101 # a new workbook has one sheet
    cover.title = "How to"
    add_facts(cover, "Score offline", [*HOW_TO, ("Made", at), *pack.anchors])
    scores = add_table(book, SCORES, "Your scores", COLUMNS, [_cells(row) for row in pack.rows])
    _unlock(scores, pack.rows)
    _check_scores(scores, pack.rows)
    answers = add_table(
        book,
        ANSWERS,
        "What the groups say",
        (*ANSWER_COLUMNS, Column("Answer", 90)),
        [
            (each.reference, each.project, each.criterion, each.question, part)
            for each in pack.answers
            for part in _parts(each.answer)
        ],
    )
    for sheet in (cover, scores, answers):
        _protect(sheet)
    save(book, out, at)


def _cells(row: SheetRow) -> tuple[Value, ...]:
    return (*row.locked, row.value, row.reason, row.feedback, row.note, row.version, row.fingerprint)


def _parts(text: str) -> Iterator[str]:
    """A text in as many cells as it takes: nothing of an answer is cut."""
    for start in range(0, max(1, len(text)), MOST_CHARACTERS):
        yield text[start : start + MOST_CHARACTERS]


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against anybody: everything is checked again when it comes back."""
    sheet.protection.sheet = True
    sheet.protection.autoFilter = sheet.protection.sort = False  # these are what is forbidden
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _unlock(sheet: Worksheet, rows: Iterable[SheetRow]) -> None:
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for name in OPEN:
            if row.gives_scores or name != "Score":
                sheet.cell(number, HEADERS.index(name) + 1).protection = Protection(locked=False)


def _check_scores(sheet: Worksheet, rows: Sequence[SheetRow]) -> None:
    """A whole number on the row's own scale, or nothing."""
    column = HEADERS.index("Score") + 1
    for maximum in sorted({row.maximum for row in rows}):
        words = f"Type a whole number from 0 to {maximum}, or leave it empty."
        rule = DataValidation(type="whole", operator="between", formula1="0", formula2=str(maximum), allow_blank=True)
        rule.showErrorMessage, rule.errorTitle, rule.error = True, "Not a score", words
        for number, row in enumerate(rows, start=HEADER_ROW + 1):
            if row.maximum == maximum:
                rule.add(sheet.cell(number, column))
        sheet.add_data_validation(rule)
