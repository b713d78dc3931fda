"""The form fields every room uses: the house rules for what people type, drawn by the govuk-frontend components.

Every field takes ``required="Enter …"`` (the message; optional when left out), ``hint=`` and ``subject=`` (what messages
call it, "Your answer" unless told). A field that is missing and optional is valid and runs no further validators; where
one answer makes another necessary, the form sets ``form.other.required = "Enter …"`` before it validates.
Whatever was typed is shown again after an error. Nothing is marked ``required`` in the page: the server says it in words.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from wtforms import fields
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from spatc_funds.core.money import MOST_PENCE, format_pounds, parse_pounds
from spatc_funds.core.words import count_words

HIDDEN_CHARACTERS = "{} has a hidden character that we cannot keep. Type it again instead of pasting it"
MOST_CHARACTERS = 50_000
_OWN_PARAMETERS = {"autocomplete", "classes", "inputmode", "rows", "spellcheck"}
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"]+@[^@\s,;:<>()\[\]\".]+(\.[^@\s,;:<>()\[\]\".]+)+")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_REVEAL = re.compile(r' data-aria-controls="[^"]*"| govuk-(radios|checkboxes)__conditional--hidden')  # the style sheet does this, with no aria-expanded
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# Own environment: no context processor runs for each field, and `indent` must not reach into a textarea's lines.
_COMPONENTS = Environment(loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_COMPONENTS.filters["indent"] = lambda text, *_: text


class _Component:
    """Draws a field by its govuk macro."""

    def __init__(self, folder: str, macro: str) -> None:
        self.folder, self.macro = folder, macro

    def __call__(self, field: "OurField", **kwargs: Any) -> Markup:
        template = _COMPONENTS.get_template(f"govuk_frontend_jinja/components/{self.folder}/macro.html")
        return Markup(_REVEAL.sub("", getattr(template.module, self.macro)(field.parameters(**kwargs))))


class OurField(fields.Field):
    """What all fields share; not used by itself."""

    in_fieldset = False

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        required: str = "",
        hint: str = "",
        subject: str = "Your answer",
        width: int | None = None,
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, description=hint or kwargs.pop("description", ""), **kwargs)
        self.required, self.subject = required, subject
        self.width, self.autocomplete = width, autocomplete

    @property
    def anchor(self) -> str:
        """The id that the error summary links to."""
        return self.id

    def missing(self) -> bool:
        """Nothing was answered."""
        return self.data is None or self.data in ("", [])

    def pre_validate(self, form: BaseForm) -> None:
        """One fault at a time: what could not be read, then what is missing, then the field's own check."""
        if self.process_errors:
            raise StopValidation
        if self.missing():
            raise StopValidation(self.required)
        super().pre_validate(form)
        if fault := self.fault():
            raise StopValidation(fault)

    def fault(self) -> str:
        """What is wrong with an answer that could be read, in words; empty when nothing is."""
        return ""

    def own(self) -> dict[str, Any]:
        """The component's parameters that only this kind of field has."""
        return {}

    def parameters(self, *, heading: bool = False, size: str = "", params: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Everything the component needs; ``params`` and other names given in the template win."""
        size = size if not heading or size not in ("", "s") else "l"
        part = "govuk-fieldset__legend" if self.in_fieldset else "govuk-label"
        title = {"text": self.label.text, "isPageHeading": heading, "classes": f"{part}--{size}" if size else ""}
        given: dict[str, Any] = {"id": self.id, "idPrefix": self.id, "name": self.name, "attributes": {}}
        given |= {"fieldset": {"legend": title}} if self.in_fieldset else {"label": title}
        given |= {"hint": {"text": self.description}} if self.description else {}
        given |= {"errorMessage": {"text": self.errors[0]}} if self.errors else {}
        given |= {"classes": f"govuk-input--width-{self.width}"} if self.width else {}
        given |= {"autocomplete": self.autocomplete} if self.autocomplete else {}
        given |= self.own()
        given |= {key: kwargs.pop(key) for key in _OWN_PARAMETERS & set(kwargs)}
        given["attributes"] |= {key.rstrip("_").replace("_", "-"): value for key, value in kwargs.items() if value is not None}
        return given | (params or {})


class TextField(OurField, fields.StringField):
    """One line of text, trimmed. ``max_length`` in characters must be given."""

    data: str
    widget = _Component("input", "govukInput")
    kind = "text"
    allowed_controls = ""

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_length = max_length

    def process_data(self, value: Any) -> None:
        """Nothing is the empty text."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Refuse what could not be stored: too long, or with characters nobody can see."""
        self.data = self.tidy(str(valuelist[0])) if valuelist else ""
        if has_controls(self.data, but=self.allowed_controls):
            raise ValueError(HIDDEN_CHARACTERS.format(self.subject))
        if len(self.data) > self.max_length:
            message = f"{self.subject} must be {self.max_length:,} characters or fewer. You have typed {len(self.data):,}."
            raise ValueError(message)

    def tidy(self, text: str) -> str:
        """Trim; a tab is a blank."""
        return text.replace("\t", " ").strip()

    def own(self) -> dict[str, Any]:
        """Type and value."""
        return {"type": self.kind, "value": self.data}


class EmailField(TextField):
    """One e-mail address. It is not changed to small letters here."""

    kind = "email"

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, max_length: int = 254, **kwargs: Any) -> None:
        super().__init__(label, validators, max_length=max_length, **{"autocomplete": "email"} | kwargs)

    def fault(self) -> str:
        """Not of the form name@place.something."""
        return "" if _EMAIL.fullmatch(self.data) else "Enter an e-mail address in the correct format, like name@example.org"

    def own(self) -> dict[str, Any]:
        """No spelling check in an address."""
        return super().own() | {"spellcheck": False}


