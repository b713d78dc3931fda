"""Reading applications and submissions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from spatc_funds.accounts.models import Organisation
from spatc_funds.applications import completeness
from spatc_funds.applications.completeness import Asked, CostRule, Filled, Own, Promised
from spatc_funds.applications.models import (
    Answer,
    Application,
    CrossCutting,
    EqualityAnswer,
    OtherOutcome,
    Promise,
    Submission,
)
from spatc_funds.applications.pot_rules import ChosenArea, Partner, lead_gets
from spatc_funds.applications.tagging import needed
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import MissingError, Problem
from spatc_funds.db.base import db
from spatc_funds.db.reach import reach
from spatc_funds.db.reading import is_reading
from spatc_funds.framework.measures import N_OF_M
from spatc_funds.framework.models import Measure, PlanVersion, Priority, Theme
from spatc_funds.funds.models import Area, Pot, Round
from spatc_funds.funds.queries import ASKED
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor
from spatc_funds.policy.states import UNSENT, ApplicationState

WHOLE = (
    joinedload(Application.round).options(*ASKED),
    joinedload(Application.organisation),
    joinedload(Application.pot),
    joinedload(Application.priority),
    joinedload(Application.theme),
    joinedload(Application.focus_area),
    joinedload(Application.primary_outcome),
    selectinload(Application.eligibility),
    selectinload(Application.answers).joinedload(Answer.question),
    selectinload(Application.budget),
    selectinload(Application.shares),
    selectinload(Application.cross_cutting).options(
        joinedload(CrossCutting.theme), joinedload(CrossCutting.commitment)
    ),
    selectinload(Application.other_outcomes).joinedload(OtherOutcome.outcome),
    selectinload(Application.promises).joinedload(Promise.measure),
    selectinload(Application.own_promises),
)


def by_reference(reference: str) -> Application | None:
    """One application with everything typed in it."""
    return db.session.scalar(select(Application).where(Application.reference == reference).options(*WHOLE))


def to_work_on(reference: str) -> Application | None:
    """One application for a page that changes it: while it is written, its row is locked until the transaction ends.

    So nobody else saves between what is compared and what is written.
    """
    if not is_reading():
        _lock(Application.reference == reference)
    found = select(Application).where(Application.reference == reference).options(*WHOLE)
    return db.session.scalar(found.execution_options(populate_existing=not is_reading()))


def to_keep_words_of(reference: str) -> Application | None:
    """The same with no more than what a page needs that saves while somebody types; the rest comes when it is asked."""
    words = (joinedload(Application.round).selectinload(Round.questions), selectinload(Application.answers))
    _lock(Application.reference == reference)
    found = select(Application).where(Application.reference == reference).options(*words)
    return db.session.scalar(found.execution_options(populate_existing=True))


def locked(application: Application) -> Application:
    """The same application as it is now, its row locked until the transaction ends.

    What was loaded before the lock may have been changed, or deleted, in another window: raises MissingError.
    """
    _lock(Application.id == application.id)
    found = db.session.scalar(
        select(Application)
        .where(Application.id == application.id)
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise MissingError
    return found


def locked_all(ids: Collection[int]) -> dict[int, Application]:
    """The applications with these ids as they are now, their rows locked in that order; what is typed in them apart."""
    db.session.execute(select(Application.id).where(Application.id.in_(ids)).order_by(Application.id).with_for_update())
    found = select(Application).where(Application.id.in_(ids)).options(joinedload(Application.round))
    return {each.id: each for each in db.session.scalars(found.execution_options(populate_existing=True))}


def standing_of(ids: Collection[int]) -> frozenset[int]:
    """The submissions that stand of the applications with these ids."""
    return frozenset(db.session.scalars(select(Submission.id).where(Submission.application_id.in_(ids), is_last())))


def last_of(organisation: Organisation) -> Application | None:
    """The group's newest application that says whom to ask, whatever became of it."""
    return db.session.scalar(
        select(Application)
        .where(Application.organisation_id == organisation.id, Application.contact_name != "")
        .order_by(Application.started_at.desc(), Application.id.desc())
        .limit(1)
    )


