"""The forms of assessment: an interest, one criterion of a sheet, and who is given a bid."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # WTForms exports it from here

from spatc_funds.accounts.models import Person
from spatc_funds.assessment.models import EntryKind, InterestKind
from spatc_funds.assessment.operations import Given
from spatc_funds.core.words import count_of
from spatc_funds.funds.models import Criterion
from spatc_funds.web.fields import (
    ChoiceField,
    ChoicesField,
    DayField,
    LongTextField,
    PickField,
    TextField,
    TickField,
    UploadField,
    WholeNumberField,
)
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


SHORT = {
    InterestKind.NONE: "None",
    InterestKind.PERSONAL: "Personal",
    InterestKind.PREJUDICIAL: "Prejudicial",
}


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


class RegisterForm(PageForm):
    """A line of one's register of interests."""

    kind = ChoiceField(
        "What are you linked to?",
        required="Choose what you are linked to",
        choices=[
            (EntryKind.ORGANISATION, "A group or a company"),
            (EntryKind.PERSON, "A person", "Family, a partner, a close friend, somebody you work with."),
            (EntryKind.ADDRESS, "An address", "A place that you live in, own or run. Give its postcode."),
            (EntryKind.POST, "A post", "A council seat, a board, a job."),
        ],
        coerce=EntryKind,
    )
    name = TextField("Its name", required="Enter the name", subject="The name", max_length=300)
    number = TextField(
        "Its charity or company number", hint="If it has one, and you know it.", subject="The number", max_length=20
    )
    link = TextField(
        "How are you linked?",
        required="Say how you are linked",
        hint="For example, my sister works there.",
        subject="How you are linked",
        max_length=300,
    )
    expires_on = DayField("Until when does it hold?", hint="Leave it empty if it has no end.", subject="The last day")


class DeclareForm(PageForm):
    """Declarations about many bids; ``declared`` are those that this request has saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared: list[str] = []


def declare_form(references: Iterable[str]) -> DeclareForm:
    """For each bid ``<reference>-kind`` and ``<reference>-note``."""
    fields: dict[str, Any] = {}
    for reference in references:
        fields[f"{reference}-kind"] = ChoiceField(
            f"Do you have an interest in {reference}?",
            choices=list(SHORT.items()),
            coerce=InterestKind,
            inline=True,
            small=True,
        )
        fields[f"{reference}-note"] = TextField("What is it?", subject=f"{reference}: your interest", max_length=5_000)
    made = type("OurDeclareForm", (DeclareForm,), fields)
    form: DeclareForm = made()
    return form


class AllocateForm(PageForm):
    """Ticks the people who are given a bid."""

    people = ChoicesField("Give this bid to", required="Choose at least one person", coerce=int)


def allocate_form(people: Iterable[Person], loads: Mapping[int, int], prefix: str = "") -> AllocateForm:
    """The form with the people who can be given a bid, and how much each has to do already.

    ``prefix`` tells the forms of one page apart.
    """
    form = AllocateForm(prefix=prefix)
    form.people.choices = [
        SelectChoice(
            str(person.id), person.name, {"hint": f"Has {count_of(loads.get(person.id, 0), 'bid')} still to score"}
        )
        for person in people
    ]
    return form


def criterion_form(criterion: Criterion, maximum: int, held: Given, *, scores: bool = True) -> PageForm:
    """What is given for one criterion: ``value`` (not of a body that gives comments alone), ``reason`` and more."""
    what = "reason" if scores else "comment"
    fields: dict[str, Any] = {"value": _points(criterion, maximum)} if scores else {}
    fields["reason"] = LongTextField(f"Your {what}", subject=f"Your {what}", rows=5, max_length=10_000)
    fields["feedback"] = LongTextField(
        "What the group is told",
        hint="A strength, and what would make it stronger. Write to them, in plain words.",
        subject="What the group is told",
        rows=4,
        max_length=10_000,
    )
    fields["note"] = LongTextField(
        "Note for yourself", hint="Nobody else sees it.", subject="Your note", rows=2, max_length=10_000
    )
    made = type("CriterionForm", (PageForm,), fields)
    form: PageForm = made(data=held._asdict())
    return form


class PlanForm(PageForm):
    """What a round's bids are given by; made with a box and two choices for each person, by ``plan_form``."""

    needed = WholeNumberField(
        "How many assessors for each bid?",
        required="Enter how many assessors each bid needs",
        subject="Assessors for each bid",
        minimum=1,
        maximum=20,
    )
    most = WholeNumberField(
        "How many bids may one person have at most?",
        hint="With those that they have in other rounds. Leave it empty for no limit.",
        subject="Bids for one person",
        minimum=1,
        maximum=1_000,
    )

    def taking_part(self) -> tuple[int, ...]:
        """The people who are ticked."""
        return tuple(int(name.removeprefix("takes-")) for name in self._fields if self._is_ticked(name))

    def said(self, prefix: str) -> dict[int, str]:
        """What was chosen for each person who is ticked: ``knows-`` or ``prefers-``."""
        found = {each: self[f"{prefix}{each}"].data for each in self.taking_part()}
        return {each: text for each, text in found.items() if text}

    def hidden(self) -> dict[str, str]:
        """The same as it is posted again, by the names of the fields."""
        found = {"needed": str(self.needed.data), "most": str(self.most.data or "")}
        found |= {f"takes-{each}": "y" for each in self.taking_part()}
        for prefix in ("knows-", "prefers-"):
            found |= {f"{prefix}{each}": text for each, text in self.said(prefix).items()}
        return found

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """As usual; and somebody takes part."""
        good = super().validate(*args, **kwargs)
        if not self.taking_part():
            self.form_errors.append("Tick at least one person who takes part")
        return good and bool(self.taking_part())

    def _is_ticked(self, name: str) -> bool:
        return name.startswith("takes-") and bool(self[name].data)


