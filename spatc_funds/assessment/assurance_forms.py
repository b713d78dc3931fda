"""The forms of assurance: how a check ended, what is made of a likeness, a bid's place in the plan, a label."""

from datetime import date
from typing import Any, TypeVar

from markupsafe import Markup
from wtforms import HiddenField

from spatc_funds.applications.forms import NO_OUTCOME, plan_groups
from spatc_funds.applications.models import Submission
from spatc_funds.applications.operations import PlanChoice
from spatc_funds.assessment import diligence
from spatc_funds.assessment.assurances import CheckShown, MatchShown, Place, seen_of
from spatc_funds.assessment.assuring import MOST_CHARACTERS, Recorded, needed_of
from spatc_funds.assessment.models import Likeness, Outcome
from spatc_funds.funds.models import TaggingRule
from spatc_funds.web.fields import ChoiceField, ChoicesField, DayField, LongTextField, TextField
from spatc_funds.web.forms import PageForm

Form = TypeVar("Form", bound=PageForm)

NO_FOCUS = "none"
OUTCOMES = [(Outcome.PASSED, "Passed"), (Outcome.FAILED, "Failed"), (Outcome.NOT_NEEDED, "Not needed")]
JUDGEMENTS = [(Likeness.HARMLESS, "Harmless"), (Likeness.CONCERN, "A concern")]


class CheckForm(PageForm):
    """How one check ended. Several stand on one page, so the ids of the fields carry the check's key."""

    key = HiddenField()
    seen = HiddenField()
    outcome = ChoiceField(
        "How did it end?",
        required="Choose how the check ended",
        choices=OUTCOMES,
        coerce=Outcome,
        inline=True,
        small=True,
    )
    note = LongTextField("Note", hint="Needed unless it is passed.", subject="Your note", rows=2, max_length=2_000)
    expires_on = DayField(
        "It holds until", hint="Only for a pass. Leave it empty if it holds for ever.", subject="The day"
    )

    def given(self) -> Recorded:
        """What was typed; after ``validate``."""
        return Recorded(self.key.data or "", self.outcome.data, self.note.data, self.expires_on.data)


class TakeOverForm(PageForm):
    """One press of a button: what was passed in another bid holds here too."""

    key = HiddenField()
    seen = HiddenField()


class JudgeForm(PageForm):
    """What somebody makes of two texts that are alike."""

    match = HiddenField()
    seen = HiddenField()
    judged = ChoiceField(
        "What do you make of it?",
        required="Choose whether it is harmless or a concern",
        choices=JUDGEMENTS,
        coerce=Likeness,
        inline=True,
        small=True,
    )
    note = LongTextField(
        "Why?", required="Say why, so that the next person need not ask", subject="Your note", rows=2, max_length=2_000
    )


class LabelForm(PageForm):
    """A label to put on a bid."""

    label = TextField(
        "Add a label",
        hint="For example, visit or new group. Groups never see it.",
        required="Enter a label",
        subject="The label",
        max_length=MOST_CHARACTERS,
        width=20,
    )


class UntagForm(PageForm):
    """A label to take off."""

    label = HiddenField()


class TagsForm(PageForm):
    """A bid's place in the plan as an officer sees it."""

    def commitment(self, theme_id: str) -> Any:
        """The commitment of one cross-cutting theme."""
        return self[f"commitment-{theme_id}"]

    def reveal(self) -> dict[str, Markup]:
        """What is asked under each cross-cutting theme once it is chosen."""
        chosen: Any = self["cross_cutting"]
        return {each: self.commitment(each)(size="s") for each in (option.value for option in chosen.iter_choices())}

    def validate(self, extra_validators: Any = None) -> bool:
        """A chosen theme needs its commitment."""
        for theme_id in self["cross_cutting"].data or ():
            if f"commitment-{theme_id}" in self:
                commitment = self.commitment(theme_id)
                commitment.required = f"Choose which part of {commitment.subject} the project helps with"
        return bool(super().validate(extra_validators))


def check_form(shown: CheckShown, today: date) -> CheckForm:
    """The form of one check, filled with what was recorded, and with the day until which a pass of today holds."""
    check, done = shown.line.check, shown.done
    ends = done.expires_on if done and done.expires_on else diligence.expiry(check, today)
    data = {"key": check.key, "seen": shown.seen, "expires_on": ends}
    data |= {"outcome": done.outcome, "note": done.note} if done else {}
    return own_ids(CheckForm(formdata=None, data=data), check.key)


def own_ids(form: Form, name: str) -> Form:
    """The same form with ids of its own, where a page has several of its kind."""
    for field in form:
        field.id = f"{name}-{field.name}"
        field.label.field_id = field.id
    return form


