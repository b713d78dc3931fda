"""Recommendation, decision, and the award with its schedule and frozen tags."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.applications.models import Submission
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import Code, Name, Pence, Prose, coded
from spatc_funds.framework.measures import in_words
from spatc_funds.framework.models import (
    Commitment,
    CrossCuttingTheme,
    FocusArea,
    Measure,
    Outcome,
    PlanVersion,
    Theme,
)
from spatc_funds.funds.models import Pot, Round
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import AwardState
from spatc_funds.policy.workflow import check_move

AMOUNT_OF_CHOICE = "(award AND amount_pence > 0) OR (NOT award AND amount_pence IS NULL)"


class Origin(StrEnum):
    """Decided here, or imported from what was published of rounds before this service."""

    DECIDED = "decided here"
    IMPORTED = "imported"


class AmountRule(StrEnum):
    """How exactly the amount is known. Only exact amounts are ever added up."""

    EXACT = "exact"
    MORE_THAN = "more than"
    NEAR = "near"
    NOT_PRINTED = "not printed"


class ThemeTag(StrEnum):
    """Which part of the plan an award stands under when it is not one of the strategy's themes."""

    THEME = "theme"
    OTHER_PRIORITY = "other-priority"
    NOT_TAGGED = "not-tagged"


class Recommendation(Frozen, Base):
    """What the board recommends for a bid, and why."""

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint(AMOUNT_OF_CHOICE, name="amount_when_award"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    award: Mapped[bool]
    amount_pence: Mapped[Pence | None]
    reason: Mapped[Prose]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    submission: Mapped[Submission] = relationship()


class Decision(Frozen, Base):
    """The Mayor's or delegate's decision.

    Reasons are public by design: Police Reform and Social Responsibility Act 2011, section 9, and the Specified
    Information Order 2011, paragraph 3(f), ask why a grant will contribute to crime and disorder reduction.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(AMOUNT_OF_CHOICE, name="amount_when_award"),
        CheckConstraint("reasons <> ''", name="reasons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    award: Mapped[bool]
    amount_pence: Mapped[Pence | None]
    reasons: Mapped[Prose]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    submission: Mapped[Submission] = relationship()
    decided_by: Mapped[Person] = relationship()


class Award(Base):
    """Money awarded for a project, with the plan's tags as they were at the decision."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("(origin = 'imported') = (state = 'imported')", name="imported_never_moves"),
        CheckConstraint("(origin = 'decided here') = (decision_id IS NOT NULL)", name="decided_exactly_when_decision"),
        CheckConstraint("(amount_rule = 'not printed') = (amount_pence IS NULL)", name="amount_unless_not_printed"),
        CheckConstraint("amount_pence > 0", name="amount"),
        CheckConstraint(
            "imported_paid_pence IS NULL OR (imported_paid_pence >= 0 AND origin = 'imported')", name="paid"
        ),
        CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name="answered_when_dated"),
        CheckConstraint("(theme_tag = 'theme') = (theme_id IS NOT NULL)", name="theme_exactly_when_tagged"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[Code] = mapped_column(unique=True)
    origin: Mapped[Origin] = mapped_column(coded(Origin))
    state: Mapped[AwardState] = mapped_column(coded(AwardState))
    import_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    pot_id: Mapped[int | None] = mapped_column(ForeignKey("pot.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    recipient: Mapped[Name]
    recipient_number: Mapped[Name] = mapped_column(default="")  # as an imported file gives it
    project: Mapped[Name]
    amount_pence: Mapped[Pence | None]
    amount_rule: Mapped[AmountRule] = mapped_column(coded(AmountRule))
    imported_paid_pence: Mapped[Pence | None]  # what was paid before this service; None where that is not known
    awarded_on: Mapped[date | None] = mapped_column(index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    theme_tag: Mapped[ThemeTag] = mapped_column(coded(ThemeTag))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    focus_area_id: Mapped[int | None] = mapped_column(ForeignKey("focus_area.id"))
    primary_outcome_id: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"), index=True)
    no_specific_outcome: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_as: Mapped[Name] = mapped_column(default="")
    round: Mapped[Round] = relationship()
    pot: Mapped[Pot | None] = relationship()
    submission: Mapped[Submission | None] = relationship()
    decision: Mapped[Decision | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    plan: Mapped[PlanVersion | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    focus_area: Mapped[FocusArea | None] = relationship()
    primary_outcome: Mapped[Outcome | None] = relationship()
    shares: Mapped[list["AwardShare"]] = relationship(order_by="AwardShare.district")
    cross_cutting: Mapped[list["AwardCrossCutting"]] = relationship()
    other_outcomes: Mapped[list["AwardOutcome"]] = relationship()
    targets: Mapped[list["AwardTarget"]] = relationship()
    instalments: Mapped[list["Instalment"]] = relationship(order_by="Instalment.number", back_populates="award")
    expected_returns: Mapped[list["ExpectedReturn"]] = relationship(
        order_by="ExpectedReturn.number", back_populates="award"
    )

    @validates("state")
    def _legal(self, _key: str, new: AwardState) -> AwardState:
        return check_move(self.state, new)

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """What the law has to know of it: an award keeps its bid's reference."""
        return Subject(bid=self.reference, organisation_id=self.organisation_id)


class AwardShare(Base):
    """The share of an award for one district, in whole percent."""

    __tablename__ = "award_share"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    district: Mapped[str] = mapped_column(String(9), primary_key=True)
    percent: Mapped[int]


class AwardCrossCutting(Base):
    """A cross-cutting theme that the award is tagged with."""

    __tablename__ = "award_cross_cutting"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    cross_cutting_theme_id: Mapped[int] = mapped_column(ForeignKey("cross_cutting_theme.id"), primary_key=True)
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"))
    theme: Mapped[CrossCuttingTheme] = relationship()
    commitment: Mapped[Commitment | None] = relationship()


class AwardOutcome(Base):
    """An outcome that the award contributes to beside its primary one."""

    __tablename__ = "award_outcome"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"), primary_key=True)
    outcome: Mapped[Outcome] = relationship()


class AwardTarget(Base):
    """What the grantee promised on one measure."""

    __tablename__ = "award_target"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    target: Mapped[int]
    target_of: Mapped[int | None]
    measure: Mapped[Measure] = relationship()

    @property
    def words(self) -> str:
        """What was promised, in words."""
        return in_words(self.measure.basis, self.target, self.target_of)


class Instalment(Base):
    """A planned part of the award, and what has to happen before it is paid."""

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("amount_pence > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    amount_pence: Mapped[Pence]
    due_on: Mapped[date] = mapped_column(index=True)
    trigger: Mapped[Code]
    award: Mapped[Award] = relationship(back_populates="instalments")


class ExpectedReturn(Base):
    """A monitoring return that the grantee owes; whether it came is the returns' room's to say."""

    __tablename__ = "expected_return"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("period_from <= period_to", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    period_from: Mapped[date]
    period_to: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    award: Mapped[Award] = relationship(back_populates="expected_returns")
