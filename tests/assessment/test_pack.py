"""Scoring offline: what the file holds, what is refused with its cell when it comes back, and all or nothing."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import request
from hypothesis import given as gives
from hypothesis import settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from werkzeug.test import TestResponse

from spatc_funds.accounts.queries import person_by_email
from spatc_funds.assessment import interests, operations, packing
from spatc_funds.assessment.models import Allocation, Assessment, Calibration, InterestKind
from spatc_funds.assessment.operations import Given
from spatc_funds.assessment.pack import HEADERS, OPEN, AnswerRow, Pack, SheetRow, write_pack
from spatc_funds.assessment.pack_reading import lines_in, packed, read, unpacked
from spatc_funds.audit.models import AccessEntry, LogEntry
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, IllegalMoveError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.files.uploads import MOST_UNPACKED, UnreadableFileError
from spatc_funds.files.workbook import MOST_CHARACTERS
from spatc_funds.funds.models import AdvisoryBody
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World
from tests.laws.sent_forms import forms_of
from tests.laws.test_templates import faults

PAGE = "/admin/assessment/pack/"
FILE = f"{PAGE}my-bids.xlsx"
AT = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
FIRST = 4  # the row under the header
KEYS = ("need", "activities", "reach", "difference", "keeping-people-safe", "delivery-and-value")
HOSTILE = ("=1+1", "+44", "-1", "@SUM(A1)", "\tx", "<script>", "\u202eturned", "_x000D_", "9" * 400)


def row(**more: Any) -> SheetRow:
    base: dict[str, Any] = {
        "reference": "EX-1",
        "project": "Gloves",
        "key": "need",
        "criterion": "Need",
        "weight": 25,
        "maximum": 5,
        "gives_scores": True,
        "version": 3,
        "fingerprint": "abcdef012345",
        "value": None,
        "reason": "",
        "feedback": "",
        "note": "",
    }
    return SheetRow(**base | more)


def written(folder: Path, *rows: SheetRow, answers: tuple[AnswerRow, ...] = ()) -> bytes:
    out = folder / "pack.xlsx"
    write_pack(Pack(rows, answers, [("Need (EX)", "0: Nothing\n5: All")]), out, AT)
    return out.read_bytes()


def edited(content: bytes, edit: Callable[[Worksheet], None]) -> bytes:
    """The file after somebody worked on its sheet of scores."""
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    edit(book["Scores"])
    book.save(out)
    return out.getvalue()


def fill(**cells: Any) -> Callable[[Worksheet], None]:
    """Put values into cells: ``F4=3``."""

    def edit(sheet: Worksheet) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return edit


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_file_is_locked_but_for_what_is_asked_and_has_no_formulas(tmp_path: Path) -> None:
    rows = (row(value=2, reason="=1+1", note="@me"), row(key="reach", maximum=7), row(key="x", gives_scores=False))
    answer = AnswerRow("EX-1", "Gloves", "Need", "Why?", "=cmd|' /C calc'!A0" + "a" * MOST_CHARACTERS)
    content = written(tmp_path, *rows, answers=(answer,))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["How to", "Scores", "Answers"]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    sheet = book["Scores"]
    assert tuple(cell.value for cell in sheet[3]) == HEADERS
    assert sheet.freeze_panes == "A4"
    assert sheet.tables["Scores"].ref == "A3:K6"
    assert sheet.print_title_rows == "$3:$3"
    unlocked = {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert unlocked == {f"{column}{line}" for column in "FGHI" for line in (4, 5, 6)} - {"F6"}
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation
    }
    assert rules == {"F4 F6": ("whole", "0", "5"), "F5": ("whole", "0", "7")}
    assert all(rule.showErrorMessage and rule.allow_blank for rule in sheet.data_validations.dataValidation)
    assert sheet["G4"].value == "=1+1"
    assert (sheet["G4"].data_type, sheet["G4"].quotePrefix) == ("s", True)
    parts = [book["Answers"].cell(line, 5).value for line in (4, 5)]
    assert "".join(parts) == answer.answer, "nothing of an answer is cut"
    assert "0: Nothing" in str([cell.value for cell in book["How to"]["B"]])


def test_there_and_back_changes_nothing(tmp_path: Path) -> None:
    rows = [row(value=0, reason="Two\nlines", feedback="=1", note="-1"), row(key="reach", value=5)]
    found = read(lines_in(written(tmp_path, *rows)), rows)
    assert (list(found.changes), list(found.faults)) == ([], [])
    assert read(lines_in(written(tmp_path)), []).changes == []


@settings(max_examples=25)
@gives(st.none() | st.integers(0, 5), st.lists(st.text(max_size=40) | st.sampled_from(HOSTILE), min_size=3, max_size=3))
def test_whatever_is_typed_comes_back_as_it_was_or_is_a_fault(
    tmp_path_factory: Any, value: int | None, texts: list[str]
) -> None:
    """What the page would keep, the file keeps; never a formula, never another number."""
    now = row()
    shown = row(value=value, reason=texts[0], feedback=texts[1], note=texts[2])
    lines = lines_in(written(tmp_path_factory.mktemp("pack"), shown))
    found = read(unpacked(packed(read(lines, [now]).changes)), [now])
    for change in found.changes:
        assert change.value == value
        for got, typed in zip((change.reason, change.feedback, change.note), texts, strict=True):
            assert got in typed.replace("\r\n", "\n").replace("\r", "\n") or not typed.isprintable()


def test_what_is_missing_is_missing_and_never_nought(tmp_path: Path) -> None:
    content = edited(written(tmp_path, row(), row(key="reach", value=4)), fill(G4="Half a thought", F5=None))
    found = read(lines_in(content), [row(), row(key="reach", value=4)])
    assert [(each.now.key, each.value, each.reason) for each in found.changes] == [
        ("need", None, "Half a thought"),
        ("reach", None, ""),
    ]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (fill(F4=9), "Scores!F4: 9 is not a score from 0 to 5"),
        (fill(F4=-1), "Scores!F4: -1 is not a score from 0 to 5"),
        (fill(F4=1.5), "Scores!F4: 1.5 is not a score from 0 to 5"),
        (fill(F4="four"), "Scores!F4: four is not a score from 0 to 5"),
        (fill(F4="٣"), "Scores!F4: ٣ is not a score"),
        (fill(F4=True), "Scores!F4: True is not a score"),
        (fill(F4="=1+1"), "Scores!F4: this is a formula. Type what you mean"),
        (fill(A4="=B4"), "Scores!A4: this is a formula"),
        (fill(F4=10**30), "is not a score from 0 to 5"),
        (fill(A5="EX-2"), "row 5: this bid is not yours to score now"),
        (fill(C5="nothing"), "Scores!C5: “nothing” is not a criterion of this bid"),
        (fill(C5="need", D5="Need"), "row 5: this bid and criterion stand in row 4 already"),
        (fill(B4="Another"), "Scores!B4: this was changed. It has to be “Gloves”"),
        (fill(D4="Another"), "Scores!D4: this was changed. It has to be “Need”"),
        (fill(E4=99), "Scores!E4: this was changed. It has to be “25”"),
        (
            fill(J4=2, J5=2),
            "row 4: this bid changed since the file was made, its rows are stale: version 2 in the file, 3 now",
        ),
        (fill(K4="000000000000"), "row 4: the group has sent this bid again since the file was made"),
        (fill(G4="a" * 10_001), "Scores!G4: at most 10,000 characters, and this has 10,001"),
        (fill(H4="\u202eturned"), "Scores!H4: there is a hidden character"),
    ],
)
def test_a_fault_names_its_cell_and_nothing_else_is_said(
    tmp_path: Path, edit: Callable[[Worksheet], None], words: str
) -> None:
    now = [row(), row(key="reach", criterion="Reach")]
    found = read(lines_in(edited(written(tmp_path, *now), edit)), now)
    assert len(found.faults) == 1
    assert words in str(found.faults[0])


def test_a_body_that_gives_comments_gives_no_score(tmp_path: Path) -> None:
    now = [row(gives_scores=False)]
    found = read(lines_in(edited(written(tmp_path, *now), fill(F4=3, G4="Well"))), now)
    assert [str(each) for each in found.faults] == [
        "Scores!F4: you are asked for words here, not for a score. Leave it empty"
    ]


def other_sheet() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def bomb(size: int = 60 * 1024 * 1024) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


def declaring(content: bytes) -> bytes:
    """The file with entities that unfold to billions."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            text = made.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + text
            kept.writestr(name, text)
    return out.getvalue()


