"""The pot's limit (pure): what is still free, how far it reaches, and whether an award fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


def free_pence(limit_pence: int | None, awarded_pence: int) -> int | None:
    """What may still be awarded; None where the pot has no limit."""
    return None if limit_pence is None else limit_pence - awarded_pence


def why_not(
    amount_pence: int, *, asked_pence: int, lowest_pence: int | None, limit_pence: int | None, awarded_pence: int
) -> str | None:
    """Why an award of so much may not be made, in words; None when it may.

    It may not pass what was asked, fall below the lowest amount that the applicant said would still work, nor take
    the pot over its limit (budget and declared over-commitment).
    """
    if amount_pence <= 0:
        return "Enter an amount above £0."
    if amount_pence > asked_pence:
        return "The award is more than the applicant asked for."
    if lowest_pence is not None and amount_pence < lowest_pence:
        return "The award is less than the lowest amount that the applicant said would still work."
    free = free_pence(limit_pence, awarded_pence)
    if free is not None and amount_pence > free:
        return "The award would take the pot over its limit."
    return None


@dataclass(frozen=True, slots=True)
class Running:
    """Where a pot stands after a bid: awarded and asked down to here, and what is left (None without a limit)."""

    total_pence: int
    left_pence: int | None


def running(amounts_pence: Sequence[int], *, limit_pence: int | None, awarded_pence: int) -> list[Running]:
    """The pot after each bid, in their order, beginning with what is awarded already. Left may fall below nothing."""
    totals = accumulate(amounts_pence, initial=awarded_pence)
    return [Running(total, free_pence(limit_pence, total)) for total in totals][1:]
