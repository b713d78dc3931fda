"""How a field is drawn: the govuk-frontend macros, and what all of our fields share."""

import re
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from wtforms import fields
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

_OWN_PARAMETERS = {"autocomplete", "classes", "inputmode", "rows", "spellcheck"}

# What is revealed under a chosen option is revealed by the style sheet: the script would put aria-expanded on a radio.
_REVEAL = re.compile(r' data-aria-controls="[^"]*"| govuk-(radios|checkboxes)__conditional--hidden')

# Own environment: no context processor runs for each field, and `indent` must not reach into a textarea's lines.
_COMPONENTS = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_COMPONENTS.filters["indent"] = lambda text, *_: text


class Component:
    """Draws a field by its govuk macro."""

    def __init__(self, folder: str, macro: str) -> None:
        self.folder, self.macro = folder, macro

    def __call__(self, field: "OurField", **kwargs: Any) -> Markup:
        """The field as HTML."""
        template = _COMPONENTS.get_template(f"govuk_frontend_jinja/components/{self.folder}/macro.html")
        drawn = getattr(template.module, self.macro)(field.parameters(**kwargs))
        return Markup(_REVEAL.sub("", drawn))  # noqa: S704 # drawn by an autoescaping template


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

    def parameters(
        self, *, heading: bool = False, size: str = "", params: dict[str, Any] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
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
        given["attributes"] |= {
            key.rstrip("_").replace("_", "-"): value for key, value in kwargs.items() if value is not None
        }
        return given | (params or {})
