"""The pages of a draft: each saves what was typed, finished or not."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.applications import operations, queries, steps
from spatc_funds.applications.completeness import Asked
from spatc_funds.applications.forms import NO_OUTCOME, NO_SPECIFIC_OUTCOME, plan_groups
from spatc_funds.applications.keeping import BY_KEY, Keeper, Values, kept, of_question, same, stamp
from spatc_funds.applications.models import Application
from spatc_funds.applications.pot_rules import lead_gets
from spatc_funds.applications.steps import Status, StepPage
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import criteria_of
from spatc_funds.policy.actions import Action
from spatc_funds.web.filters import clock as london_clock
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor, requires, wants_json
from spatc_funds.web.held import stamp_or

CONFLICT, UNPROCESSABLE = 409, 422
LATER = "later"
SENT_MEANWHILE = "This was sent or put back meanwhile, so it cannot be changed now. What you typed was not saved."
OWN_TEMPLATES = {"places", "partners", "focus", "outcomes", "cross-cutting", "promises"}


def to_work_on(reference: str) -> Application | None:
    """The application of a page that changes it, locked while it does."""
    return queries.to_keep_words_of(reference) if wants_json() else queries.to_work_on(reference)


@requires(Action.APPLICATION_EDIT, to_work_on)
def step(application: Application, key: str) -> ResponseReturnValue:
    """One of the pages beside the round's own questions."""
    if key == steps.PARTNERS.key and steps.PARTNERS not in pages_of(application):
        raise MissingError
    template = f"applications/step_{key.replace('-', '_')}.html" if key in OWN_TEMPLATES else "applications/step.html"
    return _work(application, steps.BY_KEY[key], BY_KEY[key], template)


@requires(Action.APPLICATION_EDIT, to_work_on)
def question(application: Application, key: str) -> ResponseReturnValue:
    """One of the round's own questions."""
    asked = next((each for each in application.round.questions if each.key == key), None)
    if asked is None:
        raise MissingError
    page = steps.question_page(Asked(asked.key, asked.text, asked.word_limit, asked.required, ""))
    scored = criteria_of(application.round).get(key, [])
    return _work(application, page, of_question(asked), "applications/step_question.html", asked=asked, scored=scored)


def pages_of(application: Application) -> list[StepPage]:
    """Every page of this application, in order."""
    return steps.pages(queries.filled(application, clock.london_day(clock.now())))


def address(application: Application, key: str = "") -> str:
    """The address of one of its pages, or of its task list."""
    return url_for("applications.task_list", reference=application.reference) + key


def sent_already(application: Application) -> bool:
    """Whether a page that changes it would be looked at in vain (what is posted gets its 409 from the operation)."""
    return request.method == "GET" and not operations.may_change(application)


def overtaken(application: Application, form: PageForm, saved: Values) -> ResponseReturnValue | None:
    """The page with both versions, where it was sent or saved in another window meanwhile; else nothing."""
    sent, now = not operations.may_change(application), stamp(application, saved)
    if not sent and (request.form.get("stamp", now) == now or same(form, saved)):
        return None
    if wants_json():
        return jsonify(overtaken=True), CONFLICT
    return conflict(form, saved, SENT_MEANWHILE if sent else "")


def saved_meanwhile(application: Application, form: PageForm, saved: Values) -> ResponseReturnValue:
    """The answer to a script that saves while somebody types: what the page is made from now, when that was.

    And whether it is all that was typed: half an answer, and what cannot be read, is not.
    """
    return jsonify(stamp=stamp(application, saved), saved=london_clock(clock.now()), whole=same(form, saved))


