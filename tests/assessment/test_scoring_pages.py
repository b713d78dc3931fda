"""Scoring in the panel: a sheet, and one page a criterion."""

import re

import pytest
from sqlalchemy import select

from spatc_funds.assessment.models import Assessment, Calibration, CalibrationBid, Score
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from tests.assessment.sheets import KEYS, SHEETS, TOLD, give, page_of, score, second, stamp_on, state_of
from tests.builders import World

QUEUE = "/admin/assessment/"


@pytest.fixture
def reference(world: World) -> str:
    return world.assessing()


def held(world: World, key: str) -> Score:
    """What the second assessor's sheet has for a criterion."""
    with world.context():
        sheet = db.session.scalars(select(Assessment).where(Assessment.state == AssessmentState.STARTED)).one()
        return next(each for each in sheet.scores if each.criterion.key == key)


def test_single_keys_are_promised_only_where_scripts_run(world: World, reference: str) -> None:
    page = second(world, reference).get(page_of(reference, "need")).text
    promised = page[page.index("<div data-keys-switch hidden>") :]
    assert "Single keys are off" in promised
    assert promised.index("Single keys are off") < promised.index("</button>") < promised.index("</div>")
    assert page.lower().count("single keys") == 2


def test_a_criterion_stands_beside_the_answers_it_needs_and_no_others(world: World, reference: str) -> None:
    page = second(world, reference).get(page_of(reference, "need")).text
    with world.context():
        bid = world.submission_row(reference)
        needs = next(each.question_keys for each in bid.round.criteria if each.key == "need")
    needed, rest = page.split("The rest of the bid")
    assert "There is a real crime or safety problem" in page
    assert "3: A clear problem with one good source or local voice." in page
    assert "Weight 20%" in page
    assert re.findall(r'id="answer-([^"]+)"', needed) == needs
    assert "need" not in re.findall(r'id="answer-([^"]+)"', rest)
    assert len(re.findall(r'type="radio"', page)) == 6


def test_what_there_is_is_saved_and_the_sheet_says_what_is_missing(world: World, reference: str) -> None:
    browser = second(world, reference)
    sheet = browser.get(f"{SHEETS}{reference}/").text
    assert "Begin with “Need”" in sheet
    assert sheet.count(f'href="{page_of(reference, "need")}"') == 2
    assert "0 of 6 done" in sheet
    answer = browser.send(
        page_of(reference, "need"),
        {"value": "0", "reason": "Nothing there", "feedback": TOLD, "note": "Ask Dev", "then": "later"},
    )
    assert answer.location == QUEUE
    assert "“Need” of" in browser.get(QUEUE).text
    sheet = browser.get(f"{SHEETS}{reference}/").text
    assert "1 of 6 done" in sheet
    assert "Go on with “Activities”" in sheet
    assert "Needs a score and a reason" in sheet
    page = browser.get(page_of(reference, "need")).text
    assert re.search(r'name="value"[^>]*value="0"[^>]*checked', page)
    assert all(words in page for words in ("Nothing there", TOLD, "Ask Dev"))
    assert state_of(world, reference, world.person("assessor", 1)) is AssessmentState.STARTED


def test_next_leads_through_the_criteria_to_the_sheet(world: World, reference: str) -> None:
    browser = second(world, reference)
    places = [f"{SHEETS}{reference}/criteria/{key}/" for key in KEYS[1:]] + [f"{SHEETS}{reference}/"]
    for key, place in zip(KEYS, places, strict=True):
        answer = browser.send(page_of(reference, key), {"value": "4", "reason": "Well", "then": "next"})
        assert (answer.status_code, answer.location) == (303, place)
    assert "6 of 6 done, 80.0 of 100" in browser.get(f"{SHEETS}{reference}/").text


