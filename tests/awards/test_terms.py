"""The agreement in plain words."""

import pytest

from spatc_funds.awards.terms import before_payment, when_paid

TRIGGERS = ["agreement signed", "return accepted", "return accepted", "roof inspected"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (1, "once you have accepted this offer"),
        (2, "once we have accepted return 1"),
        (3, "once we have accepted return 2"),
        (4, "once this is done: roof inspected"),
    ],
)
def test_each_payment_says_what_it_waits_for(number: int, says: str) -> None:
    assert when_paid(TRIGGERS, number) == says


def test_gates_are_sentences() -> None:
    known, unknown = before_payment(["supplier form", "roof inspected"])
    assert known.startswith("Fill in the supplier form")
    assert unknown == "Roof inspected."
