"""Payments as finance officers meet them: what is due and why something is not, one instalment, every payment."""

import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import g
from flask_admin.base import BaseView
from markupsafe import Markup

from spatc_funds.awards.models import Instalment
from spatc_funds.core.clock import LONDON, london_day
from spatc_funds.payments import queries
from spatc_funds.payments.models import Payment
from spatc_funds.payments.panel_instalment import InstalmentPages, capital, standing_gates, today
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import PaymentState
from spatc_funds.returns.queries import round_choices
from spatc_funds.web.filters import sentence, short_day
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Filter, Link, RegisterView

CATEGORY = "Payments"
NONE = "none"
STATES = {NONE: "None yet", "requested": "Requested", "approved": "Approved", "paid": "Paid"}
WAITS = {
    PaymentState.REQUESTED: "Approval by another person",
    PaymentState.APPROVED: "The money to go out",
    PaymentState.PAID: "Nothing: it is paid",
}
_TAIL = re.compile(r"-P[0-9]{1,3}(X[0-9]{1,3})?$", re.ASCII | re.IGNORECASE)


def reference_of(_view: Any, _context: Any, row: Instalment, _name: str) -> Markup:
    """The instalment's reference on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(_due(row).reference)


def payment_of(_view: Any, _context: Any, row: Instalment, _name: str) -> str:
    """Where its payment is."""
    payment = _due(row).payment
    return sentence(payment.state) if payment else STATES[NONE]


def gates_of(_view: Any, _context: Any, row: Instalment, _name: str) -> str:
    """How many of its gates are met."""
    gates = standing_gates(_due(row))
    return f"{sum(gate.met for gate in gates)} of {len(gates)} met"


def waits_of(_view: Any, _context: Any, row: Instalment, _name: str) -> str:
    """What it waits for: each closed gate with its reason."""
    due = _due(row)
    if due.payment is not None:
        return WAITS[due.payment.state]
    closed = [f"{capital(gate.name)}: {gate.reason}" for gate in due.gates if not gate.met]
    return ". ".join(closed) or "Nothing: it can be requested"


def is_ready(_column: Any, word: str) -> Any:
    """Instalments that could be requested now, or all others."""
    ready = Instalment.id.in_(queries.ready_ids(current_actor(), today()))
    return ready if word == "yes" else ~ready


def is_paid(_column: Any, word: str) -> Any:
    """Instalments by the state of their payment."""
    live = [state for state in PaymentState if state is not PaymentState.REFUSED]
    return ~queries.has_payment(*live) if word == NONE else queries.has_payment(PaymentState(word))


def day_of(_view: Any, _context: Any, row: Payment, name: str) -> str:
    """The London day of a moment: the list has no room for the hour."""
    moment = getattr(row, name)
    return "" if moment is None else short_day(london_day(moment))


def moment_of(_view: Any, _context: Any, row: Payment, name: str) -> str:
    """The moment itself, for files."""
    moment = getattr(row, name)
    return "" if moment is None else f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


class Dues(InstalmentPages):
    """Every instalment of the accepted awards, each with its page."""

    can_export = True
    visible = staticmethod(queries.visible_instalments)
    introduction = "Every instalment of the accepted awards, and what it still waits for."
    column_list = ("reference", "award.recipient", "amount_pence", "due_on", "payment", "gates", "waits")
    column_labels = {  # each view copies it
        "award.recipient": "Recipient",
        "award.reference": "Reference",
        "award.project": "Project",
        "due_on": "Due",
        "gates": "Conditions",
        "waits": "Waits for",
    }
    column_formatters = {  # each view copies it
        "reference": reference_of,
        "payment": payment_of,
        "gates": gates_of,
        "waits": waits_of,
    }
    column_sortable_list = (("reference", "award.reference"), "award.recipient", "amount_pence", "due_on")
    column_default_sort = "due_on"
    column_searchable_list = ("award.reference", "award.recipient", "award.project")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("ready", None, "Can be requested", "pick", is_ready, {"yes": "Yes", "no": "No"}),
        Filter("payment", None, "Payment", "pick", is_paid, STATES),
        Filter("round", "award.round.code", "Round", "pick", choices=round_choices),
        Filter("from", Instalment.due_on, "Due from", "date", operator.ge),
        Filter("to", Instalment.due_on, "Due to", "date", operator.le),
    )

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """The rows, and with a set number of queries what their gates are told by."""
        found: Any = super().get_list(*args, **kwargs)
        g.payment_dues = {due.instalment.id: due for due in queries.dues_of(found[1], today())}
        return found

    def row_link(self, row: Instalment) -> str | None:
        """The page of the instalment."""
        return self.get_url(".show", reference=_due(row).reference)

    def links(self) -> Sequence[Link]:
        """What can be requested now, and the other list."""
        return (
            Link("What can be requested now", self.get_url(".index_view", ready="yes")),
            Link("Every payment", self.get_url("panel_payments.index_view")),
        )

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        """Find an instalment by its whole reference too: the award's, without the part that numbers it."""
        words = " ".join(_TAIL.sub("", word) for word in search.split())
        return super()._apply_search(query, count_query, joins, count_joins, words)


class Payments(RegisterView):
    """Every payment that was ever requested."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.PAYMENT_LIST, "export": Action.PAYMENT_LIST}
    can_export = True
    visible = staticmethod(queries.visible_payments)
    introduction = "Every payment that was requested, refused ones included."
    column_list = (
        "reference",
        "instalment.award.reference",
        "instalment.award.recipient",
        "amount_pence",
        "state",
        "requested_at",
        "approved_at",
        "paid_on",
        "ledger_reference",
    )
    column_labels = {  # each view copies it
        "instalment.award.reference": "Award",
        "instalment.award.recipient": "Recipient",
        "requested_at": "Requested",
        "approved_at": "Approved",
        "paid_on": "Paid",
    }
    column_formatters = {"requested_at": day_of, "approved_at": day_of}
    column_formatters_export = {"requested_at": moment_of, "approved_at": moment_of}
    column_sortable_list = (
        "reference",
        "instalment.award.recipient",
        "amount_pence",
        "state",
        "requested_at",
        "approved_at",
        "paid_on",
    )
    column_default_sort = ("requested_at", True)
    column_searchable_list = ("reference", "instalment.award.recipient", "ledger_reference")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("state", Payment.state, "State", "pick"),
        Filter("round", "instalment.award.round.code", "Round", "pick", choices=round_choices),
        Filter("from", Payment.paid_on, "Paid from", "date", operator.ge),
        Filter("to", Payment.paid_on, "Paid to", "date", operator.le),
    )

    def row_link(self, row: Payment) -> str | None:
        """The page of its instalment."""
        return self.get_url("panel_dues.show", reference=queries.reference_of(row.instalment))


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        Dues(Instalment, name="What is due", endpoint="panel_dues", url="payments/due"),
        Payments(Payment, name="All payments", endpoint="panel_payments", url="payments"),
    ]


def _due(row: Instalment) -> queries.Due:
    dues: dict[int, queries.Due] = g.payment_dues
    return dues[row.id]
