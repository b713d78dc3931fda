"""What was rolled up is kept, and never longer than it is true."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from spatc_funds.awards.models import Award
from spatc_funds.cli.demo import BEGAN
from spatc_funds.core import clock
from spatc_funds.core.clock import london_day
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.impact import gathering, queries
from spatc_funds.impact.queries import Filters, as_exported, exported, report
from spatc_funds.policy.actions import Action
from spatc_funds.returns.models import AcceptedReturn
from tests.builders import World

STORIES = ("zero-of-fifty", "late-return", "offered", "draft-ready")
NAMED = re.compile(r'\b(?:FROM|JOIN)\s+"?([a-z_]+)"?', re.IGNORECASE)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    """As a new process."""
    queries.kept_of.cache_clear()


def today() -> Filters:
    """Everything, as it is now."""
    return Filters(clock.london_day(clock.now()))


def test_every_step_of_the_stories_moves_the_kept_figures(world: World) -> None:
    before = set[str | None]()
    for story in ("none yet", *BEGAN):
        if story in BEGAN:
            world.tell(story)
        with world.context():
            kept = exported(today())
            forget()
            assert exported(today()) == kept, story
            before.add(gathering.version())
    assert len(before) > len(BEGAN) // 2, "awards, returns and payments moved it"


def test_the_same_is_asked_for_once(world: World) -> None:
    world.award()
    with world.context():
        first = report(today())
        assert report(today()) is first
        assert report(Filters(first.filters.as_at - timedelta(days=1))) is not first
        with unit_of_work(None, Action.AWARD_IMPORT):
            db.session.get_one(Award, next(iter(db.session.scalars(Award.__table__.select())))).recipient = "Another"
        again = report(today())
        assert again is not first
        assert "Another" in {each.recipient for each in again.projects.values()}


def test_what_a_reader_may_not_see_is_kept_apart(world: World) -> None:
    reference = world.award()
    with world.context():
        officer = world.staff("programme officer")
        everything = report(today(), officer)
        assert reference in everything.projects
    world.browser(world.person("programme officer")).send(
        f"/admin/assessment/{reference}/interest", {"kind": "prejudicial", "note": "I chair it"}
    )
    with world.context():
        barred = report(today(), world.staff("programme officer"))
        assert reference not in barred.projects
        assert reference in report(today()).projects


def test_nothing_is_read_from_a_table_that_is_not_watched(world: World) -> None:
    world.award()
    asked: list[str] = []
    with world.context():
        engine = db.engine

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            found = report(today())
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert found.projects
    tables = {name for each in asked for name in NAMED.findall(each)}
    assert tables & set(gathering.READ)
    assert tables - {"log_change", "log_entry", "anon_1", *gathering.SETTLED} <= set(gathering.READ)
    assert tables >= set(gathering.READ), "nothing else is watched than what is read"


def test_a_database_without_a_log_keeps_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.award()
    with world.context():
        monkeypatch.setattr(gathering, "version", lambda: None)
        first = as_exported(report(today()))
        db.session.execute(update(Award.__table__).values(awarded_on=date(2020, 1, 1)))
        assert as_exported(report(today())) != first
        db.session.rollback()


def test_a_corrected_return_says_on_each_day_what_was_accepted_by_then(world: World) -> None:
    reference = world.tell("corrected-return")
    with world.context():
        records = db.session.scalars(select(AcceptedReturn).order_by(AcceptedReturn.number)).all()
        first, last = (london_day(each.accepted_at) for each in records)
        assert first < last
        before, then, after = (
            {value.value for each in report(Filters(day)).projects[reference].returns for value in each.values}
            for day in (last - timedelta(days=1), last, clock.london_day(clock.now()))
        )
        counted = [
            {value["value"] for value in each.content["values"] if value["value"] is not None} for each in records
        ]
        assert before == counted[0] != counted[1]
        assert then == after == counted[1]
