"""What an organisation was given over three years (pure): Subsidy Control Act 2022, section 36.

Minimal financial assistance: no more than £315,000 to one enterprise over the current financial year, as far as it has
gone, and the two before it. The service knows its own awards alone: others have to be asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from spatc_funds.core.periods import APRIL

LIMIT_PENCE = 31_500_000
YEARS_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Given:
    """One award: its amount in pence (None where it is not known exactly) and its day."""

    amount_pence: int | None
    awarded_on: date | None


@dataclass(frozen=True, slots=True)
class Subsidy:
    """The total since a day, how many awards since then have no exact amount, and how many have no day."""

    total_pence: int
    since: date
    unknown: int
    undated: int

    @property
    def rest_pence(self) -> int:
        """How much is left below the limit; less than 0 above it."""
        return LIMIT_PENCE - self.total_pence


def since(today: date) -> date:
    """The first day that counts: 1 April of the financial year two before today's."""
    year = today.year if today.month >= APRIL else today.year - 1
    return date(year - YEARS_BEFORE, APRIL, 1)


def three_years(given: Iterable[Given], today: date) -> Subsidy:
    """The total of the awards that count on a day. One made after that day does not count yet."""
    first, every = since(today), list(given)
    counted = [each for each in every if each.awarded_on is not None and first <= each.awarded_on <= today]
    known = [each.amount_pence for each in counted if each.amount_pence is not None]
    return Subsidy(sum(known), first, len(counted) - len(known), sum(each.awarded_on is None for each in every))
