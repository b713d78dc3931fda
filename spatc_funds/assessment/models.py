"""Allocations, interests, assessments with their scores, and the settled result."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Person
from spatc_funds.applications.models import Submission
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Prose, coded
from spatc_funds.funds.models import Criterion
from spatc_funds.policy.states import AssessmentState
from spatc_funds.policy.workflow import check_move


class InterestKind(StrEnum):
    """A prejudicial interest bars a person from everything of the bid."""

    NONE = "none"
    PERSONAL = "personal"
    PREJUDICIAL = "prejudicial"


class Allocation(Base):
    """A bid given to an assessor."""

    __tablename__ = "allocation"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    allocated_at: Mapped[datetime]
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
    """One assessor's sheet for one bid."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("submission_id", "person_id"),
        CheckConstraint("(state = 'final') = (final_at IS NOT NULL)", name="final_exactly_when_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[AssessmentState] = mapped_column(coded(AssessmentState), default=AssessmentState.STARTED)
    version: Mapped[int] = mapped_column()
    final_at: Mapped[datetime | None]
    scores: Mapped[list["Score"]] = relationship(cascade="all, delete-orphan")
    person: Mapped[Person] = relationship()
    submission: Mapped[Submission] = relationship()

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @validates("state")
    def _legal(self, _key: str, new: AssessmentState) -> AssessmentState:
        return check_move(self.state, new)


class Score(Base):
    """One assessor's score for one criterion; None until given (never zero by default)."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int | None]
    reason: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    criterion: Mapped[Criterion] = relationship()


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
