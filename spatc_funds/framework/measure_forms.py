"""The form of a measure."""

from typing import Any

from spatc_funds.framework.measures import ACROSS_PERIODS, ACROSS_PROJECTS, BASES
from spatc_funds.framework.measuring import ADDING, Said
from spatc_funds.web.fields import ChoiceField, LongTextField, PickField, TextField, TickField
from spatc_funds.web.forms import PageForm


class MeasureForm(PageForm):
    """What a return counts, and how its numbers may be added."""

    name = TextField("Name", required="Enter its name", subject="The name", max_length=300)
    unit = TextField("Unit", hint="For example, people.", required="Enter its unit", subject="The unit", max_length=300)
    basis = ChoiceField(
        "What is counted?",
        choices=[(key, words) for key, (words, _periods, _projects) in BASES.items()],
        required="Choose what is counted",
    )
    across_periods = ChoiceField(
        "How do the returns of a project add up?",
        choices=list(ACROSS_PERIODS.items()),
        required="Choose how the returns of a project add up",
    )
    across_projects = ChoiceField(
        "How do projects add up?", choices=list(ACROSS_PROJECTS.items()), required="Choose how projects add up"
    )
    label_n = TextField("Words for the first number, of so many", subject="The words", max_length=300)
    label_of = TextField("Words for the second number", subject="The words", max_length=300)
    direction = ChoiceField(
        "Better when it goes",
        choices=[("up", "Up"), ("down", "Down")],
        required="Choose whether it is better when it goes up or down",
    )
    is_change = TickField("It counts a change in people, not something that the project does")
    outcome = PickField("Outcome of the plan that it speaks to", empty="No specific outcome")
    help = LongTextField(
        "What groups are told",
        hint="Plain words: what to count, and what not.",
        required="Say what groups are to count",
        subject="What groups are told",
        max_length=1_000,
        rows=3,
    )
    reason = LongTextField("Why is there a new version?", subject="The reason", max_length=1_000, rows=3)

    def said(self, held: Said | None) -> Said:
        """What was typed; how numbers are added stays as it is held."""
        names = [name for name in Said.__dataclass_fields__ if name in self]
        typed: dict[str, Any] = {name: self[name].data or "" for name in names}
        kept = {name: getattr(held, name) for name in Said.__dataclass_fields__ if name not in typed} if held else {}
        return Said(**kept | typed | {"is_change": bool(self.is_change.data)})


def measure_form(outcomes: list[tuple[str, str]], held: Said | None, *, used: bool) -> MeasureForm:
    """The form. Of a measure that is used, how its numbers are added stays, and a change needs a reason."""
    data = {name: getattr(held, name) for name in Said.__dataclass_fields__} if held else {}
    form = MeasureForm(data=data)
    known = {key for key, _name in outcomes}
    gone = [(held.outcome, held.outcome)] if held and held.outcome and held.outcome not in known else []
    form.outcome.choices = [*outcomes, *gone]
    if used:
        for name in ADDING:
            del form[name]
    else:
        del form.reason
    return form
