"""What whoever runs a round has to know now, counted in one query; nothing of what is barred to them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import queries as assessment
from spatc_funds.assessment.models import Allocation, Assessment, Result
from spatc_funds.db.base import db
from spatc_funds.funds.models import Round
from spatc_funds.home import bid_terms
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import AssessmentState


@dataclass(frozen=True, slots=True)
class Alert:
    """So many bids of one kind; ``search`` finds them in the bid list."""

    count: int
    words: str
    search: str


def alerts_of(actor: Actor, today: date) -> list[Alert]:
    """The alerts that are not empty, the gravest first."""
    kinds: list[tuple[str, str, str, ColumnElement[bool]]] = [
        (
            "bid lost scores of somebody who declared an interest late",
            "bids lost scores of somebody who declared an interest late",
            "flag:late",
            bid_terms.FLAG["late"](actor),
        ),
        ("bid has too few assessors", "bids have too few assessors", "flag:short", bid_terms.FLAG["short"](actor)),
        ("bid is late to be scored", "bids are late to be scored", "unscored:any", _overdue(today)),
        (
            "bid has a spread above what its round allows",
            "bids have a spread above what their round allows",
            "flag:wide -status:settled -status:recommended -status:funded -status:declined",
            and_(bid_terms.FLAG["wide"](actor), _live()),
        ),
        ("bid waits to be settled", "bids wait to be settled", "status:scored", bid_terms.STATUS["scored"]()),
    ]
    columns = [_count(actor, clause).label(f"n{place}") for place, (*_words, clause) in enumerate(kinds)]
    counts = db.session.execute(select(*columns)).one()
    return [
        Alert(count, one if count == 1 else many, search)
        for count, (one, many, search, _clause) in zip(counts, kinds, strict=True)
        if count
    ]


def _count(actor: Actor, clause: ColumnElement[bool]) -> Any:
    return (
        select(func.count())
        .select_from(Submission)
        .where(~bid_terms.STATUS["withdrawn"](), assessment.visible(actor), clause)
        .scalar_subquery()
    )


def _live() -> ColumnElement[bool]:
    return ~exists().where(Result.submission_id == Submission.id)


def _overdue(today: date) -> ColumnElement[bool]:
    """Given to somebody whose sheet is not final, and the day by which it had to be has gone."""
    final = exists().where(
        Assessment.submission_id == Allocation.submission_id,
        Assessment.person_id == Allocation.person_id,
        Assessment.state == AssessmentState.FINAL,
    )
    waiting = exists().where(Allocation.submission_id == Submission.id, ~final, ~assessment.barring(Allocation))
    gone = exists().where(Round.id == Submission.round_id, Round.assess_by < today)
    return and_(waiting, gone, _live())
