"""What a return says, in words, and what differs between two accepted ones (pure)."""

from collections.abc import Mapping
from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.framework.measures import in_words
from spatc_funds.returns.checks import REPORTED
from spatc_funds.returns.splits import KINDS

NOT_ANSWERED = "not answered yet"


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What differs between two accepted contents, in words; measures by their names."""
    found = _changed(_named(before, names), _named(after, names))
    found += _changed(_parts_of(before, names), _parts_of(after, names))
    if before["spent_pence"] != after["spent_pence"]:
        was, now = (format_pounds(content["spent_pence"] or 0) for content in (before, after))
        found.append(f"Spent so far: was {was}, now {now}")
    if before["story"] != after["story"]:
        found.append("The account of how it went was written again")
    if before.get("may_publish", False) != after.get("may_publish", False):
        found.append(f"May be published: now {'yes' if after.get('may_publish') else 'no'}")
    found += _changed(_lines_of(before), _lines_of(after))
    old, new = _files_of(before), _files_of(after)
    found += [f"Taken out: {words}" for key, words in old.items() if key not in new]
    return found + [f"Added: {words}" for key, words in new.items() if key not in old]


def totals_of(content: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Every total that a content puts into the roll-up, in one line: ``People taking part 52; Spent so far £40``."""
    said = [f"{names.get(key, key)} {words}" for key, words in said_of(content).items()]
    return "; ".join([*said, f"Spent so far {format_pounds(content['spent_pence'] or 0)}"])


def said_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What an accepted content says, by measure, in words."""
    return {each["measure"]: _said(each) for each in content["values"] if not each.get("split_by")}


def _named(content: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    return {names.get(key, key): words for key, words in said_of(content).items()}


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [
        f"{key}: was {old.get(key, NOT_ANSWERED)}, now {new.get(key, NOT_ANSWERED)}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]


def _parts_of(content: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Each part of a total, by measure, kind and part in words."""
    found = {}
    for each in content["values"]:
        if kind := KINDS.get(each.get("split_by", "")):
            name = names.get(each["measure"], each["measure"])
            found[f"{name}, {kind.label.lower()}, {kind.parts[each['split']]}"] = f"{each['value']:,}"
    return found


def _lines_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What was spent on each line of the budget, and why; records of before have none. Two may be called the same."""
    found: dict[str, str] = {}
    for each in content.get("lines", ()):
        spent, why = f"Spent on {each['description']}", f"Why, of {each['description']}"
        if spent in found:
            spent, why = f"{spent} (line {each['number']})", f"{why} (line {each['number']})"
        found[spent] = NOT_ANSWERED if each["spent_pence"] is None else format_pounds(each["spent_pence"])
        if each["why"]:
            found[why] = f"“{each['why']}”"
    return found


def _files_of(content: Mapping[str, Any]) -> dict[int, str]:
    """Photographs and papers by their numbers, which never come again; records of before have none."""
    words = {"jpeg": "photograph", "pdf": "paper"}
    return {
        each["number"]: f"{words[each['kind']]} {each['number']}, {each['caption']}"
        for each in content.get("files", ())
    }


def _said(value: Mapping[str, Any]) -> str:
    if value["state"] != REPORTED:
        return str(value["state"])
    return in_words(value.get("basis", ""), value["value"], value["value_of"])
