"""Reading what the workbook is made of."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from spatc_funds.awards.models import Award, Instalment
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.funds.models import Round
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor


def rounds_with_awards(actor: Actor) -> Sequence[Round]:
    """Rounds that have awards, in order."""
    seen = select(Award.round_id).where(reach(actor, Action.WORKBOOK_EXPORT, Award.reference))
    return db.session.scalars(
        select(Round).where(Round.id.in_(seen)).order_by(Round.fund_id, Round.position).options(joinedload(Round.fund))
    ).all()


def awards_of(round_id: int, actor: Actor | None) -> Sequence[Award]:
    """The awards of a round, by reference; all of them, or those the actor may see."""
    found = select(Award).where(Award.round_id == round_id)
    if actor is not None:
        found = found.where(reach(actor, Action.WORKBOOK_EXPORT, Award.reference))
    return db.session.scalars(
        found.order_by(Award.reference).options(
            joinedload(Award.organisation), joinedload(Award.pot), joinedload(Award.theme)
        )
    ).all()


def payments_of(award_ids: Sequence[int]) -> Sequence[Payment]:
    """The payments of awards, by reference."""
    return db.session.scalars(
        select(Payment)
        .join(Instalment)
        .where(Instalment.award_id.in_(award_ids))
        .order_by(Payment.reference)
        .options(joinedload(Payment.instalment).joinedload(Instalment.award))
    ).all()
