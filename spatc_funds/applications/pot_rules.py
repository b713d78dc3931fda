"""What a pot asks beyond its limits (pure): work in one of its areas, or several groups that do it together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.problems import Problem


@dataclass(frozen=True, slots=True)
class ChosenArea:
    """An area in which the work is said to happen; it is one between its days, both included."""

    name: str
    district: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """A group that does part of the work; ``place`` is its number on the page, ``amount_pence`` what it gets."""

    place: int
    name: str
    part: str
    amount_pence: int | None


def areas_problems(
    areas: Sequence[ChosenArea], shares: Mapping[str, int], starts_on: date | None, *, needed: bool
) -> Iterator[Problem]:
    """An area where the pot wants one, in a district with a share, that is one on the day the project starts."""
    if needed and not areas:
        yield Problem("places", "areas", "Choose the area in which the work happens: this pot is for these areas alone")
    for area in areas:
        if shares and not shares.get(area.district):
            district = DISTRICTS.get(area.district, area.district)
            yield Problem("places", "areas", f"“{area.name}” is in {district}. Give {district} a share of the work")
        if starts_on and area.from_on and starts_on < area.from_on:
            words = f"“{area.name}” is an area from {area.from_on:%-d %B %Y} on. Your project starts before that"
            yield Problem("places", "areas", words)
        if starts_on and area.until_on and starts_on > area.until_on:
            words = f"“{area.name}” was an area until {area.until_on:%-d %B %Y}. Your project starts after that"
            yield Problem("places", "areas", words)


def partners_problems(partners: Sequence[Partner], asked_pence: int, *, least: int, most: int) -> Iterator[Problem]:
    """As many groups as the pot wants, the lead among them, each with its part; together no more than what is asked."""
    groups = 1 + len(partners)
    if groups > most:
        words = "This pot is for one group alone" if most == 1 else f"This pot is for up to {most} groups with yours"
        yield Problem("partners", f"partner-{most}-name", f"{words}. Take out who is too many, or choose another pot")
    elif groups < least:
        words = f"This pot is for {least} to {most} groups together. Name at least {_more(least - groups)}"
        yield Problem("partners", f"partner-{groups}-name", words)
    for each in partners:
        if not each.name.strip():
            yield Problem("partners", f"partner-{each.place}-name", "Enter the name of this partner")
        if not each.part.strip():
            yield Problem("partners", f"partner-{each.place}-part", f"Say what {_named(each)} will do")
        if each.amount_pence is None:
            words = f"Enter how much of the money {_named(each)} gets. Enter 0 if it is nothing"
            yield Problem("partners", f"partner-{each.place}-amount", words)
    shared = sum(each.amount_pence or 0 for each in partners)
    if partners and shared > asked_pence:
        words = f"Your partners get {format_pounds(shared)}. You ask for {format_pounds(asked_pence)} in all"
        yield Problem("partners", f"partner-{partners[0].place}-amount", words)


def lead_gets(partners: Sequence[Partner], asked_pence: int) -> int:
    """What is left for the group that leads, in pence; below nought where the partners get too much."""
    return asked_pence - sum(each.amount_pence or 0 for each in partners)


def _more(number: int) -> str:
    return "one partner" if number == 1 else f"{number} partners"


def _named(each: Partner) -> str:
    return f"“{each.name.strip()}”" if each.name.strip() else "this partner"
