"""Advisory bodies: asked for a bid, on their own plain pages, for chosen criteria; seen beside the mark."""

import pytest
from sqlalchemy import select

from spatc_funds.accounts.queries import person_by_email
from spatc_funds.assessment import queries
from spatc_funds.assessment.models import Allocation, Assessment
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import AssessmentState
from tests.assessment.sheets import page_of
from tests.builders import Browser, World

OFFICER, VCSE, YOUTH = "officer.one@example.org", "vcse.adviser@example.org", "youth.adviser@example.org"
RESULTS = "/admin/assessment/results/"


def ask(world: World, reference: str, key: str, email: str) -> Browser:
    """The officer asks one adviser, who declares no interest."""
    officer, path = world.browser(OFFICER), f"/admin/assessment/{reference}/allocate"
    with world.context():
        number = str(world.actor(email).id)
    answer = officer.send(f"{path}/{key}", {f"{key}-people": number}, page=path)
    assert answer.status_code == 303, answer.text
    adviser = world.browser(email)
    adviser.send(f"/admin/assessment/{reference}/interest", {"kind": "none", "note": ""})
    return adviser


@pytest.fixture
def reference(world: World) -> str:
    return world.assessing()


def test_the_page_that_gives_a_bid_offers_the_rounds_bodies(world: World, reference: str) -> None:
    page = world.browser(OFFICER).get(f"/admin/assessment/{reference}/allocate").text
    assert "VCSE Advisory Group" in page
    assert "They are shown beside the mark and change nothing." in page
    path = f"/admin/assessment/{reference}/allocate"
    nobody = world.browser(OFFICER).send(f"{path}/vcse", {}, page=path)
    assert nobody.status_code == 422
    assert "Choose at least one person" in nobody.text
    assert world.browser(OFFICER).send(f"{path}/nothing", {}, page=path).status_code == 404


def test_a_body_that_scores_has_its_own_criteria_and_no_others(world: World, reference: str) -> None:
    adviser = ask(world, reference, "vcse", VCSE)
    sheet = adviser.get(f"/admin/assessment/{reference}/").text
    assert "You speak for the VCSE Advisory Group. It is asked about 2 criteria." in sheet
    assert "0 of 2 done" in sheet
    assert "Weight" not in sheet
    assert adviser.get(page_of(reference, "need")).status_code == 404
    for key in ("reach", "difference"):
        sent = adviser.send(page_of(reference, key), {"value": "1", "reason": "We know the place"})
        assert sent.status_code == 303
    assert adviser.send(f"/admin/assessment/{reference}/finish", page="/admin/").status_code == 303
    page = adviser.get(f"/admin/assessment/{reference}/").text
    assert "Another assessor" not in page, "an adviser sees nothing that assessors gave"
    assert adviser.get("/admin/bids/").status_code == 403
    assert adviser.get(RESULTS).status_code == 403


def test_a_body_that_comments_gives_no_scores(world: World, reference: str) -> None:
    adviser = ask(world, reference, "youth", YOUTH)
    page = adviser.get(page_of(reference, "need")).text
    assert 'type="radio"' not in page
    assert "Your comment" in page
    for key in ("need", "difference"):
        adviser.send(page_of(reference, key), {"reason": "We would come", "value": "5"})
    assert adviser.send(f"/admin/assessment/{reference}/finish", page="/admin/").status_code == 303
    with world.context():
        sheet = db.session.scalars(select(Assessment).where(Assessment.body_id.is_not(None))).one()
        assert sheet.state is AssessmentState.FINAL
        assert {score.value for score in sheet.scores} == {None}
        assert sheet.mark_micro is None


def test_advisers_are_no_assessors(world: World, reference: str) -> None:
    """They are not counted among those who have the bid, nor their sheets among those that settle it."""
    ask(world, reference, "vcse", VCSE)
    with world.context():
        bid = world.submission_row(reference)
        assert len(queries.assessors(bid.id)) == 2
        assert (
            db.session.scalars(select(Allocation).where(Allocation.body_id.is_not(None))).one().why.startswith("Asked")
        )
    assert "1 of 2" in world.browser(OFFICER).get(RESULTS).text


