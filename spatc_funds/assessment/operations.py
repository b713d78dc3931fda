"""Allocating and scoring. Each is called inside ``unit_of_work``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm.attributes import flag_modified

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.applications.sending import take_up
from spatc_funds.assessment import queries
from spatc_funds.assessment.breakdown import MICRO
from spatc_funds.assessment.interests import carry_over
from spatc_funds.assessment.models import Allocation, Assessment, Score
from spatc_funds.core.problems import ChangedError, ForbiddenError, IllegalMoveError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.funds.models import AdvisoryBody
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from spatc_funds.policy.workflow import move

BY_HAND = "Given by hand"


class Given(NamedTuple):
    """What an assessor gives a criterion: score and reason; a note for themselves; and what the group is told."""

    value: int | None
    reason: str = ""
    note: str = ""
    feedback: str = ""


def given_in(score: Score | None) -> Given:
    """What a score holds; nothing where there is none yet."""
    return Given(score.value, score.reason, score.note, score.feedback) if score else Given(None)


def stamp_of(score: Score | None) -> str:
    """What a criterion's page was made from, so that a second window is noticed when it comes back."""
    return content_hash(dict(given_in(score)._asdict()))


def allocate(
    actor: Actor, submission: Submission, people: Sequence[Person], at: datetime, body: AdvisoryBody | None = None
) -> int:
    """Give a bid to assessors, or to advisers who speak for a body that the round asks; how many are new.

    Raises ForbiddenError for one who is barred, who has not the role, or who has the bid otherwise already.
    """
    permit(actor, Action.ASSESSMENT_ALLOCATE, submission.subject)
    take_up(submission, at)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    carry_over(submission)
    needed = Role.ADVISER if body else Role.ASSESSOR
    held = queries.given_to(submission.id)
    for person in people:
        seen = queries.actor_of(person)
        otherwise = person.id in held and held[person.id] != (body.id if body else None)
        if needed not in seen.roles or submission.reference in seen.barred or otherwise:
            message = f"{person.name} cannot {'advise on' if body else 'assess'} this bid."
            raise ForbiddenError(message)
    added = [person for person in people if person.id not in held]
    db.session.add_all(
        Allocation(
            submission_id=submission.id,
            person_id=person.id,
            allocated_at=at,
            body_id=body.id if body else None,
            why=f"Asked for the {body.name}"[:300] if body else BY_HAND,
        )
        for person in added
    )
    return len(added)


def take_back(actor: Actor, submission: Submission, person_id: int) -> None:
    """Take a bid back from somebody who has not begun to score it; raises IllegalMoveError once they have.

    From somebody who has not got it, nothing is taken.
    """
    permit(actor, Action.ASSESSMENT_ALLOCATE, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    if queries.sheet_of(submission.id, person_id) is not None:
        message = "They have begun to score it, so it cannot be taken back."
        raise IllegalMoveError(message)
    held = db.session.get(Allocation, (submission.id, person_id))
    if held is not None:
        db.session.delete(held)


def save_scores(
    actor: Actor,
    submission: Submission,
    scores: Mapping[str, Given],
    at: datetime,
    *,
    version: int | None = None,
    stamps: Mapping[str, str] = MappingProxyType({}),
) -> Assessment:
    """Save a sheet as far as it goes, by criterion key; criteria that are not among them stay as they are.

    With the version of the sheet, or the stamp of a criterion (``stamp_of``), raises ChangedError when that was saved
    in another window meanwhile. Raises IllegalMoveError while the round's calibration keeps the bid back.
    """
    permit(actor, Action.ASSESSMENT_SCORE, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    _refuse_kept_back(submission)
    if actor.id in queries.moderators(submission.id):
        message = "You moderated a score of this bid, so you cannot score it."
        raise IllegalMoveError(message)
    sheet = _sheet(actor, submission, at)
    if version is not None and sheet.version is not None and sheet.version != version:
        message = "You saved this sheet in another window meanwhile. Load it again to see what it holds."
        raise ChangedError(message)
    sheet.state = move(sheet.state, Action.ASSESSMENT_SCORE)
    held = {score.criterion_id: score for score in sheet.scores}
    for criterion in queries.criteria_of(submission.round, sheet.body):
        if criterion.key not in scores:
            continue
        given, before = scores[criterion.key], held.get(criterion.id)
        if criterion.key in stamps and stamps[criterion.key] != stamp_of(before) and given != given_in(before):
            message = f"You saved “{criterion.name}” in another window meanwhile."
            raise ChangedError(message)
        if given.value is not None and not 0 <= given.value <= submission.round.scale_maximum:
            message = f"a score from 0 to {submission.round.scale_maximum}"
            raise ValueError(message)
        if criterion.id not in held:
            held[criterion.id] = Score(criterion_id=criterion.id)
            sheet.scores.append(held[criterion.id])
        score = held[criterion.id]
        score.value, score.reason, score.note, score.feedback = given
    sheet.saved_at = at
    flag_modified(sheet, "state")  # the scores' rows alone would leave the sheet's version as it was
    db.session.flush()
    return sheet


def unfinished(sheet: Assessment, submission: Submission) -> list[Problem]:
    """What a sheet lacks before it can be final: a score for every criterion, and a reason for every score.

    Of a body that gives comments, the comments alone.
    """
    held = {score.criterion_id: score for score in sheet.scores}
    gives_scores = sheet.body is None or sheet.body.gives_scores
    found = []
    for criterion in queries.criteria_of(submission.round, sheet.body):
        score = held.get(criterion.id)
        if gives_scores and (score is None or score.value is None):
            found.append(Problem("score", f"{criterion.key}-value", f"Give a score for “{criterion.name}”"))
        if score is None or not score.reason.strip():
            what = "your reason" if gives_scores else "your comment"
            found.append(Problem("score", f"{criterion.key}-reason", f"Give {what} for “{criterion.name}”"))
    return found


def finish(actor: Actor, submission: Submission, at: datetime) -> Assessment:
    """Make one's scores final; raises NotReadyError with what is missing. From then on others' scores can be seen."""
    permit(actor, Action.ASSESSMENT_FINISH, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    _refuse_kept_back(submission)
    sheet = _sheet(actor, submission, at)
    state = move(sheet.state, Action.ASSESSMENT_FINISH)
    found = unfinished(sheet, submission)
    if found:
        raise NotReadyError(found)
    mark = queries.mark_of(sheet, submission.round) if sheet.body is None else None
    sheet.state, sheet.final_at, sheet.mark_micro = state, at, None if mark is None else round(mark * MICRO)
    return sheet


def _refuse_kept_back(submission: Submission) -> None:
    if queries.kept_back(submission):
        message = "This bid opens when the bids that everybody scores first have been talked about."
        raise IllegalMoveError(message)


def _sheet(actor: Actor, submission: Submission, at: datetime) -> Assessment:
    sheet = queries.sheet_of(submission.id, actor.id)
    if sheet is None:
        sheet = Assessment(
            submission_id=submission.id,
            person_id=actor.id,
            state=AssessmentState.STARTED,
            body=queries.body_of(submission.id, actor.id),
            started_at=at,
        )
        db.session.add(sheet)
    return sheet