def _lock(one: ColumnElement[bool]) -> None:
    """Lock its row, and read it afterwards: PostgreSQL would give what was joined before it had to wait."""
    db.session.execute(select(Application.id).where(one).with_for_update())


def of_organisations(actor: Actor) -> Sequence[Application]:
    """The applications of the actor's own organisations, newest first."""
    return db.session.scalars(
        select(Application)
        .where(reach(actor, Action.APPLICATION_READ, Application.reference, Application.organisation_id))
        .order_by(Application.started_at.desc(), Application.id.desc())
        .options(joinedload(Application.round).joinedload(Round.fund), joinedload(Application.organisation))
    ).all()


def unsent_closing_before(until: datetime, at: datetime) -> Sequence[str]:
    """What is not sent, or changed and not sent again, of open rounds that close before a moment; references."""
    return db.session.scalars(
        select(Application.reference)
        .join(Round)
        .where(Application.state.in_(UNSENT), Round.opens_at <= at)
        .where(Round.closes_at > at, Round.closes_at <= until)
        .order_by(Application.id)
    ).all()


def equality_counts(at: datetime) -> dict[str, dict[tuple[str, str], int]]:
    """How often each answer was given, by (question, answer), under the name of each round that has any and is over.

    While a round is open the counts would change with each group, and tell what it answered.
    """
    rows = db.session.execute(
        select(Round.code, EqualityAnswer.question, EqualityAnswer.answer, func.count())
        .join(Round, Round.id == EqualityAnswer.round_id)
        .where(Round.closes_at <= at)
        .group_by(Round.code, EqualityAnswer.question, EqualityAnswer.answer)
        .order_by(Round.code)
    )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for code, question, answer, count in rows:
        found.setdefault(code, {})[question, answer] = count
    return found


def own_in_round(actor: Actor, asked: Round) -> Sequence[Application]:
    """The applications of the actor's own organisations in one round, newest first; withdrawn ones left out."""
    return db.session.scalars(
        select(Application)
        .where(standing(actor), Application.round_id == asked.id, Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.started_at.desc(), Application.id.desc())
        .options(joinedload(Application.organisation))
    ).all()


def submission_by_reference(reference: str) -> Submission | None:
    """The submission that stands under a reference, with its round's questions and criteria."""
    whole = (
        joinedload(Submission.round).options(*ASKED),
        joinedload(Submission.pot),
        joinedload(Submission.organisation),
    )
    return db.session.scalar(select(Submission).where(Submission.reference == reference, is_last()).options(*whole))


def submission_of(application: Application) -> Submission | None:
    """The frozen copy of an application that stands, if it was sent."""
    return db.session.scalar(select(Submission).where(Submission.application_id == application.id, is_last()))


def versions_of(application: Application) -> Sequence[Submission]:
    """Every frozen copy of an application, the first one first."""
    return db.session.scalars(
        select(Submission).where(Submission.application_id == application.id).order_by(Submission.number)
    ).all()


def version_by_id(actor: Actor, number: int) -> Submission | None:
    """A version that a later one replaces, for whoever may read the bid."""
    may = reach(actor, Action.SUBMISSION_READ, Submission.reference)
    return db.session.scalar(select(Submission).where(Submission.id == number, may, ~is_last()))


@cache  # made once: it costs more to make than to ask
def is_last() -> ColumnElement[bool]:
    """Submissions that no later version replaces: what stands."""
    later = aliased(Submission)
    return ~exists().where(later.replaces_id == Submission.id).correlate(Submission)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The submissions that stand and that the actor may read as one of the staff."""
    return and_(reach(actor, Action.SUBMISSION_READ, Submission.reference), is_last())


def rounds_sent_to() -> dict[str, str]:
    """Rounds that hold submissions, for a filter: id → code and fund."""
    found = db.session.scalars(
        select(Round)
        .where(Round.id.in_(select(Submission.round_id)))
        .order_by(Round.position)
        .options(joinedload(Round.fund))
    )
    return {str(each.id): f"{each.code} {each.fund.name}" for each in found}


def pots_sent_to() -> dict[str, str]:
    """Pots that submissions asked, for a filter: id → round's code and pot."""
    found = db.session.scalars(
        select(Pot)
        .where(Pot.id.in_(select(Submission.pot_id)))
        .order_by(Pot.round_id, Pot.position)
        .options(joinedload(Pot.round))
    )
    return {str(each.id): f"{each.round.code} {each.name}" for each in found}


