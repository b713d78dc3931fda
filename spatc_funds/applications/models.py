"""The application as it is typed, and the submission as it was sent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.db.base import Base
from spatc_funds.db.frozen import Frozen
from spatc_funds.db.types import UNLOGGED, Code, Name, Pence, Prose, coded
from spatc_funds.framework.models import Commitment, CrossCuttingTheme, FocusArea, Measure, Outcome, Priority, Theme
from spatc_funds.funds.models import Area, Pot, Question, Round
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import ApplicationState
from spatc_funds.policy.workflow import check_move


class Application(Base):
    """A group's bid to one round; changeable while it is a draft."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_exactly_when_dated"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_exactly_when_dated"),
        CheckConstraint("closed_at IS NULL OR state IN ('submitted', 'reopened')", name="closed_only_when_sent"),
        CheckConstraint("lowest_pence > 0", name="lowest"),
        CheckConstraint("own_pence >= 0 AND match_pence >= 0", name="brought"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[Code] = mapped_column(unique=True)
    number: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    pot_id: Mapped[int | None] = mapped_column(ForeignKey("pot.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[ApplicationState] = mapped_column(coded(ApplicationState), default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column()
    started_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    taken_up_at: Mapped[datetime | None]  # from the first assessor on, what they read is not replaced
    times_opened: Mapped[int] = mapped_column(default=0)  # to be changed after it was sent
    closed_at: Mapped[datetime | None]  # from the decision on it is no longer the applicant's to take back
    equality_answered: Mapped[bool] = mapped_column(default=False)  # that they were, never what
    title: Mapped[Name] = mapped_column(default="")
    summary: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    contact_name: Mapped[Name] = mapped_column(default="")
    contact_phone: Mapped[Name] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    group_does: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    sensitive_place: Mapped[bool] = mapped_column(default=False)  # a refuge: never to be published
    lowest_pence: Mapped[Pence | None]
    own_pence: Mapped[Pence | None]
    match_pence: Mapped[Pence | None]
    match_from: Mapped[Name] = mapped_column(default="")
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priority.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    focus_area_id: Mapped[int | None] = mapped_column(ForeignKey("focus_area.id"))
    primary_outcome_id: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"))
    no_specific_outcome: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[Organisation] = relationship()
    round: Mapped[Round] = relationship()
    pot: Mapped[Pot | None] = relationship()
    priority: Mapped[Priority | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    focus_area: Mapped[FocusArea | None] = relationship()
    primary_outcome: Mapped[Outcome | None] = relationship()
    eligibility: Mapped[list["EligibilityAnswer"]] = relationship(cascade="all, delete-orphan")
    answers: Mapped[list["Answer"]] = relationship(cascade="all, delete-orphan")
    budget: Mapped[list["BudgetLine"]] = relationship(cascade="all, delete-orphan", order_by="BudgetLine.id")
    shares: Mapped[list["DistrictShare"]] = relationship(
        cascade="all, delete-orphan", order_by="DistrictShare.district"
    )
    areas: Mapped[list["ApplicationArea"]] = relationship(cascade="all, delete-orphan")
    partners: Mapped[list["Partner"]] = relationship(cascade="all, delete-orphan", order_by="Partner.place")
    cross_cutting: Mapped[list["CrossCutting"]] = relationship(cascade="all, delete-orphan")
    other_outcomes: Mapped[list["OtherOutcome"]] = relationship(cascade="all, delete-orphan")
    promises: Mapped[list["Promise"]] = relationship(cascade="all, delete-orphan")
    own_promises: Mapped[list["OwnPromise"]] = relationship(cascade="all, delete-orphan", order_by="OwnPromise.place")

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own name and shape

    @validates("state")
    def _legal(self, _key: str, new: ApplicationState) -> ApplicationState:
        return check_move(self.state, new)

    @property
    def subject(self) -> Subject:
        """What the law has to know of it."""
        return Subject(bid=self.reference, organisation_id=self.organisation_id)

    @property
    def asked_pence(self) -> int:
        """What the budget's lines add up to."""
        return sum(line.amount_pence for line in self.budget)


class EligibilityAnswer(Base):
    """An answer given before the start, carried into the application."""

    __tablename__ = "eligibility_answer"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("eligibility_question.id"), primary_key=True)
    answer: Mapped[bool]


class Answer(Base):
    """The answer to one of the round's questions."""

    __tablename__ = "answer"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    text: Mapped[Prose] = mapped_column(info=UNLOGGED)
    question: Mapped[Question] = relationship()


class BudgetLine(Base):
    """One cost of the project."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("amount_pence > 0 AND amount_pence <= 100000000000", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    description: Mapped[Name]
    amount_pence: Mapped[Pence]


class DistrictShare(Base):
    """How much of the work is done in one district, in whole percent."""

    __tablename__ = "district_share"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    district: Mapped[str] = mapped_column(String(9), primary_key=True)
    percent: Mapped[int]


class ApplicationArea(Base):
    """An area of the round in which some of the work happens."""

    __tablename__ = "application_area"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    area: Mapped[Area] = relationship()


class Partner(Base):
    """A group that does part of the work; what it gets is part of what is asked."""

    __tablename__ = "partner"
    __table_args__ = (CheckConstraint("amount_pence >= 0", name="amount"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name]
    number: Mapped[Code]
    part: Mapped[Name]
    amount_pence: Mapped[Pence | None]


class CrossCutting(Base):
    """A cross-cutting theme that the project serves, by which commitment, and how."""

    __tablename__ = "application_cross_cutting"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    cross_cutting_theme_id: Mapped[int] = mapped_column(ForeignKey("cross_cutting_theme.id"), primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    how: Mapped[Prose] = mapped_column(default="", info=UNLOGGED)
    theme: Mapped[CrossCuttingTheme] = relationship()
    commitment: Mapped[Commitment] = relationship()


class OtherOutcome(Base):
    """An outcome that the project contributes to beside its primary one."""

    __tablename__ = "application_outcome"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"), primary_key=True)
    outcome: Mapped[Outcome] = relationship()


class Promise(Base):
    """What the project means to achieve on one measure; ``target_of`` for n-of-m measures only."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("target >= 0", name="target"),
        CheckConstraint("target_of IS NULL OR (target_of > 0 AND target <= target_of)", name="target_of"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    target: Mapped[int]
    target_of: Mapped[int | None]
    measure: Mapped[Measure] = relationship()


class OwnPromise(Base):
    """A measure that the group brings itself, and what it means to achieve on it; while it is a draft it may be half.

    ``kind`` is a key of ``framework.measures.OWN``, or empty. The award makes a measure of it.
    """

    __tablename__ = "own_promise"
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
        CheckConstraint("target >= 0", name="target"),
        CheckConstraint("target_of > 0", name="target_of"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name]
    kind: Mapped[Code]
    target: Mapped[int | None]
    target_of: Mapped[int | None]

    @property
    def begun(self) -> bool:
        """Whether it is one at all: a kind that was chosen cannot be unchosen on a page, so alone it says nothing."""
        return bool(self.name) or self.target is not None or self.target_of is not None


class EqualityAnswer(Base):
    """An answer to an optional equality question: of which round, never whose, nor when. The key is drawn by chance."""

    __tablename__ = "equality_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # no order in which they came

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    question: Mapped[Code]
    answer: Mapped[Code]


class Submission(Frozen, Base):
    """The application as it was sent: never changed. ``content`` says everything; ``sha256`` holds it to that.

    Sent again it is a further one, that names the one it replaces. Only the last one stands.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("asked_pence > 0", name="asked"),
        CheckConstraint("(number = 1) = (replaces_id IS NULL)", name="replaces_after_the_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), unique=True)
    reference: Mapped[Code] = mapped_column(index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[Name]
    asked_pence: Mapped[Pence]
    received_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    districts: Mapped[Name] = mapped_column(default="")  # where some of the work is, each code between blanks
    partner_numbers: Mapped[Name] = mapped_column(default="")  # registered ones, each between blanks: whom it concerns
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=UNLOGGED)
    sha256: Mapped[str] = mapped_column(String(64))
    application: Mapped[Application] = relationship()
    round: Mapped[Round] = relationship()
    pot: Mapped[Pot] = relationship()
    organisation: Mapped[Organisation] = relationship()
    sent_by: Mapped[Person] = relationship()
    replaces: Mapped["Submission | None"] = relationship(remote_side="Submission.id")

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """What the law has to know of it."""
        return Subject(bid=self.reference, organisation_id=self.organisation_id)
