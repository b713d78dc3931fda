"""What a return says, in words, and what differs between two accepted ones (pure)."""

from collections.abc import Mapping
from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.returns.checks import REPORTED, Line

NOT_ANSWERED = "not answered yet"


def line_words(line: Line) -> str:
    """``36``, ``36 of 50``, ``nothing to report``, ``not applicable`` or ``not answered yet``."""
    if line.state != REPORTED:
        return line.state or NOT_ANSWERED
    return of_words(line.value, line.value_of)


def of_words(number: int | None, of: int | None) -> str:
    """``36`` or ``36 of 50``."""
    shown = "no number" if number is None else f"{number:,}"
    return shown if of is None else f"{shown} of {of:,}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What differs between two accepted contents, in words; measures by their names."""
    old, new = ({each["measure"]: _said(each) for each in content["values"]} for content in (before, after))
    found = [
        f"{names.get(key, key)}: was {old.get(key, NOT_ANSWERED)}, now {new.get(key, NOT_ANSWERED)}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]
    if before["spent_pence"] != after["spent_pence"]:
        was, now = (format_pounds(content["spent_pence"] or 0) for content in (before, after))
        found.append(f"Spent so far: was {was}, now {now}")
    if before["story"] != after["story"]:
        found.append("The account of how it went was written again")
    return found


def _said(value: Mapping[str, Any]) -> str:
    return of_words(value["value"], value["value_of"]) if value["state"] == REPORTED else str(value["state"])
