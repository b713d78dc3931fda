"""What a settled result was made of."""

from fractions import Fraction

import pytest

from spatc_funds.assessment.breakdown import by_assessor, by_body, by_criterion, result_shown, told

CONTENT = {
    "weights": {"need": 60, "value": 40},
    "scale_maximum": 5,
    "criteria": {"need": "7/2", "value": "4"},
    "sheets": [
        {"scores": {"need": 3, "value": 4}, "mark": "68", "reasons": {"need": "Thin", "value": "Fair"}},
        {"scores": {"need": 4, "value": 4}, "mark": "80", "reasons": {"need": "Good", "value": "Fair"}},
    ],
}


def test_criteria_add_up_to_the_mark() -> None:
    lines = by_criterion(CONTENT, {"need": "Need"})
    assert [(line.name, line.mean, line.points, line.scores) for line in lines] == [
        ("Need", "3.5", "42.0", [3, 4]),
        ("value", "4.0", "32.0", [4, 4]),
    ]
    assert sum(Fraction(line.points) for line in lines) == 74


WITH_BODIES = CONTENT | {
    "moderated": {"need": {"value": 5, "reason": "They sent figures"}},
    "record": {"need": "5", "value": "4"},
    "bodies": [
        {"name": "Youth panel", "weight": 20, "mark": "70", "comments": {"need": ["We know this place", "True"]}},
        {"name": "VCSE panel", "weight": 0, "mark": None, "comments": {}},
    ],
    "feedback": {"need": "Well told", "value": "Fair"},
    "standards": {"need": "Clear", "value": ""},
}


def test_what_criteria_and_bodies_bring_adds_up_to_the_mark() -> None:
    need, value = by_criterion(WITH_BODIES, {"need": "Need"})
    assert (need.mean, need.counts, need.moderated, need.points) == ("3.5", "5.0", "They sent figures", "48.0")
    assert (value.mean, value.counts, value.moderated, value.points) == ("4.0", "4.0", "", "25.6")
    youth, vcse = by_body(WITH_BODIES, {"need": "Need"})
    assert (youth.mark, youth.points) == ("70.0", "14.0")
    assert youth.comments == [("Need", "We know this place"), ("Need", "True")]
    assert (vcse.mark, vcse.points, vcse.comments) == ("", "", [])
    assert sum(Fraction(each.points) for each in (need, value, youth)) == Fraction("87.6")


def test_what_the_group_is_told_stands_by_criterion() -> None:
    assert [(each.name, each.standard, each.text) for each in told(WITH_BODIES, {"need": "Need"})] == [
        ("Need", "Clear", "Well told"),
        ("value", "", "Fair"),
    ]
    assert told(CONTENT, {}) == []
    assert by_body(CONTENT, {}) == []


def test_sheets_tell_score_anchor_and_reason() -> None:
    first, second = by_assessor(CONTENT, {"need": "Need"}, {"need": {3: "Clear"}})
    assert (first.mark, second.mark) == ("68.0", "80.0")
    assert (first.lines[0].anchor, first.lines[0].reason, second.lines[0].anchor) == ("Clear", "Thin", "")


@pytest.mark.parametrize(("spread", "threshold"), [(20_000_000, 20), (0, 0), (1_000_000, 1)])
def test_wide_is_above_the_threshold(spread: int, threshold: int) -> None:
    assert not result_shown(71_666_667, spread, threshold).wide
    assert result_shown(71_666_667, spread + 1, threshold).wide
    assert result_shown(71_666_667, spread, threshold).mark == "71.7"
