"""Money is whole pence in an int; names end in ``_pence``. Nothing here ever touches a float."""

import re
from collections.abc import Mapping
from fractions import Fraction

MOST_PENCE = 100_000_000_000  # a thousand million pounds: far above any fund, far below a 64-bit column

_POUNDS = re.compile(r"£?\s?(?P<pounds>[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,10})(?:\.(?P<pence>[0-9]{2}))?", re.ASCII)


def parse_pounds(text: str) -> int:
    """Whole pence from what a person typed: ``7400``, ``£7,400``, ``1,200.50``.

    Raises ValueError with a message for the person. NaN, exponents, other scripts' digits and signs are refused.
    """
    found = _POUNDS.fullmatch(text.strip())
    if not found:
        message = "Enter an amount in pounds, like 7400 or 7,400.50"
        raise ValueError(message)
    pence = int(found["pounds"].replace(",", "")) * 100 + int(found["pence"] or 0)
    if pence > MOST_PENCE:
        message = f"Enter an amount of {format_pounds(MOST_PENCE)} or less"
        raise ValueError(message)
    return pence


def format_pounds(pence: int) -> str:
    """``£7,400`` or ``£7,400.50``; a negative amount keeps its sign in front."""
    pounds, rest = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return f"{sign}£{pounds:,}.{rest:02}" if rest else f"{sign}£{pounds:,}"


def plain_pounds(pence: int) -> str:
    """``7400.00``: the form of files that people fill in (two decimals, no sign, no commas)."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{pounds}.{rest:02}"


def split_pence(total_pence: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Split an amount by integer shares so that the parts add up to it to the penny.

    Largest remainder first, ties by key. Shares need not add up to 100; raises ValueError when none is positive or one
    is negative.
    """
    whole = sum(shares.values())
    if whole <= 0 or min(shares.values()) < 0:
        message = "shares must be positive"
        raise ValueError(message)
    exact = {key: Fraction(total_pence * share, whole) for key, share in shares.items()}
    parts = {key: value.numerator // value.denominator for key, value in exact.items()}
    short = total_pence - sum(parts.values())
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:short]:
        parts[key] += 1
    return parts
