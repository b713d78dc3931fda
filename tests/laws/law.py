"""What the law answers, told from ``policy.decide`` alone, for one player, endpoint, method and thing."""

from spatc_funds.cli.law import guards
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide
from tests.laws.addresses import Codes, Entry
from tests.laws.cast import Cast

SIGN_IN, FORBIDDEN, MISSING = frozenset({303}), frozenset({403}), frozenset({404})
PANEL = "panel_"


def in_panel(endpoint: str) -> bool:
    """Whether it is a page of the officers' panel."""
    return endpoint.startswith(PANEL) or endpoint == "admin.index"


def expected(cast: Cast, key: str, endpoint: str, method: str, entry: Entry, *, there: bool) -> Codes:
    """The answers that are right."""
    guard = guards(cast.app)[endpoint]
    assert guard is not None, f"{endpoint} has no guard"
    actor = cast.actor(key, entry.story)
    if guard == "public":
        stranger = entry.signed_out if actor.id is None else None
        return (stranger or _allowed(entry, method) | _public(method)) if there else MISSING
    if actor.id is None:
        return SIGN_IN
    action = Action(guard)
    needed = {action, Action.PANEL_OPEN} if in_panel(endpoint) else {action}
    if not all(decide(actor, each).allowed for each in needed):
        return FORBIDDEN
    if not there:
        return MISSING
    return _of_bid(cast, actor, action, entry, panel=in_panel(endpoint)) or _allowed(entry, method)


def _of_bid(cast: Cast, actor: Actor, action: Action, entry: Entry, *, panel: bool) -> Codes | None:
    """The refusal because of the bid that the thing belongs to; None where there is none."""
    if entry.story is None or not entry.about_bid:
        return None
    if entry.undeclared and cast.told[entry.story] in actor.allocated - actor.assigned - actor.barred:
        return entry.undeclared
    decision = decide(actor, action, cast.subject(entry.story, panel=panel))
    if decision.allowed:
        return None
    return MISSING if decision.hidden else FORBIDDEN


def leads_to_sign_in(location: str) -> bool:
    """Whether a redirect asks for a sign-in."""
    return location.startswith("/sign-in")


def _allowed(entry: Entry, method: str) -> Codes:
    return entry.get if method == "GET" else entry.post


def _public(method: str) -> Codes:
    return frozenset() if method == "GET" else frozenset({200})
