"""Assessment in the panel: queue, interests, scoring, results, allocation."""

import pytest

from spatc_funds.accounts.operations import add_member
from spatc_funds.accounts.queries import person_by_email
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import progress, queries
from spatc_funds.assessment.models import Allocation, InterestKind
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.assessment.sheets import SHEETS, score, second, state_of
from tests.builders import World

QUEUE = "/admin/assessment/"
RESULTS = "/admin/assessment/results/"
NOTHING_DECLARED = {"kind": "none", "note": ""}


# -- the queue and interests -------------------------------------------------------------------------------------------


def test_an_empty_queue_says_what_comes(world: World) -> None:
    page = world.browser(world.person("assessor")).get(QUEUE)
    assert page.status_code == 200
    assert "No bid is given to you now" in page.text


def test_the_queue_counts_what_is_scored_and_asks_for_interests_first(world: World) -> None:
    reference = world.assessing()
    done = world.browser(world.person("assessor", 0)).get(QUEUE).text
    assert "1 of 1 scored" in done
    todo = world.browser(world.person("assessor", 1)).get(QUEUE).text
    assert "0 of 1 scored" in todo
    assert "Not declared" in todo
    assert f"{QUEUE}{reference}/interest" in todo
    assert "£" not in todo, "nothing of the bid is shown before the interest"


def test_strangers_sign_in_and_other_roles_are_told(world: World) -> None:
    reference = world.assessing()
    for path in (QUEUE, f"{SHEETS}{reference}/", f"{QUEUE}{reference}/interest", RESULTS):
        assert world.browser().get(path).status_code == 303
        finance = world.browser(world.person("finance officer")).get(path)
        assert finance.status_code == (200 if path.endswith("interest") else 403)  # who pays may have an interest too
        assert world.browser(world.lead("assessing")).get(path).status_code == 403


def test_somebody_elses_bid_is_not_there(world: World) -> None:
    reference = world.assessing()
    other = world.browser(world.person("assessor", 2))
    for path in (f"{SHEETS}{reference}/", f"{QUEUE}{reference}/interest", f"{SHEETS}EX-MSCF-00000/"):
        assert other.get(path).status_code == 404


def test_before_the_interest_nothing_but_reference_title_and_group(world: World) -> None:
    reference = world.assessing()
    browser = world.browser(world.person("assessor", 1))
    answer = browser.get(f"{SHEETS}{reference}/")
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    with world.context():
        submission = submission_by_reference(reference)
        assert submission
        assert submission.title in page
        assert submission.content["summary"][:40] not in page
        assert submission.content["answers"][0]["answer"][:40] not in page
    assert "£" not in page
    assert browser.send(f"{SHEETS}{reference}/criteria/need/", {"reason": "Well"}, page=QUEUE).status_code == 303
    assert state_of(world, reference, world.person("assessor", 1)) is None


def test_an_interest_needs_its_words(world: World) -> None:
    reference = world.assessing()
    browser = world.browser(world.person("assessor", 1))
    path = f"{QUEUE}{reference}/interest"
    nothing = browser.send(path, {})
    assert nothing.status_code == 422
    assert "Choose whether you have an interest" in nothing.text
    silent = browser.send(path, {"kind": "personal", "note": "  "})
    assert silent.status_code == 422
    assert silent.text.count("Say what your interest is") == 2
    assert "<title>Error: " in silent.text
    told = browser.send(path, {"kind": "personal", "note": "My son plays there"})
    assert (told.status_code, told.location) == (303, f"{SHEETS}{reference}/")
    assert "My son plays there" in browser.get(path).text


def test_a_prejudicial_interest_bars_at_once_and_everywhere(world: World) -> None:
    reference = world.assessing()
    browser = world.browser(world.person("assessor", 1))
    answer = browser.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "My sister leads it"})
    assert answer.location == QUEUE
    queue = browser.get(QUEUE).text
    assert "is not shown to you any more" in queue
    assert f"{QUEUE}{reference}/" not in queue
    for path in (f"{SHEETS}{reference}/", f"{SHEETS}{reference}/criteria/need/", f"{QUEUE}{reference}/interest"):
        assert browser.get(path).status_code == 404
    assert browser.send(f"{SHEETS}{reference}/criteria/need/", {"value": "3"}, page=QUEUE).status_code == 404


def test_an_officer_with_a_prejudicial_interest_loses_the_bid_from_the_lists(world: World) -> None:
    reference, officer = world.settled(), world.browser(world.person("programme officer"))
    assert reference in officer.get(RESULTS).text
    answer = officer.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "I sit on its board"})
    assert answer.location == RESULTS
    officer.get(RESULTS)
    for path in (RESULTS, f"{RESULTS}settled/", f"{RESULTS}settled/export/csv/", "/admin/recommendations/"):
        assert reference not in officer.get(path).text
    assert officer.get(f"{RESULTS}{reference}/").status_code == 404


def test_a_barred_assessors_sheet_no_longer_counts_and_a_result_can_be_reached_without_them(world: World) -> None:
    reference, officer = world.assessing(), world.browser(world.person("programme officer"))
    first = world.browser(world.person("assessor", 0))
    first.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "I know them after all"})
    assert "Needs 1 more assessor and waits for 1 assessor to finish" in officer.get(RESULTS).text
    with world.context():
        third = person_by_email(world.person("assessor", 2))
        assert third
        number = third.id
    allocated = officer.send(f"{QUEUE}{reference}/allocate", {"people": str(number)})
    assert allocated.status_code == 303
    for person in (1, 2):
        browser = world.browser(world.person("assessor", person))
        browser.send(f"{QUEUE}{reference}/interest", NOTHING_DECLARED)
        assert score(browser, reference, 3) == 303
    assert officer.send(f"{RESULTS}{reference}/settle", page=RESULTS).status_code == 303
    assert "60.0" in officer.get(f"{RESULTS}{reference}/").text


