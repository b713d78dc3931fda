"""What a group is told about each criterion: the assessors' words till an officer writes others."""

import re

import pytest
from sqlalchemy import select

from spatc_funds.assessment import telling
from spatc_funds.assessment.gathered import gather
from spatc_funds.assessment.models import Allocation, Feedback, Result
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, ForbiddenError, IllegalMoveError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.assessment.scored import RESULTS, advise, body, finish, silence
from tests.builders import Browser, World

BEGAN = re.compile(r'name="began"[^>]*value="([0-9a-f]{64})"')


@pytest.fixture
def scored(world: World) -> str:
    """A bid with two final sheets and no result."""
    reference = world.assessing()
    finish(world, reference, 4, "Say a little more.")
    return reference


def page_of(reference: str) -> str:
    return f"{RESULTS}{reference}/feedback"


def told(world: World, reference: str) -> dict[str, str]:
    with world.context():
        (found,) = gather([world.submission_row(reference)])
        return found.told()


def written(world: World) -> dict[str, str]:
    """The officers' own words by criterion."""
    with world.context():
        keys = {each.id: each.key for each in world.round("EX-MSCF").criteria}
        return {keys[each.criterion_id]: each.text for each in db.session.scalars(select(Feedback))}


def typed(officer: Browser, reference: str, texts: dict[str, str]) -> dict[str, str]:
    """The form as it is sent from the page as it stands now."""
    found = BEGAN.search(officer.get(page_of(reference)).text)
    assert found
    return {"began": found[1]} | {f"{key}-told": text for key, text in texts.items()}


def test_what_the_assessors_wrote_stands_each_once(world: World, scored: str) -> None:
    first = world.spec("assessing")["scores"]["1"]
    assert told(world, scored) == {key: f"{given[2]}\n\nSay a little more." for key, given in first.items()}
    page = world.browser(world.person("programme officer")).get(page_of(scored)).text
    assert first["need"][2] in page
    assert "Standard reached: " in page
    assert first["need"][1] not in page, "reasons are not for the group"


def test_an_officer_writes_other_words_and_takes_them_back(world: World, scored: str) -> None:
    officer, theirs = world.browser(world.person("programme officer")), told(world, scored)
    answer = officer.send(page_of(scored), typed(officer, scored, theirs | {"need": "Our own words."}))
    assert (answer.status_code, answer.location) == (303, f"{RESULTS}rounds/EX-MSCF/")
    assert written(world) == {"need": "Our own words."}
    assert told(world, scored) == theirs | {"need": "Our own words."}
    officer.send(page_of(scored), typed(officer, scored, theirs | {"need": "Better words.", "reach": ""}))
    assert written(world) == {"need": "Better words."}
    officer.send(page_of(scored), typed(officer, scored, theirs | {"need": " "}))
    assert written(world) == {}
    assert told(world, scored) == theirs


def test_two_officers_never_overwrite_each_other(world: World, scored: str) -> None:
    one, other = (world.browser(world.person("programme officer")) for _ in range(2))
    theirs = told(world, scored)
    late = typed(other, scored, theirs | {"need": "From that window."})
    one.send(page_of(scored), typed(one, scored, theirs | {"need": "From this window."}))
    refused = other.send(page_of(scored), late)
    assert refused.status_code == 409
    assert "From this window." in refused.text
    assert "From that window." in refused.text
    assert written(world) == {"need": "From this window."}


def test_too_long_is_refused_and_kept(world: World, scored: str) -> None:
    officer = world.browser(world.person("programme officer"))
    answer = officer.send(page_of(scored), typed(officer, scored, {"need": "a" * 10_001}))
    assert answer.status_code == 422
    assert 'href="#need-told"' in answer.text
    assert written(world) == {}


def test_nothing_is_settled_while_a_criterion_has_no_feedback(world: World) -> None:
    reference, officer = world.assessing(), world.browser(world.person("programme officer"))
    silence(world, reference)
    finish(world, reference, 4, "")
    assert "Has no feedback on “Need”, “Activities”" in officer.get(RESULTS).text
    assert "Write feedback" in officer.get(RESULTS).text
    officer.send(f"{RESULTS}{reference}/settle", page=RESULTS)
    assert "cannot be settled yet: Has no feedback on" in officer.get(RESULTS).text
    texts = {key: f"On {key}." for key in told(world, reference)}
    officer.send(page_of(reference), typed(officer, reference, texts | {"need": ""}))
    assert "Has no feedback on “Need”<" in officer.get(RESULTS).text
    officer.send(page_of(reference), typed(officer, reference, texts))
    officer.send(f"{RESULTS}{reference}/settle", page=RESULTS)
    with world.context():
        content = db.session.scalars(select(Result)).one().content
        assert content["feedback"] == texts
        assert set(content["standards"]) == set(texts)
    page = officer.get(f"{RESULTS}{reference}/").text
    assert "What the group is told" in page
    assert "On need." in page


def test_what_advisers_write_is_not_told(world: World, scored: str) -> None:
    body(world, "Youth panel", 0, ["need"])
    advise(world, scored, "Youth panel", 3)
    assert "Not for the group" not in str(told(world, scored))


def test_a_settled_or_barred_bid_has_no_page_to_write_on(world: World) -> None:
    settled = world.settled()
    with world.context():
        officer, bid = world.staff("programme officer"), world.submission_row(settled)
        with pytest.raises(IllegalMoveError), unit_of_work(officer.id, Action.FEEDBACK_WRITE, settled):
            telling.write(officer, bid, {"need": "Late"}, clock.now())
        barred = world.staff("assessor")
        with pytest.raises(ForbiddenError), unit_of_work(barred.id, Action.FEEDBACK_WRITE, settled):
            telling.write(barred, bid, {"need": "Not mine"}, clock.now())
    browser = world.browser(world.person("programme officer"))
    browser.send(f"/admin/assessment/{settled}/interest", {"kind": "prejudicial", "note": "My sister"})
    assert browser.get(page_of(settled)).status_code == 404
    assert world.browser(world.person("auditor")).get(page_of(settled)).status_code == 403


def test_whoever_still_has_to_score_reads_nothing_of_the_others(world: World, scored: str) -> None:
    with world.context(), unit_of_work(None, Action.ASSESSMENT_ALLOCATE, scored):
        officer, bid = world.demo.by_role(Role.PROGRAMME_OFFICER, 0), world.submission_row(scored)
        db.session.add(Allocation(submission_id=bid.id, person_id=officer.id, allocated_at=clock.now()))
    answer = world.browser(world.person("programme officer")).get(page_of(scored))
    assert answer.status_code == 409
    assert "Say a little more." not in answer.text


def test_words_that_changed_under_the_officer_are_seen_by_the_operation(world: World, scored: str) -> None:
    with world.context():
        officer, bid = world.staff("programme officer"), world.submission_row(scored)
        with pytest.raises(ChangedError), unit_of_work(officer.id, Action.FEEDBACK_WRITE, scored):
            telling.write(officer, bid, {"need": "Other"}, clock.now(), "0" * 64)
