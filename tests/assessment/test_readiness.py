"""When a result can be settled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.readiness import Readiness


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


@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 6))
def test_ready_exactly_when_nothing_is_missing(needed: int, given_to: int, final: int) -> None:
    found = Readiness(needed, given_to, min(final, given_to))
    assert found.ready == (found.missing() == "")
    assert found.ready == (found.final >= found.wanted)
