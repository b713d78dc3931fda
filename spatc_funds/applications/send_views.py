"""The application as a whole: its task list, checking, sending, the receipt, withdrawing and deleting."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from spatc_funds.accounts.sign_in import person_signed_in
from spatc_funds.applications import copying, difference, operations, queries, sending, steps
from spatc_funds.applications.difference import Change
from spatc_funds.applications.forms import DeclarationForm
from spatc_funds.applications.models import Application
from spatc_funds.applications.step_views import address
from spatc_funds.applications.steps import Status
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError, IllegalMoveError, MissingError, NotReadyError, Problem
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import unit_of_work
from spatc_funds.files.document import Document
from spatc_funds.funds.queries import takes
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ApplicationState
from spatc_funds.policy.workflow import may_move
from spatc_funds.web.documents import sent_as
from spatc_funds.web.filters import moment
from spatc_funds.web.guards import allowed, current_actor, requires
from spatc_funds.web.reads import received_at

UNPROCESSABLE = 422
SEND = "#send"  # the part of the check page that says why nothing can be sent
FRONT_PAGE = "/"  # who answers there is for an upper room to say
COLOURS = {Status.IN_PROGRESS: "teal", Status.NOT_STARTED: "grey"}


@requires(Action.APPLICATION_READ, queries.by_reference)
def task_list(application: Application) -> ResponseReturnValue:
    """A draft's pages and how far each has come; of one that was sent, its state and its copy."""
    at = clock.now()
    if not operations.may_change(application):
        return _sent_one(application)
    filled = queries.filled(application, clock.london_day(at))
    found = queries.problems(application, at)
    stood = [(page, steps.status(page, filled, found)) for page in steps.pages(filled)]
    tasks = [_task(application, page, status) for page, status in stood]
    return render_template(
        "applications/task_list.html",
        parts=[(part, list(grouped)) for part, grouped in groupby(tasks, key=lambda task: task["part"])],
        finished=sum(status in {Status.DONE, Status.OPTIONAL} for _page, status in stood),
        count=len(tasks),
        ready=not found,
        changed=_changed_labels(application),
        left=steps.left_words([page for page, _status in stood], filled, found),
        **_whole(application),
    )


@requires(Action.APPLICATION_READ, queries.by_reference)
def check(application: Application) -> ResponseReturnValue:
    """Everything on one page, what is still to be mended in order, and the button that sends it."""
    if not operations.may_change(application):
        return redirect(address(application), 303)
    return _check_page(application, DeclarationForm(formdata=None))


@requires(Action.APPLICATION_SUBMIT, queries.by_reference)
def submit(application: Application) -> ResponseReturnValue:
    """Send it, once; sent twice it leads to the same receipt."""
    receipt = redirect(url_for("applications.sent", reference=application.reference), 303)
    if not may_move(application.state, Action.APPLICATION_SUBMIT):
        return receipt
    form, sender, actor = DeclarationForm(), person_signed_in(), current_actor()
    if sender is None:
        raise ForbiddenError
    if not form.validate_on_submit():
        return _check_page(application, form), UNPROCESSABLE
    if request.form.get("read") not in {None, content_hash(queries.content(application))}:
        changed = [
            Problem("check", "changed", "Something was changed while you read this. Read it once more, then send")
        ]
        return _check_page(application, DeclarationForm(formdata=None), changed), UNPROCESSABLE
    try:
        late = sending.lateness(application.round, received_at())
        with unit_of_work(actor.id, Action.APPLICATION_SUBMIT, application.reference, late) as act:
            submission = sending.submit(actor, application, sender, received_at())
            if submission.received_at != received_at():
                act.reason = f"nothing was different: version {submission.number} goes on standing"
    except NotReadyError as refused:
        return _check_page(application, form, refused.problems), UNPROCESSABLE
    return receipt


@requires(Action.APPLICATION_READ, queries.by_reference)
def sent(application: Application) -> ResponseReturnValue:
    """The receipt."""
    submission = queries.submission_of(application)
    if submission is None:
        raise MissingError
    may_tell = allowed(Action.EQUALITY_ANSWER, application) and not application.equality_answered
    return render_template(
        "applications/sent.html",
        submission=submission,
        may_tell=may_tell,
        earlier=[each for each in queries.versions_of(application) if each.id != submission.id],
        may_reopen=_may_reopen(application),
        **_whole(application),
    )


@requires(Action.APPLICATION_REOPEN, queries.by_reference)
def reopen(application: Application) -> ResponseReturnValue:
    """Open what was sent, to change it; what was sent stands until it is sent again."""
    actor = current_actor()
    with unit_of_work(actor.id, Action.APPLICATION_REOPEN, application.reference):
        sending.reopen(actor, application, clock.now())
    flash("You can change your application now. What you sent stands until you send it again.", "success")
    return redirect(address(application), 303)


@requires(Action.APPLICATION_RESTORE, queries.by_reference)
def restore(application: Application) -> ResponseReturnValue:
    """Ask first, and show what would be thrown away."""
    if not may_move(application.state, Action.APPLICATION_RESTORE):
        message = "Nothing was changed since this was sent."
        raise IllegalMoveError(message)
    changed = _changed(application)
    return render_template("applications/restore.html", changed=changed, **_whole(application))


@requires(Action.APPLICATION_RESTORE, queries.by_reference)
def restore_now(application: Application) -> ResponseReturnValue:
    """Put back what was sent."""
    actor = current_actor()
    with unit_of_work(actor.id, Action.APPLICATION_RESTORE, application.reference):
        sending.restore(actor, application)
    flash("Your changes are taken back. What you sent stands as it was.", "success")
    return redirect(address(application), 303)


