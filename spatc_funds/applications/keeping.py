"""Each page of an application: what is saved on it, the form it is typed in, and the operation that keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spatc_funds.applications import forms, operations
from spatc_funds.applications.models import Application
from spatc_funds.applications.operations import OwnGiven, PartnerGiven, PlanChoice
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.measures import N_OF_M
from spatc_funds.funds.models import Question
from spatc_funds.policy.permissions import Actor
from spatc_funds.web.forms import PageForm

Values = Mapping[str, Any]
GROUP = ("group_does", "contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True, slots=True)
class Keeper:
    """One page. ``saved`` gives what the form begins with; ``save`` is handed the same names after typing."""

    form: Callable[[Application], type[PageForm]]
    saved: Callable[[Application], Values]
    save: Callable[[Actor, Application, Values], None]

    def filled(self, application: Application) -> PageForm:
        """The form as posted, else as saved."""
        return self.form(application)(data=self.saved(application))


def stamp(application: Application, saved: Values) -> str:
    """What the page was made from, so that a second tab, or another person, is noticed when it comes back.

    What was put back is the same again, but of another opening: words that a device kept from before are not put in.
    """
    values = {name: str(_in_order(value)) for name, value in saved.items()}
    return content_hash({"": application.times_opened, **values})


def same(form: PageForm, saved: Values) -> bool:
    """Whether what was typed is what is saved."""
    return all(
        not form[name].process_errors and _in_order(form[name].data) == _in_order(value)
        for name, value in saved.items()
        if name in form
    )


def kept(form: PageForm, saved: Values) -> dict[str, Any]:
    """What a draft keeps of a posted form: what could be read; the saved answer where something could not."""
    readable = form.readable_data()
    lost = {name for name, value in readable.items() if form[name].errors and value in (None, [])}
    lost |= set(getattr(form, "refused", ()))
    return {**saved, **{name: value for name, value in readable.items() if name not in lost}}


def of_question(question: Question) -> Keeper:
    """The page of one of the round's own questions."""
    name = f"q-{question.key}"

    def saved(application: Application) -> Values:
        held = {answer.question_id: answer.text for answer in application.answers}
        return {name: held.get(question.id, "")}

    def save(actor: Actor, application: Application, values: Values) -> None:
        operations.save_answers(actor, application, {question.key: values[name]})

    return Keeper(lambda _application: forms.question_form(question), saved, save)


def _group(application: Application) -> Values:
    return {name: getattr(application, name) for name in GROUP}


def _save_group(actor: Actor, application: Application, values: Values) -> None:
    operations.save_group(actor, application, *(values[name] for name in GROUP))


def _project(application: Application) -> Values:
    return {name: getattr(application, name) for name in ("title", "summary", "starts_on", "ends_on")}


def _save_project(actor: Actor, application: Application, values: Values) -> None:
    operations.save_project(
        actor, application, values["title"], values["summary"], values["starts_on"], values["ends_on"]
    )


def _places(application: Application) -> Values:
    held = {share.district: share.percent for share in application.shares}
    shares = {f"share-{code}": held.get(code) for code in application.round.districts}
    areas = {"areas": [str(each.area_id) for each in application.areas]} if application.round.areas else {}
    return {**shares, **areas, "sensitive_place": application.sensitive_place}


def _save_places(actor: Actor, application: Application, values: Values) -> None:
    shares = {code: values[f"share-{code}"] or 0 for code in application.round.districts}
    areas = [int(number) for number in values.get("areas", ())]
    operations.save_places(actor, application, shares, areas, sensitive_place=bool(values["sensitive_place"]))


def _partners(application: Application) -> Values:
    held = {each.place: each for each in application.partners}
    values: dict[str, Any] = {}
    for place in range(1, forms.most_groups(application.round.pots)):
        known = held.get(place)
        values[f"partner-{place}-name"] = known.name if known else ""
        values[f"partner-{place}-number"] = known.number if known else ""
        values[f"partner-{place}-part"] = known.part if known else ""
        values[f"partner-{place}-amount"] = known.amount_pence if known else None
    return values


def _save_partners(actor: Actor, application: Application, values: Values) -> None:
    given = {
        place: PartnerGiven(*(values[f"partner-{place}-{part}"] for part in forms.PARTNER))
        for place in range(1, forms.most_groups(application.round.pots))
    }
    operations.save_partners(actor, application, given)


def _focus(application: Application) -> Values:
    return {"focus_area": _id(application.focus_area_id), "priority": _id(application.priority_id)}


