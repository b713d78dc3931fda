"""Nothing small can be found by adding and subtracting what is published; held against every set of projects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatc_funds.framework.measures import Rule
from spatc_funds.impact import splits, stating, suppression
from spatc_funds.impact.atoms import as_plain, atoms_of, from_plain
from spatc_funds.impact.queries import Filters, Gathered, Report, as_exported, rolled
from spatc_funds.impact.rollup import NONE, Part, Project, Return, RollUp, Value, as_published
from spatc_funds.impact.speaking import NO_FOCUS, NO_OUTCOME, PlanParts, ThemeParts
from spatc_funds.impact.subtraction import ORDER, changed, given_up

DAY = date(2026, 3, 31)
PEOPLE = Rule("people", "People", "unique people", "latest", "range")
SAFER = Rule("safer", "Feel safer", "n-of-m", "sum", "n-of-m")
VISITS = Rule("visits", "Visits", "attendances", "sum", "sum")
RULES = (PEOPLE, SAFER, VISITS)
LEEDS, BRADFORD = "E08000035", "E08000032"
PLAN = PlanParts(
    "one",
    "One",
    (ThemeParts("t1", "T1", (), (Part("o1", "O1"),)), ThemeParts("t2", "T2", (), (Part("o2", "O2"),))),
    (Part("c1", "C1"), Part("c2", "C2")),
)
LEAST = suppression.LEAST
Counted = Mapping[str, Sequence[int]]


def project(number: int, count: int, of: int = 0, **more: Any) -> Project:
    """One with an accepted return; ``split`` are counts by way of splitting and part."""
    values = [Value("people", count), Value("visits", count), Value("safer", count, of or count)]
    values += [Value("people", each, None, *part) for part, each in more.pop("split", {}).items()]
    returned = Return(f"P{number}-R1", 1, DAY, DAY, DAY, tuple(values))
    told = {"theme": "t1", "outcome": "o1", "year": "2025-26", "districts": {LEEDS: 100}, "cross_cutting": ()} | more
    told["focus_area"] = f"{told['theme']}.{NO_FOCUS}"
    return Project(f"P{number}", f"P{number}", awarded_pence=1, paid_pence=0, returns=(returned,), plan="one", **told)


def rolled_up(projects: Sequence[Project]) -> Report:
    gathered = Gathered(PLAN, RULES, projects, (Part("", ""),), (Part("", ""),), (Part(NONE, ""),), RollUp(RULES, DAY))
    return rolled(gathered, Filters(DAY), frozenset())


def content(projects: Sequence[Project], before: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What would be frozen of these projects, after these statements."""
    found = rolled_up(projects)
    atoms = atoms_of(found, splits.tables(projects, RULES, DAY))
    return {
        **as_exported(found, as_published),
        "splits": stating.splits_of(found),
        "notes": [],
        "salt": "",
        "atoms": as_plain(atoms),
        "withheld": sorted(map(list, stating.cannot_stand(atoms, before))),
    }


