"""Marks: exact, in 0 to 100, and never moved by anything but a score."""

from fractions import Fraction
from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatc_funds.assessment.scoring import (
    IncompleteError,
    Sheet,
    bid_mark,
    criterion_means,
    missing,
    sheet_mark,
    shown,
    spread,
)

WEIGHTS = {"need": 50, "plan": 30, "value": 20}
MAXIMUM = 5


@st.composite
def weightings(draw: st.DrawFn) -> dict[str, int]:
    """Whole weights above nothing that sum to 100."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    bounds = [0, *cuts, 100]
    return {f"c{place}": high - low for place, (low, high) in enumerate(pairwise(bounds))}


@st.composite
def marked(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, int]], int]:
    """Weights, one to four whole sheets, and the scale's maximum."""
    weights, maximum = draw(weightings()), draw(st.integers(1, 10))
    sheet = st.fixed_dictionaries({key: st.integers(0, maximum) for key in weights})
    return weights, draw(st.lists(sheet, min_size=1, max_size=4)), maximum


Marked = tuple[dict[str, int], list[dict[str, int]], int]


def test_a_mark_by_hand() -> None:
    by_hand = Fraction(50 * 4, 5) + Fraction(30 * 3, 5) + Fraction(20 * 1, 5)
    assert sheet_mark(WEIGHTS, {"need": 4, "plan": 3, "value": 1}, MAXIMUM) == by_hand == 62


def test_a_bids_mark_by_hand_is_the_mean_per_criterion_then_weighted() -> None:
    scores = [(5, 2, 0), (4, 2, 1), (4, 3, 0)]
    sheets = [dict(zip(WEIGHTS, each, strict=True)) for each in scores]
    assert criterion_means(WEIGHTS, sheets, MAXIMUM) == {
        "need": Fraction(13, 3),
        "plan": Fraction(7, 3),
        "value": Fraction(1, 3),
    }
    assert bid_mark(WEIGHTS, sheets, MAXIMUM) == Fraction(130, 3) + 14 + Fraction(4, 3)


@given(marked())
def test_a_mark_lies_in_nought_to_a_hundred(bid: Marked) -> None:
    assert 0 <= bid_mark(*bid) <= 100


@given(weightings(), st.integers(1, 10))
def test_the_ends_of_the_scale_are_nought_and_a_hundred(weights: dict[str, int], maximum: int) -> None:
    assert sheet_mark(weights, dict.fromkeys(weights, 0), maximum) == 0
    assert sheet_mark(weights, dict.fromkeys(weights, maximum), maximum) == 100


@given(marked(), st.randoms(use_true_random=False))
def test_no_order_changes_a_mark(bid: Marked, random: Random) -> None:
    weights, sheets, maximum = bid
    keys, shuffled = list(weights), list(sheets)
    random.shuffle(keys)
    random.shuffle(shuffled)
    turned = {key: weights[key] for key in keys}
    assert bid_mark(turned, shuffled, maximum) == bid_mark(weights, sheets, maximum)


@given(marked(), st.data())
def test_a_higher_score_never_lowers_a_mark(bid: Marked, data: st.DataObject) -> None:
    weights, sheets, maximum = bid
    place, key = data.draw(st.integers(0, len(sheets) - 1)), data.draw(st.sampled_from(sorted(weights)))
    assume(sheets[place][key] < maximum)
    raised = [sheet | {key: sheet[key] + 1} if at == place else sheet for at, sheet in enumerate(sheets)]
    gained = bid_mark(weights, raised, maximum) - bid_mark(weights, sheets, maximum)
    assert gained == Fraction(weights[key], maximum * len(sheets))


@given(marked(), st.data(), st.integers(2, 5))
def test_splitting_a_criterion_into_equal_parts_changes_nothing(bid: Marked, data: st.DataObject, parts: int) -> None:
    weights, sheets, maximum = bid
    key = data.draw(st.sampled_from(sorted(weights)))
    names = [f"{key}.{part}" for part in range(parts)]
    finer = {each: Fraction(weight) for each, weight in weights.items() if each != key}
    finer |= dict.fromkeys(names, Fraction(weights[key], parts))
    split = [sheet | dict.fromkeys(names, sheet[key]) for sheet in sheets]
    assert bid_mark(finer, split, maximum) == bid_mark(weights, sheets, maximum)


@given(marked())
def test_a_bids_mark_is_the_mean_of_its_sheets(bid: Marked) -> None:
    weights, sheets, maximum = bid
    marks = [sheet_mark(weights, sheet, maximum) for sheet in sheets]
    assert bid_mark(weights, sheets, maximum) == sum(marks) / len(marks)
    assert min(marks) <= bid_mark(weights, sheets, maximum) <= max(marks)


@given(marked())
def test_a_mark_agrees_with_its_criteria(bid: Marked) -> None:
    weights, sheets, maximum = bid
    means = criterion_means(weights, sheets, maximum)
    assert list(means) == list(weights)
    assert bid_mark(weights, sheets, maximum) == sum(weights[key] * means[key] / maximum for key in weights)


