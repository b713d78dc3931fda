"""The forms of an application: one for each page, made for the round that it is for."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from spatc_funds.accounts.models import Organisation
from spatc_funds.applications.completeness import MOST_GROUP_WORDS, MOST_HOW_WORDS, MOST_SUMMARY_WORDS
from spatc_funds.applications.equality import QUESTIONS
from spatc_funds.applications.models import Application
from spatc_funds.applications.steps import limits_words
from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.measures import MONEY, N_OF_M, OWN
from spatc_funds.framework.models import Measure
from spatc_funds.framework.number_field import number_field
from spatc_funds.funds.models import EligibilityQuestion, Pot, Question, Round, TaggingRule
from spatc_funds.web.fields import (
    ChoiceField,
    ChoicesField,
    DayField,
    EmailField,
    LongTextField,
    MoneyField,
    TextField,
    TickField,
    WholeNumberField,
    YesNoField,
)
from spatc_funds.web.filters import short_day
from spatc_funds.web.forms import PageForm

MOST_MESSAGE_WORDS = 400
NO_OUTCOME = "none"
NO_SPECIFIC_OUTCOME = (
    "No specific outcome",
    "Your project helps the theme, but none of these outcomes in particular.",
)


class GroupForm(PageForm):
    """What the group does and whom to ask."""

    group_does = LongTextField(
        "What does your group do?",
        hint="A few sentences are enough. Say who you work with and where.",
        subject="What your group does",
        word_limit=MOST_GROUP_WORDS,
        rows=5,
    )
    contact_name = TextField(
        "Who can we ask about this application?",
        hint="The full name of one person in your group.",
        subject="The name",
        max_length=150,
        autocomplete="name",
    )
    contact_phone = TextField(
        "Their phone number",
        hint="We only call if we have a question.",
        subject="The phone number",
        max_length=40,
        width=20,
        autocomplete="tel",
    )
    contact_email = EmailField(
        "Their e-mail address", hint="We send them a copy of what you send us.", subject="The e-mail address"
    )


class ProjectForm(PageForm):
    """Name, summary and days."""

    title = TextField(
        "What is your project called?",
        hint="A short name that people will understand.",
        subject="The name of your project",
        max_length=150,
    )
    summary = LongTextField(
        "What will you do? Say it in a few sentences",
        hint="If you get money, we publish this summary. Leave out names and places that must stay private.",
        subject="Your summary",
        word_limit=MOST_SUMMARY_WORDS,
        rows=5,
    )
    starts_on = DayField("When does your project start?", hint="For example, 27 3 2027", subject="The start")
    ends_on = DayField("When does your project end?", hint="For example, 26 3 2028", subject="The end")


class PlacesForm(PageForm):
    """A share in whole percent for each of the round's districts; ``share-E08000035``."""

    legend = "How much of the work happens in each district?"
    hint = (
        "Use whole percentages. They have to add up to 100. Leave a district empty if nothing happens there. "
        "If all the work is in one district, enter 100 there."
    )

    def shares(self) -> list[Any]:
        """The fields of the districts, in order."""
        return [field for name, field in self._fields.items() if name.startswith("share-")]

    def total(self) -> int:
        """What those that could be read add up to."""
        return sum(field.data or 0 for field in self.shares())


def places_form(opened: Round) -> type[PlacesForm]:
    """The form for a round's districts, and its areas where it has some."""
    fields: dict[str, Any] = {
        f"share-{code}": WholeNumberField(
            DISTRICTS.get(code, code), subject=f"The share of {DISTRICTS.get(code, code)}", maximum=100, width=3
        )
        for code in opened.districts
    }
    today = clock.london_day(clock.now())
    if opened.areas:
        only = [pot.name for pot in opened.pots if pot.needs_area]
        fields["areas"] = ChoicesField(
            "Does the work happen in one of these areas?",
            hint=f"The pot “{'” and “'.join(only)}” is for these areas alone. For other pots leave this empty.",
            choices=[
                (str(each.id), each.name, each.words)
                for each in opened.areas
                if not each.until_on or each.until_on >= today
            ],
        )
    private = TickField("The place has to stay private, like a refuge. Never publish where it is.")
    return type("RoundPlacesForm", (PlacesForm,), {**fields, "sensitive_place": private})


class PartnersForm(PageForm):
    """The groups that do the work with the one that leads: who they are, what they do, what they get."""

    legend = "Who does the work with your group?"
    hint = (
        "Your group leads. It signs the agreement and gets the money. Say who your partners are, what each one does, "
        "and how much of the money each one gets. This is asked only in a pot for several groups together."
    )

    def groups(self) -> list[list[Any]]:
        """The fields of each partner, in order."""
        fields = [field for name, field in self._fields.items() if name.startswith("partner-")]
        return [fields[start : start + len(PARTNER)] for start in range(0, len(fields), len(PARTNER))]


