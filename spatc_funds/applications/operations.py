"""Writing an application, step by step, and sending it. Each is called inside ``unit_of_work``."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Select, func, select

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.applications import queries
from spatc_funds.applications.completeness import broken_rule
from spatc_funds.applications.equality import QUESTIONS
from spatc_funds.applications.models import (
    Answer,
    Application,
    ApplicationArea,
    BudgetLine,
    CrossCutting,
    DistrictShare,
    EligibilityAnswer,
    EqualityAnswer,
    OtherOutcome,
    OwnPromise,
    Partner,
    Promise,
)
from spatc_funds.core import clock, references
from spatc_funds.core.problems import IllegalMoveError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.framework.measures import OWN
from spatc_funds.funds.eligibility import first_failed, next_unanswered
from spatc_funds.funds.models import Pot, Round
from spatc_funds.funds.queries import eligibility_rules, is_open, takes
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, Subject, permit
from spatc_funds.policy.states import ApplicationState
from spatc_funds.policy.workflow import may_move, move

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """How the applicant sets the project into the plan; ids are those of the round's plan version."""

    theme_id: int | None
    focus_area_id: int | None
    primary_outcome_id: int | None
    no_specific_outcome: bool
    other_outcome_ids: Sequence[int] = ()
    cross_cutting: Mapping[int, tuple[int, str]] | None = None  # theme id → commitment id, how
    priority_id: int | None = None


def may_change(application: Application) -> bool:
    """Whether what stands in it may be changed: a draft, and what is reopened while it can still be sent again."""
    reopened = application.state is ApplicationState.REOPENED
    if reopened and (application.taken_up_at or application.closed_at or not takes(application.round, clock.now())):
        return False
    return may_move(application.state, Action.APPLICATION_EDIT)


