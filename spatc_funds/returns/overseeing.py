"""What officers note of an award on its way: ratings, visits, case studies. Each is called inside ``unit_of_work``."""

from datetime import date, datetime

from spatc_funds.awards.models import Award
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import IllegalMoveError, MissingError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.states import AwardState
from spatc_funds.returns import contents, queries
from spatc_funds.returns.models import AwardRating, AwardVisit, CaseStudy, Colour, FileKind
from spatc_funds.returns.operations import locked
from spatc_funds.returns.queries import Owed

STORY = "story"
NOT_DELIVERED = "Only an award that its grantee has accepted is watched."
NOT_AGREED = "The grantee has not agreed that this is shown, or the return is not accepted now."


def rate(actor: Actor, award: Award, colour: Colour, reason: str, at: datetime) -> AwardRating:
    """Say how an award stands, and why; earlier ratings are its history. Raises NotReadyError without a reason."""
    permit(actor, Action.AWARD_RATE, award.subject)
    _delivered(award)
    if not reason.strip():
        raise NotReadyError([Problem("award", "reason", "Say why")])
    rating = AwardRating(award_id=award.id, colour=colour, reason=reason.strip(), rated_at=at, rated_by_id=actor.id)
    db.session.add(rating)
    db.session.flush()
    return rating


def record(actor: Actor, award: Award, on: date, who: str, seen: str, follows: str, at: datetime) -> AwardVisit:
    """Record a visit: the day, who was there, what was seen, what follows. Raises NotReadyError for what is missing."""
    permit(actor, Action.VISIT_RECORD, award.subject)
    _delivered(award)
    wrong = [
        Problem("visit", field, message)
        for field, text, message in (("who", who, "Say who was there"), ("seen", seen, "Say what you saw"))
        if not text.strip()
    ]
    if on > london_day(at):
        wrong.append(Problem("visit", "visited_on", "The day of the visit is still to come"))
    if wrong:
        raise NotReadyError(wrong)
    visit = AwardVisit(
        award_id=award.id,
        visited_on=on,
        who=who.strip(),
        seen=seen.strip(),
        follows=follows.strip(),
        recorded_at=at,
        recorded_by_id=actor.id,
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def choose(actor: Actor, owed: Owed, part: str, title: str, at: datetime) -> CaseStudy:
    """Choose the story (``story``) or a photograph (its number) of an accepted return, as its grantee agreed.

    Raises IllegalMoveError where they did not agree, or the return is not accepted now; MissingError for no photograph.
    """
    permit(actor, Action.CASE_CHOOSE, owed.subject)
    found = locked(owed)
    standing = contents.standing_record(found)
    if standing is None or not standing.content.get("may_publish"):
        raise IllegalMoveError(NOT_AGREED)
    if not title.strip():
        raise NotReadyError([Problem("case", "title", "Give it a title")])
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 0
    file = queries.file_of(Owed(owed.expected, found), number) if part != STORY else None
    if part != STORY and (file is None or file.kind is not FileKind.JPEG):
        raise MissingError
    case = next((each for each in queries.cases_of(standing) if each.part == part), None)
    case = case or CaseStudy(accepted_id=standing.id, part=part, file_id=file.id if file else None)
    case.title, case.chosen_at, case.chosen_by_id = title.strip(), at, actor.id or 0
    db.session.add(case)
    db.session.flush()
    return case


def drop(actor: Actor, owed: Owed, part: str) -> None:
    """Take a case study off again. Raises MissingError where there is none."""
    permit(actor, Action.CASE_DROP, owed.subject)
    found = locked(owed)
    cases = [case for accepted in found.accepted for case in queries.cases_of(accepted) if case.part == part]
    if not cases:
        raise MissingError
    for case in cases:
        db.session.delete(case)
    db.session.flush()


def _delivered(award: Award) -> None:
    if award.state is not AwardState.ACCEPTED:
        raise IllegalMoveError(NOT_DELIVERED)
