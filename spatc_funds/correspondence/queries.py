"""Reading letters."""

from collections.abc import Sequence

from sqlalchemy import select

from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db


def letters_about(bid: str) -> Sequence[Letter]:
    """The letters about one bid, oldest first."""
    return db.session.scalars(select(Letter).where(Letter.about == bid).order_by(Letter.written_at, Letter.id)).all()
