"""Published files and our own: what is counted, what is left out, and every fault by row and column."""

import csv
import io
import json
import time
from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.cli.loading import DATA
from spatc_funds.core.places import DISTRICT_CODES, DISTRICTS
from spatc_funds.files.uploads import UnreadableFileError
from spatc_funds.framework.collisions import read_collisions
from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.observed import MOST_FAULTS, Observed, Reading
from spatc_funds.framework.reading_files import MOST_PACKED, read_file
from spatc_funds.framework.sources import sources
from spatc_funds.framework.street_crime import read_crimes
from spatc_funds.framework.template import COLUMNS, MOST_ROWS
from tests.framework.figures import (
    COLLISIONS_2021,
    COLLISIONS_2024,
    STREET,
    TODAY,
    collision,
    crime,
    csv_of,
    own,
    own_xlsx,
)

INDICATORS = {"asb": "asb", "Anti-social behaviour (ASB)": "asb"}
ROW = ("asb", "E08000035", "2026-01-01", "2026-01-31", "12.5", "published", "")
KINDS = sorted(sources().crime_types)
PLACES = ["Leeds 001A", "Bradford 012B", "Kirklees 003C", "Harrogate 001A", "", "Leeds"]


def crimes(rows: list[list[str]], header: str = STREET) -> Reading:
    return read_crimes(header.split(","), rows, sources(), TODAY)


def collisions(rows: list[list[str]], header: str = COLLISIONS_2024) -> Reading:
    return read_collisions(header.split(","), rows, sources(), TODAY)


def template(content: bytes) -> Reading:
    return read_file(ImportKind.TEMPLATE, io.BytesIO(content), INDICATORS, TODAY).reading


def counted(reading: Reading) -> dict[tuple[str, str, str], int | None]:
    return {
        (each.indicator, DISTRICTS[each.area], f"{each.period_from:%Y-%m}"): each.value_milli
        for each in reading.observed
    }


def faults(reading: Reading) -> list[str]:
    return [str(each) for each in reading.faults.first]


# -- police.uk ---------------------------------------------------------------------------------------------------------


def test_crimes_are_counted_by_district_and_month() -> None:
    reading = crimes(
        [
            crime("2026-01", "Leeds 001A", "Burglary"),
            crime("2026-01", "Leeds 002B", "Robbery"),
            crime("2026-01", "Leeds 002B", "Drugs"),
            crime("2026-01", "Leeds 002B", "Anti-social behaviour"),
            crime("2026-01", "Wakefield 001A", "Shoplifting"),
            crime("2026-02", "Leeds 001A", "Vehicle crime"),
            crime("2026-02", "Harrogate 001A", "Vehicle crime"),
            crime("2026-02", "", "Theft from the person"),
        ]
    )
    assert (reading.rows, reading.faults.count) == (8, 0)
    assert counted(reading) == {
        ("neighbourhood-crime", "Leeds", "2026-01"): 2000,
        ("neighbourhood-crime", "Wakefield", "2026-01"): 0,
        ("anti-social-behaviour", "Leeds", "2026-01"): 1000,
        ("anti-social-behaviour", "Wakefield", "2026-01"): 0,
        ("neighbourhood-crime", "Leeds", "2026-02"): 1000,
    }
    assert {(each.period_from, each.period_to) for each in reading.observed} == {
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
    }
    assert reading.notes[0] == "2 rows elsewhere, or without a place, left out."
    assert any(note.startswith("2026-02 has no row of Anti-social behaviour") for note in reading.notes)


