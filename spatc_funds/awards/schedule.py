"""Schedules (pure): what is paid when and on what trigger, and which returns are owed, from award, terms and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spatc_funds.core.money import split_pence
from spatc_funds.core.periods import add_months

RETURN_ACCEPTED = "return accepted"
DAYS_TO_REPORT = 28
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a pot's payment terms: its share in percent, what triggers it, months after the project's start."""

    share: int
    trigger: str
    months_after: int


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """An instalment: its number from 1, whole pence, the day it falls due, its trigger."""

    number: int
    amount_pence: int
    due_on: date
    trigger: str


@dataclass(frozen=True, slots=True)
class PlannedReturn:
    """A return: its number from 1, first and last day reported on, the day it is due."""

    number: int
    period_from: date
    period_to: date
    due_on: date


def plan_instalments(amount_pence: int, terms: Sequence[Term], starts_on: date) -> list[PlannedInstalment]:
    """Split the award by the terms, to the penny (largest remainder); a part of nothing is left out.

    Raises ValueError for an amount that is not positive, or terms whose shares do not sum to 100.
    """
    if amount_pence <= 0 or sum(term.share for term in terms) != 100:  # percent
        message = "an award above nothing, and terms that sum to 100 %, make a schedule"
        raise ValueError(message)
    parts = split_pence(amount_pence, {f"{place:03}": term.share for place, term in enumerate(terms)})
    paid = [(term, parts[f"{place:03}"]) for place, term in enumerate(terms) if parts[f"{place:03}"]]
    return [
        PlannedInstalment(number, pence, add_months(starts_on, term.months_after), term.trigger)
        for number, (term, pence) in enumerate(paid, start=1)
    ]


def plan_returns(starts_on: date, ends_on: date, months: Sequence[int]) -> list[PlannedReturn]:
    """Returns that cover each of the project's days once: one after each of so many months, the last at its end.

    A month at or beyond the end is the end. Raises ValueError for a project that ends before it starts.
    """
    if ends_on < starts_on:
        message = "a project ends on or after the day it starts"
        raise ValueError(message)
    cuts = sorted({add_months(starts_on, month) - ONE_DAY for month in months if month > 0})
    ends = [cut for cut in cuts if cut < ends_on] + [ends_on]
    planned, first = [], starts_on
    for number, last in enumerate(ends, start=1):
        planned.append(PlannedReturn(number, first, last, last + timedelta(days=DAYS_TO_REPORT)))
        first = last + ONE_DAY
    return planned


def return_needed(triggers: Sequence[str], number: int) -> int | None:
    """Which return instalment ``number`` waits for: the first such instalment for return 1, the second for return 2."""
    if triggers[number - 1] != RETURN_ACCEPTED:
        return None
    return sum(1 for trigger in triggers[:number] if trigger == RETURN_ACCEPTED)
