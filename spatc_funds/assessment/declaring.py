"""Reading what people have declared and what they still have to, with what their registers suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from spatc_funds.accounts.models import RegisterEntry, RegisterKind
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last
from spatc_funds.assessment.matching import Entry, Party, suggestions
from spatc_funds.assessment.models import Allocation, Interest, RegisteredInterest, Result
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING


@dataclass(frozen=True, slots=True)
class ToDeclare:
    """A bid that somebody has not declared about: nothing of it but who it is from, and why to look twice."""

    reference: str
    title: str
    organisation: str
    partners: Sequence[str]
    given: bool
    why: Sequence[str]


def register_of(person_id: int | None) -> Sequence[RegisteredInterest]:
    """A person's register, what holds before what was ended."""
    return db.session.scalars(
        select(RegisteredInterest)
        .where(RegisteredInterest.person_id == person_id)
        .order_by(RegisteredInterest.ended_at.is_not(None), RegisteredInterest.entered_at.desc(), RegisteredInterest.id)
    ).all()


def entry_of(actor: Actor, number: int) -> RegisteredInterest | None:
    """A line of the actor's own register."""
    found = db.session.get(RegisteredInterest, number)
    return found if found is not None and found.person_id == actor.id else None


def to_declare_count(actor: Actor) -> int:
    """How many bids the actor has not declared about."""
    return db.session.scalar(select(func.count()).select_from(_open(actor, Submission.id).subquery())) or 0


def to_declare(actor: Actor, today: date, limit: int, offset: int = 0) -> list[ToDeclare]:
    """The bids that the actor has not declared about, those given to them first; with what their register suggests."""
    given = _given(actor)
    rows = db.session.execute(
        _open(actor, Submission, given.label("given"))
        .order_by(given.desc(), Submission.received_at, Submission.id)
        .options(joinedload(Submission.organisation))
        .limit(limit)
        .offset(offset)
    ).all()
    register = [Entry(each.kind.value, each.name, each.number, each.expires_on) for each in _live(actor.id)]
    places = _postcodes([each for each, _given_to in rows]) if register else {}
    return [
        ToDeclare(
            reference=each.reference,
            title=each.title,
            organisation=each.organisation.name,
            partners=[partner["name"] for partner in each.content["partners"]],
            given=bool(given_to),
            why=suggestions(register, parties_of(each, places), today),
        )
        for each, given_to in rows
    ]


def why_look_twice(actor: Actor, submission: Submission, today: date) -> list[str]:
    """The same for one bid."""
    register = [Entry(each.kind.value, each.name, each.number, each.expires_on) for each in _live(actor.id)]
    places = _postcodes([submission]) if register else {}
    return suggestions(register, parties_of(submission, places), today)


def parties_of(submission: Submission, postcodes: dict[str, str]) -> list[Party]:
    """The groups of a bid as plain values; postcodes by registered number."""
    sent = submission.content
    group, contact = sent["organisation"], sent["contact"]["name"]
    numbers = [number for number in (group["charity_number"], group["company_number"]) if number]
    lead = Party(group["name"], numbers, [contact] if contact else [], _found(numbers, postcodes))
    partners = [
        Party(each["name"], [each["number"]] if each["number"] else [], (), _found([each["number"]], postcodes))
        for each in sent["partners"]
    ]
    return [lead, *partners]


def _found(numbers: Iterable[str], postcodes: dict[str, str]) -> list[str]:
    return [postcodes[number] for number in numbers if number in postcodes]


def _postcodes(bids: Iterable[Submission]) -> dict[str, str]:
    """The registered addresses of all groups of these bids, in one query."""
    charities: set[str] = set()
    companies: set[str] = set()
    for each in bids:
        group, partners = each.content["organisation"], {partner["number"] for partner in each.content["partners"]}
        charities |= {group["charity_number"] or "", *partners}
        companies |= {group["company_number"] or "", *partners}
    rows = db.session.execute(
        select(RegisterEntry.number, RegisterEntry.postcode).where(
            RegisterEntry.postcode != "",
            and_(RegisterEntry.kind == RegisterKind.CHARITY, RegisterEntry.number.in_(charities))
            | and_(RegisterEntry.kind == RegisterKind.COMPANY, RegisterEntry.number.in_(companies)),
        )
    )
    return dict(rows.all())


def _live(person_id: int | None) -> Sequence[RegisteredInterest]:
    return db.session.scalars(
        select(RegisteredInterest)
        .where(RegisteredInterest.person_id == person_id, RegisteredInterest.ended_at.is_(None))
        .order_by(RegisteredInterest.id)
    ).all()


def _given(actor: Actor) -> Any:
    return exists().where(Allocation.submission_id == Submission.id, Allocation.person_id == actor.id)


def _open(actor: Actor, *columns: Any) -> Select[Any]:
    """Standing bids without a result that the actor may declare about, and has not under any version of theirs."""
    declared = (
        select(Submission.reference)
        .join(Interest, Interest.submission_id == Submission.id)
        .where(Interest.person_id == actor.id)
    )
    return (
        select(*columns)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.state.in_(STANDING), is_last(), Submission.reference.not_in(declared))
        .where(~exists().where(Result.submission_id == Submission.id))
        .where(reach(actor, Action.INTEREST_DECLARE, Submission.reference))
    )
