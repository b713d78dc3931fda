"""What a form does not ask is not taken from it: every column's name is sent along, and changes nothing."""

import json
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Boolean, Column, select
from sqlalchemy import Enum as EnumType

from spatc_funds.db.base import Base, db
from spatc_funds.db.types import UtcDateTime
from spatc_funds.impact.stating import SALT
from tests.laws.cast import Cast
from tests.laws.counts import TRIED
from tests.laws.sent_forms import Form, Found

CANARY = "CANARY-7391"
# What differs each time whatever is sent: the log's salts and digests, moments, and what is made at random.
RANDOM = {"session_key", "password_hash"}
BY_CHANCE = {"equality_answer": {"key"}, "impact_statement": {"sha256"}}  # the hash of a statement is of its salt too
# Where a filled form is taken, and what it does not ask could be.
TAKEN = {
    "accounts.new_organisation",
    "applications.budget",
    "applications.question",
    "applications.step",
    "awards.accept",
    "panel_assessment.allocate",
    "panel_assessment.interest",
    "panel_assessment.criterion",
    "panel_decisions.decide",
    "panel_dues.show",
    "panel_recommendations.recommend",
    "panel_returns.show",
    "returns.edit",
    "returns.money",
}
LOGS = ("log_", "access_")
KEPT_ALL_THE_SAME = {"returns.people"}  # a draft keeps what does not add up yet, and says so
MORE = {"_method": "DELETE", "is_admin": "1", "admin": "1", "role": "administrator", "roles": "administrator"}


def columns() -> dict[str, str]:
    """A value to send under the name of each column of each table."""
    found = dict(MORE)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            found.setdefault(column.name, value_for(column))
    return found


def value_for(column: Column[Any]) -> str:
    """Something that the column would take."""
    if isinstance(column.type, Boolean):
        return "1"
    if isinstance(column.type, EnumType):
        return str(column.type.enums[-1])
    if is_moment(column):
        return "2031-01-01T12:00:00"
    kind = column.type.python_type
    if issubclass(kind, date):
        return "2031-01-01"
    return "739173" if issubclass(kind, int) else CANARY


def held(cast: Cast) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without what differs each time."""
    found = {}
    with cast.app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith(LOGS):
                continue
            random = RANDOM | BY_CHANCE.get(table.name, set())
            kept = [each for each in table.columns if each.name not in random and not is_moment(each)]
            rows = connection.execute(select(*kept))
            found[table.name] = sorted((tuple(map(plain, row)) for row in rows), key=repr)
    return found


def is_moment(column: Column[Any]) -> bool:
    """Whether it says when."""
    return isinstance(column.type, UtcDateTime)


def plain(value: Any) -> Any:
    """An enum's value; a document as text, without the salt that a statement is frozen with."""
    if isinstance(value, (dict, list)):
        unsalted = {name: part for name, part in value.items() if name != SALT} if isinstance(value, dict) else value
        return json.dumps(unsalted, sort_keys=True)
    return value.value if isinstance(value, Enum) else value


def test_no_form_takes_what_it_does_not_ask(cast: Cast, forms: list[Found]) -> None:
    wrong, taken = [], set()
    for each in forms:
        form = each.fresh(cast)
        code, right = sent(cast, each, form, {})
        asked = {*form.filled(), *form.names}
        extra = {name: value for name, value in columns().items() if name not in asked}
        TRIED["privileged fields"] += len(extra)
        other, after = sent(cast, each, form, extra)
        taken |= {each.endpoint} if code == 303 else set()
        if (code, right) != (other, after):
            differing = {name: set(after[name]) ^ set(right[name]) for name in right if right[name] != after[name]}
            wrong.append(f"{form.action}: {code} and {other}; {differing}")
    assert not wrong, "\n".join(wrong)
    assert taken >= TAKEN, "forms that were refused try nothing"


def sent(cast: Cast, each: Found, form: Form, extra: dict[str, str]) -> tuple[int, dict[str, list[tuple[Any, ...]]]]:
    """Send a form as it stands with more; the answer's code, what the database holds then, and the world put back."""
    answer = cast.ask(each.player(cast), "POST", form.action, {**form.filled(), **extra})
    rows = held(cast)
    assert CANARY not in repr(rows)
    if 300 <= answer.code < 400 or each.endpoint in KEPT_ALL_THE_SAME:
        cast.restore()
    return answer.code, rows
