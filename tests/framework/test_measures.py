"""Measures: how a number may be added."""

from dataclasses import astuple
from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.framework.measures import (
    AcrossPeriods,
    AcrossProjects,
    Reported,
    Rolled,
    Rule,
    in_words,
    over_periods,
    over_projects,
)

DAY = date(2026, 12, 31)
COUNTS = st.integers(0, 1_000)


def rule(periods: AcrossPeriods = "sum", projects: AcrossProjects = "sum") -> Rule:
    """A measure that is added so."""
    return Rule("m", "Measure", "events", periods, projects)


def on(month: int, value: int, of: int | None = None) -> Reported:
    """What was reported for the period that ended in that month."""
    return Reported(DAY + timedelta(days=30 * month), value, of)


@st.composite
def reported(draw: st.DrawFn, *, n_of_m: bool = False) -> list[Reported]:
    """One to five reports for different periods, in any order."""
    months = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True))
    return [on(month, draw(COUNTS), draw(COUNTS) if n_of_m else None) for month in months]


PERIODS = st.sampled_from(get_args(AcrossPeriods))
PROJECTS = st.sampled_from(get_args(AcrossProjects))


@pytest.mark.parametrize(
    ("how", "value"), [("sum", 90), ("latest", 20), ("highest", 50), ("mean", 30), ("mean", Fraction(30))]
)
def test_periods_go_together_by_their_rule(how: AcrossPeriods, value: int) -> None:
    found = over_periods(rule(how), [on(1, 50), on(3, 20), on(2, 20)])
    assert found == Reported(on(3, 0).period_to, Fraction(value), None)


@pytest.mark.parametrize(
    ("how", "n", "of"), [("sum", 30, 90), ("latest", 0, 50), ("highest", 30, 50), ("mean", 15, 45)]
)
def test_numerator_and_denominator_each_go_by_the_rule(how: AcrossPeriods, n: int, of: int) -> None:
    found = over_periods(rule(how, "n-of-m"), [on(2, 0, 50), on(1, 30, 40)])
    assert found is not None
    assert (found.value, found.of) == (n, of)


def test_a_mean_is_exact() -> None:
    found = over_periods(rule("mean"), [on(1, 1), on(2, 0), on(3, 0)])
    assert found is not None
    assert found.value == Fraction(1, 3)


@pytest.mark.parametrize("how", get_args(AcrossPeriods))
def test_nothing_reported_is_none_and_nought_is_nought(how: AcrossPeriods) -> None:
    assert over_periods(rule(how), []) is None
    nought = over_periods(rule(how), [on(1, 0)])
    assert nought is not None
    assert nought.value == 0
    assert nought.of is None


@given(PERIODS, reported(n_of_m=True), st.data())
def test_the_order_of_reports_changes_nothing(how: AcrossPeriods, reports: list[Reported], data: st.DataObject) -> None:
    turned = data.draw(st.permutations(reports))
    assert over_periods(rule(how), turned) == over_periods(rule(how), reports)


@given(PERIODS, reported())
def test_one_figure_again_is_the_same_figure(how: AcrossPeriods, reports: list[Reported]) -> None:
    once = over_periods(rule(how), reports)
    assert once is not None
    assert over_periods(rule(how), [once]) == once


@given(reported())
def test_each_rule_over_periods_is_what_its_name_says(reports: list[Reported]) -> None:
    values = [each.value for each in reports]
    latest = max(reports, key=lambda each: each.period_to)
    meant = {
        "sum": sum(values),
        "latest": latest.value,
        "highest": max(values),
        "mean": Fraction(sum(values), len(values)),
    }
    for how in get_args(AcrossPeriods):
        found = over_periods(rule(how), reports)
        assert found is not None
        assert (found.value, found.period_to) == (meant[how], latest.period_to)


def test_unique_people_are_a_range_from_the_largest_project_to_the_sum() -> None:
    assert over_projects(rule("sum", "range"), [on(1, 40), on(1, 100), on(1, 0)]) == Rolled(
        low=Fraction(100), high=Fraction(140)
    )


def test_n_of_m_is_summed_above_and_below_and_never_a_mean_of_percentages() -> None:
    found = over_projects(rule("sum", "n-of-m"), [on(1, 1, 1), on(1, 0, 50), on(1, 9, 49)])
    assert found == Rolled(n=Fraction(10), of=Fraction(100))


