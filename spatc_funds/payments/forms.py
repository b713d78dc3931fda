"""What finance officers type about an instalment."""

from collections.abc import Sequence
from datetime import date

from spatc_funds.web.fields import ChoiceField, DayField, LongTextField, TextField
from spatc_funds.web.filters import sentence
from spatc_funds.web.forms import PageForm


class GateForm(PageForm):
    """That a condition is met, and what shows it."""

    gate = ChoiceField("Which condition is met?", required="Choose the condition that is met")
    evidence = TextField(
        "What did you see that shows it?",
        required="Say what you saw that shows it",
        hint="Where it is kept or who confirmed it. No account numbers.",
        subject="What you saw",
        max_length=300,
    )


class RefuseForm(PageForm):
    """Why a requested payment is refused."""

    reason = LongTextField(
        "Why do you refuse it?",
        required="Say why it is refused",
        hint="Whoever requested it reads this.",
        subject="The reason",
        word_limit=200,
        rows=4,
    )


class PaidForm(PageForm):
    """When the money went out, and under which reference of the ledger."""

    paid_on = DayField(
        "When was it paid?",
        required="Enter the day it was paid",
        hint="For example, 27 3 2026",
        subject="The day of payment",
    )
    ledger_reference = TextField(
        "Ledger reference",
        required="Enter the ledger's reference of the payment",
        subject="The ledger reference",
        max_length=80,
        width=20,
    )


def gate_form(names: Sequence[str]) -> GateForm:
    """The form for these conditions, those that are still open."""
    form = GateForm()
    form.gate.choices = [(name, sentence(name)) for name in names]
    return form


def in_the_past(form: PaidForm, today: date) -> bool:
    """Whether the day of payment has come; a problem at its field where it has not."""
    if form.paid_on.data is None or form.paid_on.data <= today:
        return True
    form.paid_on.errors = [*form.paid_on.errors, "The day of payment must be today or in the past"]
    return False
