"""Whether an instalment may be paid (pure): every gate with its reason."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

SUPPLIER_FORM = "supplier form"
BANK_CHECKED = "bank details checked"
RETURN_ACCEPTED = "return accepted"
NOT_PAID = "not paid yet"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: its name, whether it is met, and why or why not in words."""

    name: str
    met: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one instalment. ``met`` maps a gate to the evidence noted for it."""

    amount_pence: int
    award_pence: int
    already_pence: int  # of other instalments: requested, approved or paid
    due_on: date
    trigger: str
    return_needed: int | None
    award_accepted: bool
    required: Sequence[str]
    met: Mapping[str, str]
    returns_accepted: AbstractSet[int]
    live_payment: bool


def gates(case: Case, today: date) -> list[Gate]:
    """Every gate of the instalment, in the order people would clear them."""
    found = [
        Gate(
            "award accepted", case.award_accepted, "Signed" if case.award_accepted else "The award is not accepted yet"
        )
    ]
    named = dict.fromkeys([*case.required, *([case.trigger] if case.trigger != RETURN_ACCEPTED else [])])
    for name in named:
        evidence = case.met.get(name, "").strip() or None
        if name == "agreement signed" and evidence is None and case.award_accepted:
            evidence = "Signed when the award was accepted"
        found.append(Gate(name, evidence is not None, evidence or "Not recorded yet"))
    if case.trigger == RETURN_ACCEPTED or case.return_needed is not None:
        accepted = case.return_needed in case.returns_accepted
        name = "A return" if case.return_needed is None else f"Return {case.return_needed}"
        words = f"{name} is {'accepted' if accepted else 'not accepted yet'}"
        found.append(Gate("return accepted", accepted, words))
    due = today >= case.due_on
    found.append(Gate("due", due, f"{'Due since' if due else 'Not due before'} {case.due_on:%-d %B %Y}"))
    within = case.already_pence + case.amount_pence <= case.award_pence
    found.append(Gate("within the award", within, "Adds up" if within else "Would pay more than the award"))
    free = not case.live_payment
    found.append(Gate(NOT_PAID, free, "No payment of it yet" if free else "A payment of it was already requested"))
    return found


def may_release(case: Case, today: date) -> bool:
    """Whether every gate is met."""
    return all(gate.met for gate in gates(case, today))
