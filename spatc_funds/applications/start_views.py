"""Beginning: what happens, the eligibility questions, and the group that applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.accounts.models import Organisation
from spatc_funds.accounts.queries import organisations_of
from spatc_funds.applications import asking, operations, queries, steps
from spatc_funds.applications.forms import StartForm, eligibility_form
from spatc_funds.applications.models import Application
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.eligibility import first_failed, next_unanswered
from spatc_funds.funds.models import EligibilityQuestion, Round
from spatc_funds.funds.queries import eligibility_rules, is_open, round_by_code, words_asked
from spatc_funds.funds.standing import standing
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.states import ApplicationState
from spatc_funds.web.documents import sent_as
from spatc_funds.web.guards import allowed, current_actor, public, requires

ELIGIBILITY = "eligibility"
UNPROCESSABLE = 422
YES, NO = "y", "n"


@dataclass(frozen=True, slots=True)
class Applying:
    """A group that might apply, as the law asks of it."""

    subject: Subject


@public
def begin(code: str) -> ResponseReturnValue:
    """What happens, how long it takes, and the way in."""
    opened, actor = _round(code), current_actor()
    return render_template(
        "applications/begin.html",
        round=opened,
        standing=standing(opened.opens_at, opened.closes_at, clock.now()),
        short=asking.short_questions(opened),
        words=words_asked(opened),
        hours=steps.hours_words([question.word_limit for question in opened.questions]),
        own=queries.own_in_round(actor, opened) if actor.id is not None else (),
        way_in=_way_in(opened),
        contact_email=_contact_email(),
    )


@public
def questions(code: str) -> ResponseReturnValue:
    """All questions before starting, on one page that prints."""
    opened = _asking(code)
    document = asking.everything_asked(opened)
    return render_template("applications/questions.html", round=opened, document=document)


@public
def questions_download(code: str, kind: str) -> ResponseReturnValue:
    """The same as a file: Word, PDF or plain text."""
    document = asking.everything_asked(_asking(code))
    return sent_as(document, kind, f"questions-{code}")


@public
def eligibility(code: str, key: str) -> ResponseReturnValue:
    """One yes-or-no question; what was answered stays in the session until it goes into the application."""
    opened = _round(code)
    if not is_open(opened, clock.now()):
        return redirect(url_for("applications.begin", code=code), 303)
    question = _question(opened, key)
    form = eligibility_form(question)(data={"answer": answers_of(opened).get(key)})
    if form.validate_on_submit():
        _keep(opened, {key: form["answer"].data})
        _forget_wrong(opened, key)
        return redirect(_way_in(opened), 303)
    answered = answers_of(opened).get(key)
    number = opened.eligibility.index(question)
    before = opened.eligibility[number - 1].key if number else None
    page = render_template(
        "applications/eligibility.html", round=opened, form=form, number=number + 1, before=before, answered=answered
    )
    return page, UNPROCESSABLE if request.method == "POST" else 200


@public
def not_eligible(code: str, key: str) -> ResponseReturnValue:
    """Why an answer ends the way, and what to do next. Not an error."""
    opened = _round(code)
    question = _question(opened, key)
    if answers_of(opened).get(key) in (None, question.must_be):
        return redirect(url_for("applications.eligibility", code=code, key=key), 303)
    return render_template(
        "applications/not_eligible.html", round=opened, question=question, contact_email=_contact_email()
    )


@public
def eligible(code: str) -> ResponseReturnValue:
    """A clear yes: what was answered, and the way on."""
    opened = _round(code)
    if not is_open(opened, clock.now()) or _unanswered(opened):
        return redirect(_way_in(opened), 303)
    answers = answers_of(opened)
    # Signing in begins a new session: for whoever still has to, the answers go along in the address.
    letters = "".join(YES if answers[each.key] else NO for each in opened.eligibility)
    carried = letters if current_actor().id is None else None
    return render_template(
        "applications/eligible.html",
        round=opened,
        answers=[(each, answers[each.key]) for each in opened.eligibility],
        onward=url_for("applications.organisation", code=code, answers=carried),
        signed_in=current_actor().id is not None,
    )


@requires(Action.ORGANISATION_CREATE)
def organisation(code: str) -> ResponseReturnValue:
    """Which of one's groups applies; then the draft is made."""
    opened, at = _round(code), clock.now()
    _keep(opened, _carried(opened, request.args.get("answers", "")))
    if not is_open(opened, at) or _unanswered(opened):
        return redirect(_way_in(opened), 303)
    groups = _groups()
    form = StartForm().offer(groups)
    if form.validate_on_submit():
        chosen = next(each for each in groups if str(each.id) == form.organisation.data)
        return redirect(url_for("applications.task_list", reference=_started(opened, chosen, at)), 303)
    page = render_template(
        "applications/organisation.html",
        round=opened,
        form=form,
        groups=groups,
        own=queries.own_in_round(current_actor(), opened),
        here=url_for("applications.organisation", code=code),
    )
    return page, UNPROCESSABLE if request.method == "POST" else 200