def encrypted(content: bytes) -> bytes:
    """The flag that says so, on every member."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


def test_what_is_no_such_file_is_refused_quickly(tmp_path: Path) -> None:
    good = written(tmp_path, row())
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as made:
        for number in range(300):
            made.writestr(f"{number}.xml", b"")
    for content, words in (
        (b"", "not a spreadsheet"),
        (b"Reference,Score\n", "not a spreadsheet"),
        (good[: len(good) // 2], "not a spreadsheet"),
        (bomb(), "unfolds to more"),
        (bomb(1000), "not a spreadsheet"),
        (many.getvalue(), "unfolds to more"),
        (declaring(good), "not a spreadsheet"),
        (other_sheet(), "There is no sheet “Scores”"),
        (edited(good, fill(F3="Points")), "Row 3 of the sheet “Scores” has to be"),
        (edited(good, lambda sheet: sheet.delete_rows(1, 9)), "Row 3 of the sheet"),
        (edited(good, fill(A6000="x")), "more than 5,000 rows"),
    ):
        before = datetime.now()  # noqa: DTZ005 # only how long it takes
        with pytest.raises(UnreadableFileError, match=re.escape(words)):
            lines_in(content)
        assert (datetime.now() - before).total_seconds() < 3  # noqa: DTZ005
    assert len(bomb()) < MOST_UNPACKED / 10
    locked = encrypted(good)
    assert locked != good
    with pytest.raises(UnreadableFileError, match="password"):
        lines_in(locked)


def test_a_sheet_that_breaks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    out, good = io.BytesIO(), written(tmp_path, row())
    with zipfile.ZipFile(io.BytesIO(good)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            text = made.read(name)
            kept.writestr(name, text[: len(text) * 2 // 3] if name == "xl/worksheets/sheet2.xml" else text)
    with pytest.raises(UnreadableFileError, match="not a spreadsheet"):
        lines_in(out.getvalue())


@pytest.mark.parametrize("text", ["", "x", "{}", "[1]", "[[1]]", '[["4"' + ',"a"' * 11 + "]]", "[" * 100_000])
def test_what_a_form_carries_is_read_with_the_same_care(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        unpacked(text)


# -- the page ----------------------------------------------------------------------------------------------------------


def ready(world: World, *stories: str) -> tuple[Browser, list[str]]:
    """Bids given to one assessor, who has declared that there is no interest."""
    references = [world.tell(story) for story in stories or ("submitted", "ride-to-work")]
    with world.context():
        actor, officer = world.actor(world.person("assessor", 2)), world.staff("programme officer")
        person = person_by_email(world.person("assessor", 2))
        assert person
        for reference in references:
            bid = world.submission_row(reference)
            with unit_of_work(officer.id, Action.ASSESSMENT_ALLOCATE, reference):
                operations.allocate(officer, bid, [person], clock.now())
            actor = world.actor(person.email)
            with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
                interests.declare(actor, bid, InterestKind.NONE, "", clock.now())
    return world.browser(world.person("assessor", 2)), references


def upload(browser: Browser, content: bytes, name: str = "my-bids.xlsx") -> TestResponse:
    data = {"file": (io.BytesIO(content), name), "csrf_token": browser.token(PAGE)}
    return browser.post(PAGE, data=data, content_type="multipart/form-data")


def confirm(browser: Browser, page: str) -> TestResponse:
    """Press the button of the page that shows what would change."""
    form = next(each for each in forms_of(page, PAGE) if ("act", "save") in each.buttons)
    return browser.send(PAGE, {name: values[0] for name, values in form.sent().items()})


def places(content: bytes) -> dict[tuple[str, str], int]:
    """The rows of a file by bid and criterion."""
    sheet = load_workbook(io.BytesIO(content))["Scores"]
    return {
        (str(sheet.cell(line, 1).value), str(sheet.cell(line, 3).value)): line
        for line in range(FIRST, sheet.max_row + 1)
    }


def sheets(world: World) -> dict[str, dict[str, tuple[int | None, str, str, str]]]:
    """What is saved of the third assessor's sheets."""
    with world.context():
        person = person_by_email(world.person("assessor", 2))
        assert person
        found = db.session.scalars(select(Assessment).where(Assessment.person_id == person.id))
        return {
            each.submission.reference: {
                score.criterion.key: (score.value, score.reason, score.feedback, score.note) for score in each.scores
            }
            for each in found
        }


