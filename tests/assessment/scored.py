"""What tests of results are told with: sheets of whole bids, a body that is asked, and a moderated score."""

from collections.abc import Mapping

from spatc_funds.accounts.operations import create_person
from spatc_funds.assessment import operations
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, Assessment, InterestKind, ModeratedScore, Score
from spatc_funds.assessment.operations import Given
from spatc_funds.assessment.queries import final_sheets
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import AdvisoryBody, Round
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from tests.builders import World

RESULTS = "/admin/assessment/results/"
ROUND = f"{RESULTS}rounds/EX-MSCF/"


def finish(world: World, reference: str, score: int, feedback: str = "Well told.", number: int = 1) -> None:
    """The second assessor of an "assessing" bid gives everything one score, and makes it final."""
    at = clock.now()
    with world.context():
        submission = world.submission_row(reference)
        for act in (Action.INTEREST_DECLARE, Action.ASSESSMENT_SCORE, Action.ASSESSMENT_FINISH):
            actor = world.staff("assessor", number)
            with unit_of_work(actor.id, act, reference):
                if act is Action.INTEREST_DECLARE:
                    declare(actor, submission, InterestKind.NONE, "", at)
                elif act is Action.ASSESSMENT_SCORE:
                    given = {each.key: Given(score, "Why", "", feedback) for each in submission.round.criteria}
                    operations.save_scores(actor, submission, given, at)
                else:
                    operations.finish(actor, submission, at)


def silence(world: World, reference: str) -> None:
    """Nobody has written anything for the group yet."""
    with world.context(), unit_of_work(None, Action.ASSESSMENT_SCORE, reference):
        for score in (each for sheet in final_sheets(world.submission_row(reference).id) for each in sheet.scores):
            score.feedback = ""


def moderate(world: World, reference: str, scores: Mapping[str, int]) -> None:
    """As the panel has agreed."""
    with world.context(), unit_of_work(None, Action.SCORE_MODERATE, reference):
        submission, officer = world.submission_row(reference), world.demo.by_role(Role.PROGRAMME_OFFICER, 0)
        for criterion in submission.round.criteria:
            if criterion.key in scores:
                agreed = {"value": scores[criterion.key], "reason": "The panel agreed on it"}
                who = {"moderated_by_id": officer.id, "moderated_at": clock.now()}
                db.session.add(ModeratedScore(submission_id=submission.id, criterion_id=criterion.id, **agreed, **who))


def body(world: World, name: str, weight: int, criteria: list[str], *, gives_scores: bool = True) -> None:
    """The round asks a body beside its assessors."""
    with world.context(), unit_of_work(None, Action.FUND_LOAD, name):
        asked: Round = world.round("EX-MSCF")
        place = len(asked.bodies)
        asked.bodies.append(
            AdvisoryBody(
                key=f"body-{place}",
                name=name,
                gives_scores=gives_scores,
                weight=weight,
                criterion_keys=criteria,
                position=place,
            )
        )


def advise(world: World, reference: str, name: str, score: int | None) -> None:
    """An adviser of the body makes a sheet final."""
    at = clock.now()
    with world.context(), unit_of_work(None, Action.ASSESSMENT_FINISH, reference):
        submission = world.submission_row(reference)
        found = next(each for each in submission.round.bodies if each.name == name)
        person = create_person(
            f"{found.key}.{reference.lower()}@advisers.example.org", "Adviser Example", "example-password-1"
        )
        keys = {each.key: each.id for each in submission.round.criteria}
        whose = {"submission_id": submission.id, "person_id": person.id, "body_id": found.id}
        db.session.add(Allocation(**whose, allocated_at=at))
        db.session.add(
            Assessment(
                **whose,
                state=AssessmentState.FINAL,
                started_at=at,
                final_at=at,
                scores=[
                    Score(criterion_id=keys[key], value=score, reason=f"{name} on {key}", feedback="Not for the group")
                    for key in found.criterion_keys
                ],
            )
        )