def answers_of(opened: Round) -> dict[str, bool]:
    """The answers to a round's eligibility questions that this browser has given."""
    held = session.get(ELIGIBILITY, {}).get(opened.code, {})
    keys = {question.key for question in opened.eligibility}
    return {key: answer for key, answer in held.items() if key in keys and isinstance(answer, bool)}


def _started(opened: Round, chosen: Organisation, at: datetime) -> str:
    """The reference of the group's draft in this round: the one it has, or a new one."""
    drafts = [each for each in _drafts(opened) if each.organisation_id == chosen.id]
    if drafts:
        flash("Your group has a draft in this round already. Here it is.")
        return drafts[0].reference
    actor = current_actor()
    with unit_of_work(actor.id, Action.APPLICATION_START) as act:
        started = operations.start(actor, opened, chosen, answers_of(opened), at)
        act.subject = started.reference
        if started.group_does:
            flash("We have filled in your group and who to ask from your last application. Check that they are right.")
    return act.subject


def _drafts(opened: Round) -> Sequence[Application]:
    own = queries.own_in_round(current_actor(), opened)
    return [each for each in own if each.state is ApplicationState.DRAFT]


def _groups() -> list[Organisation]:
    """The person's groups for which they may start an application."""
    found = organisations_of(current_actor().id or 0)
    return [each for each in found if allowed(Action.APPLICATION_START, Applying(Subject(organisation_id=each.id)))]


def _way_in(opened: Round) -> str:
    """The next page on the way to a draft, from what was answered so far."""
    if not is_open(opened, clock.now()):
        return url_for("applications.begin", code=opened.code)
    rules, answers = eligibility_rules(opened), answers_of(opened)
    if failed := first_failed(rules, answers):
        return url_for("applications.not_eligible", code=opened.code, key=failed)
    if asked := next_unanswered(rules, answers):
        return url_for("applications.eligibility", code=opened.code, key=asked)
    return url_for("applications.eligible", code=opened.code)


def _unanswered(opened: Round) -> bool:
    rules, answers = eligibility_rules(opened), answers_of(opened)
    return bool(first_failed(rules, answers) or next_unanswered(rules, answers))


def _carried(opened: Round, text: str) -> dict[str, bool]:
    """Answers from an address, ``yyyyyn`` in the order of the questions; nothing from any other text."""
    if len(text) != len(opened.eligibility) or set(text) - {YES, NO}:
        return {}
    return {question.key: letter == YES for question, letter in zip(opened.eligibility, text, strict=True)}


def _keep(opened: Round, answers: Mapping[str, bool]) -> None:
    if answers:
        held = session.get(ELIGIBILITY, {})
        session[ELIGIBILITY] = {**held, opened.code: {**held.get(opened.code, {}), **answers}}


def _forget_wrong(opened: Round, but: str) -> None:
    """A wrong answer from an earlier try is asked again in its turn, and ends nothing before."""
    right = {each.key: each.must_be for each in opened.eligibility}
    held = {key: answer for key, answer in answers_of(opened).items() if key == but or answer == right[key]}
    session[ELIGIBILITY] = {**session.get(ELIGIBILITY, {}), opened.code: held}


def _round(code: str) -> Round:
    found = round_by_code(code)
    if found is None:
        raise MissingError
    return found


def _asking(code: str) -> Round:
    """A round that asks something; of those before this service nobody knows what they asked."""
    found = _round(code)
    if not found.questions:
        raise MissingError
    return found


def _question(opened: Round, key: str) -> EligibilityQuestion:
    found = next((question for question in opened.eligibility if question.key == key), None)
    if found is None:
        raise MissingError
    return found


def _contact_email() -> str:
    return str(current_app.extensions["settings"].contact_email)
