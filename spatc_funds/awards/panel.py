"""Awards in the officers' panel: what the board recommends, what is decided, and the registers."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.awards import board, operations, queries
from spatc_funds.awards.forms import ChoiceForm, DecisionForm, RecommendationForm
from spatc_funds.awards.panel_registers import Awards, Instalments
from spatc_funds.core import clock
from spatc_funds.core.money import format_pounds
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Gate, expose

CATEGORY = "Awards"
UNPROCESSABLE = 422
LATELY = 50


class Recommendations(Gate):
    """Settled bids before the board."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.RECOMMENDATION_LIST,
        "recommend": Action.RECOMMENDATION_MAKE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Pot by pot, the best mark first, with the money left after each bid."""
        may_declare = allowed(Action.INTEREST_DECLARE)
        return self.render("awards/recommendations.html", pots=board.board(current_actor()), may_declare=may_declare)

    @expose("/<ref:reference>/", methods=("GET", "POST"))
    def recommend(self, reference: str) -> ResponseReturnValue:
        """Record what the board recommends for one bid."""
        bid = _settled(self.load(Action.RECOMMENDATION_MAKE, queries.bid, reference))
        form, actor = RecommendationForm(), current_actor()

        def record() -> None:
            with unit_of_work(actor.id, Action.RECOMMENDATION_MAKE, reference):
                operations.recommend(actor, bid, form.amount_pence, form.reason.data, clock.now())

        if _done(form, record):
            flash(f"The board's recommendation for {reference} is recorded: {_said(form)}.", "success")
            return redirect(self.get_url(".index"), 303)
        page = self.render("awards/recommend.html", **_facing(bid), form=form)
        return page, UNPROCESSABLE if form.errors else 200


class Decisions(Gate):
    """Bids with the board's recommendation, before whoever decides."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.DECISION_LIST, "decide": Action.DECISION_TAKE}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What waits for a decision, and what was decided lately."""
        actor = current_actor()
        return self.render(
            "awards/decisions.html",
            waiting=queries.to_decide(actor),
            decided=board.decided(actor, LATELY),
            may_declare=allowed(Action.INTEREST_DECLARE),
        )

    @expose("/<ref:reference>/", methods=("GET", "POST"))
    def decide(self, reference: str) -> ResponseReturnValue:
        """Decide on one bid, with reasons that are published."""
        bid = _settled(self.load(Action.DECISION_TAKE, queries.bid, reference))
        advised, actor = bid.recommendation, current_actor()
        begun = {"award": advised.award, "amount": advised.amount_pence} if advised else {}
        form = DecisionForm(data=begun)

        def record() -> None:
            with unit_of_work(actor.id, Action.DECISION_TAKE, reference):
                operations.decide(actor, bid, form.amount_pence, form.reasons.data, clock.now())

        if _done(form, record):
            flash(f"{reference} is decided: {_said(form)}. The group has been told.", "success")
            return redirect(self.get_url(".index"), 303)
        page = self.render("awards/decide.html", **_facing(bid), form=form)
        return page, UNPROCESSABLE if form.errors else 200


def views() -> list[BaseView]:
    """The pages of awards."""
    return [
        Recommendations(name="Recommendations", endpoint="panel_recommendations", url="recommendations"),
        Decisions(name="Decisions", endpoint="panel_decisions", url="decisions"),
        Awards(name="Awards"),
        Instalments(name="Instalments"),
    ]


def _facing(bid: queries.Bid) -> dict[str, Any]:
    return board.facing(current_actor(), bid, clock.london_day(clock.now()))


def _settled(bid: queries.Bid) -> queries.Bid:
    if bid.result is None:
        raise MissingError
    return bid


def _done(form: ChoiceForm, record: Callable[[], None]) -> bool:
    """Whether the form was sent and recorded; what stands in the way is shown at its fields."""
    if not form.validate_on_submit():
        return False
    try:
        record()
    except NotReadyError as error:
        form.show(error.problems)
        return False
    return True


def _said(form: ChoiceForm) -> str:
    return f"award of {format_pounds(form.amount_pence)}" if form.amount_pence is not None else "no award"