@given(st.lists(st.tuples(st.sampled_from(["2026-01", "2026-02"]), st.sampled_from(PLACES), st.sampled_from(KINDS))))
def test_every_row_counts_once_or_is_left_out(told: list[tuple[str, str, str]]) -> None:
    reading = crimes([crime(*each) for each in told])
    if not told:
        assert faults(reading) == ["row 1: there is no row under the header"]
        return
    wanted: Counter[tuple[str, str, str]] = Counter()
    for month, lsoa, kind in told:
        name = " ".join(lsoa.split()[:-1])
        for indicator, kinds in sources().street.items():
            wanted[indicator, name, month] += name in DISTRICT_CODES and kind in kinds
    found = {key: (value or 0) // 1000 for key, value in counted(reading).items()}
    assert {key: count for key, count in found.items() if count} == {key: n for key, n in wanted.items() if n}


def test_rows_that_are_wrong_are_named() -> None:
    reading = crimes(
        [
            crime("2026-01", "Leeds 001A", "Burglary"),
            crime("2026-13", "Leeds 001A", "Burglary"),
            crime("2026-12", "Leeds 001A", "Burglary"),
            crime("2026-01", "Leeds 001A", "Burglery"),
            crime("2026-01", "Leeds 001A", "Burglary")[:-1],
        ]
    )
    assert faults(reading) == [
        "row 3, Month: a month that has begun is written as 2025-03",
        "row 4, Month: a month that has begun is written as 2025-03",
        "row 5, Crime type: “Burglery” is no type of crime that police.uk publishes",
        "row 6: 12 columns are needed, here are 11",
    ]


def test_a_file_with_another_header_is_refused_whole() -> None:
    reading = crimes([crime("2026-01", "Leeds 001A", "Burglary")], STREET.replace("Crime type", "Type"))
    assert faults(reading) == [f"row 1: the header row has to be: {STREET}"]
    assert (reading.observed, reading.rows) == ((), 0)


def test_what_is_remembered_does_not_grow_with_the_rows() -> None:
    rows = (crime(f"x{number}", f"Place{number} 001A", "Nothing", f"Force {number}") for number in range(20_000))
    reading = read_crimes(STREET.split(","), rows, sources(), TODAY)
    assert (reading.faults.count, len(reading.faults.first)) == (20_000, MOST_FAULTS)
    many = (crime("2026-01", f"Place{number} 001A", "Drugs", f"Force {number}") for number in range(20_000))
    notes = read_crimes(STREET.split(","), many, sources(), TODAY).notes
    assert notes[0] == "20,000 rows elsewhere, or without a place, left out."
    assert "5,000 forces: Force 0, " in notes[1]


def test_a_second_force_is_said() -> None:
    rows = [crime("2026-01", "Leeds 001A", "Burglary", force) for force in ("A Police", "B Police")]
    assert "The file has rows of 2 forces: A Police, B Police." in crimes(rows).notes


def test_the_mapping_is_of_the_plans_own_indicators_and_the_sources_own_types() -> None:
    plan = json.loads((DATA / "plan-2021-24.json").read_text(encoding="utf-8"))
    keys = {each["key"] for each in plan["indicators"]}
    told = sources()
    assert {*told.street, told.collisions} <= keys
    assert set().union(*told.street.values()) <= told.crime_types
    assert told.street["neighbourhood-crime"] == {"Burglary", "Robbery", "Theft from the person", "Vehicle crime"}
    assert told.severities == {"1", "2"}
    assert ",".join(told.street_header) == STREET


# -- the Department for Transport --------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [COLLISIONS_2021, COLLISIONS_2024])
def test_collisions_with_somebody_killed_or_badly_hurt_are_counted_once(header: str) -> None:
    rows = [
        collision(header, "03/01/2026", "E08000035", "1", casualties="4"),
        collision(header, "31/01/2026", "E08000035", "2"),
        collision(header, "31/01/2026", "E08000035", "3"),
        collision(header, "01/02/2026", "E08000033", "3"),
        collision(header, "01/02/2026", "E09000001", "1"),
        collision(header, "01/02/2026", "-1", "1"),
    ]
    reading = collisions(rows, header)
    key = "killed-or-seriously-injured"
    assert counted(reading) == {(key, "Leeds", "2026-01"): 2000, (key, "Calderdale", "2026-02"): 0}
    assert reading.notes == ("2 rows of other places left out.",)
    assert (reading.rows, reading.faults.count) == (6, 0)


def test_a_collision_that_is_wrong_is_named() -> None:
    rows = [
        collision(COLLISIONS_2024, "2026-01-03", "E08000035", "1"),
        collision(COLLISIONS_2024, "31/02/2026", "E08000035", "1"),
        collision(COLLISIONS_2024, "03/01/2027", "E08000035", "1"),
        collision(COLLISIONS_2024, "03/01/2026", "E08000035", "-1"),
        [*collision(COLLISIONS_2024, "03/01/2026", "E08000035", "1"), ""],
    ]
    assert faults(collisions(rows)) == [
        *(f"row {row}, date: a day that has been is written as 31/03/2025" for row in (2, 3, 4)),
        "row 5, collision_severity: 1 is fatal, 2 serious and 3 slight",
        "row 6: 44 columns are needed, here are 45",
    ]


def test_another_file_of_the_same_publisher_is_refused() -> None:
    header = "collision_index,collision_year,collision_ref_no,casualty_reference,casualty_severity"
    assert faults(collisions([], header)) == [
        "row 1, date: this column has to stand in the header once",
        "row 1, local_authority_ons_district: this column has to stand in the header once",
        "row 1, accident_severity or collision_severity: one of these has to stand in the header once",
    ]
    both = COLLISIONS_2024 + ",accident_severity"
    assert collisions([], both).faults.count == 1
    assert faults(collisions([])) == ["row 1: there is no row under the header"]


# -- our own -----------------------------------------------------------------------------------------------------------


def test_our_own_file_says_one_figure_a_row() -> None:
    reading = template(
        own(
            ROW,
            ("Anti-social behaviour (ASB)", "leeds", "2026-02-01", "2026-02-28", "0", "", "YES"),
            ("", "", "", "", "", "", ""),
            ("asb", "West Yorkshire", "2026-01-01", "2026-01-31", "", "no new data published", "no"),
        )
    )
    assert faults(reading) == []
    days = (date(2026, 1, 1), date(2026, 1, 31))
    assert reading.observed == (
        Observed("asb", "E08000035", *days, 12_500),
        Observed("asb", "E08000035", date(2026, 2, 1), date(2026, 2, 28), 0, baseline=True),
        Observed("asb", "E23000010", *days, None, baseline=False),
    )
    assert reading.rows == 3


def test_a_spreadsheet_says_the_same_as_a_csv() -> None:
    days = (datetime(2026, 1, 1), date(2026, 1, 31))  # noqa: DTZ001 # as a spreadsheet holds it
    rows = [
        ("asb", "E08000035", *days, 12.5, "published", None),
        ("asb", "Leeds", "2026-02-01", "2026-02-28", 7, "", ""),
    ]
    reading = template(own_xlsx(*rows))
    assert faults(reading) == []
    assert [each.value_milli for each in reading.observed] == [12_500, 7000]
    assert reading.observed[0] == template(own(ROW)).observed[0]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "cats", "indicator: “cats” is not an indicator of the current plan"),
        (1, "York", "area: “York” is neither a district of West Yorkshire nor all of it (E23000010)"),
        (2, "1/1/2026", "period_from: a day is written as 2026-03-31"),
        (3, "2025-12-31", "period_to: a period ends on its first day or later"),
        (4, "0.1234", "value: a number is written as 1204 or 12.5: no commas, at most 3 decimals and 12 digits before"),
        (4, "", "value: a number; where there is none, the state is “no new data published”"),
        (5, "unknown", "state: write “published” or “no new data published”, or leave it blank"),
        (5, "no new data published", "value: where no new data was published there is no number"),
        (6, "maybe", "baseline: yes, no, or blank"),
    ],
)
def test_a_cell_that_is_wrong_is_named(place: int, value: str, words: str) -> None:
    row = [*ROW]
    row[place] = value
    reading = template(own(ROW, row))
    assert len(faults(reading)) == 1
    assert faults(reading)[0].startswith(f"row 3, {words}")


