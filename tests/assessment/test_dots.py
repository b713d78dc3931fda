"""Scores as dots: each where it belongs on its scale, none upon another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.dots import EDGE, RISE, STEP, strip

MAXIMUM = st.integers(1, 10)
SCORES = MAXIMUM.flatmap(
    lambda maximum: st.tuples(st.just(maximum), st.lists(st.integers(0, maximum), min_size=1, max_size=6))
)


def test_equal_scores_stand_above_one_another() -> None:
    found = strip([2, 5, 2], 5, 4)
    assert found.width == 2 * EDGE + 5 * STEP
    assert found.height == 2 * EDGE + RISE
    assert found.ground == EDGE + RISE
    assert found.dots == (
        (EDGE + 2 * STEP, found.ground),
        (EDGE + 5 * STEP, found.ground),
        (EDGE + 2 * STEP, found.ground - RISE),
    )
    assert found.ring == (EDGE + 4 * STEP, found.ground)
    assert len(found.ticks) == 6
    assert strip([0], 5).ring is None
    assert strip([], 5).height == 2 * EDGE


@given(given_scores=SCORES)
def test_every_dot_is_inside_on_its_point_and_apart_from_the_others(given_scores: tuple[int, list[int]]) -> None:
    maximum, scores = given_scores
    found = strip(scores, maximum)
    assert len(set(found.dots)) == len(scores)
    for score, (across, down) in zip(scores, found.dots, strict=True):
        assert across == found.ticks[score]
        assert EDGE <= across <= found.width - EDGE
        assert EDGE <= down <= found.height - EDGE
    assert min(down for _across, down in found.dots) == EDGE
    assert list(found.ticks) == sorted(set(found.ticks))


@pytest.mark.parametrize(("scores", "moderated"), [([6], None), ([-1], None), ([1], 6), ([1], -1)])
def test_what_is_off_the_scale_is_no_dot(scores: list[int], moderated: int | None) -> None:
    with pytest.raises(ValueError, match="off the scale of 0 to 5"):
        strip(scores, 5, moderated)
