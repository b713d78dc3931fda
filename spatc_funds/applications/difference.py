"""What is different between two versions of what was sent (pure), by the labels that people read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from spatc_funds.applications.copying import Content, eligibility_rows, question_rows, sections

# Comparing words takes as long as one side times the other: above this they are marked whole.
MOST_COMPARED = 500_000
Answers = dict[tuple[str, str], str]
_PIECE = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, and whether the other version lacks it."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is not the same; a side that did not have it at all is empty."""

    label: str
    before: Sequence[Piece]
    after: Sequence[Piece]


def changes(before: Content, after: Content) -> list[Change]:
    """Every answer that differs, in the order of the later version; what it no longer has comes last."""
    old, new = _answers(before), _answers(after)
    return [Change(place[1], *_sides(old.get(place, ""), new.get(place, ""))) for place in _differing(old, new)]


def labels(before: Content, after: Content) -> list[str]:
    """The labels alone, without comparing the words."""
    return [label for _section, label in _differing(_answers(before), _answers(after))]


def _differing(old: Answers, new: Answers) -> list[tuple[str, str]]:
    places = [*new, *(place for place in old if place not in new)]
    return [place for place in places if old.get(place, "") != new.get(place, "")]


def _answers(content: Content) -> Answers:
    """The words of each answer, by section and label."""
    parts = [(section.title, section.rows) for section in sections(content)]
    parts += [("Answers", question_rows(content)), ("Who can apply", eligibility_rows(content))]
    return {(title, row.label): "\n".join(row.lines) for title, rows in parts for row in rows}


def _sides(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, the words that the other one lacks marked."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    steps: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))]
    if len(old) * len(new) <= MOST_COMPARED:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    left = _joined([Piece("".join(old[a:b]), kind != "equal") for kind, a, b, _, _ in steps if a != b])
    right = _joined([Piece("".join(new[a:b]), kind != "equal") for kind, _, _, a, b in steps if a != b])
    return left, right


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Marked words with nothing but a blank between them are one run."""
    found: list[Piece] = []
    for place, piece in enumerate(pieces):
        beside = found and found[-1].marked and pieces[place + 1 : place + 2]
        between = beside and beside[0].marked and not piece.text.strip()
        marked = piece.marked or bool(between)
        if found and found[-1].marked and marked:
            found[-1] = Piece(found[-1].text + piece.text, marked=True)
        else:
            found.append(Piece(piece.text, marked))
    return found
