"""Exact numbers, change against a baseline, the one scale, and what a file would change."""

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.places import DISTRICTS, POLICE_AREA
from spatc_funds.framework import observed
from spatc_funds.framework.multiples import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Point, chart, drawing
from spatc_funds.framework.observed import MOST_FAULTS, Faults, Observed, State, plain, said, thousandths
from spatc_funds.framework.observing import MOST_TICKS, change, compare, finding, length, scale

LEEDS, BRADFORD = "E08000035", "E08000032"
MILLI = st.integers(-(10**15) + 1, 10**15 - 1)
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
JAN, FEB = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def figure(days: tuple[date, date] = JAN, value: int | None = 1000, *, area: str = LEEDS, **more: object) -> Observed:
    return replace(Observed("asb", area, *days, value, baseline=False), **more)  # type: ignore[arg-type] # its own fields


@given(MILLI)
def test_a_number_is_written_and_read_without_loss(milli: int) -> None:
    assert thousandths(plain(milli)) == milli
    assert said(milli).replace(",", "") == plain(milli)


@pytest.mark.parametrize(("text", "milli"), [("0", 0), ("-0", 0), ("12", 12000), ("0.125", 125), ("-3.5", -3500)])
def test_numbers_that_are_read(text: str, milli: int) -> None:
    assert thousandths(text) == milli


@pytest.mark.parametrize("text", ["", "1,204", "1.0005", "1e3", "NaN", "+1", ".5", "5.", "1" * 13, "٣", " 1", "0x1"])
def test_numbers_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number is written as"):
        thousandths(text)


def test_no_number_is_said_in_words() -> None:
    assert (plain(None), said(None)) == ("", "No new data published")
    assert figure(value=None).state is State.NO_NEW_DATA
    assert figure(value=0).state is State.PUBLISHED


@pytest.mark.parametrize("text", ["31/03/2026", "2026-02-30", "2026-3-1", "", "1800-01-01"])
def test_days_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2026-03-31"):
        observed.day(text)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (*JAN, "January 2026"),
        (*YEAR, "Year to December 2025"),
        (date(2025, 4, 1), date(2025, 6, 30), "April 2025 to June 2025"),
        (date(2025, 4, 2), date(2025, 4, 30), "2 April 2025 to 30 April 2025"),
        (date(2025, 4, 2), date(2025, 4, 2), "2 April 2025"),
    ],
)
def test_a_period_in_words(first: date, last: date, words: str) -> None:
    assert observed.period(first, last) == words


def test_faults_are_counted_beyond_those_that_are_kept() -> None:
    faults = Faults()
    for row in range(MOST_FAULTS + 7):
        faults.add(row, "value", "wrong")
    assert (len(faults.first), faults.count) == (MOST_FAULTS, MOST_FAULTS + 7)
    assert str(faults.first[0]) == "row 0, value: wrong"
    assert str(observed.Fault(3, "", "wrong")) == "row 3: wrong"


# -- change ------------------------------------------------------------------------------------------------------------


@given(MILLI, MILLI)
def test_a_change_is_exact_and_its_share_gives_it_back(baseline: int, value: int) -> None:
    found = change(baseline, value, "down")
    if baseline == 0:
        assert found is None
        return
    assert found is not None
    assert baseline + found.milli == value
    assert found.share * abs(baseline) == found.milli


@given(MILLI.filter(bool), MILLI)
def test_the_other_direction_turns_good_into_bad(baseline: int, value: int) -> None:
    down, up, neither = (change(baseline, value, way) for way in ("down", "up", "not known"))
    assert down
    assert up
    assert neither
    assert (neither.verdict, {"good": "bad", "bad": "good", "none": "none"}[down.verdict]) == ("none", up.verdict)
    assert (down.verdict == "good") == (value < baseline)


@pytest.mark.parametrize(("baseline", "value"), [(None, 5000), (0, 5000), (5000, None), (None, None)])
def test_without_a_baseline_there_is_no_change(baseline: int | None, value: int | None) -> None:
    assert change(baseline, value, "down") is None


@pytest.mark.parametrize(
    ("baseline", "value", "words"),
    [
        (200_000, 190_000, "10 less than the baseline (down 5.0%): as the plan means it to go"),
        (200_000, 210_000, "10 more than the baseline (up 5.0%): not as the plan means it to go"),
        (10**9, 10**9 + 1000, "1 more than the baseline (up under 0.1%): not as the plan means it to go"),
        (200_000, 200_000, "The same as the baseline"),
    ],
)
def test_a_change_in_words(baseline: int, value: int, words: str) -> None:
    found = change(baseline, value, "down")
    assert found is not None
    assert found.words == words


