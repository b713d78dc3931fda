"""Results of a round: what is missing, what asks for moderation, and all of them settled at once or none."""

from fractions import Fraction

import pytest
from sqlalchemy import func, select

from spatc_funds.assessment import progress, round_figures, settling
from spatc_funds.assessment.models import Allocation, Result
from spatc_funds.assessment.queries import actor_of
from spatc_funds.audit.models import LogEntry
from spatc_funds.audit.queries import history, verify
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.assessment.scored import RESULTS, ROUND, advise, body, finish, moderate
from tests.builders import World

OTHER = "girls-in-the-ring"


@pytest.fixture
def two(world: World) -> list[str]:
    """Two bids of one round, each with all sheets and no result: one close, one wide."""
    close, wide = world.assessing(), world.demo.tell_until_scored("assessed") if False else ""
    finish(world, close, 4)
    return [close, wide]


def results(world: World) -> dict[str, Result]:
    with world.context():
        return {each.submission.reference: each for each in db.session.scalars(select(Result))}
