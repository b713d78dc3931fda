"""Whether a return is not due, due or late (pure): five different things with accepted and not applicable."""

from datetime import date, timedelta

from spatc_funds.core.periods import add_working_days
from spatc_funds.policy.states import ReturnState

WARNING = timedelta(days=28)
DONE = frozenset({ReturnState.SENT, ReturnState.ACCEPTED})


def answer_by(sent_on: date, working_days: int) -> date:
    """The last day on which the grantee hears what was made of a return."""
    return add_working_days(sent_on, working_days)


def standing(state: ReturnState, due_on: date, today: date) -> str:
    """``accepted``, ``sent``, ``late``, ``due`` (within 28 days), or ``not due``."""
    if state in DONE:
        return state.value
    if today > due_on:
        return "late"
    return "due" if today >= due_on - WARNING else "not due"
