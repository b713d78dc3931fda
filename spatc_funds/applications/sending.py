"""Sending an application, again until the close, and taking it back. Each is called inside ``unit_of_work``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from spatc_funds.accounts.identity import numbers_in
from spatc_funds.accounts.queries import people_of
from spatc_funds.applications import difference, queries, restoring
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.reminders import due, missing_words
from spatc_funds.core.problems import ChangedError, IllegalMoveError, NotReadyError, Problem
from spatc_funds.core.words import count_of, folded
from spatc_funds.correspondence.operations import write
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import is_open, takes
from spatc_funds.outbox.operations import queue
from spatc_funds.outbox.queries import is_queued
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import STANDING, UNSENT, ApplicationState
from spatc_funds.policy.workflow import move
from spatc_funds.web.filters import deadline

WHO_FINISH = (Role.LEAD, Role.EDITOR, Role.SIGNATORY)
BEING_READ = "People have begun to read this application, so it can no longer be changed."
COPY = "copy"  # what a receipt's mail names, to have the copy attached


class Sender(Protocol):
    """Whoever sends, and where their receipt goes."""

    @property
    def id(self) -> int:
        """The account's number."""
        ...

    @property
    def email(self) -> str:
        """Where mail to them goes."""
        ...


def submit(actor: Actor, application: Application, sender: Sender, at: datetime) -> Submission:
    """Send it, once: the frozen copy with its hash, and a receipt. Sent already, it gives that submission again.

    Reopened, it is sent as a further version that names the one it replaces; with nothing changed, the one that stands
    goes on standing. ``at`` is the moment the server received it, however long it waited its turn. Raises NotReadyError
    with what is to be mended, or when midday of the last day, and the round's grace, have passed.
    """
    permit(actor, Action.APPLICATION_SUBMIT, application.subject)
    application = queries.locked(application)
    known = queries.submission_of(application)
    if known and application.state is not ApplicationState.REOPENED:
        return known
    if known and application.taken_up_at is not None:
        raise IllegalMoveError(BEING_READ)
    state = move(application.state, Action.APPLICATION_SUBMIT)
    found = queries.problems(application, at)
    if not takes(application.round, at):
        found = [
            Problem("check", "round", "The round closed at midday on its last day. Nothing more can be sent"),
            *found,
        ]
    if found:
        raise NotReadyError(found)
    application.state, sent = state, queries.content(application)
    if known and not difference.labels(known.content, sent):
        return known
    application.submitted_at = at
    submission = Submission(
        application_id=application.id,
        number=known.number + 1 if known else 1,
        replaces=known,
        reference=application.reference,
        round_id=application.round_id,
        pot_id=application.pot_id,
        organisation_id=application.organisation_id,
        title=application.title,
        asked_pence=application.asked_pence,
        received_at=at,
        sent_by_id=sender.id,
        districts="".join(f" {code} " for code, share in sorted(sent["shares"].items()) if share),
        partner_numbers=_numbers(application),
        content=sent,
        sha256=content_hash(sent),
    )
    db.session.add(submission)
    _receipt(submission, application, sender, at)
    db.session.flush()
    return submission


def lateness(opened: Round, at: datetime) -> str:
    """What the log says of something that is taken after the close; empty for what came in time."""
    if is_open(opened, at) or opened.closes_at is None or not takes(opened, at):
        return ""
    late = int((at - opened.closes_at).total_seconds())
    return f"received {count_of(late, 'second')} after the close, within the grace of {opened.grace_minutes} minutes"


def reopen(actor: Actor, application: Application, at: datetime) -> None:
    """Open what was sent, to change it and send it again; it stands until then.

    Raises IllegalMoveError from the close on, and once an assessor has it, who would read one thing and score another.
    """
    permit(actor, Action.APPLICATION_REOPEN, application.subject)
    application = queries.locked(application)
    if why := why_not_reopened(application, at):
        raise IllegalMoveError(why)
    application.state = move(application.state, Action.APPLICATION_REOPEN)
    application.times_opened += 1


def why_not_reopened(application: Application, at: datetime) -> str:
    """Why what was sent can no longer be changed; empty while it can."""
    if not is_open(application.round, at):
        return "The round is closed, so what was sent can no longer be changed."
    if application.taken_up_at is not None:
        return BEING_READ
    return ""


def restore(actor: Actor, application: Application) -> None:
    """Throw away what was changed and not sent: the application says again what stands."""
    permit(actor, Action.APPLICATION_RESTORE, application.subject)
    application = queries.locked(application)
    application.state = move(application.state, Action.APPLICATION_RESTORE)
    standing = queries.submission_of(application)
    if standing is None:  # the law of states: what is reopened was sent
        raise LookupError(application.reference)
    restoring.put_back(application, standing.content)


def take_up(submission: Submission, at: datetime) -> None:
    """From now on people read what was sent, so it is not replaced. The application's row stays locked.

    Raises NotReadyError while the group is changing it and can still send it again; ChangedError when it just did.
    """
    application = queries.locked(submission.application)
    standing = queries.submission_of(application)
    _take_up(application, at, stands=standing is not None and standing.id == submission.id)


