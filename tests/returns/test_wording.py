"""What a return says in words."""

from typing import Any

import pytest

from spatc_funds.returns.wording import changes, said_of


def content(*values: tuple[str, str, int | None, int | None], spent: int | None = 0, story: str = "") -> dict[str, Any]:
    """An accepted content."""
    names = ("measure", "state", "value", "value_of")
    return {
        "values": [dict(zip(names, each, strict=True)) for each in values],
        "spent_pence": spent,
        "story": story,
    }


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("reported", 36, None), "36"),
        (("reported", 0, None), "0"),
        (("reported", 1_200, None), "1,200"),
        (("reported", 36, 50), "36 of 50"),
        (("reported", 0, 50), "0 of 50"),
        (("nothing to report", None, None), "nothing to report"),
        (("not applicable", None, None), "not applicable"),
    ],
)
def test_a_number_is_said_in_words(told: tuple[str, int | None, int | None], words: str) -> None:
    assert said_of(content(("seen", *told))) == {"seen": words}


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


def test_files_that_came_and_went_are_named() -> None:
    one = {"number": 1, "kind": "jpeg", "caption": "The lamps", "sha256": "a"}
    two = {"number": 2, "kind": "pdf", "caption": "The bill", "sha256": "b"}
    before, after = {**content(), "files": [one]}, {**content(), "files": [two]}
    assert changes(before, after, {}) == ["Taken out: photograph 1, The lamps", "Added: paper 2, The bill"]
    assert changes(content(), before, {}) == ["Added: photograph 1, The lamps"], "a record of before says no files"
    assert changes(before, before, {}) == []


def test_two_lines_of_one_name_are_told_apart_and_a_reason_is_a_change() -> None:
    def lines(*spent: int | None, why: str = "") -> dict[str, Any]:
        each = [
            {"number": number, "description": "Staff", "spent_pence": pence, "why": why if number == 2 else ""}
            for number, pence in enumerate(spent, start=1)
        ]
        return {**content(), "lines": each}

    assert changes(lines(100, 200), lines(50, 200), {}) == ["Spent on Staff: was £1, now £0.50"]
    assert changes(lines(100, 200), lines(100, 300), {}) == ["Spent on Staff (line 2): was £2, now £3"]
    assert changes(lines(100, None), lines(100, None, why="It was dearer"), {}) == [
        "Why, of Staff (line 2): was not answered yet, now “It was dearer”"
    ]


def test_taking_back_that_it_may_be_published_is_a_change() -> None:
    agreed = {**content(), "may_publish": True}
    assert changes(agreed, content(), {}) == ["May be published: now no"]
    assert changes(content(), agreed, {}) == ["May be published: now yes"]
