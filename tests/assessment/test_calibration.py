"""Calibration: everybody scores a few bids first, the others open when it is closed with a note."""

import re

import pytest
from sqlalchemy import select

from spatc_funds.accounts.queries import people_with, person_by_email
from spatc_funds.assessment import queries
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, Calibration, CalibrationBid, Interest, InterestKind
from spatc_funds.assessment.moderating import FIRST, calibrate, close_calibration
from spatc_funds.assessment.operations import Given, save_scores
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World

PAGES = "/admin/assessment/calibration/"
PAGE = f"{PAGES}EX-MSCF/"


@pytest.fixture
def bids(world: World) -> list[str]:
    """Two with two final sheets, one with one, one with none: all of one round, none settled."""
    with world.context():
        told = [world.demo.tell("assessing", world.spec(key)) for key in ("one-second", "say-something-kind")]
    return [*told, world.assessing(), world.submission()]


def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


def ids(world: World, references: list[str]) -> list[str]:
    with world.context():
        return [str(world.submission_row(each).id) for each in references]


def assessor_ids(world: World, *places: int) -> list[str]:
    with world.context():
        found = [person_by_email(world.person("assessor", place)) for place in places]
        return [str(each.id) for each in found if each]


def choose(world: World, references: list[str], people: list[str] | None = None) -> tuple[int, str]:
    data = {"bids": ids(world, references), "people": assessor_ids(world, 0, 1) if people is None else people}
    answer = officer(world).send(f"{PAGE}bids", data, page=PAGE)
    return answer.status_code, answer.text


def score(world: World, reference: str, number: int) -> None:
    with world.context():
        bid = world.submission_row(reference)
        actor = world.staff("assessor", number)
        with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
            declare(actor, bid, InterestKind.NONE, "", clock.now())
        actor = world.staff("assessor", number)
        with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, reference):
            save_scores(actor, bid, {"need": Given(3, "Seen")}, clock.now())


def test_everybody_is_given_the_bids_and_the_others_wait(world: World, bids: list[str]) -> None:
    assert "No calibration is set" in officer(world).get(PAGE).text
    assert "Not set" in officer(world).get(PAGES).text
    status, _ = choose(world, [bids[0], bids[3]], assessor_ids(world, 0, 1, 2))
    assert status == 303
    page = officer(world).get(PAGE).text
    assert "cannot be scored until you close it" in page
    assert "Open" in officer(world).get(PAGES).text
    with world.context():
        held = db.session.execute(select(Allocation.why).where(Allocation.why == FIRST)).all()
        assert len(held) == 1 + 3, "only who did not have it already"
        first, other = world.submission_row(bids[3]), world.submission_row(bids[2])
        assert not queries.kept_back(first)
        assert queries.kept_back(other)
        assert queries.open_calibrations() == {first.round_id: {first.id, world.submission_row(bids[0]).id}}
    score(world, bids[3], 2)
    with pytest.raises(IllegalMoveError, match="opens when the bids"):
        score(world, bids[2], 1)


def test_a_round_without_calibration_works_as_ever(world: World, bids: list[str]) -> None:
    score(world, bids[2], 1)
    with world.context():
        assert queries.open_calibrations() == {}


@pytest.mark.parametrize("count", [0, 1, 6])
def test_it_takes_two_to_five_bids(world: World, bids: list[str], count: int) -> None:
    more = [world.tell(each) for each in ("not-for-sale", "ride-to-work")] if count == 6 else []
    status, page = choose(world, [*bids, *more][:count])
    assert status == 422
    assert "Choose 2 to 5 bids" in page
    assert "<title>Error: " in page
    with world.context():
        assert db.session.scalars(select(Calibration)).all() == []


def test_it_takes_an_assessor(world: World, bids: list[str]) -> None:
    status, page = choose(world, bids[:2], [])
    assert status == 422
    assert "Choose at least one assessor" in page


def test_scores_are_shown_once_two_are_final(world: World, bids: list[str]) -> None:
    choose(world, [bids[0], bids[2]])
    page = officer(world).get(PAGE).text
    assert "2 final sheets. The mark is" in page
    assert "1 of 2 final sheets. The scores are shown when there are 2." in page
    assert page.count("<table") == 1
    assert "Amber" not in page.split("Choose other bids")[0]


