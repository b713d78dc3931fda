"""Settling results, one or those of a round. Each is called inside ``unit_of_work``."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import progress, queries, record, scoring
from spatc_funds.assessment.gathered import Advice, Gathered, gather, reason_on
from spatc_funds.assessment.models import Assessment, Result
from spatc_funds.core.problems import NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import entry_of_its_own
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit

MICRO = 1_000_000


class Preview(NamedTuple):
    """A result before it is settled: mark and spread as shown (empty while nobody is final).

    ``advisers`` counts those who have not finished: nobody waits for them unless their body's scores are a part.
    """

    mark: str
    spread: str
    advisers: int


def settle(actor: Actor, submission: Submission, at: datetime, *, with_spread: bool = False) -> Result:
    """Settle the result from what is final; it is frozen. Raises NotReadyError with what is missing.

    A spread above the round's threshold has to be moderated, or settled ``with_spread``: whoever settles has said so.
    Settled already, it gives that result again.
    """
    permit(actor, Action.RESULT_SETTLE, submission.subject)
    queries.lock(submission)
    known = queries.result_of(submission.id)
    if known:
        return known
    queries.refuse_unless_assessed(submission)
    (found,) = gather([submission])
    if problem := _in_the_way(actor, found, with_spread=with_spread):
        raise NotReadyError([Problem("result", "sheets", problem)])
    return _settled(actor, found, at)


def settle_round(actor: Actor, asked: Round, at: datetime, with_spread: Collection[str] = ()) -> list[Result]:
    """Settle every bid of a round that waits and is not barred to the actor: all of them, or none.

    ``with_spread`` holds the references of bids that are settled with a wide spread. Raises NotReadyError with what
    each bid lacks. Each result has a log entry of its own. Where nothing waits, nothing happens.
    """
    permit(actor, Action.RESULT_SETTLE)
    for submission in sorted(progress.waiting_of(actor, asked), key=lambda each: each.id):
        permit(actor, Action.RESULT_SETTLE, submission.subject)
        queries.lock(submission)
    every = gather(progress.waiting_of(actor, asked))  # as they are now that nobody else can settle or change them
    problems = {
        each.submission.reference: _in_the_way(actor, each, with_spread=each.submission.reference in with_spread)
        for each in every
    }
    if found := [Problem("result", "with_spread", f"{key}: {words}") for key, words in problems.items() if words]:
        raise NotReadyError(found)
    results = []
    for each in every:
        with entry_of_its_own(each.submission.reference):
            results.append(_settled(actor, each, at))
    return results


def _in_the_way(actor: Actor, found: Gathered, *, with_spread: bool) -> str:
    """Why a bid cannot be settled by whoever asks, in words; empty when it can."""
    if actor.id in queries.scorers(found.submission.id):
        return "you scored this bid, so another officer has to settle it"
    readiness = found.readiness()
    if readiness.asks and not with_spread:
        return "the spread asks for moderation, or has to be accepted"
    return readiness.missing()


def preview(found: Gathered) -> Preview:
    """What a bid's result would be now."""
    if not found.sheets:
        return Preview("", "", 0)
    asked = found.asked
    mark = record.whole_mark(queries.weights(asked), found.recorded(), found.bodies(), asked.scale_maximum)
    return Preview(scoring.shown(mark), scoring.shown(found.spread()), queries.open_advice(found.submission.id))


def _settled(actor: Actor, found: Gathered, at: datetime) -> Result:
    content, asked = _content(found), found.asked
    mark = record.whole_mark(queries.weights(asked), found.recorded(), found.bodies(), asked.scale_maximum)
    content = {"mark": str(mark), **content}
    result = Result(
        submission_id=found.submission.id,
        mark_text=str(mark),
        mark_micro=round(mark * MICRO),
        spread_micro=round(found.spread() * MICRO),
        content=content,
        sha256=content_hash(content),
        settled_at=at,
        settled_by_id=actor.id,
    )
    db.session.add(result)
    db.session.flush()
    return result


def _content(found: Gathered) -> dict[str, Any]:
    """What the result is made of, in words and exact figures: it has to be read without the rows it came from."""
    asked, submission = found.asked, found.submission
    weights, counted = queries.weights(asked), found.recorded()
    scores = [queries.scores_of(sheet, asked) for sheet in found.sheets]
    return {
        "reference": submission.reference,
        "submission_sha256": submission.sha256,
        "weights": weights,
        "scale_maximum": asked.scale_maximum,
        "criteria": {
            key: str(mean) for key, mean in scoring.criterion_means(weights, scores, asked.scale_maximum).items()
        },
        "moderated": {each.criterion.key: {"value": each.value, "reason": each.reason} for each in found.moderated},
        "record": {key: str(score) for key, score in counted.items()},
        "sheets": [
            {"person": sheet.person_id, "scores": each, "mark": str(own), "reasons": _reasons(sheet, asked)}
            for sheet, each, own in zip(found.sheets, scores, found.marks(), strict=True)
        ],
        "bodies": [_body(each, asked) for each in found.advice],
        "with_spread": found.readiness().wide,  # whoever settled it has accepted that
        "feedback": found.told(),
        "standards": found.standards(),
    }


def _body(advice: Advice, asked: Round) -> dict[str, Any]:
    """A body with its mark, None while it gave no scores, and its advisers' words by criterion, without their names."""
    means = advice.means(asked)
    return {
        "key": advice.body.key,
        "name": advice.body.name,
        "weight": advice.body.weight,
        "mark": str(record.body_mark(queries.weights(asked), means, asked.scale_maximum)) if means else None,
        "criteria": {key: str(mean) for key, mean in means.items()},
        "comments": {
            each.key: [text for sheet in advice.sheets if (text := reason_on(sheet, each))] for each in advice.criteria
        },
    }


def _reasons(sheet: Assessment, asked: Round) -> dict[str, str]:
    return {each.key: reason_on(sheet, each) for each in asked.criteria}
