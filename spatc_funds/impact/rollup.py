"""The roll-up (pure): plain rows in, figures that know their rows out.

It speaks the contract of ``flask --app app export impact``: whoever has the rows can recompute every figure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from spatc_funds.core.money import split_pence
from spatc_funds.framework.mapping import HUNDRED
from spatc_funds.framework.measures import Reported, Rolled, Rule, over_periods, over_projects
from spatc_funds.returns.splits import DISTRICT

NONE = "none"
NOT_TAGGED = "not-tagged"
YEAR_NOT_KNOWN = "year-not-known"
COSTED = frozenset({"events", "items", "attendances"})


@dataclass(frozen=True, slots=True)
class Target:
    """What a project promised on a measure."""

    measure: str
    target: int
    target_of: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A reported number of an accepted return; ``split_by`` and ``split`` are None for the total row."""

    measure: str
    value: int
    value_of: int | None = None
    split_by: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A return that is owed, and what it says once accepted. ``reference`` leads to it."""

    reference: str
    number: int
    period_to: date
    due_on: date
    accepted_on: date | None = None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """An award as the roll-up sees it. Pence are None unless they are exactly known.

    ``split`` is for what stands in several parts of the plan (by ``theme``, ``outcome`` or ``focus_area``): the share
    of each in per cent. ``plan`` is the version that it was tagged in.
    """

    reference: str
    name: str
    theme: str
    outcome: str
    year: str
    awarded_pence: int | None
    paid_pence: int | None
    cross_cutting: tuple[str, ...] = ()
    districts: Mapping[str, int] | None = None
    targets: tuple[Target, ...] = ()
    returns: tuple[Return, ...] = ()
    recipient: str = ""
    example: bool = False
    offered: bool = False
    imported: bool = False
    focus_area: str = ""
    fund: str = ""
    round: str = ""
    plan: str = ""
    split: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a project that stands in several: by ``district``, ``theme``, ``outcome`` or ``focus_area``."""

    by: str
    key: str


@dataclass(frozen=True, slots=True)
class MeasureFigure:
    """One measure over the projects of a part, with its coverage."""

    rule: Rule
    rolled: Rolled
    target: int | None
    projects_reporting: int
    projects_due: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of one part. ``made_of`` are the references of its projects, in order.

    ``own`` are the measures that its groups brought themselves: each is one project's alone. ``returns_accepted`` is
    whatever was accepted, as the contract says; ``due_accepted`` how many of the returns that are due.
    """

    key: str
    name: str
    projects: int
    awarded_pence: int
    paid_pence: int
    amounts_unknown: int
    returns_due: int
    returns_accepted: int
    measures: tuple[MeasureFigure, ...]
    made_of: tuple[str, ...]
    own: tuple[MeasureFigure, ...] = ()
    due_accepted: int = 0

    @property
    def early(self) -> int:
        """How many returns were accepted before they were due."""
        return self.returns_accepted - self.due_accepted


@dataclass(frozen=True, slots=True)
class Part:
    """A key and a name that projects are grouped under."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one project adds to every part that it stands in."""

    awarded_pence: int
    paid_pence: int
    due: int
    accepted: int
    due_accepted: int
    reported: Mapping[str, Reported]


