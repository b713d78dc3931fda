"""Problems: values, and refusals that are fit to be shown."""

import pytest

from spatc_funds.core.problems import (
    ForbiddenError,
    IllegalMoveError,
    MissingError,
    NotReadyError,
    Problem,
    RefusedError,
)


@pytest.mark.parametrize("refusal", [MissingError, ForbiddenError, IllegalMoveError, NotReadyError])
def test_every_refusal_can_be_caught_as_one(refusal: type[Exception]) -> None:
    assert issubclass(refusal, RefusedError)


def test_not_ready_brings_its_problems_in_order() -> None:
    first, second = Problem("group", "name", "Enter a name"), Problem("budget", "lines", "Add a cost")
    refused = NotReadyError([first, second])
    assert refused.problems == (first, second)
    assert str(refused) == "Enter a name; Add a cost"
