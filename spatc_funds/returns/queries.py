"""Reading returns: what is owed, what was reported, what was accepted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from spatc_funds.awards.models import Award, AwardTarget, ExpectedReturn
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.framework.measures import N_OF_M
from spatc_funds.framework.models import Measure
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject
from spatc_funds.policy.states import AwardState, ReturnState
from spatc_funds.returns.checks import Line
from spatc_funds.returns.due import DONE, WARNING
from spatc_funds.returns.models import AcceptedReturn, CaseStudy, MonitoringReturn, ReturnFile, ReturnValue
from spatc_funds.returns.spending import Line as SpendLine
from spatc_funds.returns.spending import Rule, is_small, planned
from spatc_funds.returns.splits import Split, asked

OPEN = "open"  # what somebody has to do something about: late, due, or sent and not read


@dataclass(frozen=True, slots=True)
class Owed:
    """A return that is owed, and the return itself once somebody has started it."""

    expected: ExpectedReturn
    started: MonitoringReturn | None

    @property
    def reference(self) -> str:
        """``EX-MSCF-7K2M9-R1``."""
        return return_reference(self.expected)

    @property
    def state(self) -> ReturnState:
        """Not started is a state that no row has."""
        return self.started.state if self.started else ReturnState.NOT_STARTED

    @property
    def subject(self) -> Subject:
        """What the law has to know of it."""
        award = self.expected.award
        return self.started.subject if self.started else award.subject


def return_reference(expected: ExpectedReturn) -> str:
    """The reference of a return, started or not."""
    return f"{expected.award.reference}-R{expected.number}"


def owed(reference: str) -> Owed | None:
    """One return of an accepted award by its reference."""
    award, _, tail = reference.rpartition("-R")
    if not (tail.isascii() and tail.isdigit() and len(tail) < 4):  # an award has a few returns
        return None
    expected = db.session.scalar(
        select(ExpectedReturn)
        .join(Award)
        .where(Award.reference == award, Award.state == AwardState.ACCEPTED, ExpectedReturn.number == int(tail))
        .options(joinedload(ExpectedReturn.award).options(*_AWARD))
    )
    return Owed(expected, _started([expected]).get(expected.id)) if expected else None


def owed_by(awards: Sequence[Award]) -> dict[int, list[Owed]]:
    """The returns of each accepted award, by award id."""
    accepted = [award for award in awards if award.state is AwardState.ACCEPTED]
    started = _started([expected for award in accepted for expected in award.expected_returns])
    return {award.id: [Owed(each, started.get(each.id)) for each in award.expected_returns] for award in accepted}


def states(expected_ids: Collection[int]) -> dict[int, ReturnState]:
    """The state of each of these returns that somebody has started, by the expected return's id."""
    wanted = select(MonitoringReturn.expected_id, MonitoringReturn.state)
    found = db.session.execute(wanted.where(MonitoringReturn.expected_id.in_(expected_ids)))
    return dict(found.all())


def owed_that_are(actor: Actor, word: str, today: date, most: int) -> tuple[int, list[Owed]]:
    """How many returns of one standing the actor may read, and the first of them by due date."""
    clause = and_(visible_owed(actor), stands(word, today))
    count = db.session.scalar(select(func.count()).select_from(ExpectedReturn).where(clause))
    rows = db.session.execute(
        select(ExpectedReturn, MonitoringReturn)
        .outerjoin(MonitoringReturn, MonitoringReturn.expected_id == ExpectedReturn.id)
        .where(clause)
        .order_by(ExpectedReturn.due_on, ExpectedReturn.id)
        .limit(most)
        .options(joinedload(ExpectedReturn.award))
    )
    return count or 0, [Owed(expected, started) for expected, started in rows]


def owed_between(first: date, last: date) -> Sequence[str]:
    """The references of returns that accepted awards still owe, due from one day to another, in order."""
    rows = db.session.scalars(
        select(ExpectedReturn)
        .join(Award)
        .where(Award.state == AwardState.ACCEPTED, ExpectedReturn.due_on.between(first, last), ~has_state(*DONE))
        .order_by(ExpectedReturn.due_on, ExpectedReturn.id)
        .options(joinedload(ExpectedReturn.award))
    )
    return [return_reference(each) for each in rows]


def stands(word: str, today: date) -> ColumnElement[bool]:
    """Expected returns whose ``due.standing`` is this word, as a condition."""
    done, last = has_state(*DONE), today + WARNING
    clauses = {
        "late": and_(~done, ExpectedReturn.due_on < today),
        "due": and_(~done, ExpectedReturn.due_on >= today, ExpectedReturn.due_on <= last),
        OPEN: or_(~done & (ExpectedReturn.due_on <= last), has_state(ReturnState.SENT)),
        "not due": and_(~done, ExpectedReturn.due_on > last),
    }
    return clauses[word] if word in clauses else has_state(ReturnState(word))


def has_state(*wanted: ReturnState) -> ColumnElement[bool]:
    """Expected returns in one of these states, as a condition; "not started" is a return that is not there."""
    begun = aliased(MonitoringReturn)  # the query around it may read the returns as well
    started = exists().where(begun.expected_id == ExpectedReturn.id)
    if wanted == (ReturnState.NOT_STARTED,):
        return ~started
    return started.where(begun.state.in_(wanted))


