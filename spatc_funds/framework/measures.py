"""How a number may be added (pure): within one project over its periods, and over projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from spatc_funds.core.money import format_pounds

AcrossPeriods = Literal["sum", "latest", "highest", "mean"]
AcrossProjects = Literal["sum", "range", "n-of-m", "none"]
N_OF_M: Literal["n-of-m"] = "n-of-m"
MONEY = "money"  # counted in whole pence
# What a return counts of a measure, by the rule that adds its periods up.
COUNTED = {
    "latest": "Count from the start of your project to the end of this return.",
    "sum": "Count only the time that this return covers.",
}


# What a number may count, in words, and how such numbers may be added over the periods of a project and over projects.
BASES: Mapping[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "unique people": ("People, each counted once", frozenset({"latest", "highest"}), frozenset({"range", "none"})),
    "attendances": ("Times that somebody came", frozenset({"sum"}), frozenset({"sum", "none"})),
    "events": ("Events", frozenset({"sum"}), frozenset({"sum", "none"})),
    "items": ("Things", frozenset({"sum", "latest", "highest"}), frozenset({"sum", "none"})),
    MONEY: ("Money", frozenset({"sum", "latest"}), frozenset({"sum", "none"})),
    N_OF_M: ("So many out of so many", frozenset({"sum", "latest"}), frozenset({N_OF_M})),
    "score": ("A score", frozenset({"latest", "highest", "mean"}), frozenset({"none"})),
}
ACROSS_PERIODS = {
    "sum": "Each return counts its own time, and they are added",
    "latest": "Each return counts everything so far, so the latest counts",
    "highest": "The highest counts",
    "mean": "The mean counts",
}
ACROSS_PROJECTS = {
    "sum": "Added over projects",
    "range": "A range over projects: nobody knows who was in two",
    N_OF_M: "Both numbers added over projects",
    "none": "Never added over projects",
}


@dataclass(frozen=True, slots=True)
class OwnKind:
    """What a group may count by a measure of its own: the words that ask, an example, and how the numbers are added.

    Nothing of it is ever added to another project's, because no other project has the measure.
    """

    words: str
    example: str
    basis: str
    across_periods: AcrossPeriods
    across_projects: AcrossProjects
    unit: str
    is_change: bool = False
    label_n: str = ""
    label_of: str = ""


# By key, in the order in which they are offered: first what changes for people, then what a project does.
OWN: Mapping[str, OwnKind] = {
    "change-of": OwnKind(
        "A change in people: how many say so, of those you ask",
        "For example, 30 of 40 feel less alone.",
        N_OF_M,
        "sum",
        N_OF_M,
        "people",
        is_change=True,
        label_n="people who say so",
        label_of="people you asked",
    ),
    "change": OwnKind(
        "A change in people: each person counted once",
        "For example, 12 young people find work.",
        "unique people",
        "latest",
        "range",
        "people",
        is_change=True,
    ),
    "people": OwnKind(
        "Something you do: people, each counted once",
        "For example, 60 people get a lock.",
        "unique people",
        "latest",
        "range",
        "people",
    ),
    "times": OwnKind(
        "Something you do: how often people come",
        "Somebody who comes ten times counts as ten.",
        "attendances",
        "sum",
        "sum",
        "visits",
    ),
    "things": OwnKind(
        "Something you do: things, places or sessions",
        "For example, 25 bikes are marked.",
        "items",
        "sum",
        "sum",
        "in all",
    ),
}


def in_words(basis: str, number: int, of: int | None = None) -> str:
    """``1,200``, ``36 of 50``, or of money ``£36.50``."""
    shown = format_pounds(number) if basis == MONEY else f"{number:,}"
    return shown if of is None else f"{shown} of {of:,}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure as far as adding goes."""

    key: str
    name: str
    basis: str
    across_periods: AcrossPeriods
    across_projects: AcrossProjects
    own: bool = False  # one project's own: no other project has it


@dataclass(frozen=True, slots=True)
class Reported:
    """One reported number; ``of`` for n-of-m measures only. ``number`` tells apart returns that end on one day."""

    period_to: date
    value: int | Fraction
    of: int | Fraction | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rolled:
    """A measure over projects; what does not apply is None."""

    low: Fraction | None = None
    high: Fraction | None = None
    n: Fraction | None = None
    of: Fraction | None = None
    value: Fraction | None = None


def rule_faults(
    basis: str, across_periods: str, across_projects: str, label_n: str, label_of: str
) -> list[tuple[str, str]]:
    """What is wrong with how a measure is to be added, as field and words."""
    words, periods, projects = BASES[basis]
    found = []
    if across_periods not in periods:
        allowed = " or ".join(ACROSS_PERIODS[each].lower() for each in ACROSS_PERIODS if each in periods)
        found.append(("across_periods", f"For “{words.lower()}” choose: {allowed}"))
    if across_projects not in projects:
        allowed = " or ".join(ACROSS_PROJECTS[each].lower() for each in ACROSS_PROJECTS if each in projects)
        found.append(("across_projects", f"For “{words.lower()}” choose: {allowed}"))
    for name, label in (("label_n", label_n), ("label_of", label_of)):
        if basis == N_OF_M and not label:
            found.append((name, "Say what is counted, for both numbers"))
        elif basis != N_OF_M and label:
            found.append((name, "Only “so many out of so many” has two numbers. Leave this empty"))
    return found


def over_periods(rule: Rule, reported: Sequence[Reported]) -> Reported | None:
    """One figure of one project, numerator and denominator each by the rule; None when nothing was reported.

    An n-of-m whose denominator is not known says nothing.
    """
    in_order = sorted(_told(rule, reported), key=lambda each: (each.period_to, each.number, each.value))
    if not in_order:
        return None
    value = _over(rule.across_periods, [each.value for each in in_order])
    denominators = [each.of for each in in_order if each.of is not None]
    of = _over(rule.across_periods, denominators) if denominators else None
    return Reported(in_order[-1].period_to, value, of, in_order[-1].number)


def over_projects(rule: Rule, figures: Sequence[Reported]) -> Rolled:
    """Projects together.

    Unique people are never summed: from the largest single project (all the same people) to the sum (none of them the
    same). n-of-m sums numerators and denominators and is never a mean of percentages; 0 of 50 counts.
    """
    told = _told(rule, figures)
    values = [each.value for each in told]
    if not values or rule.across_projects == "none":
        return Rolled()
    whole = Fraction(sum(values))
    if rule.across_projects == "range":
        return Rolled(low=Fraction(max(values)), high=whole)
    if rule.across_projects == N_OF_M:
        return Rolled(n=whole, of=Fraction(sum(each.of or 0 for each in told)))
    return Rolled(value=whole)


def _told(rule: Rule, reported: Sequence[Reported]) -> list[Reported]:
    return [each for each in reported if rule.across_projects != N_OF_M or each.of is not None]


def _over(rule: AcrossPeriods, values: Sequence[int | Fraction]) -> int | Fraction:
    if rule == "latest":
        return values[-1]
    if rule == "highest":
        return max(values)
    total = sum(values)
    return Fraction(total, len(values)) if rule == "mean" else total
