"""What is still to be mended in an application (pure), as a list in the order of its steps."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from spatc_funds.applications.pot_rules import ChosenArea, Partner, areas_problems, partners_problems
from spatc_funds.applications.tagging import Needed
from spatc_funds.core.money import format_pounds
from spatc_funds.core.periods import add_months
from spatc_funds.core.problems import Problem
from spatc_funds.core.words import count_words, first_link, look_alike
from spatc_funds.framework.measures import N_OF_M, OWN

HUNDRED = 100
MOST_SUMMARY_WORDS = 60
MOST_GROUP_WORDS = 150
MOST_HOW_WORDS = 100
MOST_MEASURES = 9  # with these, what was spent, the story and a tick, the return of a small award asks twelve things
_WORD = re.compile(r"[^\W_]+")


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
class Own:
    """A measure that the group brings itself, as far as it is typed; ``kind`` is a key of ``OWN``, or empty."""

    place: int
    name: str
    kind: str
    target: int | None = None
    target_of: int | None = None


@dataclass(frozen=True, slots=True)
class CostRule:
    """A round's rule on what it does not pay for, and the words by which such a cost is known."""

    words: Sequence[str]
    rule: str


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
    needed: Needed
    primary_outcome: str | None
    no_specific_outcome: bool
    promises: Sequence[Promised]
    questions: Sequence[Asked] = field(default_factory=tuple)
    contact_email: str = ""
    costs: Sequence[str] = ()  # what each line of the budget is for
    cost_rules: Sequence[CostRule] = ()
    own_pence: int | None = None
    match_pence: int | None = None
    match_from: str = ""
    match_percent: int = 0
    hows: Mapping[str, str] = field(default_factory=dict)  # how each cross-cutting theme is served, by its name
    refuses_links: bool = False
    priority: str | None = None
    areas: Sequence[ChosenArea] = ()
    needs_area: bool = False
    partners: Sequence[Partner] = ()
    least_groups: int = 1
    most_groups: int = 1
    together: bool = False  # whether it is asked who does the work with the group
    own: Sequence[Own] = ()
    measures: Sequence[str] = ()  # the names of those that the round asks


def problems(filled: Filled) -> list[Problem]:
    """Everything that stands between this draft and being sent, in the order a person would mend it."""
    return [
        *_group(filled),
        *_project(filled),
        *_places(filled),
        *areas_problems(filled.areas, filled.shares, filled.starts_on, needed=filled.needs_area),
        *_budget(filled),
        *partners_problems(filled.partners, sum(filled.lines), least=filled.least_groups, most=filled.most_groups),
        *_plan(filled),
        *_promises(filled),
        *_questions(filled),
        *_links(filled),
    ]


def done(step: str, found: Sequence[Problem]) -> bool:
    """Whether nothing stands in the way on one step."""
    return not any(problem.step == step for problem in found)


def broken_rule(description: str, rules: Sequence[CostRule]) -> str:
    """The rule that a cost breaks by its words, whole words only, whatever their case; empty when it breaks none."""
    words = f" {' '.join(_WORD.findall(description.casefold()))} "
    return next((rule.rule for rule in rules if any(f" {each.casefold()} " in words for each in rule.words)), "")


def _group(filled: Filled) -> Iterator[Problem]:
    if not filled.group_does.strip():
        yield Problem("group", "group_does", "Say in a few words what your group does")
    elif count_words(filled.group_does) > MOST_GROUP_WORDS:
        words = f"Shorten what your group does to {MOST_GROUP_WORDS} words or fewer"
        yield Problem("group", "group_does", words)
    if not filled.contact_name.strip():
        yield Problem("group", "contact_name", "Enter the name of a person we can ask about this application")
    if not filled.contact_phone.strip():
        yield Problem("group", "contact_phone", "Enter a phone number for that person")
    if not filled.contact_email.strip():
        yield Problem("group", "contact_email", "Enter an e-mail address for that person")


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
    yield from _costs(filled)
    yield from _brought(filled, asked)
    if filled.lowest_pence is None:
        yield Problem("budget", "lowest", "Enter the lowest amount with which the project would still work")
    elif filled.lowest_pence <= 0:
        yield Problem("budget", "lowest", "The lowest amount has to be more than £0")
    elif filled.lines and filled.lowest_pence > asked:
        yield Problem("budget", "lowest", "The lowest amount cannot be more than you ask for")


def _costs(filled: Filled) -> Iterator[Problem]:
    for number, cost in enumerate(filled.costs):
        if rule := broken_rule(cost, filled.cost_rules):
            yield Problem("budget", f"line-{number}", f"Take out the cost “{cost}”. {rule}")


