"""Writing measures: one that is used is never changed, and gets a new version with a reason."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select

from spatc_funds.core.problems import ChangedError, MissingError, NotReadyError, Problem
from spatc_funds.core.words import key_of
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.measures import OWN, rule_faults
from spatc_funds.framework.models import Measure
from spatc_funds.framework.queries import SHARED, current_plan, measure_versions, used_by
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit

LONGEST_KEY = 80
OWN_PREFIX = "own-"  # the keys of groups' own measures, and of no others
AFTER_ALL_OTHERS = 100_000  # the position of groups' own measures: behind everybody's
CHANGED = "Somebody else changed this measure while you had it open. Look at it again before you save."
ADDING = ("basis", "across_periods", "across_projects")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a measure; ``outcome`` is the key of an outcome of the current plan, or empty."""

    name: str
    unit: str
    basis: str
    direction: str
    across_periods: str
    across_projects: str
    label_n: str
    label_of: str
    is_change: bool
    help: str
    outcome: str


def edit_measure(actor: Actor, key: str | None, said: Said, reason: str, stamp: str) -> Measure:
    """Add a measure (no key yet), or change one: in place while nothing uses it, else as its next version.

    A next version is added as the one before: else its numbers would be other numbers, which need a measure of their
    own. Raises ChangedError, MissingError and NotReadyError.
    """
    permit(actor, Action.MEASURE_EDIT)
    _check(said)
    if key is None:
        return _add(said)
    db.session.execute(select(Measure.id).where(Measure.key == key).order_by(Measure.id).with_for_update())
    db.session.expire_all()
    versions = measure_versions(key)
    if not versions:
        raise MissingError
    newest = versions[0]
    if stamp_of(newest) != stamp:
        raise ChangedError(CHANGED)
    if said_of(newest) == said:
        return newest
    if not used_by(newest):
        _write(newest, said)
        return newest
    if any(getattr(newest, name) != getattr(said, name) for name in ADDING):
        message = "Returns count with this measure already. To count something else, add another measure"
        raise NotReadyError([Problem("measure", "basis", message)])
    if not reason:
        raise NotReadyError([Problem("measure", "reason", "Say why there is a new version")])
    return _version(newest, said, reason)


def own_measure(reference: str, place: int, name: str, kind: str) -> Measure:
    """The measure that a group brought with a bid, as its award freezes it; ``kind`` is a key of ``OWN``."""
    asked = OWN[kind]
    return Measure(
        key=f"{OWN_PREFIX}{reference.lower()}-{place}",
        version=1,
        name=name,
        unit=asked.unit,
        basis=asked.basis,
        direction="up",
        across_periods=asked.across_periods,
        across_projects=asked.across_projects,
        label_n=asked.label_n or None,
        label_of=asked.label_of or None,
        is_change=asked.is_change,
        help=f"Your own measure. {asked.words}.",
        position=AFTER_ALL_OTHERS + place,
        own_of=reference,
    )


def said_of(measure: Measure) -> Said:
    """What is said of it now."""
    plain: dict[str, Any] = {
        each.name: getattr(measure, each.name) or "" for each in fields(Said) if hasattr(measure, each.name)
    }
    return Said(**plain | {"is_change": measure.is_change, "outcome": measure.outcome_key or ""})


def stamp_of(measure: Measure) -> str:
    """Another one for everything else that a measure could say, and for each version."""
    said = said_of(measure)
    return content_hash({each.name: getattr(said, each.name) for each in fields(Said)} | {"version": measure.version})


def _add(said: Said) -> Measure:
    key = key_of(said.name)[:LONGEST_KEY].strip("-")
    if not key:
        raise NotReadyError([Problem("measure", "name", "Enter a name with letters or digits in it")])
    if key in set(db.session.scalars(select(Measure.key))) or key.startswith(OWN_PREFIX):
        raise NotReadyError([Problem("measure", "name", "There is a measure of that name already")])
    last = db.session.scalar(select(func.max(Measure.position)).where(SHARED)) or 0
    measure = Measure(key=key, version=1, position=last + 1, reason="")
    _write(measure, said)
    db.session.add(measure)
    db.session.flush()
    return measure


def _version(before: Measure, said: Said, reason: str) -> Measure:
    measure = Measure(key=before.key, version=before.version + 1, position=before.position, reason=reason)
    _write(measure, said)
    db.session.add(measure)
    db.session.flush()
    return measure


def _write(measure: Measure, said: Said) -> None:
    for name in ("name", "unit", "basis", "direction", "across_periods", "across_projects", "is_change", "help"):
        setattr(measure, name, getattr(said, name))
    measure.label_n, measure.label_of = said.label_n or None, said.label_of or None
    measure.outcome_key = said.outcome or None


def _check(said: Said) -> None:
    told = (said.basis, said.across_periods, said.across_projects, said.label_n, said.label_of)
    problems = [Problem("measure", field, words) for field, words in rule_faults(*told)]
    if said.outcome and said.outcome not in set(_outcomes()):
        problems.append(Problem("measure", "outcome", "Choose an outcome of the current plan"))
    if problems:
        raise NotReadyError(problems)


def _outcomes() -> list[str]:
    """Those of the current plan, and what measures speak to already: a plan that is closed may have named it."""
    plan = current_plan()
    held = [each for each in db.session.scalars(select(Measure.outcome_key)) if each]
    return held + ([each.key for theme in plan.themes for each in theme.outcomes] if plan else [])
