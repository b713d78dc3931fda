"""The forms of the plan's figures."""

from datetime import date
from typing import Any

from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.observed import AREAS
from spatc_funds.web.fields import ChoiceField, ChoicesField, DayField, TextField, TickField, UploadField
from spatc_funds.web.forms import PageForm

OPEN_LICENCE = "Open Government Licence v3.0"


class ImportForm(PageForm):
    """A file of figures, and what has to be known of it."""

    kind = ChoiceField(
        "What is in the file?",
        choices=[(kind.value, kind.words) for kind in ImportKind],
        coerce=ImportKind,
        required="Choose what is in the file",
    )
    file = UploadField(
        "The file",
        hint="As it was published, or our own file filled in.",
        required="Choose the file",
        accept=".csv,.xlsx",
    )
    source = TextField(
        "Where it comes from",
        hint="Who publishes it, and under which name.",
        required="Say where it comes from",
        subject="Where it comes from",
        max_length=300,
    )
    published_on = DayField(
        "When it was published",
        hint="For example, 27 3 2026.",
        required="Enter the day on which it was published",
        subject="The day it was published",
    )
    licence = TextField(
        "Licence", required="Enter the licence that it is published under", subject="The licence", max_length=300
    )
    example = TickField("These are example figures, made up to show or try the service")

    def check(self, today: date) -> bool:
        """Posted and right. What was published, was published by today."""
        if not self.validate_on_submit():
            return False
        if self.published_on.data is not None and self.published_on.data > today:
            self.published_on.errors = ["The day it was published must be today or in the past"]
        return not self.errors


class ObserveForm(PageForm):
    """A period for which no new data was published."""

    areas = ChoicesField("Where", choices=list(AREAS.items()), required="Choose at least one area")
    period_from = DayField("First day of the period", required="Enter the first day", subject="The first day")
    period_to = DayField("Last day of the period", required="Enter the last day", subject="The last day")

    def check(self, today: date) -> bool:
        """Posted and right: a period that is over."""
        if not self.validate_on_submit():
            return False
        first, last = self.period_from.data, self.period_to.data
        if first is not None and last is not None and first > last:
            self.period_to.errors = ["The last day must be the first day or later"]
        elif last is not None and last > today:
            self.period_to.errors = ["The last day must be today or in the past"]
        return not self.errors


def import_form(**kwargs: Any) -> ImportForm:
    """The form, the usual licence filled in."""
    return ImportForm(data={"licence": OPEN_LICENCE}, **kwargs)
