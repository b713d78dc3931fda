"""Where a bid stands on its way (pure): five stages that a volunteer understands."""

from dataclasses import dataclass
from enum import StrEnum

STAGES = ("Apply", "Assess", "Decide", "Deliver", "Done")


class Stage(StrEnum):
    """What is known of a bid, from the furthest room that knows it."""

    DRAFT = "Draft"
    SUBMITTED = "Sent, waiting to be assessed"
    WITHDRAWN = "Withdrawn"
    ASSESSING = "Being assessed"
    ASSESSED = "Assessed, waiting for the board"
    RECOMMENDED = "With the decision maker"
    DECLINED = "Not funded this time"
    OFFERED = "Offered: yours to accept"
    TURNED_DOWN = "Offer turned down"
    DELIVERING = "Funded, under way"
    COMPLETE = "Finished"


PLACE = {
    Stage.DRAFT: 1,
    Stage.SUBMITTED: 2,
    Stage.ASSESSING: 2,
    Stage.ASSESSED: 3,
    Stage.RECOMMENDED: 3,
    Stage.OFFERED: 3,
    Stage.DELIVERING: 4,
    Stage.COMPLETE: 5,
}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of each room about one bid."""

    submitted: bool
    withdrawn: bool
    scores: int
    settled: bool
    recommended: bool
    decided: str | None  # award or decline
    award_state: str | None
    returns_owed: int
    returns_accepted: int


def stage(known: Known) -> Stage:
    """The furthest stage that the facts support."""
    if known.withdrawn:
        return Stage.WITHDRAWN
    if not known.submitted:
        return Stage.DRAFT
    if known.award_state:
        return _awarded(known)
    if known.decided == "decline":
        return Stage.DECLINED
    return _assessed(known)


def _assessed(known: Known) -> Stage:
    if known.recommended:
        return Stage.RECOMMENDED
    if known.settled:
        return Stage.ASSESSED
    return Stage.ASSESSING if known.scores else Stage.SUBMITTED


def _awarded(known: Known) -> Stage:
    if known.award_state == "offered":
        return Stage.OFFERED
    if known.award_state == "declined":
        return Stage.TURNED_DOWN
    return Stage.COMPLETE if known.returns_owed and known.returns_owed == known.returns_accepted else Stage.DELIVERING
