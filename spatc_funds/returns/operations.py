"""Writing, sending, accepting and correcting returns. Each is called inside ``unit_of_work``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from spatc_funds.accounts.queries import people_of
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.correspondence.operations import WHO_HEARS
from spatc_funds.db.base import db
from spatc_funds.outbox.operations import queue
from spatc_funds.outbox.queries import is_queued
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import move
from spatc_funds.returns import queries, readiness, reminders
from spatc_funds.returns.due import DONE
from spatc_funds.returns.models import (
    MonitoringReturn,
    ReturnLine,
    ReturnSplit,
    ReturnValue,
    ValueState,
)
from spatc_funds.returns.splits import asked

Owed = queries.Owed
BEING_READ = "An officer has begun to read this return, so you cannot take it back. Write to us instead."


@dataclass(frozen=True, slots=True)
class Reported:
    """What is typed for one measure; without a state, nothing was said yet."""

    state: ValueState | None
    value: int | None = None
    value_of: int | None = None


def save(
    actor: Actor,
    owed: Owed,
    values: Mapping[int, Reported],
    story: str,
    spent_pence: int | None,
    *,
    may_publish: bool = False,
) -> MonitoringReturn:
    """Save a return as far as it goes, by measure id; the first save starts it.

    Raises ValueError for a measure that was not promised, IllegalMoveError once it is sent.
    """
    permit(actor, Action.RETURN_EDIT, owed.subject)
    promised = {target.measure_id for target in owed.expected.award.targets}
    if not set(values) <= promised:
        message = "a measure that was promised"
        raise ValueError(message)
    found = begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    found.story, found.spent_pence, found.may_publish = story, spent_pence, may_publish
    held = {value.measure_id: value for value in found.values}
    found.values = [
        _value(held.get(number), number, said)
        for number, said in values.items()
        if said.state is not None and _sane(said)
    ]
    db.session.flush()
    return found


def save_lines(actor: Actor, owed: Owed, spent: Mapping[int, tuple[int | None, str]]) -> MonitoringReturn:
    """Save what was spent on each line of the budget, in whole pence, and why; lines by their numbers from 1.

    Raises ValueError for a line that the budget has not, IllegalMoveError once it is sent.
    """
    permit(actor, Action.RETURN_EDIT, owed.subject)
    if not set(spent) <= {line.number for line in queries.spend_lines(owed)}:
        message = "a line of the budget"
        raise ValueError(message)
    found = begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    held = {line.number: line for line in found.lines}
    kept = []
    for number, (pence, why) in spent.items():
        if pence is None and not why:
            continue
        line = held.get(number) or ReturnLine(number=number)
        line.spent_pence, line.why = pence, why
        kept.append(line)
    found.lines = kept
    db.session.flush()
    return found


def save_splits(actor: Actor, owed: Owed, said: Mapping[tuple[int, str, str], int]) -> MonitoringReturn:
    """Save how many of a measure's people are in each part: by measure id, kind and part. Others' parts are left.

    Raises ValueError for what the round does not ask, IllegalMoveError once it is sent.
    """
    permit(actor, Action.RETURN_EDIT, owed.subject)
    wanted = owed.expected.award.round.splits
    measures = {target.measure_id: target.measure for target in owed.expected.award.targets}
    for number, kind, _part in said:
        measure = measures.get(number)
        if measure is None or measure.own_of or kind not in asked(measure.basis, measure.key, wanted):
            message = "a part that the round asks"
            raise ValueError(message)
    found = begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    held = {(each.measure_id, each.split_by, each.split): each for each in found.splits}
    shown = {split.measure for split in queries.splits(owed)}
    kept = [each for key, each in held.items() if measures[key[0]].key not in shown]
    for (number, kind, part), value in said.items():
        each = held.get((number, kind, part)) or ReturnSplit(measure_id=number, split_by=kind, split=part)
        each.value = value
        kept.append(each)
    found.splits = kept
    db.session.flush()
    return found


def send(actor: Actor, owed: Owed, at: datetime) -> MonitoringReturn:
    """Send it to the officers; raises NotReadyError with what is to be mended."""
    permit(actor, Action.RETURN_SEND, owed.subject)
    found = locked(owed)
    state = move(found.state, Action.RETURN_SEND)
    if wrong := readiness.problems(queries.Owed(owed.expected, found)):
        raise NotReadyError(wrong)
    found.state, found.sent_at, found.sent_by_id = state, at, actor.id
    found.seen_at = found.seen_by_id = None
    return found


def recall(actor: Actor, owed: Owed) -> MonitoringReturn:
    """Take back what was sent, to change it; raises IllegalMoveError once an officer has begun to read it."""
    permit(actor, Action.RETURN_RECALL, owed.subject)
    found = locked(owed)
    state = move(found.state, Action.RETURN_RECALL)
    if found.seen_at is not None:
        raise IllegalMoveError(BEING_READ)
    found.state = state
    return found


def remind(owed: Owed, address: str, at: datetime) -> int:
    """Write to those of the group who can send what is owed, once for each mark around its day; how many mails.

    ``address`` is that of the return's own page.
    """
    expected, award = owed.expected, owed.expected.award
    mark = reminders.due(expected.due_on, london_day(at)) if owed.state not in DONE else None
    if mark is None or award.organisation_id is None:
        return 0
    key, words = mark
    period, wrong = (expected.period_from, expected.period_to), readiness.problems(owed)
    body = reminders.body(award.project, period, expected.due_on, wrong, address)
    written = 0
    for person in people_of(award.organisation_id, WHO_HEARS):
        name = f"return-reminder:{owed.reference}:{key}:{person.id}"
        if not is_queued(name):
            queue(name, person.email, reminders.subject(owed.reference, words), body, at)
            written += 1
    return written


def begun(owed: Owed) -> MonitoringReturn:
    """The return, its row locked, or a new one where nobody has started it; a part of each act that changes it."""
    if owed.started is not None:
        return locked(owed)
    found = MonitoringReturn(
        reference=owed.reference,
        expected=owed.expected,
        state=ReturnState.NOT_STARTED,
        story="",
        spent_pence=None,
        files_added=0,
    )
    db.session.add(found)
    return found


def locked(owed: Owed) -> MonitoringReturn:
    """The return as it is now, its row locked; raises IllegalMoveError for one that nobody has started."""
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
