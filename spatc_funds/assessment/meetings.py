"""Reading panel days: who sits, who is barred from what, and the agenda as far as the reader may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from spatc_funds.accounts.models import Membership, Organisation, Person, PersonRole
from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment import agenda, queries, spreads
from spatc_funds.assessment.models import Interest, InterestKind, Meeting, MeetingItem, MeetingMember
from spatc_funds.core.problems import MissingError
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import STANDING

WHO_SIT = (Role.ASSESSOR, Role.ADVISER, Role.PROGRAMME_OFFICER, Role.BOARD_MEMBER, Role.DECISION_MAKER)
ENOUGH = 2  # final sheets that a talk needs


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One bid on the agenda: its place among those that the reader sees, how the panel sits for it, and what came."""

    place: int
    item: MeetingItem
    sitting: agenda.Sitting
    out: Sequence[str]
    chair: str
    dots: spreads.BidDots | None

    @property
    def bid(self) -> Submission:
        """Which one."""
        return self.item.submission

    @property
    def began(self) -> str:
        """What the minute was when this page was made: a hash, for whoever saves it."""
        return minute_hash(self.item.minute)


@dataclass(frozen=True, slots=True)
class Day:
    """A panel day as its page shows it. ``elsewhere``: a bid is being talked about that the reader may not see."""

    items: Sequence[ItemShown]
    elsewhere: bool
    minutes_a_bid: int
    at: datetime

    @property
    def current(self) -> ItemShown | None:
        """The bid that is being talked about."""
        return next((each for each in self.items if is_open(each.item)), None)

    @property
    def next(self) -> ItemShown | None:
        """The bid that comes after it."""
        return next((each for each in self.items if each.item.called_at is None), None)

    @property
    def until(self) -> datetime | None:
        """When the time for the current bid is over."""
        called_at = self.current.item.called_at if self.current else None
        return called_at + timedelta(minutes=self.minutes_a_bid) if called_at else None

    @property
    def minutes_so_far(self) -> int:
        """Whole minutes since the current bid was called up."""
        called_at = self.current.item.called_at if self.current else None
        return max(0, int((self.at - called_at).total_seconds()) // 60) if called_at else 0

    @property
    def seconds_left(self) -> int:
        """Whole seconds till the time for the current bid is over, never more than it has; below 0 when it is over."""
        return min(self.minutes_a_bid * 60, round((self.until - self.at).total_seconds())) if self.until else 0

    @property
    def left(self) -> str:
        """The same in minutes, begun ones counted as whole: ``7 minutes left``, ``2 minutes over``."""
        minutes = ceil(abs(self.seconds_left) / 60)
        return f"{count_of(minutes, 'minute')} {'over' if self.seconds_left < 0 else 'left'}"


def meetings() -> Sequence[Meeting]:
    """Every panel day, the newest first."""
    return db.session.scalars(
        select(Meeting)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .options(joinedload(Meeting.round).joinedload(Round.fund), joinedload(Meeting.chair))
    ).all()


def meeting_of(code: str, number: int) -> Meeting | None:
    """One panel day by its round's code and its number in the round."""
    return db.session.scalar(
        select(Meeting)
        .join(Round, Round.id == Meeting.round_id)
        .where(Round.code == code, Meeting.number == number)
        .options(
            contains_eager(Meeting.round).options(joinedload(Round.fund), selectinload(Round.criteria)),
            selectinload(Meeting.members).joinedload(MeetingMember.person),
            joinedload(Meeting.chair),
            joinedload(Meeting.deputy),
        )
    )


def locked(meeting: Meeting) -> Meeting:
    """The same as it is now, its row locked until the transaction ends."""
    found = db.session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting.id)
        .with_for_update(of=Meeting)
        .options(selectinload(Meeting.members), selectinload(Meeting.items).joinedload(MeetingItem.submission))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise MissingError
    return found


def item_of(meeting: Meeting, submission: Submission) -> MeetingItem:
    """A bid's place on the agenda; raises MissingError when it has none."""
    found = next((each for each in meeting.items if each.submission_id == submission.id), None)
    if found is None:
        raise MissingError
    return found


def is_open(item: MeetingItem) -> bool:
    """Whether the bid is being talked about."""
    return item.called_at is not None and item.ended_at is None


def meeting_on(submission: Submission) -> Meeting | None:
    """The panel day on which this bid is being talked about now."""
    return db.session.scalar(
        select(Meeting)
        .join(MeetingItem, MeetingItem.meeting_id == Meeting.id)
        .where(MeetingItem.submission_id == submission.id)
        .where(MeetingItem.called_at.is_not(None), MeetingItem.ended_at.is_(None))
        .order_by(MeetingItem.called_at.desc())
        .limit(1)
    )


