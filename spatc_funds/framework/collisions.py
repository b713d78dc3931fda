"""The Department for Transport's road-casualty statistics, collision file (pure), counted by district and month.

Source: STATS19, "dft-road-casualty-statistics-collision". What is counted is collisions in which somebody was killed
(severity 1) or seriously injured (2), each once however many people it hurt. Newer files call ``accident_`` what older
ones do ``collision_``, so both are read.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.words import count_of
from spatc_funds.framework.observed import THOUSAND, Faults, Observed, Reading, month
from spatc_funds.framework.sources import Sources

DATE, DISTRICT = "date", "local_authority_ons_district"
EITHER = ("accident_", "collision_")
INDEX, SEVERITY = "index", "severity"
SEVERITIES = frozenset({"1", "2", "3"})
_DATE = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>(?:19|20|21)[0-9]{2})", re.ASCII)
Month = tuple[int, int]


def read_collisions(header: list[str], rows: Iterable[list[str]], by: Sources, today: date) -> Reading:
    """Count the rows of the five districts. A wrong header is the only fault of its file.

    Where the file has rows of a district and a month, and none in which somebody was killed or badly hurt, that is 0.
    """
    faults = Faults()
    severity_name = _names(header, faults)
    if faults.count:
        return Reading(0, (), faults)
    on, where, severity = header.index(DATE), header.index(DISTRICT), header.index(severity_name)
    counts: Counter[tuple[Month, str]] = Counter()
    number, elsewhere = 1, 0
    for number, row in enumerate(rows, start=2):  # how many there were is said
        if len(row) != len(header):
            faults.add(number, "", f"{len(header)} columns are needed, here are {len(row)}")
            continue
        if row[where] not in DISTRICTS:
            elsewhere += 1
            continue
        when = _month(row[on], today)
        if when is None:
            faults.add(number, DATE, "a day that has been is written as 31/03/2025")
        elif row[severity] not in SEVERITIES:
            faults.add(number, severity_name, "1 is fatal, 2 serious and 3 slight")
        else:
            counts[when, row[where]] += row[severity] in by.severities
    if number == 1:
        faults.add(1, "", "there is no row under the header")
    notes = (f"{count_of(elsewhere, 'row')} of other places left out.",) if elsewhere else ()
    return Reading(number - 1, tuple(_observed(counts, by.collisions)), faults, notes)


def _names(header: list[str], faults: Faults) -> str:
    """What the file calls the severity; every column that has to be there once and is not, as a fault."""
    for name in (DATE, DISTRICT):
        if header.count(name) != 1:
            faults.add(1, name, "this column has to stand in the header once")
    for name in (INDEX, SEVERITY):
        if sum(header.count(prefix + name) for prefix in EITHER) != 1:
            faults.add(1, f"accident_{name} or collision_{name}", "one of these has to stand in the header once")
    return next((prefix + SEVERITY for prefix in EITHER if prefix + SEVERITY in header), "")


def _month(text: str, today: date) -> Month | None:
    found = _DATE.fullmatch(text)
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None
    return (on.year, on.month) if on is not None and on <= today else None


def _observed(counts: Counter[tuple[Month, str]], indicator: str) -> Iterable[Observed]:
    for (when, district), count in sorted(counts.items()):
        yield Observed(indicator, district, *month(*when), count * THOUSAND)
