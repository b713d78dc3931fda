"""What a result is made of, gathered for many bids at once: sheets, moderated scores, bodies, and what is told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import queries, record, scoring
from spatc_funds.assessment.models import Allocation, Assessment, Feedback, ModeratedScore
from spatc_funds.assessment.readiness import Readiness
from spatc_funds.db.base import db
from spatc_funds.funds.models import AdvisoryBody, Criterion, Round
from spatc_funds.policy.states import AssessmentState

Asked = TypeVar("Asked", bound=Select[Any])


@dataclass(frozen=True, slots=True)
class Advice:
    """What the advisers of one body made final about a bid."""

    body: AdvisoryBody
    criteria: Sequence[Criterion]
    sheets: Sequence[Assessment]

    @property
    def counts(self) -> bool:
        """Its scores are a part of the mark."""
        return self.body.weight > 0

    def means(self, asked: Round) -> dict[str, Fraction]:
        """The mean score of each of its criteria; empty for a body that gives comments, and while nobody is final."""
        if not self.sheets or not self.body.gives_scores:
            return {}
        scores = [queries.scores_of(sheet, asked) for sheet in self.sheets]
        return scoring.criterion_means({each.key: each.weight for each in self.criteria}, scores, asked.scale_maximum)


@dataclass(frozen=True, slots=True)
class Gathered:
    """One bid with everything that its result is made of: all of it final, and none of people who are barred."""

    submission: Submission
    given: frozenset[int]  # the assessors who have it
    sheets: Sequence[Assessment]
    moderated: Sequence[ModeratedScore]
    written: dict[int, str]  # an officer's feedback, by the criterion's id
    advice: Sequence[Advice]

    @property
    def asked(self) -> Round:
        """The round, with what it asks of scores."""
        return self.submission.round

    def marks(self) -> list[Fraction]:
        """The assessors' marks, as they gave them."""
        weights, maximum = queries.weights(self.asked), self.asked.scale_maximum
        return [scoring.sheet_mark(weights, queries.scores_of(each, self.asked), maximum) for each in self.sheets]

    def spread(self) -> Fraction:
        """Highest less lowest of the assessors' marks; nothing while there is no sheet."""
        return scoring.spread(self.marks() or [Fraction(0)])

    def spread_left(self) -> Fraction:
        """How far they are apart in what nobody has moderated; nothing while there is no sheet."""
        scores = [queries.scores_of(each, self.asked) for each in self.sheets]
        weights, maximum = queries.weights(self.asked), self.asked.scale_maximum
        return record.spread_left(weights, scores, maximum, self.moderated_scores()) if scores else Fraction(0)

    def moderated_scores(self) -> dict[str, int]:
        """The moderated scores by criterion."""
        return {each.criterion.key: each.value for each in self.moderated}

    def recorded(self) -> dict[str, Fraction]:
        """What each criterion counts with. Raises scoring.IncompleteError while nobody has scored."""
        scores = [queries.scores_of(each, self.asked) for each in self.sheets]
        weights, maximum = queries.weights(self.asked), self.asked.scale_maximum
        return record.of_criteria(weights, scores, maximum, self.moderated_scores())

    def bodies(self) -> list[record.Body]:
        """The bodies whose scores are a part of the mark, and are there."""
        return bodies_counting(self.advice, self.asked)

    def assessors_words(self) -> dict[str, str]:
        """What the assessors wrote for the group, by criterion; empty where none of them has written anything."""
        held = [{score.criterion_id: score.feedback for score in sheet.scores} for sheet in self.sheets]
        return {each.key: record.told("", [sheet.get(each.id, "") for sheet in held]) for each in self.asked.criteria}

    def told(self) -> dict[str, str]:
        """What the group is told of each criterion; empty where nobody has written anything."""
        theirs = self.assessors_words()
        return {
            each.key: record.told(self.written.get(each.id, ""), [theirs[each.key]]) for each in self.asked.criteria
        }

    def standards(self) -> dict[str, str]:
        """The words of the point on the scale that each criterion has reached; none while nobody is final."""
        if not self.sheets:
            return {}
        anchors = {each.key: {anchor.value: anchor.text for anchor in each.anchors} for each in self.asked.criteria}
        return {key: record.standard(score, anchors[key]) for key, score in self.recorded().items()}

    def readiness(self) -> Readiness:
        """Whether it can be settled, and what is missing."""
        told, final = self.told(), {sheet.person_id for sheet in self.sheets}
        return Readiness(
            needed=self.asked.assessors_needed,
            given=len(self.given | final),
            final=len(final),
            bodies=[each.body.name for each in self.advice if each.counts and not each.sheets],
            untold=[each.name for each in self.asked.criteria if not told[each.key]],
            wide=self.spread_left() > self.asked.spread_threshold,
        )


