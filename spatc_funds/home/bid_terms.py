"""What each term of the bid list's search box means, as a condition on submissions; for whoever searches.

Nothing here finds, counts or hints at what the searcher may not see: the list itself holds only bids that are open to
them, and terms about scores leave out bids whose scores are hidden from them.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, false, func, not_, or_, select

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import queries as assessment
from spatc_funds.assessment.models import (
    Allocation,
    Assessment,
    BidTag,
    DiligenceCheck,
    Interest,
    InterestKind,
    Likeness,
    ModeratedScore,
    Outcome,
    Result,
    Score,
    TagAssurance,
    TextMatch,
)
from spatc_funds.awards.models import Decision, Recommendation
from spatc_funds.core import clock
from spatc_funds.core.money import parse_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.framework.models import CrossCuttingTheme, Theme
from spatc_funds.funds.models import Criterion, Pot, Round
from spatc_funds.home.search import Known, Search, SearchError, Term
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide
from spatc_funds.policy.states import ApplicationState, AssessmentState
from spatc_funds.web.panel_filters import contains

MICRO = 1_000_000
Clause = ColumnElement[bool]
COMPARE: Mapping[str, Callable[[Any, Any], Clause]] = MappingProxyType(
    {
        ">=": lambda column, value: column >= value,
        "<=": lambda column, value: column <= value,
        ">": lambda column, value: column > value,
        "<": lambda column, value: column < value,
        "=": lambda column, value: column == value,
        ":": lambda column, value: column == value,
    }
)
STATUSES = ("reopened", "waiting", "assessing", "scored", "settled", "recommended", "funded", "declined", "withdrawn")
FLAGS = ("short", "late", "wide", "checks", "text", "plan", "moderated")
ME, NONE, ANY = "me", "none", "any"


def of_known(*allowed: str) -> Callable[[str], str]:
    """A reader of one of a few words."""

    def read(value: str) -> str:
        if folded(value) not in allowed:
            message = f"choose one of {', '.join(allowed)}"
            raise ValueError(message)
        return folded(value)

    return read


def mark(value: str) -> int:
    """A mark in millionths, from 0 to 100 with at most two decimals."""
    whole, _, rest = value.partition(".")
    digits = whole + rest
    if not digits.isascii() or not digits.isdigit() or len(whole) > 3 or len(rest) > 2 or float(value) > 100:
        message = "enter a number from 0 to 100"
        raise ValueError(message)
    return int(whole or 0) * MICRO + int(rest.ljust(6, "0"))


def district(value: str) -> str:
    """A district's code from its name or its code."""
    found = [code for code, name in DISTRICTS.items() if folded(value) in {code.casefold(), name.casefold()}]
    if not found:
        message = f"choose one of {', '.join(DISTRICTS.values())}"
        raise ValueError(message)
    return found[0]


KNOWN: Mapping[str, Known] = MappingProxyType(
    {
        "district": Known(read=district),
        "round": Known(),
        "pot": Known(),
        "theme": Known(),
        "cross": Known(),
        "status": Known(read=of_known(*STATUSES)),
        "score": Known(compares=True, read=mark),
        "spread": Known(compares=True, read=mark),
        "unscored": Known(read=of_known(ME, ANY)),
        "flag": Known(read=of_known(*FLAGS)),
        "tag": Known(),
        "amount": Known(compares=True, read=parse_pounds),
        "org": Known(),
        "conflict": Known(read=of_known(ME, ANY)),
        "assigned": Known(),
    }
)
# What only those may ask who read results: the others are told that the term is not theirs.
# How dear a term is to ask of one bid: what was sent is read whole for some, and scores are added up for others.
DEAR: Mapping[str, int] = MappingProxyType({"theme": 1, "cross": 1, "flag": 1, "score": 2, "spread": 2})
OF_RESULTS = frozenset({"score", "spread", "flag", "tag", "assigned"})
# What they name is always there: the plan is the product's own, and pots and rounds differ.
EXAMPLES = (
    ("status:assessing unscored:any", "in assessment, with sheets that are not final"),
    ("district:Leeds theme:road", "some of the work in Leeds, under a theme with “road” in its name"),
    ("score>=70 spread>20", "a mark of 70 or more, assessors more than 20 marks apart"),
    ("amount>5000 status:waiting", "more than £5,000, and nobody has it yet"),
    ("flag:short", "fewer assessors than the round needs"),
    ("assigned:me -status:settled", "given to me, and not settled"),
    ('org:"example youth" cross:equality', "a group with these words in its name, and a cross-cutting theme"),
    ("conflict:me", "I declared a personal interest"),
)


def open_to(actor: Actor) -> list[str]:
    """The terms that the actor may use."""
    results = decide(actor, Action.RESULT_LIST).allowed
    return [each for each in KNOWN if results or each not in OF_RESULTS]


