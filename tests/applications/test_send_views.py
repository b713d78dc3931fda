"""The application as a whole: seen by its group, sent once, taken back, deleted."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import by_reference, submission_by_reference
from spatc_funds.audit.models import LogEntry
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import ApplicationState
from tests.applications.pages import address, found, member, stranger
from tests.builders import Browser, World

AGREED = {"agreed": "y"}


@pytest.fixture
def ready(world: World) -> str:
    return world.ready()


@pytest.fixture
def lead(world: World, ready: str) -> Browser:
    assert ready
    return world.browser(world.lead("draft-ready"))


def send(client: Browser, reference: str) -> str:
    """Send an application; where that leads."""
    answer = client.send(address(reference, "submit"), AGREED, address(reference, "check"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_the_task_list_says_how_far_each_part_has_come(world: World) -> None:
    reference = world.draft()
    page = world.browser(world.lead("draft-started")).get(address(reference)).text
    for words in ("In progress", "Not started", "Done", "midday on Friday", "1 of 15 parts are ready"):
        assert words in page, words
    assert address(reference, "questions/need") in page


def test_a_ready_one_is_said_to_be_ready(lead: Browser, ready: str) -> None:
    page = lead.get(address(ready)).text
    assert "Ready to send" in page
    assert "Not started" not in page


@pytest.mark.parametrize("page", ["", "check"])
def test_who_may_see_a_draft(world: World, ready: str, page: str) -> None:
    path = address(ready, page)
    for role in (Role.EDITOR, Role.READER, Role.SIGNATORY):
        assert member(world, ready, role).get(path).status_code == 200
    assert stranger(world).get(path).status_code == 404
    assert world.browser(world.person("programme officer")).get(path).status_code == 403
    assert world.browser().get(path).status_code == 303
    assert world.browser(world.lead("draft-ready")).get(address("EX-MSCF-ZZZZZ", page)).status_code == 404


def test_a_reader_sees_everything_and_is_offered_nothing(world: World, ready: str) -> None:
    reader = member(world, ready, Role.READER)
    for page in ("", "check"):
        text = reader.get(address(ready, page)).text
        for offered in (">Change<", "Send your application", "Delete this draft", f'href="{address(ready, "group")}'):
            assert offered not in text
    assert reader.send(address(ready, "submit"), AGREED).status_code == 403


def test_the_check_page_lists_what_is_missing_in_order_with_links(world: World) -> None:
    reference = world.draft()
    page = world.browser(world.lead("draft-started")).get(address(reference, "check")).text
    assert "Fix in order" in page
    links = re.findall(rf'href="{address(reference)}([a-z/-]+)#([a-zA-Z0-9_-]+)"', page)
    assert links[0] == ("group", "contact_phone")
    assert ("project", "starts_on-day") in links
    assert ("budget", "description") in links
    assert links[-1][0].startswith("questions/")
    assert "Send your application" not in page
    assert '>Change<span class="govuk-visually-hidden"> the phone number</span>' in page


def test_the_links_of_the_check_page_lead_to_their_fields(world: World) -> None:
    reference = world.draft()
    client = world.browser(world.lead("draft-started"))
    page = client.get(address(reference, "check")).text
    for path, field in set(re.findall(rf'href="({address(reference)}[a-z/-]+)#([a-zA-Z0-9_-]+)"', page)):
        assert f'id="{field}"' in client.get(path).text, (path, field)


def test_without_the_tick_nothing_is_sent(lead: Browser, world: World, ready: str) -> None:
    page = lead.send(address(ready, "submit"), {}, address(ready, "check"))
    assert page.status_code == 422
    assert "<title>Error: Check your answers" in page.text
    assert page.text.count("Tick the box to say") == 2
    with world.context():
        assert found(ready).state is ApplicationState.DRAFT


def test_sending_gives_a_receipt_with_a_full_copy(lead: Browser, world: World, ready: str) -> None:
    assert send(lead, ready) == address(ready, "sent")
    page = lead.get(address(ready, "sent")).text
    with world.context():
        submission = db.session.query(Submission).filter_by(reference=ready).one()
        answers = [each["answer"].split("\n")[0] for each in submission.content["answers"]]
        assert submission.sha256[:16] in page
        assert submission.title in page
    for words in (ready, "Application sent", "What happens next", "What you promise to achieve"):
        assert words in page
    assert all(answer.replace("'", "&#39;") in page for answer in answers)


def test_sent_twice_it_gives_the_same_receipt(lead: Browser, world: World, ready: str) -> None:
    token = lead.token(address(ready, "check"))
    both = [lead.post(address(ready, "submit"), data={**AGREED, "csrf_token": token}) for _ in range(2)]
    assert {answer.location for answer in both} == {address(ready, "sent")}
    with world.context():
        assert db.session.query(Submission).filter_by(reference=ready).count() == 1
        assert db.session.query(Letter).filter_by(about=ready).count() == 1
        assert db.session.query(OutboxMessage).filter(OutboxMessage.key == f"receipt:{ready}:1").count() == 1


def test_an_incomplete_one_is_not_sent(world: World) -> None:
    reference = world.draft()
    client = world.browser(world.lead("draft-started"))
    page = client.send(address(reference, "submit"), AGREED, address(reference, "group"))
    assert page.status_code == 422
    assert "Fix these in order before you send" in page.text
    with world.context():
        assert db.session.query(Submission).count() == 0


def test_after_midday_and_its_grace_nothing_more_is_sent(world: World, ready: str) -> None:
    with world.context():
        asked = found(ready).round
        assert asked.closes_at
        ends = asked.closes_at + timedelta(minutes=asked.grace_minutes)
    with time_machine.travel(ends, tick=False):
        lead = world.browser(world.lead("draft-ready"))
        page = lead.send(address(ready, "submit"), AGREED, address(ready, "group"))
        assert page.status_code == 422
        assert "The round closed at midday on its last day" in page.text
        assert "was not sent, and it can no longer be" in lead.get(address(ready)).text
        with world.context():
            assert found(ready).state is ApplicationState.DRAFT
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert lead.send(address(ready, "submit"), AGREED, address(ready, "group")).status_code == 303


def test_what_comes_within_the_grace_is_taken_and_the_log_says_so(world: World, ready: str) -> None:
    with world.context():
        closes = found(ready).round.closes_at
    assert closes
    with time_machine.travel(closes + timedelta(seconds=90), tick=False):
        lead = world.browser(world.lead("draft-ready"))
        assert lead.send(address(ready, "submit"), AGREED, address(ready, "group")).status_code == 303
    with world.context():
        submission = submission_by_reference(ready)
        assert submission
        assert submission.received_at == closes + timedelta(seconds=90)
        entry = db.session.scalars(select(LogEntry).where(LogEntry.action == "application:submit")).one()
        assert entry.reason == "received 90 seconds after the close, within the grace of 5 minutes"


def test_a_second_before_midday_it_is_sent(world: World, ready: str) -> None:
    with world.context():
        closes = found(ready).round.closes_at
    assert closes
    with time_machine.travel(closes - timedelta(seconds=1), tick=False):
        assert send(world.browser(world.lead("draft-ready")), ready) == address(ready, "sent")


def test_only_a_lead_or_signatory_sends(world: World, ready: str) -> None:
    editor = member(world, ready, Role.EDITOR)
    assert "You cannot send this yourself" in editor.get(address(ready, "check")).text
    assert editor.send(address(ready, "submit"), AGREED).status_code == 403
    assert stranger(world).send(address(ready, "submit"), AGREED).status_code == 404
    assert world.browser().send(address(ready, "submit"), AGREED).status_code == 303
    signatory = member(world, ready, Role.SIGNATORY)
    assert send(signatory, ready) == address(ready, "sent")


def test_what_was_sent_is_shown_as_it_was_sent(lead: Browser, ready: str) -> None:
    send(lead, ready)
    assert "Change your application" in lead.get(address(ready)).text
    assert lead.get(address(ready, "check")).location == address(ready)


def test_there_is_no_receipt_before_sending(lead: Browser, ready: str) -> None:
    assert lead.get(address(ready, "sent")).status_code == 404


def test_withdrawing_asks_first_and_is_done_once(lead: Browser, world: World, ready: str) -> None:
    assert lead.get(address(ready, "withdraw")).status_code == 409
    send(lead, ready)
    asked = lead.get(address(ready, "withdraw"))
    assert asked.status_code == 200
    assert "Withdraw this application?" in asked.text
    done = lead.send(address(ready, "withdraw"))
    assert done.location == address(ready)
    page = lead.get(address(ready)).text
    assert "withdrew it on" in page
    assert lead.send(address(ready, "withdraw"), page="/organisations/new").status_code == 409
    with world.context():
        assert found(ready).state is ApplicationState.WITHDRAWN


def test_only_a_lead_or_signatory_withdraws_or_deletes(world: World, ready: str) -> None:
    editor, other = member(world, ready, Role.EDITOR), stranger(world)
    for page in ("withdraw", "delete"):
        assert editor.get(address(ready, page)).status_code == 403
        assert editor.send(address(ready, page)).status_code == 403
        assert other.send(address(ready, page)).status_code == 404


def test_a_draft_is_deleted_for_good(lead: Browser, world: World, ready: str) -> None:
    assert "Delete this draft?" in lead.get(address(ready, "delete")).text
    assert lead.send(address(ready, "delete")).location == "/"
    assert lead.get(address(ready)).status_code == 404
    with world.context():
        assert by_reference(ready) is None


def test_what_was_sent_is_not_deleted(lead: Browser, world: World, ready: str) -> None:
    send(lead, ready)
    assert lead.get(address(ready, "delete")).status_code == 409
    assert lead.send(address(ready, "delete"), page=address(ready, "withdraw")).status_code == 409
    with world.context():
        assert found(ready).state is ApplicationState.SUBMITTED
