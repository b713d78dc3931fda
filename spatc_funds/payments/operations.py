"""Meeting gates, and paying: requested by one person, approved by another. Each is called inside ``unit_of_work``."""

from datetime import date, datetime

from sqlalchemy import func, select

from spatc_funds.awards.models import Award
from spatc_funds.awards.queries import locked
from spatc_funds.core import periods
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.payments import queries
from spatc_funds.payments.models import MetGate, Payment
from spatc_funds.payments.release import BANK_CHECKED, NOT_PAID, SUPPLIER_FORM
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import PaymentState
from spatc_funds.policy.workflow import move


def meet_gate(actor: Actor, award: Award, gate: str, evidence: str, at: datetime) -> MetGate:
    """Note that a condition is met, and by what. Bank details are checked by another person than took the form.

    Raises NotReadyError without evidence, or when that is the same person, IllegalMoveError for a gate that is not the
    pot's or is met already.
    """
    permit(actor, Action.GATE_MEET, award.subject)
    award = locked(award)
    met = {each.gate: each for each in queries.met_gates(award)}
    if award.pot is None or gate not in {*award.pot.gates, *(each.trigger for each in award.instalments)}:
        message = "This is not a condition of this award."
        raise IllegalMoveError(message)
    if gate in met:
        message = "This condition was recorded already."
        raise IllegalMoveError(message)
    if not evidence.strip():
        raise NotReadyError([Problem("gate", "evidence", "Say what you saw that shows it")])
    pair = {SUPPLIER_FORM: BANK_CHECKED, BANK_CHECKED: SUPPLIER_FORM}.get(gate)
    if pair in met and met[pair].met_by_id == actor.id:
        message = f"You recorded “{pair}” of this award, so another person has to record “{gate}”"
        raise NotReadyError([Problem("gate", "gate", message)])
    noted = MetGate(award_id=award.id, gate=gate, evidence=evidence.strip(), met_by_id=actor.id, met_at=at)
    db.session.add(noted)
    return noted


def request(actor: Actor, due: queries.Due, at: datetime) -> Payment:
    """Ask for an instalment to be paid; raises NotReadyError with each gate that is closed."""
    permit(actor, Action.PAYMENT_REQUEST, due.subject)
    locked(due.instalment.award)
    now = queries.due(due.reference, london_day(at))
    if now is None or not now.open:
        closed = [gate for gate in (now.gates if now else ()) if not gate.met]
        raise NotReadyError([Problem("payment", gate.name, f"{gate.name}: {gate.reason}") for gate in closed])
    tries = db.session.scalar(
        select(func.count()).select_from(Payment).where(Payment.instalment_id == now.instalment.id)
    )
    payment = Payment(
        reference=now.reference if not tries else f"{now.reference}X{tries}",
        instalment_id=now.instalment.id,
        amount_pence=now.instalment.amount_pence,
        state=PaymentState.REQUESTED,
        requested_at=at,
        requested_by_id=actor.id,
    )
    db.session.add(payment)
    db.session.flush()
    return payment


def approve(actor: Actor, payment: Payment, at: datetime) -> Payment:
    """Approve what another person requested; raises NotReadyError for gates that have closed meanwhile."""
    permit(actor, Action.PAYMENT_APPROVE, payment.subject)
    payment = _locked(payment)
    state = move(payment.state, Action.PAYMENT_APPROVE)
    _still_open(payment, at)
    payment.state = state
    payment.approved_at, payment.approved_by_id = at, actor.id
    return payment


def refuse(actor: Actor, payment: Payment, reason: str) -> Payment:
    """Refuse a requested payment; its instalment may be requested again."""
    permit(actor, Action.PAYMENT_REFUSE, payment.subject)
    payment = _locked(payment)
    state = move(payment.state, Action.PAYMENT_REFUSE)
    if not reason.strip():
        raise NotReadyError([Problem("payment", "reason", "Say why it is refused")])
    payment.state, payment.refused_reason = state, reason.strip()
    return payment


def mark_paid(actor: Actor, payment: Payment, paid_on: date, ledger_reference: str) -> Payment:
    """Note that the money went out on a day, under the ledger's reference. Raises NotReadyError without one."""
    permit(actor, Action.PAYMENT_PAY, payment.subject)
    payment = _locked(payment)
    state = move(payment.state, Action.PAYMENT_PAY)
    wrong = []
    if not ledger_reference.strip():
        wrong.append(Problem("payment", "ledger_reference", "Enter the ledger's reference of the payment"))
    if payment.approved_at is not None and paid_on < london_day(payment.approved_at):
        wrong.append(Problem("payment", "paid_on", "A payment is made on or after the day it was approved"))
    if wrong:
        raise NotReadyError(wrong)
    _still_open(payment, periods.london_noon(paid_on))
    payment.state, payment.paid_on, payment.paid_by_id = state, paid_on, actor.id
    payment.ledger_reference = ledger_reference.strip()
    return payment


def _still_open(payment: Payment, at: datetime) -> None:
    """Raise NotReadyError for gates that closed after the payment was requested (a return that was opened again)."""
    award = payment.instalment.award
    locked(award)
    due = queries.due(f"{award.reference}-P{payment.instalment.number}", london_day(at))
    closed = [gate for gate in (due.gates if due else ()) if not gate.met and gate.name != NOT_PAID]
    if closed:
        raise NotReadyError([Problem("payment", gate.name, f"{gate.name}: {gate.reason}") for gate in closed])


def _locked(payment: Payment) -> Payment:
    return db.session.scalars(
        select(Payment).where(Payment.id == payment.id).with_for_update().execution_options(populate_existing=True)
    ).one()
