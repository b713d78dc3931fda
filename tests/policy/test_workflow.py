"""Moves: what is in the table is legal, and nothing else."""

from enum import StrEnum
from itertools import product

import pytest

from spatc_funds.core.problems import IllegalMoveError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import (
    ApplicationState,
    AssessmentState,
    AwardState,
    PaymentState,
    PlanState,
    ReportState,
    ReturnState,
)
from spatc_funds.policy.workflow import WORKFLOWS, check_move, may_move, move

STATES = [state for lifecycle in WORKFLOWS for state in lifecycle]
PAIRS = [pair for lifecycle in WORKFLOWS for pair in product(lifecycle, lifecycle)]

# Written out a second time, by hand, so that a move added or lost in the table has to be meant.
LEGAL = {
    ApplicationState: {
        "draft→submitted",
        "submitted→reopened",
        "reopened→submitted",
        "submitted→withdrawn",
        "reopened→withdrawn",
    },
    PlanState: {"draft→current", "current→closed"},
    AssessmentState: {"started→final", "started→locked", "final→locked"},
    AwardState: {"offered→accepted", "offered→declined"},
    ReturnState: {
        "not started→started",
        "started→sent",
        "sent back→sent",
        "sent→sent back",
        "sent→started",
        "sent→accepted",
        "accepted→sent back",
    },
    PaymentState: {"requested→approved", "requested→refused", "approved→paid"},
    ReportState: {"draft→final"},
}


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_pair_of_states_is_legal_exactly_when_the_list_has_it(old: StrEnum, new: StrEnum) -> None:
    if old is new or f"{old}→{new}" in LEGAL[type(old)]:
        assert check_move(old, new) is new
    else:
        with pytest.raises(IllegalMoveError, match=f"“{old}” to “{new}”"):
            check_move(old, new)


@pytest.mark.parametrize("state", STATES)
def test_a_first_state_is_legal(state: StrEnum) -> None:
    assert check_move(None, state) is state


@pytest.mark.parametrize("state", STATES)
def test_an_action_moves_exactly_where_the_table_says(state: StrEnum) -> None:
    table = WORKFLOWS[type(state)]
    for action in Action:
        if (state, action) in table:
            reached = move(state, action)
            assert reached is table[state, action]
            assert type(reached) is type(state)
            assert check_move(state, reached) is reached
        else:
            with pytest.raises(IllegalMoveError, match="can no longer be done, or not yet"):
                move(state, action)
        assert may_move(state, action) == ((state, action) in table)


@pytest.mark.parametrize("lifecycle", WORKFLOWS)
def test_every_move_is_an_action_from_and_to_a_state_of_its_own(lifecycle: type[StrEnum]) -> None:
    for (start, action), end in WORKFLOWS[lifecycle].items():
        assert isinstance(start, lifecycle)
        assert isinstance(action, Action)
        assert isinstance(end, lifecycle)


@pytest.mark.parametrize(
    "end",
    [
        ApplicationState.WITHDRAWN,
        AssessmentState.LOCKED,
        AwardState.ACCEPTED,
        AwardState.DECLINED,
        AwardState.IMPORTED,
        PaymentState.REFUSED,
        PaymentState.PAID,
    ],
)
def test_what_is_over_never_moves(end: StrEnum) -> None:
    assert not any(may_move(end, action) for action in Action)


def test_nothing_becomes_an_imported_award() -> None:
    assert AwardState.IMPORTED not in WORKFLOWS[AwardState].values()


def test_a_return_is_accepted_only_once_it_was_sent() -> None:
    before = {start for (start, _), end in WORKFLOWS[ReturnState].items() if end is ReturnState.ACCEPTED}
    assert before == {ReturnState.SENT}


def test_a_payment_is_paid_only_once_it_was_approved() -> None:
    before = {start for (start, _), end in WORKFLOWS[PaymentState].items() if end is PaymentState.PAID}
    assert before == {PaymentState.APPROVED}
