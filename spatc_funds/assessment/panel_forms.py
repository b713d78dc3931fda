"""The forms of moderation, calibration and panel days."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import IntegerField, StringField
from wtforms.widgets import HiddenInput

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.assessment.models import Meeting, ModeratedScore
from spatc_funds.assessment.moderating import chosen_hash, seen_of
from spatc_funds.funds.models import Criterion
from spatc_funds.web.fields import (
    ChoiceField,
    ChoicesField,
    DayField,
    LongTextField,
    PickField,
    TextField,
    WholeNumberField,
)
from spatc_funds.web.filters import short_day
from spatc_funds.web.forms import PageForm

MOST_SEATS = 60
MOST_PLACES = 500
PLACE = "place-"
LATEST_ENTRY = timedelta(days=7)  # a panel day that was is still entered so long


class CalibrationForm(PageForm):
    """Ticks the bids that everybody scores first, and the assessors; ``seen`` tells which were chosen till then."""

    seen = StringField(widget=HiddenInput())
    bids = ChoicesField("Which bids does everybody score first?", hint="Tick 2 to 5.", coerce=int)
    people = ChoicesField(
        "Who scores them?",
        hint="Nobody is given a bid from which they are barred.",
        coerce=int,
    )


class CloseForm(PageForm):
    """Closes a calibration."""

    note = LongTextField(
        "What did you agree on?",
        hint="What a score means to you all now. The other bids open when this is saved.",
        required="Say what you agreed on",
        subject="What you agreed on",
        rows=4,
        max_length=10_000,
    )


class AttendForm(PageForm):
    """Ticks who is in the room; ``version`` is that of the panel day when the page was made."""

    version = IntegerField(widget=HiddenInput())
    present = ChoicesField("Who is in the room?", coerce=int)


class MinuteForm(PageForm):
    """What was said about one bid; ``began`` is the hash of what stood there before."""

    minute = LongTextField("Minute", required="Write what was said", subject="The minute", rows=4, max_length=10_000)
    began = StringField(widget=HiddenInput())


class MeetingForm(PageForm):
    """Sets up a panel day; ``meeting_form`` gives it its fields. The day is not before ``earliest``."""

    earliest: date

    def validate(self, extra_validators: Any = None) -> bool:
        """Nothing wrong with any field, no day long past, no place twice."""
        good = super().validate(extra_validators)
        held_on, taken = self["held_on"], dict[int, str]()
        if isinstance(held_on.data, date) and held_on.data < self.earliest and not held_on.errors:
            held_on.errors = [*held_on.errors, f"The day must be {short_day(self.earliest)} or later"]
            good = False
        for field in self:
            place, bid = field.data, field.name.removeprefix(PLACE)
            if bid == field.name or place is None or field.errors:
                continue
            first = taken.setdefault(place, bid)
            if first != bid:
                field.errors = [*field.errors, f"{bid} and {first} have the same place, {place}. Give each its own"]
                good = False
        return bool(good)


def calibration_form(
    bids: Iterable[Submission], people: Iterable[Person], chosen: Collection[int], scoring: Collection[int]
) -> CalibrationForm:
    """The form with what can be ticked; ticked are the bids that were chosen, and whoever has a bid of the round."""
    form = CalibrationForm(data={"bids": list(chosen), "people": list(scoring), "seen": chosen_hash(chosen)})
    form.bids.choices = [(each.id, f"{each.title} ({each.reference})", f"{each.organisation.name}") for each in bids]
    form.people.choices = [(each.id, each.name) for each in people]
    return form


def moderate_form(criterion: Criterion, maximum: int, held: ModeratedScore | None, *, posted: bool = False) -> PageForm:
    """The score that one criterion counts with, and why; filled from what was posted where it is the one posted."""
    words = {anchor.value: anchor.text for anchor in criterion.anchors}
    choices = [
        (str(point), f"{point}: {words[point]}" if point in words else str(point)) for point in range(maximum + 1)
    ]
    fields: dict[str, Any] = {
        "value": ChoiceField(f"The score that “{criterion.name}” counts with", choices=choices, coerce=int, small=True),
        "reason": LongTextField(
            f"Why “{criterion.name}” counts with this score",
            subject="The reason",
            hint="The assessors’ own scores stay as they are.",
            rows=4,
            max_length=10_000,
        ),
        "seen": StringField(widget=HiddenInput()),
    }
    made = type("ModerateForm", (PageForm,), fields)
    data = {"seen": seen_of(held)} | ({"value": held.value, "reason": held.reason} if held else {})
    form: PageForm = made(prefix=f"{criterion.key}-", data=data, **({} if posted else {"formdata": None}))
    return form


def minute_form(reference: str, text: str, began: str, *, posted: bool = False) -> MinuteForm:
    """The minute of one bid; filled from what was posted where it is the one posted."""
    more: dict[str, Any] = {} if posted else {"formdata": None}
    form = MinuteForm(prefix=f"{reference}-", data={"minute": text, "began": began}, **more)
    form.minute.label.text = f"Minute of {reference}"
    return form


def attend_form(
    members: Iterable[tuple[int, str]], present: Collection[int], version: int, *, posted: bool = False
) -> AttendForm:
    """The members by id and name; ticked is who is in the room."""
    more: dict[str, Any] = {} if posted else {"formdata": None}
    form = AttendForm(data={"present": list(present), "version": version}, **more)
    form.present.choices = list(members)
    return form


def meeting_form(
    people: Sequence[Person],
    bids: Iterable[tuple[Submission, str, int | None]],
    meeting: Meeting | None,
    today: date,
) -> "MeetingForm":
    """A panel day: who, when, and a place for each bid (with why it would be talked about, and its place now)."""
    names = [(str(each.id), each.name) for each in people]
    fields: dict[str, Any] = {
        "version": IntegerField(widget=HiddenInput()),
        "name": TextField("Name", required="Enter a name for the panel day", subject="The name", max_length=120),
        "held_on": DayField("Day", required="Enter the day", subject="The day"),
        "chair": PickField("Chair", required="Choose a chair", choices=names, coerce=int),
        "deputy": PickField(
            "Deputy",
            hint="Chairs the bids from which the chair is barred.",
            required="Choose a deputy",
            choices=names,
            coerce=int,
        ),
        "members": ChoicesField(
            "Who else sits on it?", hint="The chair and the deputy sit on it anyway.", choices=names, coerce=int
        ),
        "quorum": WholeNumberField(
            "Quorum",
            hint="How many people have to be in the room for each bid, without those who must leave.",
            required="Enter the quorum",
            subject="The quorum",
            minimum=1,
            maximum=MOST_SEATS,
            width=3,
        ),
        "minutes_a_bid": WholeNumberField(
            "Minutes for each bid",
            required="Enter how many minutes each bid has",
            subject="The minutes",
            minimum=1,
            maximum=240,
            width=3,
        ),
    }
    data: dict[str, Any] = {"version": 0, "quorum": 3, "minutes_a_bid": 10}
    if meeting:
        data |= {each: getattr(meeting, each) for each in ("version", "name", "held_on", "quorum", "minutes_a_bid")}
        data |= {"chair": meeting.chair_id, "deputy": meeting.deputy_id}
        data["members"] = [each.person_id for each in meeting.members]
    for bid, why, place in bids:
        fields[place_of(bid)] = WholeNumberField(
            f"Place of {bid.title} ({bid.reference})",
            hint=why,
            subject=f"The place of {bid.reference}",
            minimum=1,
            maximum=MOST_PLACES,
            width=3,
        )
        data[place_of(bid)] = place
    made = type("MeetingForm", (MeetingForm,), fields)
    form: MeetingForm = made(data=data)
    form.earliest = min([today - LATEST_ENTRY, *([meeting.held_on] if meeting else [])])
    return form


def place_of(bid: Submission) -> str:
    """The name of the field with a bid's place."""
    return f"{PLACE}{bid.reference}"


def order_in(form: PageForm, bids: Iterable[Submission]) -> list[Submission]:
    """The bids that were given a place, by it."""
    chosen = [each for each in bids if form[place_of(each)].data is not None]
    return sorted(chosen, key=lambda each: form[place_of(each)].data)