class RollUp:
    """The figures of parts by the same rules on the same day. Each project is read once, however many parts it is in.

    References have to be unique: a project is remembered by its own.
    """

    def __init__(self, rules: Sequence[Rule], as_at: date) -> None:
        self.rules, self.as_at = {rule.key: rule for rule in rules}, as_at
        self.places = {key: place for place, key in enumerate(self.rules)}
        self.told: dict[tuple[str, Share | None], Told] = {}

    def figures(self, part: Part, projects: Iterable[Project], share: Share | None = None) -> Figures:
        """Roll up one part. With a share, money is that share, and measures a district's splits where reported."""
        chosen = sorted(projects, key=lambda project: project.reference)
        told = [self.told_by(project, share) for project in chosen]
        counted = [*self._measures(chosen, told)]
        return Figures(
            key=part.key,
            name=part.name,
            projects=len(chosen),
            awarded_pence=sum(each.awarded_pence for each in told),
            paid_pence=sum(each.paid_pence for each in told),
            amounts_unknown=sum(1 for project in chosen if project.awarded_pence is None),
            returns_due=sum(each.due for each in told),
            returns_accepted=sum(each.accepted for each in told),
            measures=tuple(each for each in counted if not each.rule.own),
            made_of=tuple(project.reference for project in chosen),
            own=tuple(each for each in counted if each.rule.own),
            due_accepted=sum(each.due_accepted for each in told),
        )

    def cost_of_one(self, projects: Iterable[Project], rule: Rule, share: Share | None = None) -> Fraction | None:
        """Awarded pence for one of what was counted, over the projects that reported it; None where it means nothing.

        It means something for what can be added up (sessions, homes made more secure), where there is any, and where
        every amount is known: never for people, who may be counted twice, nor for n of m.
        """
        if rule.across_projects != "sum" or rule.basis not in COSTED:
            return None
        told = [(each, self.told_by(each, share)) for each in projects]
        reporting = [(project, each) for project, each in told if rule.key in each.reported]
        count = sum((Fraction(each.reported[rule.key].value) for _project, each in reporting), Fraction(0))
        if not count or any(project.awarded_pence is None for project, _each in reporting):
            return None
        return Fraction(sum(each.awarded_pence for _project, each in reporting)) / count

    def parted(self, parts: Sequence[Part], projects: Sequence[Project], by: str) -> list[Figures]:
        """Every part by ``district``, or by a tag of the plan, fund, round or year.

        What stands in several parts is counted in each, with its share of the money to the penny.
        """
        return [
            self.figures(part, chosen, share_of(chosen, by, part.key))
            for part, chosen in grouped(parts, projects, lambda project: shares_of(project, by))
        ]

    def _measures(self, projects: Sequence[Project], told: Sequence[Told]) -> Iterable[MeasureFigure]:
        """The measures that a project promised or reported, in their order."""
        targets: dict[str, list[Target]] = defaultdict(list)
        reported: dict[str, list[Reported]] = defaultdict(list)
        due: dict[str, int] = defaultdict(int)
        for project, each in zip(projects, told, strict=True):
            for target in project.targets:
                targets[target.measure].append(target)
            for key in {target.measure for target in project.targets}:
                due[key] += each.due > 0
            for key, figure in each.reported.items():
                reported[key].append(figure)
        for key in self._known({*targets, *reported}):
            rule = self.rules[key]
            summed = rule.across_projects in {"sum", "range"} and key in targets
            yield MeasureFigure(
                rule=rule,
                rolled=over_projects(rule, reported[key]),
                target=sum(each.target for each in targets[key]) if summed else None,
                projects_reporting=len(reported[key]),
                projects_due=due[key],
            )

    def _known(self, keys: set[str]) -> list[str]:
        """Those of them that there is a rule for, in the order of the rules: there may be thousands of rules."""
        return sorted(keys & self.rules.keys(), key=self.places.__getitem__)

    def told_by(self, project: Project, share: Share | None = None) -> Told:
        """What one project adds to every part that it stands in, or to one by its share."""
        known = self.told.get((project.reference, share))
        if known is None:
            known = self.told[project.reference, share] = self._read(project, share)
        return known

    def _read(self, project: Project, share: Share | None) -> Told:
        awarded, paid = money(project, share)
        accepted = [each for each in project.returns if _accepted(each, self.as_at)]
        named = self._known({value.measure for each in accepted for value in each.values})
        found = {key: project_figure(project, self.rules[key], self.as_at, share) for key in named}
        return Told(
            awarded_pence=awarded,
            paid_pence=paid,
            due=sum(1 for each in project.returns if each.due_on <= self.as_at),
            accepted=len(accepted),
            due_accepted=due_accepted_by(project, self.as_at),
            reported={key: figure for key, figure in found.items() if figure is not None},
        )


def figures(
    part: Part, projects: Iterable[Project], rules: Sequence[Rule], as_at: date, share: Share | None = None
) -> Figures:
    """Roll up the projects of one part, and of no other."""
    return RollUp(rules, as_at).figures(part, projects, share)


def grouped(
    parts: Sequence[Part], projects: Sequence[Project], keys: Callable[[Project], Iterable[str]]
) -> list[tuple[Part, list[Project]]]:
    """The projects of each part. A key that stands in no part raises KeyError: nothing drops out of a partition.

    A key that a project gives twice counts once.
    """
    found: dict[str, list[Project]] = {part.key: [] for part in parts}
    for project in projects:
        for key in dict.fromkeys(keys(project)):
            found[key].append(project)
    return [(part, found[part.key]) for part in parts]


