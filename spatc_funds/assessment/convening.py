"""Panel days: setting them up, calling bids up, and minuting. Each is called inside ``unit_of_work``."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from spatc_funds.applications.models import Submission
from spatc_funds.assessment import agenda, meetings, queries
from spatc_funds.assessment.models import Meeting, MeetingItem, MeetingMember
from spatc_funds.core.problems import (
    ChangedError,
    ForbiddenError,
    IllegalMoveError,
    MissingError,
    NotReadyError,
    Problem,
)
from spatc_funds.db.base import db
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide, permit
from spatc_funds.policy.states import STANDING

ASIDE = 100_000  # where places wait while an agenda gets a new order: two bids never have one place


class Said(NamedTuple):
    """What an officer says of a panel day; people by their ids. The chair and the deputy sit on it anyway."""

    name: str
    held_on: date
    chair_id: int
    deputy_id: int
    member_ids: Collection[int]
    quorum: int
    minutes_a_bid: int


def set_meeting(
    actor: Actor,
    asked: Round,
    said: Said,
    bids: Sequence[Submission],
    offered: Collection[int],
    meeting: Meeting | None = None,
    version: int | None = None,
) -> Meeting:
    """Set up a panel day of a round, or change one. ``offered`` are the ids of the bids that could be chosen.

    What stands on the agenda and was not offered (a bid that the actor may not see) keeps its place. Raises
    NotReadyError with what is missing, ForbiddenError for somebody who does not sit on panels, ChangedError when it was
    changed in another window meanwhile.
    """
    permit(actor, Action.MEETING_SET)
    for each in bids:
        permit(actor, Action.MEETING_SET, each.subject)
    if any(each.round_id != asked.id for each in bids):
        raise MissingError
    db.session.execute(select(Round.id).where(Round.id == asked.id).with_for_update())
    if meeting is not None:
        meeting = meetings.locked(meeting)
        _refuse_other(meeting, version)
    people = {*said.member_ids, said.chair_id, said.deputy_id}
    if people - {each.id for each in meetings.sitters()}:
        message = "Only people who assess, advise, run rounds or decide can sit on a panel."
        raise ForbiddenError(message)
    held = meeting.items if meeting else []
    hidden = {each.submission_id for each in held} - set(offered)
    order = agenda.kept([each.submission_id for each in held], hidden, [each.id for each in bids])
    if problems := _problems(said, people, held, order):
        raise NotReadyError(problems)
    if meeting is None:
        last = db.session.scalar(select(func.max(Meeting.number)).where(Meeting.round_id == asked.id)) or 0
        meeting = Meeting(round_id=asked.id, number=last + 1)
        db.session.add(meeting)
    meeting.name, meeting.held_on = said.name, said.held_on
    meeting.chair_id, meeting.deputy_id = said.chair_id, said.deputy_id
    meeting.quorum, meeting.minutes_a_bid = said.quorum, said.minutes_a_bid
    flag_modified(meeting, "name")  # a new agenda alone would leave the version as it was
    _seat(meeting, people)
    _order(meeting, order)
    return meeting


def attend(actor: Actor, meeting: Meeting, present: Collection[int], version: int | None = None) -> int:
    """Say who of the members is in the room; how many they are. Raises ChangedError as ``set_meeting``."""
    permit(actor, Action.MEETING_SET)
    meeting = meetings.locked(meeting)
    _refuse_other(meeting, version)
    flag_modified(meeting, "name")  # somebody who comes or goes makes a new version
    for each in meeting.members:
        each.present = each.person_id in present
    return sum(each.present for each in meeting.members)


def call(actor: Actor, meeting: Meeting, submission: Submission, at: datetime) -> list[str]:
    """Call a bid up, for the first time or again; the one before it ends. Whoever chairs is written down.

    Gives the references of the bids whose talk ended with it. Raises NotReadyError when nobody can chair it;
    IllegalMoveError while it is being talked about, when it was withdrawn, or while a bid is being talked about that
    the actor may not see.
    """
    permit(actor, Action.MEETING_CALL, submission.subject)
    meeting = meetings.locked(meeting)
    item = meetings.item_of(meeting, submission)
    if meetings.is_open(item):
        message = "This bid was called up already."
        raise IllegalMoveError(message)
    if submission.application.state not in STANDING:
        message = "This application was withdrawn."
        raise IllegalMoveError(message)
    sitting = agenda.sitting(meetings.panel_of(meeting), queries.barred_people(submission))
    if sitting.chair is None:
        words = "Nobody can chair this bid. Pick another deputy, or mark who is present"
        raise NotReadyError([Problem("meeting", "", words)])
    ended = []
    for before in meeting.items:
        if meetings.is_open(before):
            if not decide(actor, Action.MEETING_CALL, before.submission.subject).allowed:
                message = "Another bid is being talked about. Somebody else has to end that first."
                raise IllegalMoveError(message)
            _end(before, meeting, at)
            ended.append(before.submission.reference)
    item.called_at, item.chaired_by_id, item.ended_at, item.present_ids = at, sitting.chair, None, None
    return ended


def end(actor: Actor, meeting: Meeting, submission: Submission, at: datetime) -> MeetingItem:
    """End the talk about a bid. Raises IllegalMoveError when it is not being talked about."""
    permit(actor, Action.MEETING_CALL, submission.subject)
    meeting = meetings.locked(meeting)
    item = meetings.item_of(meeting, submission)
    if not meetings.is_open(item):
        message = "This bid is not being talked about now."
        raise IllegalMoveError(message)
    _end(item, meeting, at)
    return item


def minute(actor: Actor, meeting: Meeting, submission: Submission, text: str, began: str | None = None) -> MeetingItem:
    """Write what was said about a bid that was called up; what was minuted is changed, and never taken away.

    ``began`` is the hash of the minute that the writer had before them: raises ChangedError when it is another now, and
    NotReadyError where nothing is written.
    """
    permit(actor, Action.MEETING_MINUTE, submission.subject)
    meeting = meetings.locked(meeting)
    item = meetings.item_of(meeting, submission)
    if item.called_at is None:
        message = "This bid was not called up yet."
        raise IllegalMoveError(message)
    if began is not None and meetings.minute_hash(item.minute) != began:
        message = "Somebody changed this minute meanwhile. What you typed was not saved: copy what you need."
        raise ChangedError(message)
    if not text.strip():
        raise NotReadyError([Problem("meeting", "minute", "Write what was said")])
    item.minute = text.strip()
    return item


def _refuse_other(meeting: Meeting, version: int | None) -> None:
    if version is not None and meeting.version != version:
        message = "Somebody changed this panel day meanwhile. Load it again to see what it holds."
        raise ChangedError(message)


def _end(item: MeetingItem, meeting: Meeting, at: datetime) -> None:
    """Who was in the room is written down with it: somebody who comes or leaves later changes no record."""
    item.ended_at, item.present_ids = at, sorted(meetings.panel_of(meeting).present)


def _problems(
    said: Said, people: Collection[int], held: Sequence[MeetingItem], order: Collection[int]
) -> list[Problem]:
    found = []
    if said.chair_id == said.deputy_id:
        found.append(Problem("meeting", "deputy", "Choose a deputy who is not the chair"))
    if not 1 <= said.quorum <= len(people):
        found.append(Problem("meeting", "quorum", f"The quorum must be between 1 and {len(people)}, who all sit on it"))
    if not order:
        found.append(Problem("meeting", "", "Give at least one bid a place on the agenda"))
    found += [
        Problem(
            "meeting",
            f"place-{each.submission.reference}",
            f"{each.submission.reference} was called up, so it stays on the agenda",
        )
        for each in held
        if each.called_at is not None and each.submission_id not in order
    ]
    return found


def _seat(meeting: Meeting, people: Collection[int]) -> None:
    """Who is new is not in the room yet; who stays, stays as they were."""
    for each in [each for each in meeting.members if each.person_id not in people]:
        meeting.members.remove(each)
    held = {each.person_id for each in meeting.members}
    meeting.members += [MeetingMember(person_id=each) for each in sorted(people) if each not in held]


def _order(meeting: Meeting, order: Sequence[int]) -> None:
    """Put the agenda into this order of submissions' ids, by way of places that nobody has."""
    for each in [each for each in meeting.items if each.submission_id not in order]:
        meeting.items.remove(each)
    db.session.flush()
    held = {each.submission_id: each for each in meeting.items}
    for place, each in enumerate(meeting.items):
        each.position = ASIDE + place
    db.session.flush()
    for place, key in enumerate(order, start=1):
        if key in held:
            held[key].position = place
    db.session.flush()
    places = {key: place for place, key in enumerate(order, start=1)}
    meeting.items += [MeetingItem(submission_id=key, position=places[key]) for key in order if key not in held]
    db.session.flush()
