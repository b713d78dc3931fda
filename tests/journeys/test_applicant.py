"""What applying costs a volunteer on a phone, in taps, typing and screens; with scripts, without, by keyboard."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import ViewportSize
from sqlalchemy import func, select

from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import by_reference
from spatc_funds.audit.models import LogEntry
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from tests.builders import World
from tests.journeys.browsing import PHONE, PHONES, REFUSED, SCRIPTS, TALL, Enter, Visitor
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("view", PHONES, ids=[str(each["width"]) for each in PHONES])
ROUND = "Mayor's Safer Communities Fund: Example round"
RIGHT = ("Yes", "Yes", "Yes", "Yes", "No", "No")
AGREED = "I have checked this application. It is true, and my group wants to send it."
LOWEST = "What is the lowest amount with which the project would still work?"
# A draft of its own for each size, by its key in the demo's file.
BUDGETS = {360: "girls-in-the-ring", 320: "gates-shut-farms"}
LATE = {360: "doorstep-friends", 320: "sisters-beside-you"}
ELSEWHERE = {360: "put-it-right-circles", 320: "bright-ginnel"}
BY_KEYBOARD = "quiet-meadow"


@pytest.fixture(scope="module", params=SCRIPTS)
def scripts(request: pytest.FixtureRequest) -> str:
    """Whether scripts run."""
    return str(request.param)


@pytest.fixture(scope="module")
def told(scripts: str) -> tuple[str, ...]:
    """A new site each time, with scripts and without."""
    assert scripts
    keys = (*BUDGETS.values(), *LATE.values(), *ELSEWHERE.values(), BY_KEYBOARD)
    return ("withdrawn", "declined", "draft-ready", "submitted", *keys)


@pytest.fixture
def world(prepared: Flask) -> World:
    """The people and groups by name."""
    return World(prepared)


def reference_of(world: World, key: str) -> str:
    """The draft of a group."""
    name = world.spec(key)["organisation"]["name"]
    with world.context():
        found = (
            select(Application.reference).join(Application.organisation).where(Application.organisation.has(name=name))
        )
        reference = db.session.scalars(found.order_by(Application.id.desc())).first()
        db.session.remove()
    assert reference
    return str(reference)


def close_in(world: World, reference: str, minutes: int) -> None:
    """Move the close of an application's round to so many minutes from now."""
    with world.context():
        with unit_of_work(None, Action.FUND_LOAD):
            found = by_reference(reference)
            assert found
            found.round.closes_at = clock.now() + timedelta(minutes=minutes)
        db.session.remove()


def versions(world: World, reference: str) -> int:
    """How many times it was taken."""
    with world.context():
        count = db.session.scalar(select(func.count()).select_from(Submission).where(Submission.reference == reference))
        db.session.remove()
    return int(count or 0)


def begin(me: Visitor) -> None:
    """From the front page to the first question."""
    me.go("/")
    me.follow(f"See if you can apply to {ROUND}")
    me.follow("Start now")


@SIZES
def test_a_clear_yes_in_ten_taps(visit: Enter, view: ViewportSize) -> None:
    me = visit(view)
    begin(me)
    for answer in RIGHT:
        me.press(answer)
    assert me.heading() == "You can apply"
    assert me.taps <= 10


@SIZES
def test_a_clear_no_in_eight_taps_with_rule_reason_next_step_and_a_person(visit: Enter, view: ViewportSize) -> None:
    """The longest way to it: the last answer is the wrong one."""
    me = visit(view)
    begin(me)
    for answer in RIGHT[:-1]:
        me.press(answer)
    me.press("No" if RIGHT[-1] == "Yes" else "Yes")
    assert me.heading() == "This fund cannot pay for this"
    for words in ("Why", "What you can do next", "If you are not sure", "A programme officer"):
        assert words in me.main()
    assert me.taps <= 8


@SIZES
def test_left_here_and_gone_on_elsewhere_by_a_code_within_three_screens(
    visit: Enter, world: World, view: ViewportSize
) -> None:
    key = ELSEWHERE[view["width"]]
    email, path = world.lead(key), f"/applications/{reference_of(world, key)}/"
    here = visit(view, email)
    here.go(f"{path}project")
    here.fill("What is your project called?", "A name typed here")
    here.press("Save and come back later")
    there = visit(view)
    there.go("/sign-in")
    there.fill("E-mail address", email)
    there.press("E-mail me a code")
    there.fill("Six-digit code", code_to(world, email))
    there.press("Sign in")
    assert there.screens == 3
    there.click(there.page.get_by_role("link", name=re.compile("A name typed here")).first)
    assert there.page.url.endswith(path)
    there.click(there.page.locator(f"a[href='{path}project']"))
    assert there.page.get_by_label("What is your project called?", exact=True).input_value() == "A name typed here"


def code_to(world: World, email: str) -> str:
    """The newest code in the mail to an address."""
    with world.context():
        found = select(OutboxMessage.body).where(OutboxMessage.recipient == email).order_by(OutboxMessage.id.desc())
        body = db.session.scalars(found).first() or ""
        db.session.remove()
    code = re.search(r"\b[0-9]{6}\b", body)
    assert code, body
    return code[0]


