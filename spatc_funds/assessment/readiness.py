"""Whether a bid's result can be settled (pure), and in words what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatc_funds.core.words import count_of


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many assessors the round needs, how many have the bid (nobody who is barred), how many of them are final.

    Beside them the names of the bodies whose scores count and are not there, and of the criteria of which the group
    would be told nothing. ``wide`` is a spread above the round's threshold that nobody has moderated: somebody has to
    say that the result is settled with it.
    """

    needed: int
    given: int
    final: int
    bodies: Sequence[str] = ()
    untold: Sequence[str] = ()
    wide: bool = False

    @property
    def wanted(self) -> int:
        """How many final sheets settle the bid: everybody's who has it, and at least as many as the round needs."""
        return max(self.needed, self.given)

    @property
    def scored(self) -> bool:
        """Every sheet of an assessor is there."""
        return self.final >= self.wanted

    @property
    def ready(self) -> bool:
        """Nothing is missing."""
        return self.scored and not self.bodies and not self.untold

    @property
    def short(self) -> int:
        """How many assessors are still to be found."""
        return max(0, self.needed - self.given)

    @property
    def asks(self) -> bool:
        """Nothing is missing, and the spread asks for moderation."""
        return self.ready and self.wide

    def missing(self) -> str:
        """What is missing, as a sentence; empty when nothing is.

        Feedback is asked for when all sheets are there: it is written on them.
        """
        waiting = self.given - self.final
        parts = []
        if self.short:
            parts.append(f"needs {count_of(self.short, 'more assessor')}")
        if waiting > 0:
            parts.append(f"waits for {count_of(waiting, 'assessor')} to finish")
        parts += [f"waits for the scores of {name}" for name in self.bodies]
        if self.scored and self.untold:
            parts.append(f"has no feedback on {_listed([f'“{name}”' for name in self.untold])}")
        text = _listed(parts)
        return f"{text[:1].upper()}{text[1:]}"


def _listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
