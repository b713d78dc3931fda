"""From a figure to the projects, returns and numbers that it is made of."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from math import ceil
from pathlib import Path

import pytest

from spatc_funds.cli.loading import load_results
from spatc_funds.core import clock
from spatc_funds.framework.measures import Rule
from spatc_funds.impact import leaves, panel
from spatc_funds.impact.rollup import Project, Return, Share, Value
from tests.builders import Browser, World

PAGE = "/admin/impact/made-of"
DAY = date(2026, 3, 31)
PEOPLE = Rule("people", "People", "unique people", "latest", "range")
EVENTS = Rule("events", "Events", "events", "sum", "sum")
LEEDS = "E08000035"
EXAMPLE = Path(__file__).parent / "example"
AS_AT = {"as_at": "2026-03-31", "fund": "mayors-safer-communities-fund"}


@pytest.fixture
def analyst(world: World) -> Browser:
    """Somebody who reads the worked example."""
    with world.context():
        load_results(EXAMPLE, clock.now())
    return world.browser(world.person("analyst"))


def accepted(number: int, *values: Value) -> Return:
    """A return that was accepted the day it was due."""
    return Return(f"EX-1-R{number}", number, DAY.replace(month=number), DAY, DAY, values)


PROJECT = Project(
    "EX-1",
    "One",
    "t",
    "o",
    "2025-26",
    1,
    1,
    districts={LEEDS: 100},
    returns=(
        accepted(1, Value("events", 2), Value("people", 9), Value("people", 7, None, "district", LEEDS)),
        accepted(3, Value("events", 3)),
        Return("EX-1-R4", 4, DAY, DAY, None, (Value("events", 90),)),
    ),
)


def test_every_number_behind_a_figure_and_no_other() -> None:
    rows = list(leaves.rows(leaves.lines([EVENTS, PEOPLE], [PROJECT], DAY, None), None))
    assert [(row[4], row[7], row[9]) for row in rows] == [("EX-1-R1", 2, 5), ("EX-1-R3", 3, 5), ("EX-1-R1", 9, 9)]
    leeds = Share("district", LEEDS)
    (only,) = leaves.rows(leaves.lines([PEOPLE], [PROJECT], DAY, leeds), leeds)
    assert (only[7], only[9]) == (7, 7), "the district's own people"


def test_a_long_list_has_pages(analyst: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = analyst.get(PAGE, query_string=AS_AT).text
    monkeypatch.setattr(panel, "AT_ONCE", 5)
    first = analyst.get(PAGE, query_string=AS_AT).text
    count = whole.count("data-project=")
    pages = ceil(count / 5)
    assert f"(page 1 of {pages})" in first
    assert first.count("data-project=") == 5 < count
    assert f"The totals are those of all {count} projects." in first
    total = re.compile(r'data-measure="people-taking-part">([^<]*)<')
    assert total.findall(first) == total.findall(whole) != []
    shown = [each for page in range(1, pages + 1) for each in projects(analyst, page)]
    assert len(set(shown)) == len(shown) == count
    assert analyst.get(PAGE, query_string=AS_AT | {"page": str(pages + 1)}).status_code == 404
    assert analyst.get(PAGE, query_string=AS_AT | {"page": "many"}).status_code == 400


def projects(analyst: Browser, page: int) -> list[str]:
    """The projects of one page."""
    text = analyst.get(PAGE, query_string=AS_AT | {"page": str(page)}).text
    return re.findall(r'data-project="([^"]+)"', text)


def test_the_numbers_as_a_file(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}/export/csv/", query_string=AS_AT | {"by": "theme", "key": "serious-violence"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="impact-made-of.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    asked = [row for row in rows if row["Measure"] == "People who feel safer"]
    latest = {(row["Award"], row["Figure of the project"], row["Out of, of the project"]) for row in asked}
    assert (sum(int(each[1]) for each in latest), sum(int(each[2]) for each in latest)) == (30, 110)


def test_what_is_accepted_later_is_no_leaf_yet() -> None:
    later = replace(accepted(1, Value("people", 7)), accepted_on=DAY.replace(month=4, day=1))
    project = replace(PROJECT, returns=(later,))
    assert list(leaves.lines([PEOPLE], [project], DAY, None)) == []
    assert len(list(leaves.lines([PEOPLE], [project], DAY.replace(month=4, day=1), None))) == 1


def test_a_return_of_a_past_round_says_what_the_file_said(analyst: Browser) -> None:
    page = analyst.get(PAGE, query_string=AS_AT).text
    link = re.findall(r'href="(/admin/impact/returns/[^"]+)"', page)[0]
    told = analyst.get(link, query_string={"as_at": "2026-03-31"}).text
    assert "It came in a file of results of a past round" in told
    assert "People taking part" in told
    assert analyst.get("/admin/impact/returns/PAST-00000-R1/").status_code == 404


def test_every_reference_that_a_file_may_give_leads_to_its_return(world: World, tmp_path: Path) -> None:
    odd = "W 01/a.b_c"
    for path in EXAMPLE.glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("W-01", odd), encoding="utf-8")
    with world.context():
        load_results(tmp_path, clock.now())
    reader = world.browser(world.person("analyst"))
    links = re.findall(r'href="(/admin/impact/returns/W[^"]+)"', reader.get(PAGE, query_string=AS_AT).text)
    assert any("%20" in link for link in links)
    for link in links:
        told = reader.get(link, query_string={"as_at": "2026-03-31"})
        assert told.status_code == 200, link
    assert any(f"What return {odd}-R1 says" in reader.get(link).text for link in links)


def test_a_return_of_the_service_leads_to_its_evidence(world: World) -> None:
    reference = world.tell("zero-of-fifty")
    analyst = world.browser(world.person("analyst"))
    assert f'href="/admin/returns/{reference}-R1/"' in analyst.get(PAGE).text
    told = analyst.get(f"/admin/impact/returns/{reference}-R1/").text
    assert f'href="/admin/returns/{reference}-R1/"' in told
    assert analyst.get(f"/admin/impact/returns/{reference}-R9/").status_code == 404


def test_nothing_of_a_return_for_whoever_is_barred(world: World) -> None:
    reference, officer = world.tell("zero-of-fifty"), world.browser(world.person("programme officer"))
    address = f"/admin/impact/returns/{reference}-R1/"
    assert officer.get(address).status_code == 200
    officer.send(f"/admin/assessment/{reference}/interest", {"kind": "prejudicial", "note": "I chair it"})
    assert officer.get(address).status_code == 404
    assert reference not in officer.get(f"{PAGE}/export/csv/").text


def test_money_leaves_in_pounds() -> None:
    saved = Rule("saved", "Money saved", "money", "sum", "sum")
    told = Return("M-1-R1", 1, DAY, DAY, DAY, (Value("saved", 125_050),))
    project = replace(PROJECT, returns=(told,), targets=())
    (row,) = leaves.rows(leaves.lines([saved], [project], DAY, None), None)
    assert [each for each in row if each == "1250.50"] == ["1250.50", "1250.50"], "the return's and the project's"
