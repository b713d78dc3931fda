"""Checks of a return: zero is an answer, silence is not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.returns.checks import REPORTED, Line, problems, remarks

PEOPLE = Line("m-people", "People reached", n_of_m=False, state=REPORTED, value=40, value_of=None, target=100)
SAFER = Line("m-safer", "Feel safer", n_of_m=True, state=REPORTED, value=30, value_of=50, target=40)
LINES = st.builds(
    Line,
    field=st.just("m"),
    name=st.just("Anything"),
    n_of_m=st.booleans(),
    state=st.sampled_from([None, REPORTED, "nothing to report", "not applicable"]),
    value=st.none() | st.integers(0, 20),
    value_of=st.none() | st.integers(1, 20),
    target=st.none() | st.integers(0, 40),
)


def said(line: Line) -> list[str]:
    """What stands in the way on one line."""
    return [problem.message for problem in problems([line], "It went well", 100)]


def test_a_whole_return_can_be_sent() -> None:
    assert problems([PEOPLE, SAFER], "It went well", 0) == []


@pytest.mark.parametrize(
    ("line", "changed", "says"),
    [
        (PEOPLE, {"state": None}, "Say what you counted for “People reached”"),
        (PEOPLE, {"value": None}, "Enter a number for “People reached”"),
        (SAFER, {"value": None, "value_of": None}, "Enter a number for “Feel safer”"),
        (SAFER, {"value_of": None}, "how many people were asked for “Feel safer”"),
        (SAFER, {"value": 51}, "“Feel safer” counts more people than were asked"),
    ],
)
def test_each_rule_names_its_line(line: Line, changed: dict[str, Any], says: str) -> None:
    found = problems([PEOPLE, replace(line, **changed)], "It went well", 100)
    assert [problem.field for problem in found] == [line.field]
    assert says in found[0].message


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (PEOPLE, {"value": 0}),
        (SAFER, {"value": 0}),
        (SAFER, {"value": 50}),
        (PEOPLE, {"state": "nothing to report", "value": None}),
        (SAFER, {"state": "not applicable", "value": None, "value_of": None}),
    ],
)
def test_zero_and_nothing_to_report_are_answers(line: Line, changed: dict[str, Any]) -> None:
    assert said(replace(line, **changed)) == []


def test_spending_and_a_story_are_asked_for() -> None:
    assert [problem.field for problem in problems([PEOPLE], " \n", None)] == ["spent", "story"]
    assert problems([], "It went well", 0) == []


def test_problems_come_in_the_order_of_the_lines() -> None:
    lines = [replace(SAFER, state=None), replace(PEOPLE, state=None)]
    assert [problem.field for problem in problems(lines, "", None)] == ["m-safer", "m-people", "spent", "story"]


@given(LINES)
def test_a_line_passes_exactly_when_it_is_answered_and_adds_up(line: Line) -> None:
    answered = line.state is not None
    if line.state == REPORTED:
        answered &= line.value is not None and not (line.n_of_m and line.value_of is None)
    adds_up = line.value is None or line.value_of is None or line.value <= line.value_of
    assert (said(line) == []) == (answered and adds_up)


@given(st.lists(LINES, max_size=5))
def test_a_line_has_one_problem_at_the_most(lines: list[Line]) -> None:
    assert len(problems(lines, "It went well", 0)) <= len(lines)


def test_less_than_half_of_what_was_promised_is_remarked_on() -> None:
    assert remarks([PEOPLE], 0, 100) == ["“People reached”: 40 reported, 100 promised"]
    assert remarks([replace(PEOPLE, value=50)], 0, 100) == []
    assert remarks([replace(PEOPLE, value=0, target=1)], 0, 100) == ["“People reached”: 0 reported, 1 promised"]


def test_more_than_twice_what_was_promised_is_remarked_on() -> None:
    told = "“People reached”: 201 reported, far above the 100 promised"
    assert remarks([replace(PEOPLE, value=201)], 0, 100) == [told]
    assert remarks([replace(PEOPLE, value=200)], 0, 100) == []


@pytest.mark.parametrize(
    "changed", [{"target": None}, {"target": 0}, {"value": None}, {"state": "not applicable"}, {"state": None}]
)
def test_without_a_promise_or_a_number_there_is_no_remark(changed: dict[str, Any]) -> None:
    assert remarks([replace(PEOPLE, **changed)], 0, 100) == []


@pytest.mark.parametrize(
    ("spent", "award", "told"),
    [(101, 100, ["More was spent than was awarded"]), (100, 100, []), (None, 100, []), (101, None, [])],
)
def test_spending_above_the_award_is_remarked_on(spent: int | None, award: int | None, told: list[str]) -> None:
    assert remarks([], spent, award) == told


def test_nobody_asked_is_nothing_reported() -> None:
    assert said(replace(SAFER, value=0, value_of=0))
