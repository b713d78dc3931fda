"""Monitoring returns: what is being written, and what was accepted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Pence, Prose, coded
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
    sent_back_reason: Mapped[Prose] = mapped_column(default="")
    expected: Mapped[ExpectedReturn] = relationship()
    values: Mapped[list["ReturnValue"]] = relationship(cascade="all, delete-orphan")
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
    accepted_at: Mapped[datetime]
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
