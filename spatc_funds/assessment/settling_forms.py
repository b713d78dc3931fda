"""The forms before a result is settled: what a group is told, and which wide spreads are accepted."""

from collections.abc import Iterable
from typing import Any

from wtforms import StringField
from wtforms.widgets import HiddenInput

from spatc_funds.assessment.gathered import Gathered
from spatc_funds.assessment.progress import Unsettled
from spatc_funds.assessment.telling import fingerprint
from spatc_funds.web.fields import ChoicesField, LongTextField
from spatc_funds.web.forms import PageForm

LONGEST = 10_000


class RoundForm(PageForm):
    """Settles all results of a round."""

    with_spread = ChoicesField("Settle with this spread", choices=[])


def round_form(wide: Iterable[Unsettled]) -> RoundForm:
    """The form with the bids whose spread asks for moderation: those that are well as they are get a tick."""
    form = RoundForm()
    form.with_spread.choices = [
        (each.bid.reference, f"{each.bid.reference}: {each.bid.title} ({each.spread} marks apart)") for each in wide
    ]
    return form


def feedback_form(found: Gathered) -> PageForm:
    """What the group is told as a form: ``<criterion>-told`` for each, and what it began from."""
    fields: dict[str, Any] = {"began": StringField(widget=HiddenInput())}
    data = {"began": fingerprint(found)} | {f"{key}-told": text for key, text in found.told().items()}
    for criterion in found.asked.criteria:
        fields[f"{criterion.key}-told"] = LongTextField(
            f"What the group is told about “{criterion.name}”",
            subject="What the group is told",
            rows=4,
            max_length=LONGEST,
        )
    made = type("FeedbackForm", (PageForm,), fields)
    form: PageForm = made(data=data)
    return form


def feedback_in(form: PageForm, found: Gathered) -> dict[str, str]:
    """The texts by criterion; after ``validate``."""
    return {criterion.key: form[f"{criterion.key}-told"].data for criterion in found.asked.criteria}
