"""When somebody with an unfinished draft is reminded (pure), and in which words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from spatc_funds.core.problems import Problem

# How long before the close, and how the mail says it. The last that has come is sent; those before are passed by.
MARKS = (
    (timedelta(hours=3), "3-hours", "in less than 3 hours"),
    (timedelta(days=1), "1-day", "in less than a day"),
    (timedelta(days=3), "3-days", "in less than 3 days"),
    (timedelta(days=7), "7-days", "in less than a week"),
)


def due(closes_at: datetime, at: datetime) -> tuple[str, str] | None:
    """The mark that is due at a moment, with its words; None before the first and from the close on."""
    if at >= closes_at:
        return None
    return next(((key, words) for before, key, words in MARKS if at >= closes_at - before), None)


def missing_words(found: Sequence[Problem]) -> str:
    """Exactly what still stands in the way, a line each."""
    if not found:
        return "Everything is there. It only has to be sent."
    return "This is still to do:\n\n" + "\n".join(f"* {problem.message}" for problem in found)