def test_closing_says_what_is_missing_and_needs_a_note(world: World, bids: list[str]) -> None:
    choose(world, [bids[0], bids[2], bids[3]])
    browser = officer(world)
    early = browser.send(f"{PAGE}close", {"note": "Four means a date"}, page=PAGE)
    assert early.status_code == 422
    assert f"{bids[2]} has 1 of 2 final sheets" in early.text
    assert f"{bids[3]} has 0 of 2 final sheets" in early.text
    assert f"{bids[0]} has" not in early.text
    assert "Four means a date" in early.text
    choose(world, bids[:2])
    silent = browser.send(f"{PAGE}close", {"note": "  "}, page=PAGE)
    assert silent.status_code == 422
    assert "Say what you agreed on" in silent.text
    assert browser.send(f"{PAGE}close", {"note": "Four means a date"}, page=PAGE).status_code == 303
    page = browser.get(PAGE).text
    assert "Four means a date" in page
    assert "Let everybody score these first" not in page
    assert "Closed" in browser.get(PAGES).text
    score(world, bids[2], 1)  # the others are open
    assert browser.send(f"{PAGE}close", {"note": "Again"}, page=PAGES).status_code == 409
    assert choose(world, bids[:2])[0] in {409, 422}
    with world.context():
        chosen, people = [world.submission_row(each) for each in bids[:2]], people_with(Role.ASSESSOR)
        with pytest.raises(IllegalMoveError, match="is closed"):
            calibrate(world.staff("programme officer"), chosen[0].round, chosen, people, clock.now())


def test_nobody_is_given_a_bid_from_which_they_are_barred(world: World, bids: list[str]) -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        number, bid = world.demo.by_role(Role.ASSESSOR, 2).id, world.submission_row(bids[0])
        said = {"kind": InterestKind.PREJUDICIAL, "note": "My sister", "declared_at": clock.now()}
        db.session.add(Interest(submission_id=bid.id, person_id=number, **said))
    assert choose(world, bids[:2], assessor_ids(world, 2))[0] == 303
    with world.context():
        given = db.session.execute(select(Allocation.submission_id).where(Allocation.person_id == number)).all()
        assert [each.submission_id for each in given] == [world.submission_row(bids[1]).id]


def test_an_officer_sees_nothing_of_a_bid_from_which_they_are_barred_and_cannot_take_it_out(
    world: World, bids: list[str]
) -> None:
    choose(world, [bids[0], bids[2]])
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        actor = world.staff("programme officer")
        declare(actor, world.submission_row(bids[2]), InterestKind.PREJUDICIAL, "My sister", clock.now())
    browser = officer(world)
    page = browser.get(PAGE).text
    assert bids[2] not in page
    closing = browser.send(f"{PAGE}close", {"note": "Done"}, page=PAGE)
    assert closing.status_code == 409
    assert bids[2] not in closing.text
    assert choose(world, bids[:2])[0] == 303
    with world.context():
        held = set(db.session.scalars(select(CalibrationBid.submission_id)))
        assert held == {world.submission_row(each).id for each in bids[:3]}


def test_only_officers_calibrate(world: World, bids: list[str]) -> None:
    for role in ("auditor", "assessor", "board member"):
        browser = world.browser(world.person(role))
        assert browser.get(PAGE).status_code == 403
        assert browser.send(f"{PAGE}close", {"note": "x"}, page="/admin/").status_code == 403
    assert officer(world).get(f"{PAGES}NONE/").status_code == 404
    with world.context():
        chosen = [world.submission_row(each) for each in bids[:2]]
        people, at, asked = people_with(Role.ASSESSOR), clock.now(), chosen[0].round
        with pytest.raises(ForbiddenError):
            calibrate(world.staff("auditor"), asked, chosen, people, at)
        with pytest.raises(ForbiddenError, match="is no assessor"):
            calibrate(world.staff("programme officer"), asked, chosen, people_with(Role.BOARD_MEMBER), at)
        with pytest.raises(MissingError):
            calibrate(world.staff("programme officer"), world.round("EX-SS"), chosen, people, at)
        with pytest.raises(IllegalMoveError, match="No calibration"):
            close_calibration(world.staff("programme officer"), asked, "x", at)
        with pytest.raises(NotReadyError):
            calibrate(world.staff("programme officer"), asked, [], [], at)


def test_a_settled_bid_is_not_calibrated(world: World, bids: list[str]) -> None:
    settled = world.settled()
    assert settled not in officer(world).get(PAGE).text
    with world.context():
        chosen, people = [world.submission_row(each) for each in (bids[0], settled)], people_with(Role.ASSESSOR)
        with pytest.raises(IllegalMoveError, match="settled"):
            calibrate(world.staff("programme officer"), chosen[0].round, chosen, people, clock.now())


def test_two_officers_choose_and_neither_writes_over_the_other(world: World, bids: list[str]) -> None:
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', officer(world).get(PAGE).text)
    assert seen
    data = {"people": assessor_ids(world, 0, 1), "seen": seen[1]}
    first = officer(world).send(f"{PAGE}bids", data | {"bids": ids(world, bids[:2])}, page=PAGE)
    assert first.status_code == 303
    late = world.browser(world.person("programme officer", 1)).send(
        f"{PAGE}bids", data | {"bids": ids(world, bids[1:3])}, page=PAGE
    )
    assert late.status_code == 409
    chosen = {int(each) for each in ids(world, bids[:2])}
    with world.context():
        assert {each.submission_id for each in db.session.scalars(select(CalibrationBid))} == chosen
