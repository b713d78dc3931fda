"""People, organisations, and what a person is to an organisation or on the staff."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from spatc_funds.db.base import Base
from spatc_funds.db.types import UNLOGGED, Code, Name, coded
from spatc_funds.policy.roles import MEMBER_ROLES, Role

ROLES = coded(Role)


class Person(Base):
    """Someone who signs in. Their session lives as long as their session key does."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(300), info=UNLOGGED)
    session_key: Mapped[str] = mapped_column(String(64), info=UNLOGGED)
    active: Mapped[bool] = mapped_column(default=True)
    roles: Mapped[list["PersonRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    memberships: Mapped[list["Membership"]] = relationship(lazy="selectin", viewonly=True)

    def __str__(self) -> str:
        return self.name


class PersonRole(Base):
    """A role on the staff."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(ROLES, primary_key=True)


class Organisation(Base):
    """A group that applies. Without a register's number it is as good as with one."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("name <> ''", name="named"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name]
    name_folded: Mapped[str] = mapped_column(String(900), index=True)  # folding can make a text three times as long
    charity_number: Mapped[str | None] = mapped_column(String(7), unique=True)
    company_number: Mapped[str | None] = mapped_column(String(8), unique=True)
    checked_at: Mapped[datetime | None]  # when somebody of it last said that this is right
    members: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The register's number, or nothing for an unregistered group."""
        return self.charity_number or self.company_number or ""


class Membership(Base):
    """A person's part in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in MEMBER_ROLES)})", name="member_role"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(ROLES)
    organisation: Mapped[Organisation] = relationship(back_populates="members")


class SavedSearch(Base):
    """A search of a list that somebody keeps for themselves: the list's endpoint, and its query as in its address."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    page: Mapped[Code]
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))


class SignInAttempt(Base):
    """A try to sign in, by the hash of the address tried, so that guessing can be slowed down."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class RegisterKind(StrEnum):
    """Whose register: the Charity Commission's, or Companies House's."""

    CHARITY = "charity"
    COMPANY = "company"


class RegisterEntry(Base):
    """An organisation as the last extract of its register had it."""

    __tablename__ = "register_entry"

    kind: Mapped[RegisterKind] = mapped_column(coded(RegisterKind), primary_key=True)
    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[Name]
    name_folded: Mapped[str] = mapped_column(String(900))
    postcode: Mapped[str] = mapped_column(String(10))
    as_at: Mapped[date]


class SignInCode(Base):
    """A code and a link that were sent to an address, for the browser that asked. Only hashes of them are kept."""

    __tablename__ = "sign_in_code"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_path: Mapped[str] = mapped_column(String(2000))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
