"""The plan's tables. What a project can be tagged with is a row; the rest of the document is kept whole."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.db.base import Base
from spatc_funds.db.types import Code, Name, Prose, coded


class PlanState(StrEnum):
    """A draft is still being entered; the current one is what the service speaks in."""

    DRAFT = "draft"
    CURRENT = "current"
    CLOSED = "closed"


class PlanVersion(Base):
    """One version of the plan; ``document`` is the whole of it as published."""

    __tablename__ = "plan_version"

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
    """The plan's own official figure. No value is held here: none was published."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    key: Mapped[Code]
    name: Mapped[Name]
    direction: Mapped[Code]
    source: Mapped[Name]
    position: Mapped[int]


class Measure(Base):
    """What a funded project's return counts, and how its numbers may be added (``framework.measures``)."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("key", "version"),)

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
