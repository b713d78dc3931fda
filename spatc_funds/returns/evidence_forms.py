"""The form with which a paper or photograph is added to a return."""

from spatc_funds.web.fields import TextField, TickField, UploadField
from spatc_funds.web.forms import PageForm


class EvidenceForm(PageForm):
    """One file, what it shows, and for a photograph two promises."""

    file = UploadField(
        "Choose a file",
        hint="A PDF, or a photograph as JPEG or PNG, of 5 MB at most.",
        required="Choose a file",
        accept=".pdf,.jpg,.jpeg,.png",
    )
    caption = TextField(
        "What does it show?",
        subject="What it shows",
        hint="For people who cannot see it. For example: Ten volunteers in the hall with their certificates.",
        required="Say what it shows",
        max_length=200,
    )
    all_agreed = TickField("Everybody in this photograph has agreed that we send it")
    nameless = TickField("No name can be read in this photograph")