def themes_sent() -> dict[str, str]:
    """Themes that were sent, for a filter: id → name."""
    chosen = select(Submission.content["theme"]["id"].as_integer()).where(is_last())
    found = db.session.scalars(select(Theme).where(Theme.id.in_(chosen)).order_by(Theme.plan_id, Theme.position))
    return {str(each.id): each.name for each in found}


def standing(actor: Actor) -> ColumnElement[bool]:
    """The applications that the actor may read as one of their group."""
    return reach(actor, Action.APPLICATION_READ, Application.reference, Application.organisation_id)


def filled(application: Application, today: date) -> Filled:
    """The application as plain values, for ``completeness``."""
    asked, pot = application.round, application.pot
    answers = {answer.question_id: answer.text for answer in application.answers}
    return Filled(
        organisation=application.organisation.name,
        group_does=application.group_does,
        contact_name=application.contact_name,
        contact_phone=application.contact_phone,
        title=application.title,
        summary=application.summary,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        earliest_start=earliest_start(asked, today),
        most_months=asked.most_months,
        shares={share.district: share.percent for share in application.shares},
        lines=[line.amount_pence for line in application.budget],
        lowest_pence=application.lowest_pence,
        pot=pot.key if pot else None,
        minimum_pence=pot.minimum_pence if pot else 0,
        maximum_pence=pot.maximum_pence if pot else None,
        theme=application.theme.key if application.theme else None,
        focus_area=application.focus_area.key if application.focus_area else None,
        cross_cutting=[each.theme.key for each in application.cross_cutting],
        needed=needed(
            asked.tagging_rule.value,
            asked.fixed_priority,
            asked.plan.strategy_priority if asked.plan else "",
            application.priority.key if application.priority else None,
        ),
        priority=application.priority.key if application.priority else None,
        primary_outcome=application.primary_outcome.key if application.primary_outcome else None,
        no_specific_outcome=application.no_specific_outcome,
        promises=[
            Promised(each.measure.name, each.target, each.target_of, whole=each.measure.basis == N_OF_M)
            for each in sorted(application.promises, key=lambda each: each.measure.position)
        ],
        own=[
            Own(each.place, each.name, each.kind, each.target, each.target_of)
            for each in application.own_promises
            if each.begun
        ],
        measures=[each.name for each in asked.measures],
        questions=[
            Asked(each.key, each.text, each.word_limit, each.required, answers.get(each.id, ""))
            for each in asked.questions
        ],
        contact_email=application.contact_email,
        costs=[line.description for line in application.budget],
        cost_rules=cost_rules(asked),
        own_pence=application.own_pence,
        match_pence=application.match_pence,
        match_from=application.match_from,
        match_percent=asked.match_percent,
        hows={each.theme.name: each.how for each in application.cross_cutting},
        refuses_links=asked.refuses_links,
        areas=[ChosenArea(each.name, each.district, each.from_on, each.until_on) for each in areas_of(application)],
        needs_area=bool(pot and pot.needs_area),
        partners=partners_of(application),
        least_groups=pot.least_groups if pot else 1,
        most_groups=pot.most_groups if pot else max((each.most_groups for each in asked.pots), default=1),
        together=bool((pot and pot.most_groups > 1) or partners_of(application)),
    )


def problems(application: Application, at: datetime) -> list[Problem]:
    """What stands between this draft and being sent."""
    return completeness.problems(filled(application, london_day(at)))


def earliest_start(asked: Round, today: date) -> date:
    """The first day on which a project of this round can start."""
    return london_day(asked.opens_at) if asked.opens_at else today


def areas_of(application: Application) -> list[Area]:
    """The areas in which the work happens, in the round's order; asked of the database where the round has some."""
    if not application.round.areas:
        return []
    return sorted((each.area for each in application.areas), key=lambda area: area.position)


def partners_of(application: Application) -> list[Partner]:
    """The partners as plain values, in the order of the page; asked of the database where a pot is for several."""
    if not application.round.together:
        return []
    return [Partner(each.place, each.name, each.part, each.amount_pence) for each in application.partners]


