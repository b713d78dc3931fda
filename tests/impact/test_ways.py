"""Ways of parting what was funded: charts, what one costs, gaps, and the same as files."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import insert, select

from spatc_funds.cli.loading import load_results
from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import Base, db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.measures import Rolled, Rule
from spatc_funds.framework.models import Observation
from spatc_funds.framework.observed import State
from spatc_funds.framework.queries import indicators_by_key
from spatc_funds.impact import bars, gaps
from spatc_funds.impact.asking import WAYS, note_of
from spatc_funds.impact.gaps import Gap
from spatc_funds.impact.queries import Filters, report
from spatc_funds.impact.rollup import NONE, MeasureFigure, Part, Project, Return, RollUp, Share, Value
from spatc_funds.impact.wording import promised, split_head, split_part
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World

DAY = date(2026, 3, 31)
EVENTS = Rule("events", "Events", "events", "sum", "sum")
PEOPLE = Rule("people", "People", "unique people", "latest", "range")
EXAMPLE = Path(__file__).parent / "example"
PAGES = "/admin/impact/by/"
LEEDS, BRADFORD = "E08000035", "E08000032"
AS_AT = {"as_at": "2026-03-31", "fund": "mayors-safer-communities-fund"}


def told(reference: str, pence: int | None, count: int | None, key: str = "events", **more: Any) -> Project:
    """A project with one accepted return that says so much."""
    values = () if count is None else (Value(key, count),)
    returns = (Return(f"{reference}-R1", 1, DAY, DAY, DAY, values),)
    whose: dict[str, Any] = {"theme": "t", "outcome": "o", "year": "2025-26"} | more
    return Project(reference, reference, awarded_pence=pence, paid_pence=0, returns=returns, **whose)


# -- what one costs ----------------------------------------------------------------------------------------------------


def test_what_one_costs_by_hand() -> None:
    rolling = RollUp([EVENTS, PEOPLE], DAY)
    projects = [told("a", 10_000, 4), told("b", 20_000, 8), told("c", 99_999, None)]
    assert rolling.cost_of_one(projects, EVENTS) == Fraction(30_000, 12), "only those that reported"
    assert rolling.cost_of_one([*projects, told("d", None, 1)], EVENTS) is None, "an amount is not known"
    assert rolling.cost_of_one([told("e", 10_000, 0)], EVENTS) is None, "none was counted"
    assert rolling.cost_of_one([], EVENTS) is None
    assert rolling.cost_of_one([told("f", 10_000, 4, "people")], PEOPLE) is None, "people may be counted twice"
    split = told("g", 10_000, 4, districts={LEEDS: 50, BRADFORD: 50})
    assert rolling.cost_of_one([split], EVENTS, Share("district", LEEDS)) == Fraction(5_000, 4), (
        "the district's share of the money"
    )


# -- charts ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**12), max_size=12))
def test_bars_are_on_one_scale(figures: list[int]) -> None:
    found = bars.lengths(figures)
    most = max(figures, default=0)
    assert all(0 <= each <= bars.WIDTH for each in found)
    for figure, length in zip(figures, found, strict=True):
        assert (length == 0) is (figure == 0), "nothing has no bar, and what is not nothing is seen"
        assert length == bars.WIDTH or figure < most or not most
        assert not most or abs(length - Fraction(figure * bars.WIDTH, most)) <= 1


def test_a_bar_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        bars.lengths([3, -1])


@given(st.dictionaries(st.sampled_from(sorted(DISTRICTS)), st.integers(0, 10**9)))
def test_a_tile_is_darker_the_more_there_is(money: dict[str, int]) -> None:
    tiles = bars.tiles(money)
    assert {each.code for each in tiles} == set(DISTRICTS)
    assert len({(each.x, each.y) for each in tiles}) == 5
    for one in tiles:
        assert (one.shade == 0) is (money.get(one.code, 0) == 0)
        assert one.shade <= bars.SHADES
        for other in tiles:
            if money.get(one.code, 0) >= money.get(other.code, 0):
                assert one.shade >= other.shade


# -- gaps --------------------------------------------------------------------------------------------------------------


def parts(*keys: str) -> list[Part]:
    return [Part(key, key) for key in keys]


def test_gaps_by_hand() -> None:
    late = DAY + timedelta(days=1)
    unheard = (Return("s-R1", 1, DAY, DAY, late),)
    silent = Project("s", "s", "t", "o", "2025-26", 1, 1, ("x",), {LEEDS: 100}, returns=unheard)
    both = told("b", 1, 1, cross_cutting=("x", "y"), districts={LEEDS: 50, BRADFORD: 50})
    outcomes = [(Part("t", "t"), Part("o", "o"))]
    found = gaps.places(outcomes, parts("x", "y"), parts(LEEDS, BRADFORD), [silent, both], DAY)
    assert [(each.cross.key, each.district.key, each.projects, each.gap) for each in found] == [
        ("x", LEEDS, ("b", "s"), Gap.NONE),
        ("x", BRADFORD, ("b",), Gap.NONE),
        ("y", LEEDS, ("b",), Gap.NONE),
        ("y", BRADFORD, ("b",), Gap.NONE),
    ]
    (alone,) = gaps.places(outcomes, parts("x"), parts(LEEDS), [silent], DAY)
    assert alone.gap is Gap.NO_RETURN
    (nobody,) = gaps.places([(Part("t", "t"), Part("p", "p"))], parts("x"), parts(LEEDS), [silent, both], DAY)
    assert nobody.gap is Gap.NO_PROJECT
    (none,) = gaps.places(outcomes, parts(NONE), parts(LEEDS), [told("u", 1, 1, districts={LEEDS: 100})], DAY)
    assert none.gap is Gap.NONE


# -- pages and files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def analyst(world: World) -> Browser:
    """Somebody who reads the worked example."""
    with world.context():
        load_results(EXAMPLE, clock.now())
    return world.browser(world.person("analyst"))


@pytest.mark.parametrize("way", WAYS)
def test_each_way_has_a_page_that_says_a_finding(analyst: Browser, way: str) -> None:
    answer = analyst.get(f"{PAGES}{way}/", query_string=AS_AT)
    assert answer.status_code == 200
    nobody = "No project stands under any of these yet"
    assert (nobody if way == "area" else "The most money went to") in answer.text, "past rounds name no ward"
    assert "app-drawn" in answer.text
    assert ("app-tiles" in answer.text) is (way == "district")


def test_a_page_shows_the_measure_that_is_asked_for(analyst: Browser) -> None:
    page = analyst.get(f"{PAGES}theme/", query_string=AS_AT | {"measure": "sessions-delivered"}).text
    assert "£233.33" in page, "two projects of £14,000, sixty sessions"
    assert analyst.get(f"{PAGES}theme/", query_string={"measure": "smiles"}).status_code == 404
    assert analyst.get(f"{PAGES}weather/").status_code == 404


def test_the_files_hold_what_is_shown(analyst: Browser) -> None:
    asked = AS_AT | {"measure": "people-who-feel-safer"}
    text = analyst.get(f"{PAGES}theme/export/csv/", query_string=asked).get_data(as_text=True).removeprefix("\ufeff")
    rows = {row["Key"]: row for row in csv.DictReader(io.StringIO(text))}
    road, violence = rows["road-safety"], rows["serious-violence"]
    assert (violence["Number"], violence["Out of"], violence["Lowest"], violence["Sum"]) == ("30", "110", "", "")
    assert (road["Awarded"], road["Paid"]) == ("6999.99", "6999.99")
    book = load_workbook(io.BytesIO(analyst.get(f"{PAGES}theme/export/xlsx/", query_string=asked).data))
    lines = list(book["Figures"].iter_rows(min_row=3, values_only=True))
    header = [str(each) for each in lines[0]]
    held = {line[0]: dict(zip(header, line, strict=True)) for line in lines[1:]}
    assert held["road-safety"]["Awarded"] == pytest.approx(6999.99)
    assert held["serious-violence"]["Number"] == 30
    assert [row.value for row in book["About"]["B"]][2] == "By theme"


def test_gaps_are_shown_and_exported_whole(analyst: Browser) -> None:
    page = analyst.get(PAGES, query_string=AS_AT).text
    assert "No project" in page
    assert "of 3 told of" in page
    text = analyst.get(f"{PAGES}gaps/export/csv/", query_string=AS_AT).get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 7 * 3 * 5, "outcomes, cross-cutting themes, districts"
    assert {row["Gap"] for row in rows} == {"No project", "No accepted return yet", "Funded, and told of"}


def test_who_does_not_read_impact_does_not_read_its_parts(world: World) -> None:
    assessor = world.browser(world.person("assessor"))
    for path in ("", "theme/", "theme/export/csv/", "gaps/export/xlsx/"):
        assert assessor.get(f"{PAGES}{path}").status_code == 403


def test_indicators_stand_beside_what_was_funded(analyst: Browser, world: World) -> None:
    empty = analyst.get(f"{PAGES}indicators/", query_string=AS_AT).text
    assert "No official figure is held yet." in empty
    with world.context(), unit_of_work(None, Action.INDICATOR_OBSERVE, "x"):
        indicator = indicators_by_key()["anti-social-behaviour"]
        for year, value in ((2024, 90_000), (2025, 81_000)):
            first, last = date(year, 4, 1), date(year + 1, 3, 31)
            held = Observation(area=LEEDS, period_from=first, period_to=last, value_milli=value, state=State.PUBLISHED)
            held.indicator_id, held.is_baseline, held.is_example = indicator.held_id, year == 2024, True
            db.session.add(held)
    page = analyst.get(f"{PAGES}indicators/", query_string=AS_AT).text
    assert page.count("app-multiple") == 1
    assert "9 less than the baseline (down 10.0%): as the plan means it to go." in page
    assert "Example figures" in page
    assert "no project is said to have caused it" in page


def test_how_much_of_what_was_promised(analyst: Browser) -> None:
    def of(target: int | None, **rolled: int | None) -> str:
        every: dict[str, Any] = dict.fromkeys(("low", "high", "n", "of", "value")) | rolled
        found = {name: None if each is None else Fraction(each) for name, each in every.items()}
        return promised(MeasureFigure(EVENTS, Rolled(**found), target, 1, 1))

    assert of(40, value=10) == "25%"
    assert of(40, low=10, high=30) == "25% to 75%"
    assert of(40, value=0) == "0%", "nought was counted"
    assert of(40) == "", "nothing was reported"
    assert of(None, n=1, of=2) == of(None, value=10) == ""
    assert "% to " in analyst.get("/admin/impact/", query_string=AS_AT).text


def test_who_took_part_by_what_returns_say(analyst: Browser) -> None:
    page = analyst.get(f"{PAGES}people/", query_string=AS_AT).text
    assert "Where they live" in page
    assert "is counted in both, so each number is the most that it can be" in page
    text = analyst.get(f"{PAGES}people/export/csv/", query_string=AS_AT).get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Split by"] for row in rows} == {"Where they live"}
    assert {row["Part"] for row in rows} <= set(DISTRICTS.values())
    assert "No accepted return says who" in analyst.get(f"{PAGES}people/", query_string={"as_at": "2000-01-01"}).text


def test_a_split_that_a_file_named_keeps_its_word() -> None:
    assert (split_head("ward"), split_part("ward", "E05001415")) == ("Ward", "E05001415")
    assert split_part("age-band", "under-11") == "Under 11"


def works_in(world: World, award: str, *areas: str) -> None:
    """Its bid named these areas of its round."""
    table = Base.metadata.tables
    with world.app.app_context(), db.engine.begin() as connection:
        asked = select(table["submission"].c.application_id, table["award"].c.round_id).join(table["award"])
        application, opened = connection.execute(asked.where(table["award"].c.reference == award)).one()
        here = select(table["area"].c.id).where(table["area"].c.round_id == opened)
        for key in areas:
            area = connection.execute(here.where(table["area"].c.key == key)).scalar_one()
            connection.execute(insert(table["application_area"]).values(application_id=application, area_id=area))


def test_wards_are_those_that_a_bid_named(world: World) -> None:
    """A project in two areas stands whole under each; the others name none."""
    first, second = world.tell("paid-first"), world.tell("zero-of-fifty")
    works_in(world, first, "harehills", "bd3")
    works_in(world, second, "harehills")
    ward, district = f"{LEEDS}.ward.harehills", f"{BRADFORD}.postcode-district.bd3"
    with world.context():
        found = report(Filters(as_at=clock.london_day(clock.now())))
    parts = {each.key: each for each in found.by_area}
    assert parts[ward].made_of == tuple(sorted([first, second]))
    assert parts[district].made_of == (first,)
    assert parts[ward].awarded_pence == sum(found.projects[each].awarded_pence or 0 for each in (first, second))
    assert parts["none"].projects == found.total.projects - 2
    assert len({each.name for each in found.by_area}) == len(found.by_area), "one ward of two rounds is one part"
    reader = world.browser(world.person("analyst"))
    assert "The most money went to “Harehills, ward in Leeds”" in unescape(reader.get(f"{PAGES}area/").text)
    listed = reader.get("/admin/impact/made-of", query_string={"by": "area", "key": district}).text
    assert first in listed
    assert second not in listed


# -- what a reader has to know ----------------------------------------------------------------------------------------


def test_a_real_year_without_awards_is_an_empty_roll_up(analyst: Browser) -> None:
    assert (
        "No project stands under any of these yet"
        in analyst.get(f"{PAGES}theme/", query_string={"year": "1998-99"}).text
    )
    for year in ("1998-98", "98-99", "soon"):
        assert analyst.get(f"{PAGES}theme/", query_string={"year": year}).status_code == 404
    assert analyst.get(f"{PAGES}theme/", query_string={"year": "year-not-known"}).status_code == 200


def test_of_one_district_it_is_said_that_the_money_is_the_projects_whole(analyst: Browser) -> None:
    said = "These are the projects with work in Leeds, each with all of its money"
    assert said in analyst.get("/admin/impact/", query_string=AS_AT | {"district": LEEDS}).text
    assert "each with all of its money" not in analyst.get("/admin/impact/", query_string=AS_AT).text


def test_what_stands_in_several_parts_is_never_said_to_add_up_to_everything(analyst: Browser) -> None:
    with analyst.application.app_context():
        found = report(Filters(DAY))
        assert note_of("theme", found) == WAYS["theme"].note
        first, *others = found.projects.values()
        twice = {first.reference: replace(first, split={"theme": {"a": 67, "b": 33}})}
        mixed = replace(found, projects={**twice, **{each.reference: each for each in others}})
        assert "is counted in each of them" in note_of("theme", mixed)
        assert note_of("outcome", mixed) == WAYS["outcome"].note
        assert note_of("area", mixed) == WAYS["area"].note