def may_ask(actor: Actor, search: Search) -> bool:
    """Whether every term of a search is open to the actor."""
    return decide(actor, Action.RESULT_LIST).allowed or not any(map(_is_of_results, search.terms))


def clauses(actor: Actor, search: Search) -> list[Clause]:
    """All conditions of a search, those that are dear to ask last: a database may ask them in this order.

    Raises SearchError for a value that nothing has, or a term not open to the actor.
    """
    terms = sorted(search.terms, key=lambda term: DEAR.get(term.name, 0))
    return [*(_word(each) for each in search.words), *(_term(actor, each) for each in terms)]


def mean_mark(actor: Actor) -> Any:
    """A bid's mark in millionths: the settled one, else the record's so far; nothing where it is hidden."""
    of_sheets = _of_sheets(actor, func.avg(Assessment.mark_micro))
    so_far = case((_is_moderated(), _moderated(actor)), else_=of_sheets)
    return func.coalesce(_settled(Result.mark_micro), so_far)


def spread(actor: Actor) -> Any:
    """How far its assessors are apart, in millionths; nothing for fewer than two."""
    apart = func.max(Assessment.mark_micro) - func.min(Assessment.mark_micro)
    return func.coalesce(_settled(Result.spread_micro), _of_sheets(actor, apart, least=2))


def _spread_left(actor: Actor) -> Any:
    """The same in what nobody has moderated: the rule is ``record.spread_left``."""
    moderated = (
        select(
            func.sum(Criterion.weight * (ModeratedScore.value - Score.value)) * MICRO / func.max(Round.scale_maximum)
        )
        .select_from(Score)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .join(Round, Round.id == Criterion.round_id)
        .join(ModeratedScore, ModeratedScore.criterion_id == Score.criterion_id)
        .where(Score.assessment_id == Assessment.id, ModeratedScore.submission_id == Assessment.submission_id)
        .where(assessment.moderation_counts())
        .correlate(Assessment)
        .scalar_subquery()
    )
    now = Assessment.mark_micro + func.coalesce(moderated, 0)
    return _of_sheets(actor, func.max(now) - func.min(now), least=2)


def _is_of_results(term: Term) -> bool:
    """What was given to oneself is no secret."""
    return term.name in OF_RESULTS and (term.name, term.values) != ("assigned", (ME,))


def _term(actor: Actor, term: Term) -> Clause:
    if _is_of_results(term) and not decide(actor, Action.RESULT_LIST).allowed:
        raise SearchError(term.typed, f"“{term.name}” is for those who read results")
    found = or_(*(MEANING[term.name](actor, term, value) for value in term.values))
    return not_(func.coalesce(found, false())) if term.others else found


def _word(word: str) -> Clause:
    group = exists().where(Organisation.id == Submission.organisation_id, contains(Organisation.name, word))
    return or_(contains(Submission.reference, word), contains(Submission.title, word), group)


def _district(_actor: Actor, _term: Term, value: str) -> Clause:
    return Submission.districts.contains(f" {district(value)} ")


def _round(_actor: Actor, term: Term, value: str) -> Clause:
    return Submission.round_id.in_(_like(term, value, select(Round.id, Round.code, Round.name)))


def _pot(_actor: Actor, term: Term, value: str) -> Clause:
    return Submission.pot_id.in_(_like(term, value, select(Pot.id, Pot.key, Pot.name)))


def _theme(_actor: Actor, term: Term, value: str) -> Clause:
    ids = _like(term, value, select(Theme.id, Theme.key, Theme.name))
    return _tagged(lambda tags: tags["theme"]["id"].as_integer().in_(ids))


def _cross(_actor: Actor, term: Term, value: str) -> Clause:
    rows = select(CrossCuttingTheme.id, CrossCuttingTheme.key, CrossCuttingTheme.name)
    found = _like(term, value, rows, key=True)
    return _tagged(lambda tags: or_(*(cast(tags["cross_cutting"], String).contains(f'"{key}"') for key in found)))


def _tagged(matches: Callable[[Any], Clause]) -> Clause:
    """As an officer confirmed it, else as it was sent."""
    assured = exists().where(TagAssurance.submission_id == Submission.id)
    return or_(and_(assured, assured.where(matches(TagAssurance.tags))), and_(~assured, matches(Submission.content)))


def _status(_actor: Actor, _term: Term, value: str) -> Clause:
    return STATUS[folded(value)]()


def _withdrawn() -> Clause:
    found = exists().where(Application.id == Submission.application_id, Application.state == ApplicationState.WITHDRAWN)
    return found.correlate(Submission)


