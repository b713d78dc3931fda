"""A roll-up speaks in one version of the plan, whatever version its awards were tagged in."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.framework.mapping import HUNDRED, Line
from spatc_funds.framework.measures import Rule
from spatc_funds.impact.rollup import NOT_TAGGED, Part, Project, Return, RollUp, Share, Target, Value, money
from spatc_funds.impact.speaking import (
    NO_OUTCOME,
    OTHER_PRIORITY,
    PlanParts,
    ThemeParts,
    renamed,
    spoken,
)

DAY = date(2026, 6, 1)
PEOPLE = Rule("people", "People", "unique people", "latest", "range")
FOLK = Rule("folk", "Folk", "unique people", "latest", "range")
EVENTS = Rule("events", "Events", "events", "sum", "sum")
RULES = (PEOPLE, FOLK, EVENTS)
NEXT = PlanParts(
    "next",
    "Next plan",
    themes=(
        ThemeParts("places", "Places", (Part("streets", "Streets"),), (Part("safer", "Safer"),)),
        ThemeParts("people", "People", (), (Part("trust", "Trust"), Part("calm", "Calm"))),
    ),
    cross_cutting_themes=(Part("young", "Young"), Part("women", "Women")),
)
OLD = Project(
    "EX-1",
    "One",
    "places",
    "safer",
    "2026-27",
    1_001,
    501,
    cross_cutting=("young",),
    focus_area="places.streets",
    plan="old",
    targets=(Target("people", 10),),
    returns=(Return("EX-1-R1", 1, DAY, DAY, DAY, (Value("people", 7), Value("events", 2))),),
)


def declared(**lines: list[Line]) -> PlanParts:
    """The next plan with what is declared of the old one's parts."""
    return replace(NEXT, earlier={"old": {kind.replace("_", "-"): each for kind, each in lines.items()}})


def test_what_is_of_the_plan_stays_as_it_is() -> None:
    assert spoken(replace(OLD, plan="next"), declared(theme=[Line("places", None)]), RULES) == replace(OLD, plan="next")
    assert spoken(OLD, NEXT, RULES) == OLD, "the same key is the same part where nothing is declared"


def test_one_part_becomes_one() -> None:
    found = spoken(OLD, declared(theme=[Line("places", "people")], outcome=[Line("safer", "calm")]), RULES)
    assert (found.theme, found.outcome, found.focus_area) == ("people", "calm", "people.not-named")
    assert not found.split


def test_a_declared_split_shares_the_money_to_the_penny() -> None:
    lines = [Line("safer", "calm", 33), Line("safer", "trust", 67)]
    found = spoken(OLD, declared(outcome=lines), RULES)
    rolling, outcomes = RollUp(RULES, DAY), [Part("safer", ""), Part("trust", ""), Part("calm", "")]
    parted = {each.key: each for each in rolling.parted(outcomes, [found], "outcome")}
    assert [parted[key].awarded_pence for key in ("safer", "trust", "calm")] == [0, 671, 330]
    assert [parted[key].projects for key in ("safer", "trust", "calm")] == [0, 1, 1]
    assert parted["calm"].measures[0].rolled.high == 7, "its people are its people: a share of them is nobody"
    assert money(found, Share("outcome", "calm")) == (330, 165)


def test_a_split_theme_names_no_focus_area() -> None:
    found = spoken(OLD, declared(theme=[Line("places", "places", 50), Line("places", "people", 50)]), RULES)
    assert found.split["focus_area"] == {"places.not-named": 50, "people.not-named": 50}


def test_what_ends_is_not_tagged() -> None:
    found = spoken(OLD, declared(theme=[Line("places", None)], outcome=[Line("safer", None)]), RULES)
    assert (found.theme, found.outcome, found.focus_area) == (NOT_TAGGED,) * 3
    unknown = spoken(replace(OLD, theme="gone", focus_area="gone.streets"), NEXT, RULES)
    assert (unknown.theme, unknown.focus_area) == (NOT_TAGGED, NOT_TAGGED)


def test_two_that_end_are_untagged_together() -> None:
    lines = [Line("safer", "gone", 30), Line("safer", "away", 45), Line("safer", "calm", 25)]
    assert spoken(OLD, declared(outcome=lines), RULES).split["outcome"] == {NOT_TAGGED: 75, "calm": 25}


def test_what_is_no_part_of_a_plan_stays() -> None:
    bare = replace(OLD, theme=OTHER_PRIORITY, outcome=NO_OUTCOME, focus_area=OTHER_PRIORITY)
    lines = [Line(OTHER_PRIORITY, "people"), Line(NO_OUTCOME, "calm")]
    assert spoken(bare, declared(theme=lines, outcome=lines), RULES) == bare


def test_cross_cutting_themes_overlap_so_each_of_a_split_counts() -> None:
    lines = [Line("young", "young", 40), Line("young", "women", 60)]
    assert spoken(OLD, declared(cross_cutting_theme=lines), RULES).cross_cutting == ("women", "young")
    assert spoken(OLD, declared(cross_cutting_theme=[Line("young", None)]), RULES).cross_cutting == ()


def test_a_measure_goes_on_under_another_name() -> None:
    found = spoken(OLD, declared(measure=[Line("people", "folk"), Line("events", "events")]), RULES)
    assert found.targets == (Target("folk", 10),)
    assert [each.measure for each in found.returns[0].values] == ["folk", "events"]


def test_measures_are_not_added_to_each_other() -> None:
    assert renamed([Line("people", "folk")], RULES) == {"people": "folk"}
    assert renamed([Line("people", "folk"), Line("folk", "folk")], RULES) == {}, "two would become one"
    assert renamed([Line("people", "events")], RULES) == {}, "they are added in other ways"
    assert renamed([Line("people", "folk", 50), Line("people", "people", 50)], RULES) == {}, "half a person is nobody"
    assert renamed([Line("people", None), Line("gone", "folk")], RULES) == {}


SHARES = st.lists(st.sampled_from(["places", "people", "gone", "away"]), min_size=1, max_size=4, unique=True)


@given(st.data(), st.integers(0, 10**9))
def test_whatever_is_declared_the_whole_stays_the_whole(data: Any, pence: int) -> None:
    keys = data.draw(SHARES)
    cuts = sorted(data.draw(st.lists(st.integers(1, 99), min_size=len(keys) - 1, max_size=len(keys) - 1, unique=True)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, HUNDRED], strict=True)]
    lines = [Line("places", key, part) for key, part in zip(keys, parts, strict=True)]
    found = [spoken(replace(OLD, awarded_pence=pence), declared(theme=lines), RULES)]
    for by in ("theme", "outcome", "focus_area"):
        shares = found[0].split.get(by) or {getattr(found[0], by): HUNDRED}
        parted = RollUp(RULES, DAY).parted([Part(key, key) for key in shares], found, by)
        assert sum(each.awarded_pence for each in parted) == pence
