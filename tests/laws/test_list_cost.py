"""A list costs the same number of queries for one row and for many."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from spatc_funds.accounts.models import Membership, Person
from spatc_funds.accounts.operations import create_person
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import STAFF_ROLES, Role
from tests.builders import Browser, World

# Not what a page asks of the database, but how a connection is opened.
SETUP = re.compile(r"\s*(BEGIN|PRAGMA|SET|SAVEPOINT|RELEASE|SELECT 1\b|select pg_catalog|show )", re.IGNORECASE)
# One of each kind, so that no list is empty; then the rest.
FEW = ("draft-started", "submitted", "assessing", "assessed", "recommended", "offered", "zero-of-fifty", "late-return")
MORE = ("draft-ready", "withdrawn", "declined", "accepted-nothing-due", "paid-first", "corrected-return")
STAFF, GROUP = "every.role@laws.example.org", "every.group@laws.example.org"
MOST = 30
# Lists, and pages made of lists, each with who asks.
LISTS = {
    "/admin/": STAFF,
    "/admin/rounds/": STAFF,
    "/admin/plans/": STAFF,
    "/admin/plans/2021-24/": STAFF,
    "/admin/plans/2021-24/becomes/2024-28/": STAFF,
    "/admin/measures/": STAFF,
    "/admin/measures/people-taking-part/": STAFF,
    "/admin/measures/export/csv/": STAFF,
    "/admin/fund-measures/": STAFF,
    "/admin/indicators/": STAFF,
    "/admin/indicators/anti-social-behaviour/": STAFF,
    "/admin/indicators/figures.csv": STAFF,
    "/admin/indicators/imports/": STAFF,
    "/admin/bids/": STAFF,
    "/admin/bids/?q=score>=1+flag:plan+district:leeds&sort=-mark": STAFF,
    "/admin/bids/export/csv/": STAFF,
    "/admin/submissions/": STAFF,
    "/admin/messages/": STAFF,
    "/admin/who-applies/": STAFF,
    "/admin/other-formats/": STAFF,
    "/admin/assessment/": "assessor.one@example.org",
    "/admin/interests/": STAFF,
    "/admin/interests/declare": STAFF,
    "/admin/interests/everybody/": STAFF,
    "/admin/interests/everybody/export/csv/": STAFF,
    "/admin/assessment/assurance/": STAFF,
    "/admin/assessment/allocation/": STAFF,
    "/admin/assessment/allocation/EX-MSCF/": "officer.one@example.org",
    "/admin/assessment/pack/": "assessor.two@example.org",
    "/admin/assessment/pack/my-bids.xlsx": "assessor.two@example.org",
    "/admin/assessment/results/": STAFF,
    "/admin/assessment/results/settled/": STAFF,
    "/admin/assessment/results/rounds/EX-MSCF/": STAFF,
    "/admin/assessment/figures/": STAFF,
    "/admin/assessment/figures/EX-MSCF/": "officer.one@example.org",
    "/admin/assessment/calibration/": STAFF,
    "/admin/assessment/calibration/EX-MSCF/": "officer.one@example.org",
    "/admin/assessment/moderation/": STAFF,
    "/admin/assessment/moderation/EX-MSCF/": "officer.one@example.org",
    "/admin/assessment/panel-days/": STAFF,
    "/admin/assessment/panel-days/EX-MSCF/set-up": "officer.one@example.org",
    "/admin/recommendations/": STAFF,
    "/admin/decisions/": STAFF,
    "/admin/awards/": STAFF,
    "/admin/instalments/": STAFF,
    "/admin/returns-to-do/": STAFF,
    "/admin/returns/": STAFF,
    "/admin/watched-awards/": STAFF,
    "/admin/watched-awards/export/csv/": STAFF,
    "/admin/case-studies/": STAFF,
    "/admin/case-studies/export/csv/": STAFF,
    "/admin/payments/due/": STAFF,
    "/admin/payments/due/?ready=yes": STAFF,
    "/admin/payments/": STAFF,
    "/admin/impact/": STAFF,
    "/admin/impact/made-of?by=total": STAFF,
    "/admin/impact/made-of/export/csv/?by=total": STAFF,
    "/admin/impact/by/indicators/": STAFF,
    "/admin/impact/by/people/": STAFF,
    "/admin/impact/by/theme/?measure=people-taking-part": STAFF,
    "/admin/impact/by/theme/export/csv/": STAFF,
    "/admin/impact/by/": STAFF,
    "/admin/impact/statements/": STAFF,
    "/admin/impact/by/gaps/export/csv/": STAFF,
    "/admin/impact/reports/": STAFF,
    "/admin/workbook/": STAFF,
    "/admin/people/": STAFF,
    "/admin/log/": STAFF,
    "/admin/submissions/export/csv/": STAFF,
    "/admin/awards/export/csv/": STAFF,
    "/admin/returns/export/csv/": STAFF,
    "/admin/payments/due/export/csv/": STAFF,
    "/admin/payments/export/csv/": STAFF,
    "/admin/instalments/export/csv/": STAFF,
    "/admin/assessment/results/settled/export/csv/": STAFF,
    "/admin/log/export/csv/": STAFF,
    "/admin/people/export/csv/": STAFF,
    "/home": GROUP,
    "/rounds/EX-MSCF/apply": GROUP,
    "/": GROUP,
    "/funds/": GROUP,
}


def test_a_list_costs_the_same_for_few_rows_and_many(app: Flask, world: World) -> None:
    with app.app_context(), unit_of_work(None, Action.PERSON_CREATE):
        create_person(STAFF, "Every Role", PASSWORD, STAFF_ROLES)
        create_person(GROUP, "Every Group", PASSWORD)
    few = costs(app, world, FEW)
    many = costs(app, world, MORE)
    dearer = {address: (few[address], many[address]) for address in LISTS if many[address] != few[address]}
    assert dearer == {}
    assert {address: cost for address, cost in many.items() if cost > MOST} == {}


def test_every_list_of_the_panel_is_asked(prepared: Flask) -> None:
    views = prepared.extensions["admin"][0]._views
    lists = {view.url.rstrip("/") for view in views if view._default_view}
    assert lists - {address.split("?")[0].rstrip("/") for address in LISTS} == set()


def costs(app: Flask, world: World, stories: tuple[str, ...]) -> dict[str, int]:
    """Tell the stories; the number of queries of each list then."""
    for story in stories:
        world.tell(story)
    with app.app_context():
        join_every_group()
    browsers = {email: world.browser(email) for email in set(LISTS.values())}
    for address, email in LISTS.items():
        browsers[email].get(address)  # the first time, templates are compiled and mappers configured
    return {address: cost(app, browsers[email], address) for address, email in LISTS.items()}


def join_every_group() -> None:
    """One person belongs to every group there is."""
    person = db.session.scalars(select(Person).where(Person.email == GROUP)).one()
    held = {each.organisation_id for each in person.memberships}
    groups = set(db.session.scalars(select(Membership.organisation_id))) - held
    with unit_of_work(None, Action.PERSON_CREATE):
        person = db.session.scalars(select(Person).where(Person.email == GROUP)).one()
        db.session.add_all(Membership(organisation_id=each, person_id=person.id, role=Role.EDITOR) for each in groups)


def cost(app: Flask, browser: Browser, address: str) -> int:
    """How many queries a page makes."""
    with app.app_context():
        engine = db.engine
    with counting(engine) as asked:
        assert browser.get(address).status_code == 200, address
    return len(asked)


@contextmanager
def counting(engine: Any) -> Iterator[list[str]]:
    """Every statement meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not SETUP.match(statement):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "PRAGMA query_only=ON", "SET TRANSACTION READ ONLY"])
def test_opening_a_connection_is_not_counted(statement: str) -> None:
    assert SETUP.match(statement)
