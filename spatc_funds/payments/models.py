"""Conditions met, and payments of instalments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Person
from spatc_funds.awards.models import Award, Instalment
from spatc_funds.db.base import Base
from spatc_funds.db.types import Code, Name, Pence, Prose, coded
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import PaymentState
from spatc_funds.policy.workflow import check_move

LIVE = text("state <> 'refused'")


class MetGate(Base):
    """A condition of payment that somebody has seen to be met."""

    __tablename__ = "met_gate"
    __table_args__ = (UniqueConstraint("award_id", "gate"), CheckConstraint("evidence <> ''", name="evidence"))

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    gate: Mapped[Code]
    evidence: Mapped[Name]
    met_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    met_at: Mapped[datetime]
    award: Mapped[Award] = relationship()
    met_by: Mapped[Person] = relationship()


class Payment(Base):
    """One instalment on its way to the grantee: there is never more than one that was not refused."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("uq_payment_live_instalment", "instalment_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        CheckConstraint("amount_pence > 0", name="amount"),
        CheckConstraint("(state IN ('approved', 'paid')) = (approved_by_id IS NOT NULL)", name="approved_by_someone"),
        CheckConstraint("approved_by_id <> requested_by_id", name="four_eyes"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid_exactly_when_dated"),
        CheckConstraint("(state = 'refused') = (refused_reason <> '')", name="refused_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[Code] = mapped_column(unique=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"), index=True)
    amount_pence: Mapped[Pence]
    state: Mapped[PaymentState] = mapped_column(coded(PaymentState), default=PaymentState.REQUESTED)
    version: Mapped[int] = mapped_column()
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_reason: Mapped[Prose] = mapped_column(default="")
    paid_on: Mapped[date | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ledger_reference: Mapped[Name] = mapped_column(default="")
    instalment: Mapped[Instalment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @validates("state")
    def _legal(self, _key: str, new: PaymentState) -> PaymentState:
        return check_move(self.state, new)

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """What the law has to know of it: the bid, who decided on it, who requested the payment."""
        award = self.instalment.award
        decided = frozenset({award.decision.decided_by_id}) if award.decision else frozenset()
        hands = {Action.PAYMENT_REQUEST: frozenset({self.requested_by_id}), Action.DECISION_TAKE: decided}
        return Subject(bid=award.reference, hands=hands)
