"""Figures in words (pure): a range of people, n of m, a sum; nothing reported is not zero."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.core.words import count_of
from spatc_funds.framework.mapping import HUNDRED
from spatc_funds.framework.measures import MONEY, in_words
from spatc_funds.impact.rollup import MeasureFigure, plain
from spatc_funds.returns.splits import KINDS


def said(figure: MeasureFigure) -> str:
    """A rolled-up figure in words."""
    rolled = figure.rolled
    numbers = (plain(each) for each in (rolled.low, rolled.high, rolled.n, rolled.of, rolled.value))
    return _words(figure.rule.basis, *numbers)


def target_words(figure: MeasureFigure) -> str:
    """What was promised in all."""
    return _target(figure.rule.basis, figure.target)


def told_target(measure: Mapping[str, Any]) -> str:
    """The same of a measure of an exported member."""
    return _target(measure["basis"], measure["target"])


def coverage(figure: MeasureFigure) -> str:
    """How much a figure rests on."""
    return _rests_on(figure.projects_reporting, figure.projects_due)


def promised(figure: MeasureFigure) -> str:
    """How much of what was promised has been counted so far; of a range, both ends. Promises count whole projects."""
    return _of_promise(figure.rolled.low, figure.rolled.high, figure.rolled.value, figure.target)


def told_of_promise(measure: Mapping[str, Any]) -> str:
    """The same of a measure of an exported member."""
    return _of_promise(measure["low"], measure["high"], measure["value"], measure["target"])


def told_coverage(measure: Mapping[str, Any]) -> str:
    """How much a measure of an exported member rests on."""
    return "Left out" if measure.get("left_out") else _rests_on(measure["projects_reporting"], measure["projects_due"])


def told_returns(member: Mapping[str, Any]) -> str:
    """``9 of 12``: how many of the due returns are accepted; statements of before do not say which were due."""
    return f"{member.get('due_accepted', member['returns_accepted']):,} of {member['returns_due']:,}"


def number(value: Fraction) -> str:
    """A whole number with its commas, or one decimal."""
    return _count(plain(value) or 0)


def told(measure: Mapping[str, Any]) -> str:
    """A measure of an exported member in words."""
    if measure.get("left_out"):
        return "Left out"
    return _words(measure["basis"], *(measure[name] for name in ("low", "high", "n", "of", "value")))


def moved(figure: Any, *, pence: bool) -> str:
    """One side of a difference in words; what a statement does not have is said."""
    if figure is None:
        return "Not in it"
    basis = MONEY if pence else ""
    return _words(basis, *figure) if isinstance(figure, tuple) else _count(figure, basis)


def split_head(split_by: str) -> str:
    """What a total is split by, as a heading: a return's own question, or the word that a file used."""
    return KINDS[split_by].label if split_by in KINDS else split_by.replace("-", " ").capitalize()


def split_part(split_by: str, key: str) -> str:
    """One part of it, by its name where it has one."""
    return KINDS[split_by].parts.get(key, key) if split_by in KINDS else key


def _of_promise(low: Any, high: Any, value: Any, target: int | None) -> str:
    if not target or value is high is None:
        return ""
    ends = (low, high) if high is not None else (value, value)
    first, last = (round((each or 0) * HUNDRED / target) for each in ends)
    return f"{first}%" if first == last else f"{first}% to {last}%"


def _rests_on(reporting: int, due: int) -> str:
    """Some report before they are due, or what they never promised: then one is no part of the other."""
    if reporting <= due:
        return f"{reporting} of {due} due projects reported"
    return f"{count_of(reporting, 'project')} reported, {due} {'was' if due == 1 else 'were'} due"


def _target(basis: str, target: int | None) -> str:
    return "Not added up" if target is None else in_words(basis, target)


def _words(basis: str, low: Any, high: Any, n: Any, of: Any, value: Any) -> str:
    if low is not None and high is not None:
        return _count(low, basis) if low == high else f"{_count(low, basis)} to {_count(high, basis)}"
    if n is not None and of is not None:
        return f"{_count(n)} of {_count(of)}"
    return _count(value, basis) if value is not None else "Nothing reported yet"


def _count(figure: float, basis: str = "") -> str:
    if basis == MONEY:
        return format_pounds(round(figure))
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:,.1f}"


# What a page that shows a statement says its figures with.
IN_WORDS: Mapping[str, Any] = {
    each.__name__: each for each in (told, told_target, told_coverage, told_returns, split_head, split_part)
}
