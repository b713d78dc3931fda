"""Funds, rounds, pots, and what a round asks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import Base
from spatc_funds.db.types import UNLOGGED, Code, Name, Pence, Prose, coded
from spatc_funds.framework.models import Measure, PlanVersion


class TaggingRule(StrEnum):
    """What an application must tag; it has differed from round to round (a round's setting)."""

    ANY = "any"
    ONE_CROSS_CUTTING = "one-cross-cutting"
    THEME_AND_PRIORITY = "theme-and-priority"
    FIXED_PRIORITY = "fixed-priority"
    UNKNOWN = "unknown"


class RoundKind(StrEnum):
    """History is what was published of rounds run before this service; examples are plainly invented."""

    HISTORY = "history"
    EXAMPLE = "example"
    LIVE = "live"


class Format(StrEnum):
    """How somebody may have a round's questions (a commitment of the plan's equality theme)."""

    LARGE_PRINT = "large-print"
    EASY_READ = "easy-read"
    BY_PHONE = "by-phone"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As it is offered."""
        return {
            Format.LARGE_PRINT: "In large print",
            Format.EASY_READ: "In easy read",
            Format.BY_PHONE: "I want to answer the questions by phone",
            Format.OTHER: "In another way, or in another language",
        }[self]


class Fund(Base):
    """A standing programme."""

    __tablename__ = "fund"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    summary: Mapped[Prose]
    purpose: Mapped[Prose]
    who_may_apply: Mapped[list[str]] = mapped_column(JSON)
    decision_method: Mapped[Name]
    state: Mapped[Code]
    position: Mapped[int]
    rounds: Mapped[list["Round"]] = relationship(back_populates="fund", order_by="Round.position")
    measure_keys: Mapped[list["FundMeasure"]] = relationship(
        order_by="FundMeasure.measure_key", cascade="all, delete-orphan"
    )
    sources: Mapped[list["FundingSource"]] = relationship(order_by="FundingSource.position")

    def __str__(self) -> str:
        return self.name


class FundingSource(Base):
    """Money that comes in for a fund. Onward awards total less: the rest is the authority's own spending."""

    __tablename__ = "funding_source"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    key: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    amount_pence: Mapped[Pence]
    announced_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    work: Mapped[Prose]
    position: Mapped[int]


class FundMeasure(Base):
    """What a fund asks to be counted: its new rounds begin with the newest version of each of these measures."""

    __tablename__ = "fund_measure"

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), primary_key=True)
    measure_key: Mapped[Code] = mapped_column(primary_key=True)


round_measure = Table(
    "round_measure",
    Base.metadata,
    Column("round_id", ForeignKey("round.id"), primary_key=True),
    Column("measure_id", ForeignKey("measure.id"), primary_key=True),
)


class Round(Base):
    """One opening of a fund."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("advertised_pence >= 0", name="advertised"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("grace_minutes BETWEEN 0 AND 120", name="grace_minutes"),
        CheckConstraint("match_percent BETWEEN 0 AND 99", name="match_percent"),
        CheckConstraint("feedback_days BETWEEN 1 AND 100", name="feedback_days"),
        CheckConstraint("own_measures BETWEEN 0 AND 3", name="own_measures"),
        CheckConstraint("virement_percent BETWEEN 0 AND 100 AND virement_pence >= 0", name="virement"),
        UniqueConstraint("fund_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[RoundKind] = mapped_column(coded(RoundKind))
    position: Mapped[int]
    advertised_pence: Mapped[Pence | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    told_on: Mapped[date | None]
    awards_event_on: Mapped[date | None]
    tagging_rule: Mapped[TaggingRule] = mapped_column(coded(TaggingRule))
    fixed_priority: Mapped[Code | None]
    awarded_projects: Mapped[int | None]
    awarded_pence: Mapped[Pence | None]
    note: Mapped[Prose]
    districts: Mapped[list[str]] = mapped_column(JSON)
    exclusions: Mapped[list[str]] = mapped_column(JSON)
    guidance: Mapped[list[str]] = mapped_column(JSON)
    contact: Mapped[Prose]
    most_months: Mapped[int] = mapped_column(default=12)
    scale_maximum: Mapped[int] = mapped_column(default=5)
    assessors_needed: Mapped[int] = mapped_column(default=2)
    spread_threshold: Mapped[int] = mapped_column(default=20)
    assess_by: Mapped[date | None]  # the day by which assessors have their scores final
    last_number: Mapped[int] = mapped_column(default=0)  # of its applications: a deleted one's is never given again
    grace_minutes: Mapped[int] = mapped_column(default=0)  # how much after the close is still taken; the log says so
    refuses_links: Mapped[bool] = mapped_column(default=False)
    match_percent: Mapped[int] = mapped_column(default=0)  # of the whole cost that others or the group have to bring
    virement_percent: Mapped[int] = mapped_column(default=10)  # how far over a budget line may be without a word:
    virement_pence: Mapped[Pence] = mapped_column(default=25_000)  # the larger of the two
    feedback_days: Mapped[int] = mapped_column(default=20)  # working days in which a return that came is answered
    splits: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)  # by measure, where not as usual
    cost_rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # words, and the rule they break
    own_measures: Mapped[int] = mapped_column(default=2)  # that a group may bring beside the round's
    fund: Mapped[Fund] = relationship(back_populates="rounds")
    plan: Mapped[PlanVersion | None] = relationship()
    pots: Mapped[list["Pot"]] = relationship(order_by="Pot.position", back_populates="round")
    areas: Mapped[list["Area"]] = relationship(order_by="Area.position")
    eligibility: Mapped[list["EligibilityQuestion"]] = relationship(order_by="EligibilityQuestion.position")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position")
    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position")
    bodies: Mapped[list["AdvisoryBody"]] = relationship(order_by="AdvisoryBody.position", back_populates="round")
    measures: Mapped[list[Measure]] = relationship(secondary=round_measure, order_by=Measure.position)

    def __str__(self) -> str:
        return self.name

    @property
    def together(self) -> bool:
        """Whether one of its pots is for several groups that do the work together."""
        return any(pot.most_groups > 1 for pot in self.pots)


class AreaKind(StrEnum):
    """How an area is drawn. Wards are redrawn from time to time, so an area has days."""

    POSTCODE_DISTRICT = "postcode district"
    WARD = "ward"


class Area(Base):
    """A place that a round is for (Clear, Hold, Build), by postcode district or ward, from a day and until a day."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("round_id", "key"), CheckConstraint("from_on <= until_on", name="days"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    kind: Mapped[AreaKind] = mapped_column(coded(AreaKind))
    district: Mapped[str] = mapped_column(String(9))
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    position: Mapped[int]

    @property
    def place(self) -> str:
        """What kind of area it is, and where."""
        return f"{self.kind} in {DISTRICTS.get(self.district, self.district)}"

    @property
    def words(self) -> str:
        """The same, and when it is one."""
        days = [f"from {self.from_on:%-d %B %Y}"] if self.from_on else []
        days += [f"until {self.until_on:%-d %B %Y}"] if self.until_on else []
        return ", ".join([f"{self.place[0].upper()}{self.place[1:]}", *days])