def _brought(filled: Filled, asked: int) -> Iterator[Problem]:
    """What the group and others bring: named, and as much as the round wants of the whole cost."""
    brought = (filled.own_pence or 0) + (filled.match_pence or 0)
    if filled.match_pence and not filled.match_from.strip():
        yield Problem("budget", "match_from", "Say who gives the other money")
    if brought * HUNDRED < (asked + brought) * filled.match_percent:
        words = f"This round asks that you or others bring at least {filled.match_percent}% of what the project costs"
        yield Problem(
            "budget", "own", f"{words}. You have {format_pounds(brought)} of {format_pounds(asked + brought)}"
        )


def _plan(filled: Filled) -> Iterator[Problem]:
    if filled.needed.priority and filled.priority is None:
        yield Problem("plan", "priority", "Choose the priority of the plan that your project serves")
    if filled.theme is None and filled.needed.theme:
        yield Problem("plan", "theme", "Choose the theme that your project serves first of all")
    elif filled.theme is not None and filled.focus_area is None:
        yield Problem("plan", "focus_area", "Choose what your project focuses on within its theme")
    if filled.needed.cross_cutting and not filled.cross_cutting:
        yield Problem("plan", "cross_cutting", "Choose at least one cross-cutting theme: this round asks for one")
    for theme, how in filled.hows.items():
        if count_words(how) > MOST_HOW_WORDS:
            words = f"Shorten how you will do “{theme}” to {MOST_HOW_WORDS} words or fewer"
            yield Problem("plan", "cross_cutting", words)
    if filled.needed.theme and filled.primary_outcome is None and not filled.no_specific_outcome:
        yield Problem("plan", "primary_outcome", "Choose the outcome your project serves first, or that it serves none")


def _links(filled: Filled) -> Iterator[Problem]:
    """Everybody is scored on their own words alone, where the round says so."""
    if not filled.refuses_links:
        return
    for asked in filled.questions:
        if link := first_link(asked.answer):
            words = f"Take the link {link} out of your answer to “{asked.text}”. This round allows no links, because"
            why = "people are scored on what stands in the answer. Name your source in words instead"
            yield Problem("questions", f"q-{asked.key}", f"{words} {why}")


def _promises(filled: Filled) -> Iterator[Problem]:
    if not filled.promises and not filled.own:
        yield Problem("promises", "measures", "Say what you mean to achieve on at least one measure")
    if len(filled.promises) + len(filled.own) > MOST_MEASURES:
        words = f"Choose {MOST_MEASURES} measures at the most, your own among them. That keeps your returns short"
        yield Problem("promises", "measures", words)
    for promised in filled.promises:
        if promised.target < 0:
            yield Problem("promises", "measures", f"What you promise on “{promised.name}” has to be 0 or more")
        elif promised.whole and not promised.target_of:
            yield Problem("promises", "measures", f"Say out of how many you promise “{promised.name}”")
        elif promised.target_of is not None and promised.target > promised.target_of:
            yield Problem("promises", "measures", f"“{promised.name}” cannot be more than the number it is out of")
    taken = {look_alike(name) for name in (*filled.measures, *(promised.name for promised in filled.promises))}
    for own in filled.own:
        yield from _own(own, taken)
        taken.add(look_alike(own.name))


def _own(own: Own, taken: Collection[str]) -> Iterator[Problem]:
    """What is missing or wrong in a measure of the group's own; ``taken`` are names as ``look_alike`` has them."""
    field, pair = f"own-{own.place}", own.kind in OWN and OWN[own.kind].basis == N_OF_M
    called = f"“{own.name}”" if own.name else f"your own measure {own.place}"
    if not own.name:
        yield Problem("promises", f"{field}-name", f"Say what you will count with {called}")
    elif look_alike(own.name) in taken:
        yield Problem("promises", f"{field}-name", f"There is another measure called {called}. Give it its own name")
    if not own.kind:
        words = f"Choose whether {called} is a change in people, or something you do"
        yield Problem("promises", f"{field}-kind", words)
    if own.target is None:
        yield Problem("promises", f"{field}-target", f"Enter how many you promise for {called}")
    if pair and own.target_of is None:
        yield Problem("promises", f"{field}-of", f"Enter out of how many people you promise {called}")
    elif pair and own.target is not None and own.target_of is not None and own.target > own.target_of:
        yield Problem("promises", f"{field}-target", f"{_capital(called)} cannot be more than the people you ask")
    elif own.kind and not pair and own.target_of is not None:
        words = f"Only “{OWN['change-of'].words}” has a second number. Leave it empty for {called}"
        yield Problem("promises", f"{field}-of", words)


def _questions(filled: Filled) -> Iterator[Problem]:
    for asked in filled.questions:
        written = count_words(asked.answer)
        if asked.required and not written:
            yield Problem("questions", f"q-{asked.key}", f"Answer the question “{asked.text}”")
        elif written > asked.word_limit:
            words = f"Shorten your answer to “{asked.text}” to {asked.word_limit} words. It has {written}"
            yield Problem("questions", f"q-{asked.key}", words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
