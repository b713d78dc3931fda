"""The officers' panel as far as it shows several stages together: its first page, and the bids."""

from collections.abc import Mapping
from typing import ClassVar

from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.assessment.progress import queue_of
from spatc_funds.core import clock
from spatc_funds.home.alerts import alerts_of
from spatc_funds.home.panel_bids import Bids
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import PanelHome, expose

CATEGORY = "Bids"


class Start(PanelHome):
    """What waits for whoever opens the panel: their own queue, and for those who run rounds the alerts."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.PANEL_OPEN}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The queue with its pace, alerts, and everything that may be opened."""
        actor, today = current_actor(), clock.london_day(clock.now())
        return self.render(
            "home/panel.html",
            queue=queue_of(actor) if allowed(Action.ASSESSMENT_LIST) else None,
            alerts=alerts_of(actor, today) if allowed(Action.RESULT_SETTLE) else None,
            today=today,
        )


def views() -> list[BaseView]:
    """The pages of this room."""
    return [Bids()]
