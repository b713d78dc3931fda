"""Loading funds, rounds and funding sources from the product's own file. What is already there is left as it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from spatc_funds.core.periods import london_noon
from spatc_funds.core.problems import ChangedError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.models import Measure, PlanVersion
from spatc_funds.framework.queries import SHARED
from spatc_funds.funds.models import (
    AdvisoryBody,
    Anchor,
    Area,
    AreaKind,
    Criterion,
    EligibilityQuestion,
    Format,
    FormatRequest,
    Fund,
    FundingSource,
    FundMeasure,
    Pot,
    Question,
    Round,
    RoundKind,
    TaggingRule,
)
from spatc_funds.outbox.operations import queue
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit

HUNDRED = 100
MOST_ELIGIBILITY = 6  # more, and people give up before they know whether they can apply
MOST_REQUESTS = 60  # for another format, in an hour
# What a round may set, and has a usual value where it does not.
SETTINGS = (
    "most_months",
    "scale_maximum",
    "assessors_needed",
    "spread_threshold",
    "grace_minutes",
    "refuses_links",
    "match_percent",
    "virement_percent",
    "virement_pence",
    "feedback_days",
    "splits",
    "cost_rules",
    "own_measures",
)
Document = Mapping[str, Any]


def load_funds(document: Document) -> int:
    """Funds, their funding sources and their history rounds; how many rows of those were added."""
    known = set(db.session.scalars(select(Fund.key)))
    funds = [_fund(each, place) for place, each in enumerate(document["funds"]) if each["key"] not in known]
    db.session.add_all(funds)
    db.session.flush()
    keys = {fund.key: fund.id for fund in db.session.scalars(select(Fund))}
    held = set(db.session.scalars(select(FundingSource.key)))
    sources = [
        _source(each, place, keys[each["fund"]])
        for place, each in enumerate(document["sources"])
        if each["key"] not in held
    ]
    db.session.add_all(sources)
    history = [each for each in document["rounds"] if each["kind"] == RoundKind.HISTORY]
    return len(funds) + len(sources) + load_rounds(history, None)


def load_rounds(documents: Sequence[Document], today: date | None) -> int:
    """Rounds that are not there yet; how many were added. An example round's dates are counted from today.

    Raises ValueError for criteria whose weights do not sum to exactly 100, and for more than six eligibility questions.
    """
    funds = {fund.key: fund for fund in db.session.scalars(select(Fund).options(selectinload(Fund.measure_keys)))}
    plans = {plan.key: plan.id for plan in db.session.execute(select(PlanVersion.key, PlanVersion.id))}
    measures = {measure.key: measure for measure in db.session.scalars(select(Measure).order_by(Measure.version))}
    known = set(db.session.scalars(select(Round.code)))
    added = 0
    for place, each in enumerate(documents):
        if each["code"] in known:
            continue
        opened = _round(each, place, today)
        fund = funds[each["fund"]]
        opened.fund_id, opened.plan_id = fund.id, plans.get(each["plan"])
        asked = () if each["kind"] == RoundKind.HISTORY else [held.measure_key for held in fund.measure_keys]
        opened.measures = [measures[key] for key in each.get("measures", asked)]
        db.session.add(opened)
        added += 1
    db.session.flush()
    return added


def choose_measures(actor: Actor, fund: Fund, keys: Collection[str], stamp: str) -> None:
    """Choose what the fund's new rounds begin with; rounds that are there keep theirs.

    Raises ChangedError where somebody else chose meanwhile, NotReadyError for what is no measure.
    """
    permit(actor, Action.MEASURE_CHOOSE)
    db.session.execute(select(Fund.id).where(Fund.id == fund.id).with_for_update())
    db.session.refresh(fund, ["measure_keys"])
    if stamp_of(fund) != stamp:
        message = "Somebody else chose meanwhile. Look at the list again before you save."
        raise ChangedError(message)
    if set(keys) - set(db.session.scalars(select(Measure.key).where(SHARED))):
        raise NotReadyError([Problem("fund", "measures", "Choose only from the options in the list")])
    held = {each.measure_key: each for each in fund.measure_keys}
    fund.measure_keys = [held.get(key) or FundMeasure(measure_key=key) for key in sorted(keys)]
    db.session.flush()


def stamp_of(fund: Fund) -> str:
    """Another one for every other list."""
    return content_hash({"measures": sorted(each.measure_key for each in fund.measure_keys)})


def ask(opened: Round, wanted: Format, name: str, contact: str, note: str, mailbox: str, at: datetime) -> FormatRequest:
    """Somebody needs a round's questions in another form; the officers' mailbox is told, without who it is.

    Raises NotReadyError when too many came within the hour: strangers can ask.
    """
    recent = select(func.count()).select_from(FormatRequest).where(FormatRequest.asked_at > at - timedelta(hours=1))
    if (db.session.scalar(recent) or 0) >= MOST_REQUESTS:
        message = "Many people have asked in the last hour. Phone us, or try again later"
        raise NotReadyError([Problem("format", "format", message)])
    request = FormatRequest(round_id=opened.id, format=wanted, name=name, contact=contact, note=note, asked_at=at)
    db.session.add(request)
    db.session.flush()
    subject = f"Another format of the questions of {opened.code} is wanted"
    queue(f"format:{request.id}", mailbox, subject, f"{wanted.words}. See the panel, under Funds.", at)
    return request


def _fund(each: Document, place: int) -> Fund:
    plain = ("key", "name", "summary", "purpose", "who_may_apply", "decision_method", "state")
    asked = [FundMeasure(measure_key=key) for key in each.get("measures", ())]
    return Fund(position=place, measure_keys=asked, **{name: each[name] for name in plain})


def _source(each: Document, place: int, fund_id: int) -> FundingSource:
    return FundingSource(
        fund_id=fund_id,
        key=each["key"],
        name=each["name"],
        amount_pence=each["amount_pence"],
        announced_on=_day(each["announced_on"]),
        ends_on=_day(each["ends_on"]),
        work=each["work"],
        position=place,
    )


def _round(each: Document, place: int, today: date | None) -> Round:
    opened, closed = _dates(each, today)
    live = each["kind"] != RoundKind.HISTORY  # of history only what was published is known
    criteria = [_criterion(criterion, number) for number, criterion in enumerate(each.get("criteria", ()))]
    if criteria and sum(criterion.weight for criterion in criteria) != HUNDRED:
        message = f"the weights of {each['code']} do not sum to 100"
        raise ValueError(message)
    if len(each.get("eligibility", ())) > MOST_ELIGIBILITY:
        message = f"{each['code']} asks more than {MOST_ELIGIBILITY} eligibility questions"
        raise ValueError(message)
    return Round(
        code=each["code"],
        name=each["name"],
        kind=RoundKind(each["kind"]),
        position=place,
        advertised_pence=each.get("advertised_pence"),
        opened_on=opened,
        closed_on=closed,
        opens_at=london_noon(opened) if opened and live else None,
        closes_at=london_noon(closed) if closed and (live or each["closes_at_noon"]) else None,
        told_on=_day(each.get("told_week_commencing")),
        awards_event_on=_day(each.get("awards_event_on")),
        tagging_rule=TaggingRule(each["tagging_rule"]),
        fixed_priority=each["fixed_priority"],
        awarded_projects=each.get("awarded_projects"),
        awarded_pence=each.get("awarded_pence"),
        note=each.get("note") or "",
        districts=each.get("districts", []),
        exclusions=each.get("exclusions", []),
        guidance=each.get("guidance", []),
        contact=each.get("contact") or "",
        pots=[_pot(pot, number) for number, pot in enumerate(each["pots"])],
        areas=[_area(area, number) for number, area in enumerate(each.get("areas", ()))],
        eligibility=[
            EligibilityQuestion(position=number, **asked) for number, asked in enumerate(each.get("eligibility", ()))
        ],
        questions=[Question(position=number, **asked) for number, asked in enumerate(each.get("questions", ()))],
        criteria=criteria,
        bodies=[AdvisoryBody(position=number, **body) for number, body in enumerate(each.get("bodies", ()))],
        assess_by=closed + timedelta(days=each["assess_days_after"])
        if closed and "assess_days_after" in each
        else None,
        **{name: each[name] for name in SETTINGS if name in each},
    )


def _dates(each: Document, today: date | None) -> tuple[date | None, date | None]:
    if each["kind"] == RoundKind.HISTORY or today is None:
        return _day(each["opened_on"]), _day(each["closed_on"])
    closes = today + timedelta(days=each["closes_days_after"])
    # A deadline is set on a working day: move it on to the next Friday.
    closes += timedelta(days=(4 - closes.weekday()) % 7)
    return today - timedelta(days=each["opened_days_before"]), closes


def _pot(each: Document, place: int) -> Pot:
    return Pot(
        key=each["key"],
        name=each["name"],
        position=place,
        minimum_pence=each["minimum_pence"] or 0,
        maximum_pence=each["maximum_pence"],
        budget_pence=each["budget_pence"],
        overcommitment_pence=each.get("overcommitment_pence") or 0,
        awarded_pence=0,
        needs_area=each.get("needs_area", False),
        least_groups=each.get("least_groups", 1),
        most_groups=each.get("most_groups", 1),
        instalments=each.get("instalments", []),
        returns_months=each.get("returns_months", []),
        gates=each.get("gates", []),
        checks=each.get("checks", []),
    )


def _area(each: Document, place: int) -> Area:
    return Area(
        key=each["key"],
        name=each["name"],
        kind=AreaKind(each["kind"]),
        district=each["district"],
        from_on=_day(each["from_on"]),
        until_on=_day(each["until_on"]),
        position=place,
    )


def _criterion(each: Document, place: int) -> Criterion:
    return Criterion(
        key=each["key"],
        name=each["name"],
        description=each["description"],
        weight=each["weight"],
        position=place,
        question_keys=each["questions"],
        anchors=[Anchor(value=anchor["score"], text=anchor["text"]) for anchor in each["anchors"]],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
