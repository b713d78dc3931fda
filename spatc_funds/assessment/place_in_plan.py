"""A bid's place in the plan (pure): what an officer made of what the group proposed, and what a place needs.

Tags are as in a submission's content: priority, theme, focus_area, primary_outcome, no_specific_outcome,
other_outcomes, cross_cutting; each named thing is a mapping with id, key and name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from spatc_funds.applications.tagging import Needed
from spatc_funds.core.problems import Problem

Tags = Mapping[str, Any]
SINGLE = {"priority": "Priority", "theme": "Theme", "focus_area": "Focus"}
KEYS = (*SINGLE, "primary_outcome", "no_specific_outcome", "other_outcomes", "cross_cutting")
NONE, NO_OUTCOME = "none", "no specific outcome"


def tags_in(content: Tags) -> dict[str, Any]:
    """The tags among everything that was sent."""
    return {key: content.get(key) for key in KEYS}


def differences(before: Tags, after: Tags) -> list[str]:
    """What was changed, in words, in the order of the form; nothing when both say the same."""
    found = [
        _changed(label, _name(before.get(key)), _name(after.get(key)))
        for key, label in SINGLE.items()
        if _id(before.get(key)) != _id(after.get(key))
    ]
    if _first(before) != _first(after):
        found.append(_changed("Main outcome", _outcome(before), _outcome(after)))
    found += _lists("Other outcome", before.get("other_outcomes"), after.get("other_outcomes"))
    return found + _crosses(before.get("cross_cutting") or (), after.get("cross_cutting") or ())


def missing(tags: Tags, needed: Needed) -> list[Problem]:
    """What the round's rule asks and the tags lack, each at its field."""
    found = []
    if needed.priority and tags.get("priority") is None:
        found.append(Problem("tags", "priority", "Choose the priority of the plan that the project serves"))
    if needed.theme and tags.get("focus_area") is None:
        found.append(Problem("tags", "focus_area", "Choose what the project focuses on within its theme"))
    if needed.theme and _outcome(tags) == NONE:
        message = "Choose the outcome that the project serves first, or that it serves none"
        found.append(Problem("tags", "primary_outcome", message))
    if needed.cross_cutting and not tags.get("cross_cutting"):
        message = "Choose at least one cross-cutting theme: this round asks for one"
        found.append(Problem("tags", "cross_cutting", message))
    return found


def _crosses(before: Sequence[Tags], after: Sequence[Tags]) -> list[str]:
    """Themes that were added or taken out, and commitments that are others now."""
    old = {each["theme"]["id"]: each for each in before}
    new = {each["theme"]["id"]: each for each in after}
    found = _lists("Cross-cutting theme", [each["theme"] for each in before], [each["theme"] for each in after])
    for number in (number for number in new if number in old):
        was, now = old[number]["commitment"], new[number]["commitment"]
        if _id(was) != _id(now):
            found.append(_changed(f"Commitment of “{new[number]['theme']['name']}”", _name(was), _name(now)))
    return found


def _lists(label: str, before: Sequence[Tags] | None, after: Sequence[Tags] | None) -> list[str]:
    old, new = {each["id"]: each for each in before or ()}, {each["id"]: each for each in after or ()}
    out = [f"{label} taken out: {each['name']}" for number, each in old.items() if number not in new]
    return out + [f"{label} added: {each['name']}" for number, each in new.items() if number not in old]


def _first(tags: Tags) -> tuple[Any, bool]:
    return _id(tags.get("primary_outcome")), bool(tags.get("no_specific_outcome"))


def _outcome(tags: Tags) -> str:
    if tags.get("primary_outcome"):
        return _name(tags["primary_outcome"])
    return NO_OUTCOME if tags.get("no_specific_outcome") else NONE


def _changed(label: str, before: str, after: str) -> str:
    return f"{label}: “{after}” instead of “{before}”"


def _name(thing: Tags | None) -> str:
    return str(thing["name"]) if thing else NONE


def _id(thing: Tags | None) -> Any:
    return thing["id"] if thing else None
