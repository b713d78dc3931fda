"""The law as text that people can read: who may do what and how far, every legal move, every address and its guard."""

from collections.abc import Sequence

from flask import Flask

from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import FOUR_EYES, PERMISSIONS
from spatc_funds.policy.roles import Role
from spatc_funds.policy.workflow import WORKFLOWS
from spatc_funds.web.guards import guard_of

OPEN = frozenset({"static"})  # what the framework itself serves: files that anybody may have
SAME = frozenset({"HEAD", "OPTIONS"})


def permissions() -> str:
    """Each act with the roles that may do it and how far; then who may not do both of a pair."""
    rows = [
        (action.value, role.value if role else "(commands only)", scope)
        for action in sorted(Action, key=lambda each: each.value)
        for role, scope in _reach(action)
    ]
    pairs = sorted((action.value, each.value) for action, others in FOUR_EYES.items() for each in others)
    whole = table(["act", "role", "how far"], rows)
    return whole + "\n" + table(["nobody does this", "where they did this before"], pairs)


def moves() -> str:
    """Each lifecycle's legal moves: from a state, by an act, to a state."""
    rows = [
        (states.__name__.removesuffix("State").lower(), start.value, action.value, end.value)
        for states, legal in WORKFLOWS.items()
        for (start, action), end in legal.items()
    ]
    return table(["of", "from", "by", "to"], rows)


def routes(app: Flask) -> str:
    """Each address with its methods, its endpoint and its guard."""
    found = guards(app)
    rows = [
        (rule.rule, " ".join(sorted((rule.methods or set()) - SAME)), rule.endpoint, found[rule.endpoint] or "NONE")
        for rule in app.url_map.iter_rules()
    ]
    return table(["address", "methods", "endpoint", "guard"], sorted(rows))


def guards(app: Flask) -> dict[str, str | None]:
    """Each endpoint's guard: an act, ``public``, or None."""
    return {each: "public" if each in OPEN else guard_of(each, app.view_functions) for each in app.view_functions}


def table(head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as columns of text."""
    whole = [tuple(head), *rows]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in whole)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _reach(action: Action) -> list[tuple[Role | None, str]]:
    order = list(Role)
    held = sorted(PERMISSIONS[action].items(), key=lambda pair: order.index(pair[0]))
    return [(role, scope.value) for role, scope in held] or [(None, "")]
