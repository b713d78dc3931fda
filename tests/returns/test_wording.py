"""What a return says in words."""

from typing import Any

import pytest

from spatc_funds.returns.checks import Line
from spatc_funds.returns.wording import changes, line_words, of_words


def content(*values: tuple[str, str, int | None, int | None], spent: int | None = 0, story: str = "") -> dict[str, Any]:
    """An accepted content."""
    names = ("measure", "state", "value", "value_of")
    return {
        "values": [dict(zip(names, each, strict=True)) for each in values],
        "spent_pence": spent,
        "story": story,
    }


def line(**told: Any) -> Line:
    """One measure of a return."""
    plain = {"field": "seen", "name": "Seen", "n_of_m": False, "state": "reported", "value": 36, "value_of": None}
    return Line(**(plain | told))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "36"),
        ({"value": 0}, "0"),
        ({"value": 1_200}, "1,200"),
        ({"value_of": 50}, "36 of 50"),
        ({"value": 0, "value_of": 50}, "0 of 50"),
        ({"value": None}, "no number"),
        ({"state": "nothing to report", "value": None}, "nothing to report"),
        ({"state": "not applicable", "value": None}, "not applicable"),
        ({"state": None, "value": None}, "not answered yet"),
    ],
)
def test_a_line_is_said_in_words(told: dict[str, Any], words: str) -> None:
    assert line_words(line(**told)) == words


def test_no_number_out_of_some_is_not_nought() -> None:
    assert of_words(None, 50) == "no number of 50"


def test_what_differs_is_named_and_nothing_else() -> None:
    before = content(("seen", "reported", 3, None), ("safer", "reported", 1, 2), spent=100, story="It began.")
    after = content(("seen", "reported", 3, None), ("safer", "not applicable", None, None), spent=None, story="Done.")
    assert changes(before, after, {"safer": "Feel safer"}) == [
        "Feel safer: was 1 of 2, now not applicable",
        "Spent so far: was £1, now £0",
        "The account of how it went was written again",
    ]
    assert changes(before, before, {}) == []


def test_a_measure_that_came_or_went_is_named() -> None:
    one, none = content(("seen", "reported", 3, None)), content()
    assert changes(none, one, {}) == ["seen: was not answered yet, now 3"]
    assert changes(one, none, {}) == ["seen: was 3, now not answered yet"]
