"""The one door for writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from spatc_funds.db.base import db
from spatc_funds.policy.actions import Action

ACT = "act"


@dataclass(slots=True)
class Act:
    """Who does what to which thing, and why: what the log writes of everything that changes meanwhile."""

    actor_id: int | None
    action: Action
    subject: str = ""
    reason: str = ""
    part: str = ""  # the one of several things that is written now, where each has an entry of its own


@contextmanager
def unit_of_work(actor_id: int | None, action: Action, subject: str = "", reason: str = "") -> Iterator[Act]:
    """Commit everything written inside, with its log entry, or nothing of it.

    ``actor_id`` is None for the service's own commands. The subject may be set on the Act while the work is going on,
    when the thing is only made inside. Units do not nest: raises RuntimeError.
    """
    session = db.session
    if ACT in session.info:
        message = "a unit of work is already open"
        raise RuntimeError(message)
    act = Act(actor_id, action, subject, reason)
    session.info[ACT] = act
    try:
        yield act
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(ACT, None)


@contextmanager
def entry_of_its_own(subject: str) -> Iterator[None]:
    """Inside a unit of work on several things: what is written inside has a log entry about this one alone.

    So whoever may know nothing of one of them still reads of the others. It is one transaction all the same.
    """
    act: Act = db.session.info[ACT]
    db.session.flush()
    act.part = subject
    try:
        yield
        db.session.flush()
    finally:
        act.part = ""
