"""The offer as its group reads, accepts or turns it down."""

import pytest
from sqlalchemy import select

from spatc_funds.awards import queries
from spatc_funds.awards.models import Award
from spatc_funds.awards.views import join_and
from spatc_funds.db.base import db
from spatc_funds.policy.states import AwardState
from tests.builders import World

SIGNED = {"signed_as": "Wren Sample", "agree": "y"}


def state(world: World, reference: str) -> AwardState:
    with world.context():
        award = queries.award_by_reference(reference)
        assert award
        return award.state


def pot_awarded(world: World, reference: str) -> int:
    with world.context():
        award = queries.award_by_reference(reference)
        assert award
        assert award.pot
        return award.pot.awarded_pence


def test_the_offer_says_everything_in_plain_words(world: World) -> None:
    reference = world.award()
    page = world.browser(world.lead("offered")).get(f"/awards/{reference}/").text
    for words in (
        "We offer you £27,500",
        "Why your project was chosen",
        "Payment 1",
        "once you have accepted this offer",
        "once we have accepted return 1",
        "Return 2",
        "What you promised",
        "Spend the money only on this project",
        "food for foodbanks",
        f"/awards/{reference}/accept",
        f"/awards/{reference}/decline",
    ):
        assert words in page


def test_accepting_takes_a_name_and_a_tick(world: World) -> None:
    reference, browser = world.award(), world.browser(world.lead("offered"))
    path = f"/awards/{reference}/accept"
    assert "Sign and accept the offer" in browser.get(path).text
    empty = browser.send(path, {})
    assert empty.status_code == 422
    assert empty.text.count("Enter your full name") == 2
    assert empty.text.count("Tick the box") == 2
    assert state(world, reference) is AwardState.OFFERED
    answer = browser.send(path, SIGNED)
    assert (answer.status_code, answer.location) == (303, f"/awards/{reference}/")
    page = browser.get(f"/awards/{reference}/").text
    assert "You have accepted the offer" in page
    assert "Wren Sample signed for the group" in page
    assert "/accept" not in page
    assert browser.get(path).status_code == 303
    assert browser.send(path, SIGNED, page="/help-and-support").status_code == 409
    assert browser.send(f"/awards/{reference}/decline", {}, page="/help-and-support").status_code == 409


def test_turning_it_down_frees_the_money(world: World) -> None:
    reference, browser = world.award(), world.browser(world.lead("offered"))
    before = pot_awarded(world, reference)
    path = f"/awards/{reference}/decline"
    assert "Do you want to turn the offer down?" in browser.get(path).text
    assert state(world, reference) is AwardState.OFFERED
    assert browser.send(path, {}).status_code == 303
    assert state(world, reference) is AwardState.DECLINED
    assert pot_awarded(world, reference) == before - 27_500_00
    assert "turned this offer down" in browser.get(f"/awards/{reference}/").text
    assert browser.send(f"/awards/{reference}/accept", SIGNED, page="/help-and-support").status_code == 409


def test_another_group_never_learns_of_it(world: World) -> None:
    reference, other = world.award(), world.accepted()
    browser = world.browser(world.lead("accepted-nothing-due"))
    for page in ("", "accept", "decline"):
        assert browser.get(f"/awards/{reference}/{page}").status_code == 404
    assert browser.send(f"/awards/{reference}/accept", SIGNED, page=f"/awards/{other}/").status_code == 404
    assert browser.get("/awards/EX-SS-00000/").status_code == 404
    assert state(world, reference) is AwardState.OFFERED


def test_signed_out_comes_back_after_signing_in(world: World) -> None:
    reference = world.award()
    answer = world.browser().get(f"/awards/{reference}/accept")
    assert answer.status_code == 303
    assert f"/awards/{reference}/accept" in answer.location.replace("%2F", "/")


@pytest.mark.parametrize("role", ["programme officer", "finance officer", "auditor", "analyst", "decision maker"])
def test_staff_read_it_and_are_offered_nothing(world: World, role: str) -> None:
    reference, browser = world.award(), world.browser(world.person(role))
    page = browser.get(f"/awards/{reference}/")
    assert page.status_code == 200
    assert "We offer this group £27,500" in page.text
    assert "/accept" not in page.text
    assert browser.get(f"/awards/{reference}/accept").status_code == 403
    assert browser.send(f"/awards/{reference}/accept", SIGNED, page=f"/awards/{reference}/").status_code == 403


def test_an_assessor_has_no_business_here(world: World) -> None:
    reference = world.award()
    assert world.browser(world.person("assessor")).get(f"/awards/{reference}/").status_code == 403


def test_an_imported_award_has_a_page_for_staff(world: World) -> None:
    with world.context():
        reference = db.session.scalars(select(Award.reference).limit(1)).one()
    page = world.browser(world.person("analyst")).get(f"/awards/{reference}/")
    assert page.status_code == 200
    assert "made before this service" in page.text


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_in_a_row(names: list[str], said: str) -> None:
    assert join_and(names) == said