def _changing() -> Clause:
    """Its group is changing it and can still send it again: till then nobody assesses it."""
    found = (
        exists()
        .where(Application.id == Submission.application_id, Application.state == ApplicationState.REOPENED)
        .where(Round.id == Application.round_id, Round.closes_at > clock.now())
    )
    return found.correlate(Submission)


def _has(model: Any) -> Clause:
    return exists().where(model.submission_id == Submission.id)


def _is_moderated() -> Clause:
    return exists().where(ModeratedScore.submission_id == Submission.id, assessment.moderation_counts())


def _decided(*, award: bool) -> Clause:
    return exists().where(Decision.submission_id == Submission.id, Decision.award == award)


def _all_final() -> Clause:
    """As many final sheets as it has assessors, and as the round needs."""
    return and_(_final_count() >= _given_count(), _final_count() >= _needed())


STATUS: Mapping[str, Callable[[], Clause]] = MappingProxyType(
    {
        "withdrawn": _withdrawn,
        "reopened": _changing,
        "waiting": lambda: and_(~_withdrawn(), ~_has(Allocation), ~_has(Result)),
        "assessing": lambda: and_(~_withdrawn(), _has(Allocation), ~_has(Result), ~_all_final()),
        "scored": lambda: and_(~_withdrawn(), ~_has(Result), _has(Allocation), _all_final()),
        "settled": lambda: and_(~_withdrawn(), _has(Result), ~_has(Recommendation), ~_has(Decision)),
        "recommended": lambda: and_(~_withdrawn(), _has(Recommendation), ~_has(Decision)),
        "funded": lambda: _decided(award=True),
        "declined": lambda: _decided(award=False),
    }
)


def _score(actor: Actor, term: Term, value: str) -> Clause:
    return COMPARE[term.sign](mean_mark(actor), mark(value))


def _spread(actor: Actor, term: Term, value: str) -> Clause:
    return COMPARE[term.sign](spread(actor), mark(value))


def _unscored(actor: Actor, _term: Term, value: str) -> Clause:
    """Given to somebody (or to whoever asks) whose sheet is not final."""
    final = exists().where(
        Assessment.submission_id == Allocation.submission_id,
        Assessment.person_id == Allocation.person_id,
        Assessment.state == AssessmentState.FINAL,
    )
    given = exists().where(Allocation.submission_id == Submission.id, ~final, ~assessment.barring(Allocation))
    mine = given.where(Allocation.person_id == actor.id) if folded(value) == ME else given
    return and_(mine, ~_has(Result), ~_withdrawn())


def _flag(actor: Actor, _term: Term, value: str) -> Clause:
    return FLAG[folded(value)](actor)


def _live() -> Clause:
    return and_(~_withdrawn(), ~_has(Result))


FLAG: Mapping[str, Callable[[Actor], Clause]] = MappingProxyType(
    {
        "short": lambda _actor: and_(_live(), ~_changing(), _given_count() < _needed()),
        "late": lambda _actor: and_(
            ~_withdrawn(),
            ~_has(Decision),
            or_(
                exists().where(Assessment.submission_id == Submission.id, Assessment.state == AssessmentState.LOCKED),
                exists().where(ModeratedScore.submission_id == Submission.id, ~assessment.moderation_counts()),
            ),
        ),
        "wide": lambda actor: _spread_left(actor) > MICRO * _of_round(Round.spread_threshold),
        "checks": lambda _actor: exists().where(
            DiligenceCheck.submission_id == Submission.id, DiligenceCheck.outcome == Outcome.FAILED
        ),
        "text": lambda actor: exists().where(
            or_(TextMatch.submission_id == Submission.id, TextMatch.other_id == Submission.id),
            TextMatch.judged != Likeness.HARMLESS,
            *(~_is_of(each, actor) for each in (TextMatch.submission_id, TextMatch.other_id)),
        ),
        "plan": lambda _actor: and_(_live(), ~_has(TagAssurance)),
        "moderated": lambda _actor: _is_moderated(),
    }
)


def _tag(_actor: Actor, _term: Term, value: str) -> Clause:
    return exists().where(BidTag.submission_id == Submission.id, BidTag.tag == folded(value))


def _amount(_actor: Actor, term: Term, value: str) -> Clause:
    return COMPARE[term.sign](Submission.asked_pence, parse_pounds(value))


def _org(_actor: Actor, _term: Term, value: str) -> Clause:
    return exists().where(Organisation.id == Submission.organisation_id, contains(Organisation.name, value))


def _conflict(actor: Actor, _term: Term, value: str) -> Clause:
    """A declared interest that does not bar whoever searches: their own, or anybody's for those who read results."""
    declared = exists().where(Interest.submission_id == Submission.id, Interest.kind != InterestKind.NONE)
    if folded(value) == ME or not decide(actor, Action.RESULT_LIST).allowed:
        return declared.where(Interest.person_id == actor.id)
    return declared


