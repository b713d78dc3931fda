"""Reading what is due to be paid, and why something is not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.awards.models import Award, Instalment
from spatc_funds.awards.schedule import return_needed
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.payments.models import MetGate, Payment
from spatc_funds.payments.release import RETURN_ACCEPTED, Case, Gate, gates, may_release
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject
from spatc_funds.policy.states import AwardState, PaymentState
from spatc_funds.returns.queries import accepted_numbers_of


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
        return reference_of(self.instalment)


def reference_of(instalment: Instalment) -> str:
    """The reference of an instalment."""
    return f"{instalment.award.reference}-P{instalment.number}"


def due(reference: str, today: date) -> Due | None:
    """One instalment by its reference."""
    award, _, tail = reference.rpartition("-P")
    if not (tail.isascii() and tail.isdigit() and len(tail) < 4):  # an award has a few instalments
        return None
    found = db.session.scalar(select(Award).where(Award.reference == award).options(*_AWARD))
    return next((each for each in dues(found, today) if each.instalment.number == int(tail)), None) if found else None


def dues(award: Award, today: date) -> list[Due]:
    """Each instalment of an award with its gates, in order."""
    return dues_of(award.instalments, today)


def dues_of(instalments: Sequence[Instalment], today: date) -> list[Due]:
    """These instalments, in their order, with their gates; as many queries for one as for a thousand."""
    found = _found({each.award_id for each in instalments})
    return [_due(each, found, today) for each in instalments]


def ready_ids(actor: Actor, today: date) -> list[int]:
    """The instalments that the actor may see and that could be requested now: every gate is met."""
    asked = select(Payment.instalment_id).where(Payment.state != PaymentState.REFUSED)
    likely = db.session.scalars(
        select(Instalment)
        .where(visible_instalments(actor), Instalment.due_on <= today, Instalment.id.not_in(asked))
        .order_by(Instalment.id)
    ).all()
    return [each.instalment.id for each in dues_of(likely, today) if each.open]


def recordable(found: Due) -> list[str]:
    """The conditions that are still open and that a person notes; the others are told by the records."""
    named = {*found.case.required, found.case.trigger} - {RETURN_ACCEPTED}
    return [gate.name for gate in found.gates if gate.name in named and not gate.met]


def payments_of(instalment_id: int) -> Sequence[Payment]:
    """Every payment of an instalment that was ever asked for, refused ones included, in order."""
    return db.session.scalars(select(Payment).where(Payment.instalment_id == instalment_id).order_by(Payment.id)).all()


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
        .options(*_AWARD)
    ).all()


def payment_by_reference(reference: str) -> Payment | None:
    """One payment."""
    return db.session.scalar(
        select(Payment)
        .where(Payment.reference == reference)
        .options(joinedload(Payment.instalment).joinedload(Instalment.award))
    )


def paid_pence(awards: Select[int], as_at: date) -> dict[int, int]:
    """What was paid of each award up to a day, by award id; ``awards`` selects the ids."""
    rows = db.session.execute(
        select(Instalment.award_id, Payment.amount_pence)
        .join(Payment, Payment.instalment_id == Instalment.id)
        .where(Payment.state == PaymentState.PAID, Payment.paid_on <= as_at, Instalment.award_id.in_(awards))
    )
    found: dict[int, int] = {}
    for award_id, pence in rows:
        found[award_id] = found.get(award_id, 0) + pence
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """The awards whose payments the actor may read."""
    return reach(actor, Action.PAYMENT_LIST, Award.reference)


def visible_instalments(actor: Actor) -> ColumnElement[bool]:
    """The instalments, of accepted awards, that the actor may read."""
    return Instalment.award_id.in_(select(Award.id).where(Award.state == AwardState.ACCEPTED, visible(actor)))


def visible_payments(actor: Actor) -> ColumnElement[bool]:
    """The payments that the actor may read."""
    return Payment.instalment_id.in_(select(Instalment.id).join(Award).where(visible(actor)))


def has_payment(*wanted: PaymentState) -> ColumnElement[bool]:
    """Instalments with a payment in one of these states, as a condition."""
    return exists().where(Payment.instalment_id == Instalment.id, Payment.state.in_(wanted))


_TERMS = (joinedload(Award.pot), joinedload(Award.decision))
_AWARD = (selectinload(Award.instalments), *_TERMS)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the gates of some awards' instalments are told by, each by the award's id."""

    awards: Mapping[int, Award]
    instalments: Mapping[int, Sequence[Instalment]]
    live: Mapping[int, Payment]  # by instalment
    met: Mapping[int, Mapping[str, str]]
    returns: Mapping[int, Collection[int]]


def _found(award_ids: Collection[int]) -> _Found:
    awards = db.session.scalars(select(Award).where(Award.id.in_(award_ids)).options(*_TERMS))
    of_awards = Instalment.award_id.in_(award_ids)
    instalments: dict[int, list[Instalment]] = {}
    for each in db.session.scalars(select(Instalment).where(of_awards).order_by(Instalment.number)):
        instalments.setdefault(each.award_id, []).append(each)
    live = db.session.scalars(select(Payment).join(Instalment).where(of_awards, Payment.state != PaymentState.REFUSED))
    met: dict[int, dict[str, str]] = {}
    for gate in db.session.scalars(select(MetGate).where(MetGate.award_id.in_(award_ids))):
        met.setdefault(gate.award_id, {})[gate.gate] = gate.evidence
    return _Found(
        awards={each.id: each for each in awards},
        instalments=instalments,
        live={payment.instalment_id: payment for payment in live},
        met=met,
        returns=accepted_numbers_of(award_ids),
    )


def _due(instalment: Instalment, found: _Found, today: date) -> Due:
    award, all_of_it = found.awards[instalment.award_id], found.instalments[instalment.award_id]
    others = [found.live[each.id] for each in all_of_it if each.id in found.live and each.id != instalment.id]
    case = Case(
        amount_pence=instalment.amount_pence,
        award_pence=award.amount_pence or 0,
        already_pence=sum(payment.amount_pence for payment in others),
        due_on=instalment.due_on,
        trigger=instalment.trigger,
        return_needed=return_needed([each.trigger for each in all_of_it], instalment.number),
        award_accepted=award.state is AwardState.ACCEPTED,
        required=award.pot.gates if award.pot else (),
        met=found.met.get(award.id, {}),
        returns_accepted=frozenset(found.returns.get(award.id, ())),
        live_payment=instalment.id in found.live,
    )
    decided = frozenset({award.decision.decided_by_id}) if award.decision else frozenset[int]()
    subject = Subject(bid=award.reference, hands={Action.DECISION_TAKE: decided})
    payment = found.live.get(instalment.id)
    return Due(instalment, case, gates(case, today), may_release(case, today), payment, subject)
