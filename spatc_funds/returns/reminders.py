"""When a group is reminded of a return that it owes (pure), and in which words."""

from collections.abc import Sequence
from datetime import date, timedelta

from spatc_funds.core.problems import Problem
from spatc_funds.core.words import count_of

# Days before it is due (less than nothing: after), and how the mail says it. The last that has come is sent.
MARKS = (
    (-3, "3-days-late", "is 3 days late"),
    (1, "1-day", "is due tomorrow"),
    (7, "7-days", "is due in a week"),
    (28, "28-days", "is due in four weeks"),
)
EARLIEST = timedelta(days=28)
LATEST = timedelta(days=31)  # after that officers ask for it themselves
DUE_TODAY, TOMORROW = "is due today", 1


def due(due_on: date, today: date) -> tuple[str, str] | None:
    """The mark that is due on a day, with its words; None before the first, and long after the last."""
    left = (due_on - today).days
    if left < -LATEST.days:
        return None
    found = next(((key, words) for before, key, words in MARKS if left <= before), None)
    return (found[0], _words(left, found[1])) if found else None


def subject(reference: str, words: str) -> str:
    """The mail's subject."""
    return f"Your return {reference} {words}"


def body(project: str, period: tuple[date, date], due_on: date, wrong: Sequence[Problem], address: str) -> str:
    """The mail: which return, by when, exactly what is still to do, and where."""
    first, last = (f"{each:%-d %B %Y}" for each in period)
    head = f"We need your return for “{project}”. It covers {first} to {last}. Send it by {due_on:%-d %B %Y}."
    todo = "\n".join(f"* {problem.message}" for problem in wrong)
    left = f"This is still to do:\n\n{todo}" if todo else "Everything is there. It only has to be sent."
    help_words = (
        "“Nothing to report yet” is an answer, and so is 0. If you need more time, write to us before it is due."
    )
    return f"{head}\n\n{left}\n\n{help_words}\n\nGo on with it here:\n{address}"


def _words(left: int, words: str) -> str:
    """A mark that comes later than its day, because nobody ran the command, still says what is true."""
    if left < 0:
        return f"is {count_of(-left, 'day')} late"
    if left == 0:
        return DUE_TODAY
    if left == TOMORROW or left in {before for before, *_ in MARKS}:
        return words
    return f"is due in {count_of(left, 'day')}"
