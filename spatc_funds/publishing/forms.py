"""The forms of a panel report."""

from collections.abc import Mapping, Sequence
from typing import Any

from spatc_funds.impact.rollup import Part
from spatc_funds.publishing.models import PanelReport
from spatc_funds.publishing.operations import Written
from spatc_funds.publishing.readers import INDICATORS, NEXT, READERS, SUMMARY, box_of, boxes, word_limit
from spatc_funds.web.fields import ChoiceField, ChoicesField, DayField, LongTextField, TextField
from spatc_funds.web.forms import PageForm

TITLE: Mapping[str, Any] = {"required": "Enter a title", "subject": "The title", "max_length": 300}
DAY: Mapping[str, Any] = {"required": "Enter the day", "subject": "The day"}
HEADINGS = {SUMMARY: "Summary", INDICATORS: "Beside the indicators", NEXT: "What happens next"}


class StartForm(PageForm):
    """For whom a report is, what it is called, and as at which day."""

    reader = ChoiceField(
        "Who is it for?",
        choices=[(each.key, each.name) for each in READERS.values()],
        required="Choose who it is for",
    )
    title = TextField("Title", hint="For example: What was funded in 2025-26.", **TITLE)
    as_at = DayField("As at", hint="Its figures are those of this day.", **DAY)


class WriteForm(PageForm):
    """What a report is about; a box is added for each part that is written."""

    title = TextField("Title", **TITLE)
    as_at = DayField("As at", hint="Its figures are those of this day.", **DAY)
    themes = ChoicesField("Themes")
    indicators = ChoicesField("Indicators")

    def written(self, names: Sequence[str]) -> Written:
        """What was chosen and typed; ``names`` are the boxes. The day has been read by then."""
        day = self.as_at.data
        if day is None:
            raise ValueError("the form was not valid")
        words = {name: self[name].data or "" for name in names}
        return Written(self["title"].data, day, self.themes.data or (), self.indicators.data or (), words)


def write_form(report: PanelReport, themes: Sequence[Part], indicators: Sequence[Part]) -> WriteForm:
    """The form with a box for each theme of the plan: what is written of one that is not chosen is kept, not shown."""
    headings = HEADINGS | {box_of(each.key): f"Beside the figures of {each.name}" for each in themes}
    names = boxes([each.key for each in themes])
    fields = {
        name: LongTextField(
            headings[name],
            hint="Plain words. A blank line begins a new paragraph.",
            subject=headings[name],
            word_limit=word_limit(name),
        )
        for name in names
    }
    said = {"title": report.title, "as_at": report.as_at, "themes": report.themes, "indicators": report.indicators}
    form: WriteForm = type("WriteForm", (WriteForm,), fields)(data={**said, **report.words})
    form.themes.choices = [(each.key, each.name) for each in themes]
    form.indicators.choices = [(each.key, each.name) for each in indicators]
    return form
