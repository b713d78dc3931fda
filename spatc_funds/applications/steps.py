"""The pages of an application in their order (pure): where each problem is mended, and how far each page has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from spatc_funds.applications.completeness import Asked, Filled
from spatc_funds.core.money import format_pounds
from spatc_funds.core.problems import Problem
from spatc_funds.core.words import count_of, count_words

WORDS_A_MINUTE = 8  # of an answer that is thought over, from hand to page
HOURS_FROM = 90  # minutes that are told in hours
FORM_MINUTES = 45  # everything but the answers


class Status(StrEnum):
    """How far a page has come."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    DONE = "Done"
    OPTIONAL = "Optional"


@dataclass(frozen=True, slots=True)
class StepPage:
    """One page: the end of its address, its name, its part of the task list, and the problems that it mends."""

    key: str
    label: str
    part: str
    step: str
    fields: frozenset[str] = frozenset()
    hint: str = ""

    def mends(self, problem: Problem) -> bool:
        """Whether the problem is mended here; a page without named fields mends all of its step."""
        return problem.step == self.step and (not self.fields or problem.field in self.fields)


GROUP = StepPage("group", "Your group and who to ask", "Your group and project", "group")
PROJECT = StepPage("project", "Your project and its dates", "Your group and project", "project")
PLACES = StepPage("places", "Where the work happens", "Your group and project", "places")
BUDGET = StepPage("budget", "What it costs", "Money", "budget")
PARTNERS = StepPage("partners", "Who does it with you", "Money", "partners")
FOCUS = StepPage(
    "focus", "Theme and focus", "How it fits the plan", "plan", frozenset({"priority", "theme", "focus_area"})
)
OUTCOMES = StepPage("outcomes", "Outcomes", "How it fits the plan", "plan", frozenset({"primary_outcome"}))
CROSS_CUTTING = StepPage(
    "cross-cutting", "Cross-cutting themes", "How it fits the plan", "plan", frozenset({"cross_cutting"})
)
PROMISES = StepPage("promises", "What you promise to achieve", "How it fits the plan", "promises")
FIXED = (GROUP, PROJECT, PLACES, BUDGET, PARTNERS, FOCUS, OUTCOMES, CROSS_CUTTING, PROMISES)
BY_KEY: Mapping[str, StepPage] = {page.key: page for page in FIXED}
CHECK = "check"

# Where a problem's field has another name on its page.
ANCHORS = {"starts_on": "starts_on-day", "ends_on": "ends_on-day", "theme": "focus_area", "lines": "description"}


def question_page(asked: Asked) -> StepPage:
    """The page of one of the round's questions."""
    optional = "" if asked.required else ". You can leave it out"
    written = count_words(asked.answer)
    limit = count_of(asked.word_limit, "word")
    hint = f"{written:,} of up to {limit}{optional}" if written else f"Up to {limit}{optional}"
    return StepPage(f"questions/{asked.key}", asked.text, "Questions", "questions", frozenset({f"q-{asked.key}"}), hint)


def fixed(*, together: bool) -> list[StepPage]:
    """The pages beside the round's own questions; that of the partners where several groups do it together."""
    return [page for page in FIXED if together or page is not PARTNERS]


def pages(filled: Filled) -> list[StepPage]:
    """Every page of an application, in order."""
    return [*fixed(together=filled.together), *(question_page(asked) for asked in filled.questions)]


def next_key(every: Sequence[StepPage], key: str) -> str:
    """The page after this one; the check page after the last, and after one that is not asked any more."""
    keys = [*(page.key for page in every), CHECK]
    return keys[keys.index(key) + 1] if key in keys else CHECK


def address_of(every: Sequence[StepPage], problem: Problem) -> str:
    """``project#starts_on-day``: the page that mends a problem, and the field on it; nothing where no page does."""
    found = next((page for page in every if page.mends(problem)), None)
    field = "costs" if problem.field.startswith("line-") else ANCHORS.get(problem.field, problem.field)
    return f"{found.key}#{field}" if found else ""