class Pot(Base):
    """Part of a round with its own limits and terms. Its row is locked while a decision on it is taken."""

    __tablename__ = "pot"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("minimum_pence >= 0", name="minimum"),
        CheckConstraint("maximum_pence >= minimum_pence", name="maximum"),
        CheckConstraint("budget_pence >= 0 AND overcommitment_pence >= 0", name="budget"),
        CheckConstraint("awarded_pence >= 0", name="awarded"),
        CheckConstraint("1 <= least_groups AND least_groups <= most_groups AND most_groups <= 6", name="groups"),
        CheckConstraint(
            "budget_pence IS NULL OR awarded_pence <= budget_pence + overcommitment_pence", name="not_over"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]
    minimum_pence: Mapped[Pence] = mapped_column(default=0)
    maximum_pence: Mapped[Pence | None]
    budget_pence: Mapped[Pence | None]
    overcommitment_pence: Mapped[Pence] = mapped_column(default=0)
    awarded_pence: Mapped[Pence] = mapped_column(default=0)
    needs_area: Mapped[bool] = mapped_column(default=False)  # only for work in one of the round's areas
    least_groups: Mapped[int] = mapped_column(default=1)  # that do the work together, the lead among them
    most_groups: Mapped[int] = mapped_column(default=1)
    instalments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    returns_months: Mapped[list[int]] = mapped_column(JSON)
    gates: Mapped[list[str]] = mapped_column(JSON)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # due diligence: key, label, hint, months
    round: Mapped[Round] = relationship(back_populates="pots")

    @property
    def limit_pence(self) -> int | None:
        """The most that may be awarded from it: budget and declared over-commitment; None where none was set."""
        return None if self.budget_pence is None else self.budget_pence + self.overcommitment_pence


class EligibilityQuestion(Base):
    """A yes-or-no question asked before anything else."""

    __tablename__ = "eligibility_question"
    __table_args__ = (UniqueConstraint("round_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    position: Mapped[int]
    text: Mapped[Prose]
    hint: Mapped[Prose]
    must_be: Mapped[bool]
    rule: Mapped[Prose]
    reason: Mapped[Prose]
    next_step: Mapped[Prose]


class Question(Base):
    """A question of the round's own."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("round_id", "key"), CheckConstraint("word_limit > 0", name="word_limit"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    section: Mapped[Name]
    position: Mapped[int]
    text: Mapped[Prose]
    hint: Mapped[Prose]
    word_limit: Mapped[int]
    required: Mapped[bool]


class Criterion(Base):
    """What is scored. The weights of a round's criteria sum to 100 (checked when they are loaded)."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("round_id", "key"), CheckConstraint("weight BETWEEN 1 AND 100", name="weight"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    description: Mapped[Prose]
    weight: Mapped[int]
    position: Mapped[int]
    question_keys: Mapped[list[str]] = mapped_column(JSON)
    anchors: Mapped[list["Anchor"]] = relationship(order_by="Anchor.value")


class Anchor(Base):
    """What a point on the scale means for a criterion, in words."""

    __tablename__ = "anchor"

    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[Prose]


class AdvisoryBody(Base):
    """A group that a round asks beside its assessors (VCSE, youth): for scores or comments on chosen criteria.

    Its weight is the share of the mark, in percent, that its scores have; 0 shows them beside the mark only.
    """

    __tablename__ = "advisory_body"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("weight BETWEEN 0 AND 50", name="weight"),
        CheckConstraint("gives_scores OR weight = 0", name="weight_of_scores"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    gives_scores: Mapped[bool]
    weight: Mapped[int]
    criterion_keys: Mapped[list[str]] = mapped_column(JSON)
    position: Mapped[int]
    round: Mapped[Round] = relationship(back_populates="bodies")

    def __str__(self) -> str:
        return self.name


class FormatRequest(Base):
    """Somebody needs a round's questions in another form."""

    __tablename__ = "format_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    format: Mapped[Format] = mapped_column(coded(Format))
    name: Mapped[Name] = mapped_column(info=UNLOGGED)
    contact: Mapped[Name] = mapped_column(info=UNLOGGED)
    note: Mapped[Prose] = mapped_column(info=UNLOGGED)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    round: Mapped[Round] = relationship()
