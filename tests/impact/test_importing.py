"""Results of past rounds: the example by hand, all or nothing, twice changes nothing, every fault by its cell."""

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select, text

from spatc_funds.awards.models import Award
from spatc_funds.cli.loading import UnreadableFileError, load_results, read_tables
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.models import Measure
from spatc_funds.funds.models import Round
from spatc_funds.impact.importing import Added, ResultsFaultsError
from spatc_funds.impact.queries import Filters, exported, report
from spatc_funds.impact.results_file import COLUMNS
from spatc_funds.policy.actions import Action
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn

EXAMPLE = Path(__file__).parent / "example"
AS_AT = date(2026, 3, 31)
LEEDS, CALDERDALE = "E08000035", "E08000033"


@pytest.fixture
def bare(app: Flask) -> Iterator[Flask]:
    """Without the past awards that the product brings: the example stands alone."""
    with app.app_context():
        for table in ("award_share", "award"):
            db.session.execute(text(f"DELETE FROM {table}"))  # our own names
        db.session.commit()
        yield app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example's files, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def change(folder: Path, sheet: str, row: int, column: str, value: str) -> None:
    """One cell, its row as a spreadsheet numbers it."""
    path = folder / f"{sheet}.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def add(folder: Path, sheet: str, *cells: str) -> None:
    with (folder / f"{sheet}.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(cells)


def load(path: Path) -> Added:
    return load_results(path, clock.now())


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ResultsFaultsError) as refused:
        load(path)
    return [str(each) for each in refused.value.faults]


def member(found: dict[str, Any], part: str, key: str) -> dict[str, Any]:
    return next(each for each in found[part] if each["key"] == key)  # type: ignore[no-any-return] # of the export


def measure(part: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in part["measures"] if each["key"] == key)  # type: ignore[no-any-return] # of the export


def told(part: dict[str, Any], key: str) -> tuple[Any, ...]:
    """low, high, n, of, value, target, projects reporting, projects due."""
    found = measure(part, key)
    names = ("low", "high", "n", "of", "value", "target", "projects_reporting", "projects_due")
    return tuple(found[name] for name in names)


