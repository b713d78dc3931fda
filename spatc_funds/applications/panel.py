"""The bids as they were sent, for the staff who may read them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_admin.base import BaseView
from sqlalchemy import ColumnElement, select

from spatc_funds.applications import queries
from spatc_funds.applications.models import DistrictShare, Submission
from spatc_funds.core.places import DISTRICTS
from spatc_funds.policy.actions import Action
from spatc_funds.web.panel import Filter, RegisterView

CATEGORY = "Bids"


def in_district(_column: Any, code: str) -> ColumnElement[bool]:
    """Submissions of which some of the work is done in a district."""
    return Submission.application_id.in_(select(DistrictShare.application_id).where(DistrictShare.district == code))


def round_of(_view: Any, _context: Any, row: Submission, _name: str) -> str:
    """The round's code and name: names are used again from fund to fund."""
    return f"{row.round.code} {row.round.name}"


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
        "round",
        "pot.name",
        "asked_pence",
        "received_at",
        "application.state",
    )
    column_details_list = [*column_list, "sha256"]  # each view reads it
    column_labels = {  # each view copies it
        "organisation.name": "Organisation",
        "pot.name": "Pot",
        "asked_pence": "Asked for",
        "received_at": "Received",
        "application.state": "State",
        "sha256": "Fingerprint",
    }
    column_formatters = {"round": round_of}  # each view copies it
    column_sortable_list = ("reference", "title", "organisation.name", "asked_pence", "received_at")
    column_default_sort = ("received_at", True)
    column_searchable_list = ("reference", "title", "organisation.name")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("round", Submission.round_id, "Round", "pick", choices=queries.rounds_sent_to),
        Filter("pot", Submission.pot_id, "Pot", "pick", choices=queries.pots_sent_to),
        Filter("theme", "application.theme_id", "Theme", "pick", choices=queries.themes_sent),
        Filter("district", None, "District", "pick", in_district, DISTRICTS),
    )


def views() -> list[BaseView]:
    """The pages of this room."""
    return [Submissions(Submission, name="Bids", endpoint="panel_submissions", url="submissions")]
