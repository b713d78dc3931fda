"""Publishing a statement. Called inside ``unit_of_work``."""

import secrets
from datetime import datetime

from sqlalchemy import func, select

from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import ChangedError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.impact.gathering import version
from spatc_funds.impact.models import Statement
from spatc_funds.impact.queries import Filters, report
from spatc_funds.impact.stating import SALT, content_of
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.web.filters import short_day

BARRED = (
    "It counts awards that you may not see because of an interest that you declared. Somebody else has to publish it"
)
MOVED = "Something that counts was saved while the figures were added up. Publish once more"
CHANGED = "Something that counts was saved since you read these figures. Read them again before you publish."


def publish(actor: Actor, name: str, filters: Filters, seen: str, at: datetime) -> Statement:
    """Freeze the roll-up of everything as at a day under a name; it is public from now on.

    ``seen`` is the hash of what was read before (``reading_of``). Raises NotReadyError for what ``unready`` says and
    where something that counts was saved while the figures were added up; ChangedError where they are not what was
    read; LookupError for a plan that there is not.
    """
    permit(actor, Action.STATEMENT_PUBLISH)
    if problems := unready(actor, name, filters, at):
        raise NotReadyError(problems)
    count = db.session.scalar(select(func.count()).select_from(Statement)) or 0
    began = version()
    figures = content_of(filters)
    if content_hash(figures) != seen:
        raise ChangedError(CHANGED)
    content = {**figures, SALT: secrets.token_hex(16)}
    if version() != began:  # PostgreSQL lets others write meanwhile, and two moments make no statement
        raise NotReadyError([Problem("statement", "name", MOVED)])
    made = Statement(
        reference=f"IMPACT-{count + 1}",
        name=name.strip(),
        as_at=filters.as_at,
        content=content,
        sha256=content_hash(content),
        published_at=at,
        published_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def reading_of(filters: Filters) -> str:
    """The hash of what a statement would say now: whoever publishes it has read just this."""
    return content_hash(content_of(filters))


def unready(actor: Actor, name: str, filters: Filters, at: datetime) -> list[Problem]:
    """What stands in the way of publishing.

    That is no name, or one that the day has already; a day that has not come, or lies before the last statement's; and
    for somebody who may not see all of what it counts, just that.
    """
    problems = [] if name.strip() else [Problem("statement", "name", "Enter a name for the statement")]
    if filters.as_at > london_day(at):
        problems.append(Problem("statement", "as_at", "Enter a day that has come"))
    last = db.session.scalar(select(func.max(Statement.as_at)))
    if last is not None and filters.as_at < last:
        words = f"Enter {short_day(last)} or a later day: there is a statement as at that day"
        problems.append(Problem("statement", "as_at", words))
    same = select(Statement.id).where(Statement.name == name.strip(), Statement.as_at == filters.as_at)
    if db.session.scalar(same.limit(1)) is not None:
        problems.append(Problem("statement", "name", "There is a statement of this name and day. Give it another name"))
    if report(filters, actor).projects.keys() != report(filters).projects.keys():
        problems.append(Problem("statement", "name", BARRED))
    return problems
