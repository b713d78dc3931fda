"""What an officer should ask about when a return is held against the last one, its own numbers and its dates (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from spatc_funds.core.money import format_pounds
from spatc_funds.core.words import count_of
from spatc_funds.framework.measures import in_words

UNIQUE, ATTENDANCES = "unique people", "attendances"
FAR = 3  # so many times more, or less, than last time


@dataclass(frozen=True, slots=True)
class Told:
    """A measure that is reported: how it counts, this return's number, the last one's, all earlier ones' sum."""

    name: str
    basis: str
    across_periods: str
    value: int
    before: int | None = None
    earlier: int = 0

    @property
    def so_far(self) -> int:
        """What it comes to since the start: each return of a sum counts its own time only."""
        return self.value + self.earlier if self.across_periods == "sum" else self.value


@dataclass(frozen=True, slots=True)
class Dates:
    """When it was sent, the last day that it covers, and when it was due."""

    sent_on: date
    period_to: date
    due_on: date


def remarks(told: Sequence[Told], spent_pence: int | None, spent_before: int | None, dates: Dates | None) -> list[str]:
    """What to ask about. It refuses nothing."""
    found = [words for each in told if (words := _jump(each))]
    came = sum(each.so_far for each in told if each.basis == ATTENDANCES)
    if any(each.basis == ATTENDANCES for each in told):
        found += [
            f"“{each.name}”: {each.so_far:,} different people, and only {came:,} attendances"
            for each in told
            if each.basis == UNIQUE and each.so_far > came
        ]
    if spent_pence is not None and spent_before is not None and spent_pence < spent_before:
        was, now = format_pounds(spent_before), format_pounds(spent_pence)
        found.append(f"Spent so far fell from {was} to {now}, though it counts from the start")
    return found + (_late(dates) if dates else [])


def _jump(each: Told) -> str:
    if each.before is None:
        return ""
    moved = f"“{each.name}” went from {in_words(each.basis, each.before)} to {in_words(each.basis, each.value)}"
    if each.across_periods == "latest" and each.value < each.before:
        return f"{moved}, though it counts from the start"
    if each.value > each.before * FAR or (each.across_periods == "sum" and each.value * FAR < each.before):
        return f"{moved} since the last return"
    return ""


def _late(dates: Dates) -> list[str]:
    found = []
    if dates.sent_on < dates.period_to:
        found.append("It was sent before the time that it covers was over")
    if dates.sent_on > dates.due_on:
        found.append(f"It was sent {count_of((dates.sent_on - dates.due_on).days, 'day')} after it was due")
    return found
