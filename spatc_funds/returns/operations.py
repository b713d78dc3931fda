"""Writing, sending, accepting and correcting returns. Each is called inside ``unit_of_work``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.correspondence.operations import write
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import move
from spatc_funds.returns import checks, queries
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn, ReturnValue, ValueState

Owed = queries.Owed


@dataclass(frozen=True, slots=True)
class Reported:
    """What is typed for one measure; without a state, nothing was said yet."""

    state: ValueState | None
    value: int | None = None
    value_of: int | None = None


def save(
    actor: Actor, owed: Owed, values: Mapping[int, Reported], story: str, spent_pence: int | None
) -> MonitoringReturn:
    """Save a return as far as it goes, by measure id; the first save starts it.

    Raises ValueError for a measure that was not promised, IllegalMoveError once it is sent.
    """
    permit(actor, Action.RETURN_EDIT, owed.subject)
    promised = {target.measure_id for target in owed.expected.award.targets}
    if not set(values) <= promised:
        message = "a measure that was promised"
        raise ValueError(message)
    found = _begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    found.story, found.spent_pence = story, spent_pence
    held = {value.measure_id: value for value in found.values}
    found.values = [
        _value(held.get(number), number, said)
        for number, said in values.items()
        if said.state is not None and _sane(said)
    ]
    db.session.flush()
    return found


def send(actor: Actor, owed: Owed, at: datetime) -> MonitoringReturn:
    """Send it to the officers; raises NotReadyError with what is to be mended."""
    permit(actor, Action.RETURN_SEND, owed.subject)
    found = _locked(owed)
    state = move(found.state, Action.RETURN_SEND)
    wrong = checks.problems(queries.lines(queries.Owed(owed.expected, found)), found.story, found.spent_pence)
    if wrong:
        raise NotReadyError(wrong)
    found.state, found.sent_at, found.sent_by_id, found.sent_back_reason = state, at, actor.id, ""
    return found


def send_back(actor: Actor, owed: Owed, reason: str, at: datetime) -> MonitoringReturn:
    """Back to the grantee, with what to mend."""
    permit(actor, Action.RETURN_SEND_BACK, owed.subject)
    found = _locked(owed)
    state = move(found.state, Action.RETURN_SEND_BACK)
    _give_back(found, state, reason, at)
    return found


def accept(actor: Actor, owed: Owed, at: datetime) -> AcceptedReturn:
    """Accept it and freeze it. A return accepted before is replaced by a record that names it."""
    permit(actor, Action.RETURN_ACCEPT, owed.subject)
    found = _locked(owed)
    found.state = move(found.state, Action.RETURN_ACCEPT)
    last = found.accepted[-1] if found.accepted else None
    sent = queries.content(found)
    record = AcceptedReturn(
        return_id=found.id,
        number=last.number + 1 if last else 1,
        replaces_id=last.id if last else None,
        content=sent,
        sha256=content_hash(sent),
        accepted_at=at,
        accepted_by_id=actor.id,
    )
    found.accepted.append(record)
    db.session.flush()
    return record


def reopen(actor: Actor, owed: Owed, reason: str, at: datetime) -> MonitoringReturn:
    """Open an accepted return again for correction; it counts nowhere until it is accepted anew."""
    permit(actor, Action.RETURN_REOPEN, owed.subject)
    found = _locked(owed)
    state = move(found.state, Action.RETURN_REOPEN)
    _give_back(found, state, reason, at)
    return found


def _give_back(found: MonitoringReturn, state: ReturnState, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise NotReadyError([Problem("return", "reason", "Say what has to be mended")])
    found.state, found.sent_back_reason = state, reason.strip()
    award = found.expected.award
    if award.organisation_id is not None:
        kind = f"return-{found.expected.number}-sent-back-{found.version}"
        subject = f"Your return {found.reference} needs a change"
        write(award.organisation_id, award.reference, kind, subject, reason.strip(), at)


def _begun(owed: Owed) -> MonitoringReturn:
    if owed.started is not None:
        return _locked(owed)
    found = MonitoringReturn(
        reference=owed.reference, expected=owed.expected, state=ReturnState.NOT_STARTED, story="", spent_pence=None
    )
    db.session.add(found)
    return found


def _locked(owed: Owed) -> MonitoringReturn:
    if owed.started is None:
        message = "This return is not started yet."
        raise IllegalMoveError(message)
    return db.session.scalars(
        select(MonitoringReturn)
        .where(MonitoringReturn.id == owed.started.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _value(held: ReturnValue | None, measure_id: int, said: Reported) -> ReturnValue:
    value = held or ReturnValue(measure_id=measure_id)
    reported = said.state is ValueState.REPORTED
    value.state = said.state or ValueState.NOTHING
    value.value = said.value if reported else None
    value.value_of = said.value_of if reported else None
    return value


def _sane(said: Reported) -> bool:
    """Whether a line can be stored while it is being written; what cannot stands in the form, and is asked again."""
    if said.state is not ValueState.REPORTED:
        return True
    return said.value is not None and (said.value_of is None or 0 < said.value_of >= said.value)
