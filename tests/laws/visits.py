"""Every page opened by everybody who may see it, and by one who may not: several laws look at what came back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from spatc_funds.db.base import Base, db
from tests.laws.addresses import ENTRIES, address_of, endpoints, methods_of
from tests.laws.cast import PLAYERS, Answer, Cast
from tests.laws.law import expected

LOOKED = "access_entry"  # who looked: the one write that a GET may cause


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as one person saw it."""

    endpoint: str
    address: str
    key: str
    answer: Answer


@dataclass(slots=True)
class Visits:
    """All of them, and what the database held before and after."""

    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    made: list[Visit] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)

    def pages(self) -> list[Visit]:
        """Those that brought a page, refusals and all; not redirects, files and data."""
        return [each for each in self.made if each.answer.code != 303 and is_page(each.answer)]


def is_page(answer: Answer) -> bool:
    """Whether it is HTML."""
    return answer.response is not None and answer.response.mimetype == "text/html"


def visit_all(cast: Cast) -> Visits:
    """Open every page."""
    found = Visits(before=contents(cast.app))
    for endpoint in endpoints(cast.app):
        if "GET" not in methods_of(cast.app, endpoint):
            continue
        entry = ENTRIES[endpoint]
        address = address_of(cast.app, endpoint, "GET", entry.exists(cast))
        seeing = [key for key in PLAYERS if 200 in expected(cast, key, endpoint, "GET", entry, there=True)]
        for key in dict.fromkeys([*seeing, "administrator"]):
            answer = cast.ask(cast.player(key, entry.story), "GET", address)
            found.made.append(Visit(endpoint, address, key, answer))
        if not seeing:
            found.unseen.add(endpoint)
    found.after = contents(cast.app)
    return found


def contents(app: Flask) -> dict[str, str]:
    """A hash of everything in each table."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name != LOOKED and not table.name.startswith("test_"):
                rows = connection.execute(select(table).order_by(*table.primary_key.columns))
                found[table.name] = hashlib.sha256("\n".join(repr(tuple(row)) for row in rows).encode()).hexdigest()
    return found
