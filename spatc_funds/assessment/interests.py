"""The register of interests, and what people declare of a bid. Each is called inside ``unit_of_work``."""

from datetime import date, datetime

from sqlalchemy import select

from spatc_funds.accounts.queries import people_with
from spatc_funds.applications.models import Submission
from spatc_funds.assessment import queries
from spatc_funds.assessment.models import Assessment, EntryKind, Interest, InterestKind, RegisteredInterest
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.outbox.operations import queue
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from spatc_funds.policy.workflow import may_move, move


def register(
    actor: Actor, kind: EntryKind, name: str, number: str, link: str, expires_on: date | None, at: datetime
) -> RegisteredInterest:
    """Enter a line in one's own register."""
    permit(actor, Action.INTEREST_REGISTER)
    entry = RegisteredInterest(
        person_id=actor.id, kind=kind, name=name, number=number, link=link, expires_on=expires_on, entered_at=at
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def end_interest(actor: Actor, entry: RegisteredInterest, at: datetime) -> None:
    """End a line of one's own register; it stays readable. Ended already, nothing happens."""
    permit(actor, Action.INTEREST_END)
    if entry.ended_at is None:
        entry.ended_at = at


def declare(actor: Actor, submission: Submission, kind: InterestKind, note: str, at: datetime) -> Interest:
    """Declare an interest, or that there is none, once. Raises NotReadyError for an interest that says nothing.

    It may become graver later, never lighter: raises IllegalMoveError. A prejudicial one that comes after the person
    has begun to score locks their sheet, and the officers are told.
    """
    permit(actor, Action.INTEREST_DECLARE, submission.subject)
    queries.lock(submission)
    if kind is not InterestKind.NONE and not note.strip():
        raise NotReadyError([Problem("interest", "note", "Say what your interest is")])
    carry_over(submission)
    held = queries.interest_of(submission, actor.id)
    if held is None:
        held = Interest(submission_id=submission.id, person_id=actor.id, kind=kind, note=note.strip(), declared_at=at)
        db.session.add(held)
    elif queries.GRAVITY.index(kind) < queries.GRAVITY.index(held.kind):
        message = "An interest that you have declared stays declared."
        raise IllegalMoveError(message)
    else:
        held.kind, held.note, held.declared_at = kind, note.strip(), at
    if kind is InterestKind.PREJUDICIAL:
        _lock_sheet(actor, submission, at)
    return held


def carry_over(submission: Submission) -> None:
    """What was declared of an earlier version stands of this one too."""
    earlier = submission.replaces
    if earlier is None:
        return
    carry_over(earlier)
    known = set(db.session.scalars(select(Interest.person_id).where(Interest.submission_id == submission.id)))
    for each in db.session.scalars(select(Interest).where(Interest.submission_id == earlier.id)):
        if each.person_id not in known:
            kept = {"kind": each.kind, "note": each.note, "declared_at": each.declared_at}
            db.session.add(Interest(submission_id=submission.id, person_id=each.person_id, **kept))
    db.session.flush()


def _lock_sheet(actor: Actor, submission: Submission, at: datetime) -> None:
    """What somebody scored or moderated who should not have counts nowhere; whoever runs the round learns of it."""
    sheet: Assessment | None = queries.sheet_of(submission.id, actor.id)
    if sheet is not None and may_move(sheet.state, Action.INTEREST_DECLARE):
        done = "made their scores final" if sheet.state is AssessmentState.FINAL else "begun to score"
        sheet.state, sheet.locked_at = move(sheet.state, Action.INTEREST_DECLARE), at
        who, lost, mend = "An assessor", "Their sheet is locked.", "Find another assessor."
    elif actor.id in queries.moderators(submission.id):
        who, done, lost = "An officer", "moderated a score of it", "The bid counts with its assessors’ scores again."
        mend = "Ask another officer to moderate it."
    else:
        return
    if queries.result_of(submission.id):
        mend = "The result was settled with it before: decide with others what that means for the bid."
    words = (
        f"{who} has declared a prejudicial interest in {submission.reference} after they had {done}. {lost} {mend}\n\n"
        "See Alerts on your start page in the officers' panel."
    )
    barred = queries.barred_people(submission)
    for person in people_with(Role.PROGRAMME_OFFICER):
        if person.id not in barred:
            key = f"late-interest:{submission.reference}:{actor.id}:{person.id}"
            queue(key, person.email, f"A late declaration about {submission.reference}", words, at)
