"""A room's list holds a row exactly when the law lets the person read it: for everybody, and for people made up."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select

from spatc_funds.applications import queries as applications
from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import progress
from spatc_funds.assessment import queries as assessment
from spatc_funds.assessment.models import Result
from spatc_funds.awards import queries as awards
from spatc_funds.awards.models import Award, ExpectedReturn, Instalment
from spatc_funds.correspondence import queries as correspondence
from spatc_funds.correspondence.models import Message
from spatc_funds.db.base import db
from spatc_funds.payments import queries as payments
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Person, Subject, decide
from spatc_funds.policy.roles import MEMBER_ROLES, STAFF_ROLES
from spatc_funds.policy.states import AwardState
from spatc_funds.returns import queries as returns
from tests.laws.cast import PLAYERS, Cast
from tests.laws.counts import TRIED

MADE_UP = 300
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: its rows, the clause that says who sees which, the act, and each row's bid and group."""

    model: type[Any]
    visible: Callable[[Any], ColumnElement[bool]]
    action: Action
    subject: Callable[[Any], Subject]
    among: Callable[[Any], bool] = lambda _row: True


def of_bid(reference: str) -> Subject:
    """In the panel one acts as one of the staff."""
    return Subject(bid=reference)


def stands(row: Submission) -> bool:
    """Of a bid that was sent more than once, lists show the last one alone."""
    return row.number == max(each.number for each in applications.versions_of(row.application))


LISTS = {
    "applications": Listed(Application, applications.standing, Action.APPLICATION_READ, lambda row: row.subject),
    "submissions": Listed(
        Submission, applications.visible, Action.SUBMISSION_READ, lambda row: of_bid(row.reference), stands
    ),
    "submissions with results": Listed(
        Submission, assessment.visible, Action.RESULT_LIST, lambda row: of_bid(row.reference), stands
    ),
    "results": Listed(
        Result, progress.visible_results, Action.RESULT_LIST, lambda row: of_bid(row.submission.reference)
    ),
    "messages": Listed(Message, correspondence.visible, Action.MESSAGE_LIST, lambda row: of_bid(row.about)),
    "awards": Listed(Award, awards.visible, Action.AWARD_LIST, lambda row: of_bid(row.reference)),
    "instalments": Listed(
        Instalment, awards.visible_instalments, Action.INSTALMENT_LIST, lambda row: of_bid(row.award.reference)
    ),
    "what is due": Listed(
        Instalment,
        payments.visible_instalments,
        Action.PAYMENT_LIST,
        lambda row: of_bid(row.award.reference),
        lambda row: row.award.state is AwardState.ACCEPTED,
    ),
    "payments": Listed(
        Payment, payments.visible_payments, Action.PAYMENT_LIST, lambda row: of_bid(row.instalment.award.reference)
    ),
    "returns": Listed(
        ExpectedReturn,
        returns.visible_owed,
        Action.RETURN_LIST,
        lambda row: of_bid(row.award.reference),
        lambda row: row.award.state is AwardState.ACCEPTED,
    ),
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_row_is_listed_exactly_when_it_may_be_read(cast: Cast, name: str) -> None:
    listed, wrong = LISTS[name], []
    with cast.app.app_context():
        rows = [row for row in db.session.scalars(select(listed.model)).all() if listed.among(row)]
        subjects = {row.id: listed.subject(row) for row in rows}
        assert rows
        for said, actor in everybody(cast):
            seen = set(db.session.scalars(select(listed.model.id).where(listed.visible(actor))))
            readable = {key for key, subject in subjects.items() if decide(actor, listed.action, subject).allowed}
            wrong += [f"{said} and row {key}" for key in seen ^ readable]
            TRIED["rows of lists"] += len(rows)
    assert wrong == []


def test_what_a_list_shows_is_what_opens(cast: Cast) -> None:
    """Bids: the file of the list names exactly those whose pages answer."""
    with cast.app.app_context():
        rows = db.session.execute(select(Submission.reference, Submission.id).order_by(Submission.id))
        references = {row.reference: row.id for row in rows}
    for key in ("assessor", "both", "barred", "insider", "programme officer", "auditor"):
        player = cast.people[key]
        file = cast.browser(player).get("/admin/submissions/export/csv/").text
        for reference, number in references.items():
            opens = cast.ask(player, "GET", f"/admin/submissions/details/?id={number}").code
            assert opens == (200 if reference in file else 404), f"{key} and {reference}"


def everybody(cast: Cast) -> Sequence[tuple[str, Actor]]:
    """The people of the cast and many made up, with every mixture of roles, groups, allocations and bars."""
    real = [(key, cast.actor(key, None)) for key in PLAYERS]
    return [*real, *((f"made-up {number}", actor) for number, actor in enumerate(made_up(cast)))]


def made_up(cast: Cast) -> list[Person]:
    """People who hold a little of everything."""
    chance = random.Random(SEED)
    bids, groups = sorted(cast.told.values()), sorted(cast.organisations.values())
    found = []
    for _ in range(MADE_UP):
        allocated, barred = some(chance, bids), some(chance, bids)
        found.append(
            Person(
                id=10**6,
                roles=some(chance, STAFF_ROLES),
                memberships={each: chance.choice(MEMBER_ROLES) for each in some(chance, groups)},
                allocated=allocated,
                assigned=some(chance, sorted(allocated)) - barred,
                barred=barred,
            )
        )
    return found


def some(chance: random.Random, things: Sequence[Any]) -> frozenset[Any]:
    """None, a few, or all of them."""
    return frozenset(chance.sample(list(things), chance.randint(0, len(things)) if chance.random() > 0.3 else 0))
