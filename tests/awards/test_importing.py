"""Past awards: every fault by row and column, nothing written unless all of it is right, twice changes nothing."""

from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from spatc_funds.awards.importing import FileFaultsError
from spatc_funds.awards.models import AmountRule, Award, Origin, ThemeTag
from spatc_funds.cli.loading import DATA, UnreadableFileError, load_awards, read_table
from spatc_funds.db.base import db

HEADER = "fund,round,organisation,project,amount_pounds,amount_rule,district"
FUND = "Mayor's Safer Communities Fund"


def count() -> int:
    return db.session.scalar(select(func.count()).where(Award.origin == Origin.IMPORTED)) or 0


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "awards.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_the_published_awards_are_there_and_only_once(app: Flask) -> None:
    with app.app_context():
        assert count() == 41 + 12
        assert load_awards(DATA / "past_awards.csv") == 0
        assert count() == 53


def test_unknown_stays_unknown(app: Flask) -> None:
    with app.app_context():
        rows = db.session.execute(
            select(Award.amount_rule, func.count()).where(Award.origin == Origin.IMPORTED).group_by(Award.amount_rule)
        )
        found = dict(rows.all())
        assert found == {
            AmountRule.EXACT: 19 + 12,
            AmountRule.NOT_PRINTED: 19,
            AmountRule.MORE_THAN: 2,
            AmountRule.NEAR: 1,
        }
        unnamed = db.session.scalars(select(Award).where(Award.recipient == "")).all()
        assert [award.amount_pence for award in unnamed] == [2500000]
        past = select(func.count()).where(Award.origin == Origin.IMPORTED, Award.awarded_on.is_(None))
        assert db.session.scalar(past) == 41


def test_awards_of_a_round_for_another_priority_say_so(app: Flask) -> None:
    with app.app_context():
        other = db.session.scalars(select(Award).where(Award.theme_tag == ThemeTag.OTHER_PRIORITY)).all()
        assert {award.round.code for award in other} == {"MSCF-4", "MSCF-5"}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Other Fund,5,Group,Project,100,exact,Leeds", "fund", "not a fund"),
        (f"{FUND},99,Group,Project,100,exact,Leeds", "round", "not a round"),
        (f"{FUND},5,Group,Project,1e9,exact,Leeds", "amount_pounds", "not an amount"),
        (f"{FUND},5,Group,Project,-5,exact,Leeds", "amount_pounds", "not an amount"),
        (f"{FUND},5,Group,Project,,exact,Leeds", "amount_pounds", "blank"),
        (f"{FUND},5,Group,Project,100,not printed,Leeds", "amount_pounds", "blank"),
        (f"{FUND},5,Group,Project,100,about,Leeds", "amount_rule", "none of"),
        (f"{FUND},5,Group,Project,100,exact,York", "district", "not a district"),
        (f"{FUND},5,{'x' * 301},Project,100,exact,Leeds", "organisation", "up to 300"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_written(
    app: Flask, tmp_path: Path, row: str, column: str, words: str
) -> None:
    good = f"{FUND},5,New Group,New project,100,exact,Leeds"
    with app.app_context():
        before = count()
        with pytest.raises(FileFaultsError) as caught:
            load_awards(written(tmp_path, good, row))
        assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, column)]
        assert words in str(caught.value)
        assert count() == before


def test_missing_and_unknown_columns_are_named(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), pytest.raises(FileFaultsError, match="district: this column is missing"):
        load_awards(written(tmp_path, header=HEADER.removesuffix(",district") + ",colour"))


def test_the_same_row_twice_in_a_file_is_two_awards_and_stays_two(app: Flask, tmp_path: Path) -> None:
    row = f"{FUND},5,New Group,New project,100.50,exact,Leeds"
    with app.app_context():
        path = written(tmp_path, row, row)
        assert load_awards(path) == 2
        assert load_awards(path) == 0


def test_xlsx_reads_as_csv_does(app: Flask, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER.split(","))  # type: ignore[union-attr]
    book.active.append([FUND, 5, "New Group", "New project", 1200, "exact", "Leeds"])  # type: ignore[union-attr]
    book.save(tmp_path / "awards.xlsx")
    with app.app_context():
        assert load_awards(tmp_path / "awards.xlsx") == 1
        award = db.session.scalars(select(Award).where(Award.recipient == "New Group")).one()
        assert award.amount_pence == 120000


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.csv"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\x00garbage\x00")
    with pytest.raises(UnreadableFileError):
        read_table(tmp_path / name)
