"""Monitoring returns: what is being written, and what was accepted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name, Pence, Prose, coded
from spatc_funds.framework.models import Measure
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import check_move


class ValueState(StrEnum):
    """Reported (0 is a value), nothing to report yet, and not applicable are three different things."""

    REPORTED = "reported"
    NOTHING = "nothing to report"
    NOT_APPLICABLE = "not applicable"


class MonitoringReturn(Base):
    """A grantee's return for one period. It comes into being when somebody starts it, never before."""

    __tablename__ = "monitoring_return"
    __table_args__ = (
        CheckConstraint("state NOT IN ('sent', 'accepted') OR sent_at IS NOT NULL", name="sent_when_dated"),
        CheckConstraint("spent_pence >= 0", name="spent"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[Code] = mapped_column(unique=True)
    expected_id: Mapped[int] = mapped_column(ForeignKey("expected_return.id"), unique=True)
    state: Mapped[ReturnState] = mapped_column(coded(ReturnState))
    version: Mapped[int] = mapped_column()
    story: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    spent_pence: Mapped[Pence | None]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_back_reason: Mapped[Prose] = mapped_column(default="")  # kept while it is sent again: who reads it compares
    # What it said when it was given back: officers read that while the group mends it, and compare what comes again.
    given_back: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info=UNLOGGED)
    seen_at: Mapped[datetime | None]  # from then on an officer reads it, and the grantee does not take it back
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expected: Mapped[ExpectedReturn] = relationship()
    values: Mapped[list["ReturnValue"]] = relationship(cascade="all, delete-orphan")
    may_publish: Mapped[bool] = mapped_column(default=False)  # its story and photographs, as the grantee ticked
    questions: Mapped[list["ReturnQuestion"]] = relationship(cascade="all, delete-orphan")
    files_added: Mapped[int] = mapped_column(default=0)
    files: Mapped[list["ReturnFile"]] = relationship(cascade="all, delete-orphan", order_by="ReturnFile.number")
    splits: Mapped[list["ReturnSplit"]] = relationship(cascade="all, delete-orphan")
    lines: Mapped[list["ReturnLine"]] = relationship(cascade="all, delete-orphan", order_by="ReturnLine.number")
    accepted: Mapped[list["AcceptedReturn"]] = relationship(order_by="AcceptedReturn.number")

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @validates("state")
    def _legal(self, _key: str, new: ReturnState) -> ReturnState:
        return check_move(self.state, new)

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """What the law has to know of it: the bid, whose it is, and who sent it."""
        award = self.expected.award
        hands = {Action.RETURN_SEND: frozenset(filter(None, [self.sent_by_id]))}
        return Subject(bid=award.reference, organisation_id=award.organisation_id, hands=hands)


class ReturnValue(Base):
    """What one return says on one measure."""

    __tablename__ = "return_value"
    __table_args__ = (
        CheckConstraint("(state = 'reported') = (value IS NOT NULL)", name="value_exactly_when_reported"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("value_of IS NULL OR (value_of > 0 AND value <= value_of)", name="value_of"),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    state: Mapped[ValueState] = mapped_column(coded(ValueState))
    value: Mapped[int | None]
    value_of: Mapped[int | None]
    measure: Mapped[Measure] = relationship()


class ReturnSplit(Base):
    """How many of a measure's people one return puts in one part: a count, never who."""

    __tablename__ = "return_split"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    split_by: Mapped[Code] = mapped_column(primary_key=True)
    split: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[int]


class ReturnQuestion(Base):
    """What an officer asks about one field of a return that was sent back; the next sending back asks anew."""

    __tablename__ = "return_question"
    __table_args__ = (CheckConstraint("text <> ''", name="text"),)

    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(120), primary_key=True)
    label: Mapped[Name]
    text: Mapped[Prose] = mapped_column(info=UNLOGGED)


class FileKind(StrEnum):
    """What comes as evidence. A photograph is kept as JPEG, made anew, whatever it came as."""

    PDF = "pdf"
    JPEG = "jpeg"


class ReturnFile(Base):
    """A paper or photograph that shows what a return says. Its number is never given to another one."""

    __tablename__ = "return_file"
    __table_args__ = (
        UniqueConstraint("return_id", "number"),
        UniqueConstraint("return_id", "sha256"),
        CheckConstraint("caption <> ''", name="caption"),
        CheckConstraint("kind = 'pdf' OR (all_agreed AND nameless)", name="photograph_agreed"),
        CheckConstraint("size BETWEEN 1 AND 5242880", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"))
    number: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(coded(FileKind))
    caption: Mapped[Name] = mapped_column(info=UNLOGGED)
    all_agreed: Mapped[bool]  # everybody in the photograph agreed that it is sent
    nameless: Mapped[bool]  # no name can be read in it
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))  # of what was sent, so that it does not come twice
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info=UNLOGGED)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cases: Mapped[list["CaseStudy"]] = relationship(cascade="all, delete-orphan", back_populates="file")

    @property
    def name(self) -> str:
        """What it is called when somebody saves it: nothing of the sender's."""
        return f"file-{self.number}.{'pdf' if self.kind is FileKind.PDF else 'jpg'}"


class ReturnLine(Base):
    """What one return says was spent on one line of the budget since the start; lines are numbered from 1."""

    __tablename__ = "return_line"
    __table_args__ = (CheckConstraint("spent_pence >= 0", name="spent"),)

    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    spent_pence: Mapped[Pence | None]
    why: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)


class AcceptedReturn(Frozen, Base):
    """A return as it was accepted. A correction is a further one that names the one it replaces."""

    __tablename__ = "accepted_return"
    __table_args__ = (
        UniqueConstraint("return_id", "number"),
        CheckConstraint("(number = 1) = (replaces_id IS NULL)", name="replaces_after_the_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("monitoring_return.id"))
    number: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("accepted_return.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=UNLOGGED)
    sha256: Mapped[str] = mapped_column(String(64))
    feedback: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)  # what the grantee is told
    accepted_at: Mapped[datetime]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: before this service


class CaseStudy(Base):
    """A story or a photograph of an accepted return that an officer chose to show, as its grantee agreed."""

    __tablename__ = "case_study"
    __table_args__ = (
        UniqueConstraint("accepted_id", "part"),
        CheckConstraint("title <> ''", name="title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    accepted_id: Mapped[int] = mapped_column(ForeignKey("accepted_return.id"))
    part: Mapped[Code]  # "story", or "file" and its number
    file_id: Mapped[int | None] = mapped_column(ForeignKey("return_file.id"), index=True)
    title: Mapped[Name]
    chosen_at: Mapped[datetime] = mapped_column(index=True)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    accepted: Mapped[AcceptedReturn] = relationship()
    file: Mapped[ReturnFile | None] = relationship(back_populates="cases")


class Colour(StrEnum):
    """How an award stands: red needs help now, amber needs watching, green is on its way."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class AwardRating(Frozen, Base):
    """How an officer saw an award on a day, and why. The last one counts; the others are its history."""

    __tablename__ = "award_rating"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    colour: Mapped[Colour] = mapped_column(coded(Colour))
    reason: Mapped[Prose]
    rated_at: Mapped[datetime]
    rated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class AwardVisit(Frozen, Base):
    """A visit to a project: when, who was there, what was seen, and what follows from it."""

    __tablename__ = "award_visit"
    __table_args__ = (CheckConstraint("who <> '' AND seen <> ''", name="said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    visited_on: Mapped[date]
    who: Mapped[Name] = mapped_column(info=UNLOGGED)
    seen: Mapped[Prose] = mapped_column(info=UNLOGGED)
    follows: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
