"""A file of results as it is typed: what is wrong with each cell is said by sheet, row and column."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.impact.results_file import COLUMNS, OPTIONAL, Results, Table, read

GOOD: Mapping[str, Mapping[str, str]] = {
    "projects": {
        "project_ref": "P-1",
        "fund": "A fund",
        "round": "1",
        "project": "A project",
        "awarded_on": "2025-04-01",
        "awarded": "100.50",
        "paid": "0",
        "districts": "E08000032:60;E08000035:40",
    },
    "targets": {"project_ref": "P-1", "measure": "people", "target": "5"},
    "returns": {
        "project_ref": "P-1",
        "return_no": "1",
        "period_from": "2025-04-01",
        "period_to": "2025-09-30",
        "due_on": "2025-10-31",
        "state": "accepted",
        "accepted_on": "2025-11-01",
    },
    "values": {"project_ref": "P-1", "return_no": "1", "measure": "people", "value": "0", "state": "reported"},
    "measures": {
        "measure": "smiles",
        "name": "Smiles",
        "unit": "smiles",
        "basis": "events",
        "across_periods": "sum",
        "across_projects": "sum",
    },
}


def table(sheet: str, *rows: Mapping[str, str]) -> Table:
    columns = COLUMNS[sheet]
    return list(columns), [{name: row.get(name, "") for name in columns} for row in rows]


def tables(sheet: str = "", row: Mapping[str, str] | None = None) -> dict[str, Table]:
    """A good file, with further cells in its one row of a sheet."""
    return {each: table(each, {**cells, **((row or {}) if each == sheet else {})}) for each, cells in GOOD.items()}


def faults(found: Results) -> list[str]:
    return [str(each) for each in found.faults]


def test_a_good_file_is_read_whole() -> None:
    found = read(tables())
    assert faults(found) == []
    (project,) = found.projects
    assert (project.awarded_pence, project.paid_pence) == (10_050, 0), "0 is zero"
    assert dict(project.shares) == {"E08000032": 60, "E08000035": 40}
    assert [each.value for each in project.returns[0].values] == [0]
    assert [each.target for each in project.targets] == [5]
    assert [each.key for each in found.measures] == ["smiles"]


def test_blank_is_unknown() -> None:
    found = read(tables("projects", {"awarded": "", "paid": " ", "awarded_on": "", "districts": ""}))
    assert faults(found) == []
    (project,) = found.projects
    assert (project.awarded_pence, project.paid_pence, project.awarded_on, project.shares) == (None, None, None, {})


@pytest.mark.parametrize(
    ("sheet", "cells", "words"),
    [
        ("projects", {"project_ref": ""}, "project_ref: this cell is blank"),
        ("projects", {"project_ref": "P_1<b>"}, "project_ref: letters, digits"),
        ("projects", {"project_ref": "P" * 41}, "project_ref: a text of up to 40"),
        ("projects", {"awarded": "0.00"}, "awarded: an award of nothing"),
        ("projects", {"awarded": "-5"}, "awarded: “-5” is not an amount"),
        ("projects", {"awarded": "1e3"}, "awarded: “1e3” is not an amount"),
        ("projects", {"awarded_on": "01/04/2025"}, "awarded_on: “01/04/2025” is not a day"),
        ("projects", {"awarded_on": "20250401"}, "awarded_on: “20250401” is not a day"),
        ("projects", {"awarded_on": "2025-02-30"}, "awarded_on: “2025-02-30” is not a day"),
        ("projects", {"districts": "E08000035:60"}, "districts: the shares come to 60, not to 100"),
        ("projects", {"districts": "Leeds:100"}, "districts: “Leeds” is not a district"),
        ("projects", {"districts": "E08000035:100.0"}, "districts: “E08000035:100.0” is not a share"),
        ("projects", {"districts": "E08000035:50;E08000035:40"}, "districts: E08000035 stands there twice"),
        ("projects", {"project": "a\x00b"}, "project: a text of up to 300 ordinary characters"),
        ("targets", {"project_ref": "P-2"}, "project_ref: “P-2” does not stand in the sheet “projects”"),
        ("targets", {"target": ""}, "target: this cell is blank"),
        ("targets", {"target": "4.5"}, "target: “4.5” is not a whole number"),
        ("targets", {"target_of": "4"}, "target_of: the target is more"),
        ("returns", {"state": "perhaps"}, "state: “perhaps” is none of: accepted, sent"),
        ("returns", {"accepted_on": ""}, "accepted_on: an accepted return has a day"),
        ("returns", {"state": "sent"}, "accepted_on: an accepted return has a day, and no other"),
        ("returns", {"period_to": "2025-03-31"}, "period_to: the period ends before it begins"),
        ("returns", {"return_no": "0"}, "return_no: a number from 1"),
        ("values", {"return_no": "2"}, "return_no: P-1 has no return 2"),
        ("values", {"value": ""}, "value: what is reported has a value"),
        ("values", {"state": "not applicable"}, "value: what is reported has a value (0 is one), and nothing else has"),
        ("values", {"value": "٣"}, "value: “٣” is not a whole number"),
        ("values", {"value_of": "0"}, "value_of: out of nobody"),
        ("values", {"value": "3", "value_of": "2"}, "value_of: the value is more"),
        ("values", {"split_by": "district"}, "split: split_by and split are both there"),
        ("values", {"split_by": "district", "split": "Leeds"}, "split: “Leeds” is not a district"),
        ("measures", {"basis": "guesses"}, "basis: “guesses” is none of"),
        ("measures", {"basis": "n-of-m"}, "across_projects: a measure of n-of-m is added as n-of-m"),
        ("measures", {"basis": "unique people"}, "across_projects: unique people are never summed"),
    ],
)
def test_what_is_wrong_is_said_by_its_cell(sheet: str, cells: Mapping[str, str], words: str) -> None:
    said = [each for each in faults(read(tables(sheet, cells))) if words in each or words.removeprefix("“") in each]
    assert said, faults(read(tables(sheet, cells)))
    assert said[0].startswith(f"{sheet}, row 2, ")


@pytest.mark.parametrize("sheet", list(COLUMNS))
def test_the_same_row_twice_is_said(sheet: str) -> None:
    found = {**tables(), sheet: table(sheet, GOOD[sheet], GOOD[sheet])}
    said = faults(read(found))
    assert any(each.startswith(f"{sheet}, row 3, ") for each in said), said


def test_values_of_a_return_that_nobody_started() -> None:
    found = read(tables("returns", {"state": "not started", "accepted_on": ""}))
    assert faults(found) == ["values, row 2, return_no: this return is not started, so it has no values"]


@pytest.mark.parametrize("sheet", list(COLUMNS))
def test_a_sheet_or_a_column_too_few_or_too_many(sheet: str) -> None:
    whole = tables()
    less = {name: each for name, each in whole.items() if name != sheet}
    assert bool(read(less).faults) is (sheet not in OPTIONAL)
    header, rows = whole[sheet]
    assert f"{sheet}, row 1, {header[0]}: this column is missing" in faults(read({**whole, sheet: (header[1:], rows)}))
    assert f"{sheet}, row 1, mood: this column is not known" in faults(
        read({**whole, sheet: ([*header, "mood"], rows)})
    )
    twice = faults(read({**whole, sheet: ([*header, header[0]], rows)}))
    assert f"{sheet}, row 1, {header[0]}: this column stands twice" in twice
    assert "weather, row 1, sheet: this sheet is not known" in faults(read({**whole, "weather": ([], [])}))[0]


def test_money_is_read_in_pounds() -> None:
    found = read(tables("values", {"value": "12.50"}), money=["people"])
    assert found.projects[0].returns[0].values[0].value == 1_250
    assert "target: this cell is blank" in faults(read(tables("targets", {"target": ""}), money=["people"]))[0]


@given(st.sampled_from(list(COLUMNS)), st.data())
def test_whatever_stands_in_a_cell_is_read_or_a_fault_of_that_sheet(sheet: str, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(COLUMNS[sheet]))
    text = data.draw(
        st.text(max_size=12) | st.sampled_from(["0", "1", "-1", "NaN", "1e9", "2025-01-01", ";", ":", "=1"])
    )
    found = read(tables(sheet, {column: text}))
    for each in found.faults:
        assert each.row == 2
        assert each.column in COLUMNS[each.sheet]
        assert each.message


def test_a_row_of_blanks_is_none() -> None:
    columns, rows = table("projects", GOOD["projects"], dict.fromkeys(COLUMNS["projects"], " "))
    assert len(read({**tables(), "projects": (columns, rows)}).projects) == 1
