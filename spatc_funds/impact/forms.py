"""The form of a statement."""

from spatc_funds.web.fields import DayField, TextField
from spatc_funds.web.forms import PageForm


class StatementForm(PageForm):
    """Names a statement, and says as at which day."""

    name = TextField(
        "Name",
        hint="For example: Impact of the year 2025-26.",
        required="Enter a name for the statement",
        subject="The name",
        max_length=200,
    )
    as_at = DayField("As at", required="Enter the day", subject="The day")
