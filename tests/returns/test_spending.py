"""Spend by budget line: planned lines add up to the award, and what is far over is explained."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.returns.spending import (
    Line,
    Rule,
    begun,
    fallen,
    is_over,
    is_small,
    limit_pence,
    planned,
    problems,
    remarks,
    variance_words,
)

USUAL = Rule(percent=10, pence=25_000)
HALL = Line(1, "Hall hire", 100_000, 100_000)
PAINT = Line(2, "Paint", 1_000_000, 900_000)
BUDGETS = st.lists(st.tuples(st.just("Anything"), st.integers(1, 10**7)), min_size=1, max_size=8)


def said(*lines: Line, total: int | None = 1_000_000, needed: bool = True) -> list[tuple[str, str]]:
    """What stands in the way: field and message."""
    return [(each.field, each.message) for each in problems(lines, total, USUAL, needed=needed)]


def test_lines_that_add_up_can_be_sent() -> None:
    assert said(HALL, PAINT) == []


def test_every_line_is_said_where_lines_are_needed_or_begun() -> None:
    missing = replace(HALL, spent_pence=None)
    assert [field for field, _ in said(missing, replace(PAINT, spent_pence=None))] == ["line-1", "line-2"]
    assert said(missing, replace(PAINT, spent_pence=None), needed=False) == []
    assert [field for field, _ in said(missing, PAINT, needed=False)] == ["line-1"]
    assert [field for field, _ in said(replace(missing, why="Later"), replace(PAINT, spent_pence=0), needed=False)] == [
        "line-1"
    ]
    assert problems([], 5, USUAL, needed=True) == []


def test_the_lines_are_the_total() -> None:
    (only,) = said(HALL, PAINT, total=999_999)
    assert only == (
        "line-1",
        "Your lines add up to £10,000, and you said that you spent £9,999.99. Make them the same",
    )
    assert len(said(HALL, PAINT, total=1_000_001)) == 1
    assert said(HALL, PAINT, total=None) == []  # the total's own page asks for it


@pytest.mark.parametrize(
    ("line", "most"),
    [(HALL, 125_000), (PAINT, 1_100_000), (replace(HALL, planned_pence=250_000), 275_000)],
)
def test_a_line_may_be_over_by_the_larger_of_the_two(line: Line, most: int) -> None:
    assert limit_pence(line, USUAL) == most
    assert not is_over(replace(line, spent_pence=most), USUAL)
    assert is_over(replace(line, spent_pence=most + 1), USUAL)


def test_what_is_far_over_is_explained() -> None:
    over = replace(HALL, spent_pence=125_001)
    assert said(over, PAINT, total=1_025_001) == [("why-1", "Say why “Hall hire” cost more than you planned")]
    assert said(replace(over, why="The cheap hall closed"), PAINT, total=1_025_001) == []
    assert remarks([over, PAINT], USUAL) == [
        "“Hall hire”: £250.01 more than planned (25%), beyond what the round lets pass without a word"
    ]
    assert remarks([HALL, PAINT], USUAL) == []


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (None, "not answered yet"),
        (100_000, "as planned"),
        (110_000, "£100 more than planned (10%)"),
        (89_500, "£105 less than planned (11%)"),
        (100_100, "£1 more than planned (under 1%)"),
        (0, "£1,000 less than planned (100%)"),
    ],
)
def test_a_variance_is_said_in_pounds_and_percent(spent: int | None, words: str) -> None:
    assert variance_words(replace(HALL, spent_pence=spent)) == words


def test_a_line_of_nothing_has_no_percent() -> None:
    nothing = Line(1, "A gift", 0, 500)
    assert nothing.variance_share is None
    assert variance_words(nothing) == "£5 more than planned"


@given(BUDGETS, st.none() | st.integers(1, 10**8))
def test_planned_lines_add_up_to_the_award_to_the_penny(budget: list[tuple[str, int]], award: int | None) -> None:
    lines = planned(budget, award)
    asked = sum(pence for _, pence in budget)
    assert sum(line.planned_pence for line in lines) == (asked if award is None else award)
    assert [line.number for line in lines] == list(range(1, len(budget) + 1))
    if award in {None, asked}:
        assert [line.planned_pence for line in lines] == [pence for _, pence in budget]


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(0, 100), st.integers(0, 10**5))
def test_within_the_plan_nothing_is_over(planned_pence: int, spent: int, percent: int, pence: int) -> None:
    line = Line(1, "Anything", planned_pence, spent)
    over = spent - planned_pence
    expected = over * 100 > planned_pence * percent and over > pence
    assert is_over(line, Rule(percent, pence)) == expected


def test_no_budget_no_lines() -> None:
    assert planned([], 500) == []
    assert not begun(planned([("Hall", 5)], 5))


@pytest.mark.parametrize(("pence", "small"), [(800_000, True), (800_001, False), (1, True), (None, False)])
def test_small_is_up_to_eight_thousand(pence: int | None, small: bool) -> None:  # noqa: FBT001 # a parameter of the test
    assert is_small(pence) is small


def test_a_line_that_falls_is_asked_about() -> None:
    lines = [Line(1, "Bars", 500_00, 200_00), Line(2, "Staff", 500_00, 0), Line(3, "Hall", 500_00, None)]
    assert fallen(lines, {1: 300_00, 2: 0, 3: 100_00}) == [
        "“Bars”: spent fell from £300 to £200, though it counts from the start"
    ]
    assert fallen(lines, {1: 200_00, 2: None}) == []
    assert fallen(lines, {}) == []
