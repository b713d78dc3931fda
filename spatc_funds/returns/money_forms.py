"""The page on which a return says what was spent on each line of the budget."""

from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.returns import queries
from spatc_funds.returns.queries import Owed
from spatc_funds.returns.spending import Line, limit_pence
from spatc_funds.returns.wording import NOT_ANSWERED
from spatc_funds.web.fields import LongTextField, MoneyField
from spatc_funds.web.forms import PageForm

WHY_WORDS = 100


def money_form(found: Owed) -> PageForm:
    """An amount for each line, and why where it is far over."""
    fields: dict[str, Any] = {}
    saved: dict[str, Any] = {}
    rule = queries.virement(found)
    for line in queries.spend_lines(found):
        most = format_pounds(limit_pence(line, rule))
        fields[line.field] = MoneyField(
            "Spent since the start",
            subject=f"“{line.description}”",
            hint=f"You planned {format_pounds(line.planned_pence)}.",
        )
        fields[_why(line)] = LongTextField(
            f"If it is more than {most}, why?", subject="Your reason", word_limit=WHY_WORDS, rows=2
        )
        saved |= {line.field: line.spent_pence, _why(line): line.why}
    return type("MoneyForm", (PageForm,), fields)(data=saved)  # type: ignore[no-any-return] # made above


def asked(form: PageForm, found: Owed) -> list[tuple[Line, Any, Any]]:
    """Each line with its two boxes."""
    return [(line, form[line.field], form[_why(line)]) for line in queries.spend_lines(found)]


def readable(form: PageForm, _found: Owed) -> bool:
    """Check what was typed, whether or not it is complete."""
    return form.validate()


def given(form: PageForm, found: Owed) -> dict[int, tuple[int | None, str]]:
    """What was typed, by the line's number; where it cannot be read, what was saved before."""
    return {
        line.number: (
            line.spent_pence if spent.process_errors else spent.data,
            line.why if why.process_errors else why.data,
        )
        for line, spent, why in asked(form, found)
    }


def differences(form: PageForm, found: Owed) -> list[dict[str, str]]:
    """Where what was typed is not what is saved by now."""
    differing = []
    for line, spent, why in asked(form, found):
        typed = str(spent.raw_data[0]) if spent.process_errors and spent.raw_data else _pounds(spent.data)
        pairs = ((line.description, typed, _pounds(line.spent_pence)), (f"Why: {line.description}", why.data, line.why))
        differing += [
            {"label": label, "yours": yours or NOT_ANSWERED, "saved": saved or NOT_ANSWERED}
            for label, yours, saved in pairs
            if yours != saved
        ]
    return differing


def whole(form: PageForm, found: Owed) -> bool:
    """Whether everything that was typed is saved."""
    return not differences(form, found)


def _why(line: Line) -> str:
    return f"why-{line.number}"


def _pounds(pence: int | None) -> str:
    return "" if pence is None else format_pounds(pence)
