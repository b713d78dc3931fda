"""What officers do with a return: read, ask, give back, accept, reopen. Each is called inside ``unit_of_work``."""

from collections.abc import Mapping
from datetime import datetime

from spatc_funds.core.problems import NotReadyError, Problem
from spatc_funds.correspondence.operations import write
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import move
from spatc_funds.returns import contents
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn, ReturnQuestion
from spatc_funds.returns.operations import locked
from spatc_funds.returns.queries import Owed
from spatc_funds.returns.wording import totals_of

Questions = Mapping[str, tuple[str, str]]  # field → what it is called, what is asked about it


def review(actor: Actor, owed: Owed, at: datetime) -> MonitoringReturn:
    """Begin to read it: from now on the grantee does not take it back. Whoever began first is kept."""
    permit(actor, Action.RETURN_REVIEW, owed.subject)
    found = locked(owed)
    found.state = move(found.state, Action.RETURN_REVIEW)
    if found.seen_at is None:
        found.seen_at, found.seen_by_id = at, actor.id
    return found


def send_back(
    actor: Actor, owed: Owed, reason: str, at: datetime, questions: Questions | None = None
) -> MonitoringReturn:
    """Back to the grantee, with what to mend in all, and what is asked about single fields.

    Raises NotReadyError where neither is said.
    """
    permit(actor, Action.RETURN_SEND_BACK, owed.subject)
    found = locked(owed)
    state = move(found.state, Action.RETURN_SEND_BACK)
    _give_back(found, state, reason, at, questions or {})
    return found


def accept(actor: Actor, owed: Owed, feedback: str, at: datetime) -> AcceptedReturn:
    """Accept it and freeze it, and tell the grantee what was made of it.

    A return accepted before is replaced by a record that names it. Raises NotReadyError without feedback.
    """
    permit(actor, Action.RETURN_ACCEPT, owed.subject)
    found = locked(owed)
    state = move(found.state, Action.RETURN_ACCEPT)
    if not feedback.strip():
        raise NotReadyError([Problem("return", "feedback", "Tell the grantee what you make of it")])
    found.state, found.sent_back_reason, found.questions, found.given_back = state, "", [], None
    last = found.accepted[-1] if found.accepted else None
    sent = contents.content(found)
    record = AcceptedReturn(
        return_id=found.id,
        number=last.number + 1 if last else 1,
        replaces_id=last.id if last else None,
        content=sent,
        sha256=content_hash(sent),
        feedback=feedback.strip(),
        accepted_at=at,
        accepted_by_id=actor.id,
    )
    found.accepted.append(record)
    db.session.flush()
    again = f" (version {record.number})" if record.number > 1 else ""
    subject = f"We have accepted your return {found.reference}{again}"
    _tell(found, f"accepted-{record.number}", subject, feedback.strip(), at)
    return record


def reopen(actor: Actor, owed: Owed, reason: str, at: datetime) -> str:
    """Open an accepted return again for correction; it counts nowhere until it is accepted anew.

    What leaves the totals by that, in words, for the log.
    """
    permit(actor, Action.RETURN_REOPEN, owed.subject)
    found = locked(owed)
    state = move(found.state, Action.RETURN_REOPEN)
    record = contents.standing_record(found)
    _give_back(found, state, reason, at, {})
    return f"Counts no longer: {totals_of(record.content, contents.names(owed))}" if record else ""


def _give_back(found: MonitoringReturn, state: ReturnState, reason: str, at: datetime, questions: Questions) -> None:
    asked = {field: (label, text.strip()) for field, (label, text) in questions.items() if text.strip()}
    if not reason.strip() and not asked:
        raise NotReadyError([Problem("return", "reason", "Say what has to be mended")])
    found.state, found.sent_back_reason, found.given_back = state, reason.strip(), contents.content(found)
    held = {each.field: each for each in found.questions}
    kept = []
    for field, (label, text) in asked.items():
        question = held.get(field) or ReturnQuestion(field=field)
        question.label, question.text = label, text
        kept.append(question)
    found.questions = kept
    lines = [reason.strip(), *(f"{label}: {text}" for label, text in asked.values())]
    subject = f"Your return {found.reference} needs a change"
    _tell(found, f"sent-back-{found.version}", subject, "\n\n".join(filter(None, lines)), at)


def _tell(found: MonitoringReturn, kind: str, subject: str, body: str, at: datetime) -> None:
    award = found.expected.award
    if award.organisation_id is not None:
        name = f"return-{found.expected.number}-{kind}"
        write(award.organisation_id, award.reference, name, subject, body, at)
