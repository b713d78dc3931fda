"""The plan as anybody may read it, and where to find help and support."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from spatc_funds.core.problems import MissingError
from spatc_funds.framework import queries
from spatc_funds.framework.contacts import parts
from spatc_funds.framework.models import PlanVersion
from spatc_funds.web.guards import public

blueprint = Blueprint("framework", __name__)


@blueprint.get("/plan")
@public
def plan() -> ResponseReturnValue:
    """The plan on a page."""
    found = _plan()
    return render_template("framework/plan.html", plan=found, said=found.document, others=queries.other_plans(found))


@blueprint.get("/plan/<key>")
@public
def theme(key: str) -> ResponseReturnValue:
    """One theme: purpose, approach, outcomes, and what they are measured through."""
    found = _plan()
    chosen = _named(found.document["themes"], key)
    return render_template(
        "framework/theme.html",
        plan=found,
        theme=chosen,
        said=found.document,
        headings={each["key"]: each["name"] for each in found.document["headings"]},
        indicators=[each for each in found.document["indicators"] if each["theme"] == key],
    )


@blueprint.get("/plan/cross-cutting/<key>")
@public
def cross_cutting(key: str) -> ResponseReturnValue:
    """One cross-cutting theme with its commitments."""
    found = _plan()
    chosen = _named(found.document["cross_cutting_themes"], key)
    return render_template("framework/cross_cutting.html", plan=found, theme=chosen, said=found.document)


@blueprint.get("/help-and-support")
@public
def help_and_support() -> ResponseReturnValue:
    """The plan's own directory."""
    return render_template("framework/help_and_support.html", said=_plan().document, parts=parts)


def _plan() -> PlanVersion:
    found = queries.current_plan()
    if found is None:
        raise MissingError
    return found


def _named(things: list[dict[str, Any]], key: str) -> dict[str, Any]:
    chosen = next((each for each in things if each["key"] == key), None)
    if chosen is None:
        raise MissingError
    return chosen
