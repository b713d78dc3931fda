"""Everything that the service holds of one person, as a file that programs can read (UK GDPR, articles 15, 20)."""

from typing import Any

from sqlalchemy import select

from spatc_funds.accounts.models import Membership, Person
from spatc_funds.applications.models import Application
from spatc_funds.applications.queries import WHOLE, content, versions_of
from spatc_funds.audit.models import AccessEntry, LogEntry
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.outbox.models import OutboxMessage


def own_data(person_id: int) -> dict[str, Any]:
    """The account, its groups, their applications with what was sent, letters, mail, and what the person did."""
    person = db.session.get_one(Person, person_id)
    parts = db.session.scalars(select(Membership).where(Membership.person_id == person_id)).all()
    groups = [each.organisation_id for each in parts]
    found = db.session.scalars(select(Application).where(Application.organisation_id.in_(groups)).options(*WHOLE))
    letters = db.session.scalars(select(Letter).where(Letter.organisation_id.in_(groups)).order_by(Letter.id))
    no_code = (OutboxMessage.recipient == person.email, OutboxMessage.expires_at.is_(None))
    mail = db.session.scalars(select(OutboxMessage).where(*no_code).order_by(OutboxMessage.id))
    acts = db.session.scalars(select(LogEntry).where(LogEntry.actor_id == person_id).order_by(LogEntry.id))
    looks = db.session.scalars(select(AccessEntry).where(AccessEntry.actor_id == person_id).order_by(AccessEntry.id))
    return {
        "account": {"name": person.name, "email": person.email, "roles": [each.role.value for each in person.roles]},
        "groups": [
            {
                "name": each.organisation.name,
                "charity_number": each.organisation.charity_number,
                "company_number": each.organisation.company_number,
                "your_part": each.role.value,
            }
            for each in parts
        ],
        "applications": [_application(each) for each in found],
        "letters": [
            {"about": each.about, "subject": each.subject, "body": each.body, "written_at": each.written_at.isoformat()}
            for each in letters
        ],
        "mail": [
            {"subject": each.subject, "body": each.body, "written_at": each.written_at.isoformat()} for each in mail
        ],
        "what_you_did": [
            {"at": each.at.isoformat(), "act": each.action, "on": each.subject, "reason": each.reason} for each in acts
        ],
        "what_you_opened": [
            {"at": each.at.isoformat(), "what": each.what, "on": each.subject, "outcome": each.outcome}
            for each in looks
        ],
    }


def _application(each: Application) -> dict[str, Any]:
    sent = [
        {"version": version.number, "received_at": version.received_at.isoformat(), "content": version.content}
        for version in versions_of(each)
    ]
    return {"reference": each.reference, "state": each.state.value, "now": content(each), "sent": sent}