class PackForm(PageForm):
    """A file of scores that comes back."""

    file = UploadField(
        "Your file", hint="The .xlsx file that you downloaded here.", required="Choose your file", accept=".xlsx"
    )


def plan_form(
    people: Mapping[int, str], loads: Mapping[int, int], themes: Iterable[str], districts: Iterable[str], needed: int
) -> PlanForm:
    """The form with ``takes-<id>``, ``knows-<id>`` and ``prefers-<id>`` for each person, all of them ticked."""
    fields: dict[str, Any] = {}
    for each, name in people.items():
        fields[f"takes-{each}"] = TickField(name, hint=f"Has {count_of(loads.get(each, 0), 'bid')} in other rounds")
        fields[f"knows-{each}"] = PickField(f"Theme that {name} knows", empty="None", choices=[(t, t) for t in themes])
        fields[f"prefers-{each}"] = PickField(
            f"District that {name} prefers", empty="None", choices=[(place, place) for place in districts]
        )
    made = type("RoundPlanForm", (PlanForm,), fields)
    form: PlanForm = made(data={"needed": needed, **{f"takes-{each}": True for each in people}})
    return form


def given_by(form: PageForm, held: Given) -> Given:
    """What was typed, as far as it could be read; what could not stays as it is saved. After ``validate``."""
    readable = form.readable_data()
    typed = {name: readable[name] for name in Given._fields if name in readable and not form[name].errors}
    return Given(*({**held._asdict(), **typed}[name] for name in Given._fields))


def _points(criterion: Criterion, maximum: int) -> ChoiceField:
    words = {anchor.value: anchor.text for anchor in criterion.anchors}
    labels = {point: f"{point}: {words[point]}" if point in words else str(point) for point in range(maximum + 1)}
    choices = [(str(point), label) for point, label in labels.items()]
    return ChoiceField(f"Your score for “{criterion.name}”", choices=choices, coerce=int)
