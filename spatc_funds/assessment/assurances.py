"""Reading what officers have made sure of: checks of due diligence, likenesses of text, places in the plan, labels."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from spatc_funds.applications.difference import Piece
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last
from spatc_funds.assessment import diligence, likeness, place_in_plan, queries
from spatc_funds.assessment.models import BidTag, DiligenceCheck, Likeness, Outcome, TagAssurance, TextMatch
from spatc_funds.core.clock import london_day
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING

COMPARED = "same-text"  # under this key it is kept that a bid was compared with the others; no pot asks it
NEVER = "never"  # what a page says of a row that was not there when it was made
AT_ONCE = 500  # bids whose answers are read at a time
MOST_SHOWN = 30
FEW = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A pass of another bid of the same group that still holds."""

    reference: str
    done: diligence.Done


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A check as its page shows it; ``seen`` is the row as the page was made, told by when it was saved."""

    line: diligence.Line
    done: DiligenceCheck | None
    seen: str
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Alike:
    """An answer that is much like one of another bid."""

    other_id: int
    question_key: str
    other_question_key: str
    percent: int


@dataclass(frozen=True, slots=True)
class MatchShown:
    """Two texts that are alike, this bid's first, in pieces; those marked are in both."""

    match: TextMatch
    other: Submission
    same_group: bool
    question: str
    other_question: str
    mine: Sequence[Piece]
    theirs: Sequence[Piece]
    seen: str


@dataclass(frozen=True, slots=True)
class Matches:
    """The likenesses that somebody may see, those that wait for a judgement first; ``count`` is how many there are."""

    shown: Sequence[MatchShown]
    count: int
    compared: DiligenceCheck | None


@dataclass(frozen=True, slots=True)
class Place:
    """A bid's place in the plan: what was proposed, what holds, and how they differ, in words."""

    proposed: dict[str, Any]
    tags: dict[str, Any]
    confirmed: TagAssurance | None
    differences: Sequence[str]


@dataclass(frozen=True, slots=True)
class ToAssure:
    """A bid with what is still to be made sure of."""

    bid: Submission
    lacking: Sequence[diligence.Line]
    compared: bool
    open_matches: int
    confirmed: bool

    @property
    def said(self) -> list[str]:
        """What is lacking in words: failed and expired checks by name, those not done by name while they are few."""
        not_done = [line for line in self.lacking if line.standing is diligence.Standing.NOT_DONE]
        named = self.lacking if len(not_done) <= FEW else [line for line in self.lacking if line not in not_done]
        many = [f"{len(not_done)} checks not done"] if len(not_done) > FEW else []
        return many + [f"{line.check.label}: {line.standing.value.lower()}" for line in named]


@dataclass(frozen=True, slots=True)
class RoundToAssure:
    """A round with how many of its bids are not decided, and of these were not compared."""

    code: str
    name: str
    bids: int
    not_compared: int


# -- due diligence -----------------------------------------------------------------------------------------------------


def check_of(submission_id: int, key: str) -> DiligenceCheck | None:
    """One check of a bid as it is now."""
    return db.session.scalar(
        select(DiligenceCheck)
        .where(DiligenceCheck.submission_id == submission_id, DiligenceCheck.key == key)
        .options(joinedload(DiligenceCheck.done_by))
        .execution_options(populate_existing=True)
    )


def checks_of(submission: Submission) -> list[diligence.Check]:
    """The checks that the bid's pot asks."""
    return diligence.checks_of(submission.pot.checks)


def checklist(actor: Actor, submission: Submission, today: date) -> list[CheckShown]:
    """Each check of the bid's pot; where it is not as it should be, with a pass to take over if there is one."""
    rows = {each.key: each for each in _rows([submission.id])}
    done, offered = {key: _done(row) for key, row in rows.items()}, offers(actor, submission, today)
    return [
        CheckShown(
            line,
            rows.get(line.check.key),
            seen_of(rows.get(line.check.key)),
            None if line.standing.good else offered.get(line.check.key),
        )
        for line in diligence.checklist(checks_of(submission), done, today)
    ]


def offers(actor: Actor, submission: Submission, today: date) -> dict[str, Offer]:
    """What was passed for the same group in another bid that the actor may read, and still holds; the newest by key."""
    asked = {check.key: check for check in checks_of(submission)}
    found = db.session.execute(
        select(DiligenceCheck, Submission.reference)
        .join(Submission, Submission.id == DiligenceCheck.submission_id)
        .where(Submission.organisation_id == submission.organisation_id, Submission.id != submission.id)
        .where(DiligenceCheck.key.in_(asked), DiligenceCheck.outcome == Outcome.PASSED)
        .where(reach(actor, Action.RESULT_LIST, Submission.reference))
        .order_by(DiligenceCheck.done_at, DiligenceCheck.submission_id)
        .options(joinedload(DiligenceCheck.done_by))
    )
    held = {
        row.key: Offer(reference, here)
        for row, reference in found
        if (here := diligence.holds_here(asked[row.key], _done(row), today))
    }
    return dict(held)


