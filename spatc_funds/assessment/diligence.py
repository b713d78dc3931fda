"""Due diligence of a bid (pure): how far its checks are, and until when a pass holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from spatc_funds.core.periods import add_months

SOON = timedelta(days=30)
PASSED, FAILED, NOT_NEEDED = "passed", "failed", "not needed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check that a pot asks; a pass holds for so many months, for ever where that is None."""

    key: str
    label: str
    hint: str = ""
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a check ended, when and by whom; a pass holds to the end of ``expires_on``, for ever where that is None."""

    outcome: str
    done_on: date
    by: str = ""
    expires_on: date | None = None
    note: str = ""


class Standing(StrEnum):
    """How one check stands on a day; only the first three are as they should be."""

    PASSED = "Passed"
    EXPIRING = "Expires soon"
    NOT_NEEDED = "Not needed"
    FAILED = "Failed"
    EXPIRED = "Expired"
    NOT_DONE = "Not done"

    @property
    def good(self) -> bool:
        """Whether nothing is left to do."""
        return self in {Standing.PASSED, Standing.EXPIRING, Standing.NOT_NEEDED}


@dataclass(frozen=True, slots=True)
class Line:
    """One check with how it stands; ``words`` say it whole."""

    check: Check
    standing: Standing
    words: str
    note: str = ""


def checks_of(told: Iterable[Mapping[str, Any]]) -> list[Check]:
    """The checks as a pot's settings tell them."""
    return [Check(each["key"], each["label"], each.get("hint", ""), each.get("months")) for each in told]


def standing(done: Done | None, today: date) -> Standing:
    """How a check stands on a day. A pass still holds on its last day."""
    if done is None:
        return Standing.NOT_DONE
    if done.outcome != PASSED:
        return Standing.FAILED if done.outcome == FAILED else Standing.NOT_NEEDED
    if done.expires_on is None or done.expires_on > today + SOON:
        return Standing.PASSED
    return Standing.EXPIRING if done.expires_on >= today else Standing.EXPIRED


def checklist(checks: Sequence[Check], done: Mapping[str, Done], today: date) -> list[Line]:
    """Each check of the pot with how it stands, in the pot's order; what the pot does not ask is left out."""
    return [_line(check, done.get(check.key), today) for check in checks]


def lacking(checks: Sequence[Check], done: Mapping[str, Done], today: date) -> list[Line]:
    """The checks that are not done, failed or expired."""
    return [line for line in checklist(checks, done, today) if not line.standing.good]


def complete(checks: Sequence[Check], done: Mapping[str, Done], today: date) -> bool:
    """Whether every check is passed and holds, or is not needed; so it is where a pot asks none."""
    return not lacking(checks, done, today)


def expiry(check: Check, done_on: date) -> date | None:
    """Until when a pass of this day holds, by the pot's own rule."""
    return None if check.months is None else add_months(done_on, check.months)


def holds_here(check: Check, done: Done, today: date) -> Done | None:
    """A pass of another bid as it would count for this check: None when it is no pass, or holds no longer by then.

    It ends where the other one ends, or where this pot's own rule says, whichever is the earlier.
    """
    ends = [day for day in (done.expires_on, expiry(check, done.done_on)) if day is not None]
    found = Done(done.outcome, done.done_on, done.by, min(ends, default=None), done.note)
    good = done.outcome == PASSED and standing(found, today) is not Standing.EXPIRED
    return found if good else None


def spoken(day: date) -> str:
    """``3 May 2026``."""
    return f"{day.day} {day:%B %Y}"


def _line(check: Check, done: Done | None, today: date) -> Line:
    stands = standing(done, today)
    return Line(check, stands, _words(stands, done), done.note if done else "")


def _words(stands: Standing, done: Done | None) -> str:
    if done is None:
        return stands.value
    by = f" by {done.by}" if done.by else ""
    if stands in {Standing.FAILED, Standing.NOT_NEEDED}:
        return f"{stands.value}, said on {spoken(done.done_on)}{by}"
    passed = f"Passed on {spoken(done.done_on)}{by}"
    if stands is Standing.EXPIRED and done.expires_on is not None:
        return f"Expired on {spoken(done.expires_on)}. {passed}"
    return f"{passed}, {f'holds until {spoken(done.expires_on)}' if done.expires_on else 'holds for ever'}"