def test_more_that_cannot_be() -> None:
    later = ("asb", "Leeds", "2027-01-01", "2027-01-31", "1", "", "")
    no_number = ("asb", "Leeds", "2026-01-01", "2026-01-31", "", "no new data published", "yes")
    found = faults(template(own(later, no_number, ROW, (*ROW[:1], "Leeds", *ROW[2:]), (*ROW, "more"))))
    assert found == [
        "row 2, period_from: this period has not begun yet",
        "row 3, baseline: a baseline is a number",
        "row 5: this indicator, area and period stand in row 4 already",
        "row 6: 7 columns are needed, here are 8",
    ]


def test_columns_are_named() -> None:
    names = [name for name in COLUMNS if name != "state"]
    assert faults(template(csv_of(",".join([*names, "notes", "value"]), [])))[:2] == [
        "row 1, state: this column is missing",
        "row 1, value: this column is not known, or stands twice",
    ]
    assert faults(template(own())) == ["row 1: there is no row under the header"]
    assert faults(template(b"")) != []


def test_a_file_has_so_many_rows_at_most() -> None:
    row = ",".join(("cats", *ROW[1:])).encode() + b"\n"
    reading = template(own() + row * (MOST_ROWS + 10))
    assert reading.faults.count == MOST_ROWS + 1
    assert len(reading.faults.first) == MOST_FAULTS