def test_my_bids_go_into_the_file_and_come_back(world: World) -> None:
    browser, references = ready(world)
    assert "Download your 2 bids" in browser.get(PAGE).text
    answer = browser.get(FILE)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    at = places(answer.data)
    assert set(at) == {(reference, key) for reference in references for key in KEYS}
    with world.context():
        assert "pack:export" in db.session.scalars(select(AccessEntry.what)).all()
        bid = world.submission_row(references[0])
        said = bid.content["answers"][0]["answer"]
    answers = load_workbook(io.BytesIO(answer.data))["Answers"]
    assert said in [cell.value for cell in answers["E"]]
    one, two = at[references[0], "need"], at[references[1], "reach"]
    page = upload(
        browser, edited(answer.data, fill(**{f"F{one}": 0, f"G{one}": "Nothing <b>there</b>", f"I{two}": "Ask"}))
    )
    assert page.status_code == 200
    assert "2 criteria of 2 bids would change" in page.text
    assert "Nothing &lt;b&gt;there&lt;/b&gt;" in page.text
    assert faults(page.text) == []
    assert sheets(world) == {}, "nothing is saved before it was seen"
    saved = confirm(browser, page.text)
    assert (saved.status_code, saved.location) == (303, "/admin/assessment/")
    assert "Saved: 2 rows of 2 bids" in browser.get("/admin/assessment/").text
    assert sheets(world) == {
        references[0]: {"need": (0, "Nothing <b>there</b>", "", "")},
        references[1]: {"reach": (None, "", "", "Ask")},
    }
    with world.context():
        last = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc()).limit(2)).all()
        assert {each.subject for each in last} == set(references[:2]), "one entry for each bid: not everybody sees both"
        assert {each.action for each in last} == {Action.ASSESSMENT_SCORE.value}
    again = confirm(browser, page.text)
    assert again.status_code == 422
    assert "its rows are stale: version 0 in the file" in again.text
    same = upload(browser, browser.get(FILE).data)
    assert "There is nothing to save" in same.text


