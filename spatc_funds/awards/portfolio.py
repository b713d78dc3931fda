"""The pot's limit (pure): what is still free, and whether an award fits."""


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
