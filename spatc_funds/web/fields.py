"""The form fields every room uses: the house rules for what people type, drawn by the govuk-frontend components.

Every field takes ``required="Enter …"`` (the message; optional without), ``hint=`` and ``subject=`` (what messages
call it, "Your answer" unless told). A field that is missing and optional is valid and runs no further validators; where
one answer makes another necessary, the form sets ``form.other.required = "Enter …"`` before it validates.
Whatever was typed is shown again after an error. Nothing is marked ``required`` in the page: the server says so.
"""

import calendar
import re
import unicodedata
from datetime import date
from typing import Any, NoReturn

from werkzeug.datastructures import FileStorage
from wtforms import fields

from spatc_funds.core.money import MOST_PENCE, format_pounds, parse_pounds
from spatc_funds.core.words import count_words, is_blank
from spatc_funds.web.components import Component, OurField
from spatc_funds.web.options import ChoiceField, ChoicesField, PickField, TickField, YesNoField

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "EmailField",
    "LongTextField",
    "MoneyField",
    "PickField",
    "SecretField",
    "TextField",
    "TickField",
    "UploadField",
    "WholeNumberField",
    "YesNoField",
]

HIDDEN_CHARACTERS = "{} has a hidden character that we cannot keep. Type it again instead of pasting it"
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn the reading order
MOST_CHARACTERS = 50_000
AREA = Component("textarea", "govukTextarea")
COUNTED_AREA = Component("character-count", "govukCharacterCount")
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"]+@[^@\s,;:<>()\[\]\".]+(\.[^@\s,;:<>()\[\]\".]+)+")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")


class TextField(OurField, fields.StringField):
    """One line of text, trimmed. ``max_length`` in characters must be given."""

    data: str
    widget = Component("input", "govukInput")
    kind = "text"
    allowed_controls = ""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
            message = (
                f"{self.subject} must be {self.max_length:,} characters or fewer. You have typed {len(self.data):,}."
            )
            raise ValueError(message)

    def tidy(self, text: str) -> str:
        """Trim; a tab is a blank."""
        return "" if is_blank(text) else text.replace("\t", " ").strip()

    def own(self) -> dict[str, Any]:
        """Type and value."""
        return {"type": self.kind, "value": self.data}


class EmailField(TextField):
    """One e-mail address. It is not changed to small letters here."""

    kind = "email"

    def __init__(self, *args: Any, max_length: int = 254, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **{"autocomplete": "email"} | kwargs)

    def fault(self) -> str:
        """Not of the form name@place.something."""
        return (
            ""
            if _EMAIL.fullmatch(self.data) and self.data.isascii() and "=?" not in self.data
            else "Enter an e-mail address in the correct format, like name@example.org"
        )

    def own(self) -> dict[str, Any]:
        """No spelling check in an address."""
        return super().own() | {"spellcheck": False}


class SecretField(TextField):
    """A password: never trimmed, never shown again. ``autocomplete="new-password"`` where one is chosen."""

    widget = Component("password-input", "govukPasswordInput")

    def __init__(self, *args: Any, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **{"autocomplete": "current-password"} | kwargs)

    def tidy(self, text: str) -> str:
        """Exactly as typed."""
        return text

    def own(self) -> dict[str, Any]:
        """Not the value."""
        return {}


