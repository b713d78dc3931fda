"""Each page of a return that is filled in: its form, what is wrong with it, and the operation that keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatc_funds.core.problems import Problem
from spatc_funds.policy.permissions import Actor
from spatc_funds.returns import forms, money_forms, operations, people_forms, queries, readiness, spending, splits
from spatc_funds.returns.queries import Owed
from spatc_funds.web.forms import PageForm

Differences = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``readable`` validates the form; ``save`` keeps what could be read, and the saved answer of the rest.

    ``differences`` are where what was typed is not what is saved, ``whole`` is whether all that was typed is.
    """

    key: str
    label: str
    step: str
    template: str
    form: Callable[[Owed], PageForm]
    readable: Callable[[PageForm, Owed], bool]
    differences: Callable[[PageForm, Owed], Differences]
    whole: Callable[[PageForm, Owed], bool]
    save: Callable[[Actor, Owed, PageForm], None]
    show: Callable[[PageForm, Sequence[Problem]], None]
    more: Callable[[PageForm, Owed], Mapping[str, Any]]


def _save(actor: Actor, found: Owed, form: PageForm) -> None:
    said = forms.reported(form, found)
    agreed = bool(form[forms.CONSENT].data)
    operations.save(actor, found, said, forms.story(form, found), forms.spent_pence(form, found), may_publish=agreed)


def _save_people(actor: Actor, found: Owed, form: PageForm) -> None:
    operations.save_splits(actor, found, people_forms.given(form, found))


def _save_money(actor: Actor, found: Owed, form: PageForm) -> None:
    operations.save_lines(actor, found, money_forms.given(form, found))


def _cut(found: Owed) -> bool:
    """Whether less was awarded than the budget's lines add up to."""
    award = found.expected.award
    return award.submission is not None and award.amount_pence != award.submission.asked_pence


MAIN = Page(
    key="edit",
    label="Numbers, money and story",
    step="return",
    template="returns/edit.html",
    form=forms.return_form,
    readable=forms.readable,
    differences=forms.differences,
    whole=forms.whole,
    save=_save,
    show=forms.show_at_numbers,
    more=lambda form, found: {"measures": forms.asked(form, found)},
)
PEOPLE = Page(
    key="people",
    label="Who the people were",
    step=splits.STEP,
    template="returns/people.html",
    form=people_forms.people_form,
    readable=people_forms.readable,
    differences=people_forms.differences,
    whole=people_forms.whole,
    save=_save_people,
    show=lambda form, problems: form.show(problems),
    more=lambda form, found: {"measures": people_forms.asked(form, found)},
)
MONEY = Page(
    key="money",
    label="What you spent, line by line",
    step=spending.STEP,
    template="returns/money.html",
    form=money_forms.money_form,
    readable=money_forms.readable,
    differences=money_forms.differences,
    whole=money_forms.whole,
    save=_save_money,
    show=lambda form, problems: form.show(problems),
    more=lambda form, found: {"lines": money_forms.asked(form, found), "cut": _cut(found)},
)
PAGES = (MAIN, PEOPLE, MONEY)


def problems(page: Page, found: Owed) -> list[Problem]:
    """What is wrong on one page."""
    return [each for each in readiness.problems(found) if each.step == page.step]


def offered(found: Owed) -> list[Page]:
    """The pages that have anything to ask of this return."""
    some = {PEOPLE.key: bool(queries.splits(found)), MONEY.key: bool(queries.spend_lines(found))}
    return [page for page in PAGES if some.get(page.key, True)]


def following(page: Page, found: Owed) -> Page | None:
    """The page after one on the way to sending; a small award's return has no more than the first."""
    if queries.is_short(found):
        return None
    wanted = offered(found)
    later = wanted[wanted.index(page) + 1 :] if page in wanted else []
    return later[0] if later else None
