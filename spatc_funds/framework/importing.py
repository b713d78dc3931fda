"""Official figures put in: from a file, all of it or nothing, and by hand where no new data was published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from spatc_funds.core.problems import ChangedError, IllegalMoveError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.models import ImportKind, Indicator, IndicatorImport, Observation
from spatc_funds.framework.observed import AREAS, Observed, State, period
from spatc_funds.framework.observing import Difference, compare
from spatc_funds.framework.queries import indicators_by_key, observations_in
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit

CHANGED = "The figures have changed since you looked at what this file would do. Look again before you save it."


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of figures: what it is, where it comes from, and what it says."""

    kind: ImportKind
    file_name: str
    sha256: str
    rows: int
    source: str
    published_on: date
    licence: str
    example: bool
    observed: tuple[Observed, ...]


def difference(brought: Brought) -> Difference:
    """What it would change now, of the current plan's indicators."""
    return _difference(brought, indicators_by_key())


def digest(found: Difference) -> str:
    """What was shown of a difference, so that saving it can tell whether it is still the same."""
    lines = [[str(part) for part in (*each.place, each.value_milli, each.baseline, each.example)] for each in found.new]
    lines += [
        [str(part) for part in (*new.place, old.value_milli, old.baseline, old.example, new.value_milli, new.baseline)]
        for old, new in found.changed
    ]
    return content_hash({"lines": lines, "same": found.same})


def import_figures(actor: Actor, brought: Brought, shown: str, at: datetime) -> Difference:
    """Save what the file changes, which has to be what was shown. Raises ChangedError and NotReadyError."""
    permit(actor, Action.INDICATOR_IMPORT)
    return _save(brought, actor.id, at, shown)


def load_figures(brought: Brought, at: datetime) -> Difference:
    """The same for a command. Raises NotReadyError."""
    return _save(brought, None, at, None)


def observe(actor: Actor, indicator: Indicator, areas: Sequence[str], first: date, last: date) -> int:
    """Record that no new data was published for a period; how many areas that is new for.

    Raises IllegalMoveError where a number is held: only a file takes a number's place.
    """
    permit(actor, Action.INDICATOR_OBSERVE)
    _lock([indicator.held_id])
    held = {each.area: each for each in _held_of(indicator, first, last)}
    for area in areas:
        if area in held and held[area].state is State.PUBLISHED:
            message = f"A figure is held for {AREAS[area]}, {period(first, last)}. Only a file can take its place."
            raise IllegalMoveError(message)
    new = [area for area in areas if area not in held]
    db.session.add_all(
        Observation(
            indicator_id=indicator.held_id,
            area=area,
            period_from=first,
            period_to=last,
            state=State.NO_NEW_DATA,
            is_baseline=False,
            is_example=False,
        )
        for area in new
    )
    db.session.flush()
    return len(new)


def _held_of(indicator: Indicator, first: date, last: date) -> Iterable[Observation]:
    return db.session.scalars(
        select(Observation).where(
            Observation.indicator_id == indicator.held_id,
            Observation.period_from == first,
            Observation.period_to == last,
        )
    )


def _difference(brought: Brought, indicators: Mapping[str, Indicator]) -> Difference:
    keys = {each.indicator for each in brought.observed}
    unknown = sorted(keys - set(indicators))
    if unknown:
        return Difference((), (), 0, (f"The current plan has no indicator {', '.join(unknown)}",))
    held = {each.place: each for each, _row in observations_in([indicators[key] for key in sorted(keys)])}
    return compare(held, [_marked(each, brought) for each in brought.observed])


def _marked(each: Observed, brought: Brought) -> Observed:
    return Observed(*each.place, each.value_milli, each.baseline, brought.example)


def _save(brought: Brought, person_id: int | None, at: datetime, shown: str | None) -> Difference:
    indicators = indicators_by_key()
    _lock([each.held_id for each in indicators.values()])
    found = _difference(brought, indicators)
    if shown is not None and digest(found) != shown:
        raise ChangedError(CHANGED)
    if found.faults:
        raise NotReadyError([Problem("import", "file", fault) for fault in found.faults])
    if not found.is_one:
        return found
    made = IndicatorImport(
        kind=brought.kind,
        file_name=brought.file_name,
        sha256=brought.sha256,
        rows_read=brought.rows,
        added=len(found.new),
        corrected=len(found.changed),
        source=brought.source,
        published_on=brought.published_on,
        licence=brought.licence,
        is_example=brought.example,
        imported_at=at,
        imported_by_id=person_id,
    )
    db.session.add(made)
    db.session.flush()
    _write(found, indicators, made)
    return found


def _write(found: Difference, indicators: Mapping[str, Indicator], made: IndicatorImport) -> None:
    keys = sorted({new.indicator for _old, new in found.changed})
    rows = {each.place: row for each, row in observations_in([indicators[key] for key in keys])}
    for _old, new in found.changed:
        if not new.baseline:
            _set(rows[new.place], new, made)
    db.session.flush()  # an indicator has one baseline in an area: the old one ends first
    for _old, new in found.changed:
        if new.baseline:
            _set(rows[new.place], new, made)
    for new in found.new:
        row = Observation(
            indicator_id=indicators[new.indicator].held_id,
            area=new.area,
            period_from=new.period_from,
            period_to=new.period_to,
        )
        _set(row, new, made)
        db.session.add(row)
    db.session.flush()


def _set(row: Observation, told: Observed, made: IndicatorImport) -> None:
    row.value_milli, row.state = told.value_milli, told.state
    row.is_baseline, row.is_example, row.import_id = bool(told.baseline), told.example, made.id


def _lock(ids: Sequence[int]) -> None:
    """One import at a time: what was compared is what is written."""
    db.session.execute(select(Indicator.id).where(Indicator.id.in_(ids)).order_by(Indicator.id).with_for_update())
