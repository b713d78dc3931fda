"""Messages both ways about a bid: written once, never changed, seen by the group and the officers and nobody else."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.core.clock import london_day, now
from spatc_funds.correspondence.models import Message
from spatc_funds.db.base import db
from spatc_funds.db.frozen import FrozenRecordError
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.applications.pages import address, member, stranger
from tests.builders import World

WORDS = "Can we move the start?\n\nThe hall is <b>closed</b> in May."


def mails(app: Flask) -> dict[str, str]:
    """Who was written to about a message, and what."""
    with app.app_context():
        found = select(OutboxMessage).where(OutboxMessage.key.startswith("message:"))
        return {each.recipient: f"{each.subject}\n{each.body}" for each in db.session.scalars(found)}


def test_a_group_writes_and_an_officer_answers(app: Flask, world: World) -> None:
    reference = world.submission()
    lead = world.browser(world.lead("submitted"))
    page = address(reference, "messages")
    assert lead.send(f"{page}/write", {"text": WORDS}, page=page).location == page
    assert mails(app) == {
        app.extensions["settings"].contact_email: f"A message about {reference}\n"
        f"A group has written about {reference}. Read it in the panel."
    }
    officer = world.browser(world.person("programme officer"))
    listed = officer.get("/admin/messages/").text
    assert "1 of 1 wait for an answer from us." in listed
    thread = f"/admin/messages/{reference}/"
    assert "The hall is &lt;b&gt;closed&lt;/b&gt; in May." in officer.get(thread).text
    day = london_day(now()) + timedelta(days=7)
    form = {"text": "Yes. Who has the key?", "answer_by": [day.day, day.month, day.year]}
    assert officer.send(f"{thread}answer", form, page=thread).location == thread
    assert "0 of 1 wait for an answer from us." in officer.get("/admin/messages/").text
    assert "Who has the key?" in lead.get(page).text
    written = mails(app)[world.lead("submitted")]
    assert f"We have a question about {reference}" in written
    assert f"{app.extensions['settings'].public_address}{page}" in written
    assert "Who has the key" not in written
    waiting = lead.get("/home").text
    assert "Answer our question" in waiting
    lead.send(f"{page}/write", {"text": "The caretaker."}, page=page)
    assert "Answer our question" not in lead.get("/home").text


def test_who_may_read_and_write(world: World) -> None:
    reference = world.submission()
    page, thread = address(reference, "messages"), f"/admin/messages/{reference}/"
    others = {
        "reader": member(world, reference, Role.READER),
        "editor": member(world, reference, Role.EDITOR),
        "stranger": stranger(world),
        "auditor": world.browser(world.person("auditor")),
        "assessor": world.browser(world.person("assessor")),
        "signed out": world.browser(),
    }
    answers = {
        who: (
            client.get(page).status_code,
            client.send(f"{page}/write", {"text": "x"}, page="/help-and-support").status_code,
            client.get(thread).status_code,
            client.send(f"{thread}answer", {"text": "x"}, page="/help-and-support").status_code,
        )
        for who, client in others.items()
    }
    assert answers == {
        "reader": (200, 403, 403, 403),
        "editor": (200, 303, 403, 403),
        "stranger": (404, 404, 403, 403),
        "auditor": (403, 403, 200, 403),
        "assessor": (403, 403, 403, 403),
        "signed out": (303, 303, 303, 303),
    }


def test_of_a_draft_the_officers_see_its_messages_and_nothing_else(world: World) -> None:
    reference = world.ready()
    lead = world.browser(world.lead("draft-ready"))
    page = address(reference, "messages")
    lead.send(f"{page}/write", {"text": "Is a shed allowed?"}, page=page)
    shown = world.browser(world.person("programme officer")).get(f"/admin/messages/{reference}/").text
    assert "Is a shed allowed?" in shown
    assert world.demo.specs["draft-ready"]["title"] not in shown


@pytest.mark.parametrize("text", ["", " \n ", "word " * 401])
def test_an_empty_message_and_one_that_is_too_long_are_refused_and_kept(world: World, text: str) -> None:
    reference = world.submission()
    lead, page = world.browser(world.lead("submitted")), address(reference, "messages")
    answer = lead.send(f"{page}/write", {"text": text}, page=page)
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert "Nothing has been written yet." in lead.get(page).text


def test_a_message_is_never_changed(app: Flask, world: World) -> None:
    world.recommended()
    with app.app_context(), pytest.raises(FrozenRecordError), unit_of_work(None, Action.MESSAGE_WRITE):
        db.session.scalars(select(Message)).first().text = "Another"  # type: ignore[union-attr]
