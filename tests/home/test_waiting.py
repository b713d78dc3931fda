"""What waits for somebody: only what they may do, what is due first before the rest."""

from datetime import UTC, date, datetime, timedelta

import pytest

from spatc_funds.home.journey import Stage
from spatc_funds.home.waiting import Draft, DueReturn, waiting
from spatc_funds.policy.permissions import Person, Subject
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import ReturnState

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 10, 11, tzinfo=UTC)
OWN, OTHERS = Subject(bid="A-1", organisation_id=1), Subject(bid="B-1", organisation_id=2)


def member(role: Role = Role.LEAD) -> Person:
    return Person(id=1, memberships={1: role})


def bid(stage: Stage, *, is_open: bool = True, subject: Subject = OWN) -> Draft:
    return Draft("A-1", "Our project", subject, stage, NOON, is_open)


def due(state: ReturnState, days: int, subject: Subject = OWN) -> DueReturn:
    return DueReturn("A-1-R1", "Our project", subject, state, TODAY + timedelta(days=days))


def test_what_is_due_first_comes_first_and_an_offer_without_a_day_last() -> None:
    returns = [due(ReturnState.STARTED, 20), due(ReturnState.NOT_STARTED, -3)]
    found = waiting(member(), [bid(Stage.OFFERED), bid(Stage.DRAFT)], returns, TODAY)
    assert [(each.endpoint, each.late) for each in found] == [
        ("returns.show", True),
        ("applications.task_list", False),
        ("returns.show", False),
        ("awards.show", False),
    ]


@pytest.mark.parametrize("stage", [each for each in Stage if each not in {Stage.DRAFT, Stage.OFFERED}])
def test_what_is_in_others_hands_does_not_wait(stage: Stage) -> None:
    assert not waiting(member(), [bid(stage)], [], TODAY)


def test_a_draft_of_a_closed_round_does_not_wait() -> None:
    assert not waiting(member(), [bid(Stage.DRAFT, is_open=False)], [], TODAY)


@pytest.mark.parametrize(
    ("state", "days", "label"),
    [
        (ReturnState.NOT_STARTED, 29, None),
        (ReturnState.NOT_STARTED, 28, "Fill in your return"),
        (ReturnState.STARTED, -1, "Fill in your return"),
        (ReturnState.SENT_BACK, 100, "Mend and send your return again"),
        (ReturnState.SENT, -1, None),
        (ReturnState.ACCEPTED, -1, None),
    ],
)
def test_returns_wait_when_due_or_sent_back(state: ReturnState, days: int, label: str | None) -> None:
    assert [each.label for each in waiting(member(), [], [due(state, days)], TODAY)] == ([label] if label else [])


@pytest.mark.parametrize(
    ("role", "endpoints"),
    [
        (Role.LEAD, {"awards.show", "applications.task_list", "returns.show"}),
        (Role.EDITOR, {"applications.task_list", "returns.show"}),
        (Role.SIGNATORY, {"awards.show", "returns.show"}),
        (Role.READER, set()),
    ],
)
def test_only_what_the_role_may_do(role: Role, endpoints: set[str]) -> None:
    found = waiting(member(role), [bid(Stage.OFFERED), bid(Stage.DRAFT)], [due(ReturnState.STARTED, 1)], TODAY)
    assert {each.endpoint for each in found} == endpoints


def test_others_bids_never_wait() -> None:
    bids = [bid(Stage.OFFERED, subject=OTHERS), bid(Stage.DRAFT, subject=OTHERS)]
    assert not waiting(member(), bids, [due(ReturnState.STARTED, 1, OTHERS)], TODAY)