def test_all_of_it_is_saved_or_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sheet was saved on the page while the file was away: none of the file's good rows goes in."""
    browser, references = ready(world)
    content = browser.get(FILE).data
    at = places(content)
    filled = edited(content, fill(**{f"F{at[each, 'need']}": 3 for each in references}))
    page = upload(browser, filled)
    late = max(references)

    def elsewhere() -> None:
        with world.context():
            actor = world.actor(world.person("assessor", 2))
            with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, late):
                operations.save_scores(
                    actor, world.submission_row(late), {"need": Given(1, "On the page")}, clock.now()
                )

    real = packing.rows_of

    def stale(actor: Any) -> list[SheetRow]:
        rows = real(actor)
        if request.method == "POST":  # between what is checked and what is saved
            db.session.rollback()
            elsewhere()
        return rows

    monkeypatch.setattr(packing, "rows_of", stale)
    refused = confirm(browser, page.text)
    assert refused.status_code == 422
    assert f"Nothing was saved. {late}: You saved this sheet in another window" in unescape(refused.text)
    assert sheets(world) == {late: {"need": (1, "On the page", "", "")}}
    monkeypatch.undo()
    shown = upload(browser, filled)
    assert shown.status_code == 422
    assert re.search(r"its rows are stale: version 0 in the file, [12] now", shown.text)
    assert shown.text.count("stale") == 1
    assert "<title>Error: " in shown.text
    assert faults(shown.text) == []
    assert "Save these scores" not in shown.text


