"""The agenda of a panel (pure): which bids first and why, and for each bid who leaves, who counts and who chairs."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Bid = TypeVar("Bid", bound=Hashable)


class Part(StrEnum):
    """Why a bid is on the agenda; the first reason that holds."""

    CHANGES = "changes"
    WIDE = "wide"
    REST = "rest"


PARTS = tuple(Part)


@dataclass(frozen=True, slots=True)
class Talk:
    """A bid as the agenda sees it: its rank in its pot, what would move it over the line, and its spread in marks."""

    reference: str
    rank: int
    moved_by: Sequence[str]
    spread: Fraction


def part_of(talk: Talk, threshold: int) -> Part:
    """Would its answer change? Else: are its assessors further apart than the threshold, in marks? Else the rest."""
    if talk.moved_by:
        return Part.CHANGES
    return Part.WIDE if talk.spread > threshold else Part.REST


def in_order(talks: Iterable[Talk], threshold: int) -> list[Talk]:
    """The parts one after another: by rank, those that are wide by their spread first."""

    def place(talk: Talk) -> tuple[int, Fraction, int]:
        part = part_of(talk, threshold)
        return PARTS.index(part), -talk.spread if part is Part.WIDE else Fraction(0), talk.rank

    return sorted(talks, key=place)


@dataclass(frozen=True, slots=True)
class Panel:
    """Who sits on a panel day, by person: members, those of them in the room, the chair and the deputy."""

    members: frozenset[int]
    present: frozenset[int]
    chair: int
    deputy: int
    quorum: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """A panel as it sits for one bid: who is in the room, who of all members stays out, who counts, who chairs."""

    present: int
    out: frozenset[int]
    leaving: int
    counting: frozenset[int]
    chair: int | None
    quorum: int

    @property
    def quorate(self) -> bool:
        """Whether enough people count."""
        return len(self.counting) >= self.quorum

    @property
    def words(self) -> str:
        """``4 present, 1 must leave, 3 count; quorum 3``."""
        count = len(self.counting)
        leave = f"{self.leaving} must leave, " if self.leaving else ""
        return f"{self.present} present, {leave}{count} {'counts' if count == 1 else 'count'}; quorum {self.quorum}"


def sitting(panel: Panel, barred: Collection[int]) -> Sitting:
    """The panel for a bid from which these people are barred.

    The chair hands over to the deputy where they are barred or not in the room; None where neither can chair.
    """
    out = panel.members & frozenset(barred)
    present = panel.members & panel.present
    counting = present - out
    chair = next((each for each in (panel.chair, panel.deputy) if each in counting), None)
    return Sitting(len(present), out, len(present & out), counting, chair, panel.quorum)


def kept(held: Sequence[Bid], hidden: Collection[Bid], chosen: Sequence[Bid]) -> list[Bid]:
    """A new order of an agenda, made by somebody who does not see all of it: what is hidden stays in its place.

    A hidden bid keeps its place, counted from 0, or comes last where the agenda is shorter now.
    """
    order = [each for each in chosen if each not in hidden]
    for place, each in enumerate(held):
        if each in hidden:
            order.insert(place, each)
    return order