def test_a_change_of_an_indicator_without_a_direction_is_neither_good_nor_bad() -> None:
    found = change(-4000, -2000, "not known")
    assert found is not None
    assert (found.share, found.words) == (Fraction(1, 2), "2 more than the baseline (up 50.0%)")


@pytest.mark.parametrize(
    ("days", "long"),
    [(JAN, ("months", 1)), (YEAR, ("months", 12)), ((date(2026, 1, 1), date(2026, 1, 30)), ("days", 30))],
)
def test_how_long_a_period_is(days: tuple[date, date], long: tuple[str, int]) -> None:
    assert length(*days) == long


# -- the scale ---------------------------------------------------------------------------------------------------------


@given(st.lists(MILLI, max_size=40))
def test_every_value_lies_on_the_one_scale(values: list[int]) -> None:
    on = scale(values)
    assert on.low <= 0 <= on.high
    assert on.low < on.high
    assert all(on.low <= each <= on.high for each in values)
    assert 2 <= len(on.ticks) <= MOST_TICKS + 2
    assert {0, on.low, on.high} <= set(on.ticks)
    assert str(on.step).rstrip("0") in {"1", "2", "5"}


@given(st.lists(MILLI, max_size=20), st.randoms(use_true_random=False))
def test_the_scale_does_not_ask_in_which_order(values: list[int], dice: random.Random) -> None:
    other = values[:]
    dice.shuffle(other)
    assert scale(other) == scale(values)


def test_whole_numbers_have_whole_ticks() -> None:
    assert list(scale([3000]).ticks) == [0, 1000, 2000, 3000]
    assert list(scale([]).ticks) == [0, 1000]
    assert list(scale([400]).ticks) == [0, 100, 200, 300, 400]
    assert (scale([-30_000, 500_000]).low, scale([-30_000, 500_000]).high) == (-200_000, 600_000)


# -- drawing -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(DAYS, st.integers(0, 40), st.none() | MILLI), min_size=1, max_size=30))
def test_everything_is_inside_the_drawing(told: list[tuple[date, int, int | None]]) -> None:
    points = [Point(first, first + timedelta(more), value) for first, more, value in told]
    on = scale(each.value_milli for each in points if each.value_milli is not None)
    first, last = min(each.period_from for each in points), max(each.period_to for each in points)
    drawn = drawing(points, on, first, last, on.high)
    assert len(drawn.dots) == sum(each.value_milli is not None for each in points)
    for x, y in drawn.dots:
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= HEIGHT - BOTTOM
    assert drawn.baseline == TOP


def test_a_line_breaks_where_no_new_data_was_published() -> None:
    months = [(date(2026, number, 1), date(2026, number, 28)) for number in range(1, 6)]
    points = [Point(*days, None if place == 2 else 1000) for place, days in enumerate(months)]
    whole = drawing(points, scale([1000]), months[0][0], months[-1][1], None)
    assert [line.count(",") for line in whole.lines] == [2, 2]
    assert whole.baseline is None


def test_all_districts_share_a_scale_and_the_force_has_its_own() -> None:
    series = {area: [Point(*JAN, 1000 * place), Point(*FEB, 900 * place)] for place, area in enumerate(DISTRICTS, 1)}
    series[POLICE_AREA] = [Point(*JAN, 15_000), Point(*FEB, 14_000)]
    drawn = chart("ASB", "down", series, {LEEDS: Point(*JAN, 4000), BRADFORD: Point(*YEAR, 9000)})
    scales = {each.drawn.ticks for each in drawn.districts if each.drawn}
    assert len(scales) == 1
    assert all(TOP <= y <= HEIGHT - BOTTOM for each in drawn.districts if each.drawn for _x, y in each.drawn.dots)
    assert drawn.whole.drawn
    assert drawn.whole.drawn.ticks not in scales
    assert (drawn.first, drawn.last) == (JAN[0], FEB[1])
    assert drawn.title == "ASB: below its baseline in 1 of 1 district"
    lines = {each.area: each for each in drawn.districts}
    assert lines[LEEDS].change
    assert lines[LEEDS].why_not == ""
    assert "longer or shorter time" in lines[BRADFORD].why_not
    assert lines[BRADFORD].drawn
    assert lines[BRADFORD].drawn.baseline is None
    assert lines["E08000033"].why_not == "No baseline is held"


def test_only_periods_as_long_as_the_latest_are_drawn() -> None:
    drawn = chart("ASB", "down", {LEEDS: [Point(*YEAR, 12_000), Point(*JAN, 1000), Point(*FEB, 900)]}, {})
    (line,) = [each for each in drawn.districts if each.area == LEEDS]
    assert line.drawn
    assert len(line.drawn.dots) == 2
    assert line.drawn.ticks[-1][1] == "1"
    assert drawn.title == "ASB: 0.9 in Leeds, the latest figures"


