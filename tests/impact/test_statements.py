"""Statements: frozen, hashed, named, compared with the one before; who took part, without small numbers."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from spatc_funds.cli.loading import load_results
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.frozen import FrozenRecordError
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.measures import Rule
from spatc_funds.impact import operations, stating
from spatc_funds.impact.comparing import Difference, differences
from spatc_funds.impact.models import Statement
from spatc_funds.impact.operations import publish
from spatc_funds.impact.queries import Filters, as_exported, exported, report
from spatc_funds.impact.rollup import Project, Return, Value, as_published
from spatc_funds.impact.splits import SplitTable, tables
from spatc_funds.impact.suppression import LEAST, WAYS
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World
from tests.impact.test_importing import EXAMPLE, add, change
from tests.laws.test_templates import faults

PAGES = "/admin/impact/statements/"
NAME = "Impact of the year 2025-26"
DAY = date(2026, 3, 31)
SENT = {"name": NAME, "as_at": ["31", "3", "2026"]}


def analyst(world: World) -> Browser:
    return world.browser(world.person("analyst"))


def publish_by_page(browser: Browser, sent: dict[str, Any], **more: Any) -> TestResponse:
    """Asked for, read, and published: the answer that ends it."""
    read = browser.send(f"{PAGES}publish", sent)
    if read.status_code != 200:
        return read
    (seen,) = re.findall(r'name="reading" value="([0-9a-f]{64})"', read.text)
    return browser.send(f"{PAGES}publish", {**sent, "reading": seen, **more})


@pytest.fixture
def told(world: World) -> World:
    """The worked example is there."""
    with world.context():
        load_results(EXAMPLE, clock.now())
    return world


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The example's files, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "later"))


# -- publishing --------------------------------------------------------------------------------------------------------


def test_a_statement_is_what_was_exported_on_its_day_and_stays_so(told: World) -> None:
    browser = analyst(told)
    assert "No statement is published yet" in browser.get(PAGES).text
    answer = publish_by_page(browser, SENT)
    assert (answer.status_code, answer.location) == (303, f"{PAGES}IMPACT-1/")
    page = browser.get(f"{PAGES}IMPACT-1/").text
    assert NAME in page
    assert "This is the first statement in this plan." in page
    with told.context():
        found = db.session.scalars(select(Statement)).one()
        whole = as_exported(report(Filters(as_at=DAY)), as_published)
        assert {key: found.content[key] for key in whole} == whole
        assert {key: whole["total"][key] for key in exported(Filters(as_at=DAY))["total"]} == exported(Filters(DAY))[
            "total"
        ]
        assert found.sha256 == content_hash(found.content)
        assert found.sha256 in page
    with told.context(), pytest.raises(FrozenRecordError), unit_of_work(None, Action.STATEMENT_PUBLISH):
        db.session.scalars(select(Statement)).one().name = "Another"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({**SENT, "name": " "}, "Enter a name for the statement"),
        ({**SENT, "as_at": ["", "", ""]}, "Enter the day"),
        ({**SENT, "as_at": ["31", "3", "2099"]}, "Enter a day that has come"),
    ],
)
def test_what_is_wrong_with_a_statement_is_said(world: World, sent: dict[str, Any], words: str) -> None:
    answer = publish_by_page(analyst(world), sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Read it before it is published" in answer.text
    with world.context():
        assert db.session.scalars(select(Statement)).all() == []


def test_it_is_read_before_it_is_published(told: World, later: Path) -> None:
    """What is read is what everybody will read; where it has moved meanwhile, it is read again."""
    add(later, "returns", "W-11", "2", "2024-10-01", "2025-03-31", "2025-04-30", "accepted", "2025-05-01")
    add(later, "values", "W-11", "2", "people-taking-part", "3", "", "reported", "", "")
    browser = analyst(told)
    read = browser.send(f"{PAGES}publish", SENT)
    assert read.status_code == 200
    assert faults(read.text) == []
    for words in (NAME, "Not published yet. As at 31 March 2026", "300 to 605", 'id="publish"'):
        assert words in read.text
    (seen,) = re.findall(r'name="reading" value="([0-9a-f]{64})"', read.text)
    assert "No statement is published yet" in browser.get(PAGES).text
    changed = browser.send(f"{PAGES}publish", {**SENT, "then": "change", "reading": seen})
    assert changed.status_code == 200
    assert f'value="{NAME}"' in changed.text
    assert "Read it before it is published" in changed.text
    with told.context():
        load_results(later, clock.now())
    moved = browser.send(f"{PAGES}publish", {**SENT, "reading": seen})
    assert moved.status_code == 409
    assert operations.CHANGED in moved.text
    assert "Left out" in moved.text
    assert "No statement is published yet" in browser.get(PAGES).text
    (again,) = re.findall(r'name="reading" value="([0-9a-f]{64})"', moved.text)
    assert browser.send(f"{PAGES}publish", {**SENT, "reading": again}).status_code == 303
    shown = told.app.test_client().get("/impact/IMPACT-1").text
    figures = [page[page.index('class="app-figures"') : page.index('id="who"')] for page in (moved.text, shown)]
    assert figures[0] == figures[1]


def test_who_publishes_and_who_reads(told: World) -> None:
    for role in ("auditor", "board member", "finance officer"):
        browser = told.browser(told.person(role))
        assert browser.send(f"{PAGES}publish", SENT, page="/admin/").status_code == 403
        assert "Publish a statement" not in browser.get(PAGES).text
    assert publish_by_page(told.browser(told.person("programme officer")), SENT).status_code == 303
    assert told.browser(told.person("auditor")).get(f"{PAGES}IMPACT-1/").status_code == 200
    assert told.browser(told.person("assessor")).get(f"{PAGES}IMPACT-1/").status_code == 403
    assert analyst(told).get(f"{PAGES}IMPACT-2/").status_code == 404
    with told.context():
        with pytest.raises(ForbiddenError):
            publish(told.staff("auditor"), NAME, Filters(as_at=DAY), "", clock.now())
        with pytest.raises(NotReadyError):
            publish(told.staff("analyst"), "", Filters(as_at=DAY), "", clock.now())


def test_everybody_reads_it_without_small_numbers(told: World, later: Path) -> None:
    add(later, "returns", "W-11", "2", "2024-10-01", "2025-03-31", "2025-04-30", "accepted", "2025-05-01")
    add(later, "values", "W-11", "2", "people-taking-part", "100", "", "reported", "", "")
    for split, count in (("under 18", "3"), ("18 to 24", "41"), ("over 24", "56")):
        add(later, "values", "W-11", "2", "people-taking-part", count, "", "reported", "age band", split)
    with told.context():
        load_results(later, clock.now())
    publish_by_page(analyst(told), SENT)
    stranger = told.app.test_client()
    assert NAME in stranger.get("/impact").text
    page = stranger.get("/impact/IMPACT-1").text
    assert "People taking part: age band" in page
    assert page.count("Left out</td>") == 2, "the small one, and another that would give it away"
    who = page.split("Who took part")[1]
    assert all(f">{count}</td>" in who for count in (56, 100, 60))
    assert not any(f">{count}</td>" in who for count in (3, 41))
    assert "Leeds" in who
    shown = json.loads(stranger.get("/impact/IMPACT-1/figures.json").get_data(as_text=True))
    (bands,) = (each for each in shown["splits"] if each["split_by"] == "age band")
    assert bands["parts"] == {"18 to 24": None, "over 24": 56, "under 18": None}
    assert bands["total"] == 100
    assert stranger.get("/impact/IMPACT-9").status_code == 404
    assert stranger.get("/impact/IMPACT-9/figures.json").status_code == 404


def test_the_next_one_says_what_has_moved(told: World, later: Path) -> None:
    browser = analyst(told)
    publish_by_page(browser, SENT)
    publish_by_page(browser, {**SENT, "name": "Again"})
    assert "Nothing has moved since IMPACT-1" in browser.get(f"{PAGES}IMPACT-2/").text
    change(later, "returns", 6, "state", "accepted")
    change(later, "returns", 6, "accepted_on", "2026-03-30")
    with told.context():
        load_results(later, clock.now())
    publish_by_page(browser, {**SENT, "name": "Third"})
    page = browser.get(f"{PAGES}IMPACT-3/").text
    assert "Since IMPACT-2" in page
    assert "Theme: Serious Violence" in page
    with told.context():
        third = stating.statement_of("IMPACT-3")
        assert third
        second = stating.earlier(third)[0]
        assert second.reference == "IMPACT-2"
        moved = differences(second.content, third.content)
        accepted = second.content["total"]["returns_accepted"]
        assert Difference("Everything", "Returns accepted", accepted, accepted + 1) in moved
        assert {each.figure for each in moved} == {"Returns accepted", "People taking part"}


# -- what two statements have between them -----------------------------------------------------------------------------


def content(plan: str = "one", **more: Any) -> dict[str, Any]:
    counts = ("projects", "awarded_pence", "paid_pence", "amounts_unknown", "returns_due", "returns_accepted")
    member = {"key": "a", "name": "A", **dict.fromkeys(counts, 0), "measures": []}
    parts = ("by_theme", "by_cross_cutting_theme", "by_outcome", "by_district", "by_financial_year")
    return {"plan": plan, "total": {**member, **more}, **{each: [] for each in parts}}


def test_what_stands_in_one_of_two_is_said() -> None:
    assert differences(content(), content()) == []
    people = {"name": "People", "basis": "unique people", "low": 1, "high": 2, "n": None, "of": None, "value": None}
    assert differences(content(), content(awarded_pence=5, measures=[people])) == [
        Difference("Everything", "Awarded", 0, 5, pence=True),
        Difference("Everything", "People", None, (1, 2, None, None, None)),
    ]
    part = {**content()["total"], "name": "Leeds", "projects": 3}
    (gone, *_more) = differences({**content(), "by_district": [part]}, content())
    assert gone == Difference("District: Leeds", "Projects", 3, None)


def test_two_plans_are_not_compared() -> None:
    with pytest.raises(ValueError, match="one speaks in the plan one, the other in two"):
        differences(content("one"), content("two"))


# -- who took part -----------------------------------------------------------------------------------------------------


def test_splits_are_added_up_by_the_measures_own_rule() -> None:
    people = Rule("people", "People", "unique people", "latest", "range")
    visits = Rule("visits", "Visits", "attendances", "sum", "sum")
    safer = Rule("safer", "Safer", "n-of-m", "sum", "n-of-m")

    def said(number: int, *values: Value, accepted: date | None = DAY) -> Return:
        return Return(f"R{number}", number, date(2025, 6, number), DAY, accepted, values)

    def project(name: str, *returns: Return) -> Project:
        return Project(name, name, "t", "o", "2025-26", 1, 1, returns=returns)

    one = project(
        "one",
        said(1, Value("people", 4, None, "age", "old"), Value("visits", 4, None, "age", "old")),
        said(2, Value("people", 6, None, "age", "old"), Value("visits", 5, None, "age", "old")),
        said(3, Value("people", 99, None, "age", "old"), accepted=None),
    )
    two = project("two", said(1, Value("people", 7, None, "age", "young"), Value("people", 9)))
    three = project("three", said(1, Value("safer", 1, 2, "age", "old"), Value("smiles", 1, None, "age", "old")))
    assert tables([one, two, three], [people, visits, safer], DAY) == [
        SplitTable("people", "People", "age", {"old": 6, "young": 7}, frozenset({"one", "two"})),
        SplitTable("visits", "Visits", "age", {"old": 9}, frozenset({"one"})),
    ]


def test_parts_are_those_of_one_return() -> None:
    people = Rule("people", "People", "unique people", "latest", "range")

    def said(number: int, **parts: int) -> Return:
        values = tuple(Value("people", count, None, "age", key) for key, count in parts.items())
        return Return(f"R{number}", number, date(2025, 6, number), DAY, DAY, values)

    project = Project("p", "p", "t", "o", "2025-26", 1, 1, returns=(said(2, young=40), said(1, young=10, old=20)))
    assert tables([project], [people], DAY)[0].parts == {"young": 40}, "who was old in the first is not added to them"


# -- what nobody can work out ------------------------------------------------------------------------------------------


def table(**parts: int) -> dict[str, Any]:
    return {"measure": "people", "name": "People", "split_by": "district", "projects": 2, "parts": parts}


NOTHING: dict[str, Any] = dict.fromkeys(("low", "high", "n", "of", "value"))
EVENTS = {"key": "events", "basis": "events", **NOTHING, "value": 2}


def part(key: str, *counts: int) -> dict[str, Any]:
    """One part of a way: its projects counted so many people each."""
    people = {"key": "people", "basis": "unique people", **NOTHING, "low": max(counts), "high": sum(counts)}
    return {"key": key, "measures": [people, EVENTS]}


def ways(**more: Any) -> dict[str, Any]:
    """A content without anything in it."""
    lists = {way: [] for way in WAYS if way != "total"}
    return {"plan": "one", "salt": "x", "splits": [], **lists, "total": {"key": "total", "measures": []}, **more}


def stated(**parts: int) -> dict[str, Any]:
    """A content with people by district, as the roll-up says it too."""
    districts = [part(key, count) for key, count in parts.items()]
    return ways(splits=[table(**parts)], by_district=districts, total=part("total", *parts.values()))


def test_a_district_says_nothing_that_its_table_leaves_out() -> None:
    shown = stating.published(stated(bradford=3, calderdale=20, leeds=57))
    assert shown["splits"][0]["parts"] == {"bradford": None, "calderdale": None, "leeds": 57}
    people = [each["measures"][0] for each in shown["by_district"]]
    assert all(each["left_out"] and each["high"] is each["projects_reporting"] is None for each in people)
    assert all(each["measures"][1] == EVENTS for each in shown["by_district"])
    assert "left_out" not in json.dumps(stating.published(stated(bradford=30, calderdale=20)))
    assert "salt" not in shown


def test_two_statements_tell_no_small_change() -> None:
    first = stated(bradford=30, calderdale=20, leeds=57)
    for then in (
        {"bradford": 32, "calderdale": 20, "leeds": 57},
        {"bradford": 30, "calderdale": 20, "leeds": 57, "x": 4},
    ):
        shown = stating.published(stated(**then), [first])
        assert set(shown["splits"][0]["parts"].values()) == {None}
        assert shown["splits"][0]["total"] is None
    large = stating.published(stated(bradford=35, calderdale=20, leeds=57), [first])
    assert large["splits"][0]["parts"] == {"bradford": 35, "calderdale": 20, "leeds": 57}


def test_what_was_left_out_once_stays_out() -> None:
    """Else the later table says what the earlier one kept: 20, 10 and 3 became 20, 10 and 8."""
    first, then = stated(bradford=20, kirklees=10, leeds=3), stated(bradford=20, kirklees=10, leeds=8)
    before, after = stating.published(first), stating.published(then, [first])
    out = {key for key, count in before["splits"][0]["parts"].items() if count is None}
    assert "leeds" in out
    assert {key for key, count in after["splits"][0]["parts"].items() if count is None} >= out
    assert all(each["measures"][0].get("left_out") for each in after["by_district"]), "nor does the roll-up say it"
    third = stating.published(stated(bradford=20, kirklees=10, leeds=80), [then, first])
    assert third["splits"][0]["parts"]["leeds"] is None, "however many statements ago"


@given(
    st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 40), min_size=1, max_size=3), min_size=1),
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
)
def test_no_way_of_looking_at_it_says_a_small_number_of_people(parts: dict[str, list[int]], total: list[int]) -> None:
    content = ways(by_theme=[part(key, *counts) for key, counts in parts.items()], total=part("total", *total))
    shown = stating.published(content)
    for way in ("total", "by_theme"):
        held = [shown[way]] if way == "total" else shown[way]
        people = [each["measures"][0] for each in held]
        assert len({bool(each.get("left_out")) for each in people}) == 1, "all of a way, or nothing of it"
        for each in people:
            if not each.get("left_out"):
                assert not any(0 < number < LEAST for number in (each["low"], each["high"], each["high"] - each["low"]))
        assert all(each["measures"][1] == EVENTS for each in held)
    if shown["total"]["measures"][0].get("left_out"):
        assert all(each["measures"][0].get("left_out") for each in shown["by_theme"])


def test_two_projects_of_which_one_is_small_are_told_by_neither_end() -> None:
    shown = stating.published(ways(total=part("total", 30, 3), by_theme=[part("a", 30), part("b", 30)]))
    assert shown["total"]["measures"][0]["left_out"], "33 less 30 are 3"
    assert all(each["measures"][0]["left_out"] for each in shown["by_theme"])


@pytest.mark.parametrize("plan", ["one", "two"])
def test_no_figure_says_a_small_change_whatever_plan_it_was_told_in(plan: str) -> None:
    first = ways(plan=plan, total=part("total", 32), by_theme=[part("a", 14), part("b", 18)])
    then = ways(total=part("total", 34), by_theme=[part("a", 14), part("b", 20)])
    assert "left_out" not in json.dumps(stating.published(first))
    assert stating.published(then, [first])["total"]["measures"][0]["left_out"]
    assert all(each["measures"][0]["left_out"] for each in stating.published(then, [first])["by_theme"])
    same = ways(total=part("total", 32), by_theme=[part("a", 14), part("b", 18)])
    assert "left_out" not in json.dumps(stating.published(same, [first]))


def test_whoever_may_not_see_all_of_it_publishes_none(world: World) -> None:
    reference = world.award()
    officer = world.person("programme officer")
    with world.context():
        barred = replace(world.actor(officer), barred=frozenset({reference}))
        with pytest.raises(NotReadyError, match="Somebody else has to"), unit_of_work(None, Action.STATEMENT_PUBLISH):
            publish(barred, NAME, Filters(as_at=clock.london_day(clock.now())), "", clock.now())


def test_one_name_and_day_is_one_statement(told: World) -> None:
    browser = analyst(told)
    assert publish_by_page(browser, SENT).status_code == 303
    again = publish_by_page(browser, SENT)
    assert again.status_code == 422
    assert "There is a statement of this name and day" in again.text
    assert publish_by_page(browser, {**SENT, "name": "Another"}).status_code == 303


def test_a_hash_tells_nobody_what_was_left_out(told: World) -> None:
    publish_by_page(analyst(told), SENT)
    shown = told.app.test_client().get("/impact/IMPACT-1/figures.json").get_data(as_text=True)
    with told.context():
        held = stating.statement_of("IMPACT-1")
        assert held
        assert len(held.content["salt"]) == 32
        assert held.content["salt"] not in shown
        assert content_hash(held.content) == held.sha256
        without = {key: each for key, each in held.content.items() if key != "salt"}
        assert content_hash(without) != held.sha256


def test_a_statement_is_not_of_a_day_before_the_last(told: World) -> None:
    browser = analyst(told)
    publish_by_page(browser, SENT)
    refused = publish_by_page(browser, {**SENT, "as_at": ["30", "3", "2026"]})
    assert refused.status_code == 422
    assert "Enter 31 March 2026 or a later day" in refused.text


def test_a_statement_is_of_one_moment(told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is saved while the figures are added up (as PostgreSQL allows), nothing is published of two moments."""
    moments = iter(["before", "after"])
    monkeypatch.setattr(operations, "version", lambda: next(moments))
    browser = analyst(told)
    sent = publish_by_page(browser, SENT)
    assert sent.status_code == 422
    assert sent.text.count(operations.MOVED) == 2
    monkeypatch.undo()
    assert publish_by_page(browser, SENT).status_code == 303
