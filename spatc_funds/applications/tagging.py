"""What an application has to tag, by the rule of its round (pure). The rule has differed from round to round.

Round 1 of the fund asked for at least one cross-cutting theme; round 2 for a theme and a priority of the plan; rounds 3
to 5 were for one priority, which the round itself names. The themes belong to one of the plan's priorities, the
strategy's own: a project of another priority has no theme of it.
"""

from dataclasses import dataclass

ONE_CROSS_CUTTING, THEME_AND_PRIORITY, FIXED_PRIORITY = "one-cross-cutting", "theme-and-priority", "fixed-priority"


@dataclass(frozen=True, slots=True)
class Needed:
    """Which of the plan's parts an application has to name."""

    theme: bool = True
    priority: bool = False
    cross_cutting: bool = False


def needed(rule: str, fixed: str | None, strategy: str, chosen: str | None) -> Needed:
    """By the round's rule, its fixed priority if any, the strategy's own, and what was chosen so far; as keys."""
    if rule == FIXED_PRIORITY:
        return Needed(theme=fixed in {None, strategy})
    if rule == THEME_AND_PRIORITY:
        return Needed(theme=chosen in {None, strategy}, priority=True)
    return Needed(cross_cutting=rule == ONE_CROSS_CUTTING)
