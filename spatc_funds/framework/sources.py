"""Which rows of a published file count for which indicator (pure): read once from the product's own data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "indicator_sources.json"


@dataclass(frozen=True, slots=True)
class Sources:
    """police.uk's header row and crime types, the types that each indicator counts; of collisions which severities."""

    street_header: tuple[str, ...]
    crime_types: frozenset[str]
    street: Mapping[str, frozenset[str]]
    collisions: str
    severities: frozenset[str]


@cache
def sources() -> Sources:
    """The mapping of ``data/indicator_sources.json``."""
    told = json.loads(DATA.read_text(encoding="utf-8"))
    police, roads = told["police_uk"], told["road_casualties"]
    return Sources(
        tuple(police["header"].split(",")),
        frozenset(police["crime_types"]),
        {key: frozenset(types) for key, types in police["indicators"].items()},
        roads["indicator"],
        frozenset(roads["severities"]),
    )
