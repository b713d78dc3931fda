"""Funds and rounds as anybody may read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds import operations, queries
from spatc_funds.funds.forms import FormatForm
from spatc_funds.funds.models import Format, Fund, Round, RoundKind
from spatc_funds.funds.standing import COLOURS, Standing, standing
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import public

blueprint = Blueprint("funds", __name__)
UNPROCESSABLE = 422


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


@blueprint.route("/rounds/<code>/other-formats", methods=["GET", "POST"], endpoint="ask_format")
@public
def other_formats(code: str) -> ResponseReturnValue:
    """Large print, easy read, by phone: asked for in one step, by anybody."""
    found, form = _round(code), FormatForm()
    if form.validate_on_submit() and _asked_for(found, form):
        flash("We have your request. We will be in touch within two working days.", "success")
        return redirect(url_for("funds.show", code=code), 303)
    page = render_template("funds/other_formats.html", round=found, form=form)
    return page, UNPROCESSABLE if form.errors else 200


def _asked_for(found: Round, form: FormatForm) -> bool:
    mailbox = current_app.extensions["settings"].contact_email
    said = (Format(form.format.data), form.name.data, form.contact.data, form.note.data)
    try:
        with unit_of_work(None, Action.FORMAT_ASK, found.code):
            operations.ask(found, *said, mailbox, clock.now())
    except NotReadyError as many:
        form.show(many.problems)
        return False
    return True


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
