"""A small group's return of its whole project on a phone: short, sent back at one field, mended, accepted, and found.

From the plan an analyst comes to its photograph and back again.
"""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from spatc_funds.awards.models import Award, ExpectedReturn
from spatc_funds.db.base import db
from spatc_funds.policy.states import AwardState
from tests.journeys.browsing import DESK, PHONE, Enter, Visitor
from tests.journeys.serving import Site

pytestmark = pytest.mark.browser
STORY, LEAD = "accepted-nothing-due", "lead.ten@example.org"
MOST_FIELDS, MOST_MINUTES = 12, 20
# How slowly somebody types on a phone at night, and thinks about a field or a page.
WORDS_A_MINUTE, SECONDS_A_FIELD, SECONDS_A_PAGE = 15, 20, 30
ASKED = "Out of how many: people who were asked"
COUNTS = (
    ("People taking part", "How many people", "83"),
    ("Volunteers trained", "How many volunteers", "12"),
    ("People who feel safer", "People who said they feel safer", "0"),
    ("People referred to support", "How many people", "9"),
)
CAPTION, QUESTION = "Twelve people with lamps at the park gate", "Did you count each person once?"
PAGES = 7  # as this journey opens them
TOLD = (
    "The evenings were full from the third week. Two young people who came at first to look now run the kitchen. "
    "We lost two weeks when the boiler failed. Nobody was hurt."
)
FIELDS = """() => [...document.querySelectorAll("main form :is(input, select, textarea)")]
  .filter(each => each.type !== "hidden" && each.type !== "submit" && each.type !== "radio").length
  + new Set([...document.querySelectorAll("main form input[type=radio]")].map(each => each.name)).size"""


@pytest.fixture(scope="module")
def told() -> tuple[str, ...]:
    """One small award."""
    return (STORY,)


@pytest.fixture(scope="module")
def scripts() -> str:
    """As a phone has it; the path is walked without them too."""
    return "on"


@pytest.fixture(scope="module")
def year_over(site: Site, prepared: Flask) -> str:
    """The award's year ended a week ago; the reference of what it owes. (The demo's round opened this year.)"""
    del site
    back = timedelta(days=372)
    with prepared.app_context():
        with db.engine.begin() as connection:
            award, owed = Award.__table__, ExpectedReturn.__table__
            held = connection.execute(
                select(award.c.id, award.c.reference, award.c.starts_on, award.c.ends_on).where(
                    award.c.state == AwardState.ACCEPTED
                )
            ).one()
            days = connection.execute(select(owed).where(owed.c.award_id == held.id)).one()
            connection.execute(
                award.update()
                .where(award.c.id == held.id)
                .values(starts_on=held.starts_on - back, ends_on=held.ends_on - back)
            )
            connection.execute(
                owed.update()
                .where(owed.c.id == days.id)
                .values(period_from=days.period_from - back, period_to=days.period_to - back, due_on=days.due_on - back)
            )
        db.session.remove()
        db.engine.dispose()
    return f"{held.reference}-R1"


def photograph() -> bytes:
    """A picture as a phone makes it."""
    out = io.BytesIO()
    Image.new("RGB", (1_200, 900), (80, 120, 60)).save(out, "JPEG")
    return out.getvalue()


def test_a_return_on_a_phone_from_the_first_line_to_the_plan(visit: Enter, year_over: str) -> None:
    me = visit(PHONE, LEAD)
    seconds = fill_in(me)
    assert seconds <= MOST_MINUTES * 60
    officer = visit(DESK, "officer.one@example.org")
    ask_back(officer, year_over)
    mend(me, year_over)
    accept(officer, year_over)
    from_the_plan_to_the_photograph(visit(DESK, "analyst@example.org"), year_over)


def fill_in(me: Visitor) -> float:
    """Everything that the return asks, a photograph with it, and sent; how long it takes somebody slow."""
    me.go("/home")
    me.follow("Fill in your return: Walk together, speak together")
    me.follow("Start your return")
    fields = me.page.evaluate(FIELDS)
    assert fields <= MOST_FIELDS
    for group, label, count in COUNTS:
        me.group(group).get_by_label("A number", exact=True).check()
        me.group(group).get_by_label(label, exact=True).fill(count)
    me.group("People who feel safer").get_by_label(ASKED, exact=True).fill("50")
    me.fill("How much of the award have you spent so far?", "7,440")
    me.fill("How did it go?", TOLD)
    me.page.get_by_label("You may publish the story and photographs of this return").check()
    me.press("Save and come back later")
    me.follow("Add or remove photographs and papers")
    me.press("Add this file", 422)
    me.page.get_by_label("Choose a file", exact=True).set_input_files(
        {"name": "IMG_2031.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    me.fill("What does it show?", CAPTION)
    me.page.get_by_label("Everybody in this photograph has agreed that we send it", exact=True).check()
    me.page.get_by_label("No name can be read in this photograph", exact=True).check()
    me.press("Add this file")
    me.follow("Back to the return")
    me.follow("Go on with your return")
    me.press("Check and send")
    assert "0 of 50" in me.main()
    me.press("Send your return")
    typed = len(f"{TOLD} {CAPTION}".split())
    return (fields + 4) * SECONDS_A_FIELD + PAGES * SECONDS_A_PAGE + typed / WORDS_A_MINUTE * 60


def ask_back(officer: Visitor, reference: str) -> None:
    """A question at one field is enough to send it back; the review is begun first."""
    officer.go("/admin/")
    officer.follow("To read and late")
    officer.open(reference)
    officer.press("Start the review")
    questions = officer.page.locator("details", has_text="Ask about single fields")
    questions.locator("summary").click()
    officer.fill("People taking part", QUESTION, within=questions)
    officer.press("Send this return back")


def mend(me: Visitor, reference: str) -> None:
    """The question stands at its field; one number is put right, and it goes again."""
    me.go("/home")
    me.follow("Mend and send your return again: Walk together, speak together")
    assert QUESTION in me.main()
    me.follow("Change your return")
    assert f"We ask: {QUESTION}" in me.main()
    me.group("People taking part").get_by_label("How many people", exact=True).fill("38")
    me.press("Check and send")
    me.press("Send your return")
    assert reference in me.main()


def accept(officer: Visitor, reference: str) -> None:
    """Accepted with a word to the grantee."""
    officer.go("/admin/")
    officer.follow("To read and late")
    officer.open(reference)
    officer.fill("What the grantee is told", "Thank you. You reached people whom nobody else reached.")
    officer.press("Accept this return")
    assert "Version 1, which counts now" in officer.main()


def from_the_plan_to_the_photograph(analyst: Visitor, reference: str) -> None:
    """From the page of everything to the theme, to the project, to the return, to its photograph; and back again."""
    analyst.go("/admin/impact/")
    link = analyst.page.get_by_role("row").filter(has_text="Neighbourhood Crime and ASB").get_by_role("link").first
    analyst.click(link)
    assert "38" in analyst.main()
    analyst.open(reference)
    picture = analyst.page.get_by_role("img", name=CAPTION)
    assert picture.evaluate("each => each.complete && each.naturalWidth") == 1_200
    with analyst.page.expect_download() as waited:
        analyst.page.get_by_role("link", name=f"Photograph 1: {CAPTION}").click()
    with Image.open(waited.value.path()) as opened:
        assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (1_200, 900), {})
    analyst.page.go_back()
    assert "What this is made of" in analyst.main()
    analyst.page.go_back()
    assert "Impact on the plan" in analyst.heading()
