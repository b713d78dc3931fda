"""The forms of awards: the board's recommendation, the decision, and the grantee's signature."""

from typing import Any

from spatc_funds.web.fields import LongTextField, MoneyField, TextField, TickField, YesNoField
from spatc_funds.web.forms import PageForm


class ChoiceForm(PageForm):
    """Award or not, and how much."""

    award: YesNoField
    amount: MoneyField

    def validate(self, extra_validators: Any = None) -> bool:
        """An award needs its amount."""
        self.amount.required = "Enter the amount to award" if self.award.data else ""
        return bool(super().validate(extra_validators))

    @property
    def amount_pence(self) -> int | None:
        """The amount in whole pence; None for no award, whatever was typed as its amount."""
        return self.amount.data if self.award.data else None


class RecommendationForm(ChoiceForm):
    """What the board recommends, and why."""

    award = YesNoField(
        "What does the board recommend?",
        required="Choose what the board recommends",
        yes="Award",
        no="Do not award",
        inline=False,
    )
    amount = MoneyField("Amount to award", subject="The amount")
    reason = LongTextField(
        "The board's reason",
        hint="The decision maker reads this.",
        subject="The reason",
        required="Give the board's reason",
        rows=5,
        max_length=10_000,
    )


class DecisionForm(ChoiceForm):
    """What is decided, and the public reasons."""

    award = YesNoField(
        "What do you decide?", required="Choose what you decide", yes="Award", no="Decline", inline=False
    )
    amount = MoneyField("Amount to award", subject="The amount")
    reasons = LongTextField(
        "Your reasons",
        hint=(
            "These reasons are published, and the group reads them. For an award, say why the project will help to cut"
            " crime and disorder. Name no private person and no address of a refuge."
        ),
        subject="The reasons",
        required="Give the reasons",
        rows=7,
        max_length=10_000,
    )


class AcceptForm(PageForm):
    """The grantee signs."""

    signed_as = TextField(
        "Type your full name to sign",
        required="Enter your full name to sign the agreement",
        subject="Your name",
        max_length=300,
        autocomplete="name",
    )
    agree = TickField(
        "I have read the agreement, and I may accept it for my group",
        required="Tick the box to say that you may accept the agreement for your group",
    )
