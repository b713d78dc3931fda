"""Words that came after the session had ended are put back after signing in, for the same person and nobody else."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.web import held
from spatc_funds.web.held import HeldForm
from tests.applications.pages import address, stamp_of
from tests.builders import Browser, World

WORDS = "Every word\nthat I typed, “quoted” & <b>kept</b>."


def ended(world: World, client: Browser) -> None:
    """The session ends everywhere: the person signs out in another browser."""
    other = world.browser(world.lead("draft-started"))
    assert other.send("/sign-out", page="/help-and-support").status_code == 303
    assert client.get("/home").status_code == 303


@pytest.fixture
def page(world: World) -> str:
    return address(world.draft(), "group")


def typed_too_late(world: World, page: str) -> tuple[Browser, str]:
    """Somebody types on a page whose session ends meanwhile: their browser, and where it is sent."""
    client = world.browser(world.lead("draft-started"))
    form = {"csrf_token": client.token(page), "stamp": stamp_of(client, page), "group_does": WORDS}
    ended(world, client)
    answer = client.post(page, data={**form, "contact_name": "Robin", "contact_phone": "01632 960 777"})
    assert answer.status_code == 303
    return client, answer.location


def test_every_typed_word_is_there_after_signing_in(world: World, page: str) -> None:
    client, way = typed_too_late(world, page)
    answer = client.send(way, {"email": world.lead("draft-started"), "password": "example-password-1"})
    assert answer.location.startswith(f"{page}?held=")
    shown = client.get(answer.location).text
    assert "that I typed, “quoted” &amp; &lt;b&gt;kept&lt;/b&gt;." in shown
    assert 'value="Robin"' in shown
    assert "They are not saved yet" in shown
    assert client.get(page).text.count("that I typed") == 0
    saved = client.post(page, data={"csrf_token": client.token(page), "group_does": WORDS, "then": "later"})
    assert saved.status_code == 303
    assert "that I typed" in client.get(page).text


def test_what_was_saved_meanwhile_is_shown_beside_them(world: World, page: str) -> None:
    client, way = typed_too_late(world, page)
    other = world.browser(world.lead("draft-started"))
    other.send(page, {"group_does": "Something else", "then": "later"})
    answer = client.send(way, {"email": world.lead("draft-started"), "password": "example-password-1"})
    shown = client.get(answer.location).text
    stamp = shown.split('name="stamp" value="')[1].split('"')[0]
    again = client.post(page, data={"csrf_token": client.token(page), "stamp": stamp, "group_does": WORDS})
    assert again.status_code == 409
    assert "Something else" in again.text
    assert "that I typed" in again.text


def test_nobody_else_is_shown_them(world: World, page: str) -> None:
    client, way = typed_too_late(world, page)
    with world.context():
        row = db.session.scalars(select(HeldForm)).one()
        assert "csrf_token" not in row.fields
        assert row.token_hash not in way
    somebody = world.browser(world.person("programme officer"))
    token = way.split("held%3D")[1]
    world.tell("declined")
    other = world.browser(world.lead("declined"))
    again = world.browser(world.lead("draft-started"))
    for stranger in (somebody, other, again):  # the same person too finds them in the browser that wrote them alone
        assert "that I typed" not in stranger.get(f"{page}?held={token}").text
        assert "that I typed" not in stranger.get(f"/organisations/new?held={token}").text
    assert "that I typed" not in client.get("/organisations/new?held=wrong").text


def test_they_are_kept_a_day(world: World, page: str) -> None:
    client, way = typed_too_late(world, page)
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        answer = client.send(way, {"email": world.lead("draft-started"), "password": "example-password-1"})
        assert "that I typed" not in client.get(answer.location).text


def test_strangers_cannot_fill_the_table(world: World, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_HELD", 20)
    client = world.browser()
    token = client.token("/sign-in")
    for number in range(30):
        client.post(page, data={"csrf_token": token, "group_does": f"word {number}"})
    with world.context():
        assert db.session.scalar(select(func.count()).select_from(HeldForm)) <= 20


def test_a_password_is_never_kept(world: World, page: str) -> None:
    client = world.browser()
    client.post(page, data={"csrf_token": client.token("/sign-in"), "password": "secret", "group_does": "x"})
    with world.context():
        assert db.session.scalars(select(HeldForm)).one().fields == {"group_does": ["x"]}


def test_a_session_cookie_that_is_gone_is_a_session_that_ended(world: World, page: str) -> None:
    client = world.browser()
    own = client.post(page, data={"group_does": WORDS}, headers={"Origin": "http://localhost"})
    assert own.status_code == 303
    assert "held%3D" in own.location
    foreign = client.post(page, data={"group_does": WORDS}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400
    assert "that I typed" in foreign.text


def test_a_script_that_saves_is_told_in_its_own_words(world: World, page: str) -> None:
    client = world.browser(world.lead("draft-started"))
    form = {"csrf_token": client.token(page), "stamp": stamp_of(client, page), "group_does": WORDS}
    said = {"Accept": "application/json"}
    saved = client.post(page, data=form, headers=said)
    assert saved.status_code == 200
    assert saved.json
    assert saved.json["stamp"] == stamp_of(client, page)
    overtaken = client.post(page, data={**form, "group_does": "Later"}, headers=said)
    assert (overtaken.status_code, overtaken.json) == (409, {"overtaken": True})
    ended(world, client)
    late = client.post(page, data={**form, "group_does": "Later"}, headers=said)
    assert (late.status_code, late.json) == (401, {"signed_out": True})
    with world.context():
        assert db.session.scalar(select(func.count()).select_from(HeldForm)) == 0


def test_a_message_typed_too_late_is_there_after_signing_in(world: World) -> None:
    reference = world.submission()
    page = address(reference, "messages")
    client = world.browser(world.lead("submitted"))
    form = {"csrf_token": client.token(page), "text": WORDS}
    world.browser(world.lead("submitted")).send("/sign-out", page="/help-and-support")
    late = client.post(f"{page}/write", data=form, headers={"Referer": f"http://localhost{page}"})
    back = client.send(late.location, {"email": world.lead("submitted"), "password": "example-password-1"})
    shown = client.get(back.location).text
    assert "that I typed" in shown
    assert "They are not saved yet" in shown


def test_of_staff_who_were_idle_nobody_else_at_the_desk_finds_the_words(world: World) -> None:
    reference = world.recommended()
    page = f"/admin/messages/{reference}/"
    client = world.browser(world.person("programme officer"))
    form = {"csrf_token": client.token(page), "text": WORDS}
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        late = client.post(f"{page}answer", data=form, headers={"Referer": f"http://localhost{page}"})
        with world.context():
            assert db.session.scalars(select(HeldForm)).one().person_id is not None
        other = world.person("programme officer", 1)
        back = client.send(late.location, {"email": other, "password": "example-password-1"})
        assert "that I typed" not in client.get(back.location).text


def test_equality_answers_are_never_held(world: World) -> None:
    reference = world.submission()
    page = address(reference, "equality")
    client = world.browser(world.lead("submitted"))
    form = {"csrf_token": client.token(page), "age": "from-45"}
    world.browser(world.lead("submitted")).send("/sign-out", page="/help-and-support")
    assert "held" not in client.post(page, data=form).location
    with world.context():
        assert db.session.scalars(select(HeldForm)).all() == []
