"""The form of a return, made for what one grantee promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from spatc_funds.awards.models import AwardTarget
from spatc_funds.core.money import format_pounds
from spatc_funds.core.problems import Problem
from spatc_funds.framework.measures import COUNTED, MONEY, N_OF_M, in_words
from spatc_funds.framework.models import Measure
from spatc_funds.framework.number_field import number_field
from spatc_funds.returns import contents, queries
from spatc_funds.returns.checks import STORY_WORDS
from spatc_funds.returns.models import ReturnValue, ValueState
from spatc_funds.returns.operations import Reported
from spatc_funds.returns.wording import NOT_ANSWERED
from spatc_funds.web.fields import ChoiceField, LongTextField, MoneyField, TickField, WholeNumberField
from spatc_funds.web.forms import PageForm

NUMBER, OF = "-number", "-of"
SPENT, STORY, CONSENT = "spent", "story", "may_publish"
CHOICES = (
    (ValueState.REPORTED, "A number", "0 counts too"),
    (ValueState.NOTHING, "Nothing to report yet"),
    (ValueState.NOT_APPLICABLE, "Not applicable to this return"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks of one measure: the choice, the number, and out of how many where it is n-of-m."""

    choice: Any
    number: Any
    of: Any | None


def return_form(found: queries.Owed) -> PageForm:
    """The form for one return, filled from what was saved before, or from what was posted."""
    fields: dict[str, Any] = {}
    last = contents.last_said(found)
    for target in queries.targets(found):
        fields |= _measure_fields(target, last.get(target.measure.key, ""))
    award_pence = found.expected.award.amount_pence
    whole = f" The award is {format_pounds(award_pence)}." if award_pence is not None else ""
    fields[SPENT] = MoneyField(
        "How much of the award have you spent so far?",
        subject="What you have spent",
        hint=f"Count everything from the start of your project. If it is nothing yet, enter 0.{whole}",
    )
    fields[STORY] = LongTextField(
        "How did it go?",
        subject="How it went",
        hint="What changed for people, what was hard, and what you learned. Leave out the names of people you help.",
        word_limit=STORY_WORDS,
    )
    fields[CONSENT] = TickField("You may publish the story and photographs of this return")
    return type("ReturnForm", (PageForm,), fields)(data=_saved(found))  # type: ignore[no-any-return] # made above


def asked(form: PageForm, found: queries.Owed) -> list[Asked]:
    """The questions of the form by measure, in order."""
    names = [queries.field_of(target.measure) for target in queries.targets(found)]
    return [Asked(form[name], form[name + NUMBER], _field(form, name + OF)) for name in names]


def readable(form: PageForm, found: queries.Owed) -> bool:
    """Check what was typed, whether or not it is complete: False when something cannot be kept as it stands."""
    form.validate()
    for target, each in zip(queries.targets(found), asked(form, found), strict=True):
        if each.choice.data in (ValueState.NOTHING, ValueState.NOT_APPLICABLE):
            _forgive(each.number, each.of)  # a number under a choice that is not taken is not an answer
            continue
        if each.of is None or each.of.data is None:
            continue
        if each.number.data is None and not each.number.errors:
            _say(each.number, f"Enter a number for “{target.measure.name}”, or take the other number away")
        elif each.number.data is not None and each.number.data > each.of.data:
            _say(each.number, f"“{target.measure.name}” counts more people than were asked")
    return not form.errors


def reported(form: PageForm, found: queries.Owed) -> dict[int, Reported]:
    """What was typed, by measure id; where it cannot be read, what was saved before."""
    held = {value.measure_id: value for value in found.started.values} if found.started else {}
    return {
        target.measure_id: _reported(each, held.get(target.measure_id))
        for target, each in zip(queries.targets(found), asked(form, found), strict=True)
    }


def spent_pence(form: PageForm, found: queries.Owed) -> int | None:
    """What was typed, or what was saved before where it cannot be read."""
    kept: int | None = _kept(form[SPENT], found.started.spent_pence if found.started else None)
    return kept


def story(form: PageForm, found: queries.Owed) -> str:
    """What was typed, or what was saved before where it cannot be kept."""
    return _kept(form[STORY], found.started.story if found.started else "") or ""


def show_at_numbers(form: PageForm, wrong: Iterable[Problem]) -> None:
    """Put each problem at the field where it is mended."""
    for problem in wrong:
        field = form[problem.field]
        if field.data == ValueState.REPORTED:
            number, of = form[problem.field + NUMBER], _field(form, problem.field + OF)
            field = of if number.data is not None and of is not None and of.data is None else number
        if not field.errors:
            _say(field, problem.message)


