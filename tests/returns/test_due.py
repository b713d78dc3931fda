"""Standing: not due, due, late, sent and accepted are told apart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.policy.states import ReturnState
from spatc_funds.returns.due import standing

DUE = date(2027, 3, 28)


@pytest.mark.parametrize(
    ("days", "stands"), [(-29, "not due"), (-28, "due"), (-1, "due"), (0, "due"), (1, "late"), (400, "late")]
)
@pytest.mark.parametrize("state", [ReturnState.NOT_STARTED, ReturnState.STARTED, ReturnState.SENT_BACK])
def test_what_is_still_owed_is_not_due_then_due_then_late(state: ReturnState, days: int, stands: str) -> None:
    assert standing(state, DUE, DUE + timedelta(days=days)) == stands


@given(st.sampled_from([ReturnState.SENT, ReturnState.ACCEPTED]), st.dates())
def test_what_was_sent_or_accepted_is_never_late(state: ReturnState, today: date) -> None:
    assert standing(state, DUE, today) == state.value