def accepted_numbers_of(award_ids: Collection[int]) -> dict[int, set[int]]:
    """The numbers of the returns that are accepted now, by award id."""
    rows = db.session.execute(
        select(ExpectedReturn.award_id, ExpectedReturn.number)
        .join(MonitoringReturn, MonitoringReturn.expected_id == ExpectedReturn.id)
        .where(ExpectedReturn.award_id.in_(award_ids), MonitoringReturn.state == ReturnState.ACCEPTED)
    )
    found: dict[int, set[int]] = {}
    for award_id, number in rows:
        found.setdefault(award_id, set()).add(number)
    return found


def lines(found: Owed) -> list[Line]:
    """Each promised measure with what was promised and what is reported so far."""
    held = {value.measure_id: value for value in found.started.values} if found.started else {}
    return [_line(target, held.get(target.measure_id)) for target in targets(found)]


def spend_lines(found: Owed) -> list[SpendLine]:
    """The lines of the budget as they were promised, with what is said of each; none where no bid was sent here."""
    award = found.expected.award
    budget = award.submission.content["budget"] if award.submission else ()
    lines = planned([(each["description"], each["amount_pence"]) for each in budget], award.amount_pence)
    held = {line.number: line for line in found.started.lines} if found.started else {}
    return [
        replace(line, spent_pence=held[line.number].spent_pence, why=held[line.number].why)
        if line.number in held
        else line
        for line in lines
    ]


def virement(found: Owed) -> Rule:
    """How far over a line may be without a word, in the award's round."""
    opened = found.expected.award.round
    return Rule(opened.virement_percent, opened.virement_pence)


def splits(found: Owed) -> list[Split]:
    """What the round asks of whom the reported people were, with what is said so far."""
    if found.started is None:
        return []
    wanted = found.expected.award.round.splits
    values = {each.measure_id: each.value for each in found.started.values if each.value}
    said: dict[tuple[int, str], dict[str, int]] = {}
    for each in found.started.splits:
        said.setdefault((each.measure_id, each.split_by), {})[each.split] = each.value
    return [
        Split(target.measure.key, target.measure.name, kind, values[target.measure_id], said.get(key, {}))
        for target in targets(found)
        if target.measure_id in values and not target.measure.own_of  # nobody is asked who those of a group's own are
        for kind in asked(target.measure.basis, target.measure.key, wanted)
        for key in [(target.measure_id, kind)]
    ]


def file_of(found: Owed, number: int) -> ReturnFile | None:
    """One of the papers and photographs of a return."""
    files = found.started.files if found.started else ()
    return next((each for each in files if each.number == number), None)


def cases_of(accepted: AcceptedReturn) -> Sequence[CaseStudy]:
    """What was chosen of an accepted return as case studies, oldest first."""
    return db.session.scalars(
        select(CaseStudy).where(CaseStudy.accepted_id == accepted.id).order_by(CaseStudy.id)
    ).all()


def is_short(found: Owed) -> bool:
    """Whether the award is small, so that its returns ask no more than they have to."""
    return is_small(found.expected.award.amount_pence)


def targets(found: Owed) -> list[AwardTarget]:
    """What the grantee promised, in the order of the measures."""
    return sorted(found.expected.award.targets, key=lambda target: target.measure.position)


def locked(found: Owed) -> Owed:
    """The return as it is now, its row locked until the transaction ends; one that is not started cannot be locked."""
    if found.started is not None:
        db.session.scalars(
            select(MonitoringReturn)
            .where(MonitoringReturn.id == found.started.id)
            .with_for_update()
            .options(selectinload(MonitoringReturn.values).joinedload(ReturnValue.measure))
            .execution_options(populate_existing=True)
        ).one()
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """The awards whose returns the actor may read."""
    return reach(actor, Action.RETURN_LIST, Award.reference)


def round_choices() -> list[tuple[str, str]]:
    """Code and name of each round with an accepted award, for filters."""
    awarded = select(Award.round_id).where(Award.state == AwardState.ACCEPTED)
    wanted = select(Round.code, Round.name).where(Round.id.in_(awarded)).order_by(Round.position, Round.id)
    return list(db.session.execute(wanted))


def visible_owed(actor: Actor) -> ColumnElement[bool]:
    """The expected returns, of accepted awards, that the actor may read."""
    return ExpectedReturn.award_id.in_(select(Award.id).where(Award.state == AwardState.ACCEPTED, visible(actor)))


def field_of(measure: Measure) -> str:
    """The form's field for a measure."""
    return f"m-{measure.key}"


_AWARD = (
    joinedload(Award.round),
    joinedload(Award.submission),
    selectinload(Award.targets).joinedload(AwardTarget.measure),
    selectinload(Award.expected_returns),
)


def _started(expected: Sequence[ExpectedReturn]) -> dict[int, MonitoringReturn]:
    found = db.session.scalars(
        select(MonitoringReturn)
        .where(MonitoringReturn.expected_id.in_([each.id for each in expected]))
        .options(
            selectinload(MonitoringReturn.values).joinedload(ReturnValue.measure),
            selectinload(MonitoringReturn.accepted),
            selectinload(MonitoringReturn.splits),
            selectinload(MonitoringReturn.files),
            selectinload(MonitoringReturn.questions),
            selectinload(MonitoringReturn.lines),
            joinedload(MonitoringReturn.expected).joinedload(ExpectedReturn.award),
        )
    )
    return {each.expected_id: each for each in found}


def _line(target: AwardTarget, value: ReturnValue | None) -> Line:
    return Line(
        field=field_of(target.measure),
        name=target.measure.name,
        n_of_m=target.measure.basis == N_OF_M,
        state=value.state.value if value else None,
        value=value.value if value else None,
        value_of=value.value_of if value else None,
        target=target.target,
        basis=target.measure.basis,
    )
