"""Fields that choose from a list: radios, select, checkboxes. Import them from ``spatc_funds.web.fields``."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from markupsafe import escape
from wtforms import fields
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from spatc_funds.web.components import Component, OurField


class OptionsField(OurField, fields.SelectField):
    """Shared by radios, select, checkboxes. Choices: ``(value, label)``, ``(value, label, hint)`` or SelectChoice."""

    choices: Any
    in_fieldset = True
    WRONG = "Choose one of the options in the list"

    def __init__(
        self,
        *args: Any,
        choices: Any = (),
        coerce: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        told = {"invalid_value_message": self.WRONG, "invalid_choice_message": self.WRONG}
        super().__init__(
            *args,
            coerce=coerce or plain_value,
            choices=choices if callable(choices) else as_choices(choices),
            **told | kwargs,
        )

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
                "conditional": {"html": escape(reveal[str(option.value)])} if str(option.value) in reveal else None,
            }
            for option in options
        ]

    def parameters(self, *, reveal: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """``reveal={"yes": field(...)}`` shows more under an option when it is chosen (always, without scripts)."""
        return {"items": self.items(reveal or {})} | super().parameters(**kwargs)


class ChoiceField(OptionsField):
    """One of a few: radios. ``inline=True`` sets short ones side by side."""

    widget = Component("radios", "govukRadios")

    def __init__(
        self,
        *args: Any,
        inline: bool = False,
        small: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.looks = " ".join(f"govuk-radios--{look}" for look, on in (("inline", inline), ("small", small)) if on)

    def own(self) -> dict[str, Any]:
        """How they are set."""
        return {"classes": self.looks}


class YesNoField(ChoiceField):
    """Yes or no as radios; True, False, or None when not answered."""

    def __init__(
        self,
        *args: Any,
        yes: str = "Yes",
        no: str = "No",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, choices=[("yes", yes), ("no", no)], coerce=yes_or_no, **{"inline": True} | kwargs)


class PickField(OptionsField):
    """One of many: a select. ``empty`` is the first line, which means no choice; "" leaves it out."""

    widget = Component("select", "govukSelect")
    in_fieldset = False

    def __init__(self, *args: Any, empty: str = "Choose one", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty = empty

    def items(self, reveal: dict[str, Any]) -> list[dict[str, Any]]:
        """The empty line first."""
        return ([{"value": "", "text": self.empty}] if self.empty else []) + super().items(reveal)


class ChoicesField(OptionsField, fields.SelectMultipleField):
    """Any number of a few: checkboxes; a list, empty when none is ticked."""

    widget = Component("checkboxes", "govukCheckboxes")
    WRONG = "Choose only from the options in the list"

    def process_data(self, value: Any) -> None:
        """None is no tick."""
        super().process_data(value or [])


class TickField(OurField, fields.BooleanField):
    """One checkbox: True or False. With ``required`` it must be ticked."""

    widget = Component("checkboxes", "govukCheckboxes")

    def missing(self) -> bool:
        """Not ticked."""
        return not self.data

    def parameters(self, **kwargs: Any) -> dict[str, Any]:
        """The label belongs to the box itself."""
        given = super().parameters(**kwargs)
        box = {"value": "y", "text": self.label.text, "checked": bool(self.data), "hint": given.pop("hint", None)}
        return {"items": [box]} | {key: value for key, value in given.items() if key != "label"}


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
