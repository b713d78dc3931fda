"""An application's rows as a submission's content says they were when it was sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from spatc_funds.applications.models import (
    Answer,
    Application,
    ApplicationArea,
    BudgetLine,
    CrossCutting,
    DistrictShare,
    OtherOutcome,
    OwnPromise,
    Partner,
    Promise,
)
from spatc_funds.db.base import db

Content = Mapping[str, Any]


def put_back(application: Application, sent: Content) -> None:
    """Make what stands in the application what was sent; ``content`` of it is then the same again."""
    asked, contact = application.round, sent["contact"]
    application.title, application.summary = sent["title"], sent["summary"]
    application.group_does, application.contact_name = sent["group_does"], contact["name"]
    application.contact_phone, application.contact_email = contact["phone"], contact.get("email", "")
    application.starts_on, application.ends_on = _day(sent["starts_on"]), _day(sent["ends_on"])
    application.pot = next((pot for pot in asked.pots if sent["pot"] and pot.key == sent["pot"]["key"]), None)
    application.lowest_pence, application.own_pence = sent["lowest_pence"], sent.get("own_pence")
    application.match_pence, application.match_from = sent.get("match_pence"), sent.get("match_from", "")
    application.sensitive_place = sent.get("sensitive_place", False)
    if not asked.fixed_priority:
        application.priority_id = _number(sent.get("priority"))
    application.theme_id, application.focus_area_id = _number(sent["theme"]), _number(sent["focus_area"])
    application.primary_outcome_id = _number(sent["primary_outcome"])
    application.no_specific_outcome = sent["no_specific_outcome"]
    _parts(application, sent)


def _parts(application: Application, sent: Content) -> None:
    """What an application has many of: taken out, and put in as they were."""
    plan = ("cross_cutting", "other_outcomes", "promises", "own_promises")
    for kind in ("answers", "budget", "shares", "areas", "partners", *plan):
        setattr(application, kind, [])
    db.session.flush()  # the same keys come back
    questions = {question.key: question for question in application.round.questions}
    application.answers = [
        Answer(question_id=questions[each["key"]].id, text=each["answer"], question=questions[each["key"]])
        for each in sent["answers"]
    ]
    application.budget = [BudgetLine(**each) for each in sent["budget"]]
    application.shares = [DistrictShare(district=code, percent=percent) for code, percent in sent["shares"].items()]
    application.areas = [ApplicationArea(area_id=each["id"]) for each in sent.get("areas", ())]
    application.partners = [
        Partner(place=place, **each) for place, each in enumerate(sent.get("partners", ()), start=1)
    ]
    application.cross_cutting = [
        CrossCutting(
            cross_cutting_theme_id=each["theme"]["id"], commitment_id=each["commitment"]["id"], how=each["how"]
        )
        for each in sent["cross_cutting"]
    ]
    application.other_outcomes = [OtherOutcome(outcome_id=each["id"]) for each in sent["other_outcomes"]]
    application.promises = [
        Promise(measure_id=each["measure"]["id"], target=each["target"], target_of=each["target_of"])
        for each in sent["promises"]
    ]
    application.own_promises = [OwnPromise(**each) for each in sent.get("own_promises", ())]
    db.session.flush()
    db.session.refresh(application)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _number(thing: Content | None) -> int | None:
    return int(thing["id"]) if thing else None
