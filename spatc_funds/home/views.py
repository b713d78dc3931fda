"""The public start page, the start page of people who are signed in, a bid's timeline, and the legal pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.applications.models import Application
from spatc_funds.applications.queries import by_reference, versions_of
from spatc_funds.awards.queries import award_by_reference, awards_of_organisations
from spatc_funds.core import clock
from spatc_funds.correspondence.queries import letters_about, messages_about, questions_to
from spatc_funds.framework.queries import current_plan
from spatc_funds.funds.queries import open_rounds
from spatc_funds.home import fund_views, queries
from spatc_funds.home.journey import STAGES
from spatc_funds.home.own_data import own_data
from spatc_funds.home.timeline import Dates, Report, delay, events
from spatc_funds.home.waiting import Asked, Draft, DueReturn, waiting
from spatc_funds.payments.queries import ready_ids
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person, Subject
from spatc_funds.returns.queries import Owed, owed_by
from spatc_funds.web.guards import allowed, current_actor, public, requires

blueprint = Blueprint("home", __name__)
NEWEST_LETTERS = 5
blueprint.add_url_rule("/funds/<key>/funded", view_func=fund_views.funded)
# What waits for the staff: act → words for one and for many, and the page of the panel where it is done.
TASKS: Mapping[Action, tuple[str, str, str, Mapping[str, Any]]] = MappingProxyType(
    {
        Action.ASSESSMENT_SCORE: ("bid to score", "bids to score", "panel_assessment.index", {}),
        Action.RESULT_SETTLE: ("bid without a result", "bids without a result", "panel_results.index", {}),
        Action.RECOMMENDATION_MAKE: ("bid to recommend on", "bids to recommend on", "panel_recommendations.index", {}),
        Action.DECISION_TAKE: ("bid to decide", "bids to decide", "panel_decisions.index", {}),
        Action.RETURN_ACCEPT: ("return to read", "returns to read", "panel_owed.index", {}),
        Action.PAYMENT_REQUEST: (
            "payment to request",
            "payments to request",
            "panel_dues.index_view",
            {"ready": "yes"},
        ),
        Action.PAYMENT_APPROVE: (
            "payment to approve",
            "payments to approve",
            "panel_payments.index_view",
            {"state": "requested"},
        ),
        Action.PAYMENT_PAY: (
            "payment to mark as paid",
            "payments to mark as paid",
            "panel_payments.index_view",
            {"state": "approved"},
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Task:
    """So many things of one kind, and where they are."""

    count: int
    words: str
    url: str


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """What this is, what is open now, and how it works."""
    plan = current_plan()
    return render_template(
        "home/index.html",
        rounds=open_rounds(clock.now()),
        plan=plan,
        themes=plan.themes if plan else (),
        signed_in=allowed(Action.HOME_READ),
    )


@blueprint.get("/my-data.json")
@requires(Action.HOME_READ)
def download_my_data() -> ResponseReturnValue:
    """Everything that the service holds of whoever asks."""
    answer = jsonify(own_data(current_actor().id or 0))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@blueprint.get("/home")
@requires(Action.HOME_READ)
def start() -> ResponseReturnValue:
    """What waits for whoever is signed in, and where each of their bids stands."""
    actor, at = current_actor(), clock.now()
    bids = queries.bids_of(actor)
    drafts = [
        Draft(bid.reference, bid.title, bid.subject, bid.stage, bid.closes_at, bid.open_at(at), bid.reopened)
        for bid in bids
    ]
    awards = awards_of_organisations(actor)  # held by name: a return finds its award without asking the database again
    owed = [each for found in owed_by(awards).values() for each in found]
    return render_template(
        "home/start.html",
        bids=bids,
        stages=STAGES,
        groups=queries.groups_of(actor),
        waiting=waiting(actor, drafts, [_due(each) for each in owed], clock.london_day(at), _asked(actor)),
        letters=queries.letters_to(actor, NEWEST_LETTERS),
        staff=allowed(Action.PANEL_OPEN),
        tasks=_tasks(actor, at),
    )


@blueprint.get("/timeline/<ref:reference>")
@requires(Action.APPLICATION_READ, by_reference)
def timeline(application: Application) -> ResponseReturnValue:
    """One bid: which of the five stages it is at, what happened when, and its letters."""
    bid, award = queries.bid_of(application), award_by_reference(application.reference)
    owed = owed_by([award]).get(award.id, []) if award else []
    dates = _dates(bid, [each.received_at for each in versions_of(application)], application.round.told_on)
    return render_template(
        "home/timeline.html",
        delay=delay(bid.stage, dates, clock.london_day(clock.now())),
        bid=bid,
        stages=STAGES,
        award=award,
        owed=owed,
        events=events(bid.stage, dates, [_report(each) for each in owed], clock.now()),
        letters=letters_about(application.reference),
        messages=len(messages_about(application.reference)),
    )


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """What was tested, and what was not."""
    return _legal("accessibility")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept of whom, and who sees it."""
    return _legal("privacy")


@blueprint.get("/cookies")
@public
def cookies() -> ResponseReturnValue:
    """The one cookie there is."""
    return _legal("cookies", cookie=current_app.config["SESSION_COOKIE_NAME"])


@blueprint.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """How the service may be used."""
    return _legal("terms")


@blueprint.get("/contact")
@public
def contact() -> ResponseReturnValue:
    """Whom to ask."""
    return _legal("contact")


def _asked(actor: Person) -> list[Asked]:
    """What the officers have asked and nobody answered."""
    return [
        Asked(each.about, Subject(each.about, each.organisation_id), each.answer_by) for each in questions_to(actor)
    ]


def _legal(page: str, **more: Any) -> str:
    settings = current_app.extensions["settings"]
    idle = settings.staff_idle_minutes
    return render_template(f"home/{page}.html", email=settings.contact_email, idle=idle, **more)


def _tasks(actor: Person, at: datetime) -> list[Task]:
    """What waits in the panel, without what does not."""
    counted = queries.waiting_for_staff(actor)
    if allowed(Action.PAYMENT_REQUEST):
        counted[Action.PAYMENT_REQUEST] = len(ready_ids(actor, clock.london_day(at)))
    return [
        Task(counted[action], one if counted[action] == 1 else many, url_for(endpoint, **narrowed))
        for action, (one, many, endpoint, narrowed) in TASKS.items()
        if counted.get(action)
    ]


def _dates(bid: queries.Bid, sent_at: Sequence[datetime], told_on: date | None) -> Dates:
    return Dates(
        started_at=bid.started_at,
        closes_at=bid.closes_at,
        sent_at=sent_at,
        told_on=told_on,
        withdrawn_at=bid.withdrawn_at,
        settled_at=bid.settled_at,
        recommended_at=bid.recommended_at,
        decided_at=bid.decided_at,
        answered_at=bid.answered_at,
    )


def _due(owed: Owed) -> DueReturn:
    expected = owed.expected
    return DueReturn(owed.reference, expected.award.project, owed.subject, owed.state, expected.due_on)


def _report(owed: Owed) -> Report:
    sent_at = owed.started.sent_at if owed.started else None
    return Report(owed.expected.number, owed.state, owed.expected.due_on, sent_at)
