"""Every round, for the staff."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_admin.base import BaseView

from spatc_funds.core.places import DISTRICTS
from spatc_funds.funds import queries
from spatc_funds.funds.models import FormatRequest, Pot, Round, RoundKind
from spatc_funds.funds.panel_measures import FundMeasures
from spatc_funds.policy.actions import Action
from spatc_funds.web.filters import NOT_KNOWN, deadline, pounds, short_day
from spatc_funds.web.panel import Filter, RegisterView

CATEGORY = "Funds"


def districts_of(_view: Any, _context: Any, row: Round, _name: str) -> str:
    """Where the work is done."""
    return ", ".join(DISTRICTS.get(code, code) for code in row.districts) or NOT_KNOWN


def opens_of(_view: Any, _context: Any, row: Round, _name: str) -> str:
    """When it opens. Of a round run before, only the day was published."""
    return short_day(row.opened_on) if row.kind is RoundKind.HISTORY else deadline(row.opens_at)


def closes_of(_view: Any, _context: Any, row: Round, _name: str) -> str:
    """When it closes."""
    return short_day(row.closed_on) if row.kind is RoundKind.HISTORY else deadline(row.closes_at)


def pots_of(_view: Any, _context: Any, row: Round, _name: str) -> str:
    """Each pot with what one group can ask for."""
    return "; ".join(f"{pot.name}: {_limits(pot)}, budget {pounds(pot.budget_pence)}" for pot in row.pots) or NOT_KNOWN


def criteria_of(_view: Any, _context: Any, row: Round, _name: str) -> str:
    """Each criterion with its weight."""
    return ", ".join(f"{criterion.name} {criterion.weight}" for criterion in row.criteria) or NOT_KNOWN


def fund_names() -> dict[str, str]:
    """Every fund by its key."""
    return {fund.key: fund.name for fund in queries.funds()}


class Rounds(RegisterView):
    """Rounds run here, examples, and what was published of those run before."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.ROUND_LIST,
        "details_view": Action.ROUND_LIST,
        "export": Action.ROUND_LIST,
    }
    can_view_details = can_export = True
    visible = None
    introduction = "History is what was published of rounds run before this service. Examples are made up."
    column_list = ("code", "fund.name", "name", "kind", "opened_on", "closed_on", "advertised_pence", "tagging_rule")
    column_details_list = [  # each view reads it
        *column_list,
        "plan.name",
        "fixed_priority",
        "districts",
        "pots",
        "criteria",
        "most_months",
        "assessors_needed",
        "scale_maximum",
        "spread_threshold",
        "told_on",
        "awards_event_on",
        "awarded_projects",
        "awarded_pence",
        "contact",
        "note",
    ]
    column_labels = {  # each view copies it
        "fund.name": "Fund",
        "opened_on": "Opens",
        "closed_on": "Closes",
        "tagging_rule": "What is tagged",
        "plan.name": "Plan",
        "most_months": "Longest project, in months",
        "assessors_needed": "Assessors for each bid",
        "scale_maximum": "Highest score",
        "spread_threshold": "Spread that is looked at again",
        "told_on": "Groups told in the week of",
        "awards_event_on": "Awards evening",
        "awarded_projects": "Projects funded",
    }
    column_formatters = {  # each view copies it
        "opened_on": opens_of,
        "closed_on": closes_of,
        "districts": districts_of,
        "pots": pots_of,
        "criteria": criteria_of,
    }
    column_formatters_export = {"districts": districts_of}  # dates and amounts as a spreadsheet reads them
    column_sortable_list = ("code", "name", "kind", "opened_on", "closed_on", "advertised_pence")
    column_default_sort = ("opened_on", True)
    column_searchable_list = ("code", "name", "fund.name")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("fund", "fund.key", "Fund", "pick", choices=fund_names),
        Filter("kind", Round.kind, "Kind", "pick"),
        Filter("opens-from", Round.opened_on, "Opens from", "date", operator.ge),
        Filter("closes-to", Round.closed_on, "Closes until", "date", operator.le),
    )

    def title_of(self, row: Round) -> str:
        """Its code, its fund and its name."""
        return f"{row.code}: {row.fund.name}, {row.name}"


def format_of(_view: Any, _context: Any, row: FormatRequest, _name: str) -> str:
    """As it was asked for."""
    return row.format.words


class FormatRequests(RegisterView):
    """Who needs the questions in another form, the newest first."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.FORMAT_LIST}
    visible = None
    introduction = "People who asked for a round's questions in another form. Get in touch within two working days."
    column_list = ("asked_at", "round.code", "format", "name", "contact", "note")
    column_labels = {"asked_at": "Asked", "round.code": "Round", "contact": "How to reach them"}
    column_formatters = {"format": format_of}
    column_sortable_list = ("asked_at", "name")
    column_default_sort = ("asked_at", True)
    column_searchable_list = ("name", "contact", "round.code")
    filters: ClassVar[Sequence[Filter]] = (Filter("format", FormatRequest.format, "Format", "pick"),)

    def title_of(self, row: FormatRequest) -> str:
        """Whose it is."""
        return row.name


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        Rounds(Round, name="Rounds", endpoint="panel_rounds", url="rounds"),
        FundMeasures(name="What funds count", endpoint="panel_fund_measures", url="fund-measures"),
        FormatRequests(FormatRequest, name="Other formats", endpoint="panel_formats", url="other-formats"),
    ]


def _limits(pot: Pot) -> str:
    if pot.maximum_pence is None:
        return f"{pounds(pot.minimum_pence)} or more" if pot.minimum_pence else NOT_KNOWN
    low = f"{pounds(pot.minimum_pence)} to" if pot.minimum_pence else "up to"
    return f"{low} {pounds(pot.maximum_pence)}"
