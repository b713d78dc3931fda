"""What stands in the way, as values and as the few errors that operations raise."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the step of the form it is on, the field's name, and words that say how to mend it."""

    step: str
    field: str
    message: str


class RefusedError(Exception):
    """Base of what an operation may answer instead of doing its work; ``str()`` is fit to be shown to the person."""


class MissingError(RefusedError):
    """No such thing, or not theirs: shown as 404 either way."""


class ForbiddenError(RefusedError):
    """The law (``policy.decide``) says no: 403 with the reason."""


class IllegalMoveError(RefusedError):
    """The thing is not in a state from which this may be done: 409."""


class ChangedError(IllegalMoveError):
    """Somebody else saved it meanwhile: 409, with what both of them wrote where the page knows it."""


class NotReadyError(RefusedError):
    """Something is still to be mended; the page is shown again with its problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