def judge_form(shown: MatchShown) -> JudgeForm:
    """The form of one likeness, filled with what was said of it."""
    row = shown.match
    judged = None if row.judged is Likeness.OPEN else row.judged
    data = {"match": str(row.id), "seen": shown.seen, "judged": judged, "note": row.note}
    return own_ids(JudgeForm(formdata=None, data=data), f"match-{row.id}")


def tags_form(submission: Submission, place: Place) -> TagsForm:
    """The form for the plan of the bid's round, filled with what holds now."""
    asked, application, tags = submission.round, submission.application, place.tags
    outcomes = [_option(each) for _theme, things in plan_groups(application, "outcomes") for each in things]
    fields: dict[str, Any] = {"seen": HiddenField()}
    data: dict[str, Any] = {"seen": seen_of(place.confirmed)}
    if chooses_priority(submission):
        choices = [_option(each) for each in (asked.plan.priorities if asked.plan else ())]
        fields["priority"] = ChoiceField("Which priority of the plan does it serve?", choices=choices)
        data["priority"] = _id(tags["priority"])
    areas = [_option(each) for _theme, things in plan_groups(application, "focus_areas") for each in things]
    none = [(value, label, hint) for value, label, hint in no_focus(submission)]
    fields["focus_area"] = ChoiceField("What does it focus on first of all?", choices=[*areas, *none])
    data["focus_area"] = _id(tags["focus_area"]) or (NO_FOCUS if none else None)
    fields["primary_outcome"] = ChoiceField(
        "Which outcome does it help with most?", choices=[*outcomes, (NO_OUTCOME, "No specific outcome")]
    )
    data["primary_outcome"] = NO_OUTCOME if tags["no_specific_outcome"] else _id(tags["primary_outcome"])
    fields["other_outcomes"] = ChoicesField("Which other outcomes does it help with?", choices=outcomes)
    data["other_outcomes"] = [_id(each) for each in tags["other_outcomes"] or ()]
    themes = asked.plan.cross_cutting_themes if asked.plan else ()
    fields["cross_cutting"] = ChoicesField(
        "Which cross-cutting themes does it help with?", choices=[_option(each) for each in themes]
    )
    data["cross_cutting"] = [_id(each["theme"]) for each in tags["cross_cutting"] or ()]
    for theme in themes:
        choices = [_option(each) for each in theme.commitments]
        fields[f"commitment-{theme.id}"] = ChoiceField(
            "Which part of it?", subject=theme.name, choices=choices, small=True
        )
    data |= {f"commitment-{each['theme']['id']}": _id(each["commitment"]) for each in tags["cross_cutting"] or ()}
    fields["reason"] = LongTextField(
        "Why do you change it?",
        hint="Needed if you change anything. The group’s own choice is kept beside yours.",
        subject="Your reason",
        rows=3,
        max_length=2_000,
    )
    data["reason"] = place.confirmed.reason if place.confirmed else ""
    made = type("RoundTagsForm", (TagsForm,), fields)
    form: TagsForm = made(data=data)
    return form


def chosen_in(form: TagsForm, submission: Submission) -> PlanChoice:
    """What was chosen; after ``validate``."""
    plan = submission.round.plan
    theme_of = {area.id: theme.id for theme in (plan.themes if plan else ()) for area in theme.focus_areas}
    focus, first = _number(form["focus_area"].data), _number(form["primary_outcome"].data)
    crosses = [int(each) for each in form["cross_cutting"].data or ()]
    return PlanChoice(
        theme_id=theme_of.get(focus or 0),
        focus_area_id=focus,
        primary_outcome_id=first,
        no_specific_outcome=form["primary_outcome"].data == NO_OUTCOME,
        other_outcome_ids=[int(each) for each in form["other_outcomes"].data or ()],
        cross_cutting={each: (int(form.commitment(str(each)).data), "") for each in crosses},
        priority_id=_number(form["priority"].data) if "priority" in form else None,
    )


def chooses_priority(submission: Submission) -> bool:
    """Whether the round asks which priority of the plan a project serves."""
    return submission.round.tagging_rule is TaggingRule.THEME_AND_PRIORITY


def no_focus(submission: Submission) -> list[tuple[str, str, str]]:
    """The choice of no theme, where a bid of the round may have none: the themes are those of one priority alone."""
    free = chooses_priority(submission) or not needed_of(submission.round, {}).theme
    return [(NO_FOCUS, "None of these", "The project serves another priority of the plan.")] if free else []


def _option(thing: Any) -> tuple[str, str]:
    return str(thing.id), thing.name


def _id(thing: Any) -> str | None:
    return str(thing["id"]) if thing else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
