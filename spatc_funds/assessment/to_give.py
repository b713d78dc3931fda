"""Reading what there is to give in a round: its bids, who has them, who may take them, and how much people have to do.

Of a bid that is barred to the reader nothing is among it, not even in a count of what somebody has to do.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from spatc_funds.accounts.models import Membership, Organisation, Person
from spatc_funds.accounts.queries import people_with
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import is_last
from spatc_funds.assessment import queries
from spatc_funds.assessment.allocation import Assessor, Bid, Plan
from spatc_funds.assessment.models import Allocation, Assessment, Interest, InterestKind, Result
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Fund, Round
from spatc_funds.funds.queries import takes
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import STANDING, ApplicationState, AssessmentState

COUNTING = (AssessmentState.STARTED, AssessmentState.FINAL)


@dataclass(frozen=True, slots=True)
class RoundToGive:
    """A round with bids to give: how many, how many have enough assessors, and how many lack some."""

    round: Round
    bids: int
    given: int

    @property
    def short(self) -> int:
        """Bids that need more assessors."""
        return self.bids - self.given


@dataclass(frozen=True, slots=True)
class ToGive:
    """One bid: who has it, and who of them has begun to score it or is done, by people's ids."""

    id: int
    reference: str
    title: str
    group: str
    districts: tuple[str, ...]
    theme: str
    held: frozenset[int]
    fixed: frozenset[int]
    taken_up: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A round as it is now. ``names`` holds everybody who may take a bid or has one; ``loads`` count bids elsewhere.

    ``open`` are the references of bids whose groups are changing them and can still send them again: not to be given.
    """

    bids: tuple[ToGive, ...]
    open: tuple[str, ...]
    people: tuple[int, ...]
    names: Mapping[int, str]
    loads: Mapping[int, int]
    barred: frozenset[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What an officer asks for: assessors a bid, bids a person at most, who takes part, what they know and prefer."""

    needed: int
    most: int | None
    people: tuple[int, ...]
    themes: Mapping[int, str] = field(default_factory=dict)
    districts: Mapping[int, str] = field(default_factory=dict)


def rounds_to_give(actor: Actor, at: datetime) -> list[RoundToGive]:
    """The rounds that have bids to give, in the order of the funds."""
    held = (
        select(func.count())
        .where(Allocation.submission_id == Submission.id, Allocation.body_id.is_(None), ~queries.barring(Allocation))
        .correlate(Submission)
        .scalar_subquery()
    )
    reopened = (Application.state == ApplicationState.REOPENED).label("reopened")
    each = _to_give(actor, Submission.round_id, reopened, held.label("held")).subquery()
    enough = func.sum(case((each.c.held >= Round.assessors_needed, 1), else_=0))
    rows = db.session.execute(
        select(Round, each.c.reopened, func.count(), enough)
        .join(each, each.c.round_id == Round.id)
        .join(Fund, Fund.id == Round.fund_id)
        .group_by(Round.id, Fund.position, each.c.reopened)
        .order_by(Fund.position, Round.position)
    )
    found: dict[int, RoundToGive] = {}
    for asked, is_reopened, bids, given in rows:
        if is_reopened and takes(asked, at):
            continue
        so_far = found.get(asked.id, RoundToGive(asked, 0, 0))
        found[asked.id] = RoundToGive(asked, so_far.bids + bids, so_far.given + given)
    return list(found.values())


def facts_of(actor: Actor, asked: Round, at: datetime) -> Facts:
    """Everything that giving a round's bids rests on, read anew."""
    rows = db.session.execute(
        _to_give(
            actor,
            Submission.id,
            Submission.reference,
            Submission.title,
            Submission.partner_numbers,
            Submission.content["shares"].label("shares"),
            Submission.content["theme"]["name"].as_string().label("theme"),
            Submission.organisation_id,
            Organisation.name.label("group"),
            Application.state,
            Application.taken_up_at,
        )
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .where(Submission.round_id == asked.id)
        .order_by(Submission.reference)
    ).all()
    still_open = takes(asked, at)
    waits = [row for row in rows if row.state is ApplicationState.REOPENED and still_open]
    ready = [row for row in rows if row not in waits]
    held, fixed, names = _who_has(asked)
    people = people_with(Role.ASSESSOR)
    names |= {each.id: each.name for each in people}
    return Facts(
        bids=tuple(
            ToGive(
                row.id,
                row.reference,
                row.title,
                row.group,
                tuple(DISTRICTS[code] for code in sorted(row.shares or {}) if code in DISTRICTS),
                row.theme or "",
                frozenset(held.get(row.id, ())),
                frozenset(fixed.get(row.id, ())),
                row.taken_up_at is not None,
            )
            for row in ready
        ),
        open=tuple(row.reference for row in waits),
        people=tuple(each.id for each in people),
        names=names,
        loads=_loads(actor, asked),
        barred=_barred(asked, ready, names),
    )