class SecretField(TextField):
    """A password: never trimmed, never shown again. ``autocomplete="new-password"`` where one is chosen."""

    widget = _Component("password-input", "govukPasswordInput")

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(label, validators, max_length=max_length, **{"autocomplete": "current-password"} | kwargs)

    def tidy(self, text: str) -> str:
        """Exactly as typed."""
        return text

    def own(self) -> dict[str, Any]:
        """Not the value."""
        return {}


class LongTextField(TextField):
    """Several lines. ``word_limit`` counts as the page's own counter does; lines end in ``\\n`` whatever was sent."""

    allowed_controls = "\n\t"

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        word_limit: int | None = None,
        max_length: int = MOST_CHARACTERS,
        rows: int = 8,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)
        self.word_limit, self.rows = word_limit, rows
        self.widget = _Component("character-count", "govukCharacterCount") if word_limit else _Component("textarea", "govukTextarea")

    def tidy(self, text: str) -> str:
        """One kind of line end; word processors' page and line breaks become lines."""
        return one_line_end(text).strip()

    def fault(self) -> str:
        """Too many words."""
        words = count_words(self.data)
        if self.word_limit is None or words <= self.word_limit:
            return ""
        return f"{self.subject} must be {self.word_limit:,} words or fewer. You have written {words:,}."

    def own(self) -> dict[str, Any]:
        """Rows and the limit."""
        return {"value": self.data, "rows": self.rows, "maxwords": self.word_limit}


class _NumberField(OurField):
    """A number typed as text; what was typed is shown again."""

    widget = _Component("input", "govukInput")
    inputmode = "numeric"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        self.data = self.read(text) if text else None

    def read(self, text: str) -> int:
        """The number in a text. Raises ValueError with a message for the person."""
        raise NotImplementedError

    def shown(self, number: int) -> str:
        return str(number)

    def own(self) -> dict[str, Any]:
        value = str(self.raw_data[0]) if self.raw_data else "" if self.data is None else self.shown(self.data)
        return {"type": "text", "inputmode": self.inputmode, "spellcheck": False, "value": value, "classes": f"govuk-input--width-{self.width or 10}"}


class WholeNumberField(_NumberField):
    """A whole number from ``minimum`` to ``maximum``, both allowed; ordinary digits only (commas between thousands)."""

    def __init__(
        self, label: str | None = None, validators: list[Any] | None = None, *, minimum: int = 0, maximum: int = 10_000_000, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **{"width": 5} | kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, text: str) -> int:
        """The number, if it is one and between the limits."""
        digits = text.replace(",", "") if _GROUPED.fullmatch(text) else text
        if not (digits.isascii() and digits.isdigit()):
            message = f"{self.subject} must be a whole number, like {min(max(40, self.minimum), self.maximum)}"
            raise ValueError(message)
        number = int(digits) if len(digits) <= 18 else self.maximum + 1
        if not self.minimum <= number <= self.maximum:
            message = f"{self.subject} must be between {self.minimum:,} and {self.maximum:,}"
            raise ValueError(message)
        return number


