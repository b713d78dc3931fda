"""Whether a return is not due, due or late (pure): five different things with accepted and not applicable."""

from datetime import date, timedelta

from spatc_funds.policy.states import ReturnState

WARNING = timedelta(days=28)
DONE = frozenset({ReturnState.SENT, ReturnState.ACCEPTED})


def standing(state: ReturnState, due_on: date, today: date) -> str:
    """``accepted``, ``sent``, ``late``, ``due`` (within 28 days), or ``not due``."""
    if state in DONE:
        return state.value
    if today > due_on:
        return "late"
    return "due" if today >= due_on - WARNING else "not due"