def test_nought_of_fifty_counts() -> None:
    assert over_projects(rule("sum", "n-of-m"), [on(1, 0, 50)]) == Rolled(n=Fraction(0), of=Fraction(50))


def test_events_are_summed() -> None:
    assert over_projects(rule(), [on(1, 3), on(2, 4)]) == Rolled(value=Fraction(7))


@pytest.mark.parametrize("how", get_args(AcrossProjects))
def test_no_project_is_no_figure(how: AcrossProjects) -> None:
    assert over_projects(rule("sum", how), []) == Rolled()


@pytest.mark.parametrize(
    ("how", "figure"), [("sum", Rolled(value=Fraction(0))), ("range", Rolled(low=Fraction(0), high=Fraction(0)))]
)
def test_a_project_that_reports_nought_is_a_figure(how: AcrossProjects, figure: Rolled) -> None:
    assert over_projects(rule("sum", how), [on(1, 0)]) == figure


@given(reported(n_of_m=True))
def test_what_may_not_be_added_is_not(figures: list[Reported]) -> None:
    assert over_projects(rule("sum", "none"), figures) == Rolled()


@given(PROJECTS, reported(n_of_m=True), st.data())
def test_the_order_of_projects_changes_nothing(
    how: AcrossProjects, figures: list[Reported], data: st.DataObject
) -> None:
    turned = data.draw(st.permutations(figures))
    assert over_projects(rule("sum", how), turned) == over_projects(rule("sum", how), figures)


@given(reported(), COUNTS)
def test_the_people_there_may_have_been_lie_in_the_range(figures: list[Reported], shared: int) -> None:
    found = over_projects(rule("sum", "range"), figures)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.high
    more = over_projects(rule("sum", "range"), [*figures, on(1, shared)])
    assert more.low == max(found.low, shared)
    assert more.high == found.high + shared


@given(reported(n_of_m=True), reported(n_of_m=True))
def test_sums_of_parts_are_the_sum_of_the_whole(some: list[Reported], others: list[Reported]) -> None:
    n_of_m = rule("sum", "n-of-m")
    parts = [over_projects(n_of_m, part) for part in (some, others)]
    whole = over_projects(n_of_m, some + others)
    assert whole.n == sum(part.n or 0 for part in parts)
    assert whole.of == sum(part.of or 0 for part in parts)
    sums = [over_projects(rule(), part).value or 0 for part in (some, others)]
    assert over_projects(rule(), some + others).value == sum(sums)


@given(PROJECTS, reported(n_of_m=True))
def test_every_figure_is_exact(how: AcrossProjects, figures: list[Reported]) -> None:
    found = astuple(over_projects(rule("sum", how), figures))
    assert all(each is None or isinstance(each, Fraction) for each in found)


def test_the_latest_of_two_that_end_on_one_day_does_not_hang_on_their_order() -> None:
    one, other = on(1, 3), on(1, 8)
    assert over_periods(rule("latest"), [one, other]) == over_periods(rule("latest"), [other, one])


def test_how_many_were_asked_is_never_nought_for_missing() -> None:
    assert over_projects(rule("sum", "n-of-m"), [on(1, 5, 10), on(1, 9, None)]) == Rolled(
        n=Fraction(5), of=Fraction(10)
    )


def test_nor_is_it_over_periods() -> None:
    found = over_periods(rule("sum", "n-of-m"), [on(1, 5, 10), on(2, 9, None)])
    assert found is not None
    assert (found.value, found.of) == (5, 10)


@pytest.mark.parametrize(
    ("basis", "number", "of", "words"),
    [
        ("items", 1_200, None, "1,200"),
        ("items", 0, None, "0"),
        ("n-of-m", 0, 50, "0 of 50"),
        ("n-of-m", 1_200, 1_500, "1,200 of 1,500"),
        ("money", 125_050, None, "£1,250.50"),
        ("money", 0, None, "£0"),
        ("", 7, None, "7"),
    ],
)
def test_a_number_in_words(basis: str, number: int, of: int | None, words: str) -> None:
    assert in_words(basis, number, of) == words
