"""How much alike two texts are (pure), in whole percent; and which passages they share.

Two texts of n and m words whose longest common subsequence of words has l words are 200 l ÷ (n + m) percent alike: the
normalised indel similarity, by RapidFuzz. It is for people to look at, and says nothing of who wrote it first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from spatc_funds.applications.difference import Piece

THRESHOLD = 70
LEAST_WORDS = 40  # shorter texts are alike by chance
MOST_WORDS = 2_000  # comparing takes as long as one side times the other
LEAST_RUN = 4  # words: fewer in a row say nothing
LETTERS = 256  # few, so that comparing looks them up in a table
_SLACK = 0.5  # percent: what is sought in fractions is then settled in whole numbers
_PIECE = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: its first words, folded; one letter for each, unlike ones may share it; the rest."""

    words: tuple[str, ...]
    letters: str
    rest: tuple[str, ...] = ()


def text_of(text: str) -> Text:
    """A text, ready to be compared with many."""
    words = tuple(text.casefold().split())
    first = words[:MOST_WORDS]
    return Text(first, "".join(chr(hash(word) % LETTERS) for word in first), words[MOST_WORDS:])


def likeness(one: str, other: str) -> int:
    """How much two texts are alike: 100 for the same words alone, 0 where one is too short to mean anything."""
    return percent(text_of(one), text_of(other))


def percent(one: Text, other: Text) -> int:
    """The same of texts that are ready. Of longer ones the first 2,000 words are compared."""
    if min(len(one.words), len(other.words)) < LEAST_WORDS:
        return 0
    shared = LCSseq.similarity(one.words, other.words)
    found = 200 * shared // (len(one.words) + len(other.words))
    return found if one.rest == other.rest else min(found, 99)


def alike(one: Text, others: Sequence[Text], least: int = THRESHOLD) -> Iterator[tuple[int, int]]:
    """Those that are at least so much alike to the one: place in the sequence, and percent."""
    if len(one.words) < LEAST_WORDS:
        return
    letters = [other.letters for other in others]
    near = process.extract_iter(one.letters, letters, scorer=fuzz.ratio, processor=None, score_cutoff=least - _SLACK)
    for _letters, _score, place in near:
        if (found := percent(one, others[place])) >= least:
            yield place, found


def shared(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts whole, in pieces; marked are the passages of four words or more that both have, in the same order."""
    left, right = _PIECE.findall(one), _PIECE.findall(other)
    mine, theirs = _words(left), _words(right)
    same_here, same_there = set[int](), set[int]()
    for step in LCSseq.opcodes(mine[:MOST_WORDS], theirs[:MOST_WORDS]):
        if step.tag == "equal" and step.src_end - step.src_start >= LEAST_RUN:
            same_here.update(range(step.src_start, step.src_end))
            same_there.update(range(step.dest_start, step.dest_end))
    return _pieces(left, same_here), _pieces(right, same_there)


def _words(pieces: Sequence[str]) -> list[str]:
    return [piece.casefold() for piece in pieces if not piece.isspace()]


def _pieces(pieces: Sequence[str], same: set[int]) -> list[Piece]:
    """The pieces joined where they are marked alike; a blank is marked between two words that are."""
    marks, place = [], -1
    for piece in pieces:
        place += 0 if piece.isspace() else 1
        marks.append(place in same and (not piece.isspace() or place + 1 in same))
    runs = groupby(zip(pieces, marks, strict=True), key=lambda each: each[1])
    return [Piece("".join(piece for piece, _ in run), marked) for marked, run in runs]
