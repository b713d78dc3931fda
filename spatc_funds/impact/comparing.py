"""Two statements side by side (pure): every figure that is not the same, with the part it stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from spatc_funds.framework.measures import MONEY

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "by_theme": "Theme",
        "by_cross_cutting_theme": "Cross-cutting theme",
        "by_outcome": "Outcome",
        "by_district": "District",
        "by_financial_year": "Financial year",
    }
)
COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "projects": "Projects",
        "awarded_pence": "Awarded",
        "paid_pence": "Paid",
        "amounts_unknown": "Amounts not known",
        "returns_due": "Returns due",
        "returns_accepted": "Returns accepted",
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one part that has moved; None where one of the two statements does not have it."""

    part: str
    figure: str
    before: int | float | tuple[Any, ...] | None
    after: int | float | tuple[Any, ...] | None
    pence: bool = False


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From the earlier statement's content to the later one's. Raises ValueError where they speak in two plans."""
    if before["plan"] != after["plan"]:
        message = f"one speaks in the plan {before['plan']}, the other in {after['plan']}"
        raise ValueError(message)
    old, new = dict(_parts(before)), dict(_parts(after))
    found = []
    for name in dict.fromkeys([*old, *new]):
        found += _moved(name, old.get(name, {}), new.get(name, {}))
    return found


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "Everything", content["total"]
    for key, heading in PARTS.items():
        yield from ((f"{heading}: {each['name']}", each) for each in content[key])


def _moved(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    found = [
        Difference(part, words, old.get(key), new.get(key), key.endswith("_pence"))
        for key, words in COUNTS.items()
        if old.get(key) != new.get(key)
    ]
    said, says = _measures(old), _measures(new)
    in_pence = {each["name"] for side in (old, new) for each in side.get("measures", ()) if each["basis"] == MONEY}
    return found + [
        Difference(part, name, said.get(name), says.get(name), name in in_pence)
        for name in dict.fromkeys([*said, *says])
        if said.get(name) != says.get(name)
    ]


def _measures(part: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    names = ("low", "high", "n", "of", "value")
    return {each["name"]: tuple(each[name] for name in names) for each in part.get("measures", ())}
