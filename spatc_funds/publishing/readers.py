"""Who reads a panel report, what a report for them begins with, and the boxes that are written in one (pure)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SUMMARY, INDICATORS, NEXT = "summary", "beside-indicators", "next"
OF_THEME = "theme-"
WORD_LIMITS: Mapping[str, int] = MappingProxyType({SUMMARY: 300, INDICATORS: 250, NEXT: 200})
THEME_WORDS = 250


@dataclass(frozen=True, slots=True)
class Reader:
    """A body that reports are written for: the keys of the themes and indicators that it is concerned with."""

    key: str
    name: str
    themes: tuple[str, ...]
    indicators: tuple[str, ...]


def read(path: Path) -> dict[str, Reader]:
    """The readers of a file, by key, in its order."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    found = [Reader(row["key"], row["name"], tuple(row["themes"]), tuple(row["indicators"])) for row in rows]
    return {each.key: each for each in found}


READERS: Mapping[str, Reader] = MappingProxyType(read(Path(__file__).with_name("data") / "readers.json"))


def reader_of(key: str) -> Reader:
    """The reader of this key. Raises LookupError that names the known ones."""
    if key not in READERS:
        raise LookupError(f"there is no reader “{key}”; the known ones are {', '.join(READERS)}")
    return READERS[key]


def in_plan(keys: Collection[str], parts: Sequence[str]) -> list[str]:
    """Those parts of a plan that are among the keys, in the plan's order: another version may not have them all."""
    return [part for part in parts if part in keys]


def box_of(theme: str) -> str:
    """The key of the box that is written beside a theme's figures."""
    return OF_THEME + theme


def boxes(themes: Sequence[str]) -> list[str]:
    """Every box of a report on these themes, in the order of the report."""
    return [SUMMARY, *(box_of(each) for each in themes), INDICATORS, NEXT]


def word_limit(box: str) -> int:
    """The most words of a box."""
    return WORD_LIMITS.get(box, THEME_WORDS)