def test_nobody_has_a_bid_twice_and_only_advisers_advise(world: World, reference: str) -> None:
    ask(world, reference, "vcse", VCSE)
    officer, path = world.browser(OFFICER), f"/admin/assessment/{reference}/allocate"
    with world.context():
        adviser, assessor = str(world.actor(VCSE).id), str(world.actor(world.person("assessor", 2)).id)
    assert officer.send(f"{path}/youth", {"youth-people": adviser}, page=path).status_code == 422
    assert officer.send(f"{path}/youth", {"youth-people": assessor}, page=path).status_code == 422
    assert officer.send(path, {"people": adviser}).status_code == 422


def test_what_was_given_by_mistake_is_taken_back_until_somebody_has_begun(world: World, reference: str) -> None:
    adviser = ask(world, reference, "vcse", VCSE)
    officer, path = world.browser(OFFICER), f"/admin/assessment/{reference}/allocate"
    with world.context():
        number, begun = world.actor(VCSE).id, world.actor(world.person("assessor", 0)).id
    assert "Take it back" in officer.get(path).text
    assert officer.send(f"{path}/{begun}/back", page=path).status_code == 409
    assert officer.send(f"{path}/{number}/back", page=path).status_code == 303
    assert officer.send(f"{path}/{number}/back", page=path).status_code == 404
    assert adviser.get(f"/admin/assessment/{reference}/").status_code == 404
    assert ask(world, reference, "youth", VCSE).get(f"/admin/assessment/{reference}/").status_code == 200


def shown_on(browser: Browser, reference: str) -> list[str]:
    """The pages on which others' scores are read before a result is settled."""
    pages = (f"/admin/assessment/moderation/EX-MSCF/{reference}/", f"/admin/bids/{reference}/")
    return [browser.get(each).text for each in pages]


def advise(world: World, reference: str) -> None:
    """One adviser scores and is final, another is asked; a third comments."""
    adviser = ask(world, reference, "vcse", VCSE)
    for key in ("reach", "difference"):
        adviser.send(page_of(reference, key), {"value": "1", "reason": "We know the place"})
    adviser.send(f"/admin/assessment/{reference}/finish", page="/admin/")
    adviser = ask(world, reference, "youth", YOUTH)
    for key in ("need", "difference"):
        adviser.send(page_of(reference, key), {"reason": "We would come"})


def test_what_bodies_say_is_read_before_the_result_is_settled(world: World, reference: str) -> None:
    advise(world, reference)
    for page in shown_on(world.browser(OFFICER), reference):
        assert "VCSE Advisory Group: 1 of 1 final" in page
        assert "Reaching people: 1 of 5" in page
        assert "We know the place" in page
        assert ": 0 of 1 final" in page
        assert "We would come" not in page, "not final yet"
        for email in (VCSE, YOUTH):
            with world.context():
                person = person_by_email(email)
                assert person
                assert person.name not in page.split('id="history"')[0].split("Given to")[0]
    youth = world.browser(YOUTH)
    assert youth.send(f"/admin/assessment/{reference}/finish", page="/admin/").status_code == 303
    for page in shown_on(world.browser(world.person("auditor")), reference):
        assert "We would come" in page


def test_whoever_has_still_to_score_sees_nothing_of_the_bodies(world: World, reference: str) -> None:
    advise(world, reference)
    with world.context(), unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
        bid, person = world.submission_row(reference), person_by_email(OFFICER)
        assert person
        db.session.add(Allocation(submission_id=bid.id, person_id=person.id, allocated_at=clock.now(), why="To test"))
    for page in shown_on(world.browser(OFFICER), reference):
        assert "final scores" not in page or "when your own scores are final" in page
        assert "VCSE Advisory Group" not in page
        assert "We know the place" not in page
