"""Reading what assessors made of bids, without their names: dots, spreads, the agenda of a round, moderated scores."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import agenda, dots, queries, record, scoring
from spatc_funds.assessment.models import Allocation, Assessment, ModeratedScore, Result
from spatc_funds.assessment.round_figures import Standing, figures_of
from spatc_funds.db.base import db
from spatc_funds.funds.models import Criterion, Pot, Round
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState


@dataclass(frozen=True, slots=True)
class CriterionDots:
    """One criterion of one bid: the scores and reasons in the order of the sheets, drawn; and the moderated score."""

    criterion: Criterion
    scores: Sequence[int]
    reasons: Sequence[str]
    moderated: ModeratedScore | None
    drawn: dots.Strip

    @property
    def spread(self) -> int:
        """Points between the highest and the lowest score."""
        return max(self.scores) - min(self.scores)


@dataclass(frozen=True, slots=True)
class BidDots:
    """What the final sheets say of one bid: marks as shown, the spread in marks, and its criteria."""

    sheets: int
    mark: str
    spread: Fraction
    lines: Sequence[CriterionDots]
    moderated_mark: str

    @property
    def spread_shown(self) -> str:
        """The spread with one decimal."""
        return scoring.shown(self.spread)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One bid on the agenda, with the reasons why it is there."""

    standing: Standing
    dots: BidDots
    part: agenda.Part
    settled: bool

    @property
    def why(self) -> str:
        """Why it is on the agenda, in words."""
        if self.part is agenda.Part.CHANGES:
            return f"It would change sides with: {'; '.join(_lowered(each) for each in self.standing.why)}."
        if self.part is agenda.Part.WIDE:
            threshold = self.standing.bid.round.spread_threshold
            return f"Its assessors are {self.dots.spread_shown} marks apart. This round looks again above {threshold}."
        return "Nothing asks for a talk about it."


@dataclass(frozen=True, slots=True)
class PotAgenda:
    """One pot's bids in the order in which a panel talks about them."""

    pot: Pot
    lines: Sequence[AgendaLine]

    def of(self, part: str) -> list[AgendaLine]:
        """Those of one part."""
        return [each for each in self.lines if each.part == part]

    def among(self, shown: Collection[AgendaLine]) -> "PotAgenda":
        """The same pot with only those of its bids that a page shows."""
        ids = {each.standing.bid.id for each in shown}
        return PotAgenda(self.pot, [each for each in self.lines if each.standing.bid.id in ids])


def still_to_score(actor: Actor) -> frozenset[str]:
    """Bids that somebody has still to score: till then nothing of the others' scores is shown to them."""
    mine = (Assessment.submission_id == Allocation.submission_id) & (Assessment.person_id == Allocation.person_id)
    return frozenset(
        db.session.scalars(
            select(Submission.reference)
            .join(Allocation, Allocation.submission_id == Submission.id)
            .outerjoin(Assessment, mine)
            .where(Allocation.person_id == actor.id)
            .where(or_(Assessment.id.is_(None), Assessment.state != AssessmentState.FINAL))
        )
    )