def _save_focus(actor: Actor, application: Application, values: Values) -> None:
    chosen = _number(values["focus_area"])
    plan = application.round.plan
    themes = {area.id: theme.id for theme in (plan.themes if plan else ()) for area in theme.focus_areas}
    theme_id = themes.get(chosen) if chosen else None
    choice = replace(_choice(application), theme_id=theme_id, focus_area_id=chosen)
    operations.save_plan(actor, application, replace(choice, priority_id=_number(values["priority"])))


def _outcomes(application: Application) -> Values:
    first = forms.NO_OUTCOME if application.no_specific_outcome else _id(application.primary_outcome_id)
    return {
        "primary_outcome": first,
        "other_outcomes": [str(each.outcome_id) for each in application.other_outcomes],
    }


def _save_outcomes(actor: Actor, application: Application, values: Values) -> None:
    none = values["primary_outcome"] == forms.NO_OUTCOME
    choice = replace(
        _choice(application),
        primary_outcome_id=None if none else _number(values["primary_outcome"]),
        no_specific_outcome=none,
        other_outcome_ids=[int(number) for number in values["other_outcomes"]],
    )
    operations.save_plan(actor, application, choice)


def _cross_cutting(application: Application) -> Values:
    held = {each.cross_cutting_theme_id: each for each in application.cross_cutting}
    values: dict[str, Any] = {"cross_cutting": [str(number) for number in held]}
    for theme in application.round.plan.cross_cutting_themes if application.round.plan else ():
        known = held.get(theme.id)
        values[f"commitment-{theme.id}"] = str(known.commitment_id) if known else None
        values[f"how-{theme.id}"] = known.how if known else ""
    return values


def _save_cross_cutting(actor: Actor, application: Application, values: Values) -> None:
    chosen = {
        int(theme): (int(values[f"commitment-{theme}"]), values[f"how-{theme}"])
        for theme in values["cross_cutting"]
        if values[f"commitment-{theme}"]
    }
    operations.save_plan(actor, application, replace(_choice(application), cross_cutting=chosen))


def _promises(application: Application) -> Values:
    held = {promise.measure_id: promise for promise in application.promises}
    values: dict[str, Any] = {}
    for measure in application.round.measures:
        known = held.get(measure.id)
        values[f"target-{measure.key}"] = known.target if known else None
        if measure.basis == N_OF_M:
            values[f"of-{measure.key}"] = known.target_of if known else None
    brought = {each.place: each for each in application.own_promises}
    for place in range(1, application.round.own_measures + 1):
        own = brought.get(place)
        values[f"own-{place}-name"] = own.name if own else ""
        values[f"own-{place}-kind"] = (own.kind if own else "") or None
        values[f"own-{place}-target"] = own.target if own else None
        values[f"own-{place}-of"] = own.target_of if own else None
    return values


def _save_promises(actor: Actor, application: Application, values: Values) -> None:
    targets = {
        measure.id: (values[f"target-{measure.key}"], values.get(f"of-{measure.key}"))
        for measure in application.round.measures
        if values[f"target-{measure.key}"] is not None
    }
    own = {place: _own(values, place) for place in range(1, application.round.own_measures + 1)}
    operations.save_promises(actor, application, targets, own)


def _own(values: Values, place: int) -> OwnGiven:
    name, kind, target, target_of = (values[f"own-{place}-{part}"] for part in forms.OWN_PARTS)
    return OwnGiven(name, kind or "", target, target_of)


def _choice(application: Application) -> PlanChoice:
    """The plan's part of the application as it is now."""
    return PlanChoice(
        priority_id=application.priority_id,
        theme_id=application.theme_id,
        focus_area_id=application.focus_area_id,
        primary_outcome_id=application.primary_outcome_id,
        no_specific_outcome=application.no_specific_outcome,
        other_outcome_ids=[each.outcome_id for each in application.other_outcomes],
        cross_cutting={
            each.cross_cutting_theme_id: (each.commitment_id, each.how) for each in application.cross_cutting
        },
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _in_order(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


BY_KEY: Mapping[str, Keeper] = {
    "group": Keeper(lambda _: forms.GroupForm, _group, _save_group),
    "project": Keeper(lambda _: forms.ProjectForm, _project, _save_project),
    "places": Keeper(lambda draft: forms.places_form(draft.round), _places, _save_places),
    "partners": Keeper(lambda draft: forms.partners_form(draft.round.pots), _partners, _save_partners),
    "focus": Keeper(forms.focus_form, _focus, _save_focus),
    "outcomes": Keeper(forms.outcomes_form, _outcomes, _save_outcomes),
    "cross-cutting": Keeper(forms.cross_cutting_form, _cross_cutting, _save_cross_cutting),
    "promises": Keeper(lambda draft: forms.promises_form(draft.round), _promises, _save_promises),
}
