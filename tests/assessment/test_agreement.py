"""Krippendorff's alpha: the published worked example, and what has to hold of any scores."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatc_funds.assessment.agreement import Agreement, by_criterion, interval_alpha

SCORES = st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=8)
# Krippendorff (2011), section D: four observers, twelve units, seven values missing; interval alpha 0.849.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = [[score for score in unit if score is not None] for unit in zip(*OBSERVERS, strict=True)]


def by_definition(bids: list[list[int]]) -> Fraction | None:
    """The coefficient pair by pair: 1 - observed ÷ expected disagreement, as its first definition has it."""
    paired = [bid for bid in bids if len(bid) > 1]
    every = [(place, score) for place, bid in enumerate(paired) for score in bid]
    total = len(every)
    observed = sum(
        Fraction((bid[a] - bid[b]) ** 2, len(bid) - 1)
        for bid in paired
        for a in range(len(bid))
        for b in range(len(bid))
        if a != b
    )
    expected = sum((x - y) ** 2 for i, (_, x) in enumerate(every) for j, (_, y) in enumerate(every) if i != j)
    return 1 - (observed / total) / Fraction(expected, total * (total - 1)) if expected else None


def test_the_published_example() -> None:
    found = interval_alpha(UNITS)
    assert found.alpha is not None
    assert round(float(found.alpha), 3) == 0.849
    assert found.pairs == sum(len(unit) * (len(unit) - 1) // 2 for unit in UNITS)


@given(SCORES)
def test_it_is_what_its_definition_says(bids: list[list[int]]) -> None:
    assert interval_alpha(bids).alpha == by_definition(bids)


@given(SCORES, st.randoms())
def test_no_order_changes_it(bids: list[list[int]], chance: object) -> None:
    shuffled = [sorted(bid, key=lambda _: chance.random()) for bid in bids]  # type: ignore[attr-defined] # random's
    assert interval_alpha(sorted(shuffled, key=lambda _: chance.random())) == interval_alpha(bids)  # type: ignore[attr-defined] # random's


@given(SCORES, st.integers(1, 7), st.integers(-9, 9))
def test_another_scale_changes_nothing(bids: list[list[int]], times: int, plus: int) -> None:
    assert interval_alpha([[times * each + plus for each in bid] for bid in bids]) == interval_alpha(bids)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=9))
def test_everybody_of_one_mind_is_one(levels: list[int]) -> None:
    assume(len(set(levels)) > 1)
    found = interval_alpha([[level] * 3 for level in levels])
    assert found == Agreement(Fraction(1), 3 * len(levels))


def test_nothing_to_compare_has_no_alpha() -> None:
    for bids in ([], [[3]], [[3], [4]], [[2, 2], [2, 2]]):
        assert interval_alpha(bids).alpha is None
    assert interval_alpha([[2, 2], [2, 2]]).pairs == 2


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (None, "Nothing to compare"),
        (Fraction(4, 5), "agree well"),
        (Fraction(79, 100), "fairly well"),
        (Fraction(667, 1000), "fairly well"),
        (Fraction(666, 1000), "agree little"),
        (Fraction(0), "no more than by chance"),
        (Fraction(-1, 3), "no more than by chance"),
    ],
)
def test_it_is_said_in_words(alpha: Fraction | None, words: str) -> None:
    assert words in Agreement(alpha, 3).words


def test_each_criterion_has_its_own() -> None:
    sheets = {"a": [{"need": 1, "plan": 1}, {"need": 1, "plan": 5}], "b": [{"need": 4, "plan": 5}, {"need": 4}]}
    found = by_criterion(sheets, ["need", "plan"])
    assert found["need"].alpha == 1
    assert found["plan"] == interval_alpha([[1, 5], [5]])
