"""The states of each lifecycle. What can be told from dates or from the next room's record is not a state."""

from enum import StrEnum


class ApplicationState(StrEnum):
    """An application is the applicant's while it is a draft, and again while it is reopened.

    What was sent stands while changes to it are being made, and if they are never sent.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


UNSENT = frozenset({ApplicationState.DRAFT, ApplicationState.REOPENED})
STANDING = frozenset({ApplicationState.SUBMITTED, ApplicationState.REOPENED})


class PlanState(StrEnum):
    """A draft is still being written; the current one is what the service speaks in; a closed one was it."""

    DRAFT = "draft"
    CURRENT = "current"
    CLOSED = "closed"


class AssessmentState(StrEnum):
    """One assessor's sheet for one submission; LOCKED when they declared a prejudicial interest after they began."""

    STARTED = "started"
    FINAL = "final"
    LOCKED = "locked"


class AwardState(StrEnum):
    """IMPORTED awards were decided elsewhere, before this service, and never move."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IMPORTED = "imported"


class ReportState(StrEnum):
    """A panel report is written, and its figures move, until it is final."""

    DRAFT = "draft"
    FINAL = "final"


class ReturnState(StrEnum):
    """A grantee's monitoring return; the words are those of the import contract."""

    NOT_STARTED = "not started"
    STARTED = "started"
    SENT = "sent"
    SENT_BACK = "sent back"
    ACCEPTED = "accepted"


class PaymentState(StrEnum):
    """One payment of one instalment."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    PAID = "paid"