def status(page: StepPage, filled: Filled, found: Sequence[Problem]) -> Status:
    """How far a page has come."""
    begun = _begun(page, filled)
    if any(page.mends(problem) for problem in found):
        return Status.IN_PROGRESS if begun else Status.NOT_STARTED
    return Status.DONE if begun else Status.OPTIONAL


def asked_words(asked_pence: int, minimum_pence: int, maximum_pence: int | None) -> str:
    """What the budget comes to, in words."""
    words = f"You have asked for {format_pounds(asked_pence)}"
    if maximum_pence is None:
        return f"{words}."
    words += f" of up to {format_pounds(maximum_pence)}."
    if asked_pence > maximum_pence:
        return f"{words} That is {format_pounds(asked_pence - maximum_pence)} too much."
    if 0 < asked_pence < minimum_pence:
        return f"{words} This pot starts at {format_pounds(minimum_pence)}."
    return words


def brought_words(asked_pence: int, own_pence: int | None, match_pence: int | None, match_from: str) -> str:
    """What the project costs with what the group and others bring; empty when they bring nothing."""
    parts = [f"{format_pounds(own_pence)} of your own"] if own_pence else []
    parts += [f"{format_pounds(match_pence)} from {match_from or 'others'}"] if match_pence else []
    if not parts:
        return ""
    whole = format_pounds(asked_pence + (own_pence or 0) + (match_pence or 0))
    return f"With {' and '.join(parts)}, the project costs {whole}."


def limits_words(minimum_pence: int, maximum_pence: int | None) -> str:
    """What a pot gives, in words."""
    if maximum_pence is None:
        return f"From {format_pounds(minimum_pence)}" if minimum_pence else "No set limit"
    if minimum_pence:
        return f"From {format_pounds(minimum_pence)} to {format_pounds(maximum_pence)}"
    return f"Up to {format_pounds(maximum_pence)}"


def hours_words(word_limits: Sequence[int]) -> str:
    """How long an application takes, reckoned from the length of its answers: ``about 4 hours``."""
    minutes = FORM_MINUTES + sum(word_limits) / WORDS_A_MINUTE
    return f"about {count_of(max(1, round(minutes / 60)), 'hour')}"


def left_words(every: Sequence[StepPage], filled: Filled, found: Sequence[Problem]) -> str:
    """How long what is still to do takes: ``About 40 minutes left``, from the pages and answers that are not done."""
    asked = {f"questions/{each.key}": each for each in filled.questions}
    open_pages = [page for page in every if any(page.mends(problem) for problem in found)]
    minutes = 0.0
    for page in open_pages:
        question = asked.get(page.key)
        short = question.word_limit - count_words(question.answer) if question else 0
        minutes += max(short, 0) / WORDS_A_MINUTE if question else FORM_MINUTES / len(FIXED)
    return f"About {_long(minutes)} left" if open_pages else ""


def _long(minutes: float) -> str:
    """``40 minutes``; from an hour and a half on in half hours: ``3 and a half hours``."""
    if minutes < HOURS_FROM:
        return count_of(max(5, 5 * round(minutes / 5)), "minute")
    hours, half = divmod(round(minutes / 30), 2)
    return f"{hours} and a half hours" if half else count_of(hours, "hour")


def _begun(page: StepPage, filled: Filled) -> bool:
    """Whether anything stands on the page."""
    answers = {f"questions/{asked.key}": asked.answer for asked in filled.questions}
    held: Mapping[str, bool] = {
        GROUP.key: bool(filled.group_does or filled.contact_name or filled.contact_phone or filled.contact_email),
        PROJECT.key: bool(filled.title or filled.summary or filled.starts_on or filled.ends_on),
        PLACES.key: bool(filled.shares),
        BUDGET.key: bool(filled.lines) or filled.lowest_pence is not None,
        PARTNERS.key: bool(filled.partners),
        FOCUS.key: filled.theme is not None,
        OUTCOMES.key: filled.primary_outcome is not None or filled.no_specific_outcome,
        CROSS_CUTTING.key: bool(filled.cross_cutting),
        PROMISES.key: bool(filled.promises or filled.own),
    }
    return bool(answers[page.key]) if page.key in answers else held[page.key]
