"""Allocations, interests, assessments with their scores, moderation, and the settled result."""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name, Prose, coded
from spatc_funds.funds.models import AdvisoryBody, Criterion, Round
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import AssessmentState
from spatc_funds.policy.workflow import check_move


class InterestKind(StrEnum):
    """A prejudicial interest bars a person from everything of the bid."""

    NONE = "none"
    PERSONAL = "personal"
    PREJUDICIAL = "prejudicial"


class EntryKind(StrEnum):
    """What somebody is linked to."""

    ORGANISATION = "organisation"
    PERSON = "person"
    ADDRESS = "address"
    POST = "post"


class RegisteredInterest(Base):
    """One line of a person's register of interests: it suggests where they have something to declare, until it ends."""

    __tablename__ = "registered_interest"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= entered_at", name="ends_after_it_began"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(coded(EntryKind))
    name: Mapped[Name] = mapped_column(info=UNLOGGED)
    number: Mapped[Code] = mapped_column(default="")  # an organisation's, where it has one
    link: Mapped[Name] = mapped_column(info=UNLOGGED)  # what the person has to do with it
    expires_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()

    @property
    def subject(self) -> Subject:
        """What the law has to know of it: it concerns no one bid."""
        return Subject()


class Allocation(Base):
    """A bid given to an assessor, or to an adviser for the body that the round asks; and why to them, in words."""

    __tablename__ = "allocation"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    allocated_at: Mapped[datetime]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("advisory_body.id"))
    why: Mapped[Name] = mapped_column(default="")
    body: Mapped[AdvisoryBody | None] = relationship()
    submission: Mapped[Submission] = relationship()
    person: Mapped[Person] = relationship()


