"""What is different between two versions, proved on any change of any answer."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.applications.difference import changes, labels

WORDS = st.text(st.sampled_from("ab \n£é"), max_size=12)


def content(**changed: Any) -> dict[str, Any]:
    return {
        "reference": "EX-MSCF-7K2M9",
        "fund": "Example fund",
        "round": {"code": "EX", "name": "Example round"},
        "pot": {"key": "one", "name": "One pot"},
        "organisation": {"id": 1, "name": "Example group", "charity_number": "", "company_number": ""},
        "group_does": "We meet.",
        "contact": {"name": "A", "phone": "1", "email": "a@example.org"},
        "title": "A title",
        "summary": "A summary",
        "starts_on": "2026-01-01",
        "ends_on": "2026-06-01",
        "shares": {"E08000032": 100},
        "budget": [{"description": "Hall", "amount_pence": 100}],
        "asked_pence": 100,
        "lowest_pence": 100,
        "theme": None,
        "focus_area": None,
        "cross_cutting": [],
        "primary_outcome": None,
        "no_specific_outcome": True,
        "other_outcomes": [],
        "promises": [{"measure": {"id": 1, "key": "people", "name": "People"}, "target": 5, "target_of": None}],
        "eligibility": [],
        "answers": [{"key": "need", "section": "Need", "text": "Why?", "answer": "Because."}],
    } | changed


def said(side: Any) -> str:
    return "".join(piece.text for piece in side)


def marked(side: Any) -> str:
    return "".join(piece.text for piece in side if piece.marked)


def test_the_same_has_no_difference() -> None:
    assert changes(content(), deepcopy(content())) == []


@pytest.mark.parametrize(
    ("changed", "label", "before", "after"),
    [
        ({"title": "A better title"}, "Name of the project", "A title", "A better title"),
        ({"shares": {"E08000032": 60, "E08000035": 40}}, "Where the work is done", "Bradford: 100%", "Leeds: 40%"),
        ({"ends_on": "2026-07-01"}, "Ends on", "1 June 2026", "1 July 2026"),
        ({"lowest_pence": 50}, "Lowest amount", "£1", "£0.50"),
        ({"asked_pence": 200}, "You ask for", "£1", "£2"),
    ],
)
def test_a_changed_answer_is_named_with_both_sides(changed: Any, label: str, before: str, after: str) -> None:
    (found,) = changes(content(), content(**changed))
    assert found.label == label
    assert before in said(found.before)
    assert after in said(found.after)


def test_what_is_new_and_what_is_gone_have_an_empty_side() -> None:
    other = {"measure": {"id": 2, "key": "hours", "name": "Hours"}, "target": 7, "target_of": None}
    new, gone = changes(content(), content(promises=[other]))
    assert (new.label, said(new.before), said(new.after)) == ("Hours", "", "7")
    assert (gone.label, said(gone.before), said(gone.after)) == ("People", "5", "")


def test_only_the_words_that_differ_are_marked() -> None:
    answer = content()["answers"][0]
    (found,) = changes(content(), content(answers=[answer | {"answer": "Because of cats."}]))
    assert marked(found.before) == "Because."
    assert marked(found.after).split() == ["Because", "of", "cats."]
    (longer,) = changes(content(summary="one two three"), content(summary="one new two three"))
    assert (marked(longer.before), marked(longer.after).strip()) == ("", "new")


@given(before=WORDS, after=WORDS)
def test_no_word_of_either_side_is_lost(before: str, after: str) -> None:
    found = changes(content(summary=before), content(summary=after))
    assert bool(found) == ((before or "Not answered yet") != (after or "Not answered yet"))
    for each in found:
        assert said(each.before) == (before or "Not answered yet")
        assert said(each.after) == (after or "Not answered yet")
        unmarked = ["".join(p.text for p in side if not p.marked) for side in (each.before, each.after)]
        assert unmarked[0].split() == unmarked[1].split()


def test_the_labels_alone_are_those_of_the_changes() -> None:
    after = content(title="Another", promises=[])
    assert labels(content(), after) == [each.label for each in changes(content(), after)]


def test_long_sides_are_marked_whole() -> None:
    (found,) = changes(content(summary="a b " * 2_000), content(summary="a c " * 2_000))
    assert [len(side) for side in (found.before, found.after)] == [1, 1]
    assert found.after[0].marked


def test_neighbouring_words_are_one_run() -> None:
    (found,) = changes(content(summary="one two three four"), content(summary="one 2 3 four"))
    assert [(each.text, each.marked) for each in found.after] == [("one ", False), ("2 3", True), (" four", False)]


def test_a_partner_is_said_whole_or_not_whole_yet() -> None:
    half = {"name": "", "number": "", "part": "", "amount_pence": None}
    whole = {"name": "A circle", "number": "1999001", "part": "Drives", "amount_pence": 50}
    (found,) = changes(content(), content(partners=[half, whole], lead_pence=50))
    assert found.label == "Who does it together"
    assert said(found.after).split("\n") == [
        "Example group leads and gets £0.50",
        "A partner without a name: not whole yet",
        "A circle (1999001) gets £0.50: Drives",
    ]
