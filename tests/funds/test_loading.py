"""What a round's file may not hold."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from spatc_funds.cli.loading import read
from spatc_funds.funds.operations import load_rounds


@pytest.fixture
def asked() -> dict[str, Any]:
    """A round like the example, under another code."""
    found = next(each for each in read("funds.json")["rounds"] if each["code"] == "EX-SS")
    return {**found, "code": "EX-OTHER", "name": "Other"}


def refused(app: Flask, asked: dict[str, Any], words: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match=words):
        load_rounds([asked], date(2026, 6, 1))


def test_more_than_six_eligibility_questions(app: Flask, asked: dict[str, Any]) -> None:
    asked["eligibility"] = [*asked["eligibility"], asked["eligibility"][0] | {"key": "seventh"}]
    refused(app, asked, "more than 6 eligibility questions")


def test_weights_that_are_not_a_hundred(app: Flask, asked: dict[str, Any]) -> None:
    first, *rest = asked["criteria"]
    asked["criteria"] = [first | {"weight": first["weight"] + 1}, *rest]
    refused(app, asked, "do not sum to 100")
