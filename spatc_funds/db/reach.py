"""The law as a condition of a query: a list holds just what its pages would show."""

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import PERMISSIONS, Actor, Scope, scopes


def reach(
    actor: Actor,
    action: Action,
    bid: InstrumentedAttribute[str],
    organisation_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | None = None,
) -> ColumnElement[bool]:
    """Rows on which ``decide`` would allow the act, told by the bid's reference and the organisation's id."""
    held = scopes(actor, action)
    found: list[ColumnElement[bool]] = []
    if Scope.OWN in held and organisation_id is not None:
        roles = {role for role, scope in PERMISSIONS[action].items() if scope is Scope.OWN}
        found.append(organisation_id.in_([each for each, role in actor.memberships.items() if role in roles]))
    staff: list[ColumnElement[bool]] = []
    if Scope.ANYWHERE in held:
        staff.append(true())
    if Scope.ALLOCATED in held:
        staff.append(bid.in_(actor.allocated))
    if Scope.ASSIGNED in held:
        staff.append(bid.in_(actor.assigned))
    if staff:
        found.append(and_(or_(*staff), bid.not_in(actor.barred)))
    return or_(*found) if found else false()