@requires(Action.APPLICATION_READ, queries.by_reference)
def download_copy(application: Application, kind: str) -> ResponseReturnValue:
    """What was sent, as a file; of a draft, what stands in it now."""
    return sent_as(copy_of(application), kind, application.reference)


@requires(Action.APPLICATION_READ, queries.by_reference)
def download_draft(application: Application, kind: str) -> ResponseReturnValue:
    """What stands in it now, sent or not, as a file."""
    draft = copying.document(queries.content(application), "This is a draft. It was not sent.")
    return sent_as(draft, kind, f"{application.reference}-draft")


@requires(Action.APPLICATION_READ, queries.by_reference)
def download_version(application: Application, number: int, kind: str) -> ResponseReturnValue:
    """An earlier version of what was sent, as a file."""
    if number not in {each.number for each in queries.versions_of(application)}:
        raise MissingError
    return sent_as(copy_of(application, number), kind, f"{application.reference}-version-{number}")


@requires(Action.APPLICATION_WITHDRAW, queries.by_reference)
def withdraw(application: Application) -> ResponseReturnValue:
    """Ask first."""
    if not may_move(application.state, Action.APPLICATION_WITHDRAW):
        message = "Only an application that was sent, and is not withdrawn yet, can be withdrawn."
        raise IllegalMoveError(message)
    return render_template("applications/withdraw.html", application=application)


@requires(Action.APPLICATION_WITHDRAW, queries.by_reference)
def withdraw_now(application: Application) -> ResponseReturnValue:
    """Take back what was sent; its copy stays on record."""
    actor = current_actor()
    with unit_of_work(actor.id, Action.APPLICATION_WITHDRAW, application.reference):
        sending.withdraw(actor, application, clock.now())
    flash("Your application is withdrawn. Nobody will score it.", "success")
    return redirect(address(application), 303)


@requires(Action.APPLICATION_DELETE, queries.by_reference)
def delete(application: Application) -> ResponseReturnValue:
    """Ask first."""
    if application.state is not ApplicationState.DRAFT:
        message = "This was sent, so it cannot be deleted. You can withdraw it."
        raise IllegalMoveError(message)
    return render_template("applications/delete.html", application=application)


@requires(Action.APPLICATION_DELETE, queries.by_reference)
def delete_now(application: Application) -> ResponseReturnValue:
    """Delete a draft for good."""
    actor, name = current_actor(), application.title or application.reference
    with unit_of_work(actor.id, Action.APPLICATION_DELETE, application.reference):
        sending.delete(actor, application)
    flash(f"Your draft “{name}” is deleted.", "success")
    return redirect(FRONT_PAGE, 303)


def copy_of(application: Application, number: int | None = None) -> Document:
    """The frozen copy as a document, of the version that stands or of another; of a draft, what stands in it now."""
    sent = [each for each in queries.versions_of(application) if number in {None, each.number}]
    if not sent:
        return copying.document(queries.content(application), "This is a draft. It was not sent.")
    submission = sent[-1]
    version = f" It is version {submission.number}." if submission.number > 1 else ""
    received = f"We got this on {moment(submission.received_at)}.{version} Its fingerprint is {submission.sha256}"
    return copying.document(submission.content, received)


def _sent_one(application: Application) -> str:
    return render_template(
        "applications/standing.html",
        submission=queries.submission_of(application),
        may_reopen=_may_reopen(application),
        unsent=application.state is ApplicationState.REOPENED,
        why_not=sending.why_not_reopened(application, clock.now()),
        **_whole(application),
    )


def _may_reopen(application: Application) -> bool:
    can = may_move(application.state, Action.APPLICATION_REOPEN) and allowed(Action.APPLICATION_REOPEN, application)
    return can and not sending.why_not_reopened(application, clock.now())


def _changed_labels(application: Application) -> list[str] | None:
    """The same, by its labels alone."""
    standing = queries.submission_of(application)
    return difference.labels(standing.content, queries.content(application)) if standing else None


def _changed(application: Application) -> list[Change] | None:
    """What is different from what stands; None of a draft that was never sent."""
    standing = queries.submission_of(application)
    return difference.changes(standing.content, queries.content(application)) if standing else None


def _check_page(application: Application, form: DeclarationForm, refused: Sequence[Problem] = ()) -> str:
    at = clock.now()
    every = steps.pages(queries.filled(application, clock.london_day(at)))
    content = queries.content(application)
    base = address(application)
    found = [
        {"href": base + target if (target := steps.address_of(every, problem)) else SEND, "message": problem.message}
        for problem in refused or queries.problems(application, at)
    ]
    return render_template(
        "applications/check.html",
        form=form,
        found=found,
        has_errors=bool(refused),
        changed=_changed(application),
        read=content_hash(content),
        sections=copying.sections(content),
        questions=copying.question_rows(content),
        eligibility=copying.eligibility_rows(content),
        **_whole(application),
    )


def _task(application: Application, page: steps.StepPage, status: Status) -> dict[str, Any]:
    editable = allowed(Action.APPLICATION_EDIT, application)
    return {
        "part": page.part,
        "label": page.label,
        "url": address(application, page.key) if editable else "",
        "hint": page.hint,
        "status": Markup('<span class="app-nowrap">{}</span>').format(status),
        "colour": COLOURS.get(status, ""),
    }


def _whole(application: Application) -> dict[str, Any]:
    """What every page about the whole application shows."""
    return {
        "application": application,
        "base": address(application),
        "open": takes(application.round, clock.now()),
        "may_edit": allowed(Action.APPLICATION_EDIT, application),
        "may_send": allowed(Action.APPLICATION_SUBMIT, application),
        "contact_email": current_app.extensions["settings"].contact_email,
    }
