"""Recommending, deciding, accepting. Each is called inside ``unit_of_work``."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import locked
from spatc_funds.applications.sending import close
from spatc_funds.assessment import breakdown
from spatc_funds.assessment.assurances import assured_tags
from spatc_funds.assessment.models import Result
from spatc_funds.awards import portfolio, queries
from spatc_funds.awards.models import (
    AmountRule,
    Award,
    AwardCrossCutting,
    AwardOutcome,
    AwardShare,
    AwardTarget,
    Decision,
    ExpectedReturn,
    Instalment,
    Origin,
    Recommendation,
    ThemeTag,
)
from spatc_funds.awards.schedule import Term, plan_instalments, plan_returns
from spatc_funds.core.clock import london_day
from spatc_funds.core.money import format_pounds
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.correspondence.operations import write
from spatc_funds.db.base import db
from spatc_funds.framework.measuring import own_measure
from spatc_funds.framework.models import PlanVersion
from spatc_funds.funds.queries import locked_pot
from spatc_funds.outbox.operations import queue
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import STANDING, AwardState
from spatc_funds.policy.workflow import move


def recommend(actor: Actor, bid: queries.Bid, amount_pence: int | None, reason: str, at: datetime) -> Recommendation:
    """The board's recommendation: an amount, or None for no award; a settled bid has one.

    Raises NotReadyError for what is missing or does not fit, IllegalMoveError when it was made already.
    """
    permit(actor, Action.RECOMMENDATION_MAKE, bid.subject)
    bid = _fresh(bid)
    if bid.result is None:
        message = "The result of this bid is not settled yet."
        raise IllegalMoveError(message)
    if bid.recommendation is not None:
        message = "The board's recommendation was recorded already."
        raise IllegalMoveError(message)
    _check(bid, amount_pence, reason, "reason")
    made = Recommendation(
        submission_id=bid.submission.id,
        award=amount_pence is not None,
        amount_pence=amount_pence,
        reason=reason.strip(),
        made_by_id=actor.id,
        made_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def decide(actor: Actor, bid: queries.Bid, amount_pence: int | None, reasons: str, at: datetime) -> Decision:
    """The decision, under the pot's lock: an amount, or None for no award; with reasons written to be public.

    Raises NotReadyError for what is missing or when the pot cannot bear it, IllegalMoveError when there is no
    recommendation yet or the bid is decided already. An award comes with its schedule and its frozen tags.
    """
    permit(actor, Action.DECISION_TAKE, bid.subject)
    pot = locked_pot(bid.submission.pot_id)
    bid = _fresh(bid)
    if bid.recommendation is None:
        message = "The board has not recommended on this bid yet."
        raise IllegalMoveError(message)
    if bid.decision is not None:
        message = "This bid is decided already."
        raise IllegalMoveError(message)
    _check(bid, amount_pence, reasons, "reasons")
    decision = Decision(
        submission_id=bid.submission.id,
        award=amount_pence is not None,
        amount_pence=amount_pence,
        reasons=reasons.strip(),
        decided_by_id=actor.id,
        decided_at=at,
    )
    db.session.add(decision)
    close(bid.submission.application, at)
    db.session.flush()
    if amount_pence is not None:
        pot.awarded_pence += amount_pence
        db.session.add(_award(bid.submission, decision, amount_pence, london_day(at)))
    _tell(bid.submission, bid.result, decision, at)
    db.session.flush()
    return decision


def accept(actor: Actor, award: Award, signed_as: str, at: datetime) -> None:
    """The grantee signs. Raises NotReadyError without a name."""
    permit(actor, Action.AWARD_ACCEPT, award.subject)
    award = queries.locked(award)
    state = move(award.state, Action.AWARD_ACCEPT)
    if not signed_as.strip():
        raise NotReadyError([Problem("accept", "signed_as", "Enter your full name to sign the agreement")])
    award.state, award.signed_as, award.answered_at, award.answered_by_id = state, signed_as.strip(), at, actor.id


def decline(actor: Actor, award: Award, at: datetime) -> None:
    """The grantee turns the offer down, and its money is free again in the pot."""
    permit(actor, Action.AWARD_DECLINE, award.subject)
    pot = locked_pot(award.pot_id) if award.pot_id else None
    award = queries.locked(award)
    award.state = move(award.state, Action.AWARD_DECLINE)
    award.answered_at, award.answered_by_id = at, actor.id
    if pot is not None:
        pot.awarded_pence -= award.amount_pence or 0


def _fresh(bid: queries.Bid) -> queries.Bid:
    """The bid as it is now, its application's and its submission's row locked, in this order, until it ends."""
    locked(bid.submission.application)
    db.session.execute(select(Submission.id).where(Submission.id == bid.submission.id).with_for_update())
    found = queries.bid(bid.submission.reference)
    if found is None or found.submission.application.state not in STANDING:
        message = "This application was withdrawn."
        raise IllegalMoveError(message)
    return found


def _check(bid: queries.Bid, amount_pence: int | None, reasons: str, field: str) -> None:
    found = []
    if amount_pence is not None:
        pot = bid.submission.pot
        why = portfolio.why_not(
            amount_pence,
            asked_pence=bid.submission.asked_pence,
            lowest_pence=bid.submission.content["lowest_pence"],
            limit_pence=pot.limit_pence,
            awarded_pence=pot.awarded_pence,
        )
        if why:
            found.append(Problem("decision", "amount", why))
    if not reasons.strip():
        found.append(Problem("decision", field, "Give the reasons"))
    if found:
        raise NotReadyError(found)


def _award(submission: Submission, decision: Decision, amount_pence: int, awarded_on: date) -> Award:
    sent, pot = submission.content | assured_tags(submission), submission.pot
    starts_on, ends_on = date.fromisoformat(sent["starts_on"]), date.fromisoformat(sent["ends_on"])
    terms = [Term(each["share"], each["trigger"], each["months_after"]) for each in pot.instalments]
    return Award(
        reference=submission.reference,
        origin=Origin.DECIDED,
        state=AwardState.OFFERED,
        decision_id=decision.id,
        submission_id=submission.id,
        round_id=submission.round_id,
        pot_id=pot.id,
        organisation_id=submission.organisation_id,
        recipient=sent["organisation"]["name"],
        project=submission.title,
        amount_pence=amount_pence,
        amount_rule=AmountRule.EXACT,
        awarded_on=awarded_on,
        starts_on=starts_on,
        ends_on=ends_on,
        plan_id=submission.round.plan_id,
        theme_tag=_theme_tag(sent, submission.round.plan),
        theme_id=_id(sent["theme"]),
        focus_area_id=_id(sent["focus_area"]),
        primary_outcome_id=_id(sent["primary_outcome"]),
        no_specific_outcome=sent["no_specific_outcome"],
        shares=[AwardShare(district=code, percent=percent) for code, percent in sent["shares"].items()],
        cross_cutting=[
            AwardCrossCutting(cross_cutting_theme_id=each["theme"]["id"], commitment_id=_id(each["commitment"]))
            for each in sent["cross_cutting"]
        ],
        other_outcomes=[AwardOutcome(outcome_id=each["id"]) for each in sent["other_outcomes"]],
        targets=[
            AwardTarget(measure_id=each["measure"]["id"], target=each["target"], target_of=each["target_of"])
            for each in sent["promises"]
        ]
        + [
            AwardTarget(
                measure=own_measure(submission.reference, each["place"], each["name"], each["kind"]),
                target=each["target"],
                target_of=each["target_of"],
            )
            for each in sent.get("own_promises", ())
        ],
        instalments=[
            Instalment(number=each.number, amount_pence=each.amount_pence, due_on=each.due_on, trigger=each.trigger)
            for each in plan_instalments(amount_pence, terms, starts_on)
        ],
        expected_returns=[
            ExpectedReturn(
                number=each.number, period_from=each.period_from, period_to=each.period_to, due_on=each.due_on
            )
            for each in plan_returns(starts_on, ends_on, pot.returns_months)
        ],
    )


def _tell(submission: Submission, result: Result | None, decision: Decision, at: datetime) -> None:
    """The outcome as a letter, and a mail that says there is one."""
    if decision.award:
        subject = f"Your project is funded: {submission.title}"
        opening = f"We are pleased to offer {format_pounds(decision.amount_pence or 0)} for “{submission.title}”."
        closing = "Sign in to read the offer and accept it. Nothing is paid before you do."
    else:
        subject = f"Our decision on {submission.title}"
        opening = f"We are sorry that we cannot fund “{submission.title}” this time."
        closing = "You can apply again in a later round."
    parts = [opening, "The reasons for the decision:", decision.reasons, *_feedback(submission, result), closing]
    body = "\n\n".join(parts)
    write(submission.organisation_id, submission.reference, "decision", subject, body, at)
    mail = f"There is a decision on your application {submission.reference}. Sign in to read it."
    about = f"A decision on {submission.reference}"
    queue(f"decision:{submission.reference}", submission.sent_by.email, about, mail, at)


def _feedback(submission: Submission, result: Result | None) -> list[str]:
    """What the group is told of each criterion, as parts of a letter: its name, the standard reached, the words."""
    if result is None:
        return []
    names = {criterion.key: criterion.name for criterion in submission.round.criteria}
    lines = breakdown.told(result.content, names)
    parts = ["\n".join(filter(None, [f"{each.name}:", each.standard])) for each in lines]
    heading = ["What we thought of each part of your application:"] if lines else []
    return heading + [part for whole in zip(parts, (each.text for each in lines), strict=True) for part in whole]


def _theme_tag(sent: Mapping[str, Any], plan: PlanVersion | None) -> ThemeTag:
    """A project of another priority of the plan stands under none of the strategy's themes."""
    if sent["theme"]:
        return ThemeTag.THEME
    priority = (sent.get("priority") or {}).get("key")
    return ThemeTag.OTHER_PRIORITY if plan and priority not in {None, plan.strategy_priority} else ThemeTag.NOT_TAGGED


def _id(named: dict[str, int] | None) -> int | None:
    return named["id"] if named else None