@st.composite
def projects(draw: st.DrawFn) -> list[Project]:
    """Up to five, of every kind that can be told apart."""
    return [
        project(
            number,
            draw(st.sampled_from((0, 1, 3, 4, 5, 9, 40))),
            40 + draw(st.sampled_from((0, 2, 9))),
            theme=draw(st.sampled_from(("t1", "t2"))),
            outcome=draw(st.sampled_from(("o1", "o2", NO_OUTCOME))),
            year=draw(st.sampled_from(("2024-25", "2025-26"))),
            cross_cutting=draw(st.sampled_from(((), ("c1",), ("c2",), ("c1", "c2")))),
            districts=draw(st.sampled_from(({LEEDS: 100}, {BRADFORD: 100}, {LEEDS: 50, BRADFORD: 50}))),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


def shown(content: Mapping[str, Any], before: Sequence[dict[str, Any]], measure: str) -> list[tuple[str, str]]:
    """The parts whose figure of a measure everybody reads: way and key."""
    public = stating.published(dict(content), list(before))
    found = []
    for way in suppression.WAYS:
        for part in [public[way]] if way == "total" else public[way]:
            key = part.get("key") or f"{part['theme']} {part['cross_cutting_theme']}"
            found += [(way, key) for each in part["measures"] if each["key"] == measure and not each.get("left_out")]
    return found


def rows_of(projects: Sequence[Project], parts: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Which projects each part counts, told from the projects themselves."""
    return [[int(_stands(each, *part)) for each in projects] for part in parts]


def _stands(each: Project, way: str, key: str) -> bool:
    crossing = each.cross_cutting or (NONE,)
    held = {
        "total": {key},
        "by_theme": {each.theme},
        "by_outcome": {each.outcome},
        "by_financial_year": {each.year},
        "by_cross_cutting_theme": set(crossing),
        "by_district": set(each.districts or ()),
        "matrix": {f"{each.theme} {one}" for one in crossing},
    }
    return key in held[way]


def rank(rows: Sequence[Sequence[int]]) -> int:
    """By fractions, so exactly."""
    left, found = [[Fraction(each) for each in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for row in left[found + 1 :]:
            factor = row[column] / pivot[column]
            for place, number in enumerate(pivot):
                row[place] -= factor * number
        found += 1
    return found


def small_sets(rows: Sequence[Sequence[int]], counts: Sequence[int]) -> list[tuple[int, ...]]:
    """The sets of projects that counted few people together, and whose sum the rows give away."""
    counting = [place for place, count in enumerate(counts) if count]
    held = [[row[place] for place in counting] for row in rows]
    found = []
    for size in range(1, len(counting) + 1):
        for chosen in combinations(range(len(counting)), size):
            if not 0 < sum(counts[counting[place]] for place in chosen) < LEAST:
                continue
            wanted = [int(place in chosen) for place in range(len(counting))]
            if rank([*held, wanted]) == rank(held):
                found.append(chosen)
    return found


def counted(projects: Sequence[Project]) -> dict[str, list[list[int]]]:
    """What each project counted, by measure: each number that is published, and who is left of those asked."""
    values = {rule.key: [_value(each, rule.key) for each in projects] for rule in RULES}
    safer = values["safer"]
    rest = [(each.value_of or 0) - each.value for each in safer]
    return {
        "people": [[each.value for each in values["people"]]],
        "visits": [[each.value for each in values["visits"]]],
        "safer": [[each.value for each in safer], [each.value_of or 0 for each in safer], rest],
    }


def _value(each: Project, key: str) -> Value:
    return next(value for value in each.returns[0].values if value.measure == key and value.split_by is None)


@settings(max_examples=150, deadline=None)
@given(projects())
def test_no_set_of_few_people_is_found_in_one_statement(projects: list[Project]) -> None:
    whole = content(projects)
    for measure, numbers in counted(projects).items():
        rows = rows_of(projects, shown(whole, (), measure))
        for counts in numbers:
            assert small_sets(rows, counts) == [], measure


@settings(max_examples=100, deadline=None)
@given(projects(), st.lists(st.sampled_from((0, 0, 1, 2, 7, 30)), min_size=5, max_size=5))
def test_no_change_of_few_people_is_found_between_two(projects: list[Project], more: list[int]) -> None:
    """Both publish the same parts; of what has changed no set of projects is found that changed by few."""
    before = content(projects)
    later = [
        project(
            number,
            _value(each, "people").value + added,
            100 + added * 20,
            theme=each.theme,
            outcome=each.outcome,
            year=each.year,
            cross_cutting=each.cross_cutting,
            districts=each.districts,
        )
        for number, (each, added) in enumerate(zip(projects, more, strict=False))
    ]
    now = content(later, [before])
    for measure in ("people", "visits"):
        parts = set(shown(now, [before], measure)) & set(shown(before, (), measure))
        assert small_sets(rows_of(projects, sorted(parts)), more[: len(projects)]) == [], measure


CASES: Mapping[str, tuple[list[Project], str]] = {
    "the rest of a cross-cutting theme": (
        [
            project(1, 40, 90, cross_cutting=("c1", "c2")),
            project(2, 30, 90, cross_cutting=("c1", "c2")),
            project(3, 3, 90, cross_cutting=("c1",)),
        ],
        "by_cross_cutting_theme",
    ),
    "a theme without its outcomes": (
        [
            project(1, 40, 90),
            project(2, 30, 90),
            project(3, 3, 90, outcome=NO_OUTCOME),
            project(4, 50, 90, theme="t2", outcome=NO_OUTCOME),
            project(5, 20, 90, theme="t2", outcome="o2"),
        ],
        "by_outcome",
    ),
    "the rest of a district": (
        [
            *(project(number, 30, 90, districts={LEEDS: 50, BRADFORD: 50}) for number in (1, 2, 3)),
            project(4, 3, 90, districts={LEEDS: 100}),
        ],
        "by_district",
    ),
    "those who stand in two": (
        [
            project(1, 40, 90, cross_cutting=("c1",)),
            project(2, 40, 90, cross_cutting=("c2",)),
            project(3, 4, 90, cross_cutting=("c1", "c2")),
        ],
        "by_cross_cutting_theme",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_by_hand(case: str) -> None:
    told, way = CASES[case]
    whole = content(told)
    assert [way, "people"] in whole["withheld"]
    kept = {of for of, _key in shown(whole, (), "people")}
    assert way not in kept
    assert {"total", "by_theme"} <= kept, "and no more than that"


def test_where_nothing_is_small_nothing_is_left_out() -> None:
    told = [
        project(1, 40, 90, cross_cutting=("c1",)),
        project(2, 6, 90, outcome=NO_OUTCOME),
        project(3, 0, 90, theme="t2", outcome="o2", districts={BRADFORD: 100}),
    ]
    whole = content(told)
    assert whole["withheld"] == []
    assert content(told, [whole])["withheld"] == [], "nor where nothing has changed"


def test_who_is_left_of_those_who_were_asked() -> None:
    """47 of 50 say so: 3 do not."""
    told = [project(1, 47, 50), project(2, 30, 90, theme="t2", outcome="o2")]
    kept = {of for of, _key in shown(content(told), (), "safer")}
    assert kept == {"total", "by_cross_cutting_theme", "by_district", "by_financial_year"}


SPLIT = {
    "district": {("district", LEEDS): 50, ("district", BRADFORD): 40},
    "age-band": {("age-band", "11-17"): 50, ("age-band", "18-24"): 40},
}


@pytest.mark.parametrize("kind", SPLIT)
def test_a_table_that_lacks_one_small_project_is_withheld(kind: str) -> None:
    """Whose people are parted is in the table; who is not can be subtracted from all."""
    told = [
        project(1, 90, 99, split=SPLIT[kind], districts={LEEDS: 50, BRADFORD: 50}),
        project(2, 3, 99, districts={LEEDS: 50, BRADFORD: 50}),
        project(3, 60, 99, districts={LEEDS: 50, BRADFORD: 50}),
    ]
    whole = content([told[0], told[2]])
    assert whole["withheld"] == []
    assert stating.published(whole)["splits"][0]["total"] == 90
    whole = content(told[:2])
    assert ["splits", "people"] in whole["withheld"]
    assert stating.published(whole)["splits"][0]["total"] is None


def test_what_is_inside_stays_inside_and_comes_back_the_same() -> None:
    found = rolled_up([project(1, 40, 90), project(2, 6, 90, outcome=NO_OUTCOME)])
    atoms = atoms_of(found, splits.tables(found.projects.values(), RULES, DAY))
    assert from_plain(as_plain(atoms)) == atoms
    assert changed(atoms["people"], atoms["people"]) == dict.fromkeys(atoms["people"], (0,))
    assert changed(atoms["people"], {}) == atoms["people"]
    assert given_up({}) == set()
    assert not {"atoms", "withheld", "salt"} & stating.published(content([project(1, 40, 90)])).keys()
    assert set(ORDER) == {*suppression.WAYS, "splits"}
