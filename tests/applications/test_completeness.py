"""Completeness: each rule both ways, and the order of the steps."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.applications.completeness import Asked, CostRule, Filled, Promised, broken_rule, done, problems
from spatc_funds.applications.tagging import Needed

WHOLE = Filled(
    organisation="Friends of the Park",
    group_does="Looks after the park",
    contact_name="A. Person",
    contact_phone="0113 496 0000",
    contact_email="a.person@example.org",
    title="Lights on",
    summary="Lights along the main path",
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 8, 31),
    earliest_start=date(2026, 9, 1),
    most_months=12,
    shares={"E08000035": 60, "E08000032": 40},
    lines=[500_000, 300_000],
    lowest_pence=800_000,
    pot="main",
    minimum_pence=100_000,
    maximum_pence=800_000,
    theme="keeping-people-safe",
    focus_area="night-time",
    cross_cutting=["early-intervention"],
    needed=Needed(cross_cutting=True),
    primary_outcome="people-feel-safe",
    no_specific_outcome=False,
    promises=[Promised("People reached", 40), Promised("People who feel safer", 0, 50, whole=True)],
    questions=(
        Asked("need", "Why is it needed?", 5, required=True, answer="It is dark there now"),
        Asked("more", "Anything else?", 2, required=False, answer=""),
    ),
)
RULES = [CostRule(["tea", "tea and cakes"], "No tea."), CostRule(["trips abroad"], "Not abroad.")]
ASKED = WHOLE.questions[0]
STEPS = ["group", "project", "places", "budget", "plan", "promises", "questions"]


def fields(**changed: Any) -> list[str]:
    """The fields that stand in the way when so much is changed in a whole application."""
    return [problem.field for problem in problems(replace(WHOLE, **changed))]


def test_nothing_stands_in_the_way_of_a_whole_application() -> None:
    assert problems(WHOLE) == []


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"group_does": " "}, "group_does", "what your group does"),
        ({"contact_name": "\t"}, "contact_name", "name of a person"),
        ({"contact_phone": ""}, "contact_phone", "phone number"),
        ({"contact_email": " "}, "contact_email", "e-mail address"),
        ({"group_does": "word " * 151}, "group_does", "150 words or fewer"),
        ({"hows": {"Trust": "word " * 101}}, "cross_cutting", "“Trust” to 100 words"),
        ({"match_pence": 5_000}, "match_from", "who gives"),
        ({"match_percent": 20}, "own", "at least 20% of what the project costs. You have £0 of £8,000"),
        ({"match_percent": 20, "own_pence": 199_999}, "own", "You have £1,999.99 of £9,999.99"),
        ({"costs": ["Tea for 20"], "cost_rules": RULES}, "line-0", "Take out the cost “Tea for 20”. No tea."),
        ({"title": " "}, "title", "name for your project"),
        ({"summary": "\n"}, "summary", "few sentences"),
        ({"summary": "word " * 61}, "summary", "60 words or fewer"),
        ({"starts_on": None}, "starts_on", "the day your project starts"),
        ({"starts_on": date(2026, 8, 31), "ends_on": date(2026, 12, 1)}, "starts_on", "on or after 1 September 2026"),
        ({"ends_on": None}, "ends_on", "the day your project ends"),
        ({"ends_on": date(2026, 8, 31)}, "ends_on", "after its start"),
        ({"ends_on": date(2027, 9, 1)}, "ends_on", "12 months at the most"),
        ({"shares": {}}, "districts", "which district"),
        ({"shares": {"E08000035": 99}}, "districts", "add up to 99%"),
        ({"shares": {"E08000035": 60, "E08000032": 41}}, "districts", "add up to 101%"),
        ({"shares": {"E08000035": 110, "E08000032": -10}}, "districts", "more than 0%"),
        ({"shares": {"E08000035": 100, "E08000032": 0}}, "districts", "more than 0%"),
        ({"pot": None}, "pot", "which pot"),
        ({"lines": []}, "lines", "at least one cost"),
        ({"lines": [900_000, -100_000]}, "lines", "more than £0"),
        ({"lines": [800_000, 0]}, "lines", "more than £0"),
        ({"lines": [800_001]}, "lines", "£8,000.01. This pot gives up to £8,000"),
        ({"lines": [99_999], "lowest_pence": 1}, "lines", "£999.99. This pot starts at £1,000"),
        ({"lowest_pence": None}, "lowest", "lowest amount with which"),
        ({"lowest_pence": 800_001}, "lowest", "cannot be more than you ask for"),
        ({"lowest_pence": 0}, "lowest", "more than £0"),
        ({"theme": None}, "theme", "the theme that your project serves"),
        ({"theme": None, "focus_area": None}, "theme", "the theme that your project serves"),
        ({"focus_area": None}, "focus_area", "focuses on within its theme"),
        ({"cross_cutting": []}, "cross_cutting", "at least one cross-cutting theme"),
        ({"primary_outcome": None}, "primary_outcome", "or that it serves none"),
        ({"promises": []}, "measures", "at least one measure"),
        ({"promises": [Promised("Seen", -1)]}, "measures", "“Seen” has to be 0 or more"),
        ({"promises": [Promised("Safer", 4, None, whole=True)]}, "measures", "out of how many you promise “Safer”"),
        ({"promises": [Promised("Safer", 51, 50, whole=True)]}, "measures", "“Safer” cannot be more than"),
        ({"questions": [replace(ASKED, answer=" ")]}, "q-need", "Answer the question “Why is it needed?”"),
        ({"questions": [replace(ASKED, answer="one two three four five six")]}, "q-need", "to 5 words. It has 6"),
        ({"questions": [replace(ASKED, required=False, answer="a b c d e f")]}, "q-need", "to 5 words. It has 6"),
    ],
)
def test_each_rule_names_its_field_and_how_to_mend_it(changed: dict[str, Any], field: str, says: str) -> None:
    found = problems(replace(WHOLE, **changed))
    assert [problem.field for problem in found] == [field]
    assert says in found[0].message


@pytest.mark.parametrize(
    "changed",
    [
        {"summary": "word " * 60},
        {"ends_on": date(2026, 9, 1)},
        {"lines": [100_000], "lowest_pence": 100_000},
        {"maximum_pence": None, "lines": [90_000_000]},
        {"lines": [800_000], "lowest_pence": 1},
        {"cross_cutting": [], "needed": Needed()},
        {"primary_outcome": None, "no_specific_outcome": True},
        {"shares": {"E08000035": 100}},
        {"promises": [Promised("Safer", 50, 50, whole=True)]},
        {"questions": ()},
        {"questions": [replace(ASKED, required=False, answer="")]},
        {"organisation": ""},
    ],
)
def test_what_just_keeps_a_rule_is_enough(changed: dict[str, Any]) -> None:
    assert fields(**changed) == []


def test_an_end_without_a_start_asks_for_the_start_only() -> None:
    assert fields(starts_on=None, ends_on=date(2020, 1, 1)) == ["starts_on"]


def test_a_lowest_amount_waits_for_the_budget() -> None:
    assert fields(lines=[], lowest_pence=5) == ["lines"]


def test_an_empty_application_is_mended_in_the_order_of_its_steps() -> None:
    empty = replace(
        WHOLE,
        group_does="",
        title="",
        shares={},
        pot=None,
        lines=(),
        theme=None,
        promises=(),
        questions=[replace(ASKED, answer="")],
    )
    found = problems(empty)
    assert list(dict.fromkeys(problem.step for problem in found)) == STEPS
    assert not any(done(step, found) for step in STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_done_when_nothing_stands_in_its_way(step: str) -> None:
    assert done(step, problems(WHOLE))
    assert done(step, problems(replace(WHOLE, title=""))) == (step != "project")


@given(st.dates(date(2026, 9, 1), date(2030, 1, 1)), st.integers(-40, 800), st.integers(1, 24))
def test_dates_pass_exactly_when_they_fit(start: date, days: int, months: int) -> None:
    end = start + timedelta(days=days)
    year, month = divmod(start.month - 1 + months, 12)
    # the same day so many months later, counted from the month's first so that no month is too short
    beyond = (end.year, end.month, end.day) >= (start.year + year, month + 1, start.day)
    if start.day > 28:
        return  # short months are told in the tests of periods
    assert (fields(starts_on=start, ends_on=end, most_months=months) == []) == (days >= 0 and not beyond)


@given(st.lists(st.integers(1, 500_000), max_size=5), st.none() | st.integers(1, 900_000))
def test_a_budget_passes_exactly_when_it_lies_in_the_pot(lines: list[int], lowest: int | None) -> None:
    fits = bool(lines) and 100_000 <= sum(lines) <= 800_000 and lowest is not None and lowest <= sum(lines)
    assert (fields(lines=lines, lowest_pence=lowest) == []) == fits


@given(st.dictionaries(st.sampled_from(["E08000032", "E08000033", "E08000035"]), st.integers(1, 100)))
def test_shares_pass_exactly_when_they_are_a_hundred(shares: dict[str, int]) -> None:
    assert (fields(shares=shares) == []) == (sum(shares.values()) == 100)


@pytest.mark.parametrize("changed", [
    {"match_percent": 20, "own_pence": 150_000, "match_pence": 50_000, "match_from": "The council"},
    {"group_does": "word " * 150},
    {"hows": {"Trust": "word " * 100}},
    {"costs": ["Teak benches"], "cost_rules": RULES},
])  # fmt: skip
def test_what_is_just_within_a_rule_is_no_problem(changed: dict[str, Any]) -> None:
    assert problems(replace(WHOLE, **changed)) == []


@pytest.mark.parametrize(
    ("description", "rule"),
    [("TEA, milk", "No tea."), ("teas", ""), ("Trips - abroad!", "Not abroad."), ("Trips to abroad", ""), ("", "")],
)
def test_a_cost_breaks_a_rule_by_whole_words(description: str, rule: str) -> None:
    assert broken_rule(description, RULES) == rule


def linked(answer: str, *, refuses: bool = True) -> list[str]:
    asked = replace(ASKED, word_limit=100, answer=answer)
    return [each.message for each in problems(replace(WHOLE, questions=[asked], refuses_links=refuses))]


@pytest.mark.parametrize(
    ("answer", "link"),
    [
        ("See https://example.org/a?b=c, page 2", "https://example.org/a?b=c"),
        ("See (www.example.net).", "www.example.net"),
        ("See Example.org/plan.", "Example.org/plan"),
        ("See my-group.org.uk", "my-group.org.uk"),
    ],
)
def test_a_link_is_refused_by_name_where_the_round_says_so(answer: str, link: str) -> None:
    (said,) = linked(answer)
    assert f"Take the link {link} out" in said
    assert "allows no links, because" in said
    assert linked(answer, refuses=False) == []


@pytest.mark.parametrize(
    "answer",
    ["Write to a.person@example.org", "At 7.30pm, e.g. in May", "No.organised thing", "A.B.C"],
)
def test_what_is_no_link_is_left(answer: str) -> None:
    assert linked(answer) == []
