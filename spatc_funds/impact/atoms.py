"""What published figures of people are made of, as far as somebody can tell it apart (``subtraction``)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from spatc_funds.framework.measures import N_OF_M, Reported, Rule
from spatc_funds.impact import rollup
from spatc_funds.impact.queries import Report
from spatc_funds.impact.rollup import Project, Share
from spatc_funds.impact.splits import SplitTable
from spatc_funds.impact.subtraction import SPLITS, TOTAL, Atom, Atoms, Part
from spatc_funds.impact.suppression import OF_PEOPLE
from spatc_funds.returns.splits import DISTRICT


def atoms_of(found: Report, tables: Sequence[SplitTable]) -> dict[str, dict[Atom, tuple[float, ...]]]:
    """The atoms of each measure of people that somebody reported: in which parts they stand, and what they counted."""
    where = _where(found)
    rules = [each.rule for each in found.total.measures if each.rule.basis in OF_PEOPLE and each.projects_reporting]
    return {
        rule.key: _atoms(found, rule, where, [each for each in tables if each.measure == rule.key]) for rule in rules
    }


def as_plain(atoms: Mapping[str, Atoms]) -> dict[str, list[Any]]:
    """The same as it is frozen, in one order."""
    return {
        measure: sorted([sorted(map(list, atom)), list(numbers)] for atom, numbers in held.items())
        for measure, held in atoms.items()
    }


def from_plain(plain: Mapping[str, Sequence[Any]]) -> dict[str, dict[Atom, tuple[float, ...]]]:
    """And back."""
    return {
        measure: {frozenset((way, key) for way, key in atom): tuple(numbers) for atom, numbers in held}
        for measure, held in plain.items()
    }


def _where(found: Report) -> dict[str, set[Part]]:
    """The parts in which each project stands, by reference; where a project is in one district or many is not here."""
    parts: dict[Part, Sequence[str]] = {(TOTAL, ""): found.total.made_of}
    for way in ("by_theme", "by_outcome", "by_financial_year", "by_cross_cutting_theme"):
        parts |= {(way, each.key): each.made_of for each in getattr(found, way)}
    parts |= {("matrix", " ".join(key)): cell.made_of for key, cell in found.matrix.items()}
    for theme in found.plan.themes:  # a report says "no outcome of this theme" too
        told = {
            ref for each in found.by_outcome if each.key in {one.key for one in theme.outcomes} for ref in each.made_of
        }
        whole = next((each.made_of for each in found.by_theme if each.key == theme.key), ())
        parts["by_outcome", f"none of {theme.key}"] = [each for each in whole if each not in told]
    where: dict[str, set[Part]] = defaultdict(set)
    for part, references in parts.items():
        for reference in references:
            where[reference].add(part)
    return where


def _atoms(
    found: Report, rule: Rule, where: Mapping[str, set[Part]], tables: Sequence[SplitTable]
) -> dict[Atom, tuple[float, ...]]:
    summed: dict[Atom, list[float]] = {}
    for reference, project in found.projects.items():
        told = found.rolling.told_by(project).reported.get(rule.key)
        if told is None:
            continue
        parts = where[reference] | {(SPLITS, each.split_by) for each in tables if reference in each.made_of}
        placed = _by_district(found, project, rule)
        if all(each == _numbers(rule, told) for each in placed.values()):  # it counts whole in each, or has but one
            parts |= {("by_district", code) for code in placed}
        else:
            for code, numbers in placed.items():
                _add(summed, frozenset({("by_district", code), (SPLITS, f"{DISTRICT} {code}")}), numbers)
        _add(summed, frozenset(parts), _numbers(rule, told))
    return {atom: tuple(numbers) for atom, numbers in summed.items()}


def _by_district(found: Report, project: Project, rule: Rule) -> dict[str, tuple[float, ...]]:
    placed = {}
    for code in rollup.shares_of(project, DISTRICT):
        told = found.rolling.told_by(project, Share(DISTRICT, code)).reported.get(rule.key)
        if told is not None:
            placed[code] = _numbers(rule, told)
    return placed


def _numbers(rule: Rule, told: Reported) -> tuple[float, ...]:
    """What was counted; of n of m also those who were asked, and the rest of them."""
    value, of = (rollup.plain(rollup.whole(each)) or 0 for each in (told.value, told.of))
    return (value, of, of - value) if rule.across_projects == N_OF_M else (value,)


def _add(summed: dict[Atom, list[float]], atom: Atom, numbers: Sequence[float]) -> None:
    held = summed.setdefault(atom, [0] * len(numbers))
    for place, number in enumerate(numbers):
        held[place] += number
