"""Figures in words."""

from fractions import Fraction
from typing import Any

from spatc_funds.impact.wording import moved, number, told


def measure(**more: Any) -> dict[str, Any]:
    """A measure of an exported member."""
    return dict.fromkeys(("low", "high", "n", "of", "value")) | more


def test_a_measure_in_words() -> None:
    assert told(measure(low=40, high=1_200)) == "40 to 1,200"
    assert told(measure(low=40, high=40)) == "40"
    assert told(measure(n=0, of=50)) == "0 of 50"
    assert told(measure(value=31)) == "31"
    assert told(measure(value=2.5)) == "2.5"
    assert told(measure()) == "Nothing reported yet"
    assert told(measure(left_out=True)) == "Left out"


def test_a_number_and_what_has_moved() -> None:
    assert (number(Fraction(1_000)), number(Fraction(5, 2))) == ("1,000", "2.5")
    assert moved(None, pence=True) == "Not in it"
    assert moved((1, 2, None, None, None), pence=False) == "1 to 2"
    assert (moved(1_050, pence=True), moved(1_050, pence=False)) == ("£10.50", "1,050")
