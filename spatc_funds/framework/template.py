"""The service's own file of figures (pure): its columns, and what its rows say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from spatc_funds.core.places import POLICE_AREA
from spatc_funds.framework.observed import AREAS, Faults, Observed, Place, Reading, State, day, thousandths

COLUMNS = ("indicator", "area", "period_from", "period_to", "value", "state", "baseline")
YES_NO = {"yes": True, "no": False, "": None}
MOST_ROWS = 5_000
_AREAS = {word.casefold(): code for code, name in AREAS.items() for word in (code, name)}


def read_template(
    header: Sequence[str], rows: Iterable[Sequence[str]], indicators: Mapping[str, str], today: date
) -> Reading:
    """What the file says of these indicators (name or key → key), one figure for each indicator, area and period.

    Areas are GSS codes or names. A blank state is “published” where there is a value; a blank baseline leaves it as it
    is. A wrong header is the only fault of its file.
    """
    faults = Faults()
    missing = [name for name in COLUMNS if name not in header]
    often = Counter(header)
    unknown = [name for name, count in often.items() if name not in COLUMNS or count > 1]
    for name in missing:
        faults.add(1, name, "this column is missing")
    for name in unknown:
        faults.add(1, name[:40], "this column is not known, or stands twice")
    if faults.count:
        return Reading(0, (), faults)
    seen: dict[Place, tuple[int, Observed]] = {}
    count = 0
    for number, row in enumerate(rows, start=2):
        count += any(row)
        if count > MOST_ROWS:
            faults.add(number, "", f"at most {MOST_ROWS:,} rows fit into one file")
            break
        found = _cells(number, header, row, faults) if any(row) else None
        told = _row(number, found, indicators, today, faults) if found else None
        if told is not None and told.place in seen:
            faults.add(number, "", f"this indicator, area and period stand in row {seen[told.place][0]} already")
        elif told is not None:
            seen[told.place] = (number, told)
    if not count:
        faults.add(1, "", "there is no row under the header")
    return Reading(count, tuple(told for _number, told in seen.values()), faults)


def _cells(number: int, header: Sequence[str], row: Sequence[str], faults: Faults) -> dict[str, str] | None:
    if any(row[len(header) :]):
        faults.add(number, "", f"{len(header)} columns are needed, here are {len(row)}")
        return None
    return dict(zip(header, [*row, *[""] * len(header)], strict=False))


def _row(
    number: int, cells: Mapping[str, str], indicators: Mapping[str, str], today: date, faults: Faults
) -> Observed | None:
    before = faults.count
    indicator, area = (
        indicators.get(cells["indicator"]),
        _AREAS.get(cells["area"]) or _AREAS.get(cells["area"].casefold()),
    )
    if indicator is None:
        faults.add(number, "indicator", f"“{cells['indicator'][:60]}” is not an indicator of the current plan")
    if area is None:
        words = f"“{cells['area'][:40]}” is neither a district of West Yorkshire nor all of it ({POLICE_AREA})"
        faults.add(number, "area", words)
    first, last = (_day(number, name, cells[name], faults) for name in ("period_from", "period_to"))
    if first and last and first > last:
        faults.add(number, "period_to", "a period ends on its first day or later")
    if first and first > today:
        faults.add(number, "period_from", "this period has not begun yet")
    value = _value(number, cells, faults)
    baseline = YES_NO.get(cells["baseline"].casefold())
    if cells["baseline"].casefold() not in YES_NO:
        faults.add(number, "baseline", "yes, no, or blank")
    if baseline and cells["state"] == State.NO_NEW_DATA:
        faults.add(number, "baseline", "a baseline is a number")
    if faults.count > before or indicator is None or area is None or first is None or last is None:
        return None
    return Observed(indicator, area, first, last, value, baseline)


def _day(number: int, name: str, text: str, faults: Faults) -> date | None:
    try:
        return day(text)
    except ValueError as error:
        faults.add(number, name, str(error))
        return None


def _value(number: int, cells: Mapping[str, str], faults: Faults) -> int | None:
    """The number, None where no new data was published. Blank is unknown, and 0 is zero."""
    text, state = cells["value"], cells["state"]
    if state not in {"", *State}:
        faults.add(number, "state", f"write “{State.PUBLISHED}” or “{State.NO_NEW_DATA}”, or leave it blank")
    if state == State.NO_NEW_DATA and text:
        faults.add(number, "value", "where no new data was published there is no number")
    elif state != State.NO_NEW_DATA and not text:
        faults.add(number, "value", f"a number; where there is none, the state is “{State.NO_NEW_DATA}”")
    elif text:
        try:
            return thousandths(text)
        except ValueError as error:
            faults.add(number, "value", str(error))
    return None
