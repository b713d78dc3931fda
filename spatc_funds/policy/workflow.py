"""The legal moves: one table per lifecycle, (state, action) → state."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from spatc_funds.core.problems import IllegalMoveError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import (
    ApplicationState,
    AssessmentState,
    AwardState,
    PaymentState,
    PlanState,
    ReportState,
    ReturnState,
)

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[tuple[StrEnum, Action], StrEnum]

WORKFLOWS: Mapping[type[StrEnum], Moves] = MappingProxyType(
    {
        ApplicationState: {
            (ApplicationState.DRAFT, Action.APPLICATION_EDIT): ApplicationState.DRAFT,
            (ApplicationState.DRAFT, Action.APPLICATION_SUBMIT): ApplicationState.SUBMITTED,
            (ApplicationState.SUBMITTED, Action.APPLICATION_REOPEN): ApplicationState.REOPENED,
            (ApplicationState.REOPENED, Action.APPLICATION_EDIT): ApplicationState.REOPENED,
            (ApplicationState.REOPENED, Action.APPLICATION_SUBMIT): ApplicationState.SUBMITTED,
            (ApplicationState.REOPENED, Action.APPLICATION_RESTORE): ApplicationState.SUBMITTED,
            (ApplicationState.SUBMITTED, Action.APPLICATION_WITHDRAW): ApplicationState.WITHDRAWN,
            (ApplicationState.REOPENED, Action.APPLICATION_WITHDRAW): ApplicationState.WITHDRAWN,
        },
        PlanState: {
            (PlanState.DRAFT, Action.PLAN_EDIT): PlanState.DRAFT,
            (PlanState.DRAFT, Action.PLAN_MAKE_CURRENT): PlanState.CURRENT,
            (PlanState.CURRENT, Action.PLAN_MAKE_CURRENT): PlanState.CLOSED,  # by the one that takes its place
        },
        AssessmentState: {
            (AssessmentState.STARTED, Action.ASSESSMENT_SCORE): AssessmentState.STARTED,
            (AssessmentState.STARTED, Action.ASSESSMENT_FINISH): AssessmentState.FINAL,
            (AssessmentState.STARTED, Action.INTEREST_DECLARE): AssessmentState.LOCKED,
            (AssessmentState.FINAL, Action.INTEREST_DECLARE): AssessmentState.LOCKED,
        },
        AwardState: {
            (AwardState.OFFERED, Action.AWARD_ACCEPT): AwardState.ACCEPTED,
            (AwardState.OFFERED, Action.AWARD_DECLINE): AwardState.DECLINED,
        },
        ReturnState: {
            (ReturnState.NOT_STARTED, Action.RETURN_EDIT): ReturnState.STARTED,
            (ReturnState.STARTED, Action.RETURN_EDIT): ReturnState.STARTED,
            (ReturnState.SENT_BACK, Action.RETURN_EDIT): ReturnState.SENT_BACK,
            (ReturnState.STARTED, Action.RETURN_SEND): ReturnState.SENT,
            (ReturnState.SENT_BACK, Action.RETURN_SEND): ReturnState.SENT,
            (ReturnState.SENT, Action.RETURN_RECALL): ReturnState.STARTED,
            (ReturnState.SENT, Action.RETURN_REVIEW): ReturnState.SENT,
            (ReturnState.SENT, Action.RETURN_SEND_BACK): ReturnState.SENT_BACK,
            (ReturnState.SENT, Action.RETURN_ACCEPT): ReturnState.ACCEPTED,
            (ReturnState.ACCEPTED, Action.RETURN_REOPEN): ReturnState.SENT_BACK,
        },
        ReportState: {
            (ReportState.DRAFT, Action.REPORT_EDIT): ReportState.DRAFT,
            (ReportState.DRAFT, Action.REPORT_FINISH): ReportState.FINAL,
        },
        PaymentState: {
            (PaymentState.REQUESTED, Action.PAYMENT_APPROVE): PaymentState.APPROVED,
            (PaymentState.REQUESTED, Action.PAYMENT_REFUSE): PaymentState.REFUSED,
            (PaymentState.APPROVED, Action.PAYMENT_PAY): PaymentState.PAID,
        },
    }
)


def move(state: State, action: Action) -> State:
    """The state that the action leads to; raises IllegalMoveError where there is no such move."""
    reached = WORKFLOWS[type(state)].get((state, action))
    if reached is None:
        message = f"This is “{state.value}” now, so that can no longer be done, or not yet."
        raise IllegalMoveError(message)
    return type(state)(reached)


def may_move(state: StrEnum, action: Action) -> bool:
    """Whether the move exists, for pages that offer it."""
    return (state, action) in WORKFLOWS[type(state)]


def check_move(old: State | None, new: State) -> State:
    """Refuse a pair of states that no action allows, from wherever it is written (models' validators call this).

    Raises IllegalMoveError. A first state, and no change, are always legal.
    """
    moves = WORKFLOWS[type(new)]
    legal = old is None or old is new or any(start is old and end is new for (start, _), end in moves.items())
    if not legal:
        message = f"Nothing leads from “{old}” to “{new}”."
        raise IllegalMoveError(message)
    return new