def differences(form: PageForm, found: queries.Owed) -> list[dict[str, str]]:
    """Where what was typed is not what is saved by now: for the page that shows both."""
    started, said = found.started, reported(form, found)
    pairs = [
        (row.name, _typed(each) or _words(target.measure.basis, said[target.measure_id]), row.reported)
        for target, each, row in zip(queries.targets(found), asked(form, found), contents.rows(found), strict=True)
    ]
    saved_pence = started.spent_pence if started else None
    pairs.append(("Spent so far", _raw(form[SPENT]) or _pounds(form[SPENT].data), _pounds(saved_pence)))
    pairs.append(("How it went", form[STORY].data or NOT_ANSWERED, (started.story if started else "") or NOT_ANSWERED))
    agreed = ("No", "Yes")
    pairs.append(
        (form[CONSENT].label.text, agreed[bool(form[CONSENT].data)], agreed[bool(started and started.may_publish)])
    )
    return [{"label": label, "yours": yours, "saved": saved} for label, yours, saved in pairs if yours != saved]


def whole(form: PageForm, found: queries.Owed) -> bool:
    """Whether everything that was typed is saved; a choice without its number is not."""
    return not any(map(_half, asked(form, found))) and not differences(form, found)


def _measure_fields(target: AwardTarget, last: str) -> dict[str, Any]:
    measure, name = target.measure, queries.field_of(target.measure)
    before = f"Your last return said {last}." if last else ""
    hint = " ".join(filter(None, [measure.help, COUNTED.get(measure.across_periods), _promise(target), before]))
    fields: dict[str, Any] = {
        name: ChoiceField(measure.name, choices=CHOICES, hint=hint),
        name + NUMBER: number_field(measure, _number_label(measure)),
    }
    if measure.basis == N_OF_M:
        label = _capital(measure.label_of or "people who were asked")
        fields[name + OF] = WholeNumberField(f"Out of how many: {_small(label)}", subject=f"“{label}”", minimum=1)
    return fields


def _number_label(measure: Measure) -> str:
    return _capital(measure.label_n or "") or f"How {'much' if measure.basis == MONEY else 'many'} {measure.unit}"


def _promise(target: AwardTarget) -> str:
    return f"You promised {target.words}."


def _saved(found: queries.Owed) -> dict[str, Any]:
    if found.started is None:
        return {}
    saved: dict[str, Any] = {
        SPENT: found.started.spent_pence,
        STORY: found.started.story,
        CONSENT: found.started.may_publish,
    }
    for value in found.started.values:
        name = queries.field_of(value.measure)
        saved |= {name: value.state, name + NUMBER: value.value, name + OF: value.value_of}
    return saved


def _field(form: PageForm, name: str) -> Any | None:
    return form[name] if name in form else None  # noqa: SIM401 # a form has no get


def _reported(each: Asked, held: ReturnValue | None) -> Reported:
    unreadable = [field for field in (each.choice, each.number, each.of) if field is not None and field.errors]
    if unreadable:
        return Reported(held.state, held.value, held.value_of) if held else Reported(None)
    of = each.of.data if each.of is not None else None
    if each.choice.data:
        return Reported(ValueState(each.choice.data), each.number.data, of)
    return Reported(None if each.number.data is None else ValueState.REPORTED, each.number.data, of)


def _half(each: Asked) -> bool:
    """A number without its other, or the choice of one without any."""
    numbers = [box.data for box in (each.number, each.of) if box is not None]
    begun = each.choice.data == ValueState.REPORTED or any(number is not None for number in numbers)
    return begun and each.choice.data in (None, ValueState.REPORTED) and None in numbers


def _words(basis: str, said: Reported) -> str:
    if said.state is not ValueState.REPORTED:
        return said.state.value if said.state else NOT_ANSWERED
    return NOT_ANSWERED if said.value is None else in_words(basis, said.value, said.value_of)


def _typed(each: Asked) -> str:
    """What stands in boxes that could not be read."""
    return ", ".join(filter(None, map(_raw, (each.number, each.of))))


def _raw(field: Any) -> str:
    return str(field.raw_data[0]) if field is not None and field.errors and field.raw_data else ""


def _pounds(pence: int | None) -> str:
    return NOT_ANSWERED if pence is None else format_pounds(pence)


def _kept(field: Any, before: Any) -> Any:
    return before if field.process_errors else field.data


def _forgive(*fields: Field | None) -> None:
    for field in fields:
        if field is not None:
            field.errors = field.process_errors = ()


def _say(field: Any, message: str) -> None:
    field.errors = [*field.errors, message]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
