"""Everything of one bid for its workspace: each part only as far as whoever asks may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.accounts.queries import names_of
from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import versions_of
from spatc_funds.applications.queries import visible as visible_bids
from spatc_funds.assessment import progress
from spatc_funds.assessment import queries as assessment
from spatc_funds.assessment.advising import BodyShown, advice_shown
from spatc_funds.assessment.breakdown import SheetShown
from spatc_funds.assessment.readiness import Readiness
from spatc_funds.audit.queries import history
from spatc_funds.audit.sentences import SENTENCES, sentence
from spatc_funds.awards.models import AmountRule, Award
from spatc_funds.awards.queries import visible as visible_awards
from spatc_funds.core.clock import london_day
from spatc_funds.correspondence.queries import messages_about
from spatc_funds.db.base import db
from spatc_funds.home import subsidy
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide
from spatc_funds.policy.states import AssessmentState, AwardState, ReturnState
from spatc_funds.returns.due import standing
from spatc_funds.returns.queries import Owed, owed_by

MOST_EVENTS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bid stands in the list that it was opened from; 0 when it is not in it."""

    number: int
    of: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: what was done, by whom where that may be known, when, and how often in a row."""

    words: str
    who: str
    at: datetime
    times: int
    reason: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The final sheets without names, how far the bid is, and who has it (for those who give bids)."""

    sheets: Sequence[SheetShown]
    readiness: Readiness
    people: Sequence[str]
    settled_at: datetime | None
    hidden: bool  # others' scores, till one's own are final
    bodies: Sequence[BodyShown]


@dataclass(frozen=True, slots=True)
class PastAward:
    """An award of the same organisation, with its returns as far as they are owed."""

    award: Award
    accepted: int
    owed: int
    late: int


def place_in(references: Sequence[str], reference: str) -> Place:
    """The place of a bid in a list of references, with its neighbours."""
    if reference not in references:
        return Place(0, len(references), "", "")
    here = references.index(reference)
    before = references[here - 1] if here else ""
    after = references[here + 1] if here + 1 < len(references) else ""
    return Place(here + 1, len(references), before, after)


def of_bid(actor: Actor, submission: Submission, at: datetime) -> dict[str, Any]:
    """The parts of the page, by the names that its template uses; None for what is not open to the actor."""
    today = london_day(at)
    may = {
        act: decide(actor, act, None).allowed
        for act in (Action.RESULT_LIST, Action.MESSAGE_LIST, Action.AWARD_LIST, Action.ASSESSMENT_ALLOCATE)
    }
    awards = past_awards(actor, submission, today) if may[Action.AWARD_LIST] else None
    return {
        "versions": versions_of(submission.application),
        "mine": _mine(actor, submission),
        "scores": _scores(actor, submission, names=may[Action.ASSESSMENT_ALLOCATE])
        if may[Action.RESULT_LIST]
        else None,
        "events": events(submission.reference, names=may[Action.ASSESSMENT_ALLOCATE])
        if may[Action.RESULT_LIST]
        else None,
        "messages": messages_about(submission.reference) if may[Action.MESSAGE_LIST] else None,
        "may_write": decide(actor, Action.MESSAGE_ANSWER, submission.subject).allowed,
        "others": other_bids(actor, submission),
        "awards": awards,
        "subsidy": _subsidy([each.award for each in awards], today) if awards is not None else None,
        "limit_pence": subsidy.LIMIT_PENCE,
    }


def events(reference: str, *, names: bool) -> list[Event]:
    """What was done with a bid, newest first; the same act by the same person in a row stands once."""
    entries = [each for each in history(reference) if each.action in SENTENCES]
    known = names_of({each.actor_id for each in entries if each.actor_id is not None}) if names else {}
    found = []
    for _key, group in groupby(entries, key=lambda each: (each.actor_id, each.action)):
        rows = list(group)
        last = rows[-1]
        who = known.get(last.actor_id or 0, "" if last.actor_id else "The service")
        found.append(Event(sentence(last.action), who, last.at, len(rows), last.reason))
    return found[::-1][:MOST_EVENTS]


def other_bids(actor: Actor, submission: Submission) -> Sequence[Submission]:
    """The same organisation's other bids, newest first."""
    return db.session.scalars(
        select(Submission)
        .where(Submission.organisation_id == submission.organisation_id, visible_bids(actor))
        .where(Submission.reference != submission.reference)
        .order_by(Submission.received_at.desc(), Submission.id.desc())
        .options(joinedload(Submission.round), joinedload(Submission.pot))
        .limit(MOST_EVENTS)
    ).all()


def past_awards(actor: Actor, submission: Submission, today: date) -> list[PastAward]:
    """The awards of the organisation that bids, other than for this bid, newest first."""
    found = db.session.scalars(
        select(Award)
        .where(Award.organisation_id == submission.organisation_id, visible_awards(actor))
        .where(Award.state != AwardState.DECLINED, Award.reference != submission.reference)
        .order_by(Award.awarded_on.desc().nulls_last(), Award.id.desc())
        .options(selectinload(Award.expected_returns), joinedload(Award.round))
    ).all()
    owed = owed_by(found)
    return [_past(each, owed.get(each.id, []), today) for each in found]


def _past(award: Award, owed: Sequence[Owed], today: date) -> PastAward:
    late = sum(standing(each.state, each.expected.due_on, today) == "late" for each in owed)
    return PastAward(award, sum(each.state is ReturnState.ACCEPTED for each in owed), len(owed), late)


def _subsidy(awards: Sequence[Award], today: date) -> subsidy.Subsidy:
    given = [
        subsidy.Given(each.amount_pence if each.amount_rule is AmountRule.EXACT else None, each.awarded_on)
        for each in awards
    ]
    return subsidy.three_years(given, today)


def _mine(actor: Actor, submission: Submission) -> str:
    """What whoever asks has to do with its scores, in words; empty when nothing."""
    if submission.reference not in actor.assigned:
        return ""
    sheet = assessment.sheet_of(submission.id, actor.id)
    if sheet is None:
        return "Score it"
    return "See your scores" if sheet.state is AssessmentState.FINAL else "Go on scoring"


def _scores(actor: Actor, submission: Submission, *, names: bool) -> Scores:
    given, result = assessment.assessors(submission.id), assessment.result_of(submission.id)
    final = assessment.final_sheets(submission.id)
    own = assessment.sheet_of(submission.id, actor.id)
    to_score = submission.reference in actor.allocated and (own is None or own.state is not AssessmentState.FINAL)
    return Scores(
        sheets=[] if to_score else [progress.sheet_shown(each, submission.round) for each in final],
        readiness=Readiness(submission.round.assessors_needed, len(given), len(final)),
        people=[each.name for each in given] if names else [],
        settled_at=result.settled_at if result else None,
        hidden=to_score,
        bodies=[] if to_score else advice_shown(actor, submission),
    )