def take_up_all(submissions: Sequence[Submission], at: datetime) -> None:
    """The same for many, in a few queries; their rows are locked in the order of the applications' numbers."""
    found = queries.locked_all([each.application_id for each in submissions])
    standing = queries.standing_of(found)
    for each in submissions:
        _take_up(found[each.application_id], at, stands=each.id in standing)


def _take_up(application: Application, at: datetime, *, stands: bool) -> None:
    if application.state is ApplicationState.REOPENED and takes(application.round, at):
        words = "The group is changing this application and can send it again until the round closes"
        raise NotReadyError([Problem("allocation", "people", f"{words}. Give it to assessors after that")])
    if not stands:
        message = "The group has sent this application again meanwhile. Load the page again to see what stands now."
        raise ChangedError(message)
    application.taken_up_at = application.taken_up_at or at


def withdraw(actor: Actor, application: Application, at: datetime) -> None:
    """Take a sent application back."""
    permit(actor, Action.APPLICATION_WITHDRAW, application.subject)
    application = queries.locked(application)
    if application.closed_at is not None:
        message = "There is a decision on this application, so it can no longer be withdrawn."
        raise IllegalMoveError(message)
    application.state = move(application.state, Action.APPLICATION_WITHDRAW)
    application.withdrawn_at = at


def close(application: Application, at: datetime) -> None:
    """From the decision on, it stays as it was sent; raises IllegalMoveError for one that was withdrawn."""
    application = queries.locked(application)
    if application.state not in STANDING:
        message = "This application was withdrawn."
        raise IllegalMoveError(message)
    application.closed_at = at


def delete(actor: Actor, application: Application) -> None:
    """Delete a draft for good; what was sent cannot be deleted."""
    permit(actor, Action.APPLICATION_DELETE, application.subject)
    application = queries.locked(application)
    if application.state is not ApplicationState.DRAFT:
        message = "This was sent, so it can be withdrawn but not deleted."
        raise IllegalMoveError(message)
    db.session.delete(application)


def remind(application: Application, address: str, at: datetime) -> int:
    """Write to those of the group who can finish what is not sent, once for each mark before the close; how many mails.

    ``address`` is that of the application's own page.
    """
    closes = application.round.closes_at
    mark = due(closes, at) if closes and application.state in UNSENT else None
    if mark is None or closes is None:
        return 0
    key, words = mark
    subject = f"Your application {application.reference} closes {words}"
    named = f"“{application.title or application.reference}” to {application.round.fund}, {application.round}"
    stands = f"Your draft {named}, has not been sent."
    if application.state is ApplicationState.REOPENED:
        stands = f"You changed {named}, and have not sent it again. What you sent before stands until you do."
    body = (
        f"{stands} The round closes at {deadline(closes)}.\n\n"
        f"{missing_words(queries.problems(application, at))}\n\nGo on with it here:\n{address}"
    )
    written = 0
    for person in people_of(application.organisation_id, WHO_FINISH):
        name = f"reminder:{application.reference}:{key}:{person.id}"
        if not is_queued(name):
            queue(name, person.email, subject, body, at)
            written += 1
    return written


def _numbers(application: Application) -> str:
    """The partners' registered numbers, in the one way in which organisations keep theirs; each between blanks."""
    together = application.partners if application.round.together else ()
    found = [number for each in together for number in numbers_in(each.number)]
    return f" {' '.join(found)} " if found else ""


def _receipt(submission: Submission, application: Application, sender: Sender, at: datetime) -> None:
    again = f" (version {submission.number})" if submission.number > 1 else ""
    subject = f"We have your application {submission.reference}{again}"
    body = (
        f"We have your application “{application.title}” to {application.round.fund}, {application.round}{again}.\n\n"
        f"{_what_changed(submission)}"
        f"Its reference is {submission.reference}. It has the fingerprint {submission.sha256[:16]}, which shows "
        "whether anybody changed it. A full copy is attached.\n\n"
        "Next, people score it against the criteria of the round. We write to you when there is a decision."
    )
    kind = "receipt" if submission.number == 1 else f"receipt-{submission.number}"
    write(application.organisation_id, submission.reference, kind, subject, body, at)
    copy = f"{COPY}:{submission.reference}:{submission.number}"
    name = f"receipt:{submission.reference}:{submission.number}"
    queue(name, sender.email, subject, body, at, attachment=copy)
    if folded(application.contact_email) not in {"", folded(sender.email)}:
        queue(f"{name}:contact", application.contact_email, subject, body, at, attachment=copy)


def _what_changed(submission: Submission) -> str:
    """Which answers are not those of the version before, for its receipt."""
    if submission.replaces is None:
        return ""
    labels = difference.labels(submission.replaces.content, submission.content)
    return f"It takes the place of what you sent before. You changed: {'; '.join(labels)}.\n\n"
