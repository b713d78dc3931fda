"""What stands in the way of sending a return, and what an officer should look at (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatc_funds.core.problems import Problem
from spatc_funds.core.words import count_words
from spatc_funds.framework.measures import in_words

REPORTED = "reported"
STORY_WORDS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in a return: its field, name, whether it is n-of-m, what was promised and what is reported."""

    field: str
    name: str
    n_of_m: bool
    state: str | None
    value: int | None
    value_of: int | None
    target: int | None = None
    basis: str = ""

    def words(self, number: int) -> str:
        """One of its numbers in words."""
        return in_words(self.basis, number)


def problems(lines: Sequence[Line], story: str, spent_pence: int | None) -> list[Problem]:
    """What has to be mended before the return can be sent. Zero is an answer, and so is "nothing to report"."""
    found = []
    for line in lines:
        if line.state is None:
            found.append(
                Problem("return", line.field, f"Say what you counted for “{line.name}”, or that it is nothing yet")
            )
        elif line.state == REPORTED and line.value is None:
            found.append(Problem("return", line.field, f"Enter a number for “{line.name}”"))
        elif line.state == REPORTED and line.n_of_m and line.value_of is None:
            found.append(Problem("return", line.field, f"Enter how many people were asked for “{line.name}”"))
        elif line.n_of_m and line.state == REPORTED and line.value_of == 0:
            found.append(Problem("return", line.field, f"If nobody was asked, “{line.name}” has nothing to report yet"))
        elif line.value is not None and line.value_of is not None and line.value > line.value_of:
            found.append(Problem("return", line.field, f"“{line.name}” counts more people than were asked"))
    if spent_pence is None:
        found.append(Problem("return", "spent", "Enter what you have spent of the award so far"))
    if not story.strip():
        found.append(Problem("return", "story", "Tell us in a few words how it went"))
    if (words := count_words(story)) > STORY_WORDS:
        found.append(Problem("return", "story", f"How it went must be {STORY_WORDS} words or fewer. It has {words:,}."))
    return found


def remarks(lines: Sequence[Line], spent_pence: int | None, award_pence: int | None) -> list[str]:
    """What an officer should ask about before accepting. It refuses nothing."""
    found = [
        f"“{line.name}”: {line.words(line.value)} reported, {line.words(line.target)} promised"
        for line in lines
        if line.state == REPORTED and line.value is not None and line.target and line.value * 2 < line.target
    ]
    found += [
        f"“{line.name}”: {line.words(line.value)} reported, far above the {line.words(line.target)} promised"
        for line in lines
        if line.state == REPORTED and line.value is not None and line.target and line.value > line.target * 2
    ]
    if spent_pence is not None and award_pence is not None and spent_pence > award_pence:
        found.append("More was spent than was awarded")
    return found
