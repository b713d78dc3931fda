"""What groups chose to count themselves: never added to another project's, shown to officers, never published."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.measures import OWN, Rule
from spatc_funds.framework.measuring import own_measure
from spatc_funds.framework.queries import rule_of
from spatc_funds.impact import leaves, own, stating
from spatc_funds.impact.queries import Filters, as_exported, report
from spatc_funds.impact.rollup import (
    Part,
    Project,
    Return,
    RollUp,
    Share,
    Target,
    Value,
    as_json,
    as_published,
    figures,
)
from spatc_funds.returns.operations import save_splits
from spatc_funds.returns.queries import owed, splits, targets
from tests.builders import Browser, World
from tests.laws.test_templates import faults

PAGES = "/admin/impact/by/own/"
DAY = date(2026, 3, 31)
EVENTS = Rule("events", "Events", "events", "sum", "sum")
WHOLE = Part("total", "Everything")
NAME = "Safer ways home that students have drawn and walked"


def rule(reference: str, place: int, kind: str) -> Rule:
    return rule_of(own_measure(reference, place, f"Own {place} of {reference}", kind))


@st.composite
def brought(draw: st.DrawFn) -> tuple[list[Rule], list[Project]]:
    """Up to three projects, each with up to two measures of its own and one that all have."""
    rules, found = [EVENTS], []
    for number in range(draw(st.integers(0, 3))):
        reference = f"EX-{number}"
        mine = [
            rule(reference, place, draw(st.sampled_from([*OWN]))) for place in range(1, draw(st.integers(0, 2)) + 1)
        ]
        rules += mine
        of = {each.key: 60 if each.basis == "n-of-m" else None for each in mine}
        values = tuple(Value(key, draw(st.integers(0, 60)), of[key]) for key in of if draw(st.booleans()))
        values += (Value("events", draw(st.integers(0, 9))),)
        accepted = DAY + timedelta(days=draw(st.integers(-2, 2)))
        found.append(
            Project(
                reference,
                reference,
                theme="t",
                outcome="o",
                year="y",
                awarded_pence=1,
                paid_pence=0,
                districts=draw(
                    st.dictionaries(st.sampled_from(sorted(DISTRICTS)), st.just(50), min_size=1, max_size=2)
                ),
                targets=tuple(Target(key, 60, of[key]) for key in of),
                returns=(Return(f"{reference}-R1", 1, DAY, DAY, accepted, values),),
            )
        )
    return rules, found


@given(brought())
def test_each_is_what_its_one_project_counted_and_stands_apart(told: tuple[list[Rule], list[Project]]) -> None:
    rules, projects = told
    whole = figures(WHOLE, projects, rules, DAY)
    assert [each.rule.key for each in whole.measures] == (["events"] if projects and accepted(projects) else [])
    promised = [target.measure for project in projects for target in project.targets]
    assert [each.rule.key for each in whole.own] == promised
    for each in whole.own:
        (mine,) = (project for project in projects if each.rule.key in {target.measure for target in project.targets})
        alone = figures(WHOLE, [mine], rules, DAY)
        assert each == next(one for one in alone.own if one.rule.key == each.rule.key)
        assert each.projects_reporting <= each.projects_due == 1


def accepted(projects: Sequence[Project]) -> bool:
    return any(each.accepted_on and each.accepted_on <= DAY for project in projects for each in project.returns)


@given(brought())
def test_every_line_has_its_project_promise_and_returns(told: tuple[list[Rule], list[Project]]) -> None:
    rules, projects = told
    whole = figures(WHOLE, projects, rules, DAY)
    found = own.lines(whole.own, projects, DAY)
    assert [(each.project.reference, each.target.measure) for each in found] == [
        (project.reference, target.measure) for project in projects for target in project.targets
    ]
    for each in found:
        assert each.figure.rule.key == each.target.measure
        assert bool(each.returns) == (each.counted != "Nothing reported yet")
    reported = sum(1 for each in found if each.returns)
    having = len([project for project in projects if project.targets])
    assert own.finding(found).startswith(f"{having} project")
    assert own.finding(found).endswith(f"; {reported} reported")


@given(brought(), st.sampled_from(sorted(DISTRICTS)))
def test_a_share_of_a_project_has_its_whole_own_figure(told: tuple[list[Rule], list[Project]], code: str) -> None:
    """Nobody is asked in which district they counted, so it is the same wherever the project stands."""
    rules, projects = told
    there = [project for project in projects if code in (project.districts or ())]
    part = RollUp(rules, DAY).figures(Part(code, code), there, Share("district", code))
    assert part.own == figures(WHOLE, there, rules, DAY).own


def test_by_hand() -> None:
    """Two groups that count the same in their own words: 7 of 12 and 40 of 50, and never 47."""
    ways, talks = rule("EX-A", 1, "things"), rule("EX-B", 1, "things")
    projects = [
        replace(made("EX-A", ways, 12), returns=(Return("EX-A-R1", 1, DAY, DAY, DAY, (Value(ways.key, 7),)),)),
        replace(made("EX-B", talks, 50), returns=(Return("EX-B-R1", 1, DAY, DAY, DAY, (Value(talks.key, 40),)),)),
    ]
    whole = figures(WHOLE, projects, [ways, talks], DAY)
    assert whole.measures == ()
    assert [(each.rolled.value, each.target, each.projects_due) for each in whole.own] == [(7, 12, 1), (40, 50, 1)]
    assert [each["value"] for each in as_json(whole)["measures"]] == [7, 40]  # type: ignore[attr-defined]
    assert as_published(whole)["measures"] == []
    lines = list(leaves.lines([ways, talks], projects, DAY, None))
    assert [(line.project.reference, line.figure.value) for line in lines] == [("EX-A", 7), ("EX-B", 40)]


def made(reference: str, mine: Rule, target: int) -> Project:
    return Project(reference, reference, "t", "o", "y", 1, 0, targets=(Target(mine.key, target),))


# -- from the return to the pages --------------------------------------------------------------------------------------


@pytest.fixture
def reference(world: World) -> str:
    """An award whose accepted return says 7 of 12 on a measure of its own."""
    return world.tell("zero-of-fifty")


@pytest.fixture
def analyst(world: World, reference: str) -> Browser:
    assert reference
    return world.browser(world.person("analyst"))


def test_it_is_reported_like_any_other_but_nobody_is_asked_who_they_were(world: World, reference: str) -> None:
    with world.context():
        found = owed(f"{reference}-R1")
        assert found
        assert found.started
        assert [target.measure.name for target in targets(found)][-1] == NAME
        assert {split.measure for split in splits(found)} == {"people-taking-part", "volunteers-trained"}
        said = next(each for each in found.started.accepted[-1].content["values"] if each["measure"].startswith("own-"))
        assert (said["measure"], said["value"], said["state"]) == (f"own-{reference.lower()}-1", 7, "reported")


def test_of_people_nobody_is_asked_who_they_were(world: World) -> None:
    reference = world.tell("zero-of-fifty")
    with world.context():
        found = owed(f"{reference}-R1")
        assert found
        mine = targets(found)[-1].measure
        mine.basis = "unique people"
        assert mine.key not in {split.measure for split in splits(found)}
        mine.own_of = None
        assert mine.key in {split.measure for split in splits(found)}


def test_no_part_of_it_is_kept_either(world: World, reference: str) -> None:
    with world.context():
        found = owed(f"{reference}-R1")
        assert found
        mine = targets(found)[-1]
        mine.measure.basis = "unique people"
        actor = world.actor(world.lead("zero-of-fifty"))
        with pytest.raises(ValueError, match="a part that the round asks"):
            save_splits(actor, found, {(mine.measure_id, "district", "E08000035"): 3})


def test_the_page_shows_it_beside_its_project_and_leads_to_the_return(analyst: Browser, reference: str) -> None:
    page = analyst.get(PAGES).text
    assert faults(page) == []
    for words in (
        NAME,
        "Things",
        "1 project promised 1 measure of their own; 1 reported",
        "Safe way home from college",
    ):
        assert words in page
    assert f'href="/admin/returns/{reference}-R1/"' in page
    made_of = analyst.get("/admin/impact/made-of?by=total").text
    assert f'data-own="own-{reference.lower()}-1"' in made_of
    assert 'href="/admin/impact/by/theme/?' in analyst.get("/admin/impact/made-of?by=theme&key=serious-violence").text
    assert NAME not in analyst.get("/admin/impact/").text
    assert NAME not in analyst.get("/admin/impact/by/theme/").text


def test_where_there_is_none_the_page_says_so(analyst: Browser) -> None:
    page = analyst.get(f"{PAGES}?fund=safer-streets").text
    assert "No project of these brought a measure of its own" in page
    assert analyst.get(f"{PAGES}?fund=nothing").status_code == 404
    other = analyst.get("/admin/impact/made-of?by=fund&key=safer-communities-fund-before-2021").text
    assert "No project here has promised or reported a figure" in other


def test_its_files_say_the_same(analyst: Browser, reference: str) -> None:
    wanted = [reference, "Safe way home from college", "Example Students United", NAME, "12", "7", f"{reference}-R1"]
    rows = list(csv.reader(io.StringIO(analyst.get(f"{PAGES}export/csv/").text.removeprefix("\ufeff"))))
    assert rows[0][3] == "Measure"
    assert [*rows[1][:2], *rows[1][3:]] == [*wanted[:2], *wanted[3:]]
    book = load_workbook(io.BytesIO(analyst.get(f"{PAGES}export/xlsx/").data))
    cells = [str(cell.value) for row in book["Figures"].iter_rows() for cell in row]
    assert {NAME, f"{reference}-R1"} <= set(cells)
    leaves_file = analyst.get("/admin/impact/made-of/export/csv/?by=total").text
    assert f"{NAME} (own measure),{reference}-R1" in leaves_file


def test_it_leaves_by_the_export_and_by_no_statement(world: World, reference: str) -> None:
    key = f"own-{reference.lower()}-1"
    today = clock.london_day(clock.now())
    with world.context():
        found = report(Filters(as_at=today))
        told = as_exported(found)
        (mine,) = (each for each in told["total"]["measures"] if each["key"] == key)
        assert (mine["value"], mine["target"], mine["projects_reporting"], mine["projects_due"]) == (7, 12, 1, 1)
        for member in (
            "by_theme",
            "by_district",
            "matrix",
            "by_cross_cutting_theme",
            "by_outcome",
            "by_financial_year",
        ):
            assert any(each["key"] == key for part in told[member] for each in part["measures"]), member
        published = stating.content_of(Filters(as_at=today))
        assert key not in json.dumps(published)
        assert NAME not in json.dumps(published)
        assert key not in {measure for _way, measure in stating.not_to_be_told(found)}


def test_no_report_names_it(world: World, reference: str, tmp_path: Path) -> None:
    today = clock.london_day(clock.now()).isoformat()
    runner = world.app.test_cli_runner()
    answer = runner.invoke(args=["report", "violence-reduction-partnership", "--as-at", today, "--out", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    (page,) = tmp_path.glob("*.html")
    told = page.read_text(encoding="utf-8")
    assert "People who feel safer" in told
    assert NAME not in told
    assert reference.lower() not in told