def conflict(form: PageForm, saved: Values, reason: str = "") -> ResponseReturnValue:
    """What was typed beside what somebody saved meanwhile, so that neither is lost."""
    before = type(form)(data=saved, formdata=None)
    kept_apart = [field for field in form if field.name not in {*saved, "csrf_token"} and _said(field)]  # half a cost
    differing = [field for field in form if field.name in saved and _said(field) != _said(before[field.name])]
    versions = [
        {"label": field.label.text, "yours": _said(field), "saved": _said(before[field.name]) or "Nothing"}
        for field in (*differing, *kept_apart)
    ]
    page = render_template(
        "errors/409.html",
        title="This page was changed in the meantime",
        reason=reason,
        changed_by="Another person, or you in another window,",
        versions=versions,
        return_url=request.path,
    )
    return page, CONFLICT


def faults(form: PageForm, first: str) -> list[dict[str, str]]:
    """Everything wrong with a form, for the error summary; what belongs to the whole form leads to its first field."""
    whole = [{"href": f"#{first}", "message": message} for message in form.form_errors]
    fields: list[Any] = [field for field in form if field.errors]
    return whole + [{"href": f"#{field.anchor}", "message": field.errors[0]} for field in fields]


def _work(application: Application, page: StepPage, keeper: Keeper, template: str, **more: Any) -> ResponseReturnValue:
    if sent_already(application):
        return redirect(address(application), 303)
    if request.method == "GET":
        return _page(application, page, keeper, keeper.filled(application), template, **more)
    form, saved = keeper.filled(application), keeper.saved(application)
    return overtaken(application, form, saved) or _save(application, page, keeper, form, template, **more)


def _save(
    application: Application, page: StepPage, keeper: Keeper, form: PageForm, template: str, **more: Any
) -> ResponseReturnValue:
    valid, later, actor = form.validate_on_submit(), request.form.get("then") == LATER, current_actor()
    with unit_of_work(actor.id, Action.APPLICATION_EDIT, application.reference):
        keeper.save(actor, application, kept(form, keeper.saved(application)))
        saved, base = keeper.saved(application), address(application)
        if wants_json():
            return saved_meanwhile(application, form, saved)
        whole = later and same(form, saved)
        ready = not whole and valid and not _add_problems(application, page, form)
        onward = steps.next_key(pages_of(application), page.key)
    if whole:
        flash("Your answers are saved. You can come back to them at any time.", "success")
        return redirect(base, 303)
    if ready:
        return redirect(base + onward, 303)
    return _page(application, page, keeper, form, template, **more), UNPROCESSABLE


def _add_problems(application: Application, page: StepPage, form: PageForm) -> bool:
    """Say at its field what is answered and still wrong; what is only missing can wait for the task list."""
    at = clock.now()
    found = [each for each in queries.problems(application, at) if page.mends(each)]
    begun = steps.status(page, queries.filled(application, clock.london_day(at)), found) is Status.IN_PROGRESS
    for problem in found:
        field: Any = form._fields.get(problem.field)
        if field is not None and not field.missing():
            field.errors = [problem.message]
        elif field is None and begun:
            form.form_errors.append(problem.message)
    return bool(form.errors)


def _page(application: Application, page: StepPage, keeper: Keeper, form: PageForm, template: str, **more: Any) -> str:
    return render_template(
        template,
        application=application,
        page=page,
        form=form,
        stamp=stamp_or(stamp(application, keeper.saved(application))),
        faults=faults(form, next(iter(keeper.saved(application)), "")),
        back=address(application),
        earliest=queries.earliest_start(application.round, clock.london_day(clock.now())),
        fixed_priority=queries.priority_of(application) if application.round.fixed_priority else None,
        lead_pence=lead_gets(queries.partners_of(application), application.asked_pence),
        no_outcome=(NO_OUTCOME, *NO_SPECIFIC_OUTCOME),
        groups=plan_groups(application, "outcomes" if page is steps.OUTCOMES else "focus_areas"),
        **more,
    )


def _said(field: Any) -> str:
    """What stands in a field, in words."""
    if hasattr(field, "iter_choices"):
        return "\n".join(option.label for option in field.iter_choices() if option.selected)
    if hasattr(field, "typed"):
        return " ".join(field.typed).strip()
    typed = field.raw_data[0] if field.raw_data else field.data
    return "" if typed is None else str(typed)
