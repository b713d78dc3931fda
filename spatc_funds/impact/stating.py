"""Reading statements, and what one is made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.impact import splits
from spatc_funds.impact.atoms import as_plain, atoms_of, from_plain
from spatc_funds.impact.models import Statement
from spatc_funds.impact.queries import Filters, Report, as_exported, report
from spatc_funds.impact.rollup import as_published
from spatc_funds.impact.splits import SplitTable
from spatc_funds.impact.subtraction import ORDER, SPLITS, Atoms, changed, given_up
from spatc_funds.impact.suppression import (
    LEAST,
    WAYS,
    Published,
    left_out,
    suppress,
    tells_by_difference,
    told_too_much,
    withheld,
)
from spatc_funds.returns.splits import DISTRICT

Table = tuple[dict[str, Any], Published]  # who took part, and what of it everybody may have
# Frozen and hashed with the rest, shown to nobody: without a salt a hash would tell what was left out.
SALT, ATOMS, WITHHELD = "salt", "atoms", "withheld"
INSIDE = frozenset({SALT, ATOMS, WITHHELD})


def statements() -> Sequence[Statement]:
    """Every statement, the newest first, without its figures."""
    return db.session.scalars(
        select(Statement)
        .order_by(Statement.published_at.desc(), Statement.id.desc())
        .options(defer(Statement.content), joinedload(Statement.published_by))
    ).all()


def statement_of(reference: str) -> Statement | None:
    """One of them with its figures."""
    return db.session.scalar(select(Statement).where(Statement.reference == reference))


def contents() -> list[dict[str, Any]]:
    """What every statement says, the latest first."""
    return list(db.session.scalars(select(Statement.content).order_by(Statement.id.desc())))


def last_up_to(as_at: date, plan: str) -> Statement | None:
    """The last statement in a plan that is of a day up to this one."""
    rows = db.session.scalars(select(Statement).where(Statement.as_at <= as_at).order_by(Statement.id.desc()))
    return next((each for each in rows if each.content["plan"] == plan), None)


def earlier(found: Statement) -> list[Statement]:
    """Every statement before it with its figures, the latest first: whoever has two of them can subtract."""
    return list(db.session.scalars(select(Statement).where(Statement.id < found.id).order_by(Statement.id.desc())))


def not_to_be_told(found: Report) -> set[tuple[str, str]]:
    """What of a roll-up may not leave here now: pairs of a way and a measure.

    That is what is small or has moved by little (``suppression.told_too_much``), and what could be found by subtracting
    figures from one another (``subtraction``).
    """
    before = contents()
    content = as_exported(found, as_published)
    return told_too_much(content, before) | cannot_stand(atoms_of(found, _split_tables(found)), before)


def content_of(filters: Filters) -> dict[str, Any]:
    """The exported roll-up, the tables of who took part, and what a reader has to know.

    Measures of groups' own stay inside: each is one project's words and numbers.
    """
    found, before = report(filters), contents()
    atoms = atoms_of(found, _split_tables(found))
    return {
        **as_exported(found, as_published),
        "splits": splits_of(found),
        "notes": notes(found),
        ATOMS: as_plain(atoms),
        WITHHELD: sorted(map(list, cannot_stand(atoms, before))),
    }


def cannot_stand(atoms: Mapping[str, Atoms], before: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    """Ways and measures that cannot stand beside the others of today, or beside those of an earlier statement."""
    out = {(way, measure) for measure, held in atoms.items() for way in given_up(held)}
    for one in before:
        given = {(way, measure) for way, measure in one.get(WITHHELD, ())}
        for measure, held in from_plain(one.get(ATOMS, {})).items():
            ways = [way for way in ORDER if (way, measure) not in given | out]
            moved = changed(atoms.get(measure, {}), held)
            out |= {(way, measure) for way in given_up(moved, ways)}
    return out


def _split_tables(found: Report) -> list[SplitTable]:
    return splits.tables(found.projects.values(), found.rules, found.filters.as_at)


def splits_of(found: Report) -> list[dict[str, Any]]:
    """The tables of who took part, with their small numbers."""
    return [
        {
            "measure": each.measure,
            "name": each.name,
            "split_by": each.split_by,
            "projects": each.projects,
            "parts": each.parts,
        }
        for each in _split_tables(found)
    ]


def published(content: dict[str, Any], before: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """A content as everybody may have it: small numbers are out, wherever they stand; ``before`` are earlier ones.

    What a measure counts in each district is said by its table too, so where that is not whole, neither stands.
    """
    tables = published_splits(content, before)
    out = told_too_much(content, before) | {(way, measure) for way, measure in content.get(WITHHELD, ())}
    for each, table in tables:
        if each["split_by"] == DISTRICT and not table.complete:
            out.add(("by_district", each["measure"]))
    public = {key: each for key, each in content.items() if key not in INSIDE}
    for way in WAYS:
        parts = [content[way]] if way == "total" else content[way]
        shown = [
            {**part, "measures": [left_out(each) if (way, each["key"]) in out else each for each in part["measures"]]}
            for part in parts
        ]
        public[way] = shown[0] if way == "total" else shown
    return {**public, "splits": [{**each, "parts": dict(table.parts), "total": table.total} for each, table in tables]}


def published_splits(content: dict[str, Any], before: Sequence[dict[str, Any]] = ()) -> list[Table]:
    """The tables of who took part as they may be shown to everybody; ``before`` are earlier contents, the latest first.

    Where hardly anything has changed since an earlier one, the whole table is out: the difference would be small. What
    an earlier table left out stays out.
    """
    out_before: dict[tuple[str, str], set[str]] = {}
    older: list[dict[str, Any]] = []
    for one in reversed(before):
        for each, table in _tables(one, older, out_before):
            out = {part for part, count in table.parts.items() if count is None}
            if len(out) < len(table.parts):
                out_before.setdefault((each["measure"], each["split_by"]), set()).update(out)
        older.append(one)
    return _tables(content, older, out_before)


def _tables(
    content: dict[str, Any], older: Sequence[dict[str, Any]], out_before: Mapping[tuple[str, str], set[str]]
) -> list[Table]:
    held = [{(each["measure"], each["split_by"]): each["parts"] for each in one["splits"]} for one in older]
    found = []
    for each in content["splits"]:
        key = each["measure"], each["split_by"]
        others = [one[key] for one in held if key in one]
        telling = [SPLITS, each["measure"]] in content.get(WITHHELD, ())
        telling = telling or any(tells_by_difference(each["parts"], other, LEAST) for other in others)
        table = withheld(each["parts"]) if telling else suppress(each["parts"], LEAST, out_before.get(key, ()))
        found.append((each, table))
    return found


def notes(found: Report) -> list[str]:
    """What a reader has to know before quoting a figure."""
    projects = found.projects.values()
    said = []
    invented = sum(1 for project in projects if project.example)
    if invented:
        stand = "is invented. It stands" if invented == 1 else "are invented. They stand"
        said.append(f"{count_of(invented, 'award')} of example rounds {stand} in these figures.")
    if offers := sum(1 for project in projects if project.offered):
        wait = "wait for the grantee's answer and are" if offers > 1 else "waits for the grantee's answer and is"
        said.append(f"{count_of(offers, 'offer')} {wait} counted.")  # not how much: of one it would be that one's
    return said
