"""Reading what is due to be paid, and why something is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.awards.models import Award, Instalment
from spatc_funds.awards.schedule import return_needed
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.payments.models import MetGate, Payment
from spatc_funds.payments.release import Case, Gate, gates, may_release
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject
from spatc_funds.policy.states import AwardState, PaymentState
from spatc_funds.returns.queries import accepted_numbers


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment with its gates, and its payment once one was requested."""

    instalment: Instalment
    case: Case
    gates: Sequence[Gate]
    open: bool
    payment: Payment | None
    subject: Subject

    @property
    def reference(self) -> str:
        """``EX-MSCF-7K2M9-P1``."""
        return f"{self.instalment.award.reference}-P{self.instalment.number}"


def due(reference: str, today: date) -> Due | None:
    """One instalment by its reference."""
    award, _, tail = reference.rpartition("-P")
    if not (tail.isascii() and tail.isdigit() and len(tail) < 4):  # noqa: PLR2004 # an award has a few instalments
        return None
    found = db.session.scalar(
        select(Award).where(Award.reference == award).options(selectinload(Award.instalments), joinedload(Award.pot))
    )
    return next((each for each in dues(found, today) if each.instalment.number == int(tail)), None) if found else None


def dues(award: Award, today: date) -> list[Due]:
    """Each instalment of an award with its gates, in order."""
    live = {payment.instalment_id: payment for payment in _live([each.id for each in award.instalments])}
    met = {each.gate: each.evidence for each in met_gates(award)}
    returns = accepted_numbers(award.id)
    triggers = [each.trigger for each in award.instalments]
    found = []
    for each in award.instalments:
        others = [payment.amount_pence for number, payment in live.items() if number != each.id]
        case = Case(
            amount_pence=each.amount_pence,
            award_pence=award.amount_pence or 0,
            already_pence=sum(others),
            due_on=each.due_on,
            trigger=each.trigger,
            return_needed=return_needed(triggers, each.number),
            award_accepted=award.state is AwardState.ACCEPTED,
            required=award.pot.gates if award.pot else (),
            met=met,
            returns_accepted=returns,
            live_payment=each.id in live,
        )
        decided = frozenset({award.decision.decided_by_id}) if award.decision else frozenset()
        subject = Subject(bid=award.reference, hands={Action.DECISION_TAKE: decided})
        found.append(Due(each, case, gates(case, today), may_release(case, today), live.get(each.id), subject))
    return found


def met_gates(award: Award) -> Sequence[MetGate]:
    """The conditions of an award that were seen to be met."""
    return db.session.scalars(
        select(MetGate).where(MetGate.award_id == award.id).order_by(MetGate.id).options(joinedload(MetGate.met_by))
    ).all()


def accepted_awards(actor: Actor) -> Sequence[Award]:
    """Accepted awards whose payments the actor may see, by reference."""
    return db.session.scalars(
        select(Award)
        .where(Award.state == AwardState.ACCEPTED, visible(actor))
        .order_by(Award.reference)
        .options(selectinload(Award.instalments), joinedload(Award.pot), joinedload(Award.decision))
    ).all()


def payment_by_reference(reference: str) -> Payment | None:
    """One payment."""
    return db.session.scalar(
        select(Payment)
        .where(Payment.reference == reference)
        .options(joinedload(Payment.instalment).joinedload(Instalment.award))
    )


def paid_pence(award_ids: Sequence[int], as_at: date) -> dict[int, int]:
    """What was paid of each award up to a day, by award id."""
    rows = db.session.execute(
        select(Instalment.award_id, Payment.amount_pence)
        .join(Payment, Payment.instalment_id == Instalment.id)
        .where(Payment.state == PaymentState.PAID, Payment.paid_on <= as_at, Instalment.award_id.in_(award_ids))
    )
    found: dict[int, int] = {}
    for award_id, pence in rows:
        found[award_id] = found.get(award_id, 0) + pence
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """The awards whose payments the actor may read."""
    return reach(actor, Action.PAYMENT_LIST, Award.reference)


def _live(instalment_ids: Sequence[int]) -> Sequence[Payment]:
    return db.session.scalars(
        select(Payment).where(Payment.instalment_id.in_(instalment_ids), Payment.state != PaymentState.REFUSED)
    ).all()
