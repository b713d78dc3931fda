"""The optional equality questions: kept apart from whose they are, and counted without small numbers."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from spatc_funds.applications.equality import LEAST, QUESTIONS, shown
from spatc_funds.applications.models import EqualityAnswer
from spatc_funds.audit.models import LogChange, LogValues
from spatc_funds.core.clock import now
from spatc_funds.db.base import db
from tests.applications.pages import address
from tests.builders import World

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1)
ANSWERS = {"age": "from-45", "sex": "female", "ethnic-group": "", "disability": "yes"}


@given(COUNTS)
def test_no_small_number_is_shown_or_can_be_worked_out(counts: dict[str, int]) -> None:
    found = shown(counts)
    back = [key for key, count in found.counts.items() if count is None]
    assert {key for key, count in counts.items() if count < LEAST} <= set(back)
    assert (found.total is None) == bool(back)
    hidden = [counts[key] for key in back]
    if back and len(back) < len(counts):  # a total known from elsewhere leaves more than one way for each
        assert len(hidden) > 1
        assert LEAST <= sum(hidden) != (LEAST - 1) * len(hidden)


@given(COUNTS)
def test_what_is_shown_is_true(counts: dict[str, int]) -> None:
    found = shown(counts)
    assert all(found.counts[key] in {None, count} for key, count in counts.items())
    assert found.total in {None, sum(counts.values())}
    if min(counts.values()) >= LEAST:
        assert dict(found.counts) == counts


@pytest.mark.parametrize(
    ("counts", "kept", "total"),
    [
        ({"a": 4, "b": 9, "c": 6}, {"a": None, "b": 9, "c": None}, None),
        ({"a": 4, "b": 0}, {"a": None, "b": None}, None),
        ({"a": 4, "b": 1, "c": 6}, {"a": None, "b": None, "c": 6}, None),
        ({"a": 1, "b": 1, "c": 6, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}, None),
        ({"a": 4, "b": 4, "c": 6, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}, None),
        ({"a": 5, "b": 7}, {"a": 5, "b": 7}, 12),
    ],
)
def test_what_is_kept_back(counts: dict[str, int], kept: dict[str, int | None], total: int | None) -> None:
    found = shown(counts)
    assert (dict(found.counts), found.total) == (kept, total)


def test_answers_are_kept_without_whose_they_are(app: Flask, world: World) -> None:
    reference = world.submission()
    lead, page = world.browser(world.lead("submitted")), address(reference, "equality")
    assert page in lead.get(address(reference, "sent")).text
    assert lead.send(page, ANSWERS).location == address(reference, "sent")
    with app.app_context():
        rows = db.session.scalars(select(EqualityAnswer)).all()
        assert {(each.question, each.answer) for each in rows} == {
            ("age", "from-45"),
            ("sex", "female"),
            ("disability", "yes"),
        }
        assert set(EqualityAnswer.__table__.columns.keys()) == {"key", "round_id", "question", "answer"}
        logged = db.session.scalars(select(LogChange.table)).all()
        values = " ".join(str(each) for each in db.session.scalars(select(LogValues.values)))
    assert "equality_answer" not in logged
    assert "from-45" not in values
    assert page not in lead.get(address(reference, "sent")).text
    assert lead.get(page).status_code == 409
    assert lead.send(page, ANSWERS, page=address(reference, "sent")).status_code == 409


def test_all_of_it_can_be_left_out_and_nothing_else_is_taken(world: World) -> None:
    reference = world.submission()
    lead, page = world.browser(world.lead("submitted")), address(reference, "equality")
    assert lead.send(page, {"age": "forty"}).status_code == 422
    assert lead.send(page, {}).status_code == 303


def test_only_analysts_see_counts_and_no_small_ones(world: World) -> None:
    reference = world.submission()
    world.browser(world.lead("submitted")).send(address(reference, "equality"), ANSWERS)
    analyst = world.browser(world.person("analyst"))
    assert "Nobody has answered yet" in analyst.get("/admin/who-applies/").text  # while the round is open
    with time_machine.travel(now() + timedelta(days=90)):
        analyst = world.browser(world.person("analyst"))
        assert analyst.get("/admin/who-applies/").text.count("kept back") >= 6
    for role in ("assessor", "programme officer", "board member", "decision maker", "auditor", "finance officer"):
        assert world.browser(world.person(role)).get("/admin/who-applies/").status_code == 403
    assert all(question.options for question in QUESTIONS.values())


def test_a_draft_is_not_asked(world: World) -> None:
    reference = world.ready()
    lead = world.browser(world.lead("draft-ready"))
    assert lead.get(address(reference, "equality")).status_code == 409