PARTNER = ("name", "number", "part", "amount")


def partners_form(pots: Sequence[Pot]) -> type[PartnersForm]:
    """The form for as many partners as a round's largest pot takes beside the group that leads."""
    fields: dict[str, Any] = {}
    for place in range(1, most_groups(pots)):
        fields[f"partner-{place}-name"] = TextField("What is the group called?", subject="The name", max_length=200)
        fields[f"partner-{place}-number"] = TextField(
            "Its charity or company number",
            hint="Leave it empty if the group has none.",
            subject="The number",
            max_length=12,
            width=10,
        )
        fields[f"partner-{place}-part"] = TextField(
            "What will it do?",
            hint="For example, the evening sessions for girls",
            subject="What it does",
            max_length=200,
        )
        fields[f"partner-{place}-amount"] = MoneyField(
            "How much of the money does it get?",
            hint="This is part of what you ask for. Enter 0 if it gets nothing.",
            subject="What it gets",
        )
    return type("RoundPartnersForm", (PartnersForm,), fields)


def most_groups(pots: Sequence[Pot]) -> int:
    """How many groups may do a project together in the largest of these pots."""
    return max((pot.most_groups for pot in pots), default=1)


class BudgetForm(PageForm):
    """The pot, one more cost, and the lowest amount. A cost half typed is neither added nor lost."""

    description = TextField(
        "What is the cost for?", hint="For example, hall hire for 20 evenings", subject="The cost", max_length=200
    )
    amount = MoneyField("How much is it?", subject="The cost", minimum=1)
    own = MoneyField(
        "How much will your own group put in?",
        hint="Leave it empty if it is nothing. You do not have to put money in, unless the round says so.",
        subject="Your own money",
    )
    match = MoneyField(
        "How much will others give?", hint="Money that you have, or have asked for, from others.", subject="The amount"
    )
    match_from = TextField("Who gives it?", subject="Who gives it", max_length=200)
    lowest = MoneyField(
        "What is the lowest amount with which the project would still work?",
        hint="There may not be enough money for everyone. This helps us to offer you a part of it.",
        subject="The lowest amount",
        minimum=1,
    )

    def require_cost(self, *, pressed: bool) -> bool:
        """Whether there is a cost to add; it has two halves, and one of them needs the other."""
        typed = [bool(str((field.raw_data or [""])[0]).strip()) for field in (self.description, self.amount)]
        if pressed or any(typed):
            self.description.required = "Enter what the cost is for"
            self.amount.required = "Enter how much the cost is, in pounds"
        return pressed or any(typed)


def budget_form(pots: Sequence[Pot]) -> type[BudgetForm]:
    """The form for a round's pots; where there is only one, nobody is asked which."""
    if len(pots) < 2:  # one is no choice
        return BudgetForm
    choices = [(str(pot.id), pot.name, _pot_words(pot)) for pot in pots]
    return type("RoundBudgetForm", (BudgetForm,), {"pot": ChoiceField("Which pot are you asking?", choices=choices)})


def _pot_words(pot: Pot) -> str:
    """What it gives, and to whom alone."""
    words = [limits_words(pot.minimum_pence, pot.maximum_pence)]
    words += ["Only for work in the areas that you can choose under “Where the work happens”"] if pot.needs_area else []
    words += [f"Only for {pot.least_groups} to {pot.most_groups} groups together"] if pot.most_groups > 1 else []
    return ". ".join(words)


def focus_form(application: Application) -> type[PageForm]:
    """What the project focuses on; that says its theme too."""
    field = ChoiceField(
        "What does your project focus on first of all?", choices=_choices(plan_groups(application, "focus_areas"))
    )
    fields: dict[str, Any] = {"focus_area": field}
    if application.round.tagging_rule is TaggingRule.THEME_AND_PRIORITY and application.round.plan:
        choices = [(str(each.id), each.name) for each in application.round.plan.priorities]
        fields = {"priority": ChoiceField("Which priority of the plan does it serve?", choices=choices), **fields}
    return type("FocusForm", (PageForm,), fields)


def outcomes_form(application: Application) -> type[PageForm]:
    """The outcome that the project serves first, or none, and others."""
    choices = _choices(plan_groups(application, "outcomes"))
    first = ChoiceField(
        "Which outcome does your project help with most?", choices=[*choices, (NO_OUTCOME, *NO_SPECIFIC_OUTCOME)]
    )
    others = ChoicesField("Which other outcomes does it help with?", choices=choices)
    return type("OutcomesForm", (PageForm,), {"primary_outcome": first, "other_outcomes": others})


