"""What officers answer: questions at fields, feedback by a day, what leaves totals; ratings, visits, case studies."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from spatc_funds.audit.models import LogEntry
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.periods import add_working_days
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.returns import overseeing, queries, reviewing
from tests.builders import Browser, World
from tests.files.test_photographs import jpeg
from tests.returns.test_evidence import add
from tests.returns.test_return_panel import act, rows
from tests.returns.test_return_views import WHOLE, fill, save, send

STORY = "zero-of-fifty"
PEOPLE = "m-people-taking-part"


@pytest.fixture
def award(world: World) -> str:
    """An award whose first return is accepted."""
    return world.tell(STORY)


@pytest.fixture
def lead(world: World, award: str) -> Browser:  # the group exists once its story is told
    return world.browser(world.lead(STORY))


@pytest.fixture
def officer(world: World, award: str) -> Browser:
    return world.browser(world.person("programme officer"))


def sent(world: World) -> tuple[str, Browser]:
    """A return that was sent by its page, and its grantee."""
    reference = f"{world.tell('late-return')}-R2"
    grantee = world.browser(world.lead("late-return"))
    fill(grantee, reference, **WHOLE)
    assert send(grantee, reference).status_code == 303
    return reference, grantee


def letters(app: Flask, kind: str) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Letter.body).where(Letter.kind.startswith(kind)).order_by(Letter.id)))


def test_a_question_stands_at_its_field(app: Flask, world: World, officer: Browser) -> None:
    reference, grantee = sent(world)
    asked = {f"ask-{PEOPLE}": "Is each person counted once?", "ask-line-1": "Which doors?", "ask-story": " "}
    assert act(officer, reference, "send-back", reason="", **asked).status_code == 303
    page = grantee.get(f"/returns/{reference}/").text
    assert f'#{PEOPLE}">People taking part</a>: Is each person counted once?' in page
    assert f'href="/returns/{reference}/money#line-1"' in page
    assert page.count("We ask about this") == 2, "on two of its three pages"
    edit = grantee.get(f"/returns/{reference}/edit").text
    assert re.search(r'We ask: Is each person counted once\?</div>\s*<div class="govuk-form-group">', edit)
    assert edit.count("We ask:") == 1
    assert "We ask: Which doors?" in grantee.get(f"/returns/{reference}/money").text
    assert letters(app, "return-2-sent-back")[0].startswith(
        "People taking part: Is each person counted once?\n\nSpent on"
    )
    fill(grantee, reference, **WHOLE)
    send(grantee, reference)
    assert "Is each person counted once?" in officer.get(f"/admin/returns/{reference}/").text  # to compare
    act(officer, reference, "send-back", reason="Something else")
    assert "Is each person counted once?" not in grantee.get(f"/returns/{reference}/").text


def test_sending_back_needs_one_of_them(world: World, officer: Browser) -> None:
    reference, _ = sent(world)
    answer = act(officer, reference, "send-back", reason=" ", **{f"ask-{PEOPLE}": ""})
    assert answer.status_code == 422
    assert answer.text.count("Say what has to be mended") == 2


def test_accepting_needs_feedback_and_tells_it(app: Flask, world: World, officer: Browser) -> None:
    reference, grantee = sent(world)
    answer = act(officer, reference, "accept", feedback=" ")
    assert answer.status_code == 422
    assert answer.text.count("Tell the grantee what you make of it") == 2
    assert act(officer, reference, "accept", feedback="Doors on time.").status_code == 303
    assert "Doors on time." in grantee.get(f"/returns/{reference}/").text
    assert letters(app, "return-2-accepted-1") == ["Doors on time."]
    with app.app_context():
        me = world.staff("programme officer")
        again, _ = queries.owed(reference), None
        assert again
        with pytest.raises(IllegalMoveError), unit_of_work(me.id, Action.RETURN_ACCEPT, reference):
            reviewing.accept(me, again, "Twice", now())


def test_a_return_that_came_is_answered_within_twenty_working_days(world: World, officer: Browser) -> None:
    reference, grantee = sent(world)
    day = add_working_days(london_day(now()), 20)
    words = f"{day:%A} {day.day} {day:%B %Y}"
    for page in (f"/returns/{reference}/", f"/returns/{reference}/sent"):
        text = grantee.get(page).text
        assert words in text
        assert "within 20 working days" in text
    assert words in officer.get(f"/admin/returns/{reference}/").text


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_working_days_leave_weekends_out(day: date, days: int) -> None:
    found = add_working_days(day, days)
    assert found.weekday() <= 4
    between = [day + timedelta(days=each) for each in range(1, (found - day).days + 1)]
    assert sum(each.weekday() <= 4 for each in between) == days


def test_the_log_says_what_moved(app: Flask, award: str, officer: Browser) -> None:
    reference = f"{award}-R1"
    assert act(officer, reference, "reopen", reason="One number is wrong").status_code == 303
    with app.app_context():
        asked = select(LogEntry.reason).where(LogEntry.action == Action.RETURN_REOPEN.value)
        (reason,) = db.session.scalars(asked.order_by(LogEntry.id))
    assert reason.startswith("One number is wrong\n\nCounts no longer: People taking part 214; ")
    assert "People who feel safer 0 of 50" in reason
    assert reason.endswith("Spent so far £8,615")


def test_what_to_ask_about_stands_on_the_page(world: World, officer: Browser, award: str, lead: Browser) -> None:
    reference = f"{award}-R2"
    values = {"m-people-taking-part": "30", "m-volunteers-trained": "18", "m-sessions-delivered": "300"}
    typed = dict.fromkeys(values, "reported") | {f"{name}-number": number for name, number in values.items()}
    typed |= {"m-people-who-feel-safer": "nothing to report", f"m-own-{award.lower()}-1": "not applicable"}
    typed |= {"spent": "100", "story": "Fewer came."}
    fill(lead, reference, **typed)
    assert send(lead, reference).status_code == 303
    page = unescape(officer.get(f"/admin/returns/{reference}/").text)
    assert "“People taking part” went from 214 to 30, though it counts from the start" in page
    assert "“Sessions delivered” went from 72 to 300 since the last return" in page
    assert "Spent so far fell from £8,615 to £100" in page
    assert "It was sent before the time that it covers was over" in page
    assert "where they live: known of 0 of 30" in page


def test_the_queue_of_what_waits(world: World, officer: Browser) -> None:
    reference, _ = sent(world)
    first = reference.replace("-R2", "-R1")
    assert rows(officer, "standing=open") == [first, reference]  # late or due, and sent
    assert officer.get("/admin/returns/export/csv/?standing=open").text.count("\n") == 3


def test_a_rating_has_a_reason_and_a_history(world: World, officer: Browser, award: str) -> None:
    page = f"/admin/watched-awards/{award}/"
    assert "Amber" in officer.get(page).text  # told by the demo
    assert officer.send(f"{page}rate", {"colour": "red", "reason": " "}, page=page).status_code == 422
    assert officer.send(f"{page}rate", {"reason": "No hall"}, page=page).status_code == 422
    assert officer.send(f"{page}rate", {"colour": "red", "reason": "The hall is lost"}, page=page).status_code == 303
    text = officer.get(page).text
    assert text.index("The hall is lost") < text.index("half way, with little spent")
    listed = officer.get("/admin/watched-awards/?rating=red").text
    assert award in listed
    assert "The hall is lost" in listed
    assert award not in officer.get("/admin/watched-awards/?rating=amber").text
    assert award not in officer.get("/admin/watched-awards/?rating=none").text
    assert f"{award},Example" in officer.get("/admin/watched-awards/export/csv/").text


def test_an_award_that_nobody_rated(world: World, officer: Browser) -> None:
    other = world.tell("paid-first")
    assert other in officer.get("/admin/watched-awards/?rating=none").text
    assert "Nobody has rated it yet" in officer.get(f"/admin/watched-awards/{other}/").text
    offered = world.tell("offered")
    assert offered not in officer.get("/admin/watched-awards/").text
    assert officer.get(f"/admin/watched-awards/{offered}/").status_code == 404


def test_a_visit(world: World, officer: Browser, award: str) -> None:
    page = f"/admin/watched-awards/{award}/"
    today, ahead = london_day(now()), london_day(now()) + timedelta(days=2)
    said = {"who": "The lead and I", "seen": "Forty people", "follows": "A second hall"}

    def visit(day: date, **more: str) -> Any:
        on = [str(day.day), str(day.month), str(day.year)]
        return officer.send(f"{page}visits/record", {**said, **more, "visited_on": on}, page=page)

    assert "still to come" in visit(ahead).text
    assert visit(today, seen=" ").status_code == 422
    assert visit(today).status_code == 303
    text = officer.get(page).text
    for words in (*said.values(), "twelve people came"):
        assert words in text


@pytest.mark.parametrize("role", ["auditor", "analyst", "finance officer", "board member"])
def test_who_may_note_anything(world: World, award: str, role: str) -> None:
    browser = world.browser(world.person(role))
    page = f"/admin/watched-awards/{award}/"
    assert browser.get(page).status_code == 200
    assert browser.send(f"{page}rate", {"colour": "red", "reason": "x"}, page=page).status_code == 403
    assert browser.send(f"{page}visits/record", {}, page=page).status_code == 403


def test_a_case_study_is_chosen_and_taken_off(world: World, officer: Browser, award: str) -> None:
    page, listed = f"/admin/returns/{award}-R1/", "/admin/case-studies/"
    assert "Example: " in officer.get(listed).text  # the story, told by the demo
    assert officer.send(f"{page}case-study", {"part": "1", "title": " "}, page=page).status_code == 422
    assert officer.send(f"{page}case-study", {"part": "9", "title": "None"}, page=page).status_code == 422
    assert officer.send(f"{page}case-study", {"part": "1", "title": "Lamps"}, page=page).status_code == 303
    text = officer.get(listed).text
    assert "Lamps" in text
    assert "lamps along a path" in text
    assert "Lamps" in officer.get("/admin/case-studies/export/csv/").text
    assert officer.send(f"{page}case-study/1/drop", page=page).status_code == 303
    assert officer.send(f"{page}case-study/1/drop", page=page).status_code == 404
    assert "Lamps" not in officer.get(listed).text


def test_nothing_is_shown_without_consent(
    app: Flask, world: World, officer: Browser, award: str, lead: Browser
) -> None:
    """Not chosen without it; and gone as soon as the return is open, also where it comes back without it."""
    reference, _ = sent(world)  # with no tick
    act(officer, reference, "accept")
    assert "Choose as a case study" not in officer.get(f"/admin/returns/{reference}/").text
    with app.app_context():
        me, found = world.staff("programme officer"), queries.owed(reference)
        assert found
        with (
            pytest.raises(IllegalMoveError, match="has not agreed"),
            unit_of_work(me.id, Action.CASE_CHOOSE, reference),
        ):
            overseeing.choose(me, found, "story", "Anyway", now())
        with pytest.raises(NotReadyError), unit_of_work(me.id, Action.CASE_CHOOSE, award):
            overseeing.choose(me, queries.owed(f"{award}-R1"), "story", " ", now())  # type: ignore[arg-type] # told
    listed = "/admin/case-studies/"
    assert "Example: " in officer.get(listed).text
    act(officer, f"{award}-R1", "reopen", reason="A figure is wrong")
    assert "Example: " not in officer.get(listed).text
    page = "/returns/" + f"{award}-R1/evidence"
    assert lead.send(f"{page}/1/remove", page=page).status_code == 303  # also one that was chosen


def test_the_consent_is_asked_and_kept(app: Flask, world: World) -> None:
    reference = f"{world.tell('late-return')}-R2"
    grantee = world.browser(world.lead("late-return"))
    assert "You may publish the story and photographs of this return" in grantee.get(f"/returns/{reference}/edit").text
    for tick, said in (("y", "Yes, the story and photographs"), ("", "No")):
        save(grantee, reference, **WHOLE, may_publish=tick)
        assert said in grantee.get(f"/returns/{reference}/").text


def test_people_and_files_can_be_asked_about_too(world: World, officer: Browser) -> None:
    reference = f"{world.tell('late-return')}-R2"
    grantee = world.browser(world.lead("late-return"))
    assert add(grantee, reference, jpeg(), caption="The hall").status_code == 303
    fill(grantee, reference, **WHOLE)
    assert send(grantee, reference).status_code == 303
    asked = {"ask-s-people-taking-part-age-band": "Of whom do you know it?", "ask-file-1": "Who agreed?"}
    assert act(officer, reference, "send-back", reason="", **asked).status_code == 303
    people = grantee.get(f"/returns/{reference}/people").text
    assert people.count("We ask: Of whom do you know it?") == 1
    assert people.index("How old they are") < people.index("We ask: Of whom")
    assert "We ask: Who agreed?" in grantee.get(f"/returns/{reference}/evidence").text
    page = unescape(grantee.get(f"/returns/{reference}/").text)
    assert "People taking part, how old they are</a>: Of whom do you know it?" in page
    assert "File 1, The hall</a>: Who agreed?" in page
    assert f'href="/returns/{reference}/evidence"' in page
    (first,) = re.findall(rf'href="/returns/{reference}/people#([^"]+)">People taking part, how old', page)
    assert f'id="{first}"' in grantee.get(f"/returns/{reference}/people").text


# -- what officers read of it ------------------------------------------------------------------------------------------


def test_what_a_group_is_mending_is_its_own_until_it_comes_again(app: Flask, world: World, officer: Browser) -> None:
    reference, grantee = sent(world)
    page = f"/admin/returns/{reference}/"
    assert act(officer, reference, "send-back", reason="Count again").status_code == 303
    officer.get(page)  # with the message that it was sent back
    before = unescape(officer.get(page).text).split("<h1")[1]
    save(grantee, reference, **{**WHOLE, f"{PEOPLE}-number": "48", "story": "NOT YET SENT"})
    assert add(grantee, reference, jpeg(), caption="NOT YET SHOWN").status_code == 303
    meanwhile = unescape(officer.get(page).text).split("<h1")[1]
    assert meanwhile == before, "the page has not moved"
    assert "The group is mending this return." in meanwhile
    assert ">52</td>" in meanwhile
    assert "It went well." in meanwhile
    assert "NOT YET" not in meanwhile
    assert officer.get(f"{page}evidence/1").status_code == 404
    fill(grantee, reference, **{**WHOLE, f"{PEOPLE}-number": "48", "story": "SENT AGAIN"})
    assert send(grantee, reference).status_code == 303
    again = unescape(officer.get(page).text)
    assert "SENT AGAIN" in again
    assert officer.get(f"{page}evidence/1").status_code == 200
    changed = again.split("What changed since it was given back</h2>")[1].split("</ul>")[0]
    assert re.findall("<li>(.*?)</li>", changed) == [
        "People taking part: was 52, now 48",
        *re.findall("<li>(People taking part, .*?)</li>", changed),
        "The account of how it went was written again",
        "Added: photograph 1, NOT YET SHOWN",
    ]
    assert act(officer, reference, "accept").status_code == 303
    assert "What changed since it was given back" not in officer.get(page).text


def test_a_return_taken_back_is_the_groups_own_and_its_earlier_versions_stay(world: World, officer: Browser) -> None:
    reference, grantee = sent(world)
    page = f"/admin/returns/{reference}/"
    assert act(officer, reference, "accept").status_code == 303
    assert act(officer, reference, "reopen", reason="One number is wrong").status_code == 303
    fill(grantee, reference, **{**WHOLE, "story": "A SECOND ACCOUNT"})
    assert send(grantee, reference).status_code == 303
    assert grantee.send(f"/returns/{reference}/recall", page=f"/returns/{reference}/").status_code == 303
    text = officer.get(page).text
    assert "A SECOND ACCOUNT" not in text
    assert "Version 1" in text
    assert "One number is wrong" in text


def test_a_return_that_is_being_written_shows_officers_what_was_promised(world: World, officer: Browser) -> None:
    reference = f"{world.tell('late-return')}-R2"
    save(world.browser(world.lead("late-return")), reference, **{**WHOLE, "story": "NOT YET SENT"})
    text = officer.get(f"/admin/returns/{reference}/").text
    assert "The group is writing this return." in text
    assert "NOT YET SENT" not in text
    assert ">52</td>" not in text