def held() -> tuple[int, ...]:
    tables = (Award, MonitoringReturn, AcceptedReturn, Measure, Round)
    return tuple(db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


# -- the worked example ------------------------------------------------------------------------------------------------


def test_the_worked_example_comes_to_what_was_added_up_by_hand(bare: Flask) -> None:
    """The sums stand in a table of the README."""
    assert load(EXAMPLE) == Added(12, 14)
    found = exported(Filters(as_at=AS_AT))
    total = found["total"]
    assert (total["projects"], total["awarded_pence"], total["paid_pence"]) == (12, 51_500_00, 43_000_00)
    assert (total["amounts_unknown"], total["returns_due"], total["returns_accepted"]) == (1, 12, 10)
    assert told(total, "people-taking-part") == (300, 605, None, None, None, 600, 5, 5)
    assert told(total, "sessions-delivered") == (None, None, None, None, 72, 80, 3, 2)
    assert told(total, "people-who-feel-safer") == (None, None, 42, 130, None, None, 3, 3), "0 of 50 counts"
    assert told(total, "road-users-trained") == (18, 18, None, None, None, 120, 2, 1), "one return is not due yet"
    assert told(total, "young-people-diverted") == (None, None, None, None, None, 12, 0, 1), "sent is not accepted"
    assert told(total, "volunteers-trained") == (None, None, None, None, None, 5, 0, 1), "not applicable is not zero"


def test_the_worked_example_by_its_parts(bare: Flask) -> None:
    load(EXAMPLE)
    found = exported(Filters(as_at=AS_AT))
    themes = {each["key"]: (each["projects"], each["awarded_pence"]) for each in found["by_theme"]}
    assert themes == {
        "neighbourhood-crime-and-asb": (4, 18_500_00),
        "road-safety": (2, 6_999_99),
        "serious-violence": (4, 20_000_00),
        "other-priority": (1, 5_000_00),
        "not-tagged": (1, 1_000_01),
    }
    assert told(member(found, "by_theme", "neighbourhood-crime-and-asb"), "people-taking-part")[:2] == (150, 190)
    assert told(member(found, "by_theme", "serious-violence"), "people-taking-part")[:2] == (300, 325)
    districts = {each["key"]: each["awarded_pence"] for each in found["by_district"]}
    assert districts == {
        "E08000032": 6_600_01,
        "E08000033": 4_150_00,
        "E08000034": 4_650_00,
        "E08000035": 14_150_00,
        "E08000036": 20_449_99,
        "not-tagged": 1_500_00,
    }
    assert told(member(found, "by_district", LEEDS), "people-taking-part")[:2] == (300, 425), "60 by the split"
    years = {each["key"]: each["awarded_pence"] for each in found["by_financial_year"]}
    assert years == {
        "2023-24": 5_000_00,
        "2024-25": 10_000_01,
        "2025-26": 34_499_99,
        "year-not-known": 2_000_00,
    }
    cross = {each["key"]: each["projects"] for each in found["by_cross_cutting_theme"]}
    assert cross == {
        "trust-and-confidence": 3,
        "equality-diversity-and-inclusion": 3,
        "safety-of-women-and-girls": 4,
        "none": 4,
    }
    for part in ("by_theme", "by_outcome", "by_district", "by_financial_year"):
        assert sum(each["awarded_pence"] for each in found[part]) == 51_500_00
        assert sum(each["paid_pence"] for each in found[part]) == 43_000_00


def test_an_earlier_day_knows_less(bare: Flask) -> None:
    load(EXAMPLE)
    found = exported(Filters(as_at=date(2025, 10, 30)))["total"]
    assert (found["returns_due"], found["returns_accepted"]) == (4, 4)
    assert told(found, "people-taking-part")[:2] == (300, 415)


# -- all or nothing, and twice -----------------------------------------------------------------------------------------


def test_twice_changes_nothing(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(EXAMPLE)
        before, report = held(), json.dumps(exported(Filters(as_at=AS_AT)))
        assert load(EXAMPLE) == Added(0, 0)
        assert (held(), json.dumps(exported(Filters(as_at=AS_AT)))) == (before, report)
        lines = (folder / "values.csv").read_text(encoding="utf-8").splitlines()
        (folder / "values.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
        assert load(folder) == Added(0, 0), "the order of the rows does not matter"


def test_an_xlsx_file_is_the_same_as_a_folder(bare: Flask, tmp_path: Path) -> None:
    book = Workbook()
    for sheet, columns in COLUMNS.items():
        if not (EXAMPLE / f"{sheet}.csv").exists():
            continue
        page = book.create_sheet(sheet)
        for row in csv.reader((EXAMPLE / f"{sheet}.csv").open(encoding="utf-8", newline="")):
            page.append([int(cell) if cell.isdigit() and len(cell) < 6 else cell or None for cell in row])
        assert [cell.value for cell in page[1]] == list(columns)
    del book["Sheet"]
    book.save(tmp_path / "results.xlsx")
    load(tmp_path / "results.xlsx")
    found = exported(Filters(as_at=AS_AT))["total"]
    assert (found["awarded_pence"], found["returns_accepted"]) == (51_500_00, 10)
    assert load(EXAMPLE) == Added(0, 0)


def test_a_later_file_brings_what_came_since(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(EXAMPLE)
        change(folder, "returns", 6, "state", "accepted")
        change(folder, "returns", 6, "accepted_on", "2026-03-30")
        change(folder, "returns", 8, "state", "sent")
        add(folder, "returns", "W-11", "2", "2024-10-01", "2025-03-31", "2025-04-30", "accepted", "2025-05-01")
        add(folder, "values", "W-11", "2", "people-taking-part", "95", "", "reported", "", "")
        assert load(folder) == Added(0, 3)
        assert load(folder) == Added(0, 0)
        found = exported(Filters(as_at=AS_AT, round="MAYORS-SAFER-COMMUNITIES-FUND-WORKED-EXA"[:36]))
        assert found["total"]["projects"] > 0


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "words"),
    [
        ("projects", 3, "awarded", "7000.00", "held with other cells"),
        ("targets", 2, "target", "61", "held with other cells"),
        ("values", 2, "value", "41", "accepted here with other values"),
        ("values", 8, "split", LEEDS + " ", "accepted here with other values"),
    ],
)
def test_what_is_held_is_not_changed(  # one argument for each part of a case
    app: Flask, folder: Path, sheet: str, row: int, column: str, value: str, words: str
) -> None:
    with app.app_context():
        load(EXAMPLE)
        before = held()
        if column == "split":
            change(folder, sheet, row, "value", "71")
        else:
            change(folder, sheet, row, column, value)
        assert words in faults_of(folder)[0]
        assert held() == before


def test_an_award_of_this_service_is_not_taken_for_one_of_a_file(app: Flask, folder: Path) -> None:
    with app.app_context():
        reference = db.session.scalars(select(Award.reference)).first() or ""
        for sheet, row in (("projects", 2), ("targets", 2), ("targets", 3), ("targets", 4)):
            change(folder, sheet, row, "project_ref", reference)
        for row in (2, 3):
            change(folder, "returns", row, "project_ref", reference)
        for row in range(2, 7):
            change(folder, "values", row, "project_ref", reference)
        assert "did not come from such a file" in faults_of(folder)[0]


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "words"),
    [
        ("projects", 2, "fund", "Nobody's Fund", "“Nobody's Fund” is not known. There are: Mayor's"),
        ("projects", 2, "plan", "1999", "“1999” is not known"),
        ("projects", 2, "plan", "", "none (the row names no plan)"),
        ("projects", 2, "theme", "Weather", "“Weather” is not known. There are: Neighbourhood Crime and ASB"),
        ("projects", 2, "primary_outcome", "Sunshine", "is not known"),
        ("projects", 2, "other_outcomes", "Sunshine;Rain", "“Sunshine” is not known"),
        ("projects", 2, "cross_cutting_themes", "Courage", "“Courage” is not known"),
        ("targets", 2, "measure", "smiles", "targets, row 2, measure: “smiles” is not a measure that is known"),
        ("targets", 2, "target_of", "70", "only a measure of n-of-m is out of something"),
        ("values", 4, "value_of", "", ""),
        ("values", 2, "value_of", "50", "values, row 2, value_of: only a measure of n-of-m"),
    ],
)
def test_what_a_name_means_is_said_where_it_means_nothing(  # one argument for each part of a case
    app: Flask, folder: Path, sheet: str, row: int, column: str, value: str, words: str
) -> None:
    with app.app_context():
        before = held()
        change(folder, sheet, row, column, value)
        if not words:
            load(folder)
            return
        assert any(words in each for each in faults_of(folder)), faults_of(folder)
        assert held() == before, "nothing of it is written, and no measure or round either"