def start(
    actor: Actor, opened: Round, organisation: Organisation, answers: Mapping[str, bool], at: datetime
) -> Application:
    """A new draft, with its eligibility answered. Raises NotReadyError when the round is closed or the rules say no."""
    permit(actor, Action.APPLICATION_START, Subject(organisation_id=organisation.id))
    if not is_open(opened, at):
        raise NotReadyError([Problem("eligibility", "round", "This round does not take applications now")])
    rules = eligibility_rules(opened)
    if first_failed(rules, answers) or next_unanswered(rules, answers):
        raise NotReadyError([Problem("eligibility", "answers", "Answer the eligibility questions first")])
    opened = db.session.scalars(
        select(Round).where(Round.id == opened.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if db.session.scalar(_held_by(organisation, opened)):
        message = "Your group has an application in this round already. A group asks one pot of a round"
        raise NotReadyError([Problem("eligibility", "organisation", message)])
    highest = db.session.scalar(select(func.max(Application.number)).where(Application.round_id == opened.id)) or 0
    number = opened.last_number = max(highest, opened.last_number) + 1
    application = Application(
        reference=references.reference(opened.code, number),
        number=number,
        round=opened,
        organisation=organisation,
        started_by_id=actor.id,
        started_at=at,
        pot=opened.pots[0] if len(opened.pots) == 1 else None,
        eligibility=[EligibilityAnswer(question_id=each.id, answer=answers[each.key]) for each in opened.eligibility],
    )
    organisation.checked_at = at  # choosing it says that it is still right
    starter = db.session.get_one(Person, actor.id)
    application.contact_name, application.contact_email = starter.name, starter.email
    if last := queries.last_of(organisation):
        application.group_does, application.contact_name = last.group_does, last.contact_name
        application.contact_phone, application.contact_email = last.contact_phone, last.contact_email
    db.session.add(application)
    db.session.flush()
    return application


def save_group(
    actor: Actor, application: Application, does: str, contact_name: str, contact_phone: str, contact_email: str
) -> None:
    """What the group does and whom to ask."""
    _editable(actor, application)
    application.group_does, application.contact_name = does, contact_name
    application.contact_phone, application.contact_email = contact_phone, contact_email


def save_project(
    actor: Actor, application: Application, title: str, summary: str, starts_on: date | None, ends_on: date | None
) -> None:
    """The project's name, summary and days."""
    _editable(actor, application)
    application.title, application.summary = title, summary
    application.starts_on, application.ends_on = starts_on, ends_on


def save_places(
    actor: Actor,
    application: Application,
    shares: Mapping[str, int],
    areas: Sequence[int] = (),
    *,
    sensitive_place: bool = False,
) -> None:
    """The districts' shares in whole percent, and areas by id; what is not of the round is refused by ValueError."""
    _editable(actor, application)
    if not set(shares) <= set(application.round.districts):
        message = "a district of this round"
        raise ValueError(message)
    if not set(areas) <= {area.id for area in application.round.areas}:
        message = "an area of this round"
        raise ValueError(message)
    known = {each.area_id: each for each in application.areas}
    application.areas = [known.get(number) or _area(application, number) for number in dict.fromkeys(areas)]
    application.sensitive_place = sensitive_place
    held = {share.district: share for share in application.shares}
    application.shares = [_share(held.get(code), code, percent) for code, percent in sorted(shares.items()) if percent]


@dataclass(frozen=True, slots=True)
class PartnerGiven:
    """A partner as it was typed; the amount in whole pence, None where none was."""

    name: str
    number: str
    part: str
    amount_pence: int | None


def save_partners(actor: Actor, application: Application, given: Mapping[int, PartnerGiven]) -> None:
    """The groups that do the work together with the lead, by their place on the page; an empty place is no partner.

    Raises ValueError for more than the round's largest pot takes.
    """
    _editable(actor, application)
    if not all(1 <= place < max(pot.most_groups for pot in application.round.pots) for place in given):
        message = "a place for a partner in this round"
        raise ValueError(message)
    held = {each.place: each for each in application.partners}
    application.partners = [
        _partner(held.get(place), place, each)
        for place, each in sorted(given.items())
        if each.name or each.number or each.part or each.amount_pence is not None
    ]


@dataclass(frozen=True, slots=True)
class Brought:
    """What the group itself and others put in, in whole pence; None where nothing was said."""

    own_pence: int | None = None
    match_pence: int | None = None
    match_from: str = ""


NOTHING_BROUGHT = Brought()


def save_budget(
    actor: Actor,
    application: Application,
    pot: Pot | None,
    lowest_pence: int | None,
    brought: Brought = NOTHING_BROUGHT,
) -> None:
    """Which pot is asked, the lowest amount that would still work, and what others put in."""
    _editable(actor, application)
    if pot is not None and pot.round_id != application.round_id:
        message = "a pot of this round"
        raise ValueError(message)
    application.pot, application.lowest_pence = pot, lowest_pence or None
    application.own_pence, application.match_pence = brought.own_pence, brought.match_pence
    application.match_from = brought.match_from


def add_line(actor: Actor, application: Application, description: str, amount_pence: int) -> BudgetLine:
    """One more cost; raises NotReadyError when there are too many, or by its words it breaks a rule of the round."""
    _editable(actor, application)
    if rule := broken_rule(description, queries.cost_rules(application.round)):
        words = "If this cost is something else, say so in other words"
        raise NotReadyError([Problem("budget", "description", f"{rule} {words}")])
    if len(application.budget) >= MOST_LINES:
        raise NotReadyError([Problem("budget", "lines", f"A budget has {MOST_LINES} lines at the most")])
    line = BudgetLine(description=description, amount_pence=amount_pence)
    application.budget.append(line)
    return line


def remove_line(actor: Actor, application: Application, line_id: int) -> None:
    """Take a cost out; one that is not there is as good as taken out."""
    _editable(actor, application)
    application.budget = [line for line in application.budget if line.id != line_id]


def save_plan(actor: Actor, application: Application, choice: PlanChoice) -> None:
    """Theme, focus area, outcomes and cross-cutting themes; ValueError for what is not of the round's plan."""
    _editable(actor, application)
    check_choice(application.round, choice)
    application.priority_id = choice.priority_id
    application.theme_id, application.focus_area_id = choice.theme_id, choice.focus_area_id
    application.primary_outcome_id = choice.primary_outcome_id
    application.no_specific_outcome = choice.no_specific_outcome and choice.primary_outcome_id is None
    others = {each.outcome_id: each for each in application.other_outcomes}
    application.other_outcomes = [
        others.get(number) or OtherOutcome(outcome_id=number)
        for number in dict.fromkeys(choice.other_outcome_ids)
        if number != choice.primary_outcome_id
    ]
    held = {each.cross_cutting_theme_id: each for each in application.cross_cutting}
    application.cross_cutting = [
        _cross(held.get(theme), theme, *chosen) for theme, chosen in (choice.cross_cutting or {}).items()
    ]
    db.session.flush()
    db.session.refresh(application)


@dataclass(frozen=True, slots=True)
class OwnGiven:
    """A measure of the group's own as it was typed; ``kind`` is a key of ``OWN``, or empty."""

    name: str
    kind: str
    target: int | None
    target_of: int | None


def save_promises(
    actor: Actor,
    application: Application,
    targets: Mapping[int, tuple[int, int | None]],
    own: Mapping[int, OwnGiven] = MappingProxyType({}),
) -> None:
    """Targets by measure id: (target, out of how many); the group's own measures by their place on the page.

    An empty place is no measure. ValueError for a measure, or a place, that the round does not ask.
    """
    _editable(actor, application)
    if not set(targets) <= {measure.id for measure in application.round.measures}:
        message = "a measure of this round"
        raise ValueError(message)
    if not all(1 <= place <= application.round.own_measures for place in own):
        message = "a place for a measure of one's own in this round"
        raise ValueError(message)
    if not all(each.kind in {"", *OWN} for each in own.values()):
        message = "a kind of measure"
        raise ValueError(message)
    known = {each.place: each for each in application.own_promises}
    application.own_promises = [
        _own(known.get(place), place, each)
        for place, each in sorted(own.items())
        if each.name or each.kind or each.target is not None or each.target_of is not None
    ]
    held = {promise.measure_id: promise for promise in application.promises}
    application.promises = [_promise(held.get(key), key, *target) for key, target in targets.items()]
    db.session.flush()


def save_answers(actor: Actor, application: Application, answers: Mapping[str, str]) -> None:
    """Answers by question key, however long: too long is said, never cut."""
    _editable(actor, application)
    held = {answer.question_id: answer for answer in application.answers}
    for question in application.round.questions:
        if question.key not in answers:
            continue
        if question.id in held:
            held[question.id].text = answers[question.key]
        else:
            application.answers.append(Answer(question_id=question.id, text=answers[question.key], question=question))


def answer(actor: Actor, application: Application, answers: Mapping[str, str]) -> None:
    """Keep the answers to the optional equality questions, apart: what is kept does not say whose they are.

    Raises IllegalMoveError when they were answered before; ValueError for what is no question or answer.
    """
    permit(actor, Action.EQUALITY_ANSWER, application.subject)
    application = queries.locked(application)
    if application.equality_answered:
        message = "These questions were answered already."
        raise IllegalMoveError(message)
    if any(given not in QUESTIONS[asked].options for asked, given in answers.items() if asked in QUESTIONS):
        message = "an answer to one of the questions"
        raise ValueError(message)
    application.equality_answered = True
    db.session.add_all(
        EqualityAnswer(key=secrets.token_hex(16), round_id=application.round_id, question=asked, answer=given)
        for asked, given in answers.items()
        if asked in QUESTIONS
    )


def check_choice(asked: Round, choice: PlanChoice) -> None:
    """Raise ValueError for what is not of the round's plan, and for parts that do not belong to one another."""
    plan = asked.plan
    themes = {theme.id: theme for theme in plan.themes} if plan else {}
    crosses = {each.id: {item.id for item in each.commitments} for each in plan.cross_cutting_themes} if plan else {}
    outcomes = {outcome.id for theme in themes.values() for outcome in theme.outcomes}
    theme = themes.get(choice.theme_id or 0)
    areas = {area.id for area in theme.focus_areas} if theme else set()
    chosen = {*choice.other_outcome_ids, *([choice.primary_outcome_id] if choice.primary_outcome_id else [])}
    known = (
        (choice.theme_id is None or theme is not None)
        and (
            choice.priority_id is None or choice.priority_id in {each.id for each in (plan.priorities if plan else ())}
        )
        and (choice.focus_area_id is None or choice.focus_area_id in areas)
        and chosen <= outcomes
        and all(item in crosses.get(key, ()) for key, (item, _) in (choice.cross_cutting or {}).items())
    )
    if not known:
        message = "a part of this round's plan"
        raise ValueError(message)


def _held_by(organisation: Organisation, opened: Round) -> Select[int]:
    """An application of the group that this round holds already."""
    return select(Application.id).where(
        Application.organisation_id == organisation.id,
        Application.round_id == opened.id,
        Application.state != ApplicationState.WITHDRAWN,
    )


def _editable(actor: Actor, application: Application) -> None:
    permit(actor, Action.APPLICATION_EDIT, application.subject)
    if not may_change(application):
        message = f"This is “{application.state.value}” now, so it can no longer be changed."
        raise IllegalMoveError(message)
    application.state = move(application.state, Action.APPLICATION_EDIT)


def _area(application: Application, number: int) -> ApplicationArea:
    area = next(each for each in application.round.areas if each.id == number)
    return ApplicationArea(area_id=number, area=area)


def _partner(held: Partner | None, place: int, given: PartnerGiven) -> Partner:
    row = held or Partner(place=place)
    row.name, row.number, row.part, row.amount_pence = given.name, given.number, given.part, given.amount_pence
    return row


def _own(held: OwnPromise | None, place: int, given: OwnGiven) -> OwnPromise:
    row = held or OwnPromise(place=place)
    row.name, row.kind, row.target, row.target_of = given.name, given.kind, given.target, given.target_of
    return row


def _share(held: DistrictShare | None, code: str, percent: int) -> DistrictShare:
    if held is None:
        return DistrictShare(district=code, percent=percent)
    held.percent = percent
    return held


def _cross(held: CrossCutting | None, theme_id: int, commitment_id: int, how: str) -> CrossCutting:
    if held is None:
        return CrossCutting(cross_cutting_theme_id=theme_id, commitment_id=commitment_id, how=how)
    held.commitment_id, held.how = commitment_id, how
    return held


def _promise(held: Promise | None, measure_id: int, target: int, target_of: int | None) -> Promise:
    if held is None:
        return Promise(measure_id=measure_id, target=target, target_of=target_of)
    held.target, held.target_of = target, target_of
    return held