def test_a_script_saves_while_somebody_types(world: World, reference: str) -> None:
    browser = second(world, reference)
    path = page_of(reference, "need")
    data = {
        "value": "",
        "reason": "Half a",
        "csrf_token": browser.token(path),
        "stamp": stamp_on(browser, reference, "need"),
    }
    answer = browser.post(path, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json
    assert answer.json["whole"] is True
    assert held(world, "need").reason == "Half a"
    assert held(world, "need").value is None, "missing is missing"
    late = browser.post(path, data=data | {"reason": "Another window"}, headers={"Accept": "application/json"})
    assert (late.status_code, late.json) == (409, {"overtaken": True})
    assert answer.json["stamp"] == stamp_on(browser, reference, "need")


def test_finishing_too_early_says_what_is_missing_and_where(world: World, reference: str) -> None:
    browser = second(world, reference)
    give(browser, reference, "need", "", "No score yet")
    answer = browser.send(f"{SHEETS}{reference}/finish", page=f"{SHEETS}{reference}/")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "Give a score for “Need”" in answer.text
    assert "Give your reason for “Need”" not in answer.text
    assert f'href="{page_of(reference, "reach")}"' in answer.text
    assert state_of(world, reference, world.person("assessor", 1)) is AssessmentState.STARTED


def test_final_scores_are_read_only_and_others_show_without_names_notes_or_feedback(
    world: World, reference: str
) -> None:
    browser = second(world, reference)
    assert "Another assessor" not in browser.get(f"{SHEETS}{reference}/").text
    give(browser, reference, "need", 4, note="A NOTE OF MY OWN")
    assert score(browser, reference) == 303
    page = browser.get(f"{SHEETS}{reference}/").text
    assert "Your mark: 80.0 of 100" in page
    assert "Another assessor" in page
    assert "Amber Example" not in page
    first = world.browser(world.person("assessor", 0)).get(f"{SHEETS}{reference}/").text
    assert "Well shown" in first
    assert "A NOTE OF MY OWN" not in first
    assert browser.get(page_of(reference, "need")).status_code == 303
    again = browser.send(page_of(reference, "need"), {"value": "0", "reason": "Changed"}, page=QUEUE)
    assert again.status_code == 409
    assert "What you typed was not saved" in again.text
    assert "Changed" in again.text
    assert "Your mark: 80.0 of 100" in browser.get(f"{SHEETS}{reference}/").text


def test_the_first_to_finish_sees_nobody_elses(world: World, reference: str) -> None:
    page = world.browser(world.person("assessor", 0)).get(f"{SHEETS}{reference}/").text
    assert "Nobody else has made theirs final yet" in page


@pytest.mark.parametrize("begun", [False, True])
def test_two_windows_on_one_criterion_never_overwrite_each_other(world: World, reference: str, *, begun: bool) -> None:
    browser = second(world, reference)
    if begun:
        give(browser, reference, "need", 1, "First")
    stamp, path = stamp_on(browser, reference, "need"), page_of(reference, "need")
    here = {"value": "2", "reason": "From this window", "feedback": "", "note": "", "stamp": stamp}
    there = here | {"value": "5", "reason": "From that window"}
    assert browser.send(path, here).status_code == 303
    assert browser.send(path, here).status_code == 303, "the same again is no conflict"
    refused = browser.send(path, there)
    assert refused.status_code == 409
    assert "From this window" in refused.text
    assert "From that window" in refused.text, "what was typed is given back"
    assert held(world, "need").reason == "From this window"


def test_two_windows_on_two_criteria_are_both_saved(world: World, reference: str) -> None:
    browser = second(world, reference)
    stamps = {key: stamp_on(browser, reference, key) for key in ("need", "reach")}
    for key, stamp in stamps.items():
        sent = browser.send(
            page_of(reference, key), {"value": "2", "reason": key, "feedback": "", "note": "", "stamp": stamp}
        )
        assert sent.status_code == 303
    assert {held(world, key).reason for key in stamps} == {"need", "reach"}


@pytest.mark.parametrize("value", ["6", "-1", "abc", "1.5"])
def test_a_score_off_the_scale_is_refused_and_the_rest_is_kept(world: World, reference: str, value: str) -> None:
    browser = second(world, reference)
    answer = browser.send(page_of(reference, "need"), {"value": value, "reason": "Well shown"})
    assert answer.status_code == 422
    assert "Choose one of the options in the list" in answer.text
    assert held(world, "need").reason == "Well shown"
    again = browser.send(
        page_of(reference, "need"), {"value": "3", "reason": "Well shown", "stamp": stamp_in(answer.text)}
    )
    assert again.status_code == 303, "the page that was shown again can be sent"


def stamp_in(page: str) -> str:
    found = re.search(r'name="stamp"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_withdrawn_bid_is_not_scored(world: World, reference: str) -> None:
    browser = second(world, reference)
    world.browser(world.lead("assessing")).send(f"/applications/{reference}/withdraw", {"sure": "y"})
    assert "The group has withdrawn" in browser.get(f"{SHEETS}{reference}/").text
    answer = browser.send(page_of(reference, "need"), {"value": "3", "reason": "Well"}, page=QUEUE)
    assert answer.status_code == 409


def test_while_a_calibration_is_open_only_its_bids_are_scored(world: World, reference: str) -> None:
    other = world.tell("submitted")
    with world.context():
        officer = world.staff("programme officer")
        with unit_of_work(officer.id, Action.CALIBRATION_SET, "test"):
            first = world.submission_row(other)
            bids = [CalibrationBid(submission_id=first.id)]
            at = clock.now()
            round_id = world.submission_row(reference).round_id
            db.session.add(Calibration(round_id=round_id, set_at=at, set_by_id=officer.id, bids=bids))
    browser = second(world, reference)
    sheet = browser.get(f"{SHEETS}{reference}/").text
    assert "opens when the bids that everybody scores first" in sheet
    assert browser.get(page_of(reference, "need")).status_code == 303
    answer = browser.send(page_of(reference, "need"), {"value": "3", "reason": "Well"}, page=QUEUE)
    assert answer.status_code == 409
    assert "Well" in answer.text


def test_a_late_declaration_locks_the_sheet_and_the_officers_are_told(world: World, reference: str) -> None:
    from spatc_funds.outbox.models import OutboxMessage

    browser = world.browser(world.person("assessor", 0))
    browser.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "A CANARY of a cousin"})
    assert state_of(world, reference, world.person("assessor", 0)) is AssessmentState.LOCKED
    with world.context():
        told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("late-"))).all()
        assert {each.recipient for each in told} == {world.person("programme officer", each) for each in (0, 1)}
        assert all("made their scores final" in each.body for each in told)
        assert not any("CANARY" in each.body + each.subject for each in told)
    page = world.browser(world.person("programme officer")).get("/admin/assessment/results/").text
    assert "0 of 2" in page