def test_saving_names_the_bid_that_stands_in_the_way(world: World) -> None:
    browser, references = ready(world)
    content = browser.get(FILE).data
    at = places(content)
    lines = lines_in(edited(content, fill(**{f"F{at[each, 'need']}": 3 for each in references})))
    with world.context():
        actor = world.actor(world.person("assessor", 2))
        changes = read(lines, packing.rows_of(actor)).changes
        with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, references[1]):
            scored = {key: Given(3, "Well") for key in KEYS}
            operations.save_scores(actor, world.submission_row(references[1]), scored, clock.now())
        with pytest.raises(ChangedError, match=references[1]), unit_of_work(actor.id, Action.ASSESSMENT_SCORE, "file"):
            packing.save(actor, changes, clock.now())
        with unit_of_work(actor.id, Action.ASSESSMENT_FINISH, references[1]):
            operations.finish(actor, world.submission_row(references[1]), clock.now())
        fresh = [change for change in changes if change.now.reference == references[0]]
        bid = world.submission_row(references[0])
        with unit_of_work(None, Action.CALIBRATION_SET, "test"):
            db.session.add(Calibration(round_id=bid.round_id, set_at=clock.now(), set_by_id=actor.id))
        with pytest.raises(IllegalMoveError, match=references[0]), unit_of_work(actor.id, Action.ASSESSMENT_SCORE, "f"):
            packing.save(actor, fresh, clock.now())
        assert packing.rows_of(actor) == [], "final, or kept back until everybody's first bids have been talked about"
    assert references[0] not in sheets(world)


def test_what_is_barred_or_not_declared_or_not_mine_is_never_in_it(world: World) -> None:
    browser, references = ready(world, "submitted", "ride-to-work", "not-for-sale")
    other = world.assessing()
    mine, barred, undeclared = references
    before = browser.get(FILE).data
    browser.send(f"/admin/assessment/{barred}/interest", {"kind": "prejudicial", "note": "My sister leads it"})
    with world.context():
        canaries = [world.submission_row(each) for each in (barred, undeclared, other)]
        words = [text for each in canaries for text in (each.reference, each.title, each.content["summary"])]
        actor = world.actor(world.person("assessor", 2))
        with unit_of_work(None, Action.INTEREST_DECLARE, undeclared):
            held = interests.queries.interest_of(world.submission_row(undeclared), actor.id)
            db.session.delete(held)
    book = load_workbook(io.BytesIO(browser.get(FILE).data))
    cells = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
    assert mine in cells
    assert not [word for word in words if any(word in cell for cell in cells)]
    assert "Download your bid" in browser.get(PAGE).text
    refused = upload(browser, before)
    assert refused.status_code == 422
    assert refused.text.count("this bid is not yours to score now") == 12
    assert not [word for word in words if word in unescape(refused.text)]


