"""Eligibility: one question at a time, each rule both ways."""

from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.funds.eligibility import Rule, eligible, first_failed, next_unanswered

RULES = (Rule("not-for-profit", must_be=True), Rule("works-here", must_be=True), Rule("in-debt", must_be=False))
GOOD = {"not-for-profit": True, "works-here": True, "in-debt": False}
ANSWERS = st.dictionaries(st.sampled_from([*GOOD, "another"]), st.booleans())


def test_good_answers_are_eligible() -> None:
    assert eligible(RULES, GOOD)
    assert first_failed(RULES, GOOD) is None
    assert next_unanswered(RULES, GOOD) is None


def test_the_first_broken_rule_is_named() -> None:
    assert first_failed(RULES, {"works-here": False, "in-debt": True}) == "works-here"
    assert first_failed(RULES, {"in-debt": True}) == "in-debt"


def test_a_no_may_be_the_answer_that_is_needed() -> None:
    assert first_failed(RULES, {"in-debt": False}) is None
    assert not eligible(RULES, GOOD | {"in-debt": True})


def test_what_is_not_answered_is_asked_in_order_and_fails_nothing() -> None:
    assert next_unanswered(RULES, {}) == "not-for-profit"
    assert next_unanswered(RULES, {"not-for-profit": False}) == "works-here"
    assert first_failed(RULES, {}) is None
    assert not eligible(RULES, {})


def test_a_round_without_rules_is_open_to_all() -> None:
    assert eligible((), {})


@given(ANSWERS)
def test_eligible_is_all_answered_and_none_failed(answers: dict[str, bool]) -> None:
    through = next_unanswered(RULES, answers) is None and first_failed(RULES, answers) is None
    assert eligible(RULES, answers) == through


@given(ANSWERS, st.sampled_from([{"another": True}, {"another": False}]))
def test_an_answer_to_no_rule_changes_nothing(answers: dict[str, bool], other: dict[str, bool]) -> None:
    more = answers | other
    assert first_failed(RULES, more) == first_failed(RULES, answers)
    assert next_unanswered(RULES, more) == next_unanswered(RULES, answers)
    assert eligible(RULES, more) == eligible(RULES, answers)
