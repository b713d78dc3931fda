"""The forms with which officers answer a return and note how an award stands."""

from typing import Any

from spatc_funds.returns import contents, queries
from spatc_funds.returns.models import Colour, FileKind, ReturnFile
from spatc_funds.returns.overseeing import STORY
from spatc_funds.returns.queries import Owed
from spatc_funds.web.fields import ChoiceField, DayField, LongTextField, TextField
from spatc_funds.web.forms import PageForm

ASK = "ask-"
COLOURS = (
    (Colour.GREEN, "Green", "On its way"),
    (Colour.AMBER, "Amber", "To be watched"),
    (Colour.RED, "Red", "Needs help now"),
)


class ReasonForm(PageForm):
    """Why a return is given back: the grantee reads it, and so does the log."""

    reason = LongTextField(
        "What has to be mended",
        required="Say what has to be mended",
        hint="The grantee reads this. Say which number or sentence, and what you need instead.",
        word_limit=300,
        rows=5,
    )


class AcceptForm(PageForm):
    """What the grantee is told when their return is accepted."""

    feedback = LongTextField(
        "What the grantee is told",
        required="Tell the grantee what you make of it",
        hint="They get it as a letter. Say what went well, and what you would like to see next.",
        word_limit=300,
        rows=5,
    )


class RatingForm(PageForm):
    """How an award stands."""

    colour = ChoiceField("How does this award stand?", choices=COLOURS, required="Choose how it stands")
    reason = LongTextField("Why?", required="Say why", word_limit=150, rows=3, hint="Only staff read this.")


class VisitForm(PageForm):
    """A visit to the project."""

    visited_on = DayField("When was it?", required="Enter the day of the visit")
    who = TextField("Who was there?", required="Say who was there", max_length=300, hint="By their part, not by name.")
    seen = LongTextField("What did you see?", required="Say what you saw", word_limit=400, rows=5)
    follows = LongTextField("What follows from it?", word_limit=200, rows=3)


def send_back_form(found: Owed) -> PageForm:
    """What has to be mended in all, and a question at each field; one of them is enough."""
    fields: dict[str, Any] = {
        "reason": LongTextField(
            "What has to be mended",
            hint="The grantee reads this. Say which number or sentence, and what you need instead.",
            word_limit=300,
            rows=5,
        )
    }
    for name, label in askable(found).items():
        fields[ASK + name] = LongTextField(label, subject=f"Your question about “{label}”", word_limit=100, rows=2)
    return type("SendBackForm", (PageForm,), fields)()  # type: ignore[no-any-return] # made above


def askable(found: Owed) -> dict[str, str]:
    """What can be asked about: the grantee's fields and what they are called."""
    lines = queries.spend_lines(found) if found.started and found.started.lines else []
    return {
        **{row.field: row.name for row in contents.rows(found)},
        "spent": "Spent so far",
        **{line.field: f"Spent on {line.description}" for line in lines},
        **{split.group: f"{split.name}, {split.label.lower()}" for split in queries.splits(found) if split.said},
        "story": "How it went",
        **{f"file-{each.number}": f"File {each.number}, {each.caption}" for each in _files(found)},
    }


def _files(found: Owed) -> list[ReturnFile]:
    return found.started.files if found.started else []


def asked(form: PageForm, found: Owed) -> dict[str, tuple[str, str]]:
    """What was asked: field → what it is called, the question."""
    return {name: (label, form[ASK + name].data) for name, label in askable(found).items() if form[ASK + name].data}


def case_form(found: Owed) -> PageForm:
    """Which part of an accepted return is shown, and under what title."""
    pictures = [each for each in _files(found) if each.kind is FileKind.JPEG]
    photographs = [(str(each.number), f"Photograph {each.number}", each.caption) for each in pictures]
    fields: dict[str, Any] = {
        "part": ChoiceField("What do you choose?", choices=[(STORY, "The story"), *photographs], required="Choose one"),
        "title": TextField("Title", required="Give it a title", max_length=120),
    }
    return type("CaseForm", (PageForm,), fields)()  # type: ignore[no-any-return] # made above