class CrossCuttingForm(PageForm):
    """Cross-cutting themes, each with the commitment that is served and how."""

    def commitment(self, theme_id: str) -> Any:
        """The commitment of one theme."""
        return self[f"commitment-{theme_id}"]

    def how(self, theme_id: str) -> Any:
        """How the project serves one theme."""
        return self[f"how-{theme_id}"]

    def reveal(self) -> dict[str, Markup]:
        """What is asked under each theme once it is chosen."""
        chosen: Any = self["cross_cutting"]
        themes = [option.value for option in chosen.iter_choices()]
        return {each: Markup("\n").join((self.commitment(each)(size="s"), self.how(each)(size="s"))) for each in themes}

    def validate(self, extra_validators: Any = None) -> bool:
        """A chosen theme needs its commitment."""
        for theme_id in self["cross_cutting"].data or ():
            if f"commitment-{theme_id}" in self:
                commitment = self.commitment(theme_id)
                commitment.required = f"Choose which part of {commitment.subject} your project helps with"
        return bool(super().validate(extra_validators))


def cross_cutting_form(application: Application) -> type[CrossCuttingForm]:
    """The form for the cross-cutting themes of a round's plan."""
    themes = _cross_cutting_themes(application)
    fields: dict[str, Any] = {
        "cross_cutting": ChoicesField(
            "Which cross-cutting themes does your project help with?",
            hint="Choose all that are true for your project.",
            choices=[(str(theme.id), theme.name) for theme in themes],
        )
    }
    for theme in themes:
        choices = [(str(each.id), each.name) for each in theme.commitments]
        fields[f"commitment-{theme.id}"] = ChoiceField(
            "Which part of it?", subject=theme.name, choices=choices, small=True
        )
        fields[f"how-{theme.id}"] = LongTextField(
            "How will you do this?", subject="How you will do this", word_limit=MOST_HOW_WORDS, rows=3
        )
    return type("PlanCrossCuttingForm", (CrossCuttingForm,), fields)


OWN_PARTS = ("name", "kind", "target", "of")


class PromisesForm(PageForm):
    """A target for each of the round's measures, and measures of the group's own; nothing typed is no promise."""

    measures: Sequence[Measure] = ()
    refused: frozenset[str] = frozenset()
    own_legend = "Your own measure"
    own_hint = "You can leave this out. Use it where the measures above miss what matters most about your project."

    @staticmethod
    def words(measure: Measure) -> str:
        """What is counted, and whether that is a change in somebody or what the group did."""
        kind = "A change in a person" if measure.is_change else "Something you do"
        return f"{kind}. {measure.help}"

    def target(self, measure: Measure) -> Any:
        """How many."""
        return self[f"target-{measure.key}"]

    def target_of(self, measure: Measure) -> Any:
        """Out of how many; None for measures that are plain counts."""
        return self._fields.get(f"of-{measure.key}")

    def own(self) -> list[list[Any]]:
        """The fields of each measure of the group's own, in order."""
        fields = [field for name, field in self._fields.items() if name.startswith("own-")]
        return [fields[start : start + len(OWN_PARTS)] for start in range(0, len(fields), len(OWN_PARTS))]

    def own_begun(self) -> bool:
        """Whether anything is typed, or wrong, in one of them."""
        return any(field.errors or not field.missing() for group in self.own() for field in group)

    def validate(self, extra_validators: Any = None) -> bool:
        """Both halves of an "out of", and the first not above the second; all of an own measure that is begun."""
        for name, kind, target, of in self.own():
            if not all(field.missing() for field in (name, target, of)):
                name.required = "Say what you will count with this measure"
                kind.required = "Choose whether it is a change in people, or something you do"
                target.required = "Enter how many you promise"
        super().validate(extra_validators)
        for measure in self.measures:
            if measure.basis == N_OF_M and _odd_pair(self.target(measure), self.target_of(measure)):
                self.refused |= {self.target(measure).name, self.target_of(measure).name}
        return not self.errors


def promises_form(opened: Round) -> type[PromisesForm]:
    """The form for a round's measures, and for as many of the group's own as the round takes."""
    fields: dict[str, Any] = {"measures": opened.measures}
    for measure in opened.measures:
        words = measure.label_n or f"how {'much' if measure.basis == MONEY else 'many'} {measure.unit}"
        fields[f"target-{measure.key}"] = number_field(measure, _capital(words), width=5)
        if measure.basis == N_OF_M:
            label = f"Out of how many {measure.label_of or measure.unit}"
            subject = f"“{measure.name}”, out of how many,"
            fields[f"of-{measure.key}"] = WholeNumberField(label, subject=subject, minimum=1, width=5)
    for place in range(1, opened.own_measures + 1):
        fields |= _own_fields(place)
    return type("RoundPromisesForm", (PromisesForm,), fields)


