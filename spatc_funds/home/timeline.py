"""What happened to a bid and when, and what comes next (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from spatc_funds.core.clock import london_day
from spatc_funds.home.journey import Stage
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns.due import standing

When = date | datetime | None
WEEK = timedelta(days=7)
ENDED = frozenset({Stage.WITHDRAWN, Stage.DECLINED, Stage.TURNED_DOWN})


@dataclass(frozen=True, slots=True)
class Dates:
    """The moments that are known of a bid."""

    started_at: datetime
    closes_at: datetime | None
    sent_at: Sequence[datetime]  # each version, the first one first
    withdrawn_at: datetime | None
    settled_at: datetime | None
    recommended_at: datetime | None
    decided_at: datetime | None
    answered_at: datetime | None
    told_on: date | None = None  # when the round said that people would hear


@dataclass(frozen=True, slots=True)
class Report:
    """A return on the timeline."""

    number: int
    state: ReturnState
    due_on: date
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; ``when`` is past for what is done, and a date to come for what is not."""

    title: str
    state: Literal["done", "now", "next"]
    when: When = None
    note: str = ""


def events(stage: Stage, dates: Dates, reports: Iterable[Report], at: datetime) -> Sequence[Event]:
    """Everything that happened, where the bid is now, and what is still to come."""
    found = [Event("Started", "done", dates.started_at)]
    if not dates.sent_at and dates.closes_at and at >= dates.closes_at:
        return [*found, Event("The round closed", "done", dates.closes_at, "This application was not sent in time.")]
    found += [*_applying(dates), *_assessing(stage, dates), *_deciding(stage, dates)]
    if stage in {Stage.DELIVERING, Stage.COMPLETE}:
        found += [_report(each, london_day(at)) for each in reports]
        if stage is Stage.COMPLETE:
            found.append(Event("Finished", "done", None, "Every return is accepted."))
    if dates.withdrawn_at:
        found.append(Event("Withdrawn", "done", dates.withdrawn_at, "Your group took this application back."))
    return found


def delay(stage: Stage, dates: Dates, today: date) -> str:
    """What is later than was said, in words; empty when nothing is. The week that was said has to be over."""
    if not dates.sent_at or dates.decided_at or stage in ENDED or dates.told_on is None:
        return ""
    said = dates.told_on - timedelta(days=dates.told_on.weekday())
    if today < said + WEEK:
        return ""
    return f"We are late. We said that you would hear in the week of {said:%-d %B %Y}, and there is no decision yet."


def _applying(dates: Dates) -> list[Event]:
    if dates.sent_at:
        first, *later = dates.sent_at
        again = [Event(f"Sent again, version {number}", "done", at) for number, at in enumerate(later, start=2)]
        return [Event("Sent", "done", first, "We have your application."), *again]
    note = "You can change your answers until you send them."
    return [Event("Send your application", "now", dates.closes_at, note)]


def _assessing(stage: Stage, dates: Dates) -> list[Event]:
    if dates.settled_at:
        return [Event("Assessed", "done", dates.settled_at, "People scored it against the criteria of the round.")]
    if stage in ENDED:
        return []
    note = "People score it against the criteria of the round, each without seeing the scores of the others."
    if stage is Stage.SUBMITTED:
        return [Event("Waiting to be assessed", "now", None, note)]
    return [Event("Being assessed", "now" if dates.sent_at else "next", None, note)]


def _deciding(stage: Stage, dates: Dates) -> list[Event]:
    found = []
    if dates.recommended_at:
        found.append(Event("Recommendation of the board", "done", dates.recommended_at))
    elif stage not in ENDED and not dates.decided_at:
        found.append(Event("Recommendation of the board", "now" if dates.settled_at else "next"))
    if dates.decided_at:
        title = "Decided: not funded this time" if stage is Stage.DECLINED else "Decided: funded"
        found.append(Event(title, "done", dates.decided_at, "The letter below gives the reasons."))
    elif stage not in ENDED:
        found.append(Event("Decision", "now" if dates.recommended_at else "next", None, "We write to you."))
    return [*found, *_answer(stage, dates)]


def _answer(stage: Stage, dates: Dates) -> list[Event]:
    if stage is Stage.OFFERED:
        return [Event("Accept the offer", "now", None, "Nothing is paid before you accept.")]
    if not dates.answered_at:
        return []
    return [Event("Offer turned down" if stage is Stage.TURNED_DOWN else "Offer accepted", "done", dates.answered_at)]


def _report(report: Report, today: date) -> Event:
    title, stands = f"Return {report.number}", standing(report.state, report.due_on, today)
    if report.state is ReturnState.ACCEPTED:
        return Event(f"{title} accepted", "done", report.sent_at)
    if report.state is ReturnState.SENT:
        return Event(f"{title} sent", "done", report.sent_at, "We read it and tell you if anything is missing.")
    if report.state is ReturnState.SENT_BACK:
        return Event(f"{title} to mend and send again", "now", report.due_on)
    words = {"late": f"{title} is late", "due": f"{title} is due"}.get(stands, f"{title} to come")
    return Event(words, "now" if stands in {"late", "due"} else "next", report.due_on)
