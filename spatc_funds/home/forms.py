"""The forms of the bid list."""

from wtforms import HiddenField
from wtforms.validators import Length

from spatc_funds.web.fields import TextField
from spatc_funds.web.forms import PageForm


class KeepForm(PageForm):
    """Keeps a search."""

    name = TextField("Keep this search as", required="Enter a name for this search", subject="The name", max_length=60)
    query = HiddenField(validators=[Length(max=1000)])


class LabelForm(PageForm):
    """A label for bids."""

    label = TextField(
        "Label",
        required="Enter a label",
        hint="A word or a few, like visit or new group. Letters, digits, hyphens.",
        subject="The label",
        max_length=40,
    )
