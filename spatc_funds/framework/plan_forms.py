"""The forms of the plan's editor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from spatc_funds.core.problems import Problem
from spatc_funds.framework import plan_parts
from spatc_funds.framework.mapping import HUNDRED, Line
from spatc_funds.framework.models import PlanVersion
from spatc_funds.web.fields import ChoiceField, PickField, TextField, TickField, WholeNumberField
from spatc_funds.web.forms import PageForm

NAME: dict[str, Any] = {"required": "Enter its name", "subject": "Its name", "max_length": 300}
LONG = 2_000  # characters of an outcome or a commitment
ENDS = "Ends here"
SHARE = "share-"


class NewPlanForm(PageForm):
    """A draft to begin."""

    name = TextField("Name of the version", hint="For example, Police and Crime Plan 2028-32.", **NAME)
    source = PickField("Copy everything from", empty="Nothing: begin empty")


class WordsForm(PageForm):
    """What a version says of itself."""

    name = TextField("Name of the version", **NAME)
    vision = TextField("Vision", hint="As it goes on after “The vision is”.", subject="The vision", max_length=LONG)
    strategy = TextField("Name of the strategy", subject="The name of the strategy", max_length=300)
    strategy_priority = PickField("Which priority the strategy is", empty="None")
    indicators_line = TextField("Indicators in one line", subject="The line", max_length=LONG)


class PartForm(PageForm):
    """A part of the version; other fields are added for outcomes and indicators."""


class MapForm(PageForm):
    """What a part becomes; a share is added for each part of the other version."""

    ends = TickField(ENDS, hint="It becomes nothing in the other version.")

    def show(self, problems: Iterable[Problem]) -> None:
        """What is wrong with the shares is said at the first of them."""
        first = next((name for name in self._fields if name.startswith(SHARE)), "ends")
        super().show([replace(each, field=first) for each in problems])


def words_form(plan: PlanVersion) -> WordsForm:
    """The form, as the version is now."""
    said = {name: plan.document.get(name) or "" for name in ("vision", "strategy", "indicators_line")}
    form = WordsForm(data={**said, "name": plan.name, "strategy_priority": plan.strategy_priority})
    form.strategy_priority.choices = [(each.key, each.name) for each in plan.priorities]
    return form


def part_form(plan: PlanVersion, kind: str, part: Any = None, *, posted: bool = True) -> PartForm:
    """The form for a part of this kind, as it is now."""
    long = kind in {"outcome", "commitment"}
    fields: dict[str, Any] = {"name": TextField("Name", **NAME | ({"max_length": LONG} if long else {}))}
    if kind == "outcome":
        choices = [(each.key, each.name) for each in plan.headings]
        fields["heading"] = PickField("Heading on the plan on a page", empty="None", choices=choices)
    if kind == "indicator":
        fields |= _of_an_indicator(plan)
    made = type("PartForm", (PartForm,), fields)
    said = plan_parts.said_of(plan, part) if part is not None else None
    data = {name: getattr(said, name) for name in fields} if said else {}
    form: PartForm = made(data=data) if posted else made(data=data, formdata=None)
    return form


def map_form(parts: Mapping[str, str], lines: Sequence[Line]) -> MapForm:
    """A share for each part of the other version (key → name), as it is declared now."""
    fields = {
        SHARE + key: WholeNumberField(
            f"Per cent that becomes “{name}”", subject="The share", minimum=0, maximum=HUNDRED, width=3
        )
        for key, name in parts.items()
    }
    data: dict[str, Any] = {SHARE + line.to_key: line.percent for line in lines if line.to_key}
    form: MapForm = type("MapForm", (MapForm,), fields)(data={**data, "ends": any(not line.to_key for line in lines)})
    return form


def shares_in(form: MapForm) -> dict[str | None, int]:
    """What was typed: shares by key; None: 100 where it ends. A share of 0 is none."""
    fields = {name.removeprefix(SHARE): form[name] for name in form.data if name.startswith(SHARE)}
    shares: dict[str | None, int] = {key: field.data for key, field in fields.items() if field.data}
    return shares | ({None: HUNDRED} if form.ends.data else {})


def _of_an_indicator(plan: PlanVersion) -> dict[str, Any]:
    themes = [(each.key, each.name) for each in plan.themes]
    ways = [("up", "Up"), ("down", "Down")]
    return {
        "theme": PickField("Theme", empty="None", choices=themes),
        "direction": ChoiceField("Meant to go", choices=ways, required="Choose whether it is meant to go up or down"),
        "definition": TextField("Definition", subject="The definition", max_length=LONG),
        "unit": TextField("Unit", hint="For example, casualties.", subject="The unit", max_length=300),
        "source": TextField("Source", required="Say where it comes from", subject="The source", max_length=300),
    }
