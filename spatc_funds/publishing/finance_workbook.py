"""The finance workbook of one round: cover, awards, payments, checks."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from spatc_funds.awards.models import AmountRule, Award
from spatc_funds.core.clock import london_day
from spatc_funds.files.workbook import Column, Value, add_facts, add_table, pounds, save
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import round_by_code
from spatc_funds.payments.models import Payment
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import AwardState, PaymentState
from spatc_funds.publishing import queries

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

AWARDS = (
    Column("Award"),
    Column("Recipient", 34),
    Column("Register number", 16),
    Column("Project", 40),
    Column("Pot", 20),
    Column("Theme", 28),
    Column("State", 12),
    Column("Awarded on", 13),
    Column("Amount known", 14),
    Column("Amount", 14, summed=True),
)
PAYMENTS = (
    Column("Payment"),
    Column("Award"),
    Column("Recipient", 34),
    Column("Instalment", 11),
    Column("State", 12),
    Column("Due on", 13),
    Column("Requested on", 13),
    Column("Approved on", 13),
    Column("Paid on", 13),
    Column("Ledger reference", 20),
    Column("Amount", 14, summed=True),
)
CHECKS = (Column("Check", 60), Column("Holds", 10))


def write_workbook(round_code: str, out: Path, at: datetime, actor: Actor | None = None) -> None:
    """Write the workbook as at a moment; with an actor, of what they may see. Raises LookupError for no such round."""
    asked = round_by_code(round_code)
    if asked is None:
        raise LookupError(f"there is no round “{round_code}”")
    awards = queries.awards_of(asked.id, actor)
    payments = queries.payments_of([award.id for award in awards])
    standing = [payment for payment in payments if payment.state is not PaymentState.REFUSED]
    book = Workbook()
    book.remove(book.worksheets[0])
    cover: Worksheet = book.create_sheet("Cover")
    add_facts(cover, f"{asked.fund.name}: {asked.name}", _facts(asked, awards, standing, at))
    add_table(book, "Awards", f"Awards of {asked.fund.name}, {asked.name}", AWARDS, [_award(each) for each in awards])
    title = f"Payments of {asked.fund.name}, {asked.name} (refused ones left out)"
    add_table(book, "Payments", title, PAYMENTS, [_payment(each) for each in standing])
    add_table(book, "Checks", "Checks of this workbook", CHECKS, _checks(awards, standing))
    save(book, out, at)


def _facts(asked: Round, awards: Sequence[Award], payments: Sequence[Payment], at: datetime) -> list[tuple[str, Value]]:
    paid = [payment.amount_pence for payment in payments if payment.state is PaymentState.PAID]
    return [
        ("As at", at),
        ("Fund", asked.fund.name),
        ("Round", f"{asked.name} ({asked.code})"),
        ("Awards", len(awards)),
        ("Awarded, amounts exactly known (£)", pounds(sum(_exact(award) for award in awards))),
        ("Awards whose amount is not exactly known", sum(1 for award in awards if not _exact(award))),
        ("Payments", len(payments)),
        ("Paid (£)", pounds(sum(paid))),
        ("Example", "Invented groups; no real money" if asked.kind.value == "example" else "No"),
    ]


def _award(award: Award) -> list[Value]:
    return [
        award.reference,
        award.recipient or "Recipient not named",
        award.organisation.number if award.organisation else "",
        award.project,
        award.pot.name if award.pot else "",
        award.theme.name if award.theme else award.theme_tag.value,
        award.state.value,
        award.awarded_on,
        award.amount_rule.value,
        pounds(award.amount_pence) if _exact(award) else None,
    ]


def _payment(payment: Payment) -> list[Value]:
    instalment = payment.instalment
    return [
        payment.reference,
        instalment.award.reference,
        instalment.award.recipient,
        instalment.number,
        payment.state.value,
        instalment.due_on,
        london_day(payment.requested_at),
        london_day(payment.approved_at) if payment.approved_at else None,
        payment.paid_on,
        payment.ledger_reference,
        pounds(payment.amount_pence),
    ]


def _checks(awards: Sequence[Award], payments: Sequence[Payment]) -> list[list[Value]]:
    of_award: dict[int, int] = {}
    for payment in payments:
        number = payment.instalment.award_id
        of_award[number] = of_award.get(number, 0) + payment.amount_pence
    by_pot: dict[int, int] = {}
    limits: dict[int, int] = {}
    for award in awards:
        if award.pot is not None and award.pot.limit_pence is not None and award.state is not AwardState.DECLINED:
            by_pot[award.pot.id] = by_pot.get(award.pot.id, 0) + (award.amount_pence or 0)
            limits[award.pot.id] = award.pot.limit_pence
    return [
        [
            "No award is paid more than it is",
            all(of_award.get(each.id, 0) <= (each.amount_pence or 0) for each in awards),
        ],
        ["Every pot stays within budget and over-commitment", all(by_pot[key] <= limits[key] for key in by_pot)],
        [
            "Every payment was approved by another person than requested it",
            all(each.approved_by_id != each.requested_by_id for each in payments),
        ],
        ["Only accepted awards are paid", all(_accepted(each) for each in payments)],
    ]


def _accepted(payment: Payment) -> bool:
    return payment.instalment.award.state is AwardState.ACCEPTED


def _exact(award: Award) -> int:
    return award.amount_pence or 0 if award.amount_rule is AmountRule.EXACT else 0
