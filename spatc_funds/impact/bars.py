"""Lengths and shades of charts (pure). A chart never stands alone: the same figures are the table around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatc_funds.core.places import DISTRICTS

WIDTH = 160
SHADES = 4
# Where the five districts stand to each other, as a plan of tiles: column and row. It is no map, and says so.
PLACES = {"E08000032": (0, 0), "E08000035": (1, 0), "E08000033": (0, 1), "E08000034": (1, 1), "E08000036": (2, 1)}
TILE, GAP = 100, 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the plan of tiles; ``shade`` is from 0 (nothing) to 4 (the most)."""

    code: str
    name: str
    x: int
    y: int
    shade: int


def lengths(figures: Sequence[int], width: int = WIDTH) -> list[int]:
    """Bars on one scale from nothing to the largest; what is not nothing is seen. Raises ValueError below nothing."""
    if any(each < 0 for each in figures):
        message = "a bar below nothing"
        raise ValueError(message)
    most = max(figures, default=0)
    return [max(1, each * width // most) if each else 0 for each in figures]


def tiles(figures: Mapping[str, int]) -> list[Tile]:
    """The five districts, shaded in four equal steps up to the largest; a district without a figure has none."""
    most = max((figures.get(code, 0) for code in PLACES), default=0)
    step = TILE + GAP
    return [
        Tile(code, DISTRICTS[code], column * step, row * step, _shade(figures.get(code, 0), most))
        for code, (column, row) in PLACES.items()
    ]


def _shade(figure: int, most: int) -> int:
    return 0 if figure <= 0 else -(-figure * SHADES // most)