class Interest(Base):
    """What a person declared about a bid, before they may read it."""

    __tablename__ = "interest"
    __table_args__ = (CheckConstraint("kind = 'none' OR note <> ''", name="said_what"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    kind: Mapped[InterestKind] = mapped_column(coded(InterestKind))
    note: Mapped[Prose] = mapped_column(info=UNLOGGED)
    declared_at: Mapped[datetime]


class Assessment(Base):
    """One person's sheet for one bid: an assessor's, or an adviser's for a body. Locked, it counts nowhere."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("submission_id", "person_id"),
        CheckConstraint("state <> 'final' OR final_at IS NOT NULL", name="final_is_dated"),
        CheckConstraint("state <> 'started' OR final_at IS NULL", name="started_is_not_final"),
        CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name="locked_exactly_when_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[AssessmentState] = mapped_column(coded(AssessmentState), default=AssessmentState.STARTED)
    version: Mapped[int] = mapped_column()
    body_id: Mapped[int | None] = mapped_column(ForeignKey("advisory_body.id"))
    started_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None] = mapped_column(index=True)
    final_at: Mapped[datetime | None]
    mark_micro: Mapped[int | None] = mapped_column(BigInteger)  # an assessor's, once final: for lists and sorting only
    locked_at: Mapped[datetime | None]
    body: Mapped[AdvisoryBody | None] = relationship()
    scores: Mapped[list["Score"]] = relationship(cascade="all, delete-orphan")
    person: Mapped[Person] = relationship()
    submission: Mapped[Submission] = relationship()

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @validates("state")
    def _legal(self, _key: str, new: AssessmentState) -> AssessmentState:
        return check_move(self.state, new)


class Score(Base):
    """One assessor's score for one criterion; None until given (never zero by default).

    The note is for the assessor alone; the feedback is written here once, for the group.
    """

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int | None]
    reason: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    note: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    feedback: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    criterion: Mapped[Criterion] = relationship()


class ModeratedScore(Base):
    """What a criterion counts with after people have talked, and why. The assessors' own scores stay as they are."""

    __tablename__ = "moderated_score"
    __table_args__ = (CheckConstraint("value >= 0", name="value"), CheckConstraint("reason <> ''", name="said_why"))

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int]
    reason: Mapped[Prose] = mapped_column(info=UNLOGGED)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    moderated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moderated_at: Mapped[datetime]
    criterion: Mapped[Criterion] = relationship()


class Feedback(Base):
    """What the group is told about a criterion, where an officer has written it instead of what the assessors wrote."""

    __tablename__ = "feedback"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    text: Mapped[Prose] = mapped_column(info=UNLOGGED)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Calibration(Base):
    """A few bids of a round that everybody scores first; the others open when it is closed with a note."""

    __tablename__ = "calibration"
    __table_args__ = (CheckConstraint("(closed_at IS NULL) = (note = '')", name="closed_exactly_when_noted"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    bids: Mapped[list["CalibrationBid"]] = relationship(cascade="all, delete-orphan")
    round: Mapped[Round] = relationship()


class CalibrationBid(Base):
    """One of the bids that everybody scores first."""

    __tablename__ = "calibration_bid"

    round_id: Mapped[int] = mapped_column(ForeignKey("calibration.round_id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    submission: Mapped[Submission] = relationship()


class Meeting(Base):
    """A panel day: people who talk about bids of one round. Its number in the round names it in addresses."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("quorum >= 1", name="quorum"),
        CheckConstraint("minutes_a_bid BETWEEN 1 AND 240", name="minutes_a_bid"),
        CheckConstraint("chair_id <> deputy_id", name="two_people_chair"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    name: Mapped[Name]
    held_on: Mapped[date]
    quorum: Mapped[int]
    minutes_a_bid: Mapped[int] = mapped_column(default=10)
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    round: Mapped[Round] = relationship()
    chair: Mapped[Person] = relationship(foreign_keys=[chair_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])
    members: Mapped[list["MeetingMember"]] = relationship(cascade="all, delete-orphan")
    items: Mapped[list["MeetingItem"]] = relationship(cascade="all, delete-orphan", order_by="MeetingItem.position")

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @property
    def subject(self) -> Subject:
        """What the law has to know of it: it concerns no one bid."""
        return Subject()


class MeetingMember(Base):
    """Somebody who sits on a panel day, and whether they are in the room."""

    __tablename__ = "meeting_member"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    present: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = relationship()


class MeetingItem(Base):
    """One bid on the agenda: when it was called up, who was in the chair, and what was minuted."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("(called_at IS NULL) = (chaired_by_id IS NULL)", name="chaired_exactly_when_called"),
        CheckConstraint("ended_at IS NULL OR called_at IS NOT NULL", name="ended_after_called"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    position: Mapped[int]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    chaired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    present_ids: Mapped[list[int] | None] = mapped_column(JSON)  # who was in the room when it ended
    minute: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    submission: Mapped[Submission] = relationship()
    chaired_by: Mapped[Person | None] = relationship()


class Outcome(StrEnum):
    """How a check of due diligence ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_NEEDED = "not needed"


class DiligenceCheck(Base):
    """One check of a bid's pot, as it was last recorded."""

    __tablename__ = "diligence_check"
    __table_args__ = (CheckConstraint("outcome = 'passed' OR note <> ''", name="said_why"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    key: Mapped[Code] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(coded(Outcome))
    note: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    expires_on: Mapped[date | None]
    done_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]
    done_by: Mapped[Person] = relationship()


class Likeness(StrEnum):
    """What a person made of two texts that are alike."""

    OPEN = "open"
    HARMLESS = "harmless"
    CONCERN = "concern"


class TextMatch(Base):
    """An answer that is much like one of another bid: for people to look at, and never part of a score."""

    __tablename__ = "text_match"
    __table_args__ = (
        UniqueConstraint("submission_id", "other_id", "question_key", "other_question_key", name="uq_text_match_pair"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("(judged = 'open') = (judged_at IS NULL)", name="judged_exactly_when_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    question_key: Mapped[Code]
    other_question_key: Mapped[Code]
    percent: Mapped[int]
    found_at: Mapped[datetime]
    judged: Mapped[Likeness] = mapped_column(coded(Likeness), default=Likeness.OPEN)
    note: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None]
    submission: Mapped[Submission] = relationship(foreign_keys=[submission_id])
    other: Mapped[Submission] = relationship(foreign_keys=[other_id])


class TagAssurance(Base):
    """A bid's place in the plan as an officer confirmed or changed it. ``tags`` has the shape of the sent content's.

    Its keys: priority, theme, focus_area, primary_outcome, no_specific_outcome, other_outcomes, cross_cutting.
    """

    __tablename__ = "tag_assurance"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    tags: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed: Mapped[bool]
    reason: Mapped[Prose]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[Person] = relationship()


class BidTag(Base):
    """An officers' own label on a bid (``visit``, ``new group``): for finding it again, and never part of a score."""

    __tablename__ = "bid_tag"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    tagged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tagged_at: Mapped[datetime]


class Result(Frozen, Base):
    """The settled outcome of a bid's assessment; ``mark`` is exact, ``mark_micro`` is for sorting only."""

    __tablename__ = "result"
    __table_args__ = (CheckConstraint("mark_micro BETWEEN 0 AND 100000000", name="mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    mark_text: Mapped[str] = mapped_column(String(80))
    mark_micro: Mapped[int] = mapped_column(BigInteger, index=True)
    spread_micro: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=UNLOGGED)
    sha256: Mapped[str] = mapped_column(String(64))
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submission: Mapped[Submission] = relationship()

    @property
    def mark(self) -> Fraction:
        """The mark in 0 to 100, exact."""
        return Fraction(self.mark_text)
