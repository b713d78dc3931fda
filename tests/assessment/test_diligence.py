"""How a checklist of due diligence stands on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.diligence import (
    FAILED,
    NOT_NEEDED,
    PASSED,
    SOON,
    Check,
    Done,
    Standing,
    checklist,
    checks_of,
    complete,
    expiry,
    holds_here,
    lacking,
    spoken,
    standing,
)

TODAY = date(2026, 5, 3)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CHECKS = st.lists(
    st.builds(Check, st.sampled_from("abcdef"), st.just("A check"), st.just(""), st.none() | st.integers(1, 36)),
    max_size=6,
    unique_by=lambda check: check.key,
)
DONE = st.builds(Done, st.sampled_from([PASSED, FAILED, NOT_NEEDED]), DAYS, st.just("Ann"), st.none() | DAYS)
HELD = st.dictionaries(st.sampled_from("abcdefgh"), DONE)


def passed(until: date | None) -> Done:
    return Done(PASSED, date(2026, 1, 2), "Ann Example", until)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (None, Standing.NOT_DONE),
        (Done(FAILED, TODAY), Standing.FAILED),
        (Done(FAILED, TODAY, expires_on=date(2030, 1, 1)), Standing.FAILED),
        (Done(NOT_NEEDED, TODAY), Standing.NOT_NEEDED),
        (passed(None), Standing.PASSED),
        (passed(TODAY + SOON + timedelta(1)), Standing.PASSED),
        (passed(TODAY + SOON), Standing.EXPIRING),
        (passed(TODAY), Standing.EXPIRING),
        (passed(TODAY - timedelta(1)), Standing.EXPIRED),
    ],
)
def test_how_a_check_stands(done: Done | None, expected: Standing) -> None:
    assert standing(done, TODAY) is expected


def test_soon_is_thirty_days() -> None:
    assert timedelta(days=30) == SOON


def test_what_is_good() -> None:
    good = {Standing.PASSED, Standing.EXPIRING, Standing.NOT_NEEDED}
    assert {each for each in Standing if each.good} == good


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (None, "Not done"),
        (passed(None), "Passed on 2 January 2026 by Ann Example, holds for ever"),
        (passed(date(2026, 12, 24)), "Passed on 2 January 2026 by Ann Example, holds until 24 December 2026"),
        (passed(date(2026, 5, 4)), "Passed on 2 January 2026 by Ann Example, holds until 4 May 2026"),
        (passed(date(2026, 5, 2)), "Expired on 2 May 2026. Passed on 2 January 2026 by Ann Example"),
        (Done(FAILED, TODAY, "Ann Example"), "Failed, said on 3 May 2026 by Ann Example"),
        (Done(NOT_NEEDED, TODAY), "Not needed, said on 3 May 2026"),
    ],
)
def test_a_check_in_words(done: Done | None, words: str) -> None:
    [line] = checklist([Check("a", "A check")], {"a": done} if done else {}, TODAY)
    assert line.words == words


def test_the_note_goes_with_its_line() -> None:
    [line] = checklist([Check("a", "A check")], {"a": Done(FAILED, TODAY, note="No policy")}, TODAY)
    assert line.note == "No policy"


def test_checks_as_settings_tell_them() -> None:
    told = [{"key": "register", "label": "Register", "hint": "Look it up", "months": 12}, {"key": "b", "label": "B"}]
    assert checks_of(told) == [Check("register", "Register", "Look it up", 12), Check("b", "B", "", None)]


@pytest.mark.parametrize(
    ("months", "expected"), [(None, None), (1, date(2026, 2, 28)), (12, date(2027, 1, 31)), (0, date(2026, 1, 31))]
)
def test_until_when_a_pass_holds(months: int | None, expected: date | None) -> None:
    assert expiry(Check("a", "A", "", months), date(2026, 1, 31)) == expected


@pytest.mark.parametrize(
    ("months", "until", "ends"),
    [
        (None, None, None),
        (12, None, date(2027, 1, 2)),
        (None, date(2026, 6, 1), date(2026, 6, 1)),
        (12, date(2026, 6, 1), date(2026, 6, 1)),
        (12, date(2029, 6, 1), date(2027, 1, 2)),
    ],
)
def test_a_pass_taken_over_ends_at_the_earlier_day(months: int | None, until: date | None, ends: date | None) -> None:
    found = holds_here(Check("a", "A", "", months), passed(until), TODAY)
    assert found
    assert found.expires_on == ends


@pytest.mark.parametrize(
    ("months", "done"),
    [
        (None, Done(FAILED, TODAY)),
        (None, Done(NOT_NEEDED, TODAY)),
        (None, passed(date(2026, 5, 2))),
        (3, passed(date(2029, 1, 1))),
    ],
)
def test_what_is_no_pass_or_holds_no_longer_is_not_taken_over(months: int | None, done: Done) -> None:
    assert holds_here(Check("a", "A", "", months), done, TODAY) is None


def test_a_day_is_spoken() -> None:
    assert spoken(date(2026, 5, 3)) == "3 May 2026"


@given(CHECKS, HELD, DAYS)
def test_complete_exactly_when_nothing_is_lacking(checks: list[Check], done: dict[str, Done], today: date) -> None:
    lines = checklist(checks, done, today)
    assert [line.check for line in lines] == checks
    assert complete(checks, done, today) == all(line.standing.good for line in lines)
    assert [line for line in lines if not line.standing.good] == lacking(checks, done, today)


@given(CHECKS, HELD, DAYS, st.integers(0, 2_000))
def test_time_alone_completes_nothing(checks: list[Check], done: dict[str, Done], today: date, days: int) -> None:
    later = today + timedelta(days)
    missing = {line.check.key for line in lacking(checks, done, today)}
    assert missing <= {line.check.key for line in lacking(checks, done, later)}


@given(CHECKS, HELD, DAYS)
def test_what_a_pot_does_not_ask_changes_nothing(checks: list[Check], done: dict[str, Done], today: date) -> None:
    asked = {check.key for check in checks}
    mine = {key: each for key, each in done.items() if key in asked}
    assert checklist(checks, done, today) == checklist(checks, mine, today)


@given(CHECKS, DAYS)
def test_nothing_done_lacks_everything(checks: list[Check], today: date) -> None:
    assert len(lacking(checks, {}, today)) == len(checks)
    assert complete([], {}, today)


@given(st.none() | st.integers(0, 36), DONE, DAYS)
def test_what_is_taken_over_is_a_pass_that_holds_no_longer_than_it_did(
    months: int | None, done: Done, today: date
) -> None:
    found = holds_here(Check("a", "A", "", months), done, today)
    if found is not None:
        assert standing(found, today) in {Standing.PASSED, Standing.EXPIRING}
        assert standing(done, today) is not Standing.EXPIRED
        assert done.expires_on is None or (found.expires_on is not None and found.expires_on <= done.expires_on)
