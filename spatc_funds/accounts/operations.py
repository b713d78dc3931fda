"""Making people and organisations, and the tries to sign in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from spatc_funds.accounts.models import Membership, Organisation, Person, PersonRole, SavedSearch, SignInAttempt
from spatc_funds.accounts.passwords import hasher
from spatc_funds.accounts.queries import WINDOW, person_by_email
from spatc_funds.core.problems import NotReadyError, Problem
from spatc_funds.core.words import folded
from spatc_funds.db.base import db
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.roles import Role


def create_person(email: str, name: str, password: str, roles: Sequence[Role] = ()) -> Person:
    """A new account; raises NotReadyError when the address has one. Without a password one signs in by codes."""
    if person_by_email(email):
        raise NotReadyError([Problem("person", "email", "There is already an account with this e-mail address")])
    person = Person(
        email=folded(email),
        name=name,
        password_hash=hasher().hash(password) if password else "",
        session_key=secrets.token_urlsafe(32),
        roles=[PersonRole(role=role) for role in roles],
    )
    db.session.add(person)
    db.session.flush()
    return person


def create_organisation(
    actor: Actor,
    name: str,
    charity_number: str | None = None,
    company_number: str | None = None,
    at: datetime | None = None,
) -> Organisation:
    """A new organisation whose lead is the actor. Numbers as ``accounts.identity`` gives them.

    Raises NotReadyError when another organisation already has the number: joining one is by invitation.
    """
    permit(actor, Action.ORGANISATION_CREATE)
    known = "There is already a group with this number. Ask the person who leads its account to add you"
    for field, number, column in (
        ("charity_number", charity_number, Organisation.charity_number),
        ("company_number", company_number, Organisation.company_number),
    ):
        if number and db.session.scalar(select(Organisation.id).where(column == number)):
            raise NotReadyError([Problem("organisation", field, known)])
    organisation = Organisation(
        checked_at=at,
        name=name,
        name_folded=folded(name),
        charity_number=charity_number or None,
        company_number=company_number or None,
    )
    db.session.add(organisation)
    db.session.flush()
    if actor.id is not None:
        add_member(organisation, actor.id, Role.LEAD)
    return organisation


def add_member(organisation: Organisation, person_id: int, role: Role) -> Membership:
    """Give a person a part in an organisation."""
    membership = Membership(organisation_id=organisation.id, person_id=person_id, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership


def save_search(actor: Actor, page: str, name: str, query: str) -> SavedSearch:
    """Keep a search of a list for oneself; one of the same name is replaced."""
    permit(actor, Action.SEARCH_SAVE)
    found = db.session.scalar(
        select(SavedSearch).where(SavedSearch.person_id == actor.id, SavedSearch.page == page, SavedSearch.name == name)
    )
    if found is None:
        found = SavedSearch(person_id=actor.id, page=page, name=name)
        db.session.add(found)
    found.query = query
    db.session.flush()
    return found


def delete_search(actor: Actor, search: SavedSearch) -> None:
    """Forget a search of one's own."""
    permit(actor, Action.SEARCH_DELETE)
    db.session.delete(search)


def try_key(email: str) -> str:
    """What tries are counted by: a hash of the address, so that the table holds none."""
    return hashlib.sha256(folded(email).encode()).hexdigest()


def note_try(key: str, at: datetime) -> None:
    """Count a try, and forget those that no longer count."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - WINDOW))
    db.session.add(SignInAttempt(key=key, at=at))


def forget_tries(key: str) -> None:
    """A sign-in that worked starts the count anew."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == key))


def end_sessions(person: Person) -> None:
    """No cookie given out before is worth anything after this."""
    person.session_key = secrets.token_urlsafe(32)
