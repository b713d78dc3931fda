"""The pages of an application: which problem is mended where, and how far each page has come."""

from dataclasses import replace

import pytest

from spatc_funds.applications import steps
from spatc_funds.applications.completeness import Asked, problems
from spatc_funds.applications.steps import Status
from spatc_funds.applications.tagging import Needed
from spatc_funds.core.problems import Problem
from tests.applications.test_completeness import WHOLE

PAGES = steps.pages(replace(WHOLE, together=True))
EMPTY = replace(
    WHOLE,
    group_does="",
    contact_name="",
    contact_phone="",
    title="",
    summary="",
    starts_on=None,
    ends_on=None,
    shares={},
    lines=[],
    lowest_pence=None,
    pot=None,
    theme=None,
    focus_area=None,
    cross_cutting=[],
    primary_outcome=None,
    promises=[],
    questions=[replace(each, answer="") for each in WHOLE.questions],
)


def test_every_problem_of_an_empty_application_has_the_page_that_mends_it() -> None:
    found = problems(EMPTY)
    assert len(found) > len(steps.FIXED) - 1  # nobody has to have partners
    assert all(steps.address_of(PAGES, problem) for problem in found)


@pytest.mark.parametrize(
    ("problem", "address"),
    [
        (Problem("project", "starts_on", ""), "project#starts_on-day"),
        (Problem("budget", "lines", ""), "budget#description"),
        (Problem("plan", "theme", ""), "focus#focus_area"),
        (Problem("plan", "cross_cutting", ""), "cross-cutting#cross_cutting"),
        (Problem("questions", "q-need", ""), "questions/need#q-need"),
        (Problem("check", "round", ""), ""),
    ],
)
def test_a_problem_leads_to_its_field(problem: Problem, address: str) -> None:
    assert steps.address_of(PAGES, problem) == address


def test_the_pages_follow_one_another_to_the_check() -> None:
    keys = [PAGES[0].key]
    while keys[-1] != steps.CHECK:
        keys.append(steps.next_key(PAGES, keys[-1]))
    assert keys == [*(page.key for page in PAGES), steps.CHECK]


def test_a_page_comes_from_not_started_over_in_progress_to_done() -> None:
    begun = replace(EMPTY, title="Lights on")
    stood = [steps.status(steps.PROJECT, each, problems(each)) for each in (EMPTY, begun, WHOLE)]
    assert stood == [Status.NOT_STARTED, Status.IN_PROGRESS, Status.DONE]


def test_what_need_not_be_answered_is_optional_until_it_is() -> None:
    plain = replace(EMPTY, needed=Needed())
    assert steps.status(steps.CROSS_CUTTING, plain, problems(plain)) is Status.OPTIONAL
    assert steps.status(PAGES[-1], WHOLE, problems(WHOLE)) is Status.OPTIONAL


@pytest.mark.parametrize(
    ("asked", "least", "most", "words"),
    [
        (740_000, 0, 800_000, "You have asked for £7,400 of up to £8,000."),
        (840_050, 0, 800_000, "You have asked for £8,400.50 of up to £8,000. That is £400.50 too much."),
        (100_000, 1_500_000, 2_000_000, "You have asked for £1,000 of up to £20,000. This pot starts at £15,000."),
        (0, 1_500_000, 2_000_000, "You have asked for £0 of up to £20,000."),
        (5_000, 0, None, "You have asked for £50."),
    ],
)
def test_the_budget_is_said_in_words(asked: int, least: int, most: int | None, words: str) -> None:
    assert steps.asked_words(asked, least, most) == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0, 800_000, "Up to £8,000"),
        (1_500_000, 2_000_000, "From £15,000 to £20,000"),
        (1_500_000, None, "From £15,000"),
        (0, None, "No set limit"),
    ],
)
def test_a_pots_limits_are_said_in_words(least: int, most: int | None, words: str) -> None:
    assert steps.limits_words(least, most) == words


def test_the_time_it_takes_grows_with_the_answers() -> None:
    assert steps.hours_words([200, 250, 200, 200, 150, 150, 150]) == "about 3 hours"
    assert steps.hours_words([]) == "about 1 hour"


def test_a_budget_at_its_limit_is_not_too_much() -> None:
    assert steps.asked_words(800_000, 100_000, 800_000) == "You have asked for £8,000 of up to £8,000."


def test_a_lowest_amount_alone_begins_the_budget() -> None:
    begun = replace(EMPTY, lowest_pence=500_000)
    assert steps.status(steps.BUDGET, begun, problems(begun)) is Status.IN_PROGRESS
    assert steps.status(steps.BUDGET, EMPTY, problems(EMPTY)) is Status.NOT_STARTED


def test_what_others_bring_is_said_with_the_whole_cost() -> None:
    assert steps.brought_words(740_000, None, None, "") == ""
    assert steps.brought_words(740_000, 0, 0, "x") == ""
    said = steps.brought_words(740_000, 50_000, 30_000, "the council")
    assert said == "With £500 of your own and £300 from the council, the project costs £8,200."
    assert steps.brought_words(740_000, None, 1, "") == "With £0.01 from others, the project costs £7,400.01."


def test_partners_have_a_page_only_where_several_groups_do_it_together() -> None:
    assert steps.PARTNERS in PAGES
    assert steps.PARTNERS not in steps.pages(WHOLE)
    assert steps.next_key(steps.pages(WHOLE), "partners") == steps.CHECK


@pytest.mark.parametrize(
    ("written", "words"),
    [(2_000, ""), (760, "About 5 minutes left"), (560, "About 30 minutes left"), (0, "About 1 and a half hours left")],
)
def test_what_is_left_is_told_in_minutes_and_then_in_half_hours(written: int, words: str) -> None:
    asked = Asked("long", "Long?", 800, required=True, answer="")
    found = [Problem("questions", "q-long", "Answer it")] if words else []
    answered = replace(asked, answer="word " * written)
    assert steps.left_words([steps.question_page(asked)], replace(WHOLE, questions=[answered]), found) == words


def test_three_hours_are_told_as_hours() -> None:
    asked = Asked("long", "Long?", 1_440, required=True, answer="")
    left = steps.left_words(
        [steps.question_page(asked)], replace(WHOLE, questions=[asked]), [Problem("questions", "q-long", "")]
    )
    assert left == "About 3 hours left"
