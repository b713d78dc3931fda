"""One instalment as finance officers meet it: its gates, its payment, and each act on them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.core.words import key_of
from spatc_funds.db import unit_of_work
from spatc_funds.payments import forms, operations, queries
from spatc_funds.payments.models import Payment
from spatc_funds.payments.release import Gate
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import decide
from spatc_funds.policy.workflow import may_move, move
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, check, current_actor
from spatc_funds.web.panel import RegisterView, expose

CHANGED = "The payment of this instalment has changed since you opened it. Go back and read it once more."
NOT_PAID_YET = "not paid yet"


def today() -> date:
    """The day in London."""
    return london_day(now())


def find_due(reference: str) -> queries.Due | None:
    """One instalment with its gates as they are today."""
    return queries.due(reference, today())


class InstalmentPages(RegisterView):
    """The pages of one instalment, by its reference; the list of them all is the subclass's."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.PAYMENT_LIST,
        "export": Action.PAYMENT_LIST,
        "show": Action.PAYMENT_LIST,
        "meet": Action.GATE_MEET,
        "ask": Action.PAYMENT_REQUEST,
        "approve": Action.PAYMENT_APPROVE,
        "refuse": Action.PAYMENT_REFUSE,
        "pay": Action.PAYMENT_PAY,
    }

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One instalment: its gates, its payment, and what may be done."""
        return self._page(self._find(Action.PAYMENT_LIST, reference))

    @expose("/<ref:reference>/condition", methods=("POST",))
    def meet(self, reference: str) -> ResponseReturnValue:
        """Note that a condition is met."""
        due, actor, at = self._find(Action.GATE_MEET, reference), current_actor(), now()
        gate = request.form.get("gate", "")
        if gate in due.case.met:
            raise IllegalMoveError("This condition was recorded already.")
        form = forms.gate_form(queries.recordable(due))
        if not form.validate():
            return self._page(due, refused=form), 422
        try:
            with unit_of_work(actor.id, Action.GATE_MEET, due.instalment.award.reference):
                operations.meet_gate(actor, due.instalment.award, form.gate.data, form.evidence.data, at)
        except NotReadyError as error:
            form.show(error.problems)
            return self._page(self._find(Action.PAYMENT_LIST, reference), refused=form), 422
        return self._done(reference, f"Recorded: {form.gate.data}.")

    @expose("/<ref:reference>/request", methods=("POST",))
    def ask(self, reference: str) -> ResponseReturnValue:
        """Request the payment, or say what still stands in its way."""
        due, actor, at = self._find(Action.PAYMENT_REQUEST, reference), current_actor(), now()
        try:
            with unit_of_work(actor.id, Action.PAYMENT_REQUEST, due.instalment.award.reference):
                operations.request(actor, due, at)
        except NotReadyError as error:
            return self._page(self._find(Action.PAYMENT_LIST, reference), closed=error.problems), 422
        return self._done(reference, f"The payment of {reference} is requested. Another person has to approve it.")

    @expose("/<ref:reference>/approve", methods=("POST",))
    def approve(self, reference: str) -> ResponseReturnValue:
        """Approve what another person requested."""
        payment, actor, at = self._payment(Action.PAYMENT_APPROVE, reference), current_actor(), now()
        with unit_of_work(actor.id, Action.PAYMENT_APPROVE, payment.instalment.award.reference):
            operations.approve(actor, payment, at)
        return self._done(reference, f"The payment of {reference} is approved.")

    @expose("/<ref:reference>/refuse", methods=("POST",))
    def refuse(self, reference: str) -> ResponseReturnValue:
        """Refuse a requested payment."""
        payment, actor, form = self._payment(Action.PAYMENT_REFUSE, reference), current_actor(), forms.RefuseForm()
        if not form.validate():
            return self._page(self._find(Action.PAYMENT_LIST, reference), refused=form), 422
        reason = form.reason.data
        with unit_of_work(actor.id, Action.PAYMENT_REFUSE, payment.instalment.award.reference, reason):
            operations.refuse(actor, payment, reason)
        return self._done(reference, f"The payment of {reference} is refused. It can be requested again.")

    @expose("/<ref:reference>/pay", methods=("POST",))
    def pay(self, reference: str) -> ResponseReturnValue:
        """Note that the money went out."""
        payment, actor, form = self._payment(Action.PAYMENT_PAY, reference), current_actor(), forms.PaidForm()
        if not form.validate() or not forms.in_the_past(form, today()) or form.paid_on.data is None:
            return self._page(self._find(Action.PAYMENT_LIST, reference), refused=form), 422
        try:
            with unit_of_work(actor.id, Action.PAYMENT_PAY, payment.instalment.award.reference):
                operations.mark_paid(actor, payment, form.paid_on.data, form.ledger_reference.data)
        except NotReadyError as error:
            form.show(error.problems)
            return self._page(self._find(Action.PAYMENT_LIST, reference), refused=form), 422
        return self._done(reference, f"{reference} is marked as paid.")

    def _find(self, action: Action, reference: str) -> queries.Due:
        return self.load(action, find_due, reference)

    def _payment(self, action: Action, reference: str) -> Payment:
        """The payment that the page was about, while this can still be done to it."""
        payment = self._find(Action.PAYMENT_LIST, reference).payment
        if payment is None:
            raise IllegalMoveError(CHANGED)
        check(action, payment)
        if request.form.get("payment", payment.reference) != payment.reference:
            raise IllegalMoveError(CHANGED)
        move(payment.state, action)
        return payment

    def _done(self, reference: str, message: str) -> ResponseReturnValue:
        flash(message, "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _page(self, due: queries.Due, refused: PageForm | None = None, closed: Sequence[Problem] = ()) -> str:
        open_gates = queries.recordable(due)
        made = (forms.gate_form(open_gates), forms.RefuseForm(), forms.PaidForm())
        gate_form, refuse_form, paid_form = (refused if type(refused) is type(form) else form for form in made)
        problems = [{"href": f"#gate-{key_of(each.field)}", "message": capital(each.message)} for each in closed]
        return self.render(
            "payments/instalment.html",
            due=due,
            award=due.instalment.award,
            payment=due.payment,
            gates=[(key_of(gate.name), gate) for gate in standing_gates(due)],
            noted={gate.gate: gate for gate in queries.met_gates(due.instalment.award)},
            return_url=self._return_url(due),
            history=queries.payments_of(due.instalment.id),
            form=refused,
            gate_form=gate_form,
            refuse_form=refuse_form,
            paid_form=paid_form,
            problems=problems,
            has_errors=bool(problems),
            may=_may(due, open_gates),
            why_not=_why_not(due.payment),
        )

    def _return_url(self, due: queries.Due) -> str:
        """Where the return that it waits for is read; empty when it waits for none."""
        if due.case.return_needed is None or not allowed(Action.RETURN_LIST, due):
            return ""
        reference = f"{due.instalment.award.reference}-R{due.case.return_needed}"
        return self.get_url("panel_returns.show", reference=reference)


def standing_gates(due: queries.Due) -> list[Gate]:
    """The gates that still say something once a payment was requested."""
    return [gate for gate in due.gates if due.payment is None or gate.name != NOT_PAID_YET]


def _may(due: queries.Due, open_gates: Sequence[str]) -> dict[str, bool]:
    """Which acts the page offers."""
    payment = due.payment
    offered = {"approve": Action.PAYMENT_APPROVE, "refuse": Action.PAYMENT_REFUSE, "pay": Action.PAYMENT_PAY}
    of_payment = {
        name: payment is not None and may_move(payment.state, action) and allowed(action, payment)
        for name, action in offered.items()
    }
    return of_payment | {
        "meet": bool(open_gates) and allowed(Action.GATE_MEET, due),
        "ask": payment is None and allowed(Action.PAYMENT_REQUEST, due),
    }


def _why_not(payment: Payment | None) -> str:
    """Why somebody with the role for it may not approve this one, in words."""
    if payment is None or not may_move(payment.state, Action.PAYMENT_APPROVE) or not allowed(Action.PAYMENT_APPROVE):
        return ""
    return decide(current_actor(), Action.PAYMENT_APPROVE, payment.subject).reason


def capital(text: str) -> str:
    """The text with its first letter capital."""
    return text[:1].upper() + text[1:]
