"""Who the people were, as counts only (pure): which ways of parting a measure asks for, and when the parts fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.problems import Problem

UNIQUE = "unique people"
NOT_KNOWN = "not-known"
DISTRICT, AGE_BAND = "district", "age-band"
STEP = "people"
LAST = {NOT_KNOWN: "Not known"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of parting people: its heading and its parts, key → words. "Not known" is a part of each."""

    label: str
    parts: Mapping[str, str]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        DISTRICT: Kind("Where they live", {**DISTRICTS, "elsewhere": "Somewhere else", **LAST}),
        AGE_BAND: Kind(
            "How old they are",
            {
                "under-11": "Under 11",
                "11-17": "11 to 17",
                "18-24": "18 to 24",
                "25-64": "25 to 64",
                "65-and-over": "65 and over",
                **LAST,
            },
        ),
        "sex": Kind("Their sex", {"female": "Female", "male": "Male", **LAST}),
        "ethnicity": Kind(
            "Their ethnic group",
            {
                "asian": "Asian or Asian British",
                "black": "Black, Black British, Caribbean or African",
                "mixed": "Mixed or multiple ethnic groups",
                "white": "White",
                "other": "Another ethnic group",
                **LAST,
            },
        ),
        "disability": Kind("Disabled people", {"disabled": "Disabled", "not-disabled": "Not disabled", **LAST}),
    }
)
USUAL = (DISTRICT, AGE_BAND)
LEAST_AGE = MappingProxyType({"under-11": 0, "11-17": 11, "18-24": 18, "25-64": 25, "65-and-over": 65})


@dataclass(frozen=True, slots=True)
class Split:
    """One measure parted in one way: the number that the parts belong to, and each part that was said."""

    measure: str
    name: str
    kind: str
    total: int
    said: Mapping[str, int]

    @property
    def label(self) -> str:
        """Its heading."""
        return KINDS[self.kind].label

    @property
    def group(self) -> str:
        """What its parts are asked about together by."""
        return f"s-{self.measure}-{self.kind}"

    @property
    def first(self) -> str:
        """The first of its parts."""
        return next(iter(KINDS[self.kind].parts))

    def field(self, part: str) -> str:
        """The form's field for a part."""
        return f"{self.group}-{part}"

    @property
    def counted(self) -> int:
        """What the parts add up to."""
        return sum(self.said.values())

    @property
    def known(self) -> int:
        """The same without those of whom it is not known."""
        return self.counted - self.said.get(NOT_KNOWN, 0)


def asked(basis: str, key: str, settings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The ways in which a round asks for a measure's people, in the order of ``KINDS``.

    Only people who are counted once can be parted; by district and age band unless the round says otherwise.
    """
    if basis != UNIQUE:
        return ()
    wanted = settings.get(key, USUAL)
    return tuple(kind for kind in KINDS if kind in wanted)


def problems(splits: Sequence[Split], *, needed: bool) -> list[Problem]:
    """What has to be mended: no parts above the whole; where they are needed, at least one part of each."""
    found = []
    for split in splits:
        first = split.field(split.first)
        if split.counted > split.total:
            words = f"“{split.name}”, {split.label.lower()}: the parts add up to {split.counted:,}"
            found.append(Problem(STEP, first, f"{words}, and there are {split.total:,} people"))
        elif needed and not split.said:
            words = f"Say {split.label.lower()} for “{split.name}”"
            found.append(Problem(STEP, first, f"{words}. If you do not know, put all of them under “Not known”"))
    return found


def remarks(splits: Sequence[Split]) -> list[str]:
    """Where little is known of whom, for the officer to ask about."""
    return [
        f"“{split.name}”, {split.label.lower()}: known of {split.known:,} of {split.total:,}"
        for split in splits
        if split.said and split.known * 2 < split.total
    ]


def split_words(split: Split) -> str:
    """``Leeds: 12, Not known: 3``, in the order of the parts; empty where nothing was said."""
    parts = KINDS[split.kind].parts
    return ", ".join(f"{words}: {split.said[key]:,}" for key, words in parts.items() if key in split.said)