def share_of(projects: Iterable[Project], by: str, key: str) -> Share | None:
    """What is to be taken of each of a part's projects; None where all of each is the part's."""
    return Share(by, key) if by == DISTRICT or any(by in each.split for each in projects) else None


def shares_of(project: Project, by: str) -> Mapping[str, int]:
    """The parts that a project stands in, each with its share in per cent; at least one."""
    if by == DISTRICT:
        return project.districts or {NOT_TAGGED: HUNDRED}
    return project.split.get(by) or {getattr(project, by): HUNDRED}


def cross_keys(project: Project) -> tuple[str, ...]:
    """Every cross-cutting theme of a project, or ``none``: these parts overlap and are never summed."""
    return project.cross_cutting or (NONE,)


def area_keys(project: Project) -> tuple[str, ...]:
    """Every ward or other area that a project's bid named, or ``none``: these parts overlap and are never summed."""
    return project.areas or (NONE,)


def project_figure(project: Project, rule: Rule, as_at: date, share: Share | None = None) -> Reported | None:
    """One measure of one project over its accepted returns; None when nothing was reported (which is not zero)."""
    reported = [
        Reported(each.period_to, value.value, value.value_of, each.number)
        for each in project.returns
        if _accepted(each, as_at)
        for value in said_of(each, rule, share)
    ]
    return over_periods(rule, reported)


def said_of(each: Return, rule: Rule, share: Share | None) -> list[Value]:
    """What a return says on a measure: its total, or a district's split where it has splits by district."""
    values = [value for value in each.values if value.measure == rule.key]
    by_place = [value for value in values if value.split_by == DISTRICT]
    if share is not None and share.by == DISTRICT and by_place:
        return [value for value in by_place if value.split == share.key]
    return [value for value in values if value.split_by is None]


def money(project: Project, share: Share | None = None) -> tuple[int, int]:
    """A project's awarded and paid pence, or one part's share of them; an unknown amount adds nothing."""
    awarded, paid = project.awarded_pence or 0, project.paid_pence or 0
    shares = shares_of(project, share.by) if share else {}
    if share is None or len(shares) == 1:
        return awarded, paid
    return split_pence(awarded, shares)[share.key], split_pence(paid, shares)[share.key]


def reports(each: Return, rule: Rule, as_at: date) -> bool:
    """Whether a return, accepted by then, says something on a measure."""
    return _accepted(each, as_at) and any(value.measure == rule.key for value in each.values)


def accepted_by(project: Project, as_at: date) -> int:
    """How many of a project's returns were accepted by then."""
    return sum(1 for each in project.returns if _accepted(each, as_at))


def due_accepted_by(project: Project, as_at: date) -> int:
    """How many of a project's returns that were due by then were accepted by then."""
    return sum(1 for each in project.returns if each.due_on <= as_at and _accepted(each, as_at))


def _accepted(each: Return, as_at: date) -> bool:
    return each.accepted_on is not None and each.accepted_on <= as_at


def whole(value: float | Fraction | None) -> Fraction | None:
    """The same number, exactly."""
    return None if value is None else Fraction(value)


def plain(value: Fraction | None) -> int | float | None:
    """A figure for JSON: whole where it is whole."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def as_json(found: Figures) -> dict[str, object]:
    """One member of the exported file."""
    return _json(found, (*found.measures, *found.own))


def as_published(found: Figures) -> dict[str, object]:
    """The same as it is published: no measures of groups' own, and how many of the due returns are accepted."""
    return {**_json(found, found.measures), "due_accepted": found.due_accepted}


def _json(found: Figures, measures: Iterable[MeasureFigure]) -> dict[str, object]:
    return {
        "key": found.key,
        "name": found.name,
        "projects": found.projects,
        "awarded_pence": found.awarded_pence,
        "paid_pence": found.paid_pence,
        "amounts_unknown": found.amounts_unknown,
        "returns_due": found.returns_due,
        "returns_accepted": found.returns_accepted,
        "measures": [
            {
                "key": each.rule.key,
                "name": each.rule.name,
                "basis": each.rule.basis,
                "low": plain(each.rolled.low),
                "high": plain(each.rolled.high),
                "n": plain(each.rolled.n),
                "of": plain(each.rolled.of),
                "value": plain(each.rolled.value),
                "target": each.target,
                "projects_reporting": each.projects_reporting,
                "projects_due": each.projects_due,
            }
            for each in measures
        ],
    }
