"""What scoring costs an officer: by keys alone, on a phone, in every mode; and that nothing of it is ever lost."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Page, Request, Route
from sqlalchemy import select

from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import interests, operations
from spatc_funds.assessment.models import Assessment, InterestKind, Result, Score
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.assessment.sheets import KEYS
from tests.builders import World
from tests.journeys.browsing import DESK, PHONE, REFUSED, SCRIPTS, Enter, Visitor
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.browser
ASSESSOR, OFFICER = "assessor.three@example.org", "officer.one@example.org"
# A bid of its own for each test, by its key in the demo's file.
BY_KEYS, MODES, CRASH, TABS = "submitted", "ride-to-work", "not-for-sale", "bright-subway"
PACK, LATE, MODERATED = "shopkeepers-row", "planters-at-home-time", "one-second"
GIVEN = (BY_KEYS, MODES, CRASH, TABS, PACK)
MOST_ACTS = 25
SAVED_WITHIN = 2.0
# WCAG 2.2, success criterion 1.4.12
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } "
SPACING += "p { margin-bottom: 2em !important }"
# How a page may be looked at: the browser's settings, and what is added to the styles.
LOOKS: dict[str, tuple[dict[str, Any], str]] = {
    "zoomed to 200 %": ({"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}, ""),
    "with text spacing": ({"viewport": PHONE}, SPACING),
    "in forced colours": ({"viewport": DESK, "forced_colors": "active"}, ""),
    "on a phone": ({"viewport": PHONE}, ""),
}


@pytest.fixture(scope="module", params=SCRIPTS)
def scripts(request: pytest.FixtureRequest) -> str:
    """Whether scripts run."""
    return str(request.param)


@pytest.fixture(scope="module")
def told(scripts: str) -> tuple[str, ...]:
    """A new site each time, with scripts and without."""
    assert scripts
    return (*GIVEN, LATE, MODERATED)


@pytest.fixture(scope="module", autouse=True)
def given(site: object, prepared: Flask) -> dict[str, str]:
    """The bids are given to one assessor, who has declared no interest in them but in the one to be done by keys."""
    assert site
    world, found = World(prepared), dict[str, str]()
    with world.context():
        for story in (*GIVEN, LATE, MODERATED):
            found[story] = reference_of(world, story)
        for story in (*GIVEN, LATE):
            give(world, found[story], declared=story != BY_KEYS)
        db.session.remove()
        db.engine.dispose()
    return found


def reference_of(world: World, story: str) -> str:
    """The bid of a group."""
    from spatc_funds.applications.models import Application

    name = world.spec(story)["organisation"]["name"]
    asked = select(Application.reference).where(Application.organisation.has(name=name))
    return str(db.session.scalars(asked).one())


def give(world: World, reference: str, *, declared: bool) -> None:
    """To the third assessor."""
    officer, assessor = world.staff("programme officer"), world.demo.by_role(Role.ASSESSOR, 2)
    with unit_of_work(officer.id, Action.ASSESSMENT_ALLOCATE, reference):
        operations.allocate(officer, world.submission_row(reference), [assessor], clock.now())
    if declared:
        actor = world.staff("assessor", 2)
        with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
            interests.declare(actor, world.submission_row(reference), InterestKind.NONE, "", clock.now())


def scores_of(world: World, reference: str) -> dict[str, tuple[int | None, str]]:
    """What the third assessor's sheet holds, by criterion."""
    with world.context():
        person = world.demo.by_role(Role.ASSESSOR, 2).id
        found = submission_by_reference(reference)
        assert found
        asked = (
            select(Score).join(Assessment).where(Assessment.person_id == person, Assessment.submission_id == found.id)
        )
        held = {each.criterion.key: (each.value, each.reason) for each in db.session.scalars(asked)}
        db.session.remove()
    return held


@pytest.fixture
def world(prepared: Flask) -> World:
    """The people and groups by name."""
    return World(prepared)


def criterion(reference: str, key: str) -> str:
    """The address of one criterion."""
    return f"/admin/assessment/{reference}/criteria/{key}/"


def test_six_criteria_by_keys_alone(visit: Enter, world: World, given: dict[str, str]) -> None:
    """From the queue to final scores at 320 pixels: Tab, arrows, Space and Enter; 25 acts at most besides the text."""
    reference, keys = given[BY_KEYS], Keyboard(visit(PHONE, ASSESSOR))
    keys.me.go("/admin/assessment/")
    acts = 0

    def enter(name: str) -> None:
        nonlocal acts
        keys.enter(name)
        acts += 1

    enter(f"{reference} : Declare your interest")
    keys.reach("No interest")
    keys.me.page.keyboard.press("Space")
    acts += 1
    enter("Declare it")
    enter("Begin with “Need”")
    for number, key in enumerate(KEYS):
        group = keys.me.page.locator("input[type=radio]")
        keys.reach(str(group.nth(0).evaluate("it => it.labels[0].innerText.trim()")))
        keys.me.page.keyboard.press("ArrowUp")  # from none to the last: 5
        acts += 1
        keys.type("Your reason", f"By keys, {key}")
        keys.type("What the group is told", f"Well done with {key}.")
        enter("Save and next" if number < 5 else "Save and see the sheet")
    enter("Make my scores final")
    assert "They cannot be changed any more" in keys.me.main()
    assert acts <= MOST_ACTS, acts
    assert scores_of(world, reference) == {key: (5, f"By keys, {key}") for key in KEYS}


