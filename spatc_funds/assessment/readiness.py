"""Whether a bid's result can be settled (pure), and in words what is missing."""

from dataclasses import dataclass

from spatc_funds.core.words import count_of


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many assessors the round needs, how many have the bid (nobody who is barred), how many of them are final."""

    needed: int
    given: int
    final: int

    @property
    def wanted(self) -> int:
        """How many final sheets settle the bid: everybody's who has it, and at least as many as the round needs."""
        return max(self.needed, self.given)

    @property
    def ready(self) -> bool:
        """Nothing is missing."""
        return self.final >= self.wanted

    @property
    def short(self) -> int:
        """How many assessors are still to be found."""
        return max(0, self.needed - self.given)

    def missing(self) -> str:
        """What is missing, as a sentence; empty when nothing is."""
        waiting = self.given - self.final
        parts = []
        if self.short:
            parts.append(f"needs {count_of(self.short, 'more assessor')}")
        if waiting > 0:
            parts.append(f"waits for {count_of(waiting, 'assessor')} to finish")
        text = " and ".join(parts)
        return f"{text[:1].upper()}{text[1:]}" if text else ""
