"""The timeline: what happened stands as done, one thing is now, and nothing is said of what will never come."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from spatc_funds.core.clock import london_day
from spatc_funds.home.journey import Stage
from spatc_funds.home.timeline import Dates, Report, delay, events
from spatc_funds.policy.states import ReturnState

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
TODAY = london_day(NOW)
MOMENTS = ("sent_at", "settled_at", "recommended_at", "decided_at", "answered_at")


def dates(**given: Any) -> Dates:
    known = dict.fromkeys((*MOMENTS, "withdrawn_at"), None) | {"closes_at": NOW + timedelta(days=30)} | given
    known["sent_at"] = [known["sent_at"]] if known["sent_at"] else []
    return Dates(started_at=NOW - timedelta(days=90), **known)


def so_far(*names: str) -> Dates:
    return dates(**{name: NOW - timedelta(days=60 - place) for place, name in enumerate(names)})


def states(stage: Stage, known: Dates, *reports: Report) -> list[tuple[str, str]]:
    return [(each.title, each.state) for each in events(stage, known, reports, NOW)]


WAY = [
    (Stage.DRAFT, 0, "Send your application"),
    (Stage.SUBMITTED, 1, "Waiting to be assessed"),
    (Stage.ASSESSING, 1, "Being assessed"),
    (Stage.ASSESSED, 2, "Recommendation of the board"),
    (Stage.RECOMMENDED, 3, "Decision"),
    (Stage.OFFERED, 4, "Accept the offer"),
]


@pytest.mark.parametrize(("stage", "known", "now"), WAY)
def test_one_thing_is_now_and_the_rest_is_before_or_after_it(stage: Stage, known: int, now: str) -> None:
    found = states(stage, so_far(*MOMENTS[:known]))
    order = [state for _title, state in found]
    assert [title for title, state in found if state == "now"] == [now]
    assert order == sorted(order, key=("done", "now", "next").index)


@pytest.mark.parametrize(
    ("stage", "known", "last"),
    [
        (Stage.DECLINED, so_far(*MOMENTS[:4]), "Decided: not funded this time"),
        (Stage.TURNED_DOWN, so_far(*MOMENTS), "Offer turned down"),
        (Stage.WITHDRAWN, dates(sent_at=NOW, withdrawn_at=NOW), "Withdrawn"),
    ],
)
def test_what_has_ended_promises_nothing_more(stage: Stage, known: Dates, last: str) -> None:
    found = states(stage, known)
    assert found[-1] == (last, "done")
    assert {state for _title, state in found} == {"done"}


def test_a_draft_of_a_closed_round_is_over() -> None:
    found = states(Stage.DRAFT, dates(closes_at=NOW))
    assert found == [("Started", "done"), ("The round closed", "done")]


def test_returns_stand_by_what_they_are() -> None:
    reports = [
        Report(1, ReturnState.ACCEPTED, TODAY, NOW),
        Report(2, ReturnState.SENT, TODAY, NOW),
        Report(3, ReturnState.SENT_BACK, TODAY, NOW),
        Report(4, ReturnState.STARTED, TODAY - timedelta(days=1), None),
        Report(5, ReturnState.NOT_STARTED, TODAY, None),
        Report(6, ReturnState.NOT_STARTED, TODAY + timedelta(days=100), None),
    ]
    assert states(Stage.DELIVERING, so_far(*MOMENTS), *reports)[-6:] == [
        ("Return 1 accepted", "done"),
        ("Return 2 sent", "done"),
        ("Return 3 to mend and send again", "now"),
        ("Return 4 is late", "now"),
        ("Return 5 is due", "now"),
        ("Return 6 to come", "next"),
    ]


def test_returns_are_not_spoken_of_before_the_offer_is_accepted() -> None:
    found = states(Stage.OFFERED, so_far(*MOMENTS[:4]), Report(1, ReturnState.NOT_STARTED, TODAY, None))
    assert not any("Return" in title for title, _state in found)


def test_the_end() -> None:
    found = states(Stage.COMPLETE, so_far(*MOMENTS), Report(1, ReturnState.ACCEPTED, TODAY, NOW))
    assert found[-1] == ("Finished", "done")


def test_each_version_that_was_sent_stands_on_the_timeline() -> None:
    known = Dates(**{**vars_of(so_far("sent_at")), "sent_at": [NOW - timedelta(days=9), NOW - timedelta(days=5)]})
    assert states(Stage.SUBMITTED, known)[1:3] == [("Sent", "done"), ("Sent again, version 2", "done")]


@pytest.mark.parametrize(
    ("stage", "known", "today", "late"),
    [
        (Stage.SUBMITTED, {"told_on": date(2026, 6, 3)}, date(2026, 6, 7), False),
        (Stage.SUBMITTED, {"told_on": date(2026, 6, 3)}, date(2026, 6, 8), True),
        (Stage.SUBMITTED, {}, date(2027, 6, 8), False),
        (Stage.SUBMITTED, {"told_on": date(2026, 6, 3), "sent_at": None}, date(2027, 6, 8), False),
        (Stage.OFFERED, {"told_on": date(2026, 6, 3), "decided_at": NOW}, date(2027, 6, 8), False),
        (Stage.WITHDRAWN, {"told_on": date(2026, 6, 3), "withdrawn_at": NOW}, date(2027, 6, 8), False),
    ],
)
def test_a_delay_is_said_once_the_week_that_was_said_is_over(
    stage: Stage, known: Any, today: date, *, late: bool
) -> None:
    said = delay(stage, dates(**{"sent_at": NOW} | known), today)
    assert said == (
        "We are late. We said that you would hear in the week of 1 June 2026, and there is no decision yet."
        if late
        else ""
    )


def vars_of(known: Dates) -> dict[str, Any]:
    return {name: getattr(known, name) for name in known.__dataclass_fields__}
