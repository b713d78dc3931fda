"""What a group is told about each criterion. Called inside ``unit_of_work``."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import queries
from spatc_funds.assessment.gathered import Gathered, gather
from spatc_funds.assessment.models import Feedback
from spatc_funds.core.problems import ChangedError
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit


def write(
    actor: Actor, submission: Submission, texts: Mapping[str, str], at: datetime, began: str | None = None
) -> None:
    """An officer's words to the group, by criterion key; where they are empty, or the assessors' own, these stand.

    ``began`` is the ``fingerprint`` that the page was shown with: raises ChangedError where it is another now. Raises
    IllegalMoveError for a bid that was withdrawn or whose result is settled.
    """
    permit(actor, Action.FEEDBACK_WRITE, submission.subject)
    queries.lock(submission)
    queries.refuse_unless_assessed(submission)
    (found,) = gather([submission])
    if began is not None and began != fingerprint(found):
        message = "Somebody else has changed this feedback meanwhile."
        raise ChangedError(message)
    theirs = found.assessors_words()
    held = {
        each.criterion_id: each
        for each in db.session.scalars(select(Feedback).where(Feedback.submission_id == submission.id))
    }
    for criterion in found.asked.criteria:
        text = texts.get(criterion.key, "").strip()
        row = held.get(criterion.id)
        if text in {"", theirs[criterion.key]}:
            if row is not None:
                db.session.delete(row)
        elif row is None:
            whose = {"submission_id": submission.id, "criterion_id": criterion.id}
            db.session.add(Feedback(**whose, text=text, written_by_id=actor.id, written_at=at))
        elif row.text != text:
            row.text, row.written_at = text, at
            row.written_by_id = actor.id  # type: ignore[assignment] # somebody, or permit() had refused
    db.session.flush()


def fingerprint(found: Gathered) -> str:
    """What the group is told now, as a hash: a page that was shown with another is out of date."""
    return content_hash(dict(found.told()))