@pytest.mark.parametrize("look", LOOKS)
def test_scored_however_the_page_is_looked_at(visit: Enter, world: World, given: dict[str, str], look: str) -> None:
    settings, style = LOOKS[look]
    view = settings["viewport"]
    me = visit(view, ASSESSOR, **{key: value for key, value in settings.items() if key != "viewport"})
    if style:
        me.page.route("**/app.css", lambda route: with_style(route, style))
    reference, key = given[MODES], KEYS[list(LOOKS).index(look)]
    for path in ("/admin/", "/admin/assessment/", f"/admin/assessment/{reference}/", f"/admin/bids/{reference}/"):
        me.go(path)
        assert not wide(me.page), f"{path} {look}: {wide(me.page)}"
    me.go(criterion(reference, key))
    assert not wide(me.page), f"{look}: {wide(me.page)}"
    me.page.locator("input[type=radio]").nth(3).check()
    me.fill("Your reason", look)
    me.press("Save and next")
    assert scores_of(world, reference)[key] == (3, look)


def with_style(route: Route, style: str) -> None:
    """The styles with more at their end, as a person's own browser adds it."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + style)


def wide(page: Page) -> str:
    """What makes a page scroll sideways; empty when nothing does. Measured by the browser, scripts or not."""
    session = page.context.new_cdp_session(page)
    width = session.send("Page.getLayoutMetrics")
    room, content = width["cssLayoutViewport"]["clientWidth"], width["cssContentSize"]["width"]
    session.detach()
    return f"{content} in {room}" if content > room + 1 else ""


def test_a_crash_while_somebody_types_loses_nothing(
    visit: Enter, world: World, given: dict[str, str], scripts: str
) -> None:
    """With scripts it is saved within two seconds; and what was not is on the device."""
    if scripts == "off":
        pytest.skip("without scripts nothing is saved before a button is pressed")
    reference = given[CRASH]
    me = visit(PHONE, ASSESSOR)
    me.go(criterion(reference, "need"))
    taken = me.page.expect_response(lambda answer: is_save(answer.request), timeout=30_000)
    with taken, me.page.expect_request(is_save, timeout=SAVED_WITHIN * 1000):
        me.fill("Your reason", "Typed, and never sent")
    me.page.get_by_text("Saved at").wait_for()
    me.page.route("**/criteria/**", only_pressed)  # no script of this tab reaches the service any more
    me.fill("What the group is told", "Typed without a network")
    me.page.wait_for_timeout(300)
    other = me.page.context.new_page()
    me.page.close()  # the tab is gone
    me.page = other
    me.page.goto(criterion(reference, "need"))
    assert me.page.get_by_label("Your reason", exact=True).input_value() == "Typed, and never sent"
    assert me.page.get_by_label("What the group is told", exact=True).input_value() == "Typed without a network"
    me.page.get_by_text("Saved at").wait_for()
    assert scores_of(world, reference)["need"] == (None, "Typed, and never sent")


def is_save(request: Request) -> bool:
    """A script saves."""
    return request.method == "POST" and "criteria" in request.url


def test_two_tabs_end_in_both_versions_shown(visit: Enter, world: World, given: dict[str, str]) -> None:
    reference = given[TABS]
    first, second = visit(DESK, ASSESSOR), visit(DESK, ASSESSOR)
    key = "place"
    for tab in (first, second):
        tab.go(criterion(reference, key))
    first.page.route("**/criteria/**", only_pressed)
    second.page.route("**/criteria/**", only_pressed)
    first.fill("Your reason", "From the first tab")
    first.press("Save and next")
    second.fill("Your reason", "From the second tab")
    second.press("Save and next", 409)
    assert "From the first tab" in second.main()
    assert "From the second tab" in second.main()
    assert scores_of(world, reference)[key][1] == "From the first tab"


def only_pressed(route: Route) -> None:
    """Two tabs in which nobody waits: what a script would save between them is left out."""
    if route.request.headers.get("accept") == "application/json":
        route.abort()
    else:
        route.continue_()


def test_a_conflict_found_late_locks_the_sheet_and_takes_the_bid_away(
    visit: Enter, world: World, given: dict[str, str]
) -> None:
    reference = given[LATE]
    me, officer = visit(DESK, ASSESSOR), visit(DESK, OFFICER)
    me.go(criterion(reference, "place"))
    me.page.locator("input[type=radio]").nth(2).check()
    me.fill("Your reason", "CANARY of a reason")
    me.press("Save and next")
    me.go(f"/admin/assessment/{reference}/interest")
    me.choose("A prejudicial interest")
    me.fill("What is your interest?", "CANARY of a cousin")
    me.press("Declare it")
    for path in (
        "/admin/",
        "/admin/assessment/",
        "/admin/bids/",
        "/admin/assessment/pack/",
        "/admin/interests/declare",
    ):
        me.go(path)
        assert reference not in me.page.content(), path
    for path in (criterion(reference, "place"), f"/admin/assessment/{reference}/", f"/admin/bids/{reference}/"):
        me.go(path)
        assert me.status == 404
        assert "CANARY" not in me.page.content()
    officer.go("/admin/")
    officer.follow("See which: bid lost scores of somebody who declared an interest late")
    assert reference in officer.main()
    officer.open(reference)
    assert "CANARY" not in officer.page.content()


def test_a_spreadsheet_goes_out_and_comes_back_with_its_faults_named(
    visit: Enter, world: World, given: dict[str, str]
) -> None:
    reference, me = given[PACK], visit(DESK, ASSESSOR)
    me.go("/admin/assessment/pack/")
    with me.page.expect_download() as waiting:
        me.page.get_by_role("link", name=re.compile("^Download your")).click()
    book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
    sheet = book["Scores"]
    heads = {str(cell.value): cell.column for cell in sheet[head_row(sheet)] if cell.value}
    rows = [row for row in range(head_row(sheet) + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == reference]
    assert len(rows) == 4
    sheet.cell(rows[0], heads["Score"]).value = 9
    me.go("/admin/assessment/pack/")
    upload(me, book)
    me.press("Show what it would change", REFUSED)
    assert "is not a score from 0 to 5" in me.main()
    for number, row in enumerate(rows):
        sheet.cell(row, heads["Score"]).value = number + 1
        sheet.cell(row, heads["Reason"]).value = f"On the train, {number}"
    me.go("/admin/assessment/pack/")
    upload(me, book)
    me.press("Show what it would change")
    assert "On the train, 3" in me.main()
    assert scores_of(world, reference) == {}, "nothing is saved before it is confirmed"
    me.press("Save these scores")
    assert sorted(scores_of(world, reference).values()) == [(each + 1, f"On the train, {each}") for each in range(4)]


def head_row(sheet: Any) -> int:
    """The row of the headings."""
    return next(row for row in range(1, 20) if any(cell.value == "Score" for cell in sheet[row]))


def upload(me: Visitor, book: Any) -> None:
    """Choose the file."""
    out = BytesIO()
    book.save(out)
    name = "my-bids.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    me.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": out.getvalue()})


def test_from_moderation_to_a_settled_result(visit: Enter, world: World, given: dict[str, str]) -> None:
    """Far apart, talked about, moderated with a reason, settled; the record counts and the originals stay."""
    reference, officer = given[MODERATED], visit(DESK, OFFICER)
    with world.context():
        code = world.submission_row(reference).round.code
        db.session.remove()
    officer.go(f"/admin/assessment/moderation/{code}/")
    officer.go(f"/admin/assessment/moderation/{code}/{reference}/")
    before = officer.main()
    officer.page.locator("summary", has_text="Moderate this score").first.click()
    form = officer.page.locator("form", has=officer.page.get_by_role("button", name=re.compile("for Need$")))
    officer.click(form.get_by_role("button"))
    assert officer.status == REFUSED
    form = officer.page.locator("form", has=officer.page.get_by_role("button", name=re.compile("for Need$")))
    form.locator("input[type=radio]").nth(2).check()
    form.locator("textarea").fill("The panel saw the figures again.")
    officer.click(form.get_by_role("button"))
    assert "It counts with 2 of 5" in officer.main()
    assert before.count("Assessor 1") == officer.main().count("Assessor 1"), "the assessors' own scores stay"
    officer.go("/admin/assessment/results/")
    officer.follow(f"Settle the result of {reference}")
    assert "A settled result cannot be changed" in officer.main()
    if "Settle with this spread" in officer.main():
        officer.choose("Settle with this spread")
    officer.press("Settle the result")
    with world.context():
        submission = submission_by_reference(reference)
        assert submission
        result = db.session.scalars(select(Result).where(Result.submission_id == submission.id)).one()
        assert result.content["moderated"]["need"]["value"] == 2
        assert all(result.content["feedback"].values())
        db.session.remove()
    officer.go(f"/admin/assessment/results/{reference}/")
    assert "The panel saw the figures again." in officer.main()