@given(marked())
def test_the_same_sheet_twice_marks_as_once(bid: Marked) -> None:
    weights, sheets, maximum = bid
    assert bid_mark(weights, sheets + sheets, maximum) == bid_mark(weights, sheets, maximum)


def test_another_assessors_later_score_does_not_replace_an_earlier_one() -> None:
    first, second = dict.fromkeys(WEIGHTS, 5), dict.fromkeys(WEIGHTS, 0)
    assert all(bid_mark(WEIGHTS, order, MAXIMUM) == 50 for order in permutations([first, second]))


@given(marked(), st.data())
def test_missing_is_missing_and_never_zero(bid: Marked, data: st.DataObject) -> None:
    weights, sheets, maximum = bid
    key = data.draw(st.sampled_from(sorted(weights)))
    place = data.draw(st.integers(0, len(sheets) - 1))
    gone: Sheet = {each: score for each, score in sheets[place].items() if each != key}
    for holed in (gone, dict(gone) | {key: None}):
        others: list[Sheet] = [holed if at == place else sheet for at, sheet in enumerate(sheets)]
        with pytest.raises(IncompleteError, match=f"“{key}” has not been scored by everybody"):
            bid_mark(weights, others, maximum)
        with pytest.raises(IncompleteError):
            criterion_means(weights, others, maximum)
        with pytest.raises(IncompleteError):
            sheet_mark(weights, holed, maximum)
        assert missing(weights, holed) == [key]


def test_nought_is_a_score() -> None:
    assert missing(WEIGHTS, dict.fromkeys(WEIGHTS, 0)) == []


def test_what_is_missing_is_listed_in_the_order_of_the_weights() -> None:
    assert missing(WEIGHTS, {"plan": 0}) == ["need", "value"]
    assert missing(WEIGHTS, {"value": None, "need": None, "plan": None}) == ["need", "plan", "value"]


def test_a_bid_that_nobody_scored_has_no_mark() -> None:
    with pytest.raises(IncompleteError, match="nobody"):
        bid_mark(WEIGHTS, [], MAXIMUM)


@pytest.mark.parametrize("weights", [{}, {"a": 99}, {"a": 60, "b": 41}, {"a": Fraction(9999, 100)}])
def test_weights_sum_to_exactly_a_hundred(weights: dict[str, int | Fraction]) -> None:
    with pytest.raises(ValueError, match="not to 100"):
        bid_mark(weights, [dict.fromkeys(weights, 0)], MAXIMUM)


@pytest.mark.parametrize("score", [-1, 6])
def test_a_score_off_the_scale_is_refused(score: int) -> None:
    sheets = [{"all": 3}, {"all": score}]
    with pytest.raises(ValueError, match="off the scale of 0 to 5"):
        bid_mark({"all": 100}, sheets, MAXIMUM)


def test_a_score_for_what_is_no_criterion_counts_for_nothing() -> None:
    sheet = {"need": 4, "plan": 3, "value": 1}
    assert sheet_mark(WEIGHTS, sheet | {"charm": 5}, MAXIMUM) == sheet_mark(WEIGHTS, sheet, MAXIMUM)


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=5))
def test_spread_is_highest_less_lowest(marks: list[Fraction]) -> None:
    lowest, *_, highest = sorted([*marks, *marks])
    assert spread(marks) == highest - lowest >= 0


def test_one_mark_has_no_spread_and_no_mark_is_no_answer() -> None:
    assert spread([Fraction(50)]) == 0
    with pytest.raises(IncompleteError):
        spread([])


@pytest.mark.parametrize(
    ("mark", "places", "words"),
    [
        (Fraction(215, 3), 1, "71.7"),
        (Fraction(100), 1, "100.0"),
        (Fraction(0), 1, "0.0"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(999, 10) + Fraction(1, 20), 1, "100.0"),
        (Fraction(201, 4), 2, "50.25"),
        (Fraction(5001, 100), 2, "50.01"),
        (Fraction(143, 2), 0, "72"),
    ],
)
def test_a_mark_is_rounded_half_up_only_where_it_is_shown(mark: Fraction, places: int, words: str) -> None:
    assert shown(mark, places) == words
    if places == 1:
        assert shown(mark) == words


@given(st.fractions(0, 100), st.integers(0, 4))
def test_what_is_shown_is_within_half_a_step(mark: Fraction, places: int) -> None:
    assert abs(Fraction(shown(mark, places)) - mark) <= Fraction(1, 2 * 10**places)


def test_no_weight_is_negative() -> None:
    with pytest.raises(ValueError, match="weight"):
        bid_mark({"a": 150, "b": -50}, [{"a": 5, "b": 0}], MAXIMUM)


def test_a_bid_that_nobody_scored_has_no_means() -> None:
    with pytest.raises(IncompleteError):
        criterion_means(WEIGHTS, [], MAXIMUM)
