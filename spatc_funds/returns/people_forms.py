"""The page on which a return says who the people were: counts, never names."""

from itertools import groupby
from typing import Any

from spatc_funds.returns import queries
from spatc_funds.returns.queries import Owed
from spatc_funds.returns.splits import KINDS, Split
from spatc_funds.returns.wording import NOT_ANSWERED
from spatc_funds.web.fields import WholeNumberField
from spatc_funds.web.forms import PageForm


def people_form(found: Owed) -> PageForm:
    """A number for each part of each way in which the round asks for the people that were reported."""
    fields: dict[str, Any] = {}
    saved: dict[str, Any] = {}
    for split in queries.splits(found):
        for part, words in KINDS[split.kind].parts.items():
            fields[split.field(part)] = WholeNumberField(words, subject=f"“{words}”")
            saved[split.field(part)] = split.said.get(part)
    return type("PeopleForm", (PageForm,), fields)(data=saved)  # type: ignore[no-any-return] # made above


def asked(form: PageForm, found: Owed) -> list[tuple[str, int, list[tuple[Split, list[Any]]]]]:
    """Each measure's name and total, with its ways of parting and the boxes of each."""
    splits = queries.splits(found)
    return [
        (name, total, [(split, [form[split.field(part)] for part in KINDS[split.kind].parts]) for split in group])
        for (name, total), group in groupby(splits, lambda split: (split.name, split.total))
    ]


def readable(form: PageForm, _found: Owed) -> bool:
    """Check what was typed, whether or not it is complete."""
    return form.validate()


def given(form: PageForm, found: Owed) -> dict[tuple[int, str, str], int]:
    """What was typed, by measure id, kind and part; where it cannot be read, what was saved before."""
    ids = {target.measure.key: target.measure_id for target in queries.targets(found)}
    said = {}
    for split, part, box in _boxes(form, found):
        number = split.said.get(part) if box.process_errors else box.data
        if number is not None:
            said[ids[split.measure], split.kind, part] = number
    return said


def differences(form: PageForm, found: Owed) -> list[dict[str, str]]:
    """Where what was typed is not what is saved by now."""
    differing = []
    for split, part, box in _boxes(form, found):
        typed = str(box.raw_data[0]) if box.process_errors and box.raw_data else _shown(box.data)
        saved = _shown(split.said.get(part))
        if typed != saved:
            label = f"{split.name}, {split.label.lower()}: {box.label.text}"
            differing.append({"label": label, "yours": typed, "saved": saved})
    return differing


def whole(form: PageForm, found: Owed) -> bool:
    """Whether everything that was typed is saved."""
    return not differences(form, found)


def _boxes(form: PageForm, found: Owed) -> list[tuple[Split, str, Any]]:
    return [
        (split, part, form[split.field(part)])
        for split in queries.splits(found)
        for part in KINDS[split.kind].parts
        if split.field(part) in form
    ]


def _shown(number: int | None) -> str:
    return NOT_ANSWERED if number is None else f"{number:,}"