def _assigned(actor: Actor, term: Term, value: str) -> Clause:
    given = exists().where(Allocation.submission_id == Submission.id)
    if folded(value) == ME:
        return given.where(Allocation.person_id == actor.id)
    if folded(value) == NONE:
        return ~given
    if not decide(actor, Action.ASSESSMENT_ALLOCATE).allowed:
        raise SearchError(term.typed, "who assesses a bid is for those who give it: write assigned:me or assigned:none")
    people = select(Person.id, Person.email, Person.name).where(Person.id.in_(select(Allocation.person_id)))
    return given.where(Allocation.person_id.in_(_like(term, value, people)))


MEANING: Mapping[str, Callable[[Actor, Term, str], Clause]] = MappingProxyType(
    {
        "district": _district,
        "round": _round,
        "pot": _pot,
        "theme": _theme,
        "cross": _cross,
        "status": _status,
        "score": _score,
        "spread": _spread,
        "unscored": _unscored,
        "flag": _flag,
        "tag": _tag,
        "amount": _amount,
        "org": _org,
        "conflict": _conflict,
        "assigned": _assigned,
    }
)


def _like(term: Term, value: str, rows: Any, *, key: bool = False) -> list[Any]:
    """The ids (or keys) of named things whose key is the value, or whose name has it."""
    wanted = folded(value)
    named = db.session.execute(rows).all()
    found = [each for each in named if wanted == each[1].casefold() or wanted in each[2].casefold()]
    if not found:
        raise SearchError(term.typed, f"nothing is called so. There are {_some(each[2] for each in named)}")
    return [each[1] if key else each[0] for each in found]


def _some(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    return ", ".join(known[:8]) + (" and more" if len(known) > 8 else "") if known else "none yet"


def _is_of(column: Any, actor: Actor) -> Clause:
    """A submission, by its id, of a bid that is barred to the actor."""
    barred: Clause = column.in_(select(Submission.id).where(Submission.reference.in_(actor.barred)))
    return barred


def _settled(column: Any) -> Any:
    return select(column).where(Result.submission_id == Submission.id).correlate(Submission).scalar_subquery()


def _of_sheets(actor: Actor, figure: Any, least: int = 1) -> Any:
    """A figure over the assessors' final sheets of a bid; nothing while whoever asks has still to score it."""
    return (
        select(figure)
        .where(
            Assessment.submission_id == Submission.id,
            Assessment.state == AssessmentState.FINAL,
            Assessment.body_id.is_(None),
            ~assessment.barring(Assessment),
            ~assessment.own_open(actor),
        )
        .having(func.count() >= least)
        .correlate(Submission)
        .scalar_subquery()
    )


def _moderated(actor: Actor) -> Any:
    """Each criterion's moderated score, else the mean of its final ones, weighted. A body's share is not in it."""
    mean = (
        select(func.avg(Score.value))
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(
            Score.criterion_id == Criterion.id,
            Assessment.submission_id == Submission.id,
            Assessment.state == AssessmentState.FINAL,
            Assessment.body_id.is_(None),
            ~assessment.barring(Assessment),
            ~assessment.own_open(actor),
        )
        .correlate(Submission, Criterion)
        .scalar_subquery()
    )
    moderated = (
        select(ModeratedScore.value)
        .where(ModeratedScore.criterion_id == Criterion.id, ModeratedScore.submission_id == Submission.id)
        .where(assessment.moderation_counts())
        .correlate(Submission, Criterion)
        .scalar_subquery()
    )
    # Nothing where the mean is hidden, although somebody has moderated.
    counts = case((mean.is_(None), None), else_=func.coalesce(moderated, mean))
    return (
        select(func.sum(Criterion.weight * counts) * MICRO / func.max(Round.scale_maximum))
        .select_from(Criterion)
        .join(Round, Round.id == Criterion.round_id)
        .where(Criterion.round_id == Submission.round_id)
        .correlate(Submission)
        .scalar_subquery()
    )


def _given_count() -> Any:
    return _count(Allocation).where(Allocation.body_id.is_(None), ~assessment.barring(Allocation)).scalar_subquery()


def _final_count() -> Any:
    found = _count(Assessment).where(Assessment.body_id.is_(None), Assessment.state == AssessmentState.FINAL)
    return found.where(~assessment.barring(Assessment)).scalar_subquery()


def _count(model: Any) -> Any:
    return select(func.count()).where(model.submission_id == Submission.id).correlate(Submission)


def _needed() -> Any:
    return _of_round(Round.assessors_needed)


def _of_round(column: Any) -> Any:
    return select(column).where(Round.id == Submission.round_id).correlate(Submission).scalar_subquery()
