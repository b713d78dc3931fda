"""Small multiples (pure): one drawing for each district, all of them on one scale and one stretch of time.

Lengths are in units of the drawing, rounded to tenths.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from spatc_funds.core.places import DISTRICTS, POLICE_AREA
from spatc_funds.framework.observed import AREAS, plain
from spatc_funds.framework.observing import Change, Scale, change, finding, length, scale

WIDTH, HEIGHT = 300, 150
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 26


@dataclass(frozen=True, slots=True)
class Point:
    """One figure; None where no new data was published."""

    period_from: date
    period_to: date
    value_milli: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines (the points of each, as SVG writes them), each figure's place, the baseline's height, the scale's lines."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    baseline: float | None
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """How one area stands: baseline and latest figure, and the change from one to the other where they compare."""

    area: str
    baseline: Point | None
    latest: Point | None
    change: Change | None
    drawn: Drawing | None

    @property
    def name(self) -> str:
        """The area's name."""
        return AREAS[self.area]

    @property
    def why_not(self) -> str:
        """Why there is no change, in words; empty where there is one."""
        if self.change is not None:
            return ""
        if self.baseline is None or self.latest is None:
            return "No baseline is held" if self.baseline is None else "No figure is held"
        if not self.baseline.value_milli:
            return "The baseline is 0, so no change is worked out"
        return "The baseline covers a longer or shorter time, so the two are not compared"


@dataclass(frozen=True, slots=True)
class Chart:
    """All of an indicator: its finding, the districts' lines on one scale, West Yorkshire's own, and the time drawn."""

    title: str
    districts: tuple[Line, ...]
    whole: Line
    first: date | None
    last: date | None


def chart(name: str, direction: str, series: Mapping[str, Sequence[Point]], baselines: Mapping[str, Point]) -> Chart:
    """Draw an indicator's figures by area. Only periods as long as the latest one are drawn and compared.

    West Yorkshire is more than any of its districts, so it has a drawing of its own, on its own scale.
    """
    every = [each for points in series.values() for each in points]
    told = [each for each in every if each.value_milli is not None]
    if not told:
        lines = tuple(Line(area, baselines.get(area), None, None, None) for area in AREAS)
        return Chart(finding(name, {}, {}), lines[1:], lines[0], None, None)
    latest = max(told, key=lambda each: (each.period_to, each.period_from))
    long = length(latest.period_from, latest.period_to)
    drawn = {area: [each for each in points if _length(each) == long] for area, points in series.items()}
    shown = [each for points in drawn.values() for each in points]
    first, last = min(each.period_from for each in shown), max(each.period_to for each in shown)
    scales = {True: _scale(DISTRICTS, drawn, baselines, long), False: _scale([POLICE_AREA], drawn, baselines, long)}
    lines = tuple(
        _line(area, drawn.get(area, ()), baselines.get(area), direction, scales[area in DISTRICTS], (first, last), long)
        for area in AREAS
    )
    changes = {each.name: each.change for each in lines[1:]}
    values = {each.name: each.latest.value_milli for each in lines[1:] if each.latest is not None}
    known = {area: value for area, value in values.items() if value is not None}
    return Chart(finding(name, changes, known), lines[1:], lines[0], first, last)


def drawing(points: Sequence[Point], on: Scale, first: date, last: date, baseline_milli: int | None) -> Drawing:
    """The figures in order of time from ``first`` to ``last``; a line breaks where no new data was published."""
    runs: list[list[tuple[float, float]]] = [[]]
    for each in sorted(points, key=_when):
        if each.value_milli is None:
            runs.append([])
        else:
            runs[-1].append((_across(each, first, last), _up(each.value_milli, on)))
    return Drawing(
        tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        tuple(place for run in runs for place in run),
        None if baseline_milli is None else _up(baseline_milli, on),
        tuple((_up(tick, on), _short(tick)) for tick in on.ticks),
    )


def _line(
    area: str,
    points: Sequence[Point],
    baseline: Point | None,
    direction: str,
    on: Scale,
    span: tuple[date, date],
    long: tuple[str, int],
) -> Line:
    told = [each for each in points if each.value_milli is not None]
    latest = max(told, key=_when, default=None)
    compared = baseline if baseline is not None and _length(baseline) == long else None
    base = compared.value_milli if compared else None
    moved = change(base, latest.value_milli if latest else None, direction)
    return Line(area, baseline, latest, moved, drawing(points, on, *span, base) if told else None)


def _scale(
    areas: Iterable[str], drawn: Mapping[str, Sequence[Point]], baselines: Mapping[str, Point], long: tuple[str, int]
) -> Scale:
    found = [each for area in areas for each in drawn.get(area, ())]
    found += [baselines[area] for area in areas if area in baselines and _length(baselines[area]) == long]
    return scale(each.value_milli for each in found if each.value_milli is not None)


def _when(point: Point) -> tuple[date, date]:
    return point.period_to, point.period_from


def _length(point: Point) -> tuple[str, int]:
    return length(point.period_from, point.period_to)


def _across(point: Point, first: date, last: date) -> float:
    """The middle of the period."""
    middle = (point.period_from.toordinal() + point.period_to.toordinal()) / 2
    whole = max(1, last.toordinal() - first.toordinal())
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (middle - first.toordinal()) / whole, 1)


def _up(milli: int, on: Scale) -> float:
    ground = HEIGHT - BOTTOM
    return round(ground - (ground - TOP) * (milli - on.low) / (on.high - on.low), 1)


def _short(milli: int) -> str:
    """A figure in the room beside a line: thousands and millions by their letters."""
    for size, unit, letter in ((10**9, 10**6, "m"), (10**7, 10**3, "k")):
        if abs(milli) >= size:
            return f"{plain(milli // unit)}{letter}"
    return plain(milli)