def gather(submissions: Sequence[Submission]) -> list[Gathered]:
    """The same bids in the same order, as they are in the database now, in as many queries for one as for many."""
    ids = [each.id for each in submissions]
    rounds = select(Round).where(Round.id.in_({each.round_id for each in submissions}))
    db.session.scalars(rounds.options(selectinload(Round.criteria), selectinload(Round.bodies))).all()
    given, sheets, written = defaultdict(set), _sheets(ids), defaultdict[int, dict[int, str]](dict)
    people = select(Allocation.submission_id, Allocation.person_id).where(
        Allocation.submission_id.in_(ids), Allocation.body_id.is_(None), ~queries.barring(Allocation)
    )
    for bid, person in db.session.execute(people):
        given[bid].add(person)
    for feedback in db.session.scalars(_now(select(Feedback).where(Feedback.submission_id.in_(ids)))):
        written[feedback.submission_id][feedback.criterion_id] = feedback.text
    moderated = moderated_of(ids)
    return [
        Gathered(
            submission=each,
            given=frozenset(given[each.id]),
            sheets=[sheet for sheet in sheets[each.id] if sheet.body_id is None],
            moderated=moderated[each.id],
            written=written[each.id],
            advice=_advice(each.round, sheets[each.id]),
        )
        for each in submissions
    ]


def moderated_of(ids: Sequence[int]) -> dict[int, list[ModeratedScore]]:
    """The moderated scores of bids, by the bid's id; none of whoever is barred from the bid now."""
    found = defaultdict[int, list[ModeratedScore]](list)
    asked = (
        select(ModeratedScore)
        .where(ModeratedScore.submission_id.in_(ids), queries.moderation_counts())
        .order_by(ModeratedScore.criterion_id)
        .options(joinedload(ModeratedScore.criterion))
    )
    for each in db.session.scalars(_now(asked)):
        found[each.submission_id].append(each)
    return found


def advice_of(asked: Round, ids: Sequence[int]) -> dict[int, list[Advice]]:
    """What the round's bodies made final about bids, by the bid's id."""
    sheets = _sheets(ids, Assessment.body_id.is_not(None)) if asked.bodies else defaultdict(list)
    return {each: _advice(asked, sheets[each]) for each in ids}


def bodies_counting(advice: Sequence[Advice], asked: Round) -> list[record.Body]:
    """The bodies whose scores are a part of the mark, and are there."""
    return [record.Body(each.body.weight, means) for each in advice if each.counts and (means := each.means(asked))]


def reason_on(sheet: Assessment, criterion: Criterion) -> str:
    """What a sheet says of a criterion; empty where it says nothing."""
    return next((score.reason for score in sheet.scores if score.criterion_id == criterion.id), "")


def _sheets(ids: Sequence[int], *whose: ColumnElement[bool]) -> defaultdict[int, list[Assessment]]:
    """Final sheets by the bid's id, in the order in which they became final: assessors' and advisers', unless told."""
    found = defaultdict[int, list[Assessment]](list)
    asked = (
        select(Assessment)
        .where(Assessment.submission_id.in_(ids), Assessment.state == AssessmentState.FINAL)
        .where(~queries.barring(Assessment), *whose)
        .order_by(Assessment.final_at, Assessment.id)
        .options(selectinload(Assessment.scores))
    )
    for sheet in db.session.scalars(_now(asked)):
        found[sheet.submission_id].append(sheet)
    return found


def _advice(asked: Round, sheets: Sequence[Assessment]) -> list[Advice]:
    return [
        Advice(body, queries.criteria_of(asked, body), [sheet for sheet in sheets if sheet.body_id == body.id])
        for body in asked.bodies
    ]


def _now(asked: Asked) -> Asked:
    """What was read before the bid's row was locked is read again."""
    return asked.execution_options(populate_existing=True)