def seen_of(row: DiligenceCheck | TextMatch | TagAssurance | None) -> str:
    """What a page's form says of the row that it was made from."""
    if isinstance(row, DiligenceCheck):
        return row.done_at.isoformat()
    if isinstance(row, TagAssurance):
        return row.confirmed_at.isoformat()
    return row.judged_at.isoformat() if row is not None and row.judged_at else NEVER


# -- the same text -----------------------------------------------------------------------------------------------------


def alike(bids: Sequence[Submission]) -> dict[int, list[Alike]]:
    """The answers of these bids that are much like one of another bid, by submission.

    Every other bid counts, of all rounds, of the same group too, withdrawn or not; of each the last version. They are
    read once for all the bids that are asked about.
    """
    mine = [(bid, each["key"], likeness.text_of(each["answer"])) for bid in bids for each in bid.content["answers"]]
    found: dict[int, list[Alike]] = {bid.id: [] for bid in bids}
    rows = db.session.execute(
        select(Submission.id, Submission.reference, Submission.content["answers"])
        .where(is_last())
        .order_by(Submission.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for chunk in rows.partitions():
        others = [(number, reference, each) for number, reference, answers in chunk for each in answers]
        texts = [likeness.text_of(each["answer"]) for _number, _reference, each in others]
        for bid, key, text in mine:
            for place, percent in likeness.alike(text, texts):
                number, reference, each = others[place]
                if reference != bid.reference:
                    found[bid.id].append(Alike(number, key, each["key"], percent))
    return found


def known_pairs(submission_id: int) -> set[tuple[int, str, str]]:
    """Likenesses of a bid that are kept already, whichever of the two was compared: the other, and both questions."""
    rows = db.session.scalars(
        select(TextMatch).where(or_(TextMatch.submission_id == submission_id, TextMatch.other_id == submission_id))
    )
    return {
        (row.other_id, row.question_key, row.other_question_key)
        if row.submission_id == submission_id
        else (row.submission_id, row.other_question_key, row.question_key)
        for row in rows
    }


def matches(actor: Actor, submission: Submission) -> Matches:
    """The likenesses of one bid with bids that the actor may read."""
    rows = db.session.scalars(
        select(TextMatch)
        .where(_of([submission.id]), _readable(actor))
        .order_by(TextMatch.judged != Likeness.OPEN, TextMatch.percent.desc(), TextMatch.id)
        .options(
            joinedload(TextMatch.submission).joinedload(Submission.organisation),
            joinedload(TextMatch.other).joinedload(Submission.organisation),
        )
    ).all()
    return Matches([_shown(row, submission) for row in rows[:MOST_SHOWN]], len(rows), check_of(submission.id, COMPARED))


def concerns(actor: Actor, submission: Submission, today: date) -> list[str]:
    """What the board and whoever decides should know: checks that are not passed, concerns about texts, the plan.

    A likeness with a bid that the actor may not read is not among them.
    """
    done = {each.key: _done(each) for each in _rows([submission.id])}
    found = [f"{each.check.label}: {each.words}" for each in diligence.lacking(checks_of(submission), done, today)]
    alike_ = select(func.count()).where(_of([submission.id]), _readable(actor), TextMatch.judged == Likeness.CONCERN)
    if count := db.session.scalar(alike_):
        found.append(f"{count_of(count, 'answer')} much like another bid’s, and a concern")
    result = queries.result_of(submission.id)
    if result is not None and queries.is_doubted(submission, result):
        found.append("Somebody whose scores are in its result declared an interest later, or joined the group")
    if assurance_of(submission.id) is None:
        found.append("Its place in the plan is not confirmed")
    return found


def match_by_id(actor: Actor, submission: Submission, number: int) -> TextMatch | None:
    """One likeness of a bid, as it is now, if the actor may read both."""
    return db.session.scalar(
        select(TextMatch)
        .where(TextMatch.id == number, _of([submission.id]), _readable(actor))
        .execution_options(populate_existing=True)
    )


def not_compared(actor: Actor, code: str, limit: int) -> Sequence[Submission]:
    """Bids of a round that are not decided and were never compared, the oldest first."""
    return db.session.scalars(
        _undecided(actor, code, Submission).where(~_is_compared()).order_by(Submission.id).limit(limit)
    ).all()


# -- the place in the plan ---------------------------------------------------------------------------------------------


def assurance_of(submission_id: int) -> TagAssurance | None:
    """The confirmed place of a bid, as it is now."""
    return db.session.scalar(
        select(TagAssurance)
        .where(TagAssurance.submission_id == submission_id)
        .options(joinedload(TagAssurance.confirmed_by))
        .execution_options(populate_existing=True)
    )


def assured_tags(submission: Submission) -> dict[str, Any]:
    """The tags that an officer confirmed or changed, in the shape of the sent content's; nothing where none did."""
    found = assurance_of(submission.id)
    return dict(found.tags) if found else {}


def place_of(submission: Submission) -> Place:
    """A bid's place in the plan."""
    found, proposed = assurance_of(submission.id), place_in_plan.tags_in(submission.content)
    tags = proposed | dict(found.tags) if found else proposed
    return Place(proposed, tags, found, place_in_plan.differences(proposed, tags))


# -- labels ------------------------------------------------------------------------------------------------------------


def labels_of(submission_id: int) -> Sequence[str]:
    """A bid's labels, by the alphabet."""
    return db.session.scalars(
        select(BidTag.tag).where(BidTag.submission_id == submission_id).order_by(BidTag.tag)
    ).all()


def subject_of(submissions: Sequence[Submission]) -> str:
    """What the log calls several bids at once: ``3 bids``; one alone by its reference."""
    return submissions[0].reference if len(submissions) == 1 else count_of(len(submissions), "bid")


# -- the list ----------------------------------------------------------------------------------------------------------


def rounds_to_assure(actor: Actor) -> list[RoundToAssure]:
    """The rounds with bids that are not decided yet, each with how many were not compared."""
    bids = _undecided(actor, "", Submission.round_id, _is_compared().label("compared")).subquery()
    counted = (
        select(bids.c.round_id, func.count().label("bids"), func.count().filter(~bids.c.compared).label("not_compared"))
        .group_by(bids.c.round_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Round.code, Fund.name, Round.name, counted.c.bids, counted.c.not_compared)
        .join(counted, counted.c.round_id == Round.id)
        .join(Fund, Fund.id == Round.fund_id)
        .order_by(Fund.position, Round.position)
    )
    return [RoundToAssure(code, f"{fund}, {name}", bids, rest) for code, fund, name, bids, rest in rows]


def to_assure(actor: Actor, code: str, today: date, limit: int, offset: int = 0) -> list[ToAssure]:
    """Bids that are not decided, of one round or of all, each with what is still to be made sure of."""
    bids = db.session.scalars(
        _undecided(actor, code, Submission)
        .order_by(Submission.received_at, Submission.id)
        .options(joinedload(Submission.organisation), joinedload(Submission.pot))
        .limit(limit)
        .offset(offset)
    ).all()
    numbers = [bid.id for bid in bids]
    done: dict[int, dict[str, diligence.Done]] = {number: {} for number in numbers}
    for row in _rows(numbers):
        done[row.submission_id][row.key] = _done(row)
    waiting = _open_matches(actor, numbers)
    confirmed = set(
        db.session.scalars(select(TagAssurance.submission_id).where(TagAssurance.submission_id.in_(numbers)))
    )
    return [
        ToAssure(
            bid,
            diligence.lacking(checks_of(bid), done[bid.id], today),
            COMPARED in done[bid.id],
            waiting[bid.id],
            bid.id in confirmed,
        )
        for bid in bids
    ]


def _undecided(actor: Actor, code: str, *columns: Any) -> Select[Any]:
    found = (
        select(*columns)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.state.in_(STANDING), Application.closed_at.is_(None), queries.visible(actor))
    )
    return found.where(Submission.round_id.in_(select(Round.id).where(Round.code == code))) if code else found


def _is_compared() -> Any:
    return exists().where(DiligenceCheck.submission_id == Submission.id, DiligenceCheck.key == COMPARED)


def _rows(submission_ids: Collection[int]) -> Sequence[DiligenceCheck]:
    return db.session.scalars(
        select(DiligenceCheck)
        .where(DiligenceCheck.submission_id.in_(submission_ids))
        .options(joinedload(DiligenceCheck.done_by))
    ).all()


def _done(row: DiligenceCheck) -> diligence.Done:
    return diligence.Done(row.outcome.value, london_day(row.done_at), row.done_by.name, row.expires_on, row.note)


def _of(submission_ids: Collection[int]) -> Any:
    return or_(TextMatch.submission_id.in_(submission_ids), TextMatch.other_id.in_(submission_ids))


def _readable(actor: Actor) -> Any:
    """Likenesses of two bids that both stand as they were compared, and that the actor may both read."""
    mine, theirs = (
        select(Submission.id).where(queries.visible(actor), Submission.id == side)
        for side in (TextMatch.submission_id, TextMatch.other_id)
    )
    return and_(mine.exists(), theirs.exists())


def _open_matches(actor: Actor, submission_ids: Collection[int]) -> Counter[int]:
    """How many likenesses of each bid wait for a judgement."""
    rows = db.session.execute(
        select(TextMatch.submission_id, TextMatch.other_id).where(
            TextMatch.judged == Likeness.OPEN, _of(submission_ids), _readable(actor)
        )
    )
    return Counter(number for row in rows for number in row)


def _shown(row: TextMatch, submission: Submission) -> MatchShown:
    turned = row.submission_id != submission.id
    other = row.submission if turned else row.other
    key, other_key = row.question_key, row.other_question_key
    if turned:
        key, other_key = other_key, key
    question, text = _answer(submission, key)
    other_question, other_text = _answer(other, other_key)
    mine, theirs = likeness.shared(text, other_text)
    same_group = other.organisation_id == submission.organisation_id
    return MatchShown(row, other, same_group, question, other_question, mine, theirs, seen_of(row))


def _answer(submission: Submission, key: str) -> tuple[str, str]:
    """A question of the bid's round, and what it answers."""
    found = (each for each in submission.content["answers"] if each["key"] == key)
    return next(((each["text"], each["answer"]) for each in found), (key, ""))