class MoneyField(_NumberField):
    """Pounds as people type them; whole pence as data. ``minimum`` and ``maximum`` in pence, both allowed."""

    inputmode = "decimal"

    def __init__(
        self, label: str | None = None, validators: list[Any] | None = None, *, minimum: int = 0, maximum: int = MOST_PENCE, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, text: str) -> int:
        """Pence, if it is an amount and between the limits."""
        pence = parse_pounds(text)
        if pence < self.minimum:
            message = f"{self.subject} must be {format_pounds(self.minimum)} or more"
            raise ValueError(message)
        if pence > self.maximum:
            message = f"{self.subject} must be {format_pounds(self.maximum)} or less"
            raise ValueError(message)
        return pence

    def shown(self, number: int) -> str:
        """Without the sign, which stands before the box."""
        return format_pounds(number).replace("£", "")

    def own(self) -> dict[str, Any]:
        """The pound sign."""
        return super().own() | {"prefix": {"text": "£"}}


class DayField(OurField):
    """A date as day, month and year: three boxes of one name, posted as ``name=4&name=7&name=2026``. Month names are read."""

    widget = _Component("date-input", "govukDateInput")
    in_fieldset = True
    PARTS = ("day", "month", "year")

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, subject: str = "The date", **kwargs: Any) -> None:
        super().__init__(label, validators, subject=subject, **kwargs)
        self.wrong: tuple[str, ...] = self.PARTS

    @property
    def anchor(self) -> str:
        """The first box that is wrong."""
        return f"{self.id}-{self.wrong[0]}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the three boxes."""
        typed = self.typed = tuple(str(value).strip() for value in (*valuelist, "", "", "")[:3])
        self.data = None
        if any(typed):
            self._name_missing(typed)
            self.data = self._read(*typed)

    def _name_missing(self, typed: tuple[str, ...]) -> None:
        gaps = tuple(part for part, text in zip(self.PARTS, typed, strict=True) if not text)
        if gaps:
            self.wrong = gaps
            message = f"{self.subject} must include a " + " and a ".join(gaps)
            raise ValueError(message)

    def _read(self, day: str, month: str, year: str) -> date:
        number = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else _digits(month, 2)
        if _digits(year, 4) is None or not 2000 <= int(year) <= 2100:
            self.wrong = ("year",)
            message = "The year must be four digits between 2000 and 2100, like 2026"
            raise ValueError(message)
        try:
            return date(int(year), number or 0, _digits(day, 2) or 0)
        except ValueError:
            self.wrong = ("day", "month") if number is not None and number <= 12 else ("month",)
            message = f"{self.subject} must be a real date, like 27 3 2026"
            raise ValueError(message) from None

    def own(self) -> dict[str, Any]:
        """The three boxes, the wrong ones marked."""
        typed = self.typed if self.raw_data is not None else (str(self.data.day), str(self.data.month), str(self.data.year)) if self.data else ("", "", "")
        red = self.wrong if self.errors else ()
        boxes = [
            {
                "label": part.capitalize(),
                "id": f"{self.id}-{part}",
                "name": self.name,
                "value": text,
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}" + (" govuk-input--error" if part in red else ""),
            }
            for part, text in zip(self.PARTS, typed, strict=True)
        ]
        return {"items": boxes}