def dots_of(actor: Actor, asked: Round, submission_ids: Collection[int]) -> dict[int, BidDots]:
    """What final sheets say of these bids, of those that the actor may see and has not still to score, by id."""
    found = db.session.scalars(
        select(Assessment)
        .join(Submission, Submission.id == Assessment.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(Submission.id.in_(submission_ids), Submission.round_id == asked.id, Application.state.in_(STANDING))
        .where(Assessment.state == AssessmentState.FINAL, Assessment.body_id.is_(None), ~queries.barring(Assessment))
        .where(queries.visible(actor), Submission.reference.not_in(still_to_score(actor)))
        .order_by(Assessment.final_at, Assessment.id)
        .options(selectinload(Assessment.scores))
    )
    sheets: dict[int, list[Assessment]] = {}
    for sheet in found:
        if not scoring.missing(queries.weights(asked), queries.scores_of(sheet, asked)):
            sheets.setdefault(sheet.submission_id, []).append(sheet)
    moderated = moderated_scores(sheets)
    return {key: _bid(asked, each, moderated.get(key, {})) for key, each in sheets.items()}


def moderated_scores(submission_ids: Collection[int]) -> dict[int, dict[int, ModeratedScore]]:
    """The moderated scores by bid and criterion; read ``dots_of`` for what somebody may see."""
    found: dict[int, dict[int, ModeratedScore]] = {}
    asked = select(ModeratedScore).where(ModeratedScore.submission_id.in_(submission_ids), queries.moderation_counts())
    for each in db.session.scalars(asked):
        found.setdefault(each.submission_id, {})[each.criterion_id] = each
    return found


def agenda_of(actor: Actor, asked: Round) -> list[PotAgenda]:
    """What a panel has to talk about in a round, pot by pot, of the bids that the actor may see."""
    pots = figures_of(actor, asked).pots
    bids = [each.bid for pot in pots for each in pot.standings]
    drawn, settled = dots_of(actor, asked, [each.id for each in bids]), _settled([each.id for each in bids])
    found = []
    for pot in pots:
        talks, lines = [], {}
        for each in pot.standings:
            talk = agenda.Talk(each.bid.reference, each.rank, each.why, drawn[each.bid.id].spread)
            part = agenda.part_of(talk, asked.spread_threshold)
            talks.append(talk)
            lines[talk.reference] = AgendaLine(each, drawn[each.bid.id], part, each.bid.id in settled)
        order = agenda.in_order(talks, asked.spread_threshold)
        found.append(PotAgenda(pot.pot, [lines[talk.reference] for talk in order]))
    return found


def agenda_bids(actor: Actor, asked: Round) -> list[tuple[Submission, agenda.Part, str]]:
    """The bids of a round that a panel day can have, in the order of the agenda: each with its part and why."""
    lines = [line for pot in agenda_of(actor, asked) for line in pot.lines]
    lines.sort(key=lambda line: agenda.PARTS.index(line.part))
    return [(line.standing.bid, line.part, line.why) for line in lines]


def bid_dots(actor: Actor, submission: Submission) -> BidDots | None:
    """The same for one bid; None while nobody's scores are final, or the actor has still to score it."""
    return dots_of(actor, submission.round, [submission.id]).get(submission.id)


def _lowered(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _settled(submission_ids: Collection[int]) -> frozenset[int]:
    return frozenset(db.session.scalars(select(Result.submission_id).where(Result.submission_id.in_(submission_ids))))


def _bid(asked: Round, sheets: Sequence[Assessment], moderated: Mapping[int, ModeratedScore]) -> BidDots:
    weights, maximum = queries.weights(asked), asked.scale_maximum
    scores = [queries.scores_of(sheet, asked) for sheet in sheets]
    reasons = [{score.criterion_id: score.reason for score in sheet.scores} for sheet in sheets]
    lines = []
    for criterion in asked.criteria:
        given = [sheet[criterion.key] for sheet in scores]
        values = [each for each in given if each is not None]  # all of them: whoever has gaps is left out
        changed = moderated.get(criterion.id)
        value = changed.value if changed else None
        said = [each.get(criterion.id, "") for each in reasons]
        lines.append(CriterionDots(criterion, values, said, changed, dots.strip(values, maximum, value)))
    marks = [scoring.sheet_mark(weights, each, maximum) for each in scores]
    values_now = {each.criterion.key: each.moderated.value for each in lines if each.moderated}
    mark = scoring.weighted(weights, record.of_criteria(weights, scores, maximum, values_now), maximum)
    return BidDots(
        sheets=len(sheets),
        mark=scoring.shown(scoring.bid_mark(weights, scores, maximum)),
        spread=scoring.spread(marks),
        lines=lines,
        moderated_mark=scoring.shown(mark) if moderated else "",
    )
