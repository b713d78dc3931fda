"""Who marks hard or soft: planted effects are found again, few bids draw towards nought, and no order matters."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.severity import PRIOR_BIDS, Severity, severities, without

MARKS = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.dictionaries(st.integers(1, 5), st.floats(0, 100), min_size=1, max_size=4),
    max_size=8,
)


def simulated(planted: dict[int, float], bids: int, noise: float, seed: int) -> dict[str, dict[int, float]]:
    """Bids at levels of their own, each marked by three assessors with their effects and some chance."""
    chance = random.Random(seed)
    found = {}
    for number in range(bids):
        level = chance.gauss(60, 12)
        people = chance.sample(sorted(planted), 3)
        found[f"bid {number}"] = {each: level + planted[each] + chance.gauss(0, noise) for each in people}
    return found


@pytest.mark.parametrize("seed", range(5))
def test_planted_effects_are_found_again(seed: int) -> None:
    planted = {1: 8.0, 2: -6.0, 3: 3.0, 4: 0.0, 5: -5.0, 6: 2.0, 7: -2.0}
    assert sum(planted.values()) == 0
    found = severities(simulated(planted, 300, noise=4, seed=seed))
    for person, effect in planted.items():
        assert found[person].effect == pytest.approx(effect, abs=1.0)


def test_with_few_bids_they_are_drawn_towards_nought() -> None:
    planted = {1: 12.0, 2: -4.0, 3: -4.0, 4: -4.0}
    few, many = (severities(simulated(planted, bids, noise=0, seed=1))[1].effect for bids in (3, 200))
    assert 0 < few < many < 12.0
    assert many == pytest.approx(12.0, abs=0.7)


def test_two_assessors_of_one_bid_by_hand() -> None:
    """By hand: each is 10 from the mean of 60, and 10 - g = 4 g."""
    found = severities({"a": {1: 70.0, 2: 50.0}})
    assert found[1].effect == pytest.approx(10 / (1 + PRIOR_BIDS))
    assert found[2].effect == pytest.approx(-10 / (1 + PRIOR_BIDS))


def test_a_bid_with_one_mark_says_nothing_of_anybody() -> None:
    assert severities({"a": {1: 99.0}, "b": {2: 1.0}}) == {1: Severity(0.0, 0), 2: Severity(0.0, 0)}
    assert severities({}) == {}


@given(MARKS)
def test_effects_sum_to_nought_and_no_order_matters(marks: dict[str, dict[int, float]]) -> None:
    found = severities(marks)
    assert sum(each.effect for each in found.values()) == pytest.approx(0, abs=1e-5)
    turned = {bid: dict(reversed(marks[bid].items())) for bid in reversed(marks)}
    for person, each in severities(turned).items():
        assert each.effect == pytest.approx(found[person].effect, abs=1e-5)


@given(MARKS, st.floats(-20, 20))
def test_all_marks_higher_is_nobody_softer(marks: dict[str, dict[int, float]], more: float) -> None:
    raised = {bid: {person: mark + more for person, mark in sheets.items()} for bid, sheets in marks.items()}
    found = severities(marks)
    for person, each in severities(raised).items():
        assert each.effect == pytest.approx(found[person].effect, abs=1e-5)


def test_taken_out_the_levels_come_back() -> None:
    planted = {1: 10.0, 2: 0.0, 3: -10.0, 4: 0.0}
    marks = simulated(planted, 300, noise=0, seed=3)
    levels = without(marks)
    means = {bid: sum(sheets.values()) / len(sheets) for bid, sheets in marks.items()}
    plain = {bid: next(mark - planted[person] for person, mark in sheets.items()) for bid, sheets in marks.items()}
    worst = max(abs(levels[bid] - plain[bid]) for bid in marks)
    assert worst < 0.5 < max(abs(means[bid] - plain[bid]) for bid in marks)


@pytest.mark.parametrize(
    ("effect", "words"),
    [(5.0, "about 5 marks more"), (-7.4, "about 7 marks fewer"), (4.9, "like the others"), (-4.9, "like the others")],
)
def test_it_is_said_in_words(effect: float, words: str) -> None:
    assert words in Severity(effect, 10).words
