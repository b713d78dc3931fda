"""Figures in words."""

from fractions import Fraction
from typing import Any

from spatc_funds.framework.measures import Rolled, Rule
from spatc_funds.impact.rollup import MeasureFigure
from spatc_funds.impact.wording import moved, number, said, target_words, told, told_target


def measure(**more: Any) -> dict[str, Any]:
    """A measure of an exported member."""
    return dict.fromkeys(("low", "high", "n", "of", "value", "target")) | {"basis": "items"} | more


def test_a_measure_in_words() -> None:
    assert told(measure(low=40, high=1_200)) == "40 to 1,200"
    assert told(measure(low=40, high=40)) == "40"
    assert told(measure(n=0, of=50)) == "0 of 50"
    assert told(measure(value=31)) == "31"
    assert told(measure(value=2.5)) == "2.5"
    assert told(measure()) == "Nothing reported yet"
    assert told(measure(left_out=True)) == "Left out"


def test_money_is_said_in_pounds() -> None:
    assert told(measure(basis="money", value=125_050)) == "£1,250.50"
    assert told(measure(basis="money", value=0)) == "£0"
    assert told_target(measure(basis="money", target=200_000)) == "£2,000"
    assert told_target(measure(target=2_000)) == "2,000"
    assert told_target(measure(basis="money")) == "Not added up"
    assert moved((None, None, None, None, 1_050), pence=True) == "£10.50"
    rule = Rule("saved", "Money saved", "money", "sum", "sum")
    figure = MeasureFigure(rule, Rolled(value=Fraction(125_050)), 200_000, 1, 1)
    assert (said(figure), target_words(figure)) == ("£1,250.50", "£2,000")


def test_a_number_and_what_has_moved() -> None:
    assert (number(Fraction(1_000)), number(Fraction(5, 2))) == ("1,000", "2.5")
    assert moved(None, pence=True) == "Not in it"
    assert moved((1, 2, None, None, None), pence=False) == "1 to 2"
    assert (moved(1_050, pence=True), moved(1_050, pence=False)) == ("£10.50", "1,050")
