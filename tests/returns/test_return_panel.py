"""Returns in the officers' panel: lists, review, accepting, giving back, reopening, and who may."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.cli.demo import parted, spent_on
from spatc_funds.core.clock import now
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import operations, queries
from spatc_funds.returns.due import standing
from tests.builders import Browser, World
from tests.racing import counted

STORY = "late-return"
LISTS = ("/admin/returns/", "/admin/returns-to-do/", "/admin/returns/export/csv/")
ACTS = ("accept", "send-back", "reopen")


@pytest.fixture
def reference(world: World) -> str:
    """A return that is sent."""
    found = f"{world.tell(STORY)}-R1"
    with world.context():
        lead = world.actor(world.lead(STORY))
        with unit_of_work(lead.id, Action.RETURN_SEND, found):
            operations.send(lead, owed(found), now())
    return found


@pytest.fixture
def officer(world: World, reference: str) -> Browser:  # after the story
    return world.browser(world.person("programme officer"))


def owed(reference: str) -> queries.Owed:
    found = queries.owed(reference)
    assert found
    return found


def state(app: Flask, reference: str) -> ReturnState:
    with app.app_context():
        return owed(reference).state


def act(browser: Browser, reference: str, name: str, **typed: str) -> Any:
    page = f"/admin/returns/{reference}/"
    seen = re.search(r'name="seen" value="([^"]*)"', browser.get(page).text)
    return browser.send(f"{page}{name}", {"seen": seen[1] if seen else "", "feedback": "Well done", **typed}, page=page)


def rows(browser: Browser, query: str) -> list[str]:
    page = browser.get(f"/admin/returns/?{query}")
    assert page.status_code == 200, page.text
    return re.findall(r'<th scope="row".*?app-nowrap">([^<]*)<', page.text)


def test_the_list_holds_what_nobody_has_started_too(officer: Browser, reference: str) -> None:
    assert rows(officer, "") == [reference, reference.replace("-R1", "-R2")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=sent", ["-R1"]),
        ("standing=late", []),
        ("standing=not+due", ["-R2"]),
        ("state=not+started", ["-R2"]),
        ("round=EX-SS", ["-R1", "-R2"]),
        ("sort=-due_on", ["-R2", "-R1"]),
        ("q=estate", ["-R1", "-R2"]),
        ("q=nobody", []),
    ],
)
def test_search_filters_and_order(officer: Browser, reference: str, query: str, found: list[str]) -> None:
    assert rows(officer, query) == [reference.removesuffix("-R1") + tail for tail in found]


def test_the_whole_reference_is_found(officer: Browser, reference: str) -> None:
    assert reference in rows(officer, f"q={reference}")


def test_the_list_costs_the_same_for_one_and_for_many(
    app: Flask, world: World, officer: Browser, reference: str
) -> None:
    def cost(query: str) -> int:
        with counted(app) as asked:
            assert officer.get(f"/admin/returns/?{query}").status_code == 200
        return len(asked)

    one = cost(f"q={reference}&standing=sent")
    world.tell("paid-first")
    world.tell("zero-of-fifty")
    assert cost("sort=due_on") == one


def test_the_file_says_the_same(officer: Browser, reference: str) -> None:
    lines = officer.get("/admin/returns/export/csv/").text.splitlines()
    assert lines[0].lstrip("\ufeff") == "Reference,Organisation,Project,Due,Standing,Where it is"
    assert lines[1].startswith(f"{reference},Example Estate Tenants Forum,")
    assert lines[1].endswith(",Sent,Sent")


def test_what_waits_for_an_officer(officer: Browser, reference: str) -> None:
    page = officer.get("/admin/returns-to-do/").text
    assert "To read (1)" in page
    assert f'href="/admin/returns/{reference}/"' in page
    assert "No return is late" in page


def test_the_lists_condition_is_the_pure_rule(app: Flask, world: World) -> None:
    for story in (STORY, "zero-of-fifty", "paid-first"):
        world.tell(story)
    with app.app_context():
        started = queries.states([each.id for each in db.session.scalars(select(ExpectedReturn))])
        everything = {each.id: each for each in db.session.scalars(select(ExpectedReturn))}
        days = {each.due_on + timedelta(days=gap) for each in everything.values() for gap in (-29, -28, 0, 1)}
        for today in days:
            for word in ("late", "due", "not due", "sent", "accepted"):
                asked = set(db.session.scalars(select(ExpectedReturn.id).where(queries.stands(word, today))))
                told = {
                    key
                    for key, each in everything.items()
                    if standing(started.get(key, ReturnState.NOT_STARTED), each.due_on, today) == word
                }
                assert asked == told, (word, today)


def test_review_shows_promised_beside_reported(officer: Browser, reference: str) -> None:
    page = unescape(officer.get(f"/admin/returns/{reference}/").text)
    assert "£11,840 of the £22,750 award" in page
    assert "40 of 60" in page
    assert "21 of 33" in page
    assert "Accept this return" in page
    assert "Open it for correction" not in page


def test_one_that_nobody_started(officer: Browser, reference: str) -> None:
    page = officer.get(f"/admin/returns/{reference.replace('-R1', '-R2')}/").text
    assert "Nobody has started this return yet" in page
    assert "Accept this return" not in page


def test_accepting_freezes_it(app: Flask, officer: Browser, reference: str) -> None:
    answer = act(officer, reference, "accept")
    assert (answer.status_code, answer.location) == (303, f"/admin/returns/{reference}/")
    page = officer.get(answer.location).text
    assert "Version 1, which counts now" in page
    with app.app_context():
        started = owed(reference).started
        assert started
        assert started.accepted[0].sha256[:16] in page


def test_a_second_acceptance_is_a_conflict(world: World, officer: Browser, reference: str) -> None:
    page = f"/admin/returns/{reference}/"
    other = world.browser(world.person("programme officer", 1))
    seen = re.search(r'name="seen" value="([^"]*)"', other.get(page).text)
    assert seen
    assert act(officer, reference, "accept").status_code == 303
    assert other.send(f"{page}accept", {"seen": seen[1], "feedback": "Well done"}, page=page).status_code == 409


def test_what_was_not_read_is_not_accepted(app: Flask, officer: Browser, reference: str) -> None:
    page = f"/admin/returns/{reference}/"
    assert officer.send(f"{page}accept", {"seen": "0123456789abcdef"}, page=page).status_code == 409
    assert state(app, reference) is ReturnState.SENT


def test_sending_back_needs_a_reason(app: Flask, officer: Browser, reference: str) -> None:
    answer = act(officer, reference, "send-back", reason="  ")
    assert answer.status_code == 422
    assert answer.text.count("Say what has to be mended") == 2
    assert 'href="#reason"' in answer.text
    assert state(app, reference) is ReturnState.SENT
    assert act(officer, reference, "send-back", reason="Count each person once").status_code == 303
    assert "Count each person once" in officer.get(f"/admin/returns/{reference}/").text
    assert state(app, reference) is ReturnState.SENT_BACK


def test_a_correction_shows_what_changed(app: Flask, world: World, officer: Browser, reference: str) -> None:
    act(officer, reference, "accept")
    assert act(officer, reference, "reopen", reason="One number is wrong").status_code == 303
    page = officer.get(f"/admin/returns/{reference}/").text
    assert "Version 1" in page
    assert "which counts now" not in page
    with app.app_context():
        lead, found = world.actor(world.lead(STORY)), owed(reference)
        assert found.started
        said = {
            each.measure_id: operations.Reported(each.state, each.value, each.value_of) for each in found.started.values
        }
        first = queries.targets(found)[0].measure_id
        said[first] = operations.Reported(said[first].state, 48)
        with unit_of_work(lead.id, Action.RETURN_EDIT, reference):
            operations.save(lead, found, said, found.started.story, 1_200_000)
            found = owed(reference)
            operations.save_lines(lead, found, spent_on(found, 1_200_000))
            operations.save_splits(lead, found, parted(found))
        with unit_of_work(lead.id, Action.RETURN_SEND, reference):
            operations.send(lead, owed(reference), now())
    assert act(officer, reference, "accept").status_code == 303
    page = officer.get(f"/admin/returns/{reference}/").text
    assert "Version 2, which counts now" in page
    assert "People taking part: was 52, now 48" in page
    assert "Spent so far: was £11,840, now £12,000" in page
    assert re.search(r"People taking part, how old they are, 11 to 17: was 26, now 24", page)
    assert re.search(r"Spent on [^:]+: was £[0-9,.]+, now £[0-9,.]+", page)


@pytest.mark.parametrize("name", ["reopen"])
def test_moves_that_do_not_exist_are_conflicts(officer: Browser, reference: str, name: str) -> None:
    assert act(officer, reference, name, reason="Because").status_code == 409
    assert act(officer, reference.replace("-R1", "-R2"), "accept").status_code == 409


def test_nobody_accepts_what_they_sent_themselves(app: Flask, world: World, officer: Browser, reference: str) -> None:
    with app.app_context():
        me, found = world.staff("programme officer"), owed(reference)
        assert found.started
        with unit_of_work(None, Action.RETURN_SEND, reference):
            found.started.sent_by_id = me.id
    page = unescape(officer.get(f"/admin/returns/{reference}/").text)
    assert "so another person has to" in page
    assert "Accept this return" not in page
    answer = act(officer, reference, "accept")
    assert answer.status_code == 403
    assert "so another person has to" in answer.text
    assert state(app, reference) is ReturnState.SENT


@pytest.mark.parametrize("address", LISTS)
def test_who_may_list(world: World, reference: str, address: str) -> None:
    for role, code in {"programme officer": 200, "auditor": 200, "analyst": 200, "assessor": 403}.items():
        assert world.browser(world.person(role)).get(address).status_code == code, role
    assert world.browser(world.lead(STORY)).get(address).status_code == 403
    assert world.browser().get(address).status_code == 303


@pytest.mark.parametrize("name", ACTS)
def test_who_may_act(app: Flask, world: World, reference: str, name: str) -> None:
    for role in ("auditor", "analyst", "finance officer", "board member"):
        browser = world.browser(world.person(role))
        assert act(browser, reference, name, reason="Because").status_code == 403, role
        assert f"{name}" not in re.findall(
            r'action="/admin/returns/[^"]*/([a-z-]+)"', browser.get(f"/admin/returns/{reference}/").text
        )
    assert act(world.browser(), reference, name).status_code == 303
    assert state(app, reference) is ReturnState.SENT


def test_whoever_is_barred_sees_nothing_of_it(app: Flask, world: World, reference: str) -> None:
    from spatc_funds.applications.queries import submission_by_reference
    from spatc_funds.assessment.interests import declare
    from spatc_funds.assessment.models import InterestKind

    bid = reference.removesuffix("-R1")
    with app.app_context():
        me, sent = world.staff("programme officer"), submission_by_reference(bid)
        assert sent
        with unit_of_work(me.id, Action.INTEREST_DECLARE, bid):
            declare(me, sent, InterestKind.PREJUDICIAL, "My sister runs it", now())
    browser = world.browser(world.person("programme officer"))
    assert browser.get(f"/admin/returns/{reference}/").status_code == 404
    assert rows(browser, "") == []
    assert reference not in browser.get("/admin/returns-to-do/").text


@pytest.mark.parametrize("missing", ["EX-SS-NONE-R1", "EX-SS-NONE", "EX-SS-90EE4-R9999"])
def test_a_return_that_is_not_there(officer: Browser, missing: str) -> None:
    assert officer.get(f"/admin/returns/{missing}/").status_code == 404


def test_it_is_late_the_day_after() -> None:
    due = date(2026, 3, 31)
    assert standing(ReturnState.STARTED, due, due) == "due"
    assert standing(ReturnState.STARTED, due, due + timedelta(days=1)) == "late"
