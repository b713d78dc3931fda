"""Which role may do which act, and how far; and ``decide``, the one function that says yes or no, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from spatc_funds.core.problems import ForbiddenError, MissingError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import MEMBER_ROLES, STAFF_ROLES, Role


class Scope(StrEnum):
    """How far a permission reaches. A conflict of interest bars every one of them but OWN."""

    OWN = "of one's own organisation"
    ALLOCATED = "allocated to one"
    ASSIGNED = "allocated to one, with no prejudicial interest declared"
    ANYWHERE = "anywhere"


class Actor(Protocol):
    """Whoever acts, as the request's loader knows them: references are those of bids (``EX-MSCF-7K2M9``)."""

    @property
    def id(self) -> int | None:
        """The account's number; None for nobody."""
        ...

    @property
    def roles(self) -> frozenset[Role]:
        """Roles on the staff."""
        ...

    @property
    def memberships(self) -> Mapping[int, Role]:
        """The part played in each organisation, by its id."""
        ...

    @property
    def allocated(self) -> frozenset[str]:
        """Bids given to them to assess."""
        ...

    @property
    def assigned(self) -> frozenset[str]:
        """Those of them with no prejudicial interest declared."""
        ...

    @property
    def barred(self) -> frozenset[str]:
        """Bids that a conflict of interest keeps from them."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """An actor as plain values."""

    id: int | None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    memberships: Mapping[int, Role] = field(default_factory=dict)
    allocated: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: the bid it belongs to, whose it is, and who did which act on it before."""

    bid: str = ""
    organisation_id: int | None = None
    hands: Mapping[Action, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer; ``hidden`` when the person is not to learn that the thing exists (a 404, not a 403)."""

    allowed: bool
    reason: str = ""
    hidden: bool = False


ALLOWED = Decision(allowed=True)
_MEMBERS = dict.fromkeys(MEMBER_ROLES, Scope.OWN)
_WRITERS = dict.fromkeys((Role.LEAD, Role.EDITOR), Scope.OWN)
_SENDERS = dict.fromkeys((Role.LEAD, Role.SIGNATORY), Scope.OWN)
_READERS = {Role.PROGRAMME_OFFICER: Scope.ANYWHERE, Role.AUDITOR: Scope.ANYWHERE}
_OFFICER = {Role.PROGRAMME_OFFICER: Scope.ANYWHERE}
_FINANCE = {Role.FINANCE_OFFICER: Scope.ANYWHERE}
_EVERY_STAFF = dict.fromkeys(STAFF_ROLES, Scope.ANYWHERE)
# Whoever may come to judge a bid, or pay for one.
_INTERESTED: dict[Role, Scope] = dict.fromkeys(
    (role for role in STAFF_ROLES if role not in {Role.AUDITOR, Role.ADMINISTRATOR}), Scope.ANYWHERE
)
_BOARD = {Role.BOARD_MEMBER: Scope.ANYWHERE, Role.DECISION_MAKER: Scope.ANYWHERE}
# Whoever reads what the plan has come to: the impact pages, and what they stand on.
_PLAN_READERS = _READERS | _BOARD | _FINANCE | {Role.ANALYST: Scope.ANYWHERE}
_FIGURES = _OFFICER | {Role.ANALYST: Scope.ANYWHERE}
_ALLOCATED = {Role.ASSESSOR: Scope.ALLOCATED, Role.ADVISER: Scope.ALLOCATED}
_ASSIGNED = {Role.ASSESSOR: Scope.ASSIGNED, Role.ADVISER: Scope.ASSIGNED}

# An act that stands with an empty mapping is done by commands, or by whoever is not signed in yet: no role gives it.
PERMISSIONS: Mapping[Action, Mapping[Role, Scope]] = MappingProxyType(
    {
        Action.PERSON_ASK_CODE: {},
        Action.PERSON_SIGN_IN: {},
        Action.PERSON_SIGN_OUT: {Role.ANYONE_SIGNED_IN: Scope.ANYWHERE},
        Action.PERSON_CREATE: {},
        Action.PERSON_LIST: {Role.ADMINISTRATOR: Scope.ANYWHERE, Role.AUDITOR: Scope.ANYWHERE},
        Action.ORGANISATION_CREATE: {Role.ANYONE_SIGNED_IN: Scope.ANYWHERE},
        Action.PLAN_LOAD: {},
        Action.PLAN_LIST: _PLAN_READERS,
        Action.PLAN_EDIT: _OFFICER,
        Action.PLAN_MAKE_CURRENT: _OFFICER,
        Action.INDICATOR_LOAD: {},
        Action.INDICATOR_LIST: _PLAN_READERS,
        Action.INDICATOR_IMPORT: _FIGURES,
        Action.INDICATOR_OBSERVE: _FIGURES,
        Action.MEASURE_LIST: _PLAN_READERS,
        Action.MEASURE_EDIT: _OFFICER,
        Action.MEASURE_CHOOSE: _OFFICER,
        Action.FUND_LOAD: {},
        Action.ROUND_LIST: _EVERY_STAFF,
        Action.FORMAT_ASK: {},
        Action.FORMAT_LIST: _READERS,
        Action.APPLICATION_START: _WRITERS,
        Action.APPLICATION_READ: _MEMBERS,
        Action.APPLICATION_EDIT: _WRITERS,
        Action.APPLICATION_SUBMIT: _SENDERS,
        Action.APPLICATION_REOPEN: _SENDERS,
        Action.APPLICATION_RESTORE: _SENDERS,
        Action.APPLICATION_WITHDRAW: _SENDERS,
        Action.APPLICATION_DELETE: _SENDERS,
        Action.APPLICATION_REMIND: {},
        Action.EQUALITY_ANSWER: _WRITERS | _SENDERS,
        Action.EQUALITY_READ: {Role.ANALYST: Scope.ANYWHERE},
        Action.MESSAGE_WRITE: _WRITERS | _SENDERS,
        Action.MESSAGE_LIST: _READERS,
        Action.MESSAGE_ANSWER: _OFFICER,
        Action.SUBMISSION_LIST: _READERS | _BOARD | {Role.ASSESSOR: Scope.ASSIGNED},
        Action.SUBMISSION_READ: _READERS | _BOARD | {Role.ASSESSOR: Scope.ASSIGNED},
        Action.ASSESSMENT_LIST: _ALLOCATED,
        Action.ASSESSMENT_ALLOCATE: _OFFICER,
        Action.INTEREST_REGISTER: _INTERESTED,
        Action.INTEREST_END: _INTERESTED,
        Action.INTEREST_LIST: _READERS,
        Action.INTEREST_DECLARE: _OFFICER | _BOARD | _FINANCE | {Role.ANALYST: Scope.ANYWHERE} | _ALLOCATED,
        Action.ASSESSMENT_SCORE: _ASSIGNED,
        Action.ASSESSMENT_FINISH: _ASSIGNED,
        Action.BID_TAG: _OFFICER,
        Action.BID_UNTAG: _OFFICER,
        Action.CHECK_RECORD: _OFFICER,
        Action.TEXT_COMPARE: _OFFICER,
        Action.TEXT_JUDGE: _OFFICER,
        Action.TAGS_CONFIRM: _OFFICER,
        Action.CALIBRATION_SET: _OFFICER,
        Action.CALIBRATION_CLOSE: _OFFICER,
        Action.MEETING_LIST: _READERS | _BOARD,
        Action.MEETING_SET: _OFFICER,
        Action.MEETING_CALL: _OFFICER,
        Action.MEETING_MINUTE: _OFFICER,
        Action.SCORE_MODERATE: _OFFICER,
        Action.FEEDBACK_WRITE: _OFFICER,
        Action.RESULT_LIST: _READERS | _BOARD,
        Action.RESULT_SETTLE: _OFFICER,
        Action.RECOMMENDATION_LIST: _READERS | _BOARD,
        Action.RECOMMENDATION_MAKE: {Role.BOARD_MEMBER: Scope.ANYWHERE},
        Action.DECISION_LIST: _READERS | _BOARD,
        Action.DECISION_TAKE: {Role.DECISION_MAKER: Scope.ANYWHERE},
        Action.AWARD_LIST: _READERS | _BOARD | _FINANCE | {Role.ANALYST: Scope.ANYWHERE},
        Action.AWARD_READ: _MEMBERS | _READERS | _BOARD | _FINANCE | {Role.ANALYST: Scope.ANYWHERE},
        Action.AWARD_ACCEPT: _SENDERS,
        Action.AWARD_DECLINE: _SENDERS,
        Action.AWARD_IMPORT: {},
        Action.RESULTS_IMPORT: {},
        Action.STATEMENT_PUBLISH: _OFFICER | {Role.ANALYST: Scope.ANYWHERE},
        Action.INSTALMENT_LIST: _READERS | _FINANCE,
        Action.RETURN_LIST: _READERS | _BOARD | _FINANCE | {Role.ANALYST: Scope.ANYWHERE},
        Action.RETURN_READ: _MEMBERS,
        Action.RETURN_EDIT: _WRITERS,
        Action.RETURN_SEND: _WRITERS | _SENDERS,
        Action.RETURN_RECALL: _WRITERS | _SENDERS,
        Action.RETURN_REVIEW: _OFFICER,
        Action.RETURN_ACCEPT: _OFFICER,
        Action.RETURN_SEND_BACK: _OFFICER,
        Action.RETURN_REOPEN: _OFFICER,
        Action.RETURN_REMIND: {},
        Action.AWARD_RATE: _OFFICER,
        Action.VISIT_RECORD: _OFFICER,
        Action.CASE_LIST: _READERS | _BOARD | {Role.ANALYST: Scope.ANYWHERE},
        Action.CASE_CHOOSE: _OFFICER,
        Action.CASE_DROP: _OFFICER,
        Action.GATE_MEET: _FINANCE | _OFFICER,
        Action.PAYMENT_LIST: _READERS | _FINANCE,
        Action.PAYMENT_REQUEST: _FINANCE,
        Action.PAYMENT_APPROVE: _FINANCE,
        Action.PAYMENT_REFUSE: _FINANCE,
        Action.PAYMENT_PAY: _FINANCE,
        Action.IMPACT_READ: _PLAN_READERS,
        Action.REPORT_READ: _PLAN_READERS,
        Action.REPORT_START: _FIGURES,
        Action.REPORT_EDIT: _FIGURES,
        Action.REPORT_FINISH: _FIGURES,
        Action.REPORT_DELETE: _FIGURES,
        Action.WORKBOOK_EXPORT: _FINANCE | {Role.AUDITOR: Scope.ANYWHERE},
        Action.PANEL_OPEN: _EVERY_STAFF,
        Action.SEARCH_SAVE: _READERS | _BOARD | {Role.ASSESSOR: Scope.ANYWHERE},
        Action.SEARCH_DELETE: _READERS | _BOARD | {Role.ASSESSOR: Scope.ANYWHERE},
        Action.HOME_READ: {Role.ANYONE_SIGNED_IN: Scope.ANYWHERE},
        Action.LOG_LIST: {Role.AUDITOR: Scope.ANYWHERE},
        Action.MAIL_SEND: {},
    }
)

# Whoever did one of these to a thing may not do the other to it (separation of duties; SAFETY: told by history).
FOUR_EYES: Mapping[Action, frozenset[Action]] = MappingProxyType(
    {
        Action.RECOMMENDATION_MAKE: frozenset({Action.ASSESSMENT_SCORE, Action.SCORE_MODERATE}),
        Action.DECISION_TAKE: frozenset(
            {Action.ASSESSMENT_SCORE, Action.SCORE_MODERATE, Action.RESULT_SETTLE, Action.RECOMMENDATION_MAKE}
        ),
        Action.PAYMENT_APPROVE: frozenset({Action.PAYMENT_REQUEST, Action.DECISION_TAKE}),
        Action.PAYMENT_PAY: frozenset({Action.DECISION_TAKE}),
        Action.RETURN_ACCEPT: frozenset({Action.RETURN_SEND}),
        Action.PAYMENT_REQUEST: frozenset({Action.DECISION_TAKE}),
    }
)

DID: Mapping[Action, str] = MappingProxyType(
    {
        Action.ASSESSMENT_SCORE: "scored this bid",
        Action.SCORE_MODERATE: "moderated a score of this bid",
        Action.RESULT_SETTLE: "settled the result of this bid",
        Action.RECOMMENDATION_MAKE: "recorded the recommendation on this bid",
        Action.PAYMENT_REQUEST: "requested this payment",
        Action.RETURN_SEND: "sent this return",
        Action.DECISION_TAKE: "decided on this bid",
    }
)
TO_DO: Mapping[Action, str] = MappingProxyType(
    {
        Action.RECOMMENDATION_MAKE: "record the recommendation",
        Action.DECISION_TAKE: "decide",
        Action.PAYMENT_APPROVE: "approve it",
        Action.RETURN_ACCEPT: "accept it",
        Action.PAYMENT_REQUEST: "request its payments",
        Action.PAYMENT_PAY: "mark it as paid",
    }
)


def decide(actor: Actor, action: Action, subject: Subject | None = None) -> Decision:
    """Whether the actor may do this to the subject (or at all, to anything, where there is none), and why not.

    A person without any role for the act is told so; one whose roles do not reach this thing is not to learn that it
    exists.
    """
    granted = PERMISSIONS[action]
    held = {role: scope for role, scope in granted.items() if role in _all_roles(actor)}
    if not held:
        needed = " or ".join(role.value for role in granted) or "a command"
        return Decision(allowed=False, reason=f"This needs the role of {needed}.")
    if subject is None:
        return ALLOWED
    if not any(_reaches(actor, role, scope, subject) for role, scope in held.items()):
        return Decision(allowed=False, reason="This is not open to you.", hidden=True)
    for earlier in sorted(FOUR_EYES.get(action, ())):
        if actor.id in subject.hands.get(earlier, ()):
            reason = f"You {DID[earlier]}, so another person has to {TO_DO[action]}."
            return Decision(allowed=False, reason=reason)
    return ALLOWED


def permit(actor: Actor, action: Action, subject: Subject | None = None) -> None:
    """Raise ForbiddenError, or MissingError where the actor is not to learn that the thing exists."""
    decision = decide(actor, action, subject)
    if decision.hidden:
        raise MissingError(decision.reason)
    if not decision.allowed:
        raise ForbiddenError(decision.reason)


def scopes(actor: Actor, action: Action) -> frozenset[Scope]:
    """How far the actor's own roles reach for this act: what a list of the things must keep to."""
    return frozenset(scope for role, scope in PERMISSIONS[action].items() if role in _all_roles(actor))


def _all_roles(actor: Actor) -> frozenset[Role]:
    signed_in = {Role.ANYONE_SIGNED_IN} if actor.id is not None else set()
    return actor.roles | (frozenset(actor.memberships.values()) & frozenset(MEMBER_ROLES)) | signed_in


def _reaches(actor: Actor, role: Role, scope: Scope, subject: Subject) -> bool:
    if scope is Scope.OWN:
        return subject.organisation_id is not None and actor.memberships.get(subject.organisation_id) is role
    if subject.bid and subject.bid in actor.barred:
        return False
    return scope is Scope.ANYWHERE or subject.bid in (actor.allocated if scope is Scope.ALLOCATED else actor.assigned)
