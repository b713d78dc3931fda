"""The optional equality questions, and how their answers may be counted for people to see (pure).

Answers are kept apart: no row says whose they are. A report never shows a number under five, nor lets one be worked out
from the total (secondary suppression).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LEAST = 5
NOT_SAID = "prefer-not-to-say"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its answers, by key."""

    text: str
    options: Mapping[str, str]


def _question(text: str, **options: str) -> Question:
    named = {key.replace("_", "-"): words for key, words in options.items()}
    return Question(text, MappingProxyType({**named, NOT_SAID: "I prefer not to say"}))


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "age": _question(
            "How old are you?", under_25="Under 25", from_25="25 to 44", from_45="45 to 64", from_65="65 or over"
        ),
        "sex": _question("What is your sex?", female="Female", male="Male"),
        "ethnic-group": _question(
            "What is your ethnic group?",
            asian="Asian or Asian British",
            black="Black, Black British, Caribbean or African",
            mixed="Mixed or multiple ethnic groups",
            white="White",
            other="Another ethnic group",
        ),
        "disability": _question(
            "Do you have a health condition or illness that lasts, and makes day-to-day things harder?",
            yes="Yes",
            no="No",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts by answer as they may be seen; None where a number is kept back."""

    counts: Mapping[str, int | None]
    total: int | None


def shown(counts: Mapping[str, int]) -> Shown:
    """Keep back what is under five, nought too, and then the total: by the rule, parts could be worked out from it.

    More is kept back, the smallest first, while what is hidden could be worked out from a total known from elsewhere:
    one number alone, few people in all, or as many as the hidden numbers can be at most.
    """
    back = {key for key, count in counts.items() if count < LEAST}
    others = sorted(((count, key) for key, count in counts.items() if count >= LEAST), reverse=True)
    while back and others and _told([counts[key] for key in back]):
        back.add(others.pop()[1])
    total = None if back else sum(counts.values())
    return Shown({key: None if key in back else count for key, count in counts.items()}, total)


def _told(hidden: list[int]) -> bool:
    """Whether a known total would tell the hidden numbers; a small one alone is told, whatever it is."""
    return sum(hidden) < LEAST or sum(hidden) == (LEAST - 1) * len(hidden)
