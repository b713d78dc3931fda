"""From one version of the plan to another: to the penny, and nothing lost. What a version lacks, and its document."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.cli.loading import DATA
from spatc_funds.framework.documents import missing, written
from spatc_funds.framework.mapping import (
    ENDED,
    HUNDRED,
    NOT_MAPPED,
    Line,
    all_ways,
    becomes,
    chained,
    faults,
    identity,
    translated,
    unmapped,
)

KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
PENCE = st.integers(-(10**6), 10**12)
PLAN = json.loads((DATA / "plan-2021-24.json").read_text(encoding="utf-8"))


@st.composite
def mappings(draw: st.DrawFn) -> list[Line]:
    lines: list[Line] = []
    for key in draw(st.sets(KEYS)):
        targets = draw(st.lists(KEYS, unique=True, max_size=4))
        if not targets:
            lines.append(Line(key, None))
            continue
        cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(targets) - 1, max_size=len(targets) - 1)))
        shares = [after - before for before, after in zip([0, *cuts], [*cuts, HUNDRED], strict=True)]
        lines += [Line(key, target, share) for target, share in zip(targets, shares, strict=True)]
    return lines


@given(st.dictionaries(KEYS, PENCE), mappings())
def test_money_is_the_same_before_and_after(pence: dict[str, int], lines: list[Line]) -> None:
    found = translated(pence, lines)
    assert sum(found.values()) == sum(pence.values())
    assert set(found) <= {"a", "b", "c", "d", "e", ENDED, NOT_MAPPED}
    open_keys = unmapped(pence, lines)
    assert found.get(NOT_MAPPED, 0) == sum(pence[key] for key in open_keys)


@given(st.dictionaries(KEYS, PENCE), mappings())
def test_no_part_is_a_penny_from_its_share(pence: dict[str, int], lines: list[Line]) -> None:
    for key, amount in pence.items():
        found = translated({key: amount}, lines)
        for part, percent in becomes(key, lines).items():
            assert abs(found[part] * HUNDRED - amount * percent) < HUNDRED


@given(st.dictionaries(KEYS, PENCE))
def test_the_identity_changes_nothing(pence: dict[str, int]) -> None:
    assert translated(pence, identity(pence)) == pence
    assert unmapped(pence, identity(pence)) == []


@given(mappings())
def test_what_may_be_declared_has_no_fault(lines: list[Line]) -> None:
    for key in {line.from_key for line in lines}:
        assert faults([line for line in lines if line.from_key == key], {"a", "b", "c", "d", "e"}) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "Say what this becomes"),
        ([Line("a", "b", 60), Line("a", "c", 30)], "They add up to 90"),
        ([Line("a", "b", 60), Line("a", "c", 60)], "They add up to 120"),
        ([Line("a", "b", 50), Line("a", "b", 50)], "Each part can be named once"),
        ([Line("a", "b", 50), Line("a", None, 50)], "A part that ends here becomes nothing else"),
        ([Line("a", "x")], "Choose only parts of the other version"),
        ([Line("a", "b", 101), Line("a", "c", -1)], "A share is a whole number from 1 to 100"),
    ],
)
def test_what_may_not_be_declared(lines: list[Line], message: str) -> None:
    assert any(message in fault for fault in faults(lines, {"b", "c"}))


def step(key: str, lines: list[Line]) -> dict[str, int]:
    """What a part becomes, its own key where nothing is said."""
    found = {key: HUNDRED} if key == ENDED else becomes(key, lines)
    return {key: HUNDRED} if NOT_MAPPED in found else found


@given(mappings(), mappings(), KEYS)
def test_over_a_version_between_shares_are_multiplied(first: list[Line], then: list[Line], key: str) -> None:
    exact: dict[str, int] = {}
    for part, share in step(key, first).items():
        for last, more in step(part, then).items():
            exact[last] = exact.get(last, 0) + share * more
    found = step(key, chained(first, then))
    assert sum(found.values()) == HUNDRED
    assert set(found) <= set(exact)
    assert all(abs(found.get(part, 0) * HUNDRED - share) < HUNDRED for part, share in exact.items())


@given(mappings(), KEYS)
def test_a_version_that_changes_nothing_stands_in_no_way(lines: list[Line], key: str) -> None:
    same = identity(["a", "b", "c", "d", "e"])
    assert step(key, chained(same, lines)) == step(key, chained(lines, same)) == step(key, lines)


def test_a_part_that_ends_on_the_way_ends_and_half_of_one_may() -> None:
    assert chained([Line("a", None)], identity("a")) == [Line("a", None)]
    halves = [Line("a", "b", 50), Line("a", "c", 50)]
    assert becomes("a", chained(halves, [Line("b", None), Line("c", "d")])) == {ENDED: 50, "d": 50}


def test_every_version_that_leads_there_finds_its_way() -> None:
    one, two = {"theme": [Line("a", "b")]}, {"theme": [Line("b", "c")], "measure": [Line("m", "n")]}
    declared = {("first", "second"): one, ("second", "third"): two, ("other", "elsewhere"): one}
    assert all_ways(declared, "third") == {
        "second": two,
        "first": {"theme": [Line("b", "c"), Line("a", "c")], "measure": [Line("m", "n")]},
    }
    assert all_ways(declared, "second") == {"first": one}
    direct = {"theme": [Line("a", "z")]}
    assert all_ways({**declared, ("first", "third"): direct}, "third")["first"] == direct, "what is declared counts"
    assert set(all_ways({**declared, ("third", "first"): one}, "third")) == {"first", "second"}, "round in a ring"


def test_odd_pennies_go_to_the_largest_remainder() -> None:
    lines = [Line("a", "x", 33), Line("a", "y", 67)]
    assert translated({"a": 1, "b": 5}, lines) == {"x": 0, "y": 1, NOT_MAPPED: 5}
    assert translated({"a": 7}, [Line("a", None)]) == {ENDED: 7}


# -- what is missing, and the document ---------------------------------------------------------------------------------


def test_a_version_is_complete_with_an_outcome_for_each_theme_and_a_cross_cutting_theme() -> None:
    assert missing({"Roads": 1}, 1) == []
    assert missing({}, 0) == ["It has no theme", "It has no cross-cutting theme"]
    assert missing({"Roads": 0, "Streets": 2}, 3) == ["The theme “Roads” has no outcome"]


def parts(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("priorities", "headings", "indicators", "themes", "cross_cutting_themes")}


def test_a_document_written_from_its_own_parts_is_itself() -> None:
    assert written(PLAN, parts(PLAN), {}) == {**PLAN, "consultation_links": PLAN["consultation_links"]}


def test_an_empty_version_takes_over_what_has_to_be_there() -> None:
    empty = json.loads((DATA / "plan-2024-28.json").read_text(encoding="utf-8"))
    told = {**parts(PLAN), "themes": [{"key": "new", "name": "New", "purpose": [], "outcomes": []}]}
    found = written(empty, told, PLAN)
    for name in ("support", "emergency", "support_introduction", "scrutiny_bodies"):
        assert found[name] == PLAN[name]
    assert found["lead_ins"] == PLAN["lead_ins"]
    assert found["note"] == empty["note"]
    assert (found["vision"], found["foreword"], found["strategy"]) == ("", [], "")
    (theme,) = found["themes"]
    assert (theme["approach"], theme["measured_through"], theme["name"]) == ([], [], "New")


def test_what_a_theme_is_measured_through_goes_with_its_indicator() -> None:
    told = parts(PLAN) | {"indicators": [each for each in PLAN["indicators"] if each["key"] != "homicide"]}
    violence = written(PLAN, told, {})["themes"][2]
    assert "homicide" not in {each["indicator"] for each in violence["measured_through"]}
    assert len(violence["measured_through"]) == 3
