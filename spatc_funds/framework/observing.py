"""What official figures say (pure): change against a baseline, one scale for all districts, what a file changes."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from spatc_funds.framework.observed import THOUSAND, Observed, Place, said

Verdict = Literal["good", "bad", "none"]
WAY = {"up": 1, "down": -1}
STEPS = (1, 2, 5)
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure is from its baseline: in thousandths, as a share of the baseline, and what that means."""

    milli: int
    share: Fraction
    verdict: Verdict

    @property
    def words(self) -> str:
        """``12 fewer than the baseline (down 5.0%): as the plan means it to go``."""
        if not self.milli:
            return "The same as the baseline"
        way, more = ("up", "more") if self.milli > 0 else ("down", "less")
        part = abs(self.share)
        shown = f"{float(part):.1%}" if part >= Fraction(1, 2000) else "under 0.1%"
        meant = {"good": ": as the plan means it to go", "bad": ": not as the plan means it to go", "none": ""}
        return f"{said(abs(self.milli))} {more} than the baseline ({way} {shown}){meant[self.verdict]}"


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale for several drawings, in thousandths: it begins at 0 or below, and its ticks are evenly apart."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        """Where its lines stand."""
        return range(self.low, self.high + 1, self.step)


@dataclass(frozen=True, slots=True)
class Difference:
    """What figures would change of those that are held: new ones, pairs of held and told, how many stay, and faults."""

    new: tuple[Observed, ...]
    changed: tuple[tuple[Observed, Observed], ...]
    same: int
    faults: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether anything would change."""
        return bool(self.new or self.changed)


def change(baseline_milli: int | None, value_milli: int | None, direction: str) -> Change | None:
    """A figure against its baseline; None where either is not there, or the baseline is 0 (nothing is a share of it).

    ``direction`` is where the plan means it to go, ``up`` or ``down``; by any other word no change is good or bad.
    """
    if not baseline_milli or value_milli is None:
        return None
    moved = value_milli - baseline_milli
    meant = moved * WAY.get(direction, 0)
    verdict: Verdict = "good" if meant > 0 else "bad" if meant < 0 else "none"
    return Change(moved, Fraction(moved, abs(baseline_milli)), verdict)


def length(first: date, last: date) -> tuple[str, int]:
    """How long a period is: in whole months where it is so many, else in days. Only equal lengths are compared."""
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        return "months", (last.year - first.year) * 12 + last.month - first.month + 1
    return "days", (last - first).days + 1


def scale(values: Iterable[int]) -> Scale:
    """The one scale that all of these values lie on, whatever their order: from 0 (or a round number below them) up."""
    found = list(values)
    low, high = min([0, *found]), max([0, *found])
    step = _step(high - low)
    bottom, top = low // step * step, -(-high // step) * step
    return Scale(bottom, top if top > bottom else step, step)


def compare(held: Mapping[Place, Observed], told: Sequence[Observed]) -> Difference:
    """Hold what is told against everything that is held of the same indicators.

    Where a file says nothing of a baseline, the one that is held stays. Examples never take the place of published
    figures, and an indicator has one baseline in an area.
    """
    new: list[Observed] = []
    changed: list[tuple[Observed, Observed]] = []
    faults: list[str] = []
    for each in told:
        known = held.get(each.place)
        settled = _settled(each, known)
        if known is None:
            new.append(settled)
        elif known != settled:
            changed.append((known, settled))
            if settled.example and not known.example:
                faults.append("an example figure cannot take the place of a published one")
    after = {**held, **{each.place: each for each in new}, **{each.place: each for _known, each in changed}}
    faults += _baselines(after.values())
    return Difference(tuple(new), tuple(changed), len(told) - len(new) - len(changed), tuple(dict.fromkeys(faults)))


def finding(name: str, changes: Mapping[str, Change | None], latest: Mapping[str, int]) -> str:
    """What a chart shows, as its title: by district, how they stand to their baselines, or where the figures lie."""
    known = [each for each in changes.values() if each is not None]
    if known:
        below, above = sum(each.milli < 0 for each in known), sum(each.milli > 0 for each in known)
        level = len(known) - below - above
        parts = [f"below its baseline in {below}"] if below else []
        parts += [f"above in {above}" if below else f"above its baseline in {above}"] if above else []
        parts += [f"level in {level}" if below or above else f"level with its baseline in {level}"] if level else []
        return f"{name}: {', '.join(parts)} of {len(known)} {'district' if len(known) == 1 else 'districts'}"
    if not latest:
        return f"{name}: no figures by district yet"
    lowest, highest = (pick(latest, key=lambda name: (latest[name], name)) for pick in (min, max))
    if latest[lowest] == latest[highest]:
        where = lowest if len(latest) == 1 else "each district"
        return f"{name}: {said(latest[lowest])} in {where}, the latest figures"
    return f"{name}: from {said(latest[lowest])} in {lowest} to {said(latest[highest])} in {highest}, the latest"


def _settled(told: Observed, known: Observed | None) -> Observed:
    """As it would be held."""
    baseline = told.baseline if told.baseline is not None else bool(known and known.baseline)
    return Observed(*told.place, told.value_milli, baseline, told.example)


def _baselines(held: Iterable[Observed]) -> list[str]:
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for each in held:
        if not each.baseline:
            continue
        if each.value_milli is None:
            faults.append(f"{each.indicator} in {each.area}: a baseline is a number, so it cannot be without data")
        seen[each.indicator, each.area] = seen.get((each.indicator, each.area), 0) + 1
    return faults + [
        f"{indicator} in {area} would have {count} baselines: say “no” for the one that it has now"
        for (indicator, area), count in sorted(seen.items())
        if count > 1
    ]


def _step(span: int) -> int:
    """The smallest of 1, 2 and 5 times a power of ten that needs no more lines than are drawn."""
    power = 1 if 0 < span < THOUSAND else THOUSAND  # whole numbers, where the figures are
    while True:
        for each in STEPS:
            if span <= each * power * (MOST_TICKS - 1):
                return each * power
        power *= 10
