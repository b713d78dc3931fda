"""The plan's tables. What a project can be tagged with is a row; the rest of the document is kept whole."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Person
from spatc_funds.db.base import Base
from spatc_funds.db.types import Code, Name, Prose, coded
from spatc_funds.framework.observed import Observed, State
from spatc_funds.policy.states import PlanState
from spatc_funds.policy.workflow import check_move

BASELINE, CURRENT = text("is_baseline"), text("state = 'current'")


class PlanVersion(Base):
    """One version of the plan; ``document`` is the whole of it as published."""

    __tablename__ = "plan_version"
    __table_args__ = (
        Index("uq_plan_version_one_current", "state", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    state: Mapped[PlanState] = mapped_column(coded(PlanState))
    strategy_priority: Mapped[Code]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    priorities: Mapped[list["Priority"]] = relationship(order_by="Priority.position")
    themes: Mapped[list["Theme"]] = relationship(order_by="Theme.position")
    cross_cutting_themes: Mapped[list["CrossCuttingTheme"]] = relationship(order_by="CrossCuttingTheme.position")
    headings: Mapped[list["Heading"]] = relationship(order_by="Heading.position")
    indicators: Mapped[list["Indicator"]] = relationship(order_by="Indicator.position")

    def __str__(self) -> str:
        return self.name

    @validates("state")
    def _moves(self, _key: str, new: PlanState) -> PlanState:
        return check_move(self.state, new)


class Priority(Base):
    """A priority of the plan; this strategy is one of them."""

    __tablename__ = "priority"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]


class Theme(Base):
    """A theme of the strategy."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]
    focus_areas: Mapped[list["FocusArea"]] = relationship(order_by="FocusArea.position")
    outcomes: Mapped[list["Outcome"]] = relationship(order_by="Outcome.position", back_populates="theme")

    def __str__(self) -> str:
        return self.name


class FocusArea(Base):
    """What a theme specifically focuses on (its "purpose" on the plan on a page)."""

    __tablename__ = "focus_area"
    __table_args__ = (UniqueConstraint("theme_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]


class Heading(Base):
    """An outcome of the plan on a page: a heading over the themes' own outcomes."""

    __tablename__ = "heading"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]


class Outcome(Base):
    """An outcome of a theme: what a project is tagged with."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("theme_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    heading_id: Mapped[int | None] = mapped_column(ForeignKey("heading.id"))
    key: Mapped[Code]
    name: Mapped[Prose]
    position: Mapped[int]
    theme: Mapped[Theme] = relationship(back_populates="outcomes")
    heading: Mapped[Heading | None] = relationship()


class CrossCuttingTheme(Base):
    """A theme that runs through the others."""

    __tablename__ = "cross_cutting_theme"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]
    commitments: Mapped[list["Commitment"]] = relationship(order_by="Commitment.position")


class Commitment(Base):
    """What the plan commits itself to under a cross-cutting theme."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("cross_cutting_theme_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cross_cutting_theme_id: Mapped[int] = mapped_column(ForeignKey("cross_cutting_theme.id"))
    key: Mapped[Code]
    name: Mapped[Prose]
    position: Mapped[int]


class Indicator(Base):
    """The plan's own official figure. ``definition`` and ``unit`` are the plan's words, empty where it gives none.

    The same figure of a further version of the plan continues the first one: what was observed is held there.
    """

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    definition: Mapped[Prose]
    unit: Mapped[Name]
    direction: Mapped[Code]
    source: Mapped[Name]
    position: Mapped[int]

    @property
    def held_id(self) -> int:
        """Where its observations are held."""
        return self.continues_id or self.id


class PlanMapping(Base):
    """What a part of one version becomes in another (``framework.mapping``); without ``to_key`` it ends there."""

    __tablename__ = "plan_mapping"
    __table_args__ = (
        UniqueConstraint("from_plan_id", "to_plan_id", "kind", "from_key", "to_key"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("to_key IS NOT NULL OR percent = 100", name="ends_whole"),
        CheckConstraint("from_plan_id <> to_plan_id", name="two_versions"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    to_plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    kind: Mapped[Code]
    from_key: Mapped[Code]
    to_key: Mapped[Code | None]
    percent: Mapped[int]


class ImportKind(StrEnum):
    """The files that figures come in."""

    TEMPLATE = "template"
    POLICE = "police-uk"
    COLLISIONS = "road-casualties"

    @property
    def words(self) -> str:
        """As it is offered."""
        return {
            ImportKind.TEMPLATE: "Our own file of figures (csv or xlsx)",
            ImportKind.POLICE: "Street-level crime from police.uk (csv)",
            ImportKind.COLLISIONS: "Road collisions of the Department for Transport (csv)",
        }[self]


class IndicatorImport(Base):
    """A file that changed what is held. One that changed nothing leaves none."""

    __tablename__ = "indicator_import"
    __table_args__ = (CheckConstraint("rows_read > 0", name="rows"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(coded(ImportKind))
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    rows_read: Mapped[int]
    added: Mapped[int]
    corrected: Mapped[int]
    source: Mapped[Name]
    published_on: Mapped[date]
    licence: Mapped[Name]
    is_example: Mapped[bool]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a command
    imported_by: Mapped[Person | None] = relationship()


class Observation(Base):
    """One indicator's figure in one area and period, in thousandths; or that no new data was published for it."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("indicator_id", "area", "period_from", "period_to"),
        Index(
            "uq_observation_one_baseline",
            "indicator_id",
            "area",
            unique=True,
            sqlite_where=BASELINE,
            postgresql_where=BASELINE,
        ),
        CheckConstraint("period_from <= period_to", name="period"),
        CheckConstraint("(state = 'published') = (value_milli IS NOT NULL)", name="published_exactly_with_a_number"),
        CheckConstraint("NOT is_baseline OR value_milli IS NOT NULL", name="baseline_is_a_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("indicator_import.id"), index=True)  # None: by the form
    area: Mapped[str] = mapped_column(String(9))
    period_from: Mapped[date]
    period_to: Mapped[date]
    value_milli: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[State] = mapped_column(coded(State))
    is_baseline: Mapped[bool]
    is_example: Mapped[bool]
    indicator: Mapped[Indicator] = relationship()
    imported: Mapped[IndicatorImport | None] = relationship()

    def observed(self, key: str) -> Observed:
        """The same as a plain value, of the indicator with this key."""
        where = (key, self.area, self.period_from, self.period_to)
        return Observed(*where, self.value_milli, self.is_baseline, self.is_example)


class Measure(Base):
    """What a funded project's return counts, and how its numbers may be added (``framework.measures``)."""

    __tablename__ = "measure"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version = 1 OR reason <> ''", name="new_version_with_reason"),
        CheckConstraint("own_of IS NULL OR version = 1", name="own_has_one_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Code]
    version: Mapped[int]
    name: Mapped[Name]
    unit: Mapped[Name]
    basis: Mapped[Code]
    direction: Mapped[Code]
    across_periods: Mapped[Code]
    across_projects: Mapped[Code]
    label_n: Mapped[Name | None]
    label_of: Mapped[Name | None]
    is_change: Mapped[bool]
    help: Mapped[Prose]
    position: Mapped[int]
    outcome_key: Mapped[Code | None]
    reason: Mapped[Prose] = mapped_column(default="")  # why there is this version
    own_of: Mapped[Code | None] = mapped_column(index=True)  # the bid whose group brought it; None: everybody's

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name; of a group's own it says so."""
        return f"{self.name} (own measure)" if self.own_of else self.name
