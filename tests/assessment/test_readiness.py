"""When a result can be settled."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.readiness import Readiness

NAMES = st.lists(st.sampled_from(["Need", "Plan", "Value"]), unique=True)


@pytest.mark.parametrize(
    ("needed", "given_to", "final", "says"),
    [
        (2, 0, 0, "Needs 2 more assessors"),
        (2, 1, 0, "Needs 1 more assessor and waits for 1 assessor to finish"),
        (2, 2, 1, "Waits for 1 assessor to finish"),
        (2, 3, 1, "Waits for 2 assessors to finish"),
        (2, 2, 2, ""),
        (1, 1, 1, ""),
    ],
)
def test_what_is_missing_is_said(needed: int, given_to: int, final: int, says: str) -> None:
    assert Readiness(needed, given_to, final).missing() == says


@pytest.mark.parametrize(
    ("final", "bodies", "untold", "says"),
    [
        (2, ["Youth panel"], [], "Waits for the scores of Youth panel"),
        (2, [], ["Need"], "Has no feedback on “Need”"),
        (2, [], ["Need", "Plan", "Value"], "Has no feedback on “Need”, “Plan” and “Value”"),
        (
            1,
            ["Youth", "VCSE"],
            ["Need"],
            "Waits for 1 assessor to finish, waits for the scores of Youth and waits for the scores of VCSE",
        ),
    ],
)
def test_bodies_and_feedback_are_waited_for(final: int, bodies: list[str], untold: list[str], says: str) -> None:
    found = Readiness(2, 2, final, bodies, untold)
    assert found.missing() == says
    assert not found.ready


@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 6), NAMES, NAMES)
def test_ready_exactly_when_nothing_is_missing(
    needed: int, given_to: int, final: int, bodies: list[str], untold: list[str]
) -> None:
    found = Readiness(needed, given_to, min(final, given_to), bodies, untold)
    assert found.ready == (found.missing() == "")
    assert found.ready == (found.final >= found.wanted and not bodies and not untold)


def test_a_wide_spread_asks_when_nothing_else_is_missing() -> None:
    wide = Readiness(2, 2, 2, wide=True)
    assert wide.asks
    assert wide.ready
    assert not replace(wide, final=1).asks
    assert not replace(wide, wide=False).asks
