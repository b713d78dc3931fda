"""Reading statements, and what one is made of."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from spatc_funds.core.money import format_pounds
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.impact import splits
from spatc_funds.impact.models import Statement
from spatc_funds.impact.queries import Filters, Report, as_exported, report
from spatc_funds.impact.suppression import LEAST, Published, suppress, tells_by_difference, withheld
from spatc_funds.returns.splits import DISTRICT

SALT = "salt"  # frozen and hashed with the rest, shown to nobody: else a hash would tell what was left out


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


def earlier(found: Statement) -> list[Statement]:
    """The statements before it in the same plan, with their figures, the latest first."""
    rows = db.session.scalars(select(Statement).where(Statement.id < found.id).order_by(Statement.id.desc()))
    return [each for each in rows if each.content["plan"] == found.content["plan"]]


def content_of(filters: Filters) -> dict[str, Any]:
    """The exported roll-up, the tables of who took part, and what a reader has to know."""
    found = report(filters)
    return {**as_exported(found), "splits": splits_of(found), "notes": notes(found)}


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
        for each in splits.tables(found.projects.values(), found.rules, found.filters.as_at)
    ]


def shown_splits(tables: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as a file may have them: counts that are taken out are None."""
    return _shown(published_splits({"splits": tables}))


def published(content: dict[str, Any], before: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """A content as everybody may have it: small numbers are out, wherever they stand; ``before`` are earlier ones.

    What a measure counts in each district is said by its table too, so where that is not whole, neither stands.
    """
    tables = published_splits(content, before)
    partly = {each["measure"] for each, shown in tables if each["split_by"] == DISTRICT and not shown.complete}
    districts = [
        {**part, "measures": [_left_out(each) if each["key"] in partly else each for each in part["measures"]]}
        for part in content["by_district"]
    ]
    public = {key: each for key, each in content.items() if key != SALT}
    return {**public, "by_district": districts, "splits": _shown(tables)}


def published_splits(
    content: dict[str, Any], before: Iterable[dict[str, Any]] = ()
) -> list[tuple[dict[str, Any], Published]]:
    """The tables of who took part as they may be shown to everybody.

    Where hardly anything has changed since an earlier one, the whole table is out: the difference would be small.
    """
    held = [{(each["measure"], each["split_by"]): each["parts"] for each in one["splits"]} for one in before]
    found = []
    for each in content["splits"]:
        others = [one.get((each["measure"], each["split_by"])) for one in held]
        telling = any(other is not None and tells_by_difference(each["parts"], other, LEAST) for other in others)
        found.append((each, withheld(each["parts"]) if telling else suppress(each["parts"], LEAST)))
    return found


def _shown(tables: Iterable[tuple[dict[str, Any], Published]]) -> list[dict[str, Any]]:
    return [{**each, "parts": dict(shown.parts), "total": shown.total} for each, shown in tables]


def _left_out(measure: dict[str, Any]) -> dict[str, Any]:
    return {**measure, **dict.fromkeys(("low", "high", "n", "of", "value")), "left_out": True}


def notes(found: Report) -> list[str]:
    """What a reader has to know before quoting a figure."""
    projects = found.projects.values()
    said = []
    invented = sum(1 for project in projects if project.example)
    if invented:
        said.append(f"{count_of(invented, 'award')} of example rounds are invented. They stand in these figures.")
    offers = [project for project in projects if project.offered]
    if offers:
        pence = format_pounds(sum(project.awarded_pence or 0 for project in offers))
        wait = "wait for the grantee's answer and are" if len(offers) > 1 else "waits for the grantee's answer and is"
        said.append(f"{count_of(len(offers), 'offer')} of {pence} {wait} counted.")
    return said