class LongTextField(TextField):
    r"""Several lines. ``word_limit`` counts as the page's own counter does; lines end in ``\n`` whatever was sent."""

    allowed_controls = "\n\t"

    def __init__(
        self,
        *args: Any,
        word_limit: int | None = None,
        max_length: int = MOST_CHARACTERS,
        rows: int = 8,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        self.word_limit, self.rows = word_limit, rows
        self.widget = COUNTED_AREA if word_limit else AREA

    def tidy(self, text: str) -> str:
        """One kind of line end; word processors' page and line breaks become lines."""
        return "" if is_blank(text) else one_line_end(text).strip()

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

    data: int | None
    widget = Component("input", "govukInput")
    inputmode = "numeric"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        self.data = self.read(text) if text else None

    def read(self, text: str) -> int:
        """The number in a text. Raises ValueError with a message for the person."""
        raise NotImplementedError

    def shown(self, number: int) -> str:
        """A number from the record, as it stands in the box."""
        return str(number)

    def own(self) -> dict[str, Any]:
        value = str(self.raw_data[0]) if self.raw_data else "" if self.data is None else self.shown(self.data)
        return {
            "type": "text",
            "inputmode": self.inputmode,
            "spellcheck": False,
            "value": value,
            "classes": f"govuk-input--width-{self.width or 10}",
        }


class WholeNumberField(_NumberField):
    """A whole number from ``minimum`` to ``maximum``, both allowed; ordinary digits only (commas between thousands)."""

    def __init__(self, *args: Any, minimum: int = 0, maximum: int = 10_000_000, **kwargs: Any) -> None:
        super().__init__(*args, **{"width": 5} | kwargs)
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

    def __init__(self, *args: Any, minimum: int = 0, maximum: int = MOST_PENCE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    """A date as day, month and year: three boxes of one name, posted as ``on=4&on=7&on=2026``. Month names are read."""

    data: date | None
    widget = Component("date-input", "govukDateInput")
    in_fieldset = True
    PARTS = ("day", "month", "year")

    def __init__(self, *args: Any, subject: str = "The date", **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        self.wrong: tuple[str, ...] = self.PARTS

    @property
    def anchor(self) -> str:
        """The first box that is wrong."""
        return f"{self.id}-{self.wrong[0]}"

    def process_data(self, value: date | None) -> None:
        """A date in three texts."""
        self.data = value
        self.typed: tuple[str, ...] = (str(value.day), str(value.month), str(value.year)) if value else ("", "", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the three boxes."""
        day, month, year = self.typed = tuple(str(part).strip() for part in (*valuelist, "", "", "")[:3])
        self.data = None
        gaps = [part for part, text in zip(self.PARTS, self.typed, strict=True) if not text]
        if 0 < len(gaps) < len(self.PARTS):
            self._refuse(f"{self.subject} must include a " + " and a ".join(gaps), *gaps)
        if not gaps:
            self.data = self._read(day, month, year)

    def _read(self, day: str, month: str, year: str) -> date:
        if not 2000 <= _digits(year, 4) <= 2100:
            self._refuse("The year must be four digits between 2000 and 2100, like 2027", "year")
        number = _month(month)
        try:
            return date(int(year), number, _digits(day, 2))
        except ValueError:
            wrong = ("day", "month") if 0 < number <= 12 else ("month",)
            self._refuse(f"{self.subject} must be a real date, like 27 3 2027", *wrong)

    def _refuse(self, message: str, *wrong: str) -> NoReturn:
        self.wrong = wrong
        raise ValueError(message) from None

    def own(self) -> dict[str, Any]:
        """The three boxes, the wrong ones marked."""
        return {"items": [self._box(part, text) for part, text in zip(self.PARTS, self.typed, strict=True)]}

    def _box(self, part: str, text: str) -> dict[str, str]:
        width = f"govuk-input--width-{4 if part == 'year' else 2}"
        red = " govuk-input--error" if self.errors and part in self.wrong else ""
        box = {"label": part.capitalize(), "id": f"{self.id}-{part}", "name": self.name, "value": text}
        return box | {"classes": width + red}


class UploadField(OurField, fields.FileField):
    """One file, as werkzeug's FileStorage, or None. The form needs ``enctype="multipart/form-data"``."""

    widget = Component("file-upload", "govukFileUpload")

    def __init__(self, *args: Any, accept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accept = accept

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Only a real file counts."""
        self.data = next((item for item in valuelist if isinstance(item, FileStorage) and item.filename), None)

    def own(self) -> dict[str, Any]:
        """Which kinds the file chooser offers first."""
        return {"attributes": {"accept": self.accept} if self.accept else {}}


def has_controls(text: str, but: str = "") -> bool:
    """Whether a text has control characters (NUL included) or half characters, other than those in ``but``."""
    return any(
        (unicodedata.category(char) in ("Cc", "Cs") and char not in but) or char in TURNING or is_no_character(char)
        for char in text
    )


def is_no_character(char: str) -> bool:
    """Code points that Unicode keeps for programs' own use (U+FFFE and its like): Word files cannot hold them."""
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def one_line_end(text: str) -> str:
    r"""Every kind of line end as ``\n``."""
    return re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)


def _digits(text: str, most: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else 0


def _month(text: str) -> int:
    named = [
        n for n, name in enumerate(calendar.month_name) if len(text) >= 3 and name.lower().startswith(text.lower())
    ]
    return named[0] if named else _digits(text, 2)
