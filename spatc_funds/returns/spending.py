"""Spend by budget line (pure): what was planned, how far off it is, and when the grantee has to say why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spatc_funds.core.money import format_pounds, split_pence
from spatc_funds.core.problems import Problem

SMALL_PENCE = 800_000  # up to here a return stays short: one total of what was spent is enough
STEP = "money"


@dataclass(frozen=True, slots=True)
class Rule:
    """How far over a line may be without a word: the larger of ``percent`` of the line and ``pence`` (virement)."""

    percent: int
    pence: int


@dataclass(frozen=True, slots=True)
class Line:
    """One cost as it was planned, in whole pence, and what was spent on it since the start; None is not said yet."""

    number: int
    description: str
    planned_pence: int
    spent_pence: int | None = None
    why: str = ""

    @property
    def field(self) -> str:
        """The form's field for what was spent on it."""
        return f"line-{self.number}"

    @property
    def variance_pence(self) -> int | None:
        """Spent less planned: above nothing it cost more."""
        return None if self.spent_pence is None else self.spent_pence - self.planned_pence

    @property
    def variance_share(self) -> Fraction | None:
        """The same as a share of the line; None for a line of nothing."""
        variance = self.variance_pence
        return None if variance is None or not self.planned_pence else Fraction(variance, self.planned_pence)


def is_small(award_pence: int | None) -> bool:
    """Whether an award is one of those whose returns stay short."""
    return award_pence is not None and award_pence <= SMALL_PENCE


def planned(budget: Sequence[tuple[str, int]], award_pence: int | None) -> list[Line]:
    """The lines as promised. Where less was awarded than asked, each line is cut in the same share, to the penny."""
    asked = sum(pence for _, pence in budget)
    parts = {f"{number:04}": pence for number, (_, pence) in enumerate(budget, start=1)}
    if award_pence is not None and budget and award_pence != asked:
        parts = split_pence(award_pence, parts)
    return [
        Line(number, description, pence)
        for (number, (description, _)), pence in zip(enumerate(budget, start=1), parts.values(), strict=True)
    ]


def limit_pence(line: Line, rule: Rule) -> int:
    """The most that may be spent on a line before its grantee says why, in whole pence."""
    return line.planned_pence + max(line.planned_pence * rule.percent // 100, rule.pence)


def is_over(line: Line, rule: Rule) -> bool:
    """Whether more was spent on it than the rule lets pass without a word."""
    return line.spent_pence is not None and line.spent_pence > limit_pence(line, rule)


def begun(lines: Sequence[Line]) -> bool:
    """Whether anything was said of any line."""
    return any(line.spent_pence is not None or line.why for line in lines)


def problems(lines: Sequence[Line], total_pence: int | None, rule: Rule, *, needed: bool) -> list[Problem]:
    """What has to be mended: every line said, those far over explained, all of them the total.

    Where lines are not needed, none may be said at all.
    """
    if not lines or not (needed or begun(lines)):
        return []
    found = [_unsaid(line) for line in lines if line.spent_pence is None]
    found += [
        Problem(STEP, f"why-{line.number}", f"Say why “{line.description}” cost more than you planned")
        for line in lines
        if is_over(line, rule) and not line.why.strip()
    ]
    spent = sum(line.spent_pence or 0 for line in lines)
    if not any(line.spent_pence is None for line in lines) and total_pence is not None and spent != total_pence:
        words = f"Your lines add up to {format_pounds(spent)}, and you said that you spent {format_pounds(total_pence)}"
        found.append(Problem(STEP, lines[0].field, f"{words}. Make them the same"))
    return found


def remarks(lines: Sequence[Line], rule: Rule) -> list[str]:
    """Which lines an officer should ask about."""
    return [
        f"“{line.description}”: {variance_words(line)}, beyond what the round lets pass without a word"
        for line in lines
        if is_over(line, rule)
    ]


def fallen(lines: Sequence[Line], before: Mapping[int, int | None]) -> list[str]:
    """Which lines say less than the last return did, by line number: each counts from the start of the project."""
    return [
        f"“{line.description}”: spent fell from {format_pounds(was)} to {format_pounds(line.spent_pence)}, "
        "though it counts from the start"
        for line in lines
        for was in [before.get(line.number)]
        if was is not None and line.spent_pence is not None and line.spent_pence < was
    ]


def variance_words(line: Line) -> str:
    """``£250 more than planned (10%)``, ``as planned``, or ``not answered yet``."""
    variance, share = line.variance_pence, line.variance_share
    if variance is None:
        return "not answered yet"
    if not variance:
        return "as planned"
    side = "more" if variance > 0 else "less"
    percent = "" if share is None else f" ({_percent(abs(share))})"
    return f"{format_pounds(abs(variance))} {side} than planned{percent}"


def _percent(share: Fraction) -> str:
    whole = (share.numerator * 200 + share.denominator) // (2 * share.denominator)  # rounded half up
    return f"{whole:,}%" if whole else "under 1%"


def _unsaid(line: Line) -> Problem:
    message = f"Enter what you have spent on “{line.description}”. It can be 0"
    return Problem(STEP, line.field, message)
