"""Reminders: at 7, 3 and 1 days and 3 hours, once each, to the unfinished alone, saying exactly what is missing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from spatc_funds.applications.reminders import MARKS, due, missing_words
from spatc_funds.cli import post
from spatc_funds.core.problems import Problem
from spatc_funds.db.base import db
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.roles import Role
from tests.applications.pages import found, member
from tests.builders import World

CLOSES = datetime(2026, 10, 23, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "key"),
    [
        (timedelta(days=7, seconds=1), None),
        (timedelta(days=7), "7-days"),
        (timedelta(days=3, seconds=1), "7-days"),
        (timedelta(days=3), "3-days"),
        (timedelta(days=1), "1-day"),
        (timedelta(hours=3, seconds=1), "1-day"),
        (timedelta(hours=3), "3-hours"),
        (timedelta(seconds=1), "3-hours"),
        (timedelta(0), None),
        (timedelta(seconds=-1), None),
    ],
)
def test_the_mark_that_is_due(before: timedelta, key: str | None) -> None:
    mark = due(CLOSES, CLOSES - before)
    assert (mark[0] if mark else None) == key


@given(st.integers(-100_000, 10_000_000))
def test_the_nearest_mark_that_has_come_is_the_one(seconds: int) -> None:
    mark = due(CLOSES, CLOSES - timedelta(seconds=seconds))
    come = [key for before, key, _ in MARKS if 0 < seconds <= before.total_seconds()]
    assert (mark[0] if mark else None) == (come[0] if come else None)


def test_what_is_missing_is_said_line_by_line() -> None:
    said = missing_words([Problem("group", "a", "Enter a name"), Problem("budget", "b", "Add a cost")])
    assert said.endswith("* Enter a name\n* Add a cost")
    assert missing_words([]) == "Everything is there. It only has to be sent."


def mails(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        reminders = select(OutboxMessage).where(OutboxMessage.key.startswith("reminder:"))
        return list(db.session.scalars(reminders.order_by(OutboxMessage.id)))


def test_each_is_written_once_to_those_who_can_finish(app: Flask, world: World) -> None:
    reference = world.draft()
    member(world, reference, Role.READER)
    member(world, reference, Role.EDITOR)
    world.tell("submitted")
    with world.context():
        closes = found(reference).round.closes_at
    assert closes
    settings = app.extensions["settings"]
    moments = (timedelta(days=8), timedelta(days=7), timedelta(days=6), timedelta(days=3), timedelta(days=1))
    counts = []
    for before in (*moments, timedelta(hours=3), timedelta(hours=1), timedelta(0), -timedelta(minutes=3)):
        with time_machine.travel(closes - before, tick=False), app.app_context():
            counts += [post.remind_all(settings), post.remind_all(settings)]
    assert counts == [0, 0, 2, 0, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0]
    written = mails(app)
    assert {each.recipient for each in written} == {world.lead("draft-started"), "editor@example.org"}
    assert "closes in less than a week" in written[0].subject
    assert "* Enter a phone number for that person" in written[0].body
    assert f"{settings.public_address}/applications/{reference}/" in written[0].body
    assert "midday on " in written[0].body


def test_a_whole_draft_is_told_that_it_only_has_to_be_sent(app: Flask, world: World) -> None:
    reference = world.ready()
    with world.context():
        closes = found(reference).round.closes_at
    assert closes
    with time_machine.travel(closes - timedelta(hours=2), tick=False):
        answer = app.test_cli_runner().invoke(args=["remind"])
    assert answer.output == "1 reminder written\n"
    assert "Everything is there. It only has to be sent." in mails(app)[0].body