def _own_fields(place: int) -> dict[str, Any]:
    """A measure of the group's own, ``own-1-name`` and so on: whether it is a change in a person is part of it."""
    return {
        f"own-{place}-name": TextField(
            "What will you count?",
            hint="For example, neighbours who know each other by name",
            subject="What you will count",
            max_length=150,
        ),
        f"own-{place}-kind": ChoiceField(
            "Is it a change in a person, or something you do?",
            hint="Would they say of themselves that something is different now? Then it is a change.",
            choices=[(key, each.words, each.example) for key, each in OWN.items()],
        ),
        f"own-{place}-target": WholeNumberField(
            "How many by the end of your project?", subject=f"Your own measure {place}", width=5
        ),
        f"own-{place}-of": WholeNumberField(
            "Out of how many people you ask?",
            hint="Only for the first kind, which counts those who say so. Else leave it empty.",
            subject=f"Your own measure {place}, out of how many,",
            minimum=1,
            width=5,
        ),
    }


def question_form(question: Question) -> type[PageForm]:
    """One of the round's own questions; its field is named ``q-need``."""
    field = LongTextField(question.text, hint=question.hint, word_limit=question.word_limit, rows=12)
    return type("QuestionForm", (PageForm,), {f"q-{question.key}": field})


def eligibility_form(question: EligibilityQuestion) -> type[PageForm]:
    """One yes-or-no question."""
    field = YesNoField(question.text, hint=question.hint, required="Choose yes or no")
    return type("EligibilityForm", (PageForm,), {"answer": field})


class StartForm(PageForm):
    """Which of a person's groups applies."""

    organisation = ChoiceField("Which group are you applying for?", required="Choose the group you apply for")

    def offer(self, organisations: Sequence[Organisation]) -> "StartForm":
        """Name the groups; one alone is chosen already."""
        self.organisation.choices = [(str(each.id), each.name, _known(each)) for each in organisations]
        if len(organisations) == 1 and self.organisation.raw_data is None:
            self.organisation.process_data(str(organisations[0].id))
        return self


class MessageForm(PageForm):
    """A message to the officers."""

    text = LongTextField(
        "Your message", required="Write your message", word_limit=MOST_MESSAGE_WORDS, subject="Your message", rows=6
    )


class AnswerForm(MessageForm):
    """A message to a group; with a day it is a request for information."""

    answer_by = DayField(
        "By when do you need an answer?",
        hint="Leave it empty if you need none. With a day, it stands on the group's list of things to do.",
        subject="The day",
    )


def equality_form() -> type[PageForm]:
    """The optional equality questions; none has to be answered."""
    fields = {key: ChoiceField(asked.text, choices=list(asked.options.items())) for key, asked in QUESTIONS.items()}
    return type("EqualityForm", (PageForm,), fields)


class DeclarationForm(PageForm):
    """What the sender says is true."""

    agreed = TickField(
        "I have checked this application. It is true, and my group wants to send it.",
        required="Tick the box to say that the application is true and your group wants to send it",
    )


def _known(group: Organisation) -> str:
    """What is known of a group, and when somebody last said that it is right."""
    number = f"Registered number {group.number}" if group.number else ""
    checked = f"Last checked on {short_day(group.checked_at)}. Is it still right?" if group.checked_at else ""
    return ". ".join(filter(None, [number, checked]))


def plan_groups(application: Application, kind: str) -> list[tuple[str, list[Any]]]:
    """The plan's ``focus_areas`` or ``outcomes`` under the names of their themes, the project's own first."""
    plan = application.round.plan
    own = application.theme_id if kind == "outcomes" else None
    themes = sorted(plan.themes, key=lambda theme: theme.id != own) if plan else []
    return [(theme.name, list(getattr(theme, kind))) for theme in themes if getattr(theme, kind)]


def _choices(groups: Sequence[tuple[str, Sequence[Any]]]) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for _name, things in groups for each in things]


def _cross_cutting_themes(application: Application) -> Sequence[Any]:
    return application.round.plan.cross_cutting_themes if application.round.plan else ()


def _odd_pair(target: Any, target_of: Any) -> bool:
    """Whether the two cannot be kept together; says so at the field that is to be mended."""
    if target.errors or target_of.errors:
        return True
    if target_of.data is None and target.data is not None:
        target_of.errors = [f"Enter out of how many, for {target.subject}"]
    elif target.data is None and target_of.data is not None:
        target.errors = [f"Enter how many, for {target.subject}"]
    elif target.data is not None and target.data > target_of.data:
        target.errors = [f"{target.subject} cannot be more than the number it is out of"]
    return bool(target.errors or target_of.errors)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
