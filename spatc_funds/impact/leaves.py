"""What a figure is made of (pure): each project's figure, and every number of the returns that it comes from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from spatc_funds.core.money import plain_pounds
from spatc_funds.framework.measures import MONEY, Reported, Rule
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import Project, Return, Share, plain

HEADERS = (
    "Award",
    "Project",
    "Recipient",
    "Measure",
    "Return",
    "Covers until",
    "Accepted on",
    "Counted",
    "Out of",
    "Figure of the project",
    "Out of, of the project",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One project's figure on one measure, and the accepted returns it comes from."""

    rule: Rule
    project: Project
    figure: Reported
    returns: tuple[Return, ...]


def lines(rules: Sequence[Rule], projects: Sequence[Project], as_at: date, share: Share | None) -> Iterator[Line]:
    """By measure, then by project; only what was reported (nothing reported is no nought)."""
    naming: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        for measure in {value.measure for each in project.returns for value in each.values}:
            naming[measure].append(project)
    for rule in rules:
        for project in naming.get(rule.key, ()):
            figure = rollup.project_figure(project, rule, as_at, share)
            if figure is not None:
                held = tuple(each for each in project.returns if rollup.reports(each, rule, as_at))
                yield Line(rule, project, figure, held)


def rows(found: Iterator[Line], share: Share | None) -> Iterator[Sequence[object]]:
    """One row for each number of a return, in the order of ``HEADERS``: whoever has them can recompute the figure."""
    for line in found:
        project, rule = line.project, line.rule
        told = (_cell(rule, rollup.whole(line.figure.value)), plain(rollup.whole(line.figure.of)))
        for each in line.returns:
            for value in rollup.said_of(each, rule, share):
                yield (
                    project.reference,
                    project.name,
                    project.recipient,
                    f"{rule.name} (own measure)" if rule.own else rule.name,
                    each.reference,
                    each.period_to,
                    each.accepted_on,
                    _cell(rule, value.value),
                    value.value_of,
                    *told,
                )


def _cell(rule: Rule, number: int | Fraction | None) -> object:
    """A number as a file has it: money as pounds."""
    found = None if number is None else Fraction(number)
    return plain_pounds(round(found or 0)) if rule.basis == MONEY else plain(found)