def test_an_adviser_has_the_criteria_that_their_body_is_asked_for(world: World) -> None:
    browser, references = ready(world, "submitted")
    with world.context():
        bid = world.submission_row(references[0])
        with unit_of_work(None, Action.FUND_LOAD, "test"):
            body = AdvisoryBody(
                round_id=bid.round_id,
                key="young-people",
                name="Youth",
                gives_scores=False,
                weight=0,
                criterion_keys=["reach"],
                position=1,
            )
            db.session.add(body)
            db.session.flush()
            db.session.scalars(select(Allocation)).one().body_id = body.id
    content = browser.get(FILE).data
    assert set(places(content)) == {(references[0], "reach")}
    assert load_workbook(io.BytesIO(content))["Scores"]["F4"].protection.locked
    page = upload(browser, edited(content, fill(G4="Young people were asked")))
    assert confirm(browser, page.text).status_code == 303
    assert sheets(world) == {references[0]: {"reach": (None, "Young people were asked", "", "")}}


def test_no_bid_is_a_page_and_a_file_too(world: World) -> None:
    browser = world.browser(world.person("assessor", 2))
    assert "No bid is open to be scored by you" in browser.get(PAGE).text
    assert places(browser.get(FILE).data) == {}


def test_what_is_no_file_is_said_at_the_field(world: World) -> None:
    browser, _references = ready(world, "submitted")
    for answer, words in (
        (browser.send(PAGE, {}), "Choose your file"),
        (upload(browser, b"not a file"), "This is not a spreadsheet that we can read"),
        (upload(browser, bomb()), "unfolds to more than we read"),
    ):
        assert answer.status_code == 422
        assert words in answer.text
        assert "<title>Error: " in answer.text
        assert faults(answer.text) == []


def test_a_form_that_was_made_up_saves_nothing(world: World) -> None:
    browser, references = ready(world, "submitted")
    content = browser.get(FILE).data
    page = upload(browser, edited(content, fill(F4=3))).text
    form = next(each for each in forms_of(page, PAGE) if ("act", "save") in each.buttons)
    sent = {name: values[0] for name, values in form.sent().items()}
    for forged in (
        {**sent, "changes": "["},
        {**sent, "changes": sent["changes"].replace('"3"', '"4"')},
        {**sent, "changes": ""},
        {"act": "save"},
    ):
        answer = browser.send(PAGE, forged)
        assert answer.status_code == 422
        assert "did not come whole" in answer.text
    assert sheets(world) == {}
    assert OPEN[0] == "Score"
    assert references


def test_only_those_who_score_have_it(world: World) -> None:
    for role in ("programme officer", "auditor", "decision maker"):
        browser = world.browser(world.person(role))
        assert browser.get(PAGE).status_code == 403
        assert browser.get(FILE).status_code == 403


@pytest.mark.parametrize(
    ("part", "put_in"),
    [
        ("xl/worksheets/sheet2.xml", '<c r="Z1"><f t="shared" si="0"/></c>'),
        ("xl/styles.xml", '<numFmt numFmtId="200" formatCode="' + "[" * 400 + '"/>'),
        ("xl/styles.xml", "<font/>" * 6_000),
        ("xl/worksheets/sheet2.xml", '<c r="Z1"/>' * 60_000),
        ("xl/worksheets/sheet2.xml", "<c/>" * 60_000),
        ("xl/worksheets/sheet2.xml", '<x:c xmlns:x="a"/>' * 60_000),
        ("xl/styles.xml", "<border/>" * 6_000),
        ("xl/styles.xml", "<x:xf/>" * 6_000),
    ],
)
def test_a_small_file_that_is_dear_to_read_is_refused(world: World, part: str, put_in: str) -> None:
    world.assessing()
    browser = world.browser(world.person("assessor", 1))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(browser.get(FILE).data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace("</", f"{put_in}</", 1) if name == part else text)
    answer = upload(browser, out.getvalue())
    assert answer.status_code == 422
    assert "not a spreadsheet that we can read" in answer.text