def test_a_measure_that_the_file_defines(app: Flask, folder: Path) -> None:
    header = ",".join(COLUMNS["measures"])
    mine = "smiles,Smiles seen,smiles,events,sum,sum"
    (folder / "measures.csv").write_text(f"{header}\n{mine}\n", encoding="utf-8")
    add(folder, "values", "W-11", "1", "smiles", "1000", "", "reported", "", "")
    with app.app_context():
        load(folder)
        assert load(folder) == Added(0, 0)
        assert told(exported(Filters(as_at=AS_AT))["total"], "smiles")[4] == 1000
        (folder / "measures.csv").write_text(f"{header}\n{mine.replace('Smiles seen', 'Grins')}\n", encoding="utf-8")
        assert faults_of(folder) == ["measures, row 2, name: “smiles” is known with “Smiles seen” here"]


def test_a_file_that_is_no_such_file(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        read_tables(tmp_path / "one.csv")
    (tmp_path / "broken.xlsx").write_bytes(b"PK no book")
    with pytest.raises(UnreadableFileError):
        read_tables(tmp_path / "broken.xlsx")
    with app.app_context():
        assert "returns, row 1, project_ref: this sheet is missing" in faults_of(tmp_path)


def test_the_command_names_every_fault_and_writes_nothing(app: Flask, folder: Path) -> None:
    runner = app.test_cli_runner()
    change(folder, "projects", 3, "awarded", "lots")
    change(folder, "values", 3, "value", "-3")
    refused = runner.invoke(args=["import", "results", str(folder)])
    assert refused.exit_code == 1
    assert "projects, row 3, awarded: “lots” is not an amount in pounds, written as 7400.00" in refused.output
    assert "values, row 3, value: “-3” is not a whole number from 0" in refused.output
    assert "2 faults; nothing was written." in refused.output
    done = runner.invoke(args=["import", "results", str(EXAMPLE)])
    assert done.output.strip() == "12 projects and 14 returns added or changed."
    again = runner.invoke(args=["import", "results", str(EXAMPLE)])
    assert again.output.strip() == "0 projects and 0 returns added or changed."


def test_the_same_file_after_a_measure_got_another_version_changes_nothing(bare: Flask) -> None:
    del bare
    load_results(EXAMPLE, clock.now())
    held = exported(Filters(AS_AT))
    with unit_of_work(None, Action.MEASURE_EDIT, "people-taking-part"):
        old = db.session.scalars(select(Measure).where(Measure.key == "people-taking-part")).one()
        names = [each.key for each in Measure.__table__.columns if each.key not in {"id", "version", "reason"}]
        more = {name: getattr(old, name) for name in names}
        db.session.add(Measure(**more, version=old.version + 1, reason="Said more plainly"))
    assert load_results(EXAMPLE, clock.now()) == Added(0, 0)
    again = exported(Filters(AS_AT))
    assert again == held, "each measure stands once"
    rules = [rule.key for rule in report(Filters(AS_AT)).rules]
    assert len(rules) == len(set(rules)), "and so does every number behind it"


def test_a_number_that_no_table_holds_is_a_fault(bare: Flask, tmp_path: Path) -> None:
    del bare
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "large"))
    head = "measure,name,unit,basis,across_periods,across_projects"
    (folder / "measures.csv").write_text(f"{head}\nsaved,Money saved,pounds,money,sum,sum\n", encoding="utf-8")
    add(folder, "targets", "W-01", "saved", "30000000.00", "")
    with pytest.raises(ResultsFaultsError, match="a number up to 20,000,000"):
        load_results(folder, clock.now())
