"""Calibration and moderation: what people agree on after they have talked. Each is called inside ``unit_of_work``."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from spatc_funds.accounts.models import Person
from spatc_funds.accounts.queries import people_with
from spatc_funds.applications.models import Submission
from spatc_funds.applications.sending import take_up
from spatc_funds.assessment import agenda, calibrations, meetings, queries
from spatc_funds.assessment.interests import carry_over
from spatc_funds.assessment.models import Allocation, Calibration, CalibrationBid, ModeratedScore
from spatc_funds.core.problems import (
    ChangedError,
    ForbiddenError,
    IllegalMoveError,
    MissingError,
    NotReadyError,
    Problem,
)
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide, permit
from spatc_funds.policy.roles import Role

FIRST = "Everybody scores this first"


def calibrate(
    actor: Actor,
    asked: Round,
    bids: Sequence[Submission],
    people: Iterable[Person],
    at: datetime,
    seen: str | None = None,
) -> Calibration:
    """Choose the bids that everybody scores first, and give them to these assessors; or choose others while it is open.

    Whoever is barred from one of the bids is not given that one. A bid that was chosen before and that the actor may
    not see stays chosen. ``seen`` is the ``chosen_hash`` of what was chosen when the officer's page was made: raises
    ChangedError when others are chosen now. Raises NotReadyError for fewer than 2 bids or more than 5, and for nobody
    to score them; IllegalMoveError once a calibration of the round is closed.
    """
    permit(actor, Action.CALIBRATION_SET)
    for each in bids:
        permit(actor, Action.CALIBRATION_SET, each.subject)
    _lock_round(asked)
    found = calibrations.calibration_of(asked)
    if found is not None and found.closed_at is not None:
        message = "The calibration of this round is closed."
        raise IllegalMoveError(message)
    if any(each.round_id != asked.id for each in bids):
        raise MissingError
    if seen is not None and seen != chosen_hash([each.submission_id for each in found.bids] if found else []):
        message = "Somebody else has chosen bids meanwhile. Load the page again to see which."
        raise ChangedError(message)
    assessors = _assessors(people)
    if problems := _lacking(bids, assessors):
        raise NotReadyError(problems)
    for each in sorted(bids, key=lambda bid: bid.id):  # always in one order, so that two officers do not wait in a ring
        _give(each, assessors, at)
    if found is None:
        found = Calibration(round_id=asked.id, set_at=at, set_by_id=actor.id)
        db.session.add(found)
    held = {each.submission_id: each for each in found.bids}
    hidden = {key for key, each in held.items() if not _may_see(actor, each.submission)}
    order = agenda.kept([*held], hidden, [each.id for each in bids])
    for key in set(held) - set(order):
        found.bids.remove(held[key])
    found.bids += [CalibrationBid(submission_id=key) for key in order if key not in held]
    db.session.flush()
    return found


def _lacking(bids: Sequence[Submission], assessors: Sequence[Person]) -> list[Problem]:
    found = []
    if not calibrations.LEAST <= len(bids) <= calibrations.MOST:
        words = f"Choose {calibrations.LEAST} to {calibrations.MOST} bids"
        found.append(Problem("calibration", "bids", words))
    if not assessors:
        found.append(Problem("calibration", "people", "Choose at least one assessor"))
    return found


def chosen_hash(ids: Collection[int]) -> str:
    """What a choice of bids is compared by, when somebody changes it."""
    return content_hash({"bids": sorted(ids)})


def close_calibration(actor: Actor, asked: Round, note: str, at: datetime) -> Calibration:
    """Close it with a note, so that the other bids open. Raises NotReadyError with what is missing."""
    permit(actor, Action.CALIBRATION_CLOSE)
    _lock_round(asked)
    found = calibrations.calibration_of(asked)
    if found is None or found.closed_at is not None:
        message = "No calibration of this round is open."
        raise IllegalMoveError(message)
    counts = calibrations.final_counts(asked)
    problems = []
    for each in sorted(found.bids, key=lambda bid: bid.submission_id):
        final = counts.get(each.submission_id)
        if final is None or final >= calibrations.ENOUGH:
            continue
        if not _may_see(actor, each.submission):  # nothing is said of it, not even which
            message = "You cannot close this calibration now. Ask another officer to look at it."
            raise IllegalMoveError(message)
        words = calibrations.missing_words(each.submission.reference, final)
        problems.append(Problem("calibration", "bids", words))
    if not note.strip():
        problems.append(Problem("calibration", "note", "Say what you agreed on"))
    if problems:
        raise NotReadyError(problems)
    found.note, found.closed_at, found.closed_by_id = note.strip(), at, actor.id
    return found


def moderate(
    actor: Actor,
    submission: Submission,
    key: str,
    value: int | None,
    reason: str,
    at: datetime,
    seen: str | None = None,
) -> ModeratedScore:
    """Say what a criterion counts with, and why; it replaces what was said before. The assessors' scores stay.

    ``seen`` is the moment of the moderated score that the writer had before them (``seen_of``): raises ChangedError
    when there is another now.

    Raises ForbiddenError for whoever scored the bid; IllegalMoveError once its result is settled; NotReadyError for
    fewer than two final sheets, for a panel day without its quorum, without a score or a reason; ValueError for a score
    off the scale; MissingError for a criterion that the round does not have.
    """
    permit(actor, Action.SCORE_MODERATE, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    if scored_by(actor, submission):
        raise ForbiddenError(SCORED_IT)
    criterion = next((each for each in submission.round.criteria if each.key == key), None)
    if criterion is None:
        raise MissingError
    if words := meetings.not_enough(submission):
        raise NotReadyError([Problem("moderation", "", words)])
    problems = []
    if value is None:
        problems.append(Problem("moderation", "value", f"Choose the score that “{criterion.name}” counts with"))
    if not reason.strip():
        problems.append(Problem("moderation", "reason", f"Say why “{criterion.name}” counts with this score"))
    if value is None or problems:
        raise NotReadyError(problems)
    if not 0 <= value <= submission.round.scale_maximum:
        message = f"a score from 0 to {submission.round.scale_maximum}"
        raise ValueError(message)
    meeting = meetings.meeting_on(submission)
    found = db.session.get(ModeratedScore, (submission.id, criterion.id), populate_existing=True)
    if seen is not None and seen != seen_of(found):
        raise ChangedError(MEANWHILE)
    if found is None:
        found = ModeratedScore(submission_id=submission.id, criterion_id=criterion.id)
        db.session.add(found)
    found.value, found.reason, found.meeting_id = value, reason.strip(), meeting.id if meeting else None
    found.moderated_by_id, found.moderated_at = actor.id or 0, at
    db.session.flush()
    return found


def take_back(actor: Actor, submission: Submission, key: str, seen: str) -> None:
    """Take a moderated score back: the criterion counts with the assessors' scores again. The log keeps that it stood.

    Raises MissingError where there is none, ChangedError where it is another than the ``seen`` one, and as
    ``moderate`` for whoever scored the bid and once its result is settled.
    """
    permit(actor, Action.SCORE_MODERATE, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    if scored_by(actor, submission):
        raise ForbiddenError(SCORED_IT)
    criterion = next((each for each in submission.round.criteria if each.key == key), None)
    found = db.session.get(ModeratedScore, (submission.id, criterion.id), populate_existing=True) if criterion else None
    if found is None:
        raise MissingError
    if seen != seen_of(found):
        raise ChangedError(MEANWHILE)
    db.session.delete(found)
    db.session.flush()


MEANWHILE = "Somebody else moderated this score meanwhile."


def seen_of(held: ModeratedScore | None) -> str:
    """What a moderated score is told by; empty where there is none."""
    return held.moderated_at.isoformat() if held else ""


SCORED_IT = "You scored this bid, so another officer has to moderate it."


def scored_by(actor: Actor, submission: Submission) -> bool:
    """Whether somebody has a sheet for the bid: then they do not moderate it (separation of duties, by history)."""
    return actor.id in queries.scorers(submission.id)


def _lock_round(asked: Round) -> None:
    db.session.execute(select(Round.id).where(Round.id == asked.id).with_for_update())


def _assessors(people: Iterable[Person]) -> list[Person]:
    """These people; raises ForbiddenError for one who is no assessor."""
    free, found = {each.id for each in people_with(Role.ASSESSOR)}, list(people)
    for person in found:
        if person.id not in free:
            message = f"{person.name} is no assessor."
            raise ForbiddenError(message)
    return found


def _give(submission: Submission, people: Sequence[Person], at: datetime) -> None:
    """Give a bid to those who do not have it and are not barred from it."""
    take_up(submission, at)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    carry_over(submission)
    held = set(db.session.scalars(select(Allocation.person_id).where(Allocation.submission_id == submission.id)))
    barred = queries.barred_people(submission)
    db.session.add_all(
        Allocation(submission_id=submission.id, person_id=person.id, allocated_at=at, why=FIRST)
        for person in people
        if person.id not in held | barred
    )


def _may_see(actor: Actor, submission: Submission) -> bool:
    return decide(actor, Action.CALIBRATION_SET, submission.subject).allowed
