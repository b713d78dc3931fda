"""Panel reports: what is chosen and written while it is a draft, and the frozen copy once it is final."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Person
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name, coded
from spatc_funds.framework.models import PlanVersion
from spatc_funds.policy.states import ReportState
from spatc_funds.policy.workflow import check_move


class PanelReport(Base):
    """A report for one reader as at a day, in one version of the plan.

    ``themes`` and ``indicators`` are keys of that version; ``words`` are the texts of the boxes (``readers.boxes``) by
    their keys. Its number is never given again, also when a draft is deleted.
    """

    __tablename__ = "panel_report"
    __table_args__ = (CheckConstraint("title <> ''", name="titled"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    reader: Mapped[Code]
    title: Mapped[Name]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    as_at: Mapped[date]
    themes: Mapped[list[str]] = mapped_column(JSON)
    indicators: Mapped[list[str]] = mapped_column(JSON)
    words: Mapped[dict[str, str]] = mapped_column(JSON, info=UNLOGGED)
    state: Mapped[ReportState] = mapped_column(coded(ReportState))
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    plan: Mapped[PlanVersion] = relationship()
    started_by: Mapped[Person] = relationship()
    final: Mapped["FinalReport | None"] = relationship(back_populates="report")

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @property
    def reference(self) -> str:
        """``REPORT-1``; empty of one that is kept nowhere."""
        return f"REPORT-{self.id}" if self.id else ""

    @validates("state")
    def _moves(self, _key: str, new: ReportState) -> ReportState:
        return check_move(self.state, new)

    def __str__(self) -> str:
        return self.reference


class FinalReport(Frozen, Base):
    """Everything that a final report says, figures and words, with the hash of it: it never moves."""

    __tablename__ = "final_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("panel_report.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=UNLOGGED)
    sha256: Mapped[str] = mapped_column(String(64))
    finished_at: Mapped[datetime]
    finished_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    report: Mapped[PanelReport] = relationship(back_populates="final")
    finished_by: Mapped[Person] = relationship()