def asked_of(facts: Facts, choice: Choice) -> tuple[list[Bid], list[Assessor]]:
    """The facts as the solver reads them."""
    bids = [
        Bid(each.reference, choice.needed, each.districts, each.theme, each.held - each.fixed, each.fixed)
        for each in facts.bids
    ]
    people = [
        Assessor(
            each,
            facts.names[each],
            facts.loads.get(each, 0),
            choice.most,
            frozenset(filter(None, [choice.districts.get(each, "")])),
            frozenset(filter(None, [choice.themes.get(each, "")])),
        )
        for each in choice.people
        if each in facts.people
    ]
    return bids, people


def fingerprint(facts: Facts, choice: Choice, plan: Plan) -> str:
    """A hash of what was shown: asked for again, the same facts and the same plan have the same one."""
    return content_hash(
        {"facts": _plain(asdict(facts)), "choice": _plain(asdict(choice)), "plan": _plain(asdict(plan))}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(each) for each in value)
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _to_give(actor: Actor, *columns: Any) -> Select[Any]:
    """Bids that stand and have no result, as far as the actor may give them."""
    return (
        select(*columns)
        .select_from(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.state.in_(STANDING), is_last())
        .where(reach(actor, Action.ASSESSMENT_ALLOCATE, Submission.reference))
        .where(~exists().where(Result.submission_id == Submission.id))
    )


def _who_has(asked: Round) -> tuple[dict[int, set[int]], dict[int, set[int]], dict[int, str]]:
    """Who has each bid of the round as an assessor, and who has begun, by the bid's id; and their names."""
    names: dict[int, str] = {}
    found: list[dict[int, set[int]]] = []
    for table, counting in ((Allocation, []), (Assessment, [Assessment.state.in_(COUNTING)])):
        rows = db.session.execute(
            select(table.submission_id, Person.id, Person.name)
            .join(Person, Person.id == table.person_id)
            .join(Submission, Submission.id == table.submission_id)
            .where(Submission.round_id == asked.id, table.body_id.is_(None), ~queries.barring(table), *counting)
        )
        by_bid: dict[int, set[int]] = {}
        for bid, person, name in rows:
            by_bid.setdefault(bid, set()).add(person)
            names[person] = name
        found.append(by_bid)
    return found[0], found[1], names


def _loads(actor: Actor, asked: Round) -> dict[int, int]:
    """How many bids of other rounds each person still has to score, by person."""
    sheet = and_(Assessment.submission_id == Allocation.submission_id, Assessment.person_id == Allocation.person_id)
    rows = db.session.execute(
        select(Allocation.person_id, func.count())
        .join(Submission, Submission.id == Allocation.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .outerjoin(Assessment, sheet)
        .where(Application.state.in_(STANDING), ~queries.barring(Allocation), Submission.round_id != asked.id)
        .where(or_(Assessment.id.is_(None), Assessment.state == AssessmentState.STARTED))
        .where(reach(actor, Action.ASSESSMENT_ALLOCATE, Submission.reference))
        .group_by(Allocation.person_id)
    )
    return dict(rows.all())


def _barred(asked: Round, bids: Sequence[Any], people: Collection[int]) -> frozenset[tuple[int, str]]:
    """Who may not take which of these bids: as ``queries.barred_people``, for all at once, and the bid's advisers."""
    in_round = Submission.round_id == asked.id
    references = {row.reference for row in bids}
    declared = _pairs(Interest, in_round, Interest.kind == InterestKind.PREJUDICIAL)
    advising = _pairs(Allocation, in_round, Allocation.body_id.is_not(None))
    members = db.session.execute(
        select(Membership.person_id, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(people))
    ).all()
    own = {
        (person, row.reference)
        for person, group in members
        for row in bids
        if row.organisation_id == group.id or set(queries.numbers_of(group)) & set(row.partner_numbers.split())
    }
    return frozenset(pair for pair in {*declared, *advising, *own} if pair[1] in references)


def _pairs(table: type[Allocation | Interest], *which: ColumnElement[bool]) -> Iterable[tuple[int, str]]:
    rows = db.session.execute(
        select(table.person_id, Submission.reference)
        .join(Submission, Submission.id == table.submission_id)
        .where(*which)
    )
    return [(person, reference) for person, reference in rows]
