"""Everything that an application to a round is asked, made from the very forms that ask: page, print, Word, text."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from spatc_funds.applications import forms, steps
from spatc_funds.applications.models import Application
from spatc_funds.core.words import count_of
from spatc_funds.files.document import Block, Document, Fact, Heading, Paragraph
from spatc_funds.funds.models import Criterion, Question, Round
from spatc_funds.funds.queries import criteria_of
from spatc_funds.web.fields import LongTextField
from spatc_funds.web.filters import deadline
from spatc_funds.web.options import OptionsField

if TYPE_CHECKING:
    from spatc_funds.web.forms import PageForm

WHO_READS = (
    "Officers, assessors and the board read your application. The decision maker reads it too. If you are funded, we "
    "publish your group’s name, the project, the amount and the reasons for the decision."
)
GROUPED = {"focus": "focus_areas", "outcomes": "outcomes"}
OPTIONAL, NEEDED = "You can leave this out.", "You have to answer this."


def everything_asked(opened: Round) -> Document:
    """All of it, in the order of the application."""
    closes = f" Send your application before {deadline(opened.closes_at)}." if opened.closes_at else ""
    blocks = [
        Paragraph(f"This is everything we ask. Print it, or share it with your group, before you start.{closes}"),
        Heading("First: can you apply?"),
        *(_rule(each.text, each.hint, must_be=each.must_be) for each in opened.eligibility),
        *_pages(opened),
        *_questions(opened),
        Heading("Who reads your answers"),
        Paragraph(WHO_READS),
    ]
    return Document(f"All questions: {opened.fund.name}, {opened.name}", blocks)


def short_questions(opened: Round) -> int:
    """How many there are beside the round's own."""
    return sum(isinstance(each, Fact) for each in _pages(opened))


def _rule(text: str, hint: str, *, must_be: bool) -> Fact:
    return Fact(text, [*_said(hint), f"You can apply if the answer is {'yes' if must_be else 'no'}."])


def _pages(opened: Round) -> Iterator[Block]:
    """The pages that every application has, part by part."""
    empty = Application(round=opened)  # never saved: the forms are made for an application
    for part, pages in groupby(steps.fixed(together=opened.together), key=lambda page: page.part):
        yield Heading(part)
        for page in pages:
            yield Heading(page.label, 3)
            yield from _page(page.key, empty)


def _page(key: str, empty: Application) -> Iterator[Block]:
    opened = empty.round
    made: dict[str, Any] = {
        "group": forms.GroupForm,
        "project": forms.ProjectForm,
        "places": forms.places_form(opened),
        "budget": forms.budget_form(opened.pots),
        "partners": forms.partners_form(opened.pots),
        "focus": forms.focus_form(empty),
        "outcomes": forms.outcomes_form(empty),
        "cross-cutting": forms.cross_cutting_form(empty),
        "promises": forms.promises_form(opened),
    }
    form: PageForm = made[key](formdata=None)
    if isinstance(form, forms.PlacesForm | forms.PartnersForm):
        yield Fact(form.legend, [form.hint])
    if isinstance(form, forms.PromisesForm):
        yield from _measures(form)
    elif isinstance(form, forms.PartnersForm):
        for place, group in enumerate(form.groups(), start=1):
            yield Fact(
                f"Partner {place}", [words for each in group for words in (each.label.text, *_said(each.description))]
            )
    elif key in GROUPED:
        yield from (_field(field) for field in form if field.name == "priority")
        yield from _grouped(form, forms.plan_groups(empty, GROUPED[key]))
    else:
        yield from (_field(field) for field in form if field.name != "csrf_token")


def _grouped(form: Any, groups: Sequence[tuple[str, Sequence[Any]]]) -> Iterator[Fact]:
    """Options under the names of the themes, and those that stand alone after them."""
    names = {each.name for _theme, things in groups for each in things}
    for field in form:
        if field.name not in {"csrf_token", "priority"}:
            yield Fact(field.label.text, [])
            yield from (Fact(theme, [each.name for each in things]) for theme, things in groups)
            yield from (Fact(each.label, [each.render_kw["hint"]]) for each in _alone(field, names))


def _alone(field: Any, names: set[str]) -> list[Any]:
    return [each for each in field.iter_choices() if each.label not in names]


def _measures(form: forms.PromisesForm) -> Iterator[Fact]:
    for measure in form.measures:
        numbers = [form.target(measure), form.target_of(measure)]
        yield Fact(measure.name, [form.words(measure), *(each.label.text for each in numbers if each is not None)])
    for place, group in enumerate(form.own(), start=1):
        yield Fact(f"{form.own_legend} {place}", [form.own_hint, *(line for each in group for line in _whole(each))])


def _field(field: Any) -> Fact:
    """A field as its page shows it: label, hint, limit and options."""
    lines = [*_said(field.description), *_limit(field)]
    if isinstance(field, OptionsField):
        lines += [_option(each) for each in field.iter_choices()]
    return Fact(field.label.text, lines)


def _whole(field: Any) -> list[str]:
    """A field in lines, where several stand under one name."""
    fact = _field(field)
    return [fact.label, *fact.lines]


def _option(option: Any) -> str:
    hint = option.render_kw.get("hint", "")
    return f"{option.label} ({hint})" if hint else str(option.label)


def _limit(field: Any) -> list[str]:
    limit = field.word_limit if isinstance(field, LongTextField) else None
    return [limit_words(limit)] if limit else []


def limit_words(limit: int) -> str:
    """The limit as the form says it."""
    return f"You can enter up to {count_of(limit, 'word')}."


def _questions(opened: Round) -> Iterator[Block]:
    scored = criteria_of(opened)
    yield Heading("Questions about your project")
    if opened.refuses_links:
        yield Paragraph("Do not put links in these answers. People are scored on what stands in the answer.")
    for section, questions in groupby(opened.questions, key=lambda each: each.section):
        yield Heading(section, 3)
        yield from (_question(each, scored[each.key]) for each in questions)


def _question(asked: Question, scored: Sequence[Criterion]) -> Fact:
    needed = NEEDED if asked.required else OPTIONAL
    why = [
        f"It is scored under “{each.name}”, which counts for {each.weight} of 100. {each.description}"
        + (f" The best answers: {each.anchors[-1].text}" if each.anchors else "")
        for each in scored
    ]
    return Fact(asked.text, [*_said(asked.hint), limit_words(asked.word_limit), needed, *why])


def _said(text: str) -> list[str]:
    return [text] if text else []
