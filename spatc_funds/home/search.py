"""The language of the bid list's search box (pure): words, and terms like ``pot:small`` or ``score>=70``.

A term is a known name, a sign (``:`` ``>`` ``>=`` ``<`` ``<=`` or ``=``) and a value; a value with blanks stands in
quotation marks, several values with commas between mean any of them, and a minus in front means all others. Everything
else is a word to look for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SIGNS = (">=", "<=", ">", "<", "=", ":")
MOST_PARTS = 12
MOST_VALUES = 8
_PART = re.compile(r'(?:[^\s"“”]|["“”][^"“”]*(?:["“”]|$))+')
_TERM = re.compile(r"(?P<minus>-?)(?P<name>[A-Za-z_-]+)(?P<sign>>=|<=|>|<|=|:)(?P<value>.*)", re.DOTALL)
_QUOTES = str.maketrans("", "", '"“”')


class SearchError(ValueError):
    """A search that cannot be done; ``term`` is the part of it that failed, as it was typed."""

    def __init__(self, term: str, message: str) -> None:
        super().__init__(f"“{term}”: {message}")
        self.term = term


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name, its sign, its values, and whether it asks for all others. ``typed`` is how it was written."""

    name: str
    sign: str
    values: tuple[str, ...]
    others: bool
    typed: str


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was understood."""

    terms: tuple[Term, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a term may be: whether it compares, and a reader of values that raises ValueError with words."""

    compares: bool = False
    read: Callable[[str], object] = str


def parse(text: str, known: Mapping[str, Known]) -> Search:
    """The search in a text; raises SearchError that names the first term that failed."""
    parts = _PART.findall(text)
    if len(parts) > MOST_PARTS:
        raise SearchError(parts[MOST_PARTS], f"a search has {MOST_PARTS} parts at most")
    terms, words = [], []
    for part in parts:
        found = _TERM.fullmatch(part)
        if found is None:
            words.append(part.translate(_QUOTES))
        else:
            terms.append(_term(part, found, known))
    return Search(tuple(terms), tuple(word for word in words if word))


def _term(typed: str, found: re.Match[str], known: Mapping[str, Known]) -> Term:
    name, sign = found["name"].lower(), found["sign"]
    if name not in known:
        raise SearchError(typed, f"there is no term “{name}”. There are {', '.join(known)}")
    if sign not in (":", "=") and not known[name].compares:
        raise SearchError(typed, f"write {name}:value")
    parts = [found["value"]] if known[name].compares else _split(found["value"])  # £5,000 is one amount
    values = tuple(dict.fromkeys(value for each in parts if (value := each.translate(_QUOTES).strip())))
    if len(values) > MOST_VALUES:
        raise SearchError(typed, f"a term takes {MOST_VALUES} values at most")
    if not values:
        raise SearchError(typed, f"say which, like {name}:value")
    for value in values:
        try:
            known[name].read(value)
        except ValueError as error:
            raise SearchError(typed, str(error)) from error
    return Term(name, sign, values, found["minus"] == "-", typed)


def _split(text: str) -> list[str]:
    """At the commas that stand outside quotation marks."""
    return re.findall(r'(?:[^,"“”]|["“”][^"“”]*(?:["“”]|$))+', text)
