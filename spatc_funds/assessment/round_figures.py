"""The figures of a round's assessment, from the final sheets of the bids that the reader may see, and of no others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import agreement, queries, scoring
from spatc_funds.assessment.agreement import Agreement
from spatc_funds.assessment.gathered import advice_of, bodies_counting, moderated_of
from spatc_funds.assessment.models import Assessment
from spatc_funds.assessment.robustness import Flip, Line, Scored, above, flips, mark_of
from spatc_funds.assessment.severity import Severity, severities
from spatc_funds.db.base import db
from spatc_funds.funds.models import Fund, Pot, Round
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import STANDING, AssessmentState


@dataclass(frozen=True, slots=True)
class Standing:
    """One bid in the rank order of its pot: mark and spread as shown, above the line or not, and what would move it."""

    rank: int
    bid: Submission
    mark: str
    spread: str
    sheets: int
    above: bool
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class PotFigures:
    """A pot's bids in rank order with the funding line; the agenda are those that something would move."""

    pot: Pot
    left_pence: int | None  # what the line is drawn with
    standings: Sequence[Standing]

    @property
    def agenda(self) -> list[Standing]:
        """What a panel has to talk about."""
        return [each for each in self.standings if each.why]


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """Everything of one round: how far assessors agree, who marks hard or soft, and each pot."""

    bids: int
    overall: Agreement
    by_criterion: Sequence[tuple[str, Agreement]]
    severities: Sequence[tuple[str, Severity]]
    pots: Sequence[PotFigures]


def rounds_begun(actor: Actor) -> Sequence[Round]:
    """The rounds in which somebody has final scores of a bid that the actor may see."""
    scored = (
        select(Submission.round_id)
        .join(Assessment, Assessment.submission_id == Submission.id)
        .where(Assessment.state == AssessmentState.FINAL, queries.visible(actor))
    )
    return db.session.scalars(
        select(Round)
        .join(Fund)
        .where(Round.id.in_(scored))
        .order_by(Fund.position, Round.position)
        .options(joinedload(Round.fund))
    ).all()


def figures_of(actor: Actor, asked: Round) -> RoundFigures:
    """The figures, from complete final sheets of people who are not barred from their bid.

    Marks and ranks are those of the record: moderated scores and bodies count. While a body has given no scores, a bid
    stands with what the others gave. Agreement, severity and spread are those of the assessors' own scores. A decided
    bid has no place in the order any more: the line is drawn with what is left of its pot.
    """
    bids, people = _bids(actor, asked), dict[int, str]()
    weights, maximum = queries.weights(asked), asked.scale_maximum
    ids = [bid.id for bid in bids]
    moderated, advice = moderated_of(ids), advice_of(asked, ids)
    scored: dict[int, list[Scored]] = {}
    rows: dict[str, Submission] = {}
    for bid, sheets in bids.items():
        complete = {sheet.person_id: queries.scores_of(sheet, asked) for sheet in sheets}
        whole = {person: each for person, each in complete.items() if not scoring.missing(weights, each)}
        people |= {sheet.person_id: sheet.person.name for sheet in sheets if sheet.person_id in whole}
        if whole:
            rows[bid.reference] = bid
            kept = {person: {key: score or 0 for key, score in each.items()} for person, each in whole.items()}
            counts = {score.criterion.key: score.value for score in moderated[bid.id]}
            bodies = bodies_counting(advice[bid.id], asked)
            found = Scored(bid.reference, bid.asked_pence, kept, counts, bodies)
            scored.setdefault(bid.pot_id, []).append(found)
    every = [each for pot in scored.values() for each in pot]
    undecided = {
        pot: [each for each in bids if rows[each.reference].application.closed_at is None]
        for pot, bids in scored.items()
    }
    marks = {
        each.reference: {p: scoring.sheet_mark(weights, sheet, maximum) for p, sheet in each.sheets.items()}
        for each in every
    }
    effects = severities({bid: {p: float(mark) for p, mark in found.items()} for bid, found in marks.items()})
    names = {criterion.key: criterion.name for criterion in asked.criteria}
    alphas = agreement.by_criterion({each.reference: [*each.sheets.values()] for each in every}, list(names))
    return RoundFigures(
        bids=len(every),
        overall=agreement.interval_alpha([[*found.values()] for found in marks.values()]),
        by_criterion=[(names[key], found) for key, found in alphas.items()],
        severities=sorted(
            ((people[key], each) for key, each in effects.items()), key=lambda each: -abs(each[1].effect)
        ),
        pots=[_pot(pot, undecided[pot.id], rows, marks, asked) for pot in asked.pots if undecided.get(pot.id)],
    )


def why_words(found: Iterable[Flip], names: Mapping[str, str]) -> list[str]:
    """What would move a bid over the line, in words and without the names of assessors."""
    words = []
    for kind, what in dict.fromkeys((each.kind, "" if each.kind == "assessor" else each.what) for each in found):
        criterion, _, way = what.rpartition(" ")
        words.append(
            {
                "assessor": "One of its assessors left out",
                "weight": f"A tenth {'more' if way == 'up' else 'less'} weight on “{names.get(criterion, criterion)}”",
                "severity": "How hard its assessors mark, taken out",
            }[kind]
        )
    return words


def _left(pot: Pot) -> int | None:
    """What of a pot has not been awarded yet; None where it has no limit."""
    return None if pot.limit_pence is None else pot.limit_pence - pot.awarded_pence


def _pot(
    pot: Pot,
    bids: Sequence[Scored],
    rows: Mapping[str, Submission],
    marks: Mapping[str, Mapping[int, Fraction]],
    asked: Round,
) -> PotFigures:
    weights, line = queries.weights(asked), Line(_left(pot))
    names = {criterion.key: criterion.name for criterion in asked.criteria}
    records = {each.reference: mark_of(each, weights, asked.scale_maximum) for each in bids}
    funded, moved = above(bids, records, line), flips(bids, weights, asked.scale_maximum, line)
    order = sorted(bids, key=lambda each: -records[each.reference])
    return PotFigures(
        pot,
        line.limit_pence,
        [
            Standing(
                rank=rank,
                bid=rows[each.reference],
                mark=scoring.shown(records[each.reference]),
                spread=scoring.shown(scoring.spread([*marks[each.reference].values()])),
                sheets=len(each.sheets),
                above=each.reference in funded,
                why=why_words(moved[each.reference], names),
            )
            for rank, each in enumerate(order, start=1)
        ],
    )


def _bids(actor: Actor, asked: Round) -> dict[Submission, list[Assessment]]:
    """The round's bids that stand and that the actor may see, in the order they came, with their final sheets."""
    found = db.session.scalars(
        select(Assessment)
        .join(Submission, Submission.id == Assessment.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(Submission.round_id == asked.id, Assessment.state == AssessmentState.FINAL)
        .where(Application.state.in_(STANDING), Assessment.body_id.is_(None), ~queries.barring(Assessment))
        .where(queries.visible(actor), ~queries.own_open(actor))
        .order_by(Submission.received_at, Submission.id, Assessment.person_id)
        .options(
            selectinload(Assessment.scores),
            joinedload(Assessment.person),
            joinedload(Assessment.submission)
            .options(joinedload(Submission.organisation), joinedload(Submission.application))
            .defer(Submission.content),
        )
    )
    bids: dict[Submission, list[Assessment]] = {}
    for sheet in found:
        bids.setdefault(sheet.submission, []).append(sheet)
    return bids
