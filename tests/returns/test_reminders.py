"""Reminders of returns: 28, 7 and 1 days before and 3 days late, once each, to those who can send it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from spatc_funds.cli import post
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.returns import operations, queries
from spatc_funds.returns.reminders import LATEST, MARKS, due
from tests.applications.pages import member
from tests.builders import World

DUE = date(2027, 3, 28)
STORY = "paid-first"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (29, None),
        (28, ("28-days", "is due in four weeks")),
        (20, ("28-days", "is due in 20 days")),
        (7, ("7-days", "is due in a week")),
        (2, ("7-days", "is due in 2 days")),
        (1, ("1-day", "is due tomorrow")),
        (0, ("1-day", "is due today")),
        (-1, ("1-day", "is 1 day late")),
        (-3, ("3-days-late", "is 3 days late")),
        (-31, ("3-days-late", "is 31 days late")),
        (-32, None),
    ],
)
def test_the_mark_that_is_due(left: int, said: tuple[str, str] | None) -> None:
    assert due(DUE, DUE - timedelta(days=left)) == said


@given(st.integers(-60, 60))
def test_the_nearest_mark_that_has_come_is_the_one(left: int) -> None:
    mark = due(DUE, DUE - timedelta(days=left))
    come = [key for before, key, _ in sorted(MARKS) if left <= before and left >= -LATEST.days]
    assert (mark[0] if mark else None) == (come[0] if come else None)


def mails(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        wanted = select(OutboxMessage).where(OutboxMessage.key.startswith("return-reminder:"))
        return list(db.session.scalars(wanted.order_by(OutboxMessage.id)))


def on(app: Flask, day: date) -> int:
    """How many reminders the command writes on a day, run twice."""
    settings = app.extensions["settings"]
    with time_machine.travel(datetime.combine(day, time(9), UTC), tick=False), app.app_context():
        return post.remind_all(settings) + post.remind_all(settings)


def test_each_is_written_once_to_those_who_can_send(app: Flask, world: World) -> None:
    reference = world.tell(STORY)
    member(world, reference, Role.READER)
    member(world, reference, Role.EDITOR)
    with world.context():
        found = queries.owed(f"{reference}-R1")
        assert found
        day = found.expected.due_on
    counts = [on(app, day - timedelta(days=left)) for left in (29, 28, 20, 7, 6, 1, 0, -2, -3, -10)]
    assert counts == [0, 2, 0, 2, 0, 2, 0, 0, 2, 0]
    written = mails(app)
    assert {each.recipient for each in written} == {world.lead(STORY), "editor@example.org"}
    assert written[0].subject == f"Your return {reference}-R1 is due in four weeks"
    assert written[-1].subject == f"Your return {reference}-R1 is 3 days late"
    settings = app.extensions["settings"]
    assert f"{settings.public_address}/returns/{reference}-R1/" in written[0].body
    assert "* Say what you counted for “People taking part”" in written[0].body
    assert f"Send it by {day:%-d %B %Y}." in written[0].body


def test_what_is_sent_is_not_asked_for(app: Flask, world: World) -> None:
    reference = f"{world.tell('late-return')}-R1"
    with world.context():
        found = queries.owed(reference)
        assert found
        day = found.expected.due_on
    assert on(app, day - timedelta(days=1)) == 1
    (only,) = mails(app)
    assert "Everything is there. It only has to be sent." in only.body
    with world.context():
        lead, found = world.actor(world.lead("late-return")), queries.owed(reference)
        assert found
        with unit_of_work(lead.id, Action.RETURN_SEND, reference):
            operations.send(lead, found, datetime.combine(day, time(9), UTC))
    assert on(app, day + timedelta(days=3)) == 0
