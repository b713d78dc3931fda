"""The record of a bid: what its criteria count with, its bodies' part, and what the group is told."""

from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.record import Body, body_mark, of_criteria, spread_left, standard, told, whole_mark
from spatc_funds.assessment.scoring import IncompleteError, bid_mark, criterion_means, sheet_mark, spread

WEIGHTS = {"need": 50, "plan": 30, "value": 20}
MAXIMUM = 5
SCORES = st.integers(0, MAXIMUM)
SHEETS = st.lists(st.fixed_dictionaries(dict.fromkeys(WEIGHTS, SCORES)), min_size=1, max_size=4)
MODERATED = st.dictionaries(st.sampled_from(list(WEIGHTS)), SCORES, max_size=3)
MEANS = st.dictionaries(
    st.sampled_from(list(WEIGHTS)),
    st.tuples(st.integers(0, 15)).map(lambda parts: Fraction(parts[0], 3)),
    min_size=1,
    max_size=3,
)
BODIES = st.lists(st.builds(Body, st.integers(0, 33), MEANS), max_size=3)


@st.composite
def weightings(draw: st.DrawFn) -> dict[str, int]:
    """Whole weights for the three criteria that sum to 100, some of them perhaps nothing."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    return dict(zip(WEIGHTS, (first, second, 100 - first - second), strict=True))


def test_a_record_by_hand() -> None:
    sheets = [{"need": 5, "plan": 2, "value": 0}, {"need": 4, "plan": 2, "value": 1}]
    found = of_criteria(WEIGHTS, sheets, MAXIMUM, {"value": 4})
    assert found == {"need": Fraction(9, 2), "plan": 2, "value": 4}
    assert whole_mark(WEIGHTS, found, (), MAXIMUM) == 45 + 12 + 16


def test_a_mark_with_bodies_by_hand() -> None:
    found = dict.fromkeys(WEIGHTS, Fraction(4))
    youth = Body(20, {"need": Fraction(5), "plan": Fraction(1)})  # (50 × 5 + 30 × 1) ÷ 5 ÷ 80 of 100
    assert body_mark(WEIGHTS, youth.means, MAXIMUM) == 70
    assert whole_mark(WEIGHTS, found, [youth, Body(10, {"value": Fraction(0)})], MAXIMUM) == 56 + 14 + 0


@given(SHEETS, MODERATED, BODIES, weightings())
def test_a_mark_is_in_0_to_100(
    sheets: list[dict[str, int]], moderated: dict[str, int], bodies: list[Body], weights: dict[str, int]
) -> None:
    found = of_criteria(weights, sheets, MAXIMUM, moderated)
    assert 0 <= whole_mark(weights, found, bodies, MAXIMUM) <= 100


@given(SHEETS, MODERATED)
def test_a_moderated_score_counts_instead_and_the_others_stay(
    sheets: list[dict[str, int]], moderated: dict[str, int]
) -> None:
    found = of_criteria(WEIGHTS, sheets, MAXIMUM, moderated)
    means = criterion_means(WEIGHTS, sheets, MAXIMUM)
    assert found == {**means, **moderated}
    if not moderated:
        assert whole_mark(WEIGHTS, found, (), MAXIMUM) == bid_mark(WEIGHTS, sheets, MAXIMUM)


@given(SHEETS, MODERATED, BODIES, st.sampled_from(list(WEIGHTS)))
def test_a_mark_never_falls_when_a_score_rises(
    sheets: list[dict[str, int]], moderated: dict[str, int], bodies: list[Body], key: str
) -> None:
    before = whole_mark(WEIGHTS, of_criteria(WEIGHTS, sheets, MAXIMUM, moderated), bodies, MAXIMUM)
    higher = [sheet | {key: min(sheet[key] + 1, MAXIMUM)} for sheet in sheets]
    assert whole_mark(WEIGHTS, of_criteria(WEIGHTS, higher, MAXIMUM, moderated), bodies, MAXIMUM) >= before
    raised = {each: min(score + 1, MAXIMUM) for each, score in moderated.items()}
    assert whole_mark(WEIGHTS, of_criteria(WEIGHTS, sheets, MAXIMUM, raised), bodies, MAXIMUM) >= before
    kinder = [Body(each.weight, dict.fromkeys(each.means, Fraction(MAXIMUM))) for each in bodies]
    assert whole_mark(WEIGHTS, of_criteria(WEIGHTS, sheets, MAXIMUM, moderated), kinder, MAXIMUM) >= before


@given(SHEETS, BODIES, st.randoms(use_true_random=False))
def test_the_order_of_people_bodies_and_criteria_changes_nothing(
    sheets: list[dict[str, int]], bodies: list[Body], chance: Random
) -> None:
    shuffled = chance.choice(list(permutations(WEIGHTS)))
    weights = {key: WEIGHTS[key] for key in shuffled}
    one = whole_mark(WEIGHTS, of_criteria(WEIGHTS, sheets, MAXIMUM, {}), bodies, MAXIMUM)
    other = whole_mark(weights, of_criteria(weights, sheets[::-1], MAXIMUM, {}), bodies[::-1], MAXIMUM)
    assert one == other


@given(SHEETS, BODIES, MEANS)
def test_a_body_without_weight_changes_nothing(
    sheets: list[dict[str, int]], bodies: list[Body], means: dict[str, Fraction]
) -> None:
    found = of_criteria(WEIGHTS, sheets, MAXIMUM, {})
    assert whole_mark(WEIGHTS, found, [*bodies, Body(0, means)], MAXIMUM) == whole_mark(WEIGHTS, found, bodies, MAXIMUM)


@given(SCORES, BODIES, weightings())
def test_equal_scores_give_the_same_mark_whatever_the_weights(
    score: int, bodies: list[Body], weights: dict[str, int]
) -> None:
    found = of_criteria(weights, [dict.fromkeys(weights, score)], MAXIMUM, {})
    alike = [Body(each.weight, dict.fromkeys(each.means, Fraction(score))) for each in bodies]
    assert whole_mark(weights, found, alike, MAXIMUM) == Fraction(100 * score, MAXIMUM)


@given(st.fixed_dictionaries(dict.fromkeys(WEIGHTS, SCORES)), weightings())
def test_a_body_that_is_asked_everything_marks_as_an_assessor_does(
    sheet: dict[str, int], weights: dict[str, int]
) -> None:
    means = {key: Fraction(score) for key, score in sheet.items()}
    assert body_mark(weights, means, MAXIMUM) == sheet_mark(weights, sheet, MAXIMUM)


def test_criteria_without_any_weight_count_alike() -> None:
    weights = {"need": 100, "plan": 0, "value": 0}
    assert body_mark(weights, {"plan": Fraction(5), "value": Fraction(0)}, MAXIMUM) == 50


def test_missing_is_missing() -> None:
    with pytest.raises(IncompleteError):
        of_criteria(WEIGHTS, [], MAXIMUM, {})
    with pytest.raises(IncompleteError):
        of_criteria(WEIGHTS, [{"need": 1, "plan": 1, "value": None}], MAXIMUM, {})
    with pytest.raises(IncompleteError):
        body_mark(WEIGHTS, {}, MAXIMUM)


@pytest.mark.parametrize("moderated", [{"need": 6}, {"need": -1}, {"other": 1}])
def test_a_moderated_score_is_on_the_scale_and_of_a_criterion(moderated: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="off the scale"):
        of_criteria(WEIGHTS, [dict.fromkeys(WEIGHTS, 1)], MAXIMUM, moderated)


def test_bodies_have_no_more_than_the_whole_mark() -> None:
    found = dict.fromkeys(WEIGHTS, Fraction(0))
    halves = [Body(50, {"need": Fraction(5)}), Body(50, {"need": Fraction(0)})]
    assert whole_mark(WEIGHTS, found, halves, MAXIMUM) == 50
    with pytest.raises(ValueError, match="more than 100"):
        whole_mark(WEIGHTS, found, [*halves, Body(1, {"need": Fraction(0)})], MAXIMUM)
    with pytest.raises(ValueError, match="not to 100"):
        whole_mark({"need": 99}, found, (), MAXIMUM)


@pytest.mark.parametrize(
    ("score", "words"), [(Fraction(4), "Good"), (Fraction(7, 2), "Fair"), (Fraction(3), "Fair"), (Fraction(5, 2), "")]
)
def test_the_standard_reached_is_rounded_down(score: Fraction, words: str) -> None:
    assert standard(score, {3: "Fair", 4: "Good"}) == words


def test_an_officers_words_stand_else_the_assessors_each_once() -> None:
    assert told("Ours ", ["Theirs"]) == "Ours"
    assert told(" ", ["One", " ", "Two", "One "]) == "One\n\nTwo"
    assert told("", [""]) == ""


def test_what_is_left_of_a_spread_by_hand() -> None:
    sheets = [{"need": 5, "plan": 5, "value": 0}, {"need": 0, "plan": 0, "value": 0}]
    assert spread_left(WEIGHTS, sheets, MAXIMUM, {}) == 80
    assert spread_left(WEIGHTS, sheets, MAXIMUM, {"need": 3}) == 30
    assert spread_left(WEIGHTS, sheets, MAXIMUM, {"need": 3, "plan": 1}) == 0


@given(SHEETS, MODERATED)
def test_what_is_moderated_keeps_nobody_apart(sheets: list[dict[str, int]], moderated: dict[str, int]) -> None:
    marks = [sheet_mark(WEIGHTS, each, MAXIMUM) for each in sheets]
    assert spread_left(WEIGHTS, sheets, MAXIMUM, {}) == spread(marks)
    rest = {key: 0 if key in moderated else weight for key, weight in WEIGHTS.items()}
    scored = [sum(weight * sheet[key] for key, weight in rest.items()) for sheet in sheets]
    assert spread_left(WEIGHTS, sheets, MAXIMUM, moderated) == Fraction(max(scored) - min(scored), MAXIMUM)


def test_a_spread_of_nobody_is_refused() -> None:
    with pytest.raises(IncompleteError):
        spread_left(WEIGHTS, [], MAXIMUM, {})
