"""What waits for somebody of a group (pure), what is due first before the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spatc_funds.core.clock import london_day
from spatc_funds.home.journey import Stage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject, decide
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns.due import standing

UNKNOWN = date.max


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: the words of its link, the endpoint it leads to, and by when."""

    label: str
    about: str
    endpoint: str
    reference: str
    by: date | datetime | None = None
    late: bool = False

    @property
    def day(self) -> date:
        """What it is sorted by."""
        if isinstance(self.by, datetime):
            return london_day(self.by)
        return self.by or UNKNOWN


@dataclass(frozen=True, slots=True)
class Draft:
    """A bid as far as its group may still have to do something with it."""

    reference: str
    title: str
    subject: Subject
    stage: Stage
    closes_at: datetime | None
    open: bool
    reopened: bool = False  # sent, with changes that are not


@dataclass(frozen=True, slots=True)
class DueReturn:
    """A return that is owed."""

    reference: str
    project: str
    subject: Subject
    state: ReturnState
    due_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the officers about a bid, and the day by which they need its answer."""

    reference: str
    subject: Subject
    by: date | None


def waiting(
    actor: Actor, bids: Iterable[Draft], returns: Iterable[DueReturn], today: date, asked: Iterable[Asked] = ()
) -> Sequence[Waiting]:
    """Questions and offers to answer, drafts that can still be sent, and returns due; only what the actor may do."""
    found = [*_offers(actor, bids), *_drafts(actor, bids), *_returns(actor, returns, today)]
    found += [
        Waiting("Answer our question", each.reference, "applications.messages", each.reference, each.by, late)
        for each in asked
        if decide(actor, Action.MESSAGE_WRITE, each.subject).allowed
        for late in [each.by is not None and each.by < today]
    ]
    return sorted(found, key=lambda each: each.day)


def _offers(actor: Actor, bids: Iterable[Draft]) -> list[Waiting]:
    return [
        Waiting("Accept or turn down the offer", bid.title, "awards.show", bid.reference)
        for bid in bids
        if bid.stage is Stage.OFFERED and decide(actor, Action.AWARD_ACCEPT, bid.subject).allowed
    ]


def _drafts(actor: Actor, bids: Iterable[Draft]) -> list[Waiting]:
    found = []
    for bid in bids:
        unsent = bid.open and (bid.reopened or bid.stage is Stage.DRAFT)
        if unsent and decide(actor, Action.APPLICATION_EDIT, bid.subject).allowed:
            words = (
                "Send your application again, or leave it as you sent it"
                if bid.reopened
                else "Finish and send your application"
            )
            found.append(Waiting(words, bid.title, "applications.task_list", bid.reference, bid.closes_at))
    return found


def _returns(actor: Actor, returns: Iterable[DueReturn], today: date) -> list[Waiting]:
    found = []
    for each in returns:
        stands, back = standing(each.state, each.due_on, today), each.state is ReturnState.SENT_BACK
        if (back or stands in {"late", "due"}) and decide(actor, Action.RETURN_SEND, each.subject).allowed:
            label = "Mend and send your return again" if back else "Fill in your return"
            late = stands == "late"
            found.append(Waiting(label, each.project, "returns.show", each.reference, each.due_on, late))
    return found
