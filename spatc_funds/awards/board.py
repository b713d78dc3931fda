"""Reading what lies before the board and before whoever decides: bids in order of their marks, and the pots' money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment.assurances import concerns
from spatc_funds.assessment.models import Result
from spatc_funds.assessment.scoring import shown
from spatc_funds.awards import queries
from spatc_funds.awards.models import Decision, Recommendation
from spatc_funds.awards.portfolio import Running, free_pence, running
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Pot, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, ApplicationState


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One settled bid before the board: its mark as shown, and the pot if it and all above it were awarded."""

    submission: Submission
    mark: str
    lowest_pence: int | None
    recommendation: Recommendation | None
    running: Running


@dataclass(frozen=True, slots=True)
class PotBoard:
    """One pot before the board."""

    pot: Pot
    round: Round
    free_pence: int | None
    lines: Sequence[BoardLine]


def board(actor: Actor) -> list[PotBoard]:
    """Every pot with settled bids that are not decided, the best mark first.

    A bid counts with what the board recommended, and with what was asked while it has not.
    """
    rows = db.session.execute(
        select(Submission, Result, Recommendation)
        .join(Result, Result.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .join(Pot, Pot.id == Submission.pot_id)
        .outerjoin(Recommendation, Recommendation.submission_id == Submission.id)
        .outerjoin(Decision, Decision.submission_id == Submission.id)
        .where(Decision.id.is_(None), Application.state.in_(STANDING))
        .where(reach(actor, Action.RECOMMENDATION_LIST, Submission.reference))
        .order_by(Pot.round_id, Pot.position, Result.mark_micro.desc(), Submission.received_at, Submission.id)
        .options(*queries.LISTED, joinedload(Submission.round).joinedload(Round.fund))
    )
    pots = groupby(rows, key=lambda row: row[0].pot)
    return [_pot_board(pot, list(found)) for pot, found in pots]


def decided(actor: Actor, limit: int) -> Sequence[Decision]:
    """Decisions, the newest first."""
    return db.session.scalars(
        select(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(reach(actor, Action.DECISION_LIST, Submission.reference))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .options(joinedload(Decision.submission).options(*queries.LISTED), joinedload(Decision.decided_by))
        .limit(limit)
    ).all()


def facing(actor: Actor, found: queries.Bid, today: date) -> dict[str, Any]:
    """What whoever recommends or decides has before them, for the page."""
    submission, pot = found.submission, found.submission.pot
    return {
        "bid": found,
        "submission": submission,
        "withdrawn": submission.application.state is ApplicationState.WITHDRAWN,
        "mark": shown(found.result.mark) if found.result else "",
        "concerns": concerns(actor, submission, today),
        "lowest_pence": submission.content["lowest_pence"],
        "limit_pence": pot.limit_pence,
        "awarded_pence": pot.awarded_pence,
        "free_pence": free_pence(pot.limit_pence, pot.awarded_pence),
    }


def _pot_board(pot: Pot, rows: Sequence[tuple[Submission, Result, Recommendation | None]]) -> PotBoard:
    counted = [
        submission.asked_pence if recommendation is None else recommendation.amount_pence or 0
        for submission, _result, recommendation in rows
    ]
    stands = running(counted, limit_pence=pot.limit_pence, awarded_pence=pot.awarded_pence)
    return PotBoard(
        pot,
        rows[0][0].round,
        free_pence(pot.limit_pence, pot.awarded_pence),
        [
            BoardLine(submission, shown(result.mark), submission.content["lowest_pence"], recommendation, stand)
            for (submission, result, recommendation), stand in zip(rows, stands, strict=True)
        ],
    )