def test_formulas_and_times_are_refused() -> None:
    (fault,) = faults(template(own_xlsx((*ROW[:4], "=1+1", "", ""))))
    assert fault == "row 2, value: this is a formula. Type the value itself"
    at_noon = datetime(2026, 1, 1, 12)  # noqa: DTZ001 # as a spreadsheet holds it
    assert faults(template(own_xlsx((*ROW[:2], at_noon, *ROW[3:])))) == [
        "row 2, period_from: a day is written as 2026-03-31"
    ]
    assert faults(template(own_xlsx((*ROW[:4], 0.12345, "", True))))[0].startswith("row 2, value: a number is")


@pytest.mark.parametrize("kind", [ImportKind.POLICE, ImportKind.COLLISIONS])
def test_a_spreadsheet_of_a_published_kind_is_refused(kind: ImportKind) -> None:
    with pytest.raises(UnreadableFileError, match="comes as csv"):
        read_file(kind, io.BytesIO(own_xlsx(ROW)), INDICATORS, TODAY)


def test_what_is_no_table_is_refused() -> None:
    for content in (b"\xff\xfe\x00nothing", b'"' + b"a" * 200_000, b"PK\x03\x04nothing", b"PK" + b"0" * MOST_PACKED):
        with pytest.raises(UnreadableFileError):
            read_file(ImportKind.TEMPLATE, io.BytesIO(content), INDICATORS, TODAY)


def test_a_file_stays_open_and_has_its_fingerprint() -> None:
    file = io.BytesIO(own(ROW))
    first = read_file(ImportKind.TEMPLATE, file, INDICATORS, TODAY)
    file.seek(0)
    assert read_file(ImportKind.TEMPLATE, file, INDICATORS, TODAY).sha256 == first.sha256
    assert len(first.sha256) == 64
    assert next(csv.reader(io.StringIO(STREET))) == list(sources().street_header)


def test_a_header_that_says_one_thing_many_times_is_read_once() -> None:
    began = time.process_time()
    assert "row 1, area: this column is not known, or stands twice" in faults(template(b"area," * 100_000 + b"area"))
    assert time.process_time() - began < 5


def test_a_line_without_an_end_is_no_table() -> None:
    for kind in (ImportKind.TEMPLATE, ImportKind.POLICE):
        with pytest.raises(UnreadableFileError, match="longer than a table has"):
            read_file(kind, io.BytesIO(b"," * 3_000_000), INDICATORS, TODAY)


def test_a_row_that_goes_on_over_lines_without_an_end_is_none() -> None:
    head = b"indicator,area,period_from,period_to,value,state,baseline\n"
    for row, words in ((b'"ab\n",' * 400_000, "longer than a table has"), (b'"' + b"ab\n" * 400_000, "not a csv file")):
        with pytest.raises(UnreadableFileError, match=words):
            read_file(ImportKind.TEMPLATE, io.BytesIO(head + row), INDICATORS, TODAY)


def test_a_month_that_has_every_kind_is_not_asked_about() -> None:
    wanted = sorted(set().union(*sources().street.values()))
    assert not list(crimes([crime("2026-01", "Leeds 001A", kind) for kind in wanted]).notes)


def test_every_wrong_cell_of_a_row_is_named() -> None:
    row = [*ROW]
    row[1], row[4], row[5] = "York", "abc", "unknown"
    named = [each.split(", ", 1)[1].split(":")[0] for each in faults(template(own(ROW, row)))]
    assert named == ["area", "state", "value"]
