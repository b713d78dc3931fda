"""Who took part: what returns split by district, age band and the like, added up over projects (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from spatc_funds.framework.measures import MONEY, Rule
from spatc_funds.impact.rollup import Project

ADDED = frozenset({"sum", "range"})


@dataclass(frozen=True, slots=True)
class SplitTable:
    """One measure by one way of splitting it; ``made_of`` are the projects that reported it so.

    Parts are sums over projects: somebody who takes part in two of them stands in it twice.
    """

    measure: str
    name: str
    split_by: str
    parts: dict[str, int]
    made_of: frozenset[str]

    @property
    def projects(self) -> int:
        """How many they are."""
        return len(self.made_of)


def tables(projects: Iterable[Project], rules: Sequence[Rule], as_at: date) -> list[SplitTable]:
    """Every measure that can be added up and every way in which an accepted return splits it, in their order."""
    by_key = {
        rule.key: rule for rule in rules if rule.across_projects in ADDED and rule.basis != MONEY and not rule.own
    }
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for project in projects:
        for (measure, split_by), returns in _said(project, as_at).items():
            if measure not in by_key:
                continue
            # Where each return counts all of it anew, its parts are those of one return: parts of several are no whole.
            counted = returns if by_key[measure].across_periods == "sum" else returns[-1:]
            for parts in counted:
                for split, count in parts.items():
                    found[measure, split_by][split] += count
            told[measure, split_by].add(project.reference)
    order = {rule.key: place for place, rule in enumerate(rules)}
    return [
        SplitTable(
            measure, by_key[measure].name, split_by, dict(sorted(parts.items())), frozenset(told[measure, split_by])
        )
        for (measure, split_by), parts in sorted(found.items(), key=lambda each: (order[each[0][0]], each[0][1]))
    ]


def _said(project: Project, as_at: date) -> dict[tuple[str, str], list[dict[str, int]]]:
    """The parts of each accepted return by measure and way of splitting, the earliest first."""
    found: dict[tuple[str, str], list[dict[str, int]]] = defaultdict(list)
    for each in sorted(project.returns, key=lambda one: (one.period_to, one.number)):
        if each.accepted_on is None or each.accepted_on > as_at:
            continue
        parts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for value in each.values:
            if value.split_by is not None and value.split is not None:
                parts[value.measure, value.split_by][value.split] = value.value
        for key, counts in parts.items():
            found[key].append(counts)
    return found
