"""Large print, easy read, by phone: asked for in one step by anybody, and seen by the officers alone."""

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.db.base import db
from spatc_funds.funds import operations
from spatc_funds.funds.models import Format, FormatRequest
from spatc_funds.outbox.models import OutboxMessage
from tests.builders import Browser, World

PATH = "/rounds/EX-MSCF/other-formats"
ASKED = {"format": "easy-read", "name": "Pat <b>Example</b>", "contact": "01632 960 999"}


def test_in_one_step_and_seen_by_the_officers(app: Flask, client: Browser, world: World) -> None:
    world.draft()
    assert PATH in client.get("/rounds/EX-MSCF").text
    assert client.send(PATH, ASKED).location == "/rounds/EX-MSCF"
    assert "We have your request" in client.get("/rounds/EX-MSCF").text
    listed = world.browser(world.person("programme officer")).get("/admin/other-formats/").text
    assert "In easy read" in listed
    assert "Pat &lt;b&gt;Example&lt;/b&gt;" in listed
    assert "01632 960 999" in listed
    with app.app_context():
        (mail,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("format:")))
        assert "Pat" not in mail.body
    for role in ("assessor", "board member", "finance officer", "analyst"):
        assert world.browser(world.person(role)).get("/admin/other-formats/").status_code == 403


@pytest.mark.parametrize("missing", ["format", "name", "contact"])
def test_what_is_missing_is_said_and_the_rest_kept(client: Browser, missing: str) -> None:
    answer = client.send(PATH, {name: value for name, value in ASKED.items() if name != missing})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert missing == "contact" or "01632 960 999" in answer.text


def test_a_round_that_is_not_there_takes_none(client: Browser) -> None:
    assert client.get("/rounds/NO-SUCH/other-formats").status_code == 404


def test_strangers_cannot_fill_the_table(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_REQUESTS", 2)
    statuses = [client.send(PATH, ASKED).status_code for _ in range(3)]
    assert statuses == [303, 303, 422]
    with app.app_context():
        assert len(db.session.scalars(select(FormatRequest)).all()) == 2


@pytest.mark.parametrize("each", list(Format))
def test_every_format_has_its_words(each: Format) -> None:
    assert each.words
