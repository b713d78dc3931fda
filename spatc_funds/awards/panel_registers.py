"""The registers of awards and of their instalments, in the officers' panel."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from markupsafe import Markup

from spatc_funds.awards import queries
from spatc_funds.awards.models import AmountRule, Award, Instalment
from spatc_funds.policy.actions import Action
from spatc_funds.web.filters import pounds, sentence, short_day
from spatc_funds.web.panel import Filter, RegisterView


def amount(_view: Any, _context: Any, award: Award, _name: str) -> str:
    """The amount with the word that says how exactly it is known."""
    if award.amount_rule is AmountRule.EXACT or award.amount_pence is None:
        return pounds(award.amount_pence)
    return f"{award.amount_rule.value} {pounds(award.amount_pence)}"


def reference(_view: Any, _context: Any, award: Award, _name: str) -> Markup:
    """The reference on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(award.reference)


def day(_view: Any, _context: Any, award: Award, _name: str) -> Markup:
    """The day of the award on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(short_day(award.awarded_on))


def recipient(_view: Any, _context: Any, award: Award, _name: str) -> str:
    """The recipient; of some imported awards none was published."""
    return award.recipient or "Not named"


def theme(_view: Any, _context: Any, award: Award, _name: str) -> str:
    """The theme, or why there is none."""
    return award.theme.name if award.theme else sentence(award.theme_tag)


class Awards(RegisterView):
    """Every award, decided here or imported."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.AWARD_LIST,
        "details_view": Action.AWARD_READ,
        "export": Action.AWARD_LIST,
    }
    visible = staticmethod(queries.visible)
    can_view_details = can_export = True
    introduction = "Imported awards were published before this service, and not all of their amounts are known."
    details_template = "awards/award.html"
    column_list = (
        "reference",
        "origin",
        "recipient",
        "project",
        "round.name",
        "amount_pence",
        "amount_rule",
        "awarded_on",
        "theme.name",
        "state",
    )
    column_details_list = [  # each view reads it
        "reference",
        "state",
        "origin",
        "recipient",
        "project",
        "round.fund.name",
        "round.name",
        "pot.name",
        "amount_pence",
        "amount_rule",
        "awarded_on",
        "starts_on",
        "ends_on",
        "answered_at",
        "signed_as",
    ]
    column_labels = {  # each view copies it
        "round.fund.name": "Fund",
        "round.name": "Round",
        "pot.name": "Pot",
        "amount_rule": "Amount known",
        "awarded_on": "Awarded",
        "theme.name": "Theme",
        "answered_at": "Answered",
        "signed_as": "Signed by",
    }
    column_formatters = {  # each view copies it
        "reference": reference,
        "recipient": recipient,
        "amount_pence": amount,
        "awarded_on": day,
        "theme.name": theme,
    }
    column_formatters_export = {"theme.name": theme}  # each view copies it
    column_sortable_list = ("reference", "recipient", "project", "amount_pence", "awarded_on", "state")
    column_default_sort = ("awarded_on", True)
    column_searchable_list = ("reference", "recipient", "project")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("fund", "round.fund.key", "Fund", "pick", choices=queries.funds_with_awards),
        Filter("round", "round.code", "Round", "pick", choices=queries.rounds_with_awards),
        Filter("theme", Award.theme_id, "Theme", "pick", choices=queries.themes_with_awards),
        Filter("origin", Award.origin, "Origin", "pick"),
        Filter("state", Award.state, "State", "pick"),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Award, endpoint="panel_awards", url="awards", **kwargs)

    def title_of(self, row: Award) -> str:
        """The project, or the award by its reference."""
        return row.project or row.reference

    def details_context(self, row: Award) -> dict[str, Any]:
        """The whole award: tags, schedule, decision, targets."""
        award = queries.award_by_reference(row.reference) or row
        return {"award": award, "tags": queries.tags(award)}


def waits_for(_view: Any, _context: Any, row: Instalment, _name: str) -> str:
    """What the instalment waits for."""
    return sentence(row.trigger)


class Instalments(RegisterView):
    """Every planned instalment."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.INSTALMENT_LIST,
        "export": Action.INSTALMENT_LIST,
    }
    visible = staticmethod(queries.visible_instalments)
    can_export = True
    introduction = "What is planned. Whether it can be paid, and was, is told by the pages on payments."
    column_list = (
        "award.reference",
        "award.recipient",
        "number",
        "amount_pence",
        "due_on",
        "trigger",
        "award.state",
    )
    column_labels = {  # each view copies it
        "award.reference": "Award",
        "award.recipient": "Recipient",
        "due_on": "Due",
        "trigger": "Waits for",
        "award.state": "State of the award",
    }
    column_formatters = {"trigger": waits_for}  # each view copies it
    column_sortable_list = ("award.reference", "award.recipient", "number", "amount_pence", "due_on", "trigger")
    column_default_sort = "due_on"
    column_searchable_list = ("award.reference", "award.recipient")
    numeric: ClassVar[frozenset[str]] = frozenset({"number"})
    filters: ClassVar[Sequence[Filter]] = (
        Filter("from", Instalment.due_on, "Due from", "date", operator.ge),
        Filter("to", Instalment.due_on, "Due to", "date", operator.le),
        Filter("trigger", Instalment.trigger, "Waits for", "pick", choices=queries.triggers),
        Filter("state", "award.state", "State of the award", "pick"),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Instalment, endpoint="panel_instalments", url="instalments", **kwargs)

    def row_link(self, row: Instalment) -> str | None:
        """The award that it is part of."""
        return self.get_url("panel_awards.details_view", id=row.award_id)
