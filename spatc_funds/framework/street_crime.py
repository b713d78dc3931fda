"""police.uk's street-level crime file (pure): its rows counted by district and month, one row at a time.

Source: data.police.uk, "Street-level crimes" CSV. The district is the LSOA's name without its last word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from spatc_funds.core.places import DISTRICT_CODES
from spatc_funds.core.words import count_of
from spatc_funds.framework.observed import THOUSAND, Faults, Observed, Reading, month
from spatc_funds.framework.sources import Sources

MONTH, FORCE, LSOA, TYPE = 1, 3, 8, 9
MOST_REMEMBERED = 5_000  # more months, places or forces than any true file has
NAMED = 6
_MONTH = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])", re.ASCII)


def read_crimes(header: list[str], rows: Iterable[list[str]], by: Sources, today: date) -> Reading:
    """Count the rows; those of other places are left out, and said. A wrong header is the only fault of its file.

    Where the file has rows of a district and a month, and none of a type that it has elsewhere that month, that is 0.
    """
    faults = Faults()
    if tuple(header) != by.street_header:
        faults.add(1, "", f"the header row has to be: {','.join(by.street_header)}")
        return Reading(0, (), faults)
    tally, number = _Tally(by, today, faults), 1
    for number, row in enumerate(rows, start=2):
        tally.take(number, row)
    if number == 1:
        faults.add(1, "", "there is no row under the header")
    return Reading(number - 1, tuple(tally.observed()), faults, tuple(tally.notes()))


class _Tally:
    """Counts by month, district and type of crime; what it remembers does not grow with the rows."""

    def __init__(self, by: Sources, today: date, faults: Faults) -> None:
        self.by, self.this_month, self.faults = by, f"{today:%Y-%m}", faults
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.elsewhere = 0
        self._months: dict[str, bool] = {}
        self._districts: dict[str, str] = {}
        self._forces: set[str] = set()

    def take(self, number: int, row: list[str]) -> None:
        """One row, or its fault."""
        if len(row) != len(self.by.street_header):
            self.faults.add(number, "", f"{len(self.by.street_header)} columns are needed, here are {len(row)}")
        elif not self._is_month(row[MONTH]):
            self.faults.add(number, "Month", "a month that has begun is written as 2025-03")
        elif row[TYPE] not in self.by.crime_types:
            self.faults.add(number, "Crime type", f"“{row[TYPE][:40]}” is no type of crime that police.uk publishes")
        else:
            district = self._district(row[LSOA])
            if district:
                self.counts[row[MONTH], district, row[TYPE]] += 1
            else:
                self.elsewhere += 1
            if len(self._forces) < MOST_REMEMBERED:
                self._forces.add(row[FORCE])

    def observed(self) -> Iterator[Observed]:
        """What was counted of each indicator."""
        covered = sorted({(when, district) for when, district, _kind in self.counts})
        held = self._held()
        for indicator, kinds in sorted(self.by.street.items()):
            for when, district in covered:
                if any((when, kind) in held for kind in kinds):
                    first, last = month(int(when[:4]), int(when[5:]))
                    total = sum(self.counts[when, district, kind] for kind in kinds)
                    yield Observed(indicator, district, first, last, total * THOUSAND)

    def notes(self) -> Iterator[str]:
        """What was left out, and what looks like a file that is not whole."""
        if self.elsewhere:
            yield f"{count_of(self.elsewhere, 'row')} elsewhere, or without a place, left out."
        if len(self._forces) > 1:
            yield f"The file has rows of {len(self._forces):,} forces: {', '.join(sorted(self._forces)[:NAMED])}."
        held, wanted = self._held(), sorted(set().union(*self.by.street.values()))
        for when in sorted({when for when, _kind in held}):
            missing = [kind for kind in wanted if (when, kind) not in held]
            if missing:
                yield f"{when} has no row of {', '.join(missing)}. Is that the whole file?"

    def _held(self) -> set[tuple[str, str]]:
        return {(when, kind) for when, _district, kind in self.counts}

    def _is_month(self, text: str) -> bool:
        known = self._months.get(text)
        if known is None:
            known = _MONTH.fullmatch(text) is not None and text <= self.this_month
            if len(self._months) < MOST_REMEMBERED:
                self._months[text] = known
        return known

    def _district(self, lsoa: str) -> str:
        known = self._districts.get(lsoa)
        if known is None:
            known = DISTRICT_CODES.get(lsoa.rpartition(" ")[0], "")
            if len(self._districts) < MOST_REMEMBERED:
                self._districts[lsoa] = known
        return known
