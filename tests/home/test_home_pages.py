"""The start pages, a bid's timeline, and the legal pages."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from spatc_funds.accounts.models import Person
from spatc_funds.accounts.operations import add_member, create_person
from spatc_funds.assessment.models import Result, Score
from spatc_funds.assessment.progress import waiting_count
from spatc_funds.awards.queries import to_decide, to_recommend
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.home import queries
from spatc_funds.home.journey import Stage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import STAFF_ROLES, Role
from tests.builders import Browser, World

LEGAL = ("/accessibility", "/privacy", "/cookies", "/terms", "/contact")


def text_of(page: str) -> str:
    main = page[page.index('id="main-content"') : page.index("<footer")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def test_the_front_page_says_what_is_open(client: Browser) -> None:
    page = text_of(client.get("/").text)
    for words in ("Money for safer communities", "Mayor's Safer Communities Fund: Example round", "Safer Streets"):
        assert words in page
    assert page.count("Closes at midday on Friday") == 2
    for words in ("Neighbourhood Crime and ASB", "Road Safety", "Serious Violence", "You get a decision"):
        assert words in page
    assert "Go to my work" not in page


def test_the_front_page_when_nothing_is_open(client: Browser) -> None:
    with time_machine.travel("2020-01-01T00:00:00Z"):
        page = client.get("/")
        assert "No round is open now" in page.text
        assert 'href="/funds/"' in page.text


def test_the_front_page_of_somebody_signed_in(world: World) -> None:
    assert "Go to my work" in world.browser(world.person("auditor")).get("/").text


@pytest.mark.parametrize("path", LEGAL)
def test_legal_pages_are_there_and_linked(client: Browser, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'href="{path}"' in client.get("/").text


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/terms", "/contact"])
def test_whom_to_ask_is_the_settings_own(client: Browser, app: Flask, path: str) -> None:
    assert f"mailto:{app.extensions['settings'].contact_email}" in client.get(path).text


def test_accessibility_claims_no_more_than_was_tested(client: Browser) -> None:
    page = text_of(client.get("/accessibility").text)
    assert "not tried with a screen reader" in page
    assert "we do not say that it meets the guidelines" in page


def test_the_cookie_is_the_one_that_is_set(client: Browser, app: Flask) -> None:
    client.get("/sign-in")
    assert client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert app.config["SESSION_COOKIE_NAME"] in text_of(client.get("/cookies").text)


class TestStart:
    def test_signed_out(self, client: Browser) -> None:
        assert client.get("/home").location == "/sign-in?next=/home"

    def test_without_a_group_it_says_what_to_do_first(self, world: World, app: Flask) -> None:
        with app.app_context(), unit_of_work(None, Action.PERSON_CREATE):
            create_person("new@example.org", "New Sample", PASSWORD)
        page = world.browser("new@example.org").get("/home").text
        assert "Add your group first" in page
        assert "/organisations/find?next=/home" in page

    STORIES: tuple[tuple[str, Stage, str], ...] = (
        ("draft-started", Stage.DRAFT, "Stage 1 of 5: Apply"),
        ("submitted", Stage.SUBMITTED, "Stage 2 of 5: Assess"),
        ("withdrawn", Stage.WITHDRAWN, "Ended"),
        ("assessing", Stage.ASSESSING, "Stage 2 of 5: Assess"),
        ("assessed", Stage.ASSESSED, "Stage 3 of 5: Decide"),
        ("recommended", Stage.RECOMMENDED, "Stage 3 of 5: Decide"),
        ("declined", Stage.DECLINED, "Ended"),
        ("offered", Stage.OFFERED, "Stage 3 of 5: Decide"),
        ("paid-first", Stage.DELIVERING, "Stage 4 of 5: Deliver"),
    )

    @pytest.mark.parametrize(("story", "stage", "place"), STORIES)
    def test_where_a_bid_stands_and_its_timeline(self, world: World, story: str, stage: Stage, place: str) -> None:
        reference = world.tell(story)
        browser = world.browser(world.lead(story))
        for path in ("/home", f"/timeline/{reference}"):
            page = text_of(browser.get(path).text)
            assert stage.value in page
            assert place in page
            assert reference in page

    def test_never_a_score(self, world: World, app: Flask) -> None:
        reference = world.settled()
        browser = world.browser(world.lead("assessed"))
        with app.app_context():
            marks = [f"{result.mark_micro / 10**6:.1f}" for result in db.session.scalars(select(Result))]
            reasons = [score.reason for score in db.session.scalars(select(Score)) if score.reason]
        assert marks
        assert reasons
        for path in ("/home", f"/timeline/{reference}"):
            page = browser.get(path).text
            assert not any(mark in page for mark in marks)
            assert not any(html.escape(reason) in page for reason in reasons)
            assert not any(html.escape(name) in page for name in ("Amber Example", "Bashir Example"))

    @pytest.mark.parametrize(
        ("story", "words", "path"),
        [
            ("draft-started", "Finish and send your application", "/applications/{}/"),
            ("offered", "Accept or turn down the offer", "/awards/{}/"),
            ("late-return", "Fill in your return", "/returns/{}-R1/"),
        ],
    )
    def test_what_waits(self, world: World, story: str, words: str, path: str) -> None:
        reference = world.tell(story)
        page = world.browser(world.lead(story)).get("/home").text
        assert words in page
        assert path.format(reference) in page

    def test_what_is_late_says_so(self, world: World) -> None:
        world.tell("late-return")
        assert "Late due on" in text_of(world.browser(world.lead("late-return")).get("/home").text)

    def test_letters(self, world: World) -> None:
        reference = world.award()
        page = world.browser(world.lead("offered")).get("/home").text
        assert "Your project is funded" in page
        assert f"/timeline/{reference}#letter-" in page

    def test_others_bids_are_not_there(self, world: World) -> None:
        mine, theirs = world.tell("offered"), world.tell("declined")
        page = world.browser(world.lead("offered")).get("/home").text
        assert mine in page
        assert theirs not in page

    def test_as_many_queries_for_many_bids_as_for_one(self, world: World, app: Flask) -> None:
        stories = ("zero-of-fifty", "paid-first", "late-return", "offered", "assessed")
        world.tell(stories[0])
        few = statements(app, lambda: world.browser(world.lead(stories[0])).get("/home"))
        with app.app_context():
            lead = db.session.scalars(select(Person).where(Person.email == world.lead(stories[0]))).one().id
        for story in stories[1:]:
            world.tell(story)
            with app.app_context(), unit_of_work(None, Action.ORGANISATION_CREATE):
                name = world.demo.specs[story]["organisation"]["name"]
                add_member(world.organisation(name), lead, Role.READER)
        assert statements(app, lambda: world.browser(world.lead(stories[0])).get("/home")) == few


class TestStaff:
    @pytest.mark.parametrize("role", [role.value for role in STAFF_ROLES])
    def test_every_role_has_a_start_page(self, world: World, role: str) -> None:
        page = text_of(world.browser(world.person(role)).get("/home").text)
        assert "Nothing waits for you now" in page
        assert "My applications" not in page

    @pytest.mark.parametrize(
        ("story", "role", "number", "words", "path"),
        [
            ("assessing", "programme officer", 0, "bid without a result", "/admin/assessment/results/"),
            ("assessed", "board member", 0, "bid to recommend on", "/admin/recommendations/"),
            ("recommended", "decision maker", 0, "bid to decide", "/admin/decisions/"),
        ],
    )
    def test_what_waits_and_where(
        self, world: World, story: str, role: str, number: int, words: str, path: str
    ) -> None:
        world.tell(story)
        page = world.browser(world.person(role, number)).get("/home").text
        assert f"1 {words}" in text_of(page)
        assert f'href="{path}' in page

    def test_the_links_open(self, world: World) -> None:
        for story in ("assessing", "assessed", "recommended", "accepted-nothing-due", "zero-of-fifty", "paid-first"):
            world.tell(story)
        opened = 0
        for role in STAFF_ROLES:
            browser = world.browser(world.person(role.value))
            page = browser.get("/home").text
            main = page[page.index('id="main-content"') : page.index("<footer")]
            for path in re.findall(r'href="(/admin/[^"]*)"', main):
                assert browser.get(html.unescape(path)).status_code == 200, path
                opened += 1
        assert opened >= len(STAFF_ROLES)

    def test_the_counts_are_those_of_the_lists(self, world: World, app: Flask) -> None:
        for story in ("submitted", "assessing", "assessed", "recommended", "declined", "offered", "withdrawn"):
            world.tell(story)
        with app.app_context():
            officer, board, decides = (
                world.staff(role) for role in ("programme officer", "board member", "decision maker")
            )
            assert queries.waiting_for_staff(officer)[Action.RESULT_SETTLE] == waiting_count(officer) == 2
            assert queries.waiting_for_staff(board)[Action.RECOMMENDATION_MAKE] == len(to_recommend(board)) == 1
            assert queries.waiting_for_staff(decides)[Action.DECISION_TAKE] == len(to_decide(decides)) == 1

    def test_no_act_that_is_not_theirs(self, world: World, app: Flask) -> None:
        with app.app_context():
            assert queries.waiting_for_staff(world.staff("analyst")) == {}
            assert set(queries.waiting_for_staff(world.staff("assessor"))) == {Action.ASSESSMENT_SCORE}


class TestTimeline:
    def test_signed_out(self, client: Browser, world: World) -> None:
        reference = world.draft()
        assert client.get(f"/timeline/{reference}").location == f"/sign-in?next=/timeline/{reference}"

    def test_of_others_and_of_none(self, world: World) -> None:
        theirs = world.submission()
        world.draft()
        browser = world.browser(world.lead("draft-started"))
        for reference in (theirs, "EX-MSCF-00000", "NONE-1"):
            assert browser.get(f"/timeline/{reference}").status_code == 404

    @pytest.mark.parametrize("role", ["programme officer", "auditor", "decision maker"])
    def test_not_for_the_staff(self, world: World, role: str) -> None:
        reference = world.submission()
        assert world.browser(world.person(role)).get(f"/timeline/{reference}").status_code == 403

    def test_letters_as_they_were_written(self, world: World) -> None:
        reference = world.tell("declined")
        page = text_of(world.browser(world.lead("declined")).get(f"/timeline/{reference}").text)
        assert f"We have your application {reference}" in page
        assert "The reasons for the decision:" in page
        spec = world.spec("declined")
        assert all(text in page for sheet in spec["scores"].values() for _score, _reason, text in sheet.values())
        assert "Delivery and value:" in page
        assert spec["scores"]["1"]["need"][1] not in page, "the reasons of assessors are theirs"
        assert "Decided: not funded this time" in page

    def test_a_draft_whose_round_has_closed(self, world: World, app: Flask) -> None:
        reference = world.draft()
        with app.app_context():
            closes = world.round("EX-MSCF").closes_at
        assert closes
        with time_machine.travel(closes + timedelta(days=1)):
            browser = world.browser(world.lead("draft-started"))
            page = text_of(browser.get(f"/timeline/{reference}").text)
            assert "This application was not sent in time" in page
            assert "Finish and send" not in browser.get("/home").text

    def test_a_group_sees_its_returns(self, world: World) -> None:
        reference = world.reported()
        page = world.browser(world.lead("zero-of-fifty")).get(f"/timeline/{reference}").text
        assert "Return 1 accepted" in page
        assert f"/returns/{reference}-R1/" in page
        assert f"/awards/{reference}/" in page


def statements(app: Flask, load: Callable[[], object]) -> int:
    """How many statements a page asks of the database, with the sign-in before it."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        load()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)
