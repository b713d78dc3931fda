"""The workbook opened again: tables, real dates and numbers, formulas that are ours alone, the same file each time."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from spatc_funds.awards.models import Award
from spatc_funds.db.base import db
from spatc_funds.files.workbook import write_cell
from spatc_funds.publishing.finance_workbook import write_workbook
from tests.builders import World

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def rows(sheet: Any) -> list[dict[str, Any]]:
    table = next(iter(sheet.tables.values()))
    cells = [[cell.value for cell in row] for row in sheet[table.ref]]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def test_the_workbook_says_what_the_database_says(app: Flask, world: World, tmp_path: Path) -> None:
    reference = world.paid()
    with app.app_context():
        write_workbook("EX-MSCF", tmp_path / "one.xlsx", AT)
        write_workbook("EX-MSCF", tmp_path / "two.xlsx", AT)
        award = db.session.scalars(select(Award).where(Award.reference == reference)).one()
        assert award.amount_pence
        amount, awarded_on = award.amount_pence, award.awarded_on
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = load_workbook(tmp_path / "one.xlsx")
    assert book.sheetnames == ["Cover", "Awards", "Payments", "Checks"]
    assert all(sheet.sheet_state == "visible" and not sheet.merged_cells.ranges for sheet in book)
    (line,) = rows(book["Awards"])
    assert line["Award"] == reference
    assert line["Awarded on"].date() == awarded_on
    assert round(line["Amount"] * 100) == amount
    (payment,) = rows(book["Payments"])
    assert payment["State"] == "paid"
    assert [row["Holds"] for row in rows(book["Checks"])] == [True] * 4
    formulas = [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert formulas == ["=SUM(Awards[Amount])", "=SUM(Payments[Amount])"]


def test_an_empty_round_gives_a_workbook_and_no_round_an_error(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        write_workbook("EX-SS", tmp_path / "empty.xlsx", AT)
        with pytest.raises(LookupError):
            write_workbook("NO-SUCH", tmp_path / "none.xlsx", AT)
    assert load_workbook(tmp_path / "empty.xlsx")["Awards"].tables


@given(st.text(max_size=200))
def test_text_is_never_a_formula_and_never_changed_but_for_controls(text: str) -> None:
    book = Workbook()
    cell = book.active["A1"]  # type: ignore[index]
    try:
        write_cell(cell, text)
    except ValueError:
        assert len(text) > 32_767
        return
    assert cell.data_type == "s"
    lines = text.replace("\r\n", "\n")
    kept = "".join(
        letter for letter in lines if (ord(letter) >= 32 and letter not in "\x7f\ufffe\uffff") or letter in "\t\n"
    )
    assert cell.value == kept


def test_too_long_a_text_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="32,767"):
        write_cell(Workbook().active["A1"], "x" * 32_768)  # type: ignore[index]


def test_names_that_look_like_formulas_stay_names(app: Flask, world: World, tmp_path: Path) -> None:
    world.demo.specs["offered"]["organisation"]["name"] = "=cmd|' /C calc'!A0"  # type: ignore[index]
    world.award()
    with app.app_context():
        write_workbook("EX-SS", tmp_path / "book.xlsx", AT)
    (line,) = rows(load_workbook(tmp_path / "book.xlsx")["Awards"])
    assert line["Recipient"] == "=cmd|' /C calc'!A0"
