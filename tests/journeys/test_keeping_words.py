"""Nothing typed is lost, in a real browser: no connection, a reload, a fault, an ended session, a second tab."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from spatc_funds.accounts.models import Person
from spatc_funds.accounts.operations import end_sessions
from spatc_funds.accounts.queries import person_by_email
from spatc_funds.applications.models import Application
from spatc_funds.cli.demo import PASSWORD, content
from spatc_funds.core.words import count_words
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from tests.builders import World
from tests.journeys.browsing import LOCALE, PHONE, PHONES
from tests.journeys.serving import Site

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("view", PHONES, ids=[str(each["width"]) for each in PHONES])
STORY = "draft-started"
LABEL = "What is the problem you want to deal with, and how do you know?"
LIMIT = 200
WORDS = "Fires by the gate.\n\nAnd “fights”, on Thursdays."
# What people type and paste: each is repeated up to the limit, one below it and one above it.
PIECES = (
    "word",
    "well-being",
    "well - being",
    "https://example.org/a?b=c",
    "£8,000",
    "£8 000",
    "8,000.50",
    "it's",
    "it’s",
    "“quoted”",
    "a/b",
    "a / b",
    "e.g.",
    "one,two",
    "one, two",
    "one—two",
    "one — two",
    "…",
    "...",
    "-",
    "•",
    "• item",
    "😀",
    "👩\u200d👩\u200d👧",
    "🇬🇧",
    "✊🏽 now",
    "ہم سب",
    "محفوظ گلیاں",
    "ਸੁਰੱਖਿਅਤ",
    "নিরাপদ",
    "zażółć",
    "naïve",
    "50%",
    "C++",
    "a\u00a0b",
    "a\u2009b",
    "a\u200bb",
    "one\r\ntwo",
    "one\n\ntwo",
    "one\ttwo",
)


@pytest.fixture(scope="module")
def told() -> tuple[str, ...]:
    """A draft."""
    return (STORY,)


@pytest.fixture(scope="module")
def email() -> str:
    """Whose draft it is."""
    return str(next(each for each in content()["applications"] if each["story"] == STORY)["lead"]["email"])


@pytest.fixture
def view() -> ViewportSize:
    """How large the phone is; a test that is tried on several says so."""
    return PHONE


@pytest.fixture
def page(chromium: Browser, site: Site, email: str, view: ViewportSize) -> Iterator[Page]:
    """A phone on which the applicant is signed in."""
    context = chromium.new_context(base_url=site.address, viewport=view, **LOCALE)
    context.set_default_timeout(10_000)
    found = context.new_page()
    enter(found, email)
    yield found
    context.close()


@pytest.fixture
def path(prepared: Flask) -> str:
    """The page of a question."""
    with prepared.app_context():
        reference = db.session.query(Application.reference).one()[0]
        db.session.remove()
    return f"/applications/{reference}/questions/need"


def enter(page: Page, email: str) -> None:
    """Sign in."""
    page.goto("/sign-in")
    sign_in(page, email)


def sign_in(page: Page, email: str) -> None:
    """Fill in the sign-in page that is there."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Sign in", exact=True).click()


