"""Writing letters."""

from datetime import datetime

from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db


def write(organisation_id: int, about: str, kind: str, subject: str, body: str, at: datetime) -> Letter:
    """A letter about a bid, inside the caller's unit of work; the table refuses a second of the same kind."""
    letter = Letter(organisation_id=organisation_id, about=about, kind=kind, subject=subject, body=body, written_at=at)
    db.session.add(letter)
    return letter
