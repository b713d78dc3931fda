"""A return is open early, saved while it is typed, short for a small award, and taken back until somebody reads it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.awards.models import Award, AwardTarget
from spatc_funds.core.clock import london_day, now
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import queries, reviewing
from tests.builders import Browser, World
from tests.laws.sent_forms import forms_of
from tests.returns.test_return_views import PEOPLE, REPORTED, WHOLE, fill, save, saved, send, stamp_in

STORY = "late-return"
JSON = {"Accept": "application/json"}


@pytest.fixture
def reference(world: World) -> str:
    """A return that nobody has started."""
    return f"{world.tell(STORY)}-R2"


@pytest.fixture
def lead(world: World, reference: str) -> Browser:  # the group exists once its story is told
    return world.browser(world.lead(STORY))


@pytest.fixture
def officer(world: World, reference: str) -> Browser:
    return world.browser(world.person("programme officer"))


def typed(browser: Browser, reference: str, stamp: str, **words: str) -> tuple[int, dict[str, object]]:
    """What a script is answered that saves while somebody types."""
    token = browser.token(f"/returns/{reference}/edit")
    form = {"csrf_token": token, "stamp": stamp, **words}
    answer = browser.post(f"/returns/{reference}/edit", data=form, headers=JSON)
    return answer.status_code, answer.get_json()


def test_it_is_open_long_before_it_is_due(app: Flask, world: World) -> None:
    reference = f"{world.tell('paid-first')}-R2"
    with app.app_context():
        found = queries.owed(reference)
        assert found
        expected = found.expected
        assert expected.due_on - london_day(now()) > timedelta(days=200)
        said = (f"{expected.period_from:%-d %B %Y} to {expected.period_to:%-d %B %Y}", f"{expected.due_on:%-d %B %Y}")
    lead = world.browser(world.lead("paid-first"))
    page = lead.get(f"/returns/{reference}/").text
    assert "you can start at any time" in page
    for words in said:
        assert words in page
        assert words in lead.get(f"/returns/{reference}/edit").text
    assert save(lead, reference, story="So far, so good").status_code == 303
    assert saved(app, reference)["story"] == "So far, so good"


def test_a_small_award_asks_at_most_twelve_things(app: Flask, world: World) -> None:
    """Of an award up to £8,000 that promised every measure of its round; a choice and its numbers are one."""
    reference = world.tell("first-hello")
    with app.app_context(), unit_of_work(None, Action.AWARD_IMPORT):
        award = db.session.scalars(select(Award).where(Award.reference == reference)).one()
        assert award.amount_pence
        assert award.amount_pence <= 800_000
        held = {target.measure_id for target in award.targets}
        measures = db.session.get_one(Round, award.round_id).measures
        assert len(measures) == 9
        award.targets += [
            AwardTarget(measure_id=each.id, target=10, target_of=20 if each.basis == "n-of-m" else None)
            for each in measures
            if each.id not in held
        ]
    page = world.browser(world.lead("first-hello")).get(f"/returns/{reference}-R1/edit").text
    (form,) = forms_of(page, "")
    asked = {re.sub(r"-(number|of)$", "", name) for name in form.names} - {"stamp"}
    assert len(asked) == 9 + 3
    assert len(asked) <= 12


def test_it_is_saved_while_somebody_types(app: Flask, lead: Browser, reference: str) -> None:
    page = lead.get(f"/returns/{reference}/edit").text
    assert "data-keep=" in page
    assert "<template data-keep-words>" in page
    code, answer = typed(lead, reference, stamp_in(page), **{PEOPLE: REPORTED, f"{PEOPLE}-number": "7"})
    assert code == 200
    assert set(answer) == {"stamp", "saved", "whole"}
    assert answer["whole"] is True
    assert answer["stamp"] == stamp_in(lead.get(f"/returns/{reference}/edit").text) != stamp_in(page)
    assert saved(app, reference)[PEOPLE] == (REPORTED, 7, None)
    assert typed(lead, reference, str(answer["stamp"]), story="More words")[1]["whole"] is True


@pytest.mark.parametrize(
    "half", [{PEOPLE: REPORTED}, {f"{PEOPLE}-number": "lots"}, {"spent": "1e309"}, {"m-people-who-feel-safer-of": "3"}]
)
def test_half_an_answer_is_never_called_saved(lead: Browser, reference: str, half: dict[str, str]) -> None:
    stamp = stamp_in(lead.get(f"/returns/{reference}/edit").text)
    code, answer = typed(lead, reference, stamp, **half)
    assert (code, answer["whole"]) == (200, False)


def test_a_second_window_is_told(app: Flask, lead: Browser, reference: str) -> None:
    stamp = stamp_in(lead.get(f"/returns/{reference}/edit").text)
    assert typed(lead, reference, stamp, story="From the first")[0] == 200
    assert typed(lead, reference, stamp, story="From the second") == (409, {"overtaken": True})
    assert typed(lead, reference, stamp, story="From the first")[0] == 200  # the same words twice are no conflict
    assert saved(app, reference)["story"] == "From the first"


def test_what_was_sent_is_taken_back_until_somebody_reads_it(
    app: Flask, world: World, lead: Browser, officer: Browser, reference: str
) -> None:
    page = f"/returns/{reference}/"
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    assert "Take it back to change it" in lead.get(page).text
    assert lead.send(f"{page}recall", page=page).location == page
    assert saved(app, reference)["state"] is ReturnState.STARTED
    assert "It went well." not in officer.get(f"/admin/returns/{reference}/").text  # theirs again
    fill(lead, reference, **WHOLE)
    assert send(lead, reference).status_code == 303
    panel = f"/admin/returns/{reference}/"
    assert "Start the review" in officer.get(panel).text
    assert officer.send(f"{panel}review", page=panel).status_code == 303
    read = unescape(officer.get(panel).text)
    assert "Start the review" not in read
    with app.app_context():
        assert f"Begun by {world.staff('programme officer').name}" in read
    told = lead.get(page).text
    assert "Take it back to change it" not in told
    assert "An officer has begun to read your return" in told
    assert f"/applications/{reference.removesuffix('-R2')}/messages" in told
    assert lead.send(f"{page}recall", page=page).status_code == 409
    assert saved(app, reference)["state"] is ReturnState.SENT


def test_looking_does_not_begin_the_review(lead: Browser, officer: Browser, reference: str) -> None:
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    officer.get(f"/admin/returns/{reference}/")
    assert "Take it back to change it" in lead.get(f"/returns/{reference}/").text


def test_a_return_that_is_sent_again_can_be_taken_back_again(
    app: Flask, world: World, lead: Browser, reference: str
) -> None:
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    with app.app_context():
        me, found = world.staff("programme officer"), queries.owed(reference)
        assert found
        with unit_of_work(me.id, Action.RETURN_REVIEW, reference):
            reviewing.review(me, found, now())
        with unit_of_work(me.id, Action.RETURN_SEND_BACK, reference):
            reviewing.send_back(me, found, "Count each person once", now())
    fill(lead, reference, **WHOLE | {f"{PEOPLE}-number": "40"})
    send(lead, reference)
    page = f"/returns/{reference}/"
    assert lead.send(f"{page}recall", page=page).status_code == 303
    assert "Count each person once" in lead.get(page).text  # it is still to be mended


def test_the_last_accepted_return_stands_beside_it(world: World) -> None:
    first = world.tell("zero-of-fifty")
    reference = f"{first}-R2"
    lead = world.browser(world.lead("zero-of-fifty"))
    for page in ("", "edit"):
        text = lead.get(f"/returns/{reference}/{page}").text
        assert "Your last return said 214" in text
        assert "Your last return said 0 of 50" in text
        assert "Your last return" not in lead.get(f"/returns/{first}-R1/{page}").text
    officer = world.browser(world.person("programme officer")).get(f"/admin/returns/{reference}/").text
    assert re.search(r"<td[^>]*>214</td>", officer)


def test_a_reopened_return_is_not_the_last(app: Flask, world: World) -> None:
    first = world.tell("zero-of-fifty")
    with app.app_context():
        me, found = world.staff("programme officer"), queries.owed(f"{first}-R1")
        assert found
        with unit_of_work(me.id, Action.RETURN_REOPEN, first):
            reviewing.reopen(me, found, "A figure is wrong", now())
    lead = world.browser(world.lead("zero-of-fifty"))
    assert "Your last return said" not in lead.get(f"/returns/{first}-R2/").text