def priority_of(application: Application) -> Priority | None:
    """The priority that the applicant chose, or that the round is for."""
    asked = application.round
    fixed = [each for each in (asked.plan.priorities if asked.plan else ()) if each.key == asked.fixed_priority]
    return fixed[0] if fixed else application.priority


def cost_rules(asked: Round) -> list[CostRule]:
    """What the round does not pay for, by the words of a cost."""
    return [CostRule(each["words"], each["rule"]) for each in asked.cost_rules]


def content(application: Application) -> dict[str, Any]:
    """Everything in the application as it is now, as plain values with the names they were shown under."""
    asked, group = application.round, application.organisation
    answers = {answer.question_id: answer.text for answer in application.answers}
    said = {answer.question_id: answer.answer for answer in application.eligibility}
    plan: PlanVersion | None = asked.plan
    return {
        "reference": application.reference,
        "fund": asked.fund.name,
        "round": {"code": asked.code, "name": asked.name},
        "plan": plan.key if plan else None,
        "pot": {"key": application.pot.key, "name": application.pot.name} if application.pot else None,
        "organisation": {
            "id": group.id,
            "name": group.name,
            "charity_number": group.charity_number,
            "company_number": group.company_number,
        },
        "group_does": application.group_does,
        "contact": {
            "name": application.contact_name,
            "phone": application.contact_phone,
            "email": application.contact_email,
        },
        "title": application.title,
        "summary": application.summary,
        "starts_on": _iso(application.starts_on),
        "ends_on": _iso(application.ends_on),
        "shares": {share.district: share.percent for share in application.shares},
        "areas": [
            {"id": each.id, "key": each.key, "name": each.name, "kind": each.kind.value}
            for each in areas_of(application)
        ],
        "partners": [
            {"name": each.name, "number": each.number, "part": each.part, "amount_pence": each.amount_pence}
            for each in (application.partners if asked.together else ())
        ],
        "lead_pence": lead_gets(partners_of(application), application.asked_pence),
        "budget": [{"description": line.description, "amount_pence": line.amount_pence} for line in application.budget],
        "asked_pence": application.asked_pence,
        "lowest_pence": application.lowest_pence,
        "own_pence": application.own_pence or None,
        "match_pence": application.match_pence or None,
        "match_from": application.match_from if application.match_pence else "",
        "sensitive_place": application.sensitive_place,
        "priority": _named(priority_of(application)),
        "theme": _named(application.theme),
        "focus_area": _named(application.focus_area),
        "cross_cutting": [
            {"theme": _named(each.theme), "commitment": _named(each.commitment), "how": each.how}
            for each in sorted(application.cross_cutting, key=lambda each: each.theme.position)
        ],
        "primary_outcome": _named(application.primary_outcome),
        "no_specific_outcome": application.no_specific_outcome,
        "other_outcomes": [_named(each.outcome) for each in sorted(application.other_outcomes, key=_outcome_place)],
        "promises": [
            {
                "measure": _measured(each.measure),
                "version": each.measure.version,
                "target": each.target,
                "target_of": each.target_of,
            }
            for each in sorted(application.promises, key=lambda each: each.measure.position)
        ],
        "own_promises": [
            {
                "place": each.place,
                "name": each.name,
                "kind": each.kind,
                "target": each.target,
                "target_of": each.target_of,
            }
            for each in application.own_promises
            if each.begun
        ],
        "eligibility": [
            {"key": each.key, "text": each.text, "answer": said.get(each.id)} for each in asked.eligibility
        ],
        "answers": [
            {"key": each.key, "section": each.section, "text": each.text, "answer": answers.get(each.id, "")}
            for each in asked.questions
        ],
    }


def _outcome_place(each: OtherOutcome) -> tuple[int, int]:
    return (each.outcome.theme_id, each.outcome.position)


def _named(thing: Any) -> dict[str, Any] | None:
    return {"id": thing.id, "key": thing.key, "name": thing.name} if thing else None


def _measured(measure: Measure) -> dict[str, Any]:
    return {"id": measure.id, "key": measure.key, "name": measure.name, "basis": measure.basis}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
