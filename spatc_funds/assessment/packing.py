"""What goes into a person's file of scores, and saving what comes back: all of it, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last
from spatc_funds.assessment import operations
from spatc_funds.assessment.models import Allocation, Assessment, Calibration, CalibrationBid, Result
from spatc_funds.assessment.operations import Given
from spatc_funds.assessment.pack import AnswerRow, Pack, SheetRow
from spatc_funds.assessment.pack_reading import Change
from spatc_funds.assessment.queries import criteria_of
from spatc_funds.core.money import format_pounds
from spatc_funds.core.problems import ChangedError, IllegalMoveError
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.db.session import entry_of_its_own
from spatc_funds.funds.models import Criterion, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState

FINGERPRINT = 12  # of the hash of what was sent
Found = tuple[Submission, Allocation, Assessment | None]


def rows_of(actor: Actor) -> list[SheetRow]:
    """The rows of a person's file as their sheets are now."""
    return [row for found in _to_score(actor) for row in _sheet_rows(*found)]


def pack_of(actor: Actor) -> Pack:
    """All of the file."""
    found = _to_score(actor)
    rounds = {bid.round_id: bid.round for bid, _given, _sheet in found}
    return Pack(
        [row for each in found for row in _sheet_rows(*each)],
        [row for bid, given, _sheet in found for row in _answers(bid, criteria_of(bid.round, given.body))],
        [_anchors(asked, criterion) for asked in rounds.values() for criterion in asked.criteria],
    )


def save(actor: Actor, changes: Sequence[Change], at: datetime) -> int:
    """Save what a file changes, each sheet at the version that it began from; how many bids.

    Raises ChangedError or IllegalMoveError that names the bid; the unit of work then keeps nothing of it.
    """
    by_bid: dict[str, list[Change]] = {}
    for each in changes:
        by_bid.setdefault(each.now.reference, []).append(each)
    bids = db.session.scalars(
        select(Submission)
        .where(Submission.reference.in_(by_bid), is_last())
        .order_by(Submission.id)  # everybody locks in one order
        .options(joinedload(Submission.application), joinedload(Submission.round).selectinload(Round.criteria))
    ).all()
    for bid in bids:
        mine = by_bid[bid.reference]
        scores = {each.now.key: Given(each.value, each.reason, each.note, each.feedback) for each in mine}
        try:
            with entry_of_its_own(bid.reference):
                operations.save_scores(actor, bid, scores, at, version=mine[0].now.version)
        except ChangedError as error:
            raise ChangedError(f"{bid.reference}: {error}") from error
        except IllegalMoveError as error:
            raise IllegalMoveError(f"{bid.reference}: {error}") from error
    return len(bids)


def _to_score(actor: Actor) -> list[Found]:
    """Bids in the person's queue that they may score now: declared, not barred, not final, not kept back."""
    waits = exists().where(Calibration.round_id == Submission.round_id, Calibration.closed_at.is_(None))
    first = exists().where(CalibrationBid.submission_id == Submission.id)
    sheet = and_(Assessment.submission_id == Submission.id, Assessment.person_id == Allocation.person_id)
    rows = db.session.execute(
        select(Submission, Allocation, Assessment)
        .join(Allocation, Allocation.submission_id == Submission.id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Assessment, sheet)
        .where(Allocation.person_id == actor.id, Application.state.in_(STANDING), is_last())
        .where(reach(actor, Action.ASSESSMENT_SCORE, Submission.reference))
        .where(or_(Assessment.id.is_(None), Assessment.state == AssessmentState.STARTED))
        .where(~exists().where(Result.submission_id == Submission.id), or_(~waits, first))
        .order_by(Submission.reference)
        .options(
            joinedload(Submission.round).options(
                selectinload(Round.criteria).selectinload(Criterion.anchors), selectinload(Round.questions)
            ),
            joinedload(Allocation.body),
            selectinload(Assessment.scores),
        )
        .execution_options(populate_existing=True)
    )
    return [(bid, given, scored) for bid, given, scored in rows]


def _sheet_rows(bid: Submission, given: Allocation, sheet: Assessment | None) -> list[SheetRow]:
    held = {score.criterion_id: score for score in sheet.scores} if sheet else {}
    found = []
    for criterion in criteria_of(bid.round, given.body):
        score = held.get(criterion.id)
        found.append(
            SheetRow(
                bid.reference,
                bid.title,
                criterion.key,
                criterion.name,
                criterion.weight,
                bid.round.scale_maximum,
                given.body is None or given.body.gives_scores,
                sheet.version if sheet else 0,
                bid.sha256[:FINGERPRINT],
                score.value if score else None,
                score.reason if score else "",
                score.feedback if score else "",
                score.note if score else "",
            )
        )
    return found


def _answers(bid: Submission, criteria: Sequence[Criterion]) -> list[AnswerRow]:
    """Summary and costs, then each criterion's answers; one that several criteria need stands under each of them."""
    answers = {each["key"]: each for each in bid.content["answers"]}
    costs = [f"{each['description']}: {format_pounds(each['amount_pence'])}" for each in bid.content["budget"]]
    found = [
        AnswerRow(bid.reference, bid.title, "All", "Summary of the project", bid.content["summary"]),
        AnswerRow(bid.reference, bid.title, "All", f"Costs: {format_pounds(bid.asked_pence)}", "\n".join(costs)),
    ]
    for criterion in criteria:
        for key in criterion.question_keys:
            if key in answers:
                said = answers[key]
                found.append(AnswerRow(bid.reference, bid.title, criterion.name, said["text"], said["answer"]))
    return found


def _anchors(asked: Round, criterion: Criterion) -> tuple[str, str]:
    points = [f"{anchor.value}: {anchor.text}" for anchor in criterion.anchors]
    words = [criterion.description, f"Score from 0 to {asked.scale_maximum}.", *points]
    return f"{criterion.name} ({asked.code})", "\n".join(filter(None, words))