def status(page: Page, words: str) -> None:
    """Wait until the page says so, to those who listen too."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible(timeout=5_000)


def box(page: Page) -> object:
    """What stands in the box."""
    return page.get_by_label(LABEL).input_value()


def kept(page: Page, path: str) -> str:
    """What the service has, by a page of its own."""
    other = page.context.new_page()
    other.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('none') }})")
    other.goto(path)
    found = other.get_by_label(LABEL).input_value()
    other.close()
    return found


def test_it_is_saved_as_one_types(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_label(LABEL).fill(WORDS)
    page.wait_for_timeout(2_000)
    saved = page.get_by_role("status").filter(has_text=re.compile(r"^Saved at (\d+(:\d\d)?[ap]m|mid)"))
    expect(saved).to_have_count(1)
    expect(page.get_by_text("Saving…")).to_be_hidden()
    assert kept(page, path) == WORDS
    page.get_by_label(LABEL).press_sequentially(" More")
    page.get_by_role("button", name="Save and come back later").click()  # while the script may be saving
    expect(page.get_by_text("Your answers are saved")).to_be_visible()
    assert kept(page, path) == WORDS + " More"


@SIZES
def test_no_connection(page: Page, view: ViewportSize, path: str) -> None:
    words = f"Written on the bus, at {view['width']}"
    page.goto(path)
    page.context.set_offline(True)
    page.get_by_label(LABEL).fill(words)
    status(page, "No connection. Your words are kept on this device")
    page.context.set_offline(False)
    status(page, "Saved at")
    assert kept(page, path) == words


@SIZES
def test_a_reload_before_it_was_saved(page: Page, view: ViewportSize, path: str) -> None:
    words = f"Typed and reloaded at once, at {view['width']}"
    page.goto(path)
    page.get_by_label(LABEL).fill(words)
    page.reload()
    assert box(page) == words
    status(page, "Saved at")
    assert kept(page, path) == words


@SIZES
def test_a_fault_of_ours(page: Page, view: ViewportSize, path: str) -> None:
    words = f"Typed while the service is broken, at {view['width']}"
    page.goto(path)

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=500, body="broken")
        else:
            route.continue_()

    page.route("**/questions/need", fail)
    page.get_by_label(LABEL).fill(words)
    status(page, "Your words are kept on this device")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/questions/need")
    page.unroute("**/questions/need")
    page.goto(path.removesuffix("questions/need"))  # by way of another page of the application
    page.goto(path)
    assert box(page) == words
    status(page, "Saved at")


@SIZES
def test_the_session_has_ended(page: Page, view: ViewportSize, path: str, prepared: Flask, email: str) -> None:
    words = f"Typed after the session had ended, at {view['width']}"
    page.goto(path)
    end_the_session(prepared, email)
    page.get_by_label(LABEL).fill(words)
    status(page, "You are signed out. Your words are kept on this device")
    page.locator(".app-keep").get_by_role("link", name="Sign in").click()
    sign_in(page, email)
    assert box(page) == words
    status(page, "Saved at")
    assert kept(page, path) == words


def test_nobody_elses_words_are_put_back(page: Page, path: str, prepared: Flask, email: str) -> None:
    page.goto(path)
    page.evaluate(PUT_THERE, [path, "Of another person"])
    page.reload()
    assert box(page) != "Of another person"
    page.get_by_label(LABEL).fill("Mine, on a shared phone")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('keep:'))") == []


def test_two_tabs_end_in_a_page_with_both_versions(page: Page, path: str) -> None:
    page.goto(path)
    second = page.context.new_page()
    second.goto(path)
    page.get_by_label(LABEL).fill("From the first tab")
    status(page, "Saved at")
    second.get_by_label(LABEL).fill("From the second tab")
    status(second, "This page was changed in another window")
    second.get_by_role("button", name="Save and continue").click()
    expect(second.locator("h1")).to_have_text("This page was changed in the meantime")
    assert "From the first tab" in second.locator("main").inner_text()
    assert "From the second tab" in second.locator("main").inner_text()
    assert kept(page, path) == "From the first tab"


def test_the_page_counts_words_as_the_server_does(page: Page, path: str) -> None:
    assert len(PIECES) == 40
    page.goto(path)
    wrong = []
    for piece in PIECES:
        each = count_words(piece)
        for target in (LIMIT - 1, LIMIT, LIMIT + 1):
            text = " ".join([piece] * (target // each) + ["x"] * (target % each))
            assert count_words(text) == target
            left = page.evaluate(SAY, text)
            if left != LIMIT - target:
                wrong.append(f"{piece!r} at {target}: the page says {left} left")
    assert wrong == []


# Types a text as a person would, and reads how many words the page says are left.
SAY = """text => {
  const area = document.querySelector("textarea");
  area.value = text;
  area.dispatchEvent(new Event("input", {bubbles: true}));
  const said = document.querySelector(".govuk-character-count__status").textContent;
  const number = Number(said.match(/\\d+/)[0]);
  return said.includes("too many") ? -number : number;
}"""


def end_the_session(prepared: Flask, email: str) -> None:
    """Sign the person out everywhere."""
    with prepared.app_context():
        with unit_of_work(None, Action.PERSON_SIGN_OUT):
            person = person_by_email(email)
            assert isinstance(person, Person)
            end_sessions(person)
        db.session.remove()
        db.engine.dispose()


def test_a_cost_that_was_added_is_not_put_back_into_its_boxes(page: Page, path: str) -> None:
    budget = path.replace("questions/need", "budget")
    page.goto(budget)
    for what in ("Hall hire", "Lamps"):
        page.get_by_label("What is the cost for?").fill(what)
        page.get_by_label("How much is it?").fill("12.50")
        page.get_by_role("button", name="Add this cost").click()
        expect(page.locator("dt", has_text=what)).to_be_visible()
        assert page.get_by_label("What is the cost for?").input_value() == ""
    page.get_by_role("button", name="Remove Lamps").click()
    expect(page.locator("dt", has_text="Lamps")).to_have_count(0)
    page.get_by_label("What is the cost for?").fill("Half a cost")
    page.get_by_label("What is the lowest amount").fill("10")
    status(page, "Saved at")  # the amount, not the cost: that is kept on the device until its button is pressed
    page.reload()
    assert page.get_by_label("What is the cost for?").input_value() == "Half a cost"


# Words on this device that are another person's.
PUT_THERE = """([path, words]) => localStorage.setItem("keep:" + path, JSON.stringify({
  whose: "999",
  version: document.querySelector("[name=stamp]").value + " ",
  words: JSON.stringify([["q-need", words]]),
}))"""


def test_half_an_answer_is_never_called_saved(page: Page, path: str) -> None:
    """A measure with its first number alone: it stays on the device, the page says so, and it is there again."""
    promises = path.replace("questions/need", "promises")
    page.goto(promises)
    box = page.get_by_role("group", name="People who feel safer", exact=True).get_by_role("textbox").first
    box.fill("30")
    expect(page.get_by_text("Something here is half answered")).to_be_visible(timeout=5_000)
    expect(page.get_by_text("Saved at")).to_have_count(0)
    page.goto(path)
    page.goto(promises)
    expect(box).to_have_value("30")


def test_what_was_taken_back_is_not_put_back_from_the_device(chromium: Browser, site: Site, prepared: Flask) -> None:
    """Changed with the page's button, left as it was sent, and opened again: the page shows what was sent."""
    world = World(prepared)
    with prepared.app_context():
        db.session.remove()
    reference = world.tell("sent-again")
    with prepared.app_context():
        db.session.remove()
        db.engine.dispose()
    context = chromium.new_context(base_url=site.address, viewport=PHONE, **LOCALE)
    me = context.new_page()
    enter(me, world.lead("sent-again"))
    title, base = "What is your project called?", f"/applications/{reference}/"
    me.goto(f"{base}project")
    sent = me.get_by_label(title, exact=True).input_value()
    me.get_by_label(title, exact=True).fill("Thrown away")
    for address, button in (
        (None, "Save and continue"),
        ("restore", "Leave it as I sent it"),
        ("", "Change your application"),
    ):
        if address is not None:
            me.goto(base + address)
        with me.expect_navigation(wait_until="load"):
            me.get_by_role("button", name=button, exact=True).click()
    me.goto(f"{base}project")
    me.wait_for_timeout(1_500)
    expect(me.get_by_label(title, exact=True)).to_have_value(sent)
    context.close()
