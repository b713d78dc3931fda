"""Writing a version of the plan: a draft and its parts, making it current, and what its parts become in another.

Keys are what everything else refers to: they are made from the first name and never change.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError, Problem
from spatc_funds.core.words import key_of
from spatc_funds.db.base import db
from spatc_funds.framework import mapping, plan_parts
from spatc_funds.framework.documents import missing, written
from spatc_funds.framework.mapping import Line
from spatc_funds.framework.models import PlanMapping, PlanVersion
from spatc_funds.framework.plan_parts import KINDS, Part, Said
from spatc_funds.framework.queries import current_plan
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import PlanState
from spatc_funds.policy.workflow import move

LONGEST_KEY = 80
FROZEN = "This version is {}, so nothing in it changes any more. Make a next version, and correct it there."
CHANGED = "Somebody else changed this while you had it open. Look at it again before you save."


@dataclass(frozen=True, slots=True)
class Words:
    """What a version says of itself."""

    name: str
    vision: str
    strategy: str
    strategy_priority: str
    indicators_line: str


def create_plan(actor: Actor, name: str, source: PlanVersion | None) -> PlanVersion:
    """A new draft: empty, or with everything that another version has. Raises NotReadyError."""
    permit(actor, Action.PLAN_EDIT)
    key = _key(name, db.session.scalars(select(PlanVersion.key)))
    document = copy.deepcopy(source.document) if source else {}
    document |= {"key": key, "name": name, "state": PlanState.DRAFT.value, "note": ""}
    plan = PlanVersion(
        key=key,
        name=name,
        state=PlanState.DRAFT,
        strategy_priority=source.strategy_priority if source else "",
        document=document,
    )
    db.session.add(plan)
    db.session.flush()
    if source:
        plan_parts.copy(source, plan)
    db.session.flush()
    return plan


def edit_plan(actor: Actor, plan: PlanVersion, words: Words, stamp: str) -> None:
    """Change what a draft says of itself. Raises ChangedError, IllegalMoveError and NotReadyError."""
    plan = _begin(actor, plan)
    if plan_parts.stamp_of_plan(plan) != stamp:
        raise ChangedError(CHANGED)
    if words.strategy_priority not in {"", *(each.key for each in plan.priorities)}:
        raise NotReadyError([Problem("plan", "strategy_priority", "Choose one of this version’s priorities")])
    said = {"name": words.name, "vision": words.vision, "strategy": words.strategy}
    plan.document = {**plan.document, **said, "indicators_line": words.indicators_line}
    plan.name, plan.strategy_priority = words.name, words.strategy_priority


def add_part(actor: Actor, plan: PlanVersion, kind: str, parent_key: str, said: Said) -> Part:
    """Add a part to a draft, after the others of its kind. Raises IllegalMoveError, NotReadyError, MissingError."""
    plan = _begin(actor, plan)
    parent = plan_parts.find(plan, KINDS[kind].parent, parent_key) if KINDS[kind].parent else None
    key = _key(said.name, [each.key for each in plan_parts.of(plan, kind)])
    siblings = plan_parts.siblings(plan, kind, parent)
    position = max((each.position for each in siblings), default=-1) + 1
    part: Part = KINDS[kind].model(key=key, position=position)
    plan_parts.write(plan, part, said)
    siblings.append(part)
    db.session.flush()
    return part


def change_part(actor: Actor, plan: PlanVersion, kind: str, key: str, said: Said, stamp: str) -> None:
    """Name a part of a draft anew. Raises ChangedError, IllegalMoveError, NotReadyError, MissingError."""
    plan = _begin(actor, plan)
    part = plan_parts.find(plan, kind, key)
    if plan_parts.stamp(part) != stamp:
        raise ChangedError(CHANGED)
    plan_parts.write(plan, part, said)


def move_part(actor: Actor, plan: PlanVersion, kind: str, key: str, *, up: bool) -> None:
    """One place up or down among its own; the first and the last stay. Raises IllegalMoveError, MissingError."""
    plan = _begin(actor, plan)
    part = plan_parts.find(plan, kind, key)
    ordered = sorted(plan_parts.siblings_of(plan, kind, part), key=lambda each: (each.position, each.id))
    place = ordered.index(part)
    other = place - 1 if up else place + 1
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], ordered[place]
    for number, each in enumerate(ordered):
        each.position = number


def remove_part(actor: Actor, plan: PlanVersion, kind: str, key: str) -> None:
    """Take a part out of a draft. Raises IllegalMoveError, in words, while anything refers to it."""
    plan = _begin(actor, plan)
    part = plan_parts.find(plan, kind, key)
    if bound := plan_parts.bound(plan):
        message = f"Bound to this version: {bound}. So nothing can be taken out of it."
        raise IllegalMoveError(message)
    if used := plan_parts.used(plan, kind, part):
        message = f"“{part.name}” is still used: {used}. Take that away first."
        raise IllegalMoveError(message)
    plan_parts.siblings_of(plan, kind, part).remove(part)
    db.session.delete(part)
    db.session.flush()


def make_current(actor: Actor, plan: PlanVersion) -> None:
    """The draft becomes what the service speaks in, and the version before it is closed.

    Raises IllegalMoveError for any but a draft, NotReadyError with everything that it lacks.
    """
    permit(actor, Action.PLAN_MAKE_CURRENT)
    _lock()
    plan = db.session.get_one(PlanVersion, plan.id)
    if plan.state is not PlanState.DRAFT:
        raise IllegalMoveError(FROZEN.format(plan.state.value))
    if lacks := lacking(plan):
        raise NotReadyError([Problem("plan", "plan", each) for each in lacks])
    before = current_plan()
    if before is not None:
        before.state = move(before.state, Action.PLAN_MAKE_CURRENT)
        before.document = {**before.document, "state": before.state.value}
        db.session.flush()  # there is one current version at every moment
    plan.state = move(plan.state, Action.PLAN_MAKE_CURRENT)
    document = {**plan.document, "state": plan.state.value}
    plan.document = written(document, plan_parts.as_document(plan), before.document if before else {})
    db.session.flush()


def lacking(plan: PlanVersion) -> list[str]:
    """What a version lacks to be made current, in words."""
    return missing({theme.name: len(theme.outcomes) for theme in plan.themes}, len(plan.cross_cutting_themes))


def map_part(
    actor: Actor, old: PlanVersion, new: PlanVersion, kind: str, key: str, shares: Mapping[str | None, int], stamp: str
) -> None:
    """Declare what a part becomes in another version: shares in per cent by its key, or None: 100 where it ends.

    Raises ChangedError, NotReadyError and MissingError.
    """
    permit(actor, Action.PLAN_EDIT)
    _lock()
    if plan_parts.stamp_of_mapping(old, new, kind, key) != stamp:
        raise ChangedError(CHANGED)
    if key not in plan_parts.mapped_names(old, kind):
        raise MissingError
    lines = [Line(key, to_key, percent) for to_key, percent in shares.items()]
    if wrong := mapping.faults(lines, plan_parts.mapped_names(new, kind)):
        raise NotReadyError([Problem("mapping", "shares", each) for each in wrong])
    for row in plan_parts.mapping_rows(old, new, kind, key):
        db.session.delete(row)
    db.session.flush()
    _map(old, new, kind, lines)


def map_same(actor: Actor, old: PlanVersion, new: PlanVersion) -> int:
    """Map every part of which nothing is said, and that the other version has by the same key, to it; how many."""
    permit(actor, Action.PLAN_EDIT)
    _lock()
    count = 0
    for kind in plan_parts.MAPPED:
        names, others = plan_parts.mapped_names(old, kind), plan_parts.mapped_names(new, kind)
        open_keys = mapping.unmapped(names, plan_parts.mapping_lines(old, new, kind))
        lines = mapping.identity(key for key in open_keys if key in others)
        _map(old, new, kind, lines)
        count += len(lines)
    return count


def _map(old: PlanVersion, new: PlanVersion, kind: str, lines: Sequence[Line]) -> None:
    db.session.add_all(
        PlanMapping(
            from_plan_id=old.id,
            to_plan_id=new.id,
            kind=kind,
            from_key=line.from_key,
            to_key=line.to_key,
            percent=line.percent,
        )
        for line in lines
    )
    db.session.flush()


def _begin(actor: Actor, plan: PlanVersion) -> PlanVersion:
    """The plan as it is now, its row locked; only a draft is changed."""
    permit(actor, Action.PLAN_EDIT)
    _lock()
    found = db.session.get_one(PlanVersion, plan.id)
    if found.state is not PlanState.DRAFT:
        raise IllegalMoveError(FROZEN.format(found.state.value))
    return found


def _lock() -> None:
    """Writers of the plan one after another; what was loaded before is loaded anew."""
    db.session.execute(select(PlanVersion.id).order_by(PlanVersion.id).with_for_update())
    db.session.expire_all()


def _key(name: str, taken: Iterable[str]) -> str:
    """A key from a name. Raises NotReadyError where it is taken, or nothing of the name is left in it."""
    key = key_of(name)[:LONGEST_KEY].strip("-")
    if not key:
        raise NotReadyError([Problem("plan", "name", "Enter a name with letters or digits in it")])
    if key in set(taken):
        raise NotReadyError([Problem("plan", "name", "There is one of that name already. Choose another name")])
    return key