@SIZES
def test_a_group_that_comes_back_types_five_fields_at_most(visit: Enter, world: World, view: ViewportSize) -> None:
    me = visit(view, world.lead("withdrawn"))
    begin(me)
    for answer in RIGHT:
        me.press(answer)
    me.follow("Go on")
    me.page.get_by_role("radio").first.check()
    me.press("Start your application")
    assert "from your last application" in me.main()
    me.follow("Your group and who to ask")
    me.press("Save and continue")
    assert me.heading() == "Your project and its dates"
    assert me.typed <= 5
    me.follow("Back to your task list")
    me.follow("Delete this draft")
    me.press("Delete this draft")


@SIZES
def test_a_budget_to_the_pound_and_one_over_in_twelve_posts(visit: Enter, world: World, view: ViewportSize) -> None:
    key = BUDGETS[view["width"]]
    me = visit(view, world.lead(key))
    me.go(f"/applications/{reference_of(world, key)}/budget")
    me.posts = 0
    me.choose("Small projects")
    for what, amount in (("Hall hire", "£5,000.00"), ("A worker", "2999"), ("Lamps", "1.00")):
        me.fill("What is the cost for?", what)
        me.fill("How much is it?", amount)
        me.press("Add this cost")
    assert "You have asked for £8,000 of up to £8,000." in me.main()
    me.fill("What is the cost for?", "Batteries")
    me.fill("How much is it?", "1")
    me.press("Add this cost")
    assert "You have asked for £8,001 of up to £8,000. That is £1 too much." in me.main()
    me.fill(LOWEST, "6,000")
    me.press("Save and continue", REFUSED)
    assert me.summary() == ["You have asked for £8,001. This pot gives up to £8,000"]
    me.press("Remove Batteries")
    assert "You have asked for £8,000 of up to £8,000." in me.main()
    me.press("Save and continue")
    assert "What it costs" not in me.heading()
    assert me.posts <= 12


@SIZES
def test_pressed_before_midday_and_received_after_it(visit: Enter, world: World, view: ViewportSize) -> None:
    key = LATE[view["width"]]
    reference = reference_of(world, key)
    me = visit(view, world.lead(key))
    me.go(f"/applications/{reference}/check")
    me.choose(AGREED)
    close_in(world, reference, -10)
    try:
        me.press("Send your application", REFUSED)
        assert me.summary()[0] == "The round closed at midday on its last day. Nothing more can be sent"
        assert versions(world, reference) == 0
        close_in(world, reference, 60)
        me.go(f"/applications/{reference}/check")
        me.choose(AGREED)
        close_in(world, reference, -2)
        me.press("Send your application")
        assert me.heading() == "Application sent"
    finally:
        close_in(world, reference, 60 * 24 * 30)
    with world.context():
        sent = (LogEntry.subject == reference, LogEntry.action == Action.APPLICATION_SUBMIT.value)
        reason = db.session.scalars(select(LogEntry.reason).where(*sent)).one()
        db.session.remove()
    assert "within the grace of 5 minutes" in reason


def test_pressed_twice_it_is_sent_once(visit: Enter, world: World) -> None:
    reference = reference_of(world, "draft-ready")
    me = visit(TALL, world.lead("draft-ready"))
    me.go(f"/applications/{reference}/check")
    me.choose(AGREED)
    press_twice(me, "Send your application")
    assert versions(world, reference) == 1


def test_changed_and_sent_again_pressed_twice_it_is_one_further_version(visit: Enter, world: World) -> None:
    reference = reference_of(world, "submitted")
    me = visit(PHONE, world.lead("submitted"))
    me.go(f"/applications/{reference}/")
    me.press("Change your application")
    me.follow("Your group and who to ask")
    me.fill("Their phone number", "01632 960 555")
    me.press("Save and come back later")
    assert "So far you have changed: Phone" in me.main()
    me.follow("Check your answers and send")
    me.choose(AGREED)
    press_twice(me, "Send it again")
    assert versions(world, reference) == 2
    assert "What you changed" in me.main()


def press_twice(me: Visitor, name: str) -> None:
    """A double click on a button; the receipt comes. The browser gives the first answer up where the second is on."""
    me.page.get_by_role("button", name=name, exact=True).dblclick(no_wait_after=True)
    for _tenth in range(300):
        if me.page.url.endswith("/sent"):
            break
        me.page.wait_for_timeout(100)
    me.page.wait_for_load_state("load")
    assert me.heading() == "Application sent"


def test_by_keyboard_alone_from_the_front_page_to_the_receipt(visit: Enter, world: World) -> None:
    """Tab, Enter, Space and typing; whatever has the focus can be seen to have it."""
    keys = Keyboard(visit(PHONE))
    keys.me.go("/")
    keys.enter(f"See if you can apply to {ROUND}")
    keys.enter("Start now")
    for answer in RIGHT:
        keys.enter(answer)
    assert keys.me.heading() == "You can apply"
    keys.enter("Sign in and go on")
    keys.type("E-mail address", world.lead(BY_KEYBOARD))
    keys.type("Password", "example-password-1")
    keys.enter("Sign in", last=True)
    reference = reference_of(world, BY_KEYBOARD)
    keys.me.go(f"/applications/{reference}/")
    keys.enter("What it costs")
    keys.type("What is the cost for?", "A spare lamp")
    keys.type("How much is it?", "10")
    keys.enter("Add this cost")
    assert "A spare lamp" in keys.me.main()
    keys.enter("Remove A spare lamp")
    assert "A spare lamp" not in keys.me.main()
    keys.enter("Back to your task list")
    keys.enter("Check your answers and send")
    keys.reach(AGREED)
    keys.me.page.keyboard.press("Space")
    keys.enter("Send your application")
    assert keys.me.heading() == "Application sent"
    assert versions(world, reference) == 1
