"""Signing in, and adding an organisation."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms.validators import ValidationError

from spatc_funds.accounts.codes import DIGITS
from spatc_funds.accounts.identity import charity_number, company_number
from spatc_funds.accounts.models import RegisterKind
from spatc_funds.accounts.passwords import LONGEST
from spatc_funds.accounts.registers import Found
from spatc_funds.web.fields import ChoiceField, EmailField, SecretField, TextField
from spatc_funds.web.forms import PageForm

NONE_OF_THESE = "none"
CODE = "code"  # the button that asks for one
CHARITY, COMPANY, NEITHER = "charity", "company", "neither"
REGISTERS = [
    (CHARITY, "Yes, it is a registered charity"),
    (COMPANY, "Yes, it is a company or a community interest company (CIC)"),
    (NEITHER, "No, or you do not know the number"),
]


class SignInForm(PageForm):
    """Who somebody is: by a code that is sent to the address, or by a password."""

    email = EmailField("E-mail address", required="Enter your e-mail address", autocomplete="username")
    password = SecretField("Password", max_length=LONGEST)

    def by_code(self, pressed: str) -> bool:
        """Whether a code is wanted. The Enter key presses the first button, from the password's box too."""
        found = pressed == CODE and not self.password.data
        self.password.required = "" if found else "Enter your password"
        return found


class CodeForm(PageForm):
    """The six digits."""

    code = TextField(
        "Six-digit code",
        required="Enter the code from the e-mail",
        max_length=20,
        width=5,
        autocomplete="one-time-code",
    )

    def validate_code(self, field: TextField) -> None:
        """Six digits, however they are spaced."""
        field.data = "".join(field.data.split()).replace("-", "")
        if not (field.data.isascii() and field.data.isdigit() and len(field.data) == DIGITS):
            raise ValidationError("The code has 6 digits, like 012345")


class NameForm(PageForm):
    """What a new person is called."""

    name = TextField("What is your name?", required="Enter your name", max_length=150, autocomplete="name")


class FindForm(PageForm):
    """How a group is found in the registers."""

    what = TextField(
        "What is your group called, or what is its number?",
        required="Enter the name of your group, or its charity or company number",
        hint="A charity number has 6 or 7 digits, a company number 8 characters. Without one, enter the name.",
        subject="The name",
        max_length=200,
        autocomplete="organization",
    )


class ConfirmForm(PageForm):
    """Which of those that were found it is."""

    found = ChoiceField("Is this your group?", required="Choose your group, or that it is none of these")

    def offer(self, found: Sequence[Found], what: str) -> "ConfirmForm":
        """Name what was found; last, that it is none of these."""
        named = [(each.key, each.name, _said(each)) for each in found]
        self.found.choices = [*named, (NONE_OF_THESE, f"None of these: add “{what}”")]
        return self


class OrganisationForm(PageForm):
    """A group, and its number where a register has given it one. Without a number nothing more is asked."""

    name = TextField(
        "What is your group called?",
        required="Enter the name of your group",
        hint="Use the name on your bank account or in your rules.",
        subject="The name",
        max_length=200,
        autocomplete="organization",
    )
    register = ChoiceField(
        "Is your group on a register?",
        required="Choose whether your group is on a register",
        hint="A group that is on no register can apply too.",
        choices=REGISTERS,
    )
    charity_number = TextField(
        "Charity number", hint="6 or 7 digits, like 1999001", subject="The charity number", max_length=40, width=10
    )
    company_number = TextField(
        "Company number",
        hint="8 characters, like 09999001 or SC123456",
        subject="The company number",
        max_length=40,
        width=10,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Only the number of the chosen register counts."""
        for field, register, words in (
            (self.charity_number, CHARITY, "Enter the charity number"),
            (self.company_number, COMPANY, "Enter the company number"),
        ):
            if self.register.data == register:
                field.required = words
            else:
                field.data, field.process_errors = "", []
        return bool(super().validate(extra_validators))

    def validate_charity_number(self, field: TextField) -> None:
        """Six or seven digits."""
        _read(charity_number, field)

    def validate_company_number(self, field: TextField) -> None:
        """Eight characters of a known register."""
        _read(company_number, field)


def _said(found: Found) -> str:
    kind = {RegisterKind.CHARITY: "Charity", RegisterKind.COMPANY: "Company"}[found.kind]
    return f"{kind} number {found.number}{f', {found.postcode}' if found.postcode else ''}"


def _read(read: Callable[[str], str], field: TextField) -> None:
    try:
        field.data = read(field.data)
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from wrong