# -- results -----------------------------------------------------------------------------------------------------------


def test_results_say_what_is_missing_and_settle_when_nothing_is(world: World) -> None:
    reference, officer = world.assessing(), world.browser(world.person("programme officer"))
    page = officer.get(RESULTS).text
    assert "1 of 2" in page
    assert "Waits for 1 assessor to finish" in page
    assert f"{reference}/settle" not in page
    early = officer.send(f"{RESULTS}{reference}/settle", page=RESULTS)
    assert early.status_code == 303
    assert "cannot be settled yet" in officer.get(RESULTS).text
    assert officer.get(f"{RESULTS}{reference}/").status_code == 404
    score(second(world, reference), reference, 4)
    assert f"{reference}/settle" in officer.get(RESULTS).text
    assert officer.send(f"{RESULTS}{reference}/settle", page=RESULTS).status_code == 303
    assert "is settled" in officer.get(RESULTS).text
    assert "No bid waits for a result" in officer.get(RESULTS).text


def test_only_officers_settle(world: World) -> None:
    reference = world.assessing()
    auditor = world.browser(world.person("auditor"))
    page = auditor.get(RESULTS).text
    assert reference in page
    assert "allocate" not in page
    assert auditor.send(f"{RESULTS}{reference}/settle", page="/admin/").status_code == 403
    assert auditor.get(f"{QUEUE}{reference}/allocate").status_code == 403


def test_a_result_tells_its_criteria_and_sheets_without_names(world: World) -> None:
    reference = world.settled()
    page = world.browser(world.person("board member")).get(f"{RESULTS}{reference}/").text
    assert "Brings to the mark" in page
    assert "Assessor 1" in page
    assert "Amber" not in page


def test_wide_spreads_are_marked(world: World) -> None:
    reference, officer = world.assessing(), world.browser(world.person("programme officer"))
    score(second(world, reference), reference, 0)
    assert "Asks for moderation" in officer.get(RESULTS).text
    officer.send(f"{RESULTS}{reference}/settle", {"with_spread": reference}, page=RESULTS)
    assert "Wide spread" in officer.get(RESULTS).text
    assert "Wide spread" in officer.get(f"{RESULTS}{reference}/").text
    assert reference in officer.get(f"{RESULTS}settled/?spread=wide").text
    assert "1 found" in officer.get(f"{RESULTS}settled/?round=EX-MSCF&q={reference}").text


@pytest.mark.parametrize("page", ["2", "0", "x", "99999999999999999999"])
def test_pages_that_no_link_leads_to(world: World, page: str) -> None:
    answer = world.browser(world.person("programme officer")).get(f"{RESULTS}?page={page}")
    assert answer.status_code in {400, 404}


# -- allocation --------------------------------------------------------------------------------------------------------


def test_giving_a_bid_to_assessors(world: World) -> None:
    reference, officer = world.submission(), world.browser(world.person("programme officer"))
    assert "Needs 2 more assessors" in officer.get(RESULTS).text
    path = f"{QUEUE}{reference}/allocate"
    nobody = officer.send(path, {})
    assert nobody.status_code == 422
    assert "Choose at least one person" in nobody.text
    with world.context():
        people = [person_by_email(world.person("assessor", place)) for place in (0, 1)]
        numbers = [str(person.id) for person in people if person]
    assert officer.send(path, {"people": numbers}).status_code == 303
    assert "You gave" in officer.get(RESULTS).text
    page = officer.get(path).text
    assert "Given to already" in page
    assert page.count('name="people"') == 1, "who has it is not offered again"
    assert reference in world.browser(world.person("assessor", 0)).get(QUEUE).text


def test_whoever_is_barred_cannot_be_ticked_nor_forced(world: World) -> None:
    reference, officer = world.submission(), world.browser(world.person("programme officer"))
    with world.context():
        submission, person = submission_by_reference(reference), person_by_email(world.person("assessor", 0))
        assert submission
        assert person
        number = person.id
        with unit_of_work(None, Action.ORGANISATION_CREATE, "test"):
            add_member(submission.organisation, person.id, Role.READER)
    path = f"{QUEUE}{reference}/allocate"
    page = officer.get(path).text
    assert "Cannot assess this bid" in page
    assert "Amber Example" in page
    assert f'value="{number}"' not in page
    assert officer.send(path, {"people": str(number)}).status_code == 422
    with world.context():
        assert db.session.query(Allocation).count() == 0


def test_loads_and_bars_are_read_for_all_at_once(world: World) -> None:
    reference = world.assessing()
    with world.context():
        submission, late = submission_by_reference(reference), person_by_email(world.person("assessor", 1))
        assert submission
        assert late
        assert progress.loads(world.staff("programme officer")) == {late.id: 1}
        assert queries.barred_people(submission)
        assert late.id not in queries.barred_people(submission)
        assert queries.interest_of(submission, late.id) is None
        assert InterestKind.PREJUDICIAL.value == "prejudicial"