class _OptionsField(OurField, fields.SelectField):
    """Shared by radios, select and checkboxes. Choices: ``(value, label)``, ``(value, label, hint)`` or SelectChoice."""

    in_fieldset = True
    WRONG = "Choose one of the options in the list"

    def __init__(
        self,
        label: str | None = None,
        validators: list[Any] | None = None,
        *,
        choices: Any = (),
        coerce: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        told = {"invalid_value_message": self.WRONG, "invalid_choice_message": self.WRONG}
        super().__init__(label, validators, coerce=coerce or plain_value, choices=choices if callable(choices) else as_choices(choices), **told | kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """No choice sent, or an empty one, is no choice: never the one kept from before."""
        self.data = None
        super().process_formdata([value for value in valuelist if value != ""])

    def pre_validate(self, form: BaseForm) -> None:
        """What is not in the list is not kept either."""
        try:
            super().pre_validate(form)
        except ValidationError as wrong:
            self.process_data(None)
            raise StopValidation(str(wrong)) from None

    def _choices_from_input(self, choices: Any) -> Any:
        """Whatever was set later (``form.pot.choices = …``, or a callable's answer) follows the same rule."""
        return super()._choices_from_input(as_choices(choices))  # type: ignore[misc]

    def items(self, reveal: dict[str, Any]) -> list[dict[str, Any]]:
        """Each option as the component wants it."""
        options: Any = self.iter_choices()
        return [
            {
                "value": option.value,
                "text": option.label,
                "checked": option.selected,
                "selected": option.selected,
                "hint": {"text": option.render_kw["hint"]} if option.render_kw.get("hint") else None,
                "attributes": {key: value for key, value in option.render_kw.items() if key != "hint"},
                "conditional": {"html": reveal[str(option.value)]} if str(option.value) in reveal else None,
            }
            for option in options
        ]

    def parameters(self, *, reveal: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """``reveal={"yes": field(...)}`` shows more under an option when it is chosen (always, without scripts)."""
        return {"items": self.items(reveal or {})} | super().parameters(**kwargs)


class ChoiceField(_OptionsField):
    """One of a few: radios. ``inline=True`` sets short ones side by side."""

    widget = _Component("radios", "govukRadios")

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, inline: bool = False, small: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.looks = " ".join(f"govuk-radios--{look}" for look, on in (("inline", inline), ("small", small)) if on)

    def own(self) -> dict[str, Any]:
        """How they are set."""
        return {"classes": self.looks}


class YesNoField(ChoiceField):
    """Yes or no as radios; True, False, or None when not answered."""

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, yes: str = "Yes", no: str = "No", **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[("yes", yes), ("no", no)], coerce=yes_or_no, **{"inline": True} | kwargs)


class PickField(_OptionsField):
    """One of many: a select. ``empty`` is the first line, which means no choice; "" leaves it out."""

    widget = _Component("select", "govukSelect")
    in_fieldset = False

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, empty: str = "Choose one", **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.empty = empty

    def items(self, reveal: dict[str, Any]) -> list[dict[str, Any]]:
        """The empty line first."""
        return ([{"value": "", "text": self.empty}] if self.empty else []) + super().items(reveal)


class ChoicesField(_OptionsField, fields.SelectMultipleField):
    """Any number of a few: checkboxes; a list, empty when none is ticked."""

    widget = _Component("checkboxes", "govukCheckboxes")
    WRONG = "Choose only from the options in the list"

    def process_data(self, value: Any) -> None:
        """None is no tick."""
        super().process_data(value or [])


class TickField(OurField, fields.BooleanField):
    """One checkbox: True or False. With ``required`` it must be ticked."""

    widget = _Component("checkboxes", "govukCheckboxes")

    def missing(self) -> bool:
        """Not ticked."""
        return not self.data

    def parameters(self, **kwargs: Any) -> dict[str, Any]:
        """The label belongs to the box itself."""
        given = super().parameters(**kwargs)
        box = {"value": "y", "text": self.label.text, "checked": bool(self.data), "hint": given.pop("hint", None)}
        return {"items": [box]} | {key: value for key, value in given.items() if key != "label"}


class UploadField(OurField, fields.FileField):
    """One file, as werkzeug's FileStorage, or None. The form needs ``enctype="multipart/form-data"``."""

    widget = _Component("file-upload", "govukFileUpload")

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.accept = accept

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Only a real file counts."""
        self.data = next((item for item in valuelist if isinstance(item, FileStorage) and item.filename), None)

    def own(self) -> dict[str, Any]:
        """Which kinds the file chooser offers first."""
        return {"attributes": {"accept": self.accept} if self.accept else {}}


def as_choices(choices: Any) -> list[SelectChoice]:
    """Tuples become SelectChoice."""
    return [_as_choice(*choice) if isinstance(choice, tuple) else choice for choice in choices or ()]


def _as_choice(value: Any, label: str, hint: str = "") -> SelectChoice:
    return SelectChoice(plain_value(value), label, {"hint": hint} if hint else {})


def plain_value(value: Any) -> str:
    """An enum's value, or the text itself."""
    return str(value.value) if isinstance(value, Enum) else str(value)


def yes_or_no(value: Any) -> bool:
    """``yes`` or ``no``, or a bool. Raises ValueError for anything else."""
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        message = "Choose yes or no"
        raise ValueError(message)
    return bool(value == "yes")


def has_controls(text: str, but: str = "") -> bool:
    """Whether a text has control characters (NUL included) or half characters, other than those in ``but``."""
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in but for char in text)


def one_line_end(text: str) -> str:
    """Every kind of line end as ``\\n``."""
    return re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)


def _digits(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None
