"""Where a person's register of interests meets a bid (pure): what to look at before declaring, and why.

A suggestion decides nothing: the person says whether there is an interest. Names are compared by rapidfuzz after
folding; numbers and postcodes are compared letter by letter, without blanks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from spatc_funds.core.words import folded

ALIKE = 88  # of 100; below it, names of different groups begin to meet
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register: kind is ``organisation``, ``person``, ``address`` or ``post``."""

    kind: str
    name: str
    number: str = ""
    expires_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Until its last day, that day included."""
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Party:
    """A group of a bid, the lead or a partner: what is known of it."""

    name: str
    numbers: Sequence[str] = ()
    people: Sequence[str] = ()
    postcodes: Sequence[str] = ()


def suggestions(register: Iterable[Entry], parties: Iterable[Party], today: date) -> list[str]:
    """Why the person should look twice, in words, each once; empty when nothing meets. The order of lines is kept."""
    live, groups = [each for each in register if each.holds_on(today)], list(parties)
    return list(dict.fromkeys(words for entry in live for party in groups for words in _meets(entry, party)))


def alike(one: str, other: str) -> int:
    """How much two names are alike, in whole percent: 100 for the same words in any order; symmetric."""
    return round(fuzz.token_sort_ratio(folded(one)[:LONGEST], folded(other)[:LONGEST]))


def _meets(entry: Entry, party: Party) -> list[str]:
    if entry.number and _plain(entry.number) in map(_plain, party.numbers):
        return [f"{party.name} has the number {entry.number}, which is in your register"]
    if entry.kind == "person":
        return [f"A person named in the bid is much like “{entry.name}”" for who in party.people if _near(entry, who)][
            :1
        ]
    if entry.kind == "address":
        place = _plain(entry.name)
        return [f"{party.name} has the postcode {code}" for code in party.postcodes if _plain(code) in place][:1]
    if _near(entry, party.name):
        return [f"{party.name} is much like “{entry.name}” ({alike(entry.name, party.name)}%)"]
    return []


def _near(entry: Entry, name: str) -> bool:
    return alike(entry.name, name) >= ALIKE


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
