"""The figures of a round, in the officers' panel: agreement, severity, and which bids a panel has to talk about."""

from collections.abc import Mapping
from typing import ClassVar

from flask.typing import ResponseReturnValue

from spatc_funds.assessment import round_figures
from spatc_funds.core.problems import MissingError
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose


class Figures(Gate):
    """They prompt a talk among those who settle results. None of them changes a mark or an order."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.RESULT_SETTLE, "show": Action.RESULT_SETTLE}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rounds in which people have begun to score."""
        return self.render("assessment/figures_index.html", rounds=round_figures.rounds_begun(current_actor()))

    @expose("/<code>/")
    def show(self, code: str) -> ResponseReturnValue:
        """One round."""
        asked = round_by_code(code)
        if asked is None or not asked.criteria:
            raise MissingError
        return self.render(
            "assessment/figures.html", round=asked, figures=round_figures.figures_of(current_actor(), asked)
        )
