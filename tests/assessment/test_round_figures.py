"""The figures of a round on their page: right, and of nothing that the reader may not see."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from spatc_funds.assessment import round_figures, scoring
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, InterestKind, Result
from spatc_funds.assessment.queries import actor_of
from spatc_funds.assessment.robustness import Flip
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import World

PAGE = "/admin/assessment/figures/EX-MSCF/"


@pytest.fixture
def scored(world: World) -> list[str]:
    """Bids with final sheets: two of two, and one of two."""
    return [world.tell(story) for story in ("assessed", "blue-blankets", "assessing")]


def figures(world: World, role: Role = Role.PROGRAMME_OFFICER) -> round_figures.RoundFigures:
    asked = round_by_code("EX-MSCF")
    assert asked
    return round_figures.figures_of(actor_of(world.demo.by_role(role, 0)), asked)


def test_the_page_says_what_the_figures_are(world: World, scored: list[str]) -> None:
    page = world.browser(world.person("programme officer")).get(PAGE).text
    for words in ("Would the answer change?", "Do assessors agree?", "Who marks hard or soft?", *scored):
        assert words in page
    assert "None of them changes a mark or an order" in page
    assert "EX-MSCF" in world.browser(world.person("programme officer")).get("/admin/assessment/figures/").text


def test_they_are_those_of_the_sheets(world: World, scored: list[str]) -> None:
    with world.context():
        found = figures(world)
        standings = {each.bid.reference: each for pot in found.pots for each in pot.standings}
        assert set(standings) == set(scored)
        settled = world.submission_row(scored[0])
        (result,) = db.session.scalars(select(Result).where(Result.submission_id == settled.id))
        assert standings[scored[0]].mark == scoring.shown(result.mark)
        assert standings[scored[0]].sheets == 2
        assert standings[scored[2]].sheets == 1
        assert found.overall.pairs == 2
        assert len(found.by_criterion) == len(settled.round.criteria)
        assert {name for name, _ in found.severities} == {
            world.demo.by_role(Role.ASSESSOR, number).name for number in range(2)
        }
        for pot in found.pots:
            assert [each.rank for each in pot.standings] == list(range(1, len(pot.standings) + 1))
            assert [Fraction(each.mark) for each in pot.standings] == sorted(
                (Fraction(each.mark) for each in pot.standings), reverse=True
            )


def test_a_decided_bid_has_no_place_in_the_order_any_more(world: World, scored: list[str]) -> None:
    """And the line is drawn with what is left; how far assessors agreed is told of it all the same."""
    declined, awarded = world.tell("declined"), world.award()
    with world.context():
        pot = world.submission_row(awarded).pot
        assert pot.awarded_pence > 0
        found = figures(world)
        assert {each.bid.reference for each_pot in found.pots for each in each_pot.standings} == set(scored)
        assert found.bids == 5 if pot.round.code == "EX-MSCF" else 4
        for each in found.pots:
            assert each.left_pence == (each.pot.limit_pence or 0) - each.pot.awarded_pence
    assert declined not in world.browser(world.person("programme officer")).get(PAGE).text


def test_a_bid_from_which_one_is_barred_is_in_none_of_them(world: World, scored: list[str]) -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        officer = world.staff("programme officer")
        declare(officer, world.submission_row(scored[0]), InterestKind.PREJUDICIAL, "My sister", clock.now())
    page = world.browser(world.person("programme officer")).get(PAGE).text
    assert scored[0] not in page
    assert "From the final sheets of 2 bids" in page


def test_nothing_is_shown_of_a_bid_that_one_has_to_score_oneself(world: World, scored: list[str]) -> None:
    with world.context():
        officer = world.demo.by_role(Role.PROGRAMME_OFFICER, 0)
        bid = world.submission_row(scored[1])
        with unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
            db.session.add(Allocation(submission_id=bid.id, person_id=officer.id, allocated_at=clock.now()))
        assert {each.bid.reference for pot in figures(world).pots for each in pot.standings} == {scored[0], scored[2]}


def test_who_settles_results_reads_them_and_nobody_else(world: World, scored: list[str]) -> None:
    assert scored
    for role in ("assessor", "board member", "finance officer", "analyst", "auditor"):
        assert world.browser(world.person(role)).get(PAGE).status_code == 403
    officer = world.browser(world.person("programme officer"))
    assert officer.get("/admin/assessment/figures/NONE/").status_code == 404
    assert officer.get("/admin/assessment/figures/MSCF-1/").status_code == 404


def test_a_round_without_scores_says_so(world: World) -> None:
    officer = world.browser(world.person("programme officer"))
    assert "Nobody has final scores yet" in officer.get("/admin/assessment/figures/").text
    assert "No bid that you may see has final scores yet" in officer.get(PAGE).text


def test_what_would_move_a_bid_is_said_without_names() -> None:
    found = [Flip("assessor", "7"), Flip("assessor", "9"), Flip("weight", "need up"), Flip("severity", "")]
    assert round_figures.why_words([*found, Flip("weight", "plan down")], {"need": "The need"}) == [
        "One of its assessors left out",
        "A tenth more weight on “The need”",
        "How hard its assessors mark, taken out",
        "A tenth less weight on “plan”",
    ]
