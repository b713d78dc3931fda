"""Giving a round's bids to assessors, in the officers' panel: what is asked, what it would do and why, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.assessment import allocating, to_give
from spatc_funds.assessment.allocation import Given, Plan, allocate
from spatc_funds.assessment.forms import PlanForm, plan_form
from spatc_funds.assessment.to_give import Choice, Facts, ToGive
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, MissingError
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422
OTHERWISE = "Bids or people have changed since this was shown. This is what it would do now."


@dataclass(frozen=True, slots=True)
class Row:
    """One bid of the plan: who would have it, and who would not have it any more."""

    bid: ToGive
    given: Sequence[Given]
    dropped: Sequence[str]

    @property
    def changes(self) -> bool:
        """Whether anything would be other than it is."""
        return bool(self.dropped) or any(each.new for each in self.given)


@dataclass(frozen=True, slots=True)
class Load:
    """How many bids somebody has in other rounds, of this round now, and of this round by the plan."""

    name: str
    elsewhere: int
    now: int
    then: int


class AllocationPlan(Gate):
    """Bids of one round, given by a solver. Nothing is written until an officer has seen what it would do."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.ASSESSMENT_ALLOCATE,
        "show": Action.ASSESSMENT_ALLOCATE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rounds that have bids to give."""
        rounds = to_give.rounds_to_give(current_actor(), clock.now())
        return self.render("assessment/allocation_index.html", rounds=rounds)

    @expose("/<code>/", methods=("GET", "POST"))
    def show(self, code: str) -> ResponseReturnValue:
        """What is asked; what it would do; and, when that was seen, doing it."""
        asked = round_by_code(code)
        if asked is None:
            raise MissingError
        facts = to_give.facts_of(current_actor(), asked, clock.now())
        form = _form(facts, asked)
        if not form.validate_on_submit():
            page = self.render("assessment/allocation.html", round=asked, facts=facts, form=form)
            return page, UNPROCESSABLE if form.errors else 200
        choice = _choice(form)
        plan = _solved(facts, choice)
        if request.form.get("act") != "give":
            return self._preview(code, facts, form, plan)
        if request.form.get("shown") != to_give.fingerprint(facts, choice, plan):
            return self._preview(code, facts, form, plan, OTHERWISE), UNPROCESSABLE
        return self._give(code, facts, form, plan)

    def _give(self, code: str, facts: Facts, form: PlanForm, plan: Plan) -> ResponseReturnValue:
        """All of it, or nothing: when something changed while the plan was made, what it would do now is shown."""
        actor, at = current_actor(), clock.now()
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_ALLOCATE, code):
                given, gone = allocating.give(actor, _round(code), facts, plan, at)
        except ChangedError as error:
            facts = to_give.facts_of(actor, _round(code), at)
            return self._preview(code, facts, form, _solved(facts, _choice(form)), str(error)), UNPROCESSABLE
        back = f", and took back {count_of(gone, 'place')} that had not been begun" if gone else ""
        flash(f"You gave {count_of(given, 'place')}{back}.", "success")
        return redirect(self.get_url(".index"), 303)

    def _preview(self, code: str, facts: Facts, form: PlanForm, plan: Plan, fault: str = "") -> str:
        rows = [
            Row(bid, plan.given[bid.reference], [facts.names[each] for each in plan.dropped[bid.reference]])
            for bid in facts.bids
        ]
        return self.render(
            "assessment/allocation_plan.html",
            round=_round(code),
            facts=facts,
            rows=sorted(rows, key=lambda row: not row.changes),
            loads=_loads(facts, plan, form.taking_part()),
            plan=plan,
            hidden=form.hidden() | {"shown": to_give.fingerprint(facts, _choice(form), plan)},
            new=sum(each.new for row in rows for each in row.given),
            dropped=sum(len(row.dropped) for row in rows),
            fault=fault,
            has_errors=bool(fault),
        )


def _round(code: str) -> Round:
    """The round again: what was loaded before the solver ran was let go."""
    found = round_by_code(code)
    if found is None:
        raise MissingError
    return found


def _form(facts: Facts, asked: Round) -> PlanForm:
    themes = sorted({bid.theme for bid in facts.bids if bid.theme})
    districts = sorted({district for bid in facts.bids for district in bid.districts})
    people = {each: facts.names[each] for each in facts.people}
    return plan_form(people, facts.loads, themes, districts, asked.assessors_needed)


def _choice(form: PlanForm) -> Choice:
    needed = form.needed.data or 1
    return Choice(needed, form.most.data, form.taking_part(), form.said("knows-"), form.said("prefers-"))


def _solved(facts: Facts, choice: Choice) -> Plan:
    """The plan. The transaction ends first: SQLite has one writer, and others save while the solver thinks."""
    db.session.rollback()
    bids, people = to_give.asked_of(facts, choice)
    return allocate(bids, people, facts.barred)


def _loads(facts: Facts, plan: Plan, people: Sequence[int]) -> list[Load]:
    """Everybody who takes part or has a bid of the round, by name."""
    now = [each for bid in facts.bids for each in bid.held | bid.fixed]
    then = [each.person for found in plan.given.values() for each in found]
    return [
        Load(facts.names[each], facts.loads.get(each, 0), now.count(each), then.count(each))
        for each in sorted({*people, *now, *then}, key=lambda each: (facts.names[each], each))
    ]
