"""Eligibility (pure): which question comes next, and which answer ends the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A yes-or-no question and the answer a bid needs."""

    key: str
    must_be: bool


def first_failed(rules: Sequence[Rule], answers: Mapping[str, bool]) -> str | None:
    """The key of the first rule that an answer breaks; None while none is."""
    return next((rule.key for rule in rules if rule.key in answers and answers[rule.key] is not rule.must_be), None)


def next_unanswered(rules: Sequence[Rule], answers: Mapping[str, bool]) -> str | None:
    """The key of the next question to ask; None when all are answered."""
    return next((rule.key for rule in rules if rule.key not in answers), None)


def eligible(rules: Sequence[Rule], answers: Mapping[str, bool]) -> bool:
    """Whether every question is answered as the round needs it."""
    return all(answers.get(rule.key) is rule.must_be for rule in rules)
