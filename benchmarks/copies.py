"""A world of any size: the demo's own applications, copied with all that belongs to them, each as a group of its own.

Every copied row went through the operations once, as the row it was copied from. What is not copied is the log: a
copy has no history of its own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, or_, select, text, update

from spatc_funds.accounts.models import Organisation, Person, PersonRole
from spatc_funds.applications.models import Application
from spatc_funds.assessment.models import CalibrationBid, MeetingItem, TextMatch
from spatc_funds.audit.models import AccessEntry, LogChange, LogEntry, LogHead, LogValues
from spatc_funds.core.references import reference
from spatc_funds.core.words import folded
from spatc_funds.db.base import Base, db
from spatc_funds.db.digest import content_hash
from spatc_funds.funds.models import Pot, Round
from spatc_funds.policy.states import AwardState

ROWS_AT_ONCE = 5_000
# The log; and what names more than one bid.
NOT_COPIED = {model.__tablename__ for model in (LogEntry, LogChange, LogValues, LogHead, AccessEntry)}
NOT_COPIED |= {model.__tablename__ for model in (CalibrationBid, MeetingItem, TextMatch)}
Row = dict[str, Any]
Family = dict[str, list[Row]]


def copy_applications(references: Iterable[str], wanted: int) -> list[str]:
    """So many copies of these applications in turn; the references of the copies.

    The pots' limits grow with what was copied, so that everything that holds in the small world holds in the large one.
    """
    with db.engine.begin() as connection:
        families = [_family(connection, each) for each in references]
        numbers = _numbers(connection)
        pending: dict[str, list[Row]] = {table.name: [] for table in Base.metadata.sorted_tables}
        ids = {table.name: _last_id(connection, table) for table in Base.metadata.sorted_tables}
        made = [_copy(families[each % len(families)], numbers, ids, pending) for each in range(wanted)]
        for table in Base.metadata.sorted_tables:
            rows = pending[table.name]
            for first in range(0, len(rows), ROWS_AT_ONCE):
                connection.execute(insert(table), rows[first : first + ROWS_AT_ONCE])
        _widen_pots(connection, pending)
        _go_on_counting(connection, ids)
    return made


def _family(connection: Connection, found: str) -> Family:
    """Every row that belongs to an application: its group, the group's people, and all that names one of them."""
    group = connection.execute(select(Application.organisation_id).where(Application.reference == found)).scalar_one()
    staff = set(connection.scalars(select(PersonRole.person_id)))
    members = Base.metadata.tables["membership"]
    people = set(connection.scalars(select(members.c.person_id).where(members.c.organisation_id == group))) - staff
    held: dict[str, set[int]] = {"organisation": {group}, "person": people}
    family: Family = {}
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_COPIED:
            continue
        own = [Organisation.id == group] if table.name == "organisation" else []
        own += [Person.id.in_(people)] if table.name == "person" else []
        named = [column.in_(held[target]) for column, target in _keys(table) if held.get(target)]
        if not (own or named):
            continue
        asked = select(table).where(or_(*own, *named)).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in connection.execute(asked).mappings()]
        if rows:
            family[table.name] = rows
            if "id" in table.c:
                held[table.name] = {row["id"] for row in rows}
    return family


def _keys(table: Table) -> list[tuple[Column[Any], str]]:
    """The table's foreign keys: column, and the table that it names."""
    return [(column, key.column.table.name) for column in table.columns for key in column.foreign_keys]


def _copy(family: Family, numbers: dict[int, list[Any]], ids: dict[str, int], pending: Mapping[str, list[Row]]) -> str:
    """One copy of a family, put down for writing; its reference."""
    (application,) = family["application"]
    counter = numbers[application["round_id"]]
    counter[1] += 1
    old, new = application["reference"], reference(counter[0], counter[1])
    mapped: dict[tuple[str, int], int] = {}
    for table in Base.metadata.sorted_tables:
        for row in family.get(table.name, ()):
            copied = {name: _renamed(value, old, new) for name, value in row.items()}
            if "id" in row:
                ids[table.name] += 1
                copied["id"] = mapped[table.name, row["id"]] = ids[table.name]
            for column, target in _keys(table):
                copied[column.name] = mapped.get((target, row[column.name]), row[column.name])
            _make_different(table.name, copied, new, counter[1])
            pending[table.name].append(copied)
    return new


def _make_different(table: str, row: Row, new: str, number: int) -> None:
    """What may stand once only, or says something of the row itself."""
    if table == "person":
        row["email"] = f"{new.lower()}.{row['email']}"
    elif table == "organisation":
        row |= {"name": f"{row['name']} {new}", "charity_number": None, "company_number": None}
        row["name_folded"] = folded(row["name"])
    elif table == "application":
        row["number"] = number
    elif table == "submission":
        row["sha256"] = content_hash(row["content"])


def _renamed(value: Any, old: str, new: str) -> Any:
    """A value with the copy's reference in place of the first one's, however deep it stands."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: _renamed(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, old, new) for each in value]
    return value


def _numbers(connection: Connection) -> dict[int, list[Any]]:
    """Each round's code and its last running number."""
    last = select(Application.round_id, func.max(Application.number)).group_by(Application.round_id)
    found = dict(connection.execute(last).all())
    return {each.id: [each.code, found.get(each.id, 0)] for each in connection.execute(select(Round.id, Round.code))}


def _last_id(connection: Connection, table: Table) -> int:
    return (connection.scalar(select(func.max(table.c.id))) or 0) if "id" in table.c else 0


def _widen_pots(connection: Connection, pending: Mapping[str, list[Row]]) -> None:
    """Each pot's limit and what is awarded of it grow by what was copied."""
    counted = [row for row in pending["award"] if row["state"] != AwardState.DECLINED]
    for pot_id in {row["pot_id"] for row in counted}:
        more = sum(row["amount_pence"] for row in counted if row["pot_id"] == pot_id)
        changed = {"awarded_pence": Pot.awarded_pence + more, "budget_pence": Pot.budget_pence + more}
        connection.execute(update(Pot).where(Pot.id == pot_id).values(changed))


def _go_on_counting(connection: Connection, ids: Mapping[str, int]) -> None:
    """PostgreSQL counts rows by a sequence of its own."""
    if connection.dialect.name != "postgresql":
        return
    for name, last in ids.items():
        if last:
            sequence = f"pg_get_serial_sequence('{name}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, {last}) WHERE {sequence} IS NOT NULL"))
