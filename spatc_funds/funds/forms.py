"""Asking for the questions in another form, and choosing what a fund counts."""

from spatc_funds.funds.models import Format
from spatc_funds.web.fields import ChoiceField, ChoicesField, TextField
from spatc_funds.web.forms import PageForm


class FormatForm(PageForm):
    """What is needed, and where we reach whoever asks."""

    format = ChoiceField(
        "How do you need it?",
        required="Choose how you need it",
        choices=[(each.value, each.words) for each in Format],
    )
    name = TextField("Your name", required="Enter your name", max_length=150, autocomplete="name")
    contact = TextField(
        "Your phone number, e-mail or postal address",
        required="Enter where we can reach you",
        hint="Where we can reach you, or send it to.",
        max_length=300,
    )
    note = TextField("Is there anything else we should know?", hint="You can leave this out.", max_length=500)


class MeasuresForm(PageForm):
    """What a fund's new rounds begin with."""

    measures = ChoicesField("Measures of new rounds")
