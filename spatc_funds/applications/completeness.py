"""What is still to be mended in an application (pure), as a list in the order of its steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from spatc_funds.core.money import format_pounds
from spatc_funds.core.periods import add_months
from spatc_funds.core.problems import Problem
from spatc_funds.core.words import count_words

HUNDRED = 100
MOST_SUMMARY_WORDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the round's questions and the answer given."""

    key: str
    text: str
    word_limit: int
    required: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Promised:
    """A measure and what is promised on it; ``whole`` when it counts so many out of a number that has to be named."""

    name: str
    target: int
    target_of: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """An application as far as it is filled in, with what its round asks."""

    organisation: str
    group_does: str
    contact_name: str
    contact_phone: str
    title: str
    summary: str
    starts_on: date | None
    ends_on: date | None
    earliest_start: date
    most_months: int
    shares: Mapping[str, int]
    lines: Sequence[int]
    lowest_pence: int | None
    pot: str | None
    minimum_pence: int
    maximum_pence: int | None
    theme: str | None
    focus_area: str | None
    cross_cutting: Sequence[str]
    needs_cross_cutting: bool
    primary_outcome: str | None
    no_specific_outcome: bool
    promises: Sequence[Promised]
    questions: Sequence[Asked] = field(default_factory=tuple)


def problems(filled: Filled) -> list[Problem]:
    """Everything that stands between this draft and being sent, in the order a person would mend it."""
    return [
        *_group(filled),
        *_project(filled),
        *_places(filled),
        *_budget(filled),
        *_plan(filled),
        *_promises(filled),
        *_questions(filled),
    ]


def done(step: str, found: Sequence[Problem]) -> bool:
    """Whether nothing stands in the way on one step."""
    return not any(problem.step == step for problem in found)


def _group(filled: Filled) -> Iterator[Problem]:
    if not filled.group_does.strip():
        yield Problem("group", "group_does", "Say in a few words what your group does")
    if not filled.contact_name.strip():
        yield Problem("group", "contact_name", "Enter the name of a person we can ask about this application")
    if not filled.contact_phone.strip():
        yield Problem("group", "contact_phone", "Enter a phone number for that person")


def _project(filled: Filled) -> Iterator[Problem]:
    if not filled.title.strip():
        yield Problem("project", "title", "Enter a name for your project")
    if not filled.summary.strip():
        yield Problem("project", "summary", "Say in a few sentences what the project will do")
    elif count_words(filled.summary) > MOST_SUMMARY_WORDS:
        yield Problem("project", "summary", f"Shorten your summary to {MOST_SUMMARY_WORDS} words or fewer")
    if filled.starts_on is None:
        yield Problem("project", "starts_on", "Enter the day your project starts")
    elif filled.starts_on < filled.earliest_start:
        yield Problem(
            "project", "starts_on", f"Your project has to start on or after {filled.earliest_start:%-d %B %Y}"
        )
    if filled.ends_on is None:
        yield Problem("project", "ends_on", "Enter the day your project ends")
    elif filled.starts_on and filled.ends_on < filled.starts_on:
        yield Problem("project", "ends_on", "The end of your project has to be after its start")
    elif filled.starts_on and filled.ends_on >= add_months(filled.starts_on, filled.most_months):
        yield Problem("project", "ends_on", f"Your project can last {filled.most_months} months at the most")


def _places(filled: Filled) -> Iterator[Problem]:
    if not filled.shares:
        yield Problem("places", "districts", "Say in which district or districts the work is done")
    elif min(filled.shares.values()) <= 0:
        yield Problem("places", "districts", "The share of each district has to be more than 0%")
    elif sum(filled.shares.values()) != HUNDRED:
        total = sum(filled.shares.values())
        yield Problem(
            "places", "districts", f"The shares of the districts add up to {total}%. They have to add up to 100%"
        )


def _budget(filled: Filled) -> Iterator[Problem]:
    asked = sum(filled.lines)
    if filled.pot is None:
        yield Problem("budget", "pot", "Choose which pot you are asking")
    if not filled.lines:
        yield Problem("budget", "lines", "Add at least one cost to your budget")
    elif min(filled.lines) <= 0:
        yield Problem("budget", "lines", "Each cost in your budget has to be more than £0")
    elif filled.maximum_pence is not None and asked > filled.maximum_pence:
        over = f"You have asked for {format_pounds(asked)}. This pot gives up to {format_pounds(filled.maximum_pence)}"
        yield Problem("budget", "lines", over)
    elif asked < filled.minimum_pence:
        under = f"You have asked for {format_pounds(asked)}. This pot starts at {format_pounds(filled.minimum_pence)}"
        yield Problem("budget", "lines", under)
    if filled.lowest_pence is None:
        yield Problem("budget", "lowest", "Enter the lowest amount with which the project would still work")
    elif filled.lowest_pence <= 0:
        yield Problem("budget", "lowest", "The lowest amount has to be more than £0")
    elif filled.lines and filled.lowest_pence > asked:
        yield Problem("budget", "lowest", "The lowest amount cannot be more than you ask for")


def _plan(filled: Filled) -> Iterator[Problem]:
    if filled.theme is None:
        yield Problem("plan", "theme", "Choose the theme that your project serves first of all")
    elif filled.focus_area is None:
        yield Problem("plan", "focus_area", "Choose what your project focuses on within its theme")
    if filled.needs_cross_cutting and not filled.cross_cutting:
        yield Problem("plan", "cross_cutting", "Choose at least one cross-cutting theme: this round asks for one")
    if filled.primary_outcome is None and not filled.no_specific_outcome:
        yield Problem("plan", "primary_outcome", "Choose the outcome your project serves first, or that it serves none")


def _promises(filled: Filled) -> Iterator[Problem]:
    if not filled.promises:
        yield Problem("promises", "measures", "Say what you mean to achieve on at least one measure")
    for promised in filled.promises:
        if promised.target < 0:
            yield Problem("promises", "measures", f"What you promise on “{promised.name}” has to be 0 or more")
        elif promised.whole and not promised.target_of:
            yield Problem("promises", "measures", f"Say out of how many you promise “{promised.name}”")
        elif promised.target_of is not None and promised.target > promised.target_of:
            yield Problem("promises", "measures", f"“{promised.name}” cannot be more than the number it is out of")


def _questions(filled: Filled) -> Iterator[Problem]:
    for asked in filled.questions:
        written = count_words(asked.answer)
        if asked.required and not written:
            yield Problem("questions", f"q-{asked.key}", f"Answer the question “{asked.text}”")
        elif written > asked.word_limit:
            words = f"Shorten your answer to “{asked.text}” to {asked.word_limit} words. It has {written}"
            yield Problem("questions", f"q-{asked.key}", words)