def not_enough(submission: Submission) -> str:
    """Why no score of a bid can be moderated now: too few final sheets, or a panel without its quorum; else empty."""
    count = len(queries.final_sheets(submission.id))
    if count < ENOUGH:
        return f"Moderation needs {ENOUGH} assessors with final scores. This bid has {count}"
    meeting = meeting_on(submission)
    if meeting is None:
        return ""
    sitting = agenda.sitting(panel_of(meeting), queries.barred_people(submission))
    return "" if sitting.quorate else f"The panel day has no quorum for this bid: {sitting.words}"


def panel_of(meeting: Meeting) -> agenda.Panel:
    """Who sits, as plain values."""
    return agenda.Panel(
        members=frozenset(each.person_id for each in meeting.members),
        present=frozenset(each.person_id for each in meeting.members if each.present),
        chair=meeting.chair_id,
        deputy=meeting.deputy_id,
        quorum=meeting.quorum,
    )


def sitters() -> Sequence[Person]:
    """The active people who can sit on a panel, by name."""
    roles = select(PersonRole.person_id).where(PersonRole.role.in_(WHO_SIT))
    return db.session.scalars(
        select(Person).where(Person.id.in_(roles), Person.active).order_by(Person.name, Person.id)
    ).all()


def day_of(actor: Actor, meeting: Meeting, at: datetime) -> Day:
    """The day as its page shows it: of a bid that the reader may not see there is nothing."""
    items = db.session.scalars(
        select(MeetingItem)
        .join(Submission, Submission.id == MeetingItem.submission_id)
        .join(Application, Application.id == Submission.application_id)
        .where(MeetingItem.meeting_id == meeting.id, Application.state.in_(STANDING), queries.visible(actor))
        .order_by(MeetingItem.position)
        .options(
            joinedload(MeetingItem.submission).options(joinedload(Submission.organisation)).defer(Submission.content),
            joinedload(MeetingItem.chaired_by),
        )
    ).all()
    open_now = db.session.scalars(
        select(MeetingItem.submission_id)
        .where(MeetingItem.meeting_id == meeting.id)
        .where(MeetingItem.called_at.is_not(None), MeetingItem.ended_at.is_(None))
    ).all()
    panel, names = panel_of(meeting), {each.person_id: each.person.name for each in meeting.members}
    barred = barred_by_bid([each.submission for each in items], panel.members)
    drawn = spreads.dots_of(actor, meeting.round, [each.submission_id for each in items])
    shown = []
    for place, item in enumerate(items, start=1):
        then = panel if item.present_ids is None else replace(panel, present=frozenset(item.present_ids))
        sits = agenda.sitting(then, barred[item.submission_id])
        out = sorted(names[each] for each in sits.out)
        chair = names[sits.chair] if sits.chair is not None else ""
        shown.append(ItemShown(place, item, sits, out, chair, drawn.get(item.submission_id)))
    seen = {each.submission_id for each in items}
    return Day(shown, any(each not in seen for each in open_now), meeting.minutes_a_bid, at)


def barred_by_bid(bids: Iterable[Submission], people: Iterable[int]) -> dict[int, frozenset[int]]:
    """Who of these people is barred from each bid, by its id; for one bid and everybody: ``queries.barred_people``."""
    bids, people = list(bids), list(people)
    declared = db.session.execute(
        select(Submission.reference, Interest.person_id)
        .join(Interest, Interest.submission_id == Submission.id)
        .where(Interest.kind == InterestKind.PREJUDICIAL, Interest.person_id.in_(people))
        .where(Submission.reference.in_([each.reference for each in bids]))
    ).all()
    belonging = db.session.execute(
        select(Membership.person_id, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(people))
    ).all()
    found = {}
    for bid in bids:
        partners = set(bid.partner_numbers.split())
        said = {person for reference, person in declared if reference == bid.reference}
        own = {
            person
            for person, group in belonging
            if group.id == bid.organisation_id or partners & set(queries.numbers_of(group))
        }
        found[bid.id] = frozenset(said | own)
    return found


def rounds_to_meet_on() -> Sequence[Round]:
    """Every round that somebody has sent a bid to."""
    return db.session.scalars(
        select(Round)
        .join(Fund)
        .where(Round.id.in_(select(Submission.round_id)))
        .order_by(Fund.position, Round.position)
        .options(joinedload(Round.fund))
    ).all()


def minute_hash(text: str) -> str:
    """What a minute is compared by, when somebody saves it."""
    return content_hash({"minute": text})