def test_a_keyless_criterion_is_missing(world: World, reference: str) -> None:
    assert second(world, reference).get(page_of(reference, "nothing")).status_code == 404


def test_roles_of_the_staff_are_told_apart(world: World, reference: str) -> None:
    for role in (Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.BOARD_MEMBER):
        assert world.browser(world.person(role.value)).get(page_of(reference, "need")).status_code == 403


def test_nothing_is_made_final_while_a_calibration_keeps_the_bid_back(world: World, reference: str) -> None:
    browser = second(world, reference)
    for key in KEYS:
        give(browser, reference, key, 4)
    other = world.tell("submitted")
    with world.context():
        officer = world.staff("programme officer")
        with unit_of_work(officer.id, Action.CALIBRATION_SET, "test"):
            bids = [CalibrationBid(submission_id=world.submission_row(other).id)]
            round_id = world.submission_row(reference).round_id
            db.session.add(Calibration(round_id=round_id, set_at=clock.now(), set_by_id=officer.id, bids=bids))
    assert browser.send(f"{SHEETS}{reference}/finish", page=QUEUE).status_code == 409
    assert state_of(world, reference, world.person("assessor", 1)) is AssessmentState.STARTED


def test_an_adviser_reads_what_their_criteria_need_and_no_contact(world: World, reference: str) -> None:
    from tests.assessment.test_bodies import VCSE, ask

    adviser = ask(world, reference, "vcse", VCSE)
    page = adviser.get(page_of(reference, "reach")).text
    with world.context():
        sent = world.submission_row(reference).content
        needed = next(
            each.question_keys for each in world.submission_row(reference).round.criteria if each.key == "reach"
        )
    assert re.findall(r'id="answer-([^"]+)"', page) == needed
    assert sent["contact"]["email"] not in page
    assert sent["contact"]["phone"] not in page
