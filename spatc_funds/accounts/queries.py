"""Reading people and organisations."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from spatc_funds.accounts.models import Membership, Organisation, Person, PersonRole, SavedSearch, SignInAttempt
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.roles import Role

WINDOW = timedelta(minutes=5)
MOST_TRIES = 10


def person_by_email(email: str) -> Person | None:
    """The account of an address, however it is written."""
    return db.session.scalar(select(Person).where(Person.email == folded(email)))


def person_by_id(person_id: int) -> Person | None:
    """The account of an id."""
    return db.session.get(Person, person_id)


def organisation_by_id(organisation_id: int) -> Organisation | None:
    """One organisation."""
    return db.session.get(Organisation, organisation_id)


def organisations_of(person_id: int) -> Sequence[Organisation]:
    """The organisations a person belongs to, by name."""
    return db.session.scalars(
        select(Organisation).join(Membership).where(Membership.person_id == person_id).order_by(Organisation.name)
    ).all()


def people_with(role: Role) -> Sequence[Person]:
    """Active people who hold a role on the staff, by name."""
    return db.session.scalars(
        select(Person).join(PersonRole).where(PersonRole.role == role, Person.active).order_by(Person.name, Person.id)
    ).all()


def people_by_ids(ids: Sequence[int]) -> Sequence[Person]:
    """These people, by name."""
    return db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)).all()


def people_of(organisation_id: int, roles: Sequence[Role]) -> Sequence[Person]:
    """Active people who play one of these parts in an organisation."""
    return db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role.in_(roles), Person.active)
        .order_by(Person.id)
    ).all()


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names by id, for pages that show who did what."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person.id: person.name for person in rows}


def all_names() -> dict[int, str]:
    """Everybody's name by id, for the log."""
    return {person.id: person.name for person in db.session.execute(select(Person.id, Person.name))}


def saved_searches(actor: Actor, page: str) -> Sequence[SavedSearch]:
    """The searches of a list that the actor keeps, by name."""
    return db.session.scalars(
        select(SavedSearch)
        .where(SavedSearch.person_id == actor.id, SavedSearch.page == page)
        .order_by(SavedSearch.name)
    ).all()


def saved_search(actor: Actor, number: int) -> SavedSearch | None:
    """One of the actor's own."""
    found = db.session.get(SavedSearch, number)
    return found if found is not None and found.person_id == actor.id else None


def recent_tries(key: str, at: datetime) -> int:
    """How often somebody tried this address in the last five minutes."""
    count = select(func.count()).select_from(SignInAttempt)
    return db.session.scalar(count.where(SignInAttempt.key == key, SignInAttempt.at > at - WINDOW)) or 0
