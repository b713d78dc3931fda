"""What an officer changed of a bid's place in the plan, in words; and what a place needs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.applications.tagging import Needed
from spatc_funds.assessment.place_in_plan import KEYS, differences, missing, tags_in


def thing(number: int) -> dict[str, Any]:
    return {"id": number, "key": f"k{number}", "name": f"Thing {number}"}


def cross(theme: int, commitment: int) -> dict[str, Any]:
    return {"theme": thing(theme), "commitment": thing(commitment), "how": ""}


def tags(**changed: Any) -> dict[str, Any]:
    return {
        "priority": None,
        "theme": thing(1),
        "focus_area": thing(2),
        "primary_outcome": thing(3),
        "no_specific_outcome": False,
        "other_outcomes": [],
        "cross_cutting": [],
        **changed,
    }


NUMBERS = st.none() | st.integers(1, 4).map(thing)
TAGS = st.fixed_dictionaries(
    {
        "priority": NUMBERS,
        "theme": NUMBERS,
        "focus_area": NUMBERS,
        "primary_outcome": NUMBERS,
        "no_specific_outcome": st.booleans(),
        "other_outcomes": st.lists(st.integers(1, 4).map(thing), unique_by=lambda each: each["id"]),
        "cross_cutting": st.lists(
            st.builds(cross, st.integers(1, 4), st.integers(5, 7)), unique_by=lambda each: each["theme"]["id"]
        ),
    }
)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"priority": thing(9)}, ["Priority: “Thing 9” instead of “none”"]),
        ({"theme": None}, ["Theme: “none” instead of “Thing 1”"]),
        ({"focus_area": thing(9)}, ["Focus: “Thing 9” instead of “Thing 2”"]),
        ({"primary_outcome": thing(9)}, ["Main outcome: “Thing 9” instead of “Thing 3”"]),
        (
            {"primary_outcome": None, "no_specific_outcome": True},
            ["Main outcome: “no specific outcome” instead of “Thing 3”"],
        ),
        ({"primary_outcome": None}, ["Main outcome: “none” instead of “Thing 3”"]),
        ({"other_outcomes": [thing(5)]}, ["Other outcome added: Thing 5"]),
        ({"cross_cutting": [cross(6, 7)]}, ["Cross-cutting theme added: Thing 6"]),
        ({"theme": thing(8), "other_outcomes": None}, ["Theme: “Thing 8” instead of “Thing 1”"]),
    ],
)
def test_what_was_changed_in_words(changed: dict[str, Any], words: list[str]) -> None:
    assert differences(tags(), tags(**changed)) == words


def test_what_was_taken_out_and_another_commitment() -> None:
    before = tags(other_outcomes=[thing(5), thing(6)], cross_cutting=[cross(6, 7), cross(8, 9)])
    after = tags(other_outcomes=[thing(6)], cross_cutting=[cross(6, 10)])
    assert differences(before, after) == [
        "Other outcome taken out: Thing 5",
        "Cross-cutting theme taken out: Thing 8",
        "Commitment of “Thing 6”: “Thing 10” instead of “Thing 7”",
    ]


def test_how_a_theme_is_served_is_no_difference() -> None:
    said = {**cross(6, 7), "how": "Otherwise"}
    assert differences(tags(cross_cutting=[cross(6, 7)]), tags(cross_cutting=[said])) == []


def test_the_tags_of_everything_that_was_sent() -> None:
    assert tags_in({**tags(), "title": "A hall"}) == tags()
    assert set(tags_in({})) == set(KEYS)


@pytest.mark.parametrize(
    ("needed", "changed", "fields"),
    [
        (Needed(), {}, []),
        (Needed(), {"focus_area": None}, ["focus_area"]),
        (Needed(), {"primary_outcome": None}, ["primary_outcome"]),
        (Needed(), {"primary_outcome": None, "no_specific_outcome": True}, []),
        (Needed(theme=False), {"focus_area": None, "theme": None, "primary_outcome": None}, []),
        (Needed(priority=True), {}, ["priority"]),
        (Needed(priority=True), {"priority": thing(1)}, []),
        (Needed(cross_cutting=True), {}, ["cross_cutting"]),
        (Needed(cross_cutting=True), {"cross_cutting": [cross(1, 2)]}, []),
    ],
)
def test_what_a_place_needs(needed: Needed, changed: dict[str, Any], fields: list[str]) -> None:
    assert [each.field for each in missing(tags(**changed), needed)] == fields


@given(TAGS)
def test_the_same_has_no_differences(one: dict[str, Any]) -> None:
    assert differences(one, one) == []


@given(TAGS, TAGS)
def test_as_many_either_way(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(differences(one, other)) == len(differences(other, one))
    assert len(set(differences(one, other))) == len(differences(one, other))