def test_without_figures_nothing_is_drawn() -> None:
    drawn = chart("ASB", "down", {LEEDS: [Point(*JAN, None)]}, {})
    assert (drawn.first, drawn.whole.drawn, len(drawn.districts)) == (None, None, 5)
    assert drawn.title == "ASB: no figures by district yet"
    held = chart("ASB", "down", {}, {LEEDS: Point(*JAN, 1000)})
    assert {each.why_not for each in held.districts} == {"No baseline is held", "No figure is held"}


def test_a_baseline_of_nothing_is_compared_with_nothing() -> None:
    drawn = chart("ASB", "down", {LEEDS: [Point(*JAN, 0), Point(*FEB, 5000)]}, {LEEDS: Point(*JAN, 0)})
    (line,) = [each for each in drawn.districts if each.area == LEEDS]
    assert "The baseline is 0" in line.why_not


@pytest.mark.parametrize(
    ("milli", "shown"), [(9_999_000, "9999"), (10_000_000, "10k"), (12_500_000, "12.5k"), (2 * 10**9, "2m")]
)
def test_long_numbers_beside_a_line_are_short(milli: int, shown: str) -> None:
    on = scale([milli])
    assert shown in {label for _y, label in drawing([], replace(on, low=0, high=milli, step=milli), *JAN, None).ticks}


def test_a_title_says_the_finding() -> None:
    down, up, level = (change(10_000, value, "down") for value in (9_000, 11_000, 10_000))
    assert finding("ASB", {"A": down, "B": up, "C": level}, {}) == (
        "ASB: below its baseline in 1, above in 1, level in 1 of 3 districts"
    )
    assert finding("ASB", {"A": up, "B": None}, {}) == "ASB: above its baseline in 1 of 1 district"
    assert finding("ASB", {"A": level}, {}) == "ASB: level with its baseline in 1 of 1 district"
    assert finding("ASB", {}, {"A": 5000, "B": 9000}) == "ASB: from 5 in A to 9 in B, the latest"
    assert finding("ASB", {}, {"A": 5000, "B": 5000}) == "ASB: 5 in each district, the latest figures"


# -- what a file would change ------------------------------------------------------------------------------------------

FIGURES = st.builds(
    figure,
    st.sampled_from([JAN, FEB, YEAR]),
    st.none() | st.integers(0, 9000),
    area=st.sampled_from([LEEDS, BRADFORD]),
    baseline=st.none() | st.just(value=False),
)


@given(st.lists(FIGURES, unique_by=lambda each: each.place), st.lists(FIGURES, unique_by=lambda each: each.place))
def test_the_same_again_changes_nothing_and_nothing_else_is_touched(held: list[Observed], told: list[Observed]) -> None:
    before = {each.place: replace(each, baseline=False) for each in held}
    found = compare(before, told)
    assert len(found.new) + len(found.changed) + found.same == len(told)
    after = {**before, **{each.place: each for each in found.new}, **{new.place: new for _old, new in found.changed}}
    assert {place: each.value_milli for place, each in after.items()} == {
        **{place: each.value_milli for place, each in before.items()},
        **{each.place: each.value_milli for each in told},
    }
    again = compare(after, told)
    assert (again.is_one, again.same) == (False, len(told))
    assert all(old == before[old.place] and old != new for old, new in found.changed)


def test_what_a_file_does_not_say_of_a_baseline_stays() -> None:
    held = {JAN: figure(baseline=True)}
    found = compare({each.place: each for each in held.values()}, [figure(value=2000, baseline=None)])
    assert found.changed[0][1].baseline is True
    assert not found.faults


def test_an_area_has_one_baseline() -> None:
    held = figure(baseline=True)
    two = compare({held.place: held}, [figure(FEB, baseline=True)])
    assert two.faults == (f"asb in {LEEDS} would have 2 baselines: say “no” for the one that it has now",)
    moved = compare({held.place: held}, [figure(FEB, baseline=True), figure(baseline=False)])
    assert not moved.faults
    elsewhere = compare({held.place: held}, [figure(area=BRADFORD, baseline=True)])
    assert not elsewhere.faults


def test_a_baseline_is_a_number() -> None:
    held = figure(baseline=True)
    assert "cannot be without data" in compare({held.place: held}, [figure(value=None, baseline=None)]).faults[0]


def test_an_example_never_takes_the_place_of_a_published_figure() -> None:
    real, made = figure(), figure(value=5000, example=True)
    assert compare({real.place: real}, [made]).faults == ("an example figure cannot take the place of a published one",)
    assert not compare({made.place: made}, [real]).faults
