"""Funds and rounds as anybody may read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.problems import MissingError
from spatc_funds.funds import queries
from spatc_funds.funds.models import Fund, Round, RoundKind
from spatc_funds.funds.standing import COLOURS, Standing, standing
from spatc_funds.web.guards import public

blueprint = Blueprint("funds", __name__)


@blueprint.get("/funds/")
@public
def index() -> ResponseReturnValue:
    """Every fund, with what is open in it."""
    found, at = queries.funds(), clock.now()
    return render_template("funds/index.html", funds=[(fund, _now(fund.rounds, at)) for fund in found])


@blueprint.get("/funds/<key>")
@public
def fund(key: str) -> ResponseReturnValue:
    """One fund: its purpose, its rounds, where its money comes from, and what was published of it."""
    found = queries.fund_by_key(key)
    if found is None:
        raise MissingError
    own = [each for each in found.rounds if each.kind is not RoundKind.HISTORY]
    history = [each for each in found.rounds if each.kind is RoundKind.HISTORY]
    return render_template(
        "funds/fund.html", fund=found, own=_standings(own, clock.now()), history=history, known=_known(found)
    )


@blueprint.get("/rounds/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """One round: dates, pots, rules, questions and criteria; or what was published of one run before."""
    found = _round(code)
    if found.kind is RoundKind.HISTORY:
        return render_template("funds/history.html", round=found)
    return render_template("funds/round.html", words=queries.words_asked(found), **_asked(found))


def _round(code: str) -> Round:
    found = queries.round_by_code(code)
    if found is None:
        raise MissingError
    return found


def _asked(found: Round) -> dict[str, Any]:
    return {
        "round": found,
        "standing": standing(found.opens_at, found.closes_at, clock.now()),
        "colours": COLOURS,
        "districts": [DISTRICTS[code] for code in found.districts if code in DISTRICTS],
        "sections": queries.sections(found),
        "criteria_of": queries.criteria_of(found),
    }


def _standings(rounds: Sequence[Round], at: datetime) -> list[dict[str, Any]]:
    stood = [(each, standing(each.opens_at, each.closes_at, at)) for each in rounds]
    return [{"round": each, "standing": found, "colour": COLOURS[found]} for each, found in stood]


def _now(rounds: Sequence[Round], at: datetime) -> list[dict[str, Any]]:
    """Of a fund's rounds, those that are open or will be."""
    return [each for each in _standings(rounds, at) if each["standing"] is not Standing.CLOSED]


def _known(found: Fund) -> dict[str, str]:
    """What the fund's sources say, empty where they say nothing."""
    said = {"purpose": found.purpose, "decision_method": found.decision_method}
    return {name: "" if text.strip(".").lower() == "not found" else text for name, text in said.items()}
