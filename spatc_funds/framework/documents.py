"""A version's document, which the public pages show, written from its parts (pure); and what it lacks to be current."""

from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]
# What a further version takes over from the one before it where it says nothing of its own: help and support has to be
# there on every day, and a heading has to have words.
TAKEN_OVER = ("support", "support_introduction", "emergency", "scrutiny_bodies", "commissioning_strategy")
BY_WORD = ("lead_ins", "section_headings")
TEXTS = ("vision", "strategy", "years", "priorities_note", "outcomes_line", "indicators_line", "foreword_by", "note")
LISTS = ("foreword", "why", "scrutiny", "partnership", "introduction", "achievements", "consultation_links")
OF_A_THEME = ("approach", "said", "measured_through", "key_links", "linked_strategies")


def missing(outcomes_by_theme: Mapping[str, int], cross_cutting_themes: int) -> list[str]:
    """What a version lacks to be made current, in words."""
    found = []
    if not outcomes_by_theme:
        found.append("It has no theme")
    found += [f"The theme “{name}” has no outcome" for name, count in outcomes_by_theme.items() if not count]
    if not cross_cutting_themes:
        found.append("It has no cross-cutting theme")
    return found


def written(document: Document, parts: Mapping[str, Sequence[Document]], before: Document) -> dict[str, Any]:
    """The document with these parts in it; words of a part that is still there stay with it.

    What it says nothing of is taken over from the version before.
    """
    found: dict[str, Any] = dict(document)
    for name in TAKEN_OVER:
        found[name] = document.get(name) or before.get(name)
    for name in BY_WORD:
        old, new = before.get(name) or {}, document.get(name) or {}
        found[name] = {key: new.get(key) or old.get(key) or "" for key in {**old, **new}}
    found |= {name: document.get(name) or "" for name in TEXTS}
    found |= {name: document.get(name) or [] for name in LISTS}
    found |= {name: [dict(each) for each in parts[name]] for name in ("priorities", "headings", "indicators")}
    indicators = {each["key"] for each in parts["indicators"]}
    known = {each["key"]: each for each in document.get("themes") or ()}
    found["themes"] = [_theme(each, known.get(each["key"], {}), indicators) for each in parts["themes"]]
    found["cross_cutting_themes"] = [dict(each) for each in parts["cross_cutting_themes"]]
    return found


def _theme(theme: Document, known: Document, indicators: set[str]) -> dict[str, Any]:
    """A theme as its parts say, with the document's own words on it."""
    short = {each["text"]: each.get("short") for each in known.get("purpose") or ()}
    words = {name: list(known.get(name) or ()) for name in OF_A_THEME}
    words["measured_through"] = [
        each for each in words["measured_through"] if each.get("indicator") in {None, *indicators}
    ]
    purpose = [{**each, "short": short.get(each["text"]) or each["text"]} for each in theme["purpose"]]
    outcomes = [{**each, "text": each["name"]} for each in theme["outcomes"]]
    return {**words, "key": theme["key"], "name": theme["name"], "purpose": purpose, "outcomes": outcomes}
