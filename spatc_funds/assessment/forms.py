"""The forms of assessment: an interest, a sheet of scores, and who is given a bid."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # WTForms exports it from here
from wtforms.widgets import HiddenInput

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.assessment.models import Assessment, InterestKind
from spatc_funds.assessment.operations import Given
from spatc_funds.core.words import count_of
from spatc_funds.funds.models import Criterion
from spatc_funds.web.fields import ChoiceField, ChoicesField, LongTextField
from spatc_funds.web.forms import PageForm

KINDS = [
    (InterestKind.NONE, "No interest", "I do not know this group or its people, and nothing would sway me."),
    (
        InterestKind.PERSONAL,
        "A personal interest",
        "I have some link to the group, its people or the place. A fair person would not think that it sways me.",
    ),
    (
        InterestKind.PREJUDICIAL,
        "A prejudicial interest",
        "A fair person could think that it sways me. Then I see nothing more of this bid.",
    ),
]


PARTS = ("value", "reason", "note", "feedback")


class InterestForm(PageForm):
    """Declares an interest in a bid, or that there is none."""

    kind = ChoiceField(
        "Do you have an interest in this bid?",
        required="Choose whether you have an interest in this bid",
        choices=KINDS,
        coerce=InterestKind,
    )
    note = LongTextField(
        "What is your interest?",
        hint="Only if you have one. Say who or what you are linked to, and how.",
        subject="Your interest",
        rows=3,
        max_length=5_000,
    )


class AllocateForm(PageForm):
    """Ticks the people who are given a bid."""

    people = ChoicesField("Give this bid to", required="Choose at least one assessor", coerce=int)


def allocate_form(people: Iterable[Person], loads: Mapping[int, int]) -> AllocateForm:
    """The form with the people who can be given a bid, and how much each has to do already."""
    form = AllocateForm()
    form.people.choices = [
        SelectChoice(
            str(person.id), person.name, {"hint": f"Has {count_of(loads.get(person.id, 0), 'bid')} still to score"}
        )
        for person in people
    ]
    return form


def score_form(submission: Submission, sheet: Assessment | None) -> PageForm:
    """The sheet as a form: ``<criterion>-<part>`` for each of PARTS, and the version that it began from."""
    held = {score.criterion_id: score for score in sheet.scores} if sheet else {}
    fields: dict[str, Any] = {"version": IntegerField(widget=HiddenInput())}
    data: dict[str, Any] = {"version": sheet.version if sheet else 0}
    for criterion in submission.round.criteria:
        value, reason, note, feedback = (f"{criterion.key}-{part}" for part in PARTS)
        fields[value] = _points(criterion, submission.round.scale_maximum)
        fields[reason] = LongTextField(
            f"Your reason for “{criterion.name}”", subject="Your reason", rows=4, max_length=10_000
        )
        fields[note] = LongTextField("Note for yourself", subject="Your note", rows=2, max_length=10_000)
        fields[feedback] = LongTextField(
            "What the group is told",
            hint="A strength, and what would make it stronger. Write to them, in plain words.",
            subject="What the group is told",
            rows=3,
            max_length=10_000,
        )
        if score := held.get(criterion.id):
            data |= {value: score.value, reason: score.reason, note: score.note, feedback: score.feedback}
    made = type("ScoreForm", (PageForm,), fields)
    form: PageForm = made(data=data)
    return form


def scores_in(form: PageForm, submission: Submission) -> dict[str, Given]:
    """Score and reason by criterion, of those that could be read; after ``validate``."""
    found = {}
    for criterion in submission.round.criteria:
        parts = [form[f"{criterion.key}-{part}"] for part in PARTS]
        if not any(part.errors for part in parts):
            found[criterion.key] = Given(*(part.data for part in parts))
    return found


def _points(criterion: Criterion, maximum: int) -> ChoiceField:
    words = {anchor.value: anchor.text for anchor in criterion.anchors}
    labels = {point: f"{point}: {words[point]}" if point in words else str(point) for point in range(maximum + 1)}
    choices = [(str(point), label) for point, label in labels.items()]
    return ChoiceField(f"Your score for “{criterion.name}”", choices=choices, coerce=int, small=True)
