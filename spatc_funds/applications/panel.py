"""The bids as they were sent, for the staff who may read them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_admin.base import BaseView
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import defer

from spatc_funds.applications import queries
from spatc_funds.applications.models import Submission
from spatc_funds.applications.panel_equality import WhoApplies
from spatc_funds.applications.panel_messages import Messages
from spatc_funds.core.places import DISTRICTS
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ApplicationState
from spatc_funds.web.filters import sentence
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Filter, RegisterView
from spatc_funds.web.panel_filters import WHOLE

CATEGORY = "Bids"
SENT_STATES = {state.value: sentence(state) for state in ApplicationState if state is not ApplicationState.DRAFT}


def in_district(_column: Any, code: str) -> ColumnElement[bool]:
    """Submissions that said that some of the work is done in a district."""
    share: ColumnElement[int] = Submission.content["shares"][code].as_integer()
    return share > 0


def of_theme(_column: Any, number: str) -> ColumnElement[bool]:
    """Submissions that said that they serve a theme: what was sent, not what may be changing since."""
    theme: ColumnElement[int] = Submission.content["theme"]["id"].as_integer()
    return theme == int(number)


def unbroken(_view: Any, _context: Any, row: Submission, _name: str) -> Markup:
    """The reference on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(row.reference)


class Submissions(RegisterView):
    """Everything that was sent, withdrawn ones too; a bid from which one is barred is not there."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.SUBMISSION_LIST,
        "details_view": Action.SUBMISSION_READ,
        "export": Action.SUBMISSION_LIST,
    }
    can_view_details = can_export = True
    visible = staticmethod(queries.visible)
    introduction = "Every application that was sent, as it was sent."
    details_template = "applications/submission.html"
    column_list = (
        "reference",
        "title",
        "organisation.name",
        "round.code",
        "pot.name",
        "asked_pence",
        "received_at",
        "application.state",
    )
    column_details_list = [*column_list, "number", "sha256"]
    column_labels = {
        "organisation.name": "Organisation",
        "round.code": "Round",
        "pot.name": "Pot",
        "asked_pence": "Asked for",
        "received_at": "Received",
        "application.state": "State",
        "number": "Version",
        "sha256": "Fingerprint",
    }
    column_formatters = {"reference": unbroken}
    column_sortable_list = ("reference", "title", "organisation.name", "asked_pence", "received_at")
    column_default_sort = ("received_at", True)
    column_searchable_list = ("reference", "title", "organisation.name")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("round", Submission.round_id, "Round", "pick", choices=queries.rounds_sent_to),
        Filter("pot", Submission.pot_id, "Pot", "pick", choices=queries.pots_sent_to),
        Filter("theme", None, "Theme", "pick", of_theme, queries.themes_sent),
        Filter("district", None, "District", "pick", in_district, DISTRICTS),
        Filter("state", "application.state", "State", "pick", choices=SENT_STATES),
    )

    def get_query(self) -> Any:
        """The bids without what was sent: that is long, and read one at a time."""
        return super().get_query().options(defer(Submission.content))

    def get_one(self, id: Any) -> Any:  # noqa: A002 # Flask-Admin's name for it
        """A bid; an earlier version of it too, to whoever may read the bid."""
        if WHOLE.fullmatch(str(id)) and (row := queries.version_by_id(current_actor(), int(id))):
            return row
        return super().get_one(id)

    def details_context(self, row: Submission) -> dict[str, Any]:
        """Every version that was sent."""
        return {"versions": queries.versions_of(row.application)}

    def title_of(self, row: Submission) -> str:
        """The project and its reference."""
        return f"{row.title} ({row.reference})"


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        WhoApplies(name="Who applies", endpoint="panel_equality", url="who-applies"),
        Messages(name="Messages", endpoint="panel_messages", url="messages"),
        Submissions(Submission, name="As sent", endpoint="panel_submissions", url="submissions"),
    ]
