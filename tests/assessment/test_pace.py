"""An assessor's pace: what counts as one sitting, and how the rest is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spatc_funds.assessment.pace import LEAST, LONGEST, NEWEST, Sitting, left, pace

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def sat(start: int, end: int) -> Sitting:
    return Sitting(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


def test_the_median_of_sheets_done_in_one_go() -> None:
    assert pace([sat(0, 20), sat(20, 50), sat(50, 90)]) == timedelta(minutes=30)
    assert pace([sat(0, 20), sat(20, 50)]) is None, "two say nothing"


def test_a_sheet_begun_early_counts_from_the_one_before_it() -> None:
    assert pace([sat(0, 20), sat(1, 40), sat(2, 60)]) == timedelta(minutes=20)


def test_a_night_between_is_no_working_time() -> None:
    nights = [sat(0, 30), sat(31, 61), sat(62, 92), sat(95, 95 + 14 * 60)]
    assert pace(nights) == timedelta(minutes=30)
    whole = LONGEST // timedelta(minutes=1)
    assert pace([sat(0, whole), sat(whole, 2 * whole), sat(2 * whole, 3 * whole)]) == LONGEST
    assert pace([sat(0, whole + 1), sat(whole + 1, 2 * whole), sat(2 * whole, 3 * whole)]) is None


def test_only_the_newest_ten_count() -> None:
    slow = [sat(each * 100, each * 100 + 90) for each in range(20)]
    quick = [sat(10_000 + each * 20, 10_000 + each * 20 + 10) for each in range(NEWEST)]
    assert pace([*slow, *quick]) == timedelta(minutes=10)
    assert pace([*slow, *quick[:4]]) == timedelta(minutes=90)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 170)), min_size=LEAST, max_size=20))
@example([(0, 60), (50, 10), (100, 30), (140, 20)])
def test_the_order_does_not_matter_and_a_pace_is_one_sitting_at_most(pairs: list[tuple[int, int]]) -> None:
    sheets = [sat(start, start + length) for start, length in pairs]
    found = pace(sheets)
    assert pace(reversed(sheets)) == found
    assert found is None or timedelta(0) < found <= LONGEST


@pytest.mark.parametrize(
    ("minutes", "bids", "words"),
    [
        (28, 5, "about 2 h 20 left at your pace"),
        (10, 6, "about 1 h left at your pace"),
        (7, 3, "about 20 min left at your pace"),
        (1, 1, "about 5 min left at your pace"),
        (30, 2, "about 1 h left at your pace"),
        (13, 5, "about 1 h 05 left at your pace"),
        (10, 0, ""),
    ],
)
def test_what_is_left_is_said_in_words(minutes: int, bids: int, words: str) -> None:
    assert left(timedelta(minutes=minutes), bids) == words
    assert left(None, bids) == ""
