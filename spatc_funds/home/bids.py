"""What the bid list shows beside each bid: where it stands, its marks, its labels. A fixed number of queries a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import case, select

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import visible
from spatc_funds.assessment import queries as assessment
from spatc_funds.assessment.models import Assessment, BidTag
from spatc_funds.assessment.scoring import shown
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.home import bid_terms
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide
from spatc_funds.policy.states import AssessmentState

STATUS_WORDS = {
    "waiting": "Waiting for assessors",
    "assessing": "In assessment",
    "scored": "Every sheet is final",
    "settled": "Result settled",
    "recommended": "Recommended",
    "funded": "Funded",
    "declined": "Not funded",
    "withdrawn": "Withdrawn",
}
LIVE = frozenset(STATUS_WORDS[each] for each in ("waiting", "assessing", "scored"))  # without a result yet
# What is asked first: a decided bid has a result too.
IN_TURN = ("withdrawn", "funded", "declined", "recommended", "settled", "scored", "assessing", "waiting")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown of one bid; marks are in millionths, those of final sheets in the order they became so."""

    status: str = ""
    mark: int | None = None
    spread: int | None = None
    sheets: Sequence[int] = ()
    tags: Sequence[str] = field(default=())

    @property
    def mark_shown(self) -> str:
        """The mark with one decimal; empty where there is none."""
        return "" if self.mark is None else shown(exact(self.mark))


NOTHING = Facts()
MOST_AT_ONCE = 2_000


def exact(micro: int) -> Fraction:
    """A mark in 0 to 100 from millionths."""
    return Fraction(micro, bid_terms.MICRO)


def labels(actor: Actor) -> Sequence[str]:
    """Every label in use on a bid that the actor may see, by name."""
    used = select(BidTag.tag).join(Submission, Submission.id == BidTag.submission_id).where(visible(actor))
    return db.session.scalars(used.distinct().order_by(BidTag.tag)).all()


def labelled(ids: Collection[int], label: str) -> frozenset[int]:
    """Which of these submissions have the label already."""
    wanted = select(BidTag.submission_id).where(BidTag.submission_id.in_(ids), BidTag.tag == folded(label))
    return frozenset(db.session.scalars(wanted))


def facts_of(actor: Actor, ids: Collection[int]) -> Mapping[int, Facts]:
    """The facts of these submissions, by id, as far as they are open to the actor."""
    results = decide(actor, Action.RESULT_LIST).allowed
    sheets = _sheets(actor, ids) if results else {}
    tags = _tags(ids) if results else {}
    status = case(*((bid_terms.STATUS[word](), word) for word in IN_TURN), else_="").label("status")
    columns: list[Any] = [Submission.id, status]
    if results:
        columns += [bid_terms.mean_mark(actor).label("mark"), bid_terms.spread(actor).label("spread")]
    rows = db.session.execute(select(*columns).where(Submission.id.in_(ids)))
    return {
        row.id: Facts(
            status=STATUS_WORDS.get(row.status, ""),
            mark=_whole(row.mark) if results else None,
            spread=_whole(row.spread) if results else None,
            sheets=sheets.get(row.id, ()),
            tags=tags.get(row.id, ()),
        )
        for row in rows
    }


def _whole(figure: Any) -> int | None:
    """The databases' means are of different kinds."""
    return None if figure is None else round(figure)


def _sheets(actor: Actor, ids: Collection[int]) -> dict[int, list[int]]:
    rows = db.session.execute(
        select(Assessment.submission_id, Assessment.mark_micro)
        .join(Submission, Submission.id == Assessment.submission_id)
        .where(Assessment.submission_id.in_(ids), Assessment.state == AssessmentState.FINAL)
        .where(Assessment.body_id.is_(None), ~assessment.barring(Assessment), ~assessment.own_open(actor))
        .order_by(Assessment.final_at, Assessment.id)
    )
    found: dict[int, list[int]] = {}
    for submission_id, mark in rows:
        found.setdefault(submission_id, []).append(mark or 0)
    return found


def _tags(ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = select(BidTag.submission_id, BidTag.tag).where(BidTag.submission_id.in_(ids)).order_by(BidTag.tag)
    for submission_id, tag in db.session.execute(rows):
        found.setdefault(submission_id, []).append(tag)
    return found
