"""What was sent can be changed and sent again until the close: it stands until then, then the later one does."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from spatc_funds.accounts.models import Person
from spatc_funds.applications import sending
from spatc_funds.applications.models import Application, Submission
from spatc_funds.applications.queries import content, submission_of, versions_of
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Interest, InterestKind
from spatc_funds.assessment.operations import allocate
from spatc_funds.assessment.queries import QueueRow, actor_of, barred_people, my_queue
from spatc_funds.audit.models import LogEntry
from spatc_funds.cli.post import files_of, remind_all
from spatc_funds.core import clock
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import ApplicationState
from tests.applications.pages import address, found, member
from tests.builders import Browser, World

AGREED = {"agreed": "y"}
DAYS = ("starts_on", "ends_on")
NEW_TITLE = "Another name for the evening club"


@pytest.fixture
def reference(world: World) -> str:
    return world.submission()


@pytest.fixture
def lead(world: World, reference: str) -> Browser:
    assert reference
    return world.browser(world.lead("submitted"))


def press(client: Browser, reference: str, page: str, on: str = "") -> str:
    answer = client.send(address(reference, page), AGREED, address(reference, on))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def rename(client: Browser, reference: str, title: str) -> None:
    page = address(reference, "project")
    with client.application.app_context():
        draft = found(reference)
        days = {name: [getattr(getattr(draft, name), part) for part in ("day", "month", "year")] for name in DAYS}
        summary = draft.summary
    answer = client.send(page, {"title": title, "summary": summary, **days})
    assert answer.status_code == 303, answer.text


def close_round(app: Flask, reference: str) -> None:
    with app.app_context(), unit_of_work(None, Action.FUND_LOAD):
        found(reference).round.closes_at = clock.now() - timedelta(hours=1)


def test_sent_again_it_is_a_further_version_with_its_difference(lead: Browser, world: World, reference: str) -> None:
    assert "Change your application" in lead.get(address(reference)).text
    assert press(lead, reference, "reopen") == address(reference)
    page = lead.get(address(reference)).text
    assert "stands until you send this again. So far you have changed nothing" in page
    rename(lead, reference, NEW_TITLE)
    page = lead.get(address(reference)).text
    assert "So far you have changed: Name of the project." in page, page[page.index("So far") :][:300]
    check = lead.get(address(reference, "check")).text
    assert "What you have changed" in check
    assert "Send it again" in check
    assert press(lead, reference, "submit", "check") == address(reference, "sent")
    receipt = lead.get(address(reference, "sent")).text
    assert "What you changed" in receipt
    assert '<ins><span class="govuk-visually-hidden">[new: </span>Another' in receipt
    assert address(reference, "version-1.pdf") in receipt
    with world.context():
        first, second = versions_of(found(reference))
        assert (first.number, second.number, second.replaces_id) == (1, 2, first.id)
        assert first.title != NEW_TITLE == second.title
        mails = {each.key: each for each in db.session.scalars(select(OutboxMessage))}
        mail = mails[f"receipt:{reference}:2"]
        assert "You changed: Name of the project." in mail.body
        assert mail.attachment == f"copy:{reference}:2"
    assert "version 2" in lead.get(f"/timeline/{reference}").text


def test_the_receipts_carry_each_its_own_version(lead: Browser, world: World, reference: str) -> None:
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    press(lead, reference, "submit", "check")
    with world.context():
        one, two = (files_of(f"copy:{reference}:{number}")[1].content for number in (1, 2))
        assert one != two
        assert files_of(f"copy:{reference}:3") != []


def test_until_then_what_was_sent_stands(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        before = world.submission_row(reference).title
    officer = world.browser(world.person("programme officer"))
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    bids = officer.get("/admin/submissions/").text
    assert before in bids
    assert NEW_TITLE not in bids
    press(lead, reference, "submit", "check")
    bids = officer.get("/admin/submissions/").text
    assert NEW_TITLE in bids
    assert bids.count(f">{reference}<") == 1
    with world.context():
        number = world.submission_row(reference).id
    shown = officer.get(f"/admin/submissions/details/?id={number}").text
    assert "What is different from version 1" in shown
    with world.context():
        first = versions_of(found(reference))[0].id
    earlier = officer.get(f"/admin/submissions/details/?id={first}").text
    assert "This is an earlier version. It does not count any more" in earlier
    assert before in earlier
    assert world.browser(world.person("analyst")).get(f"/admin/submissions/details/?id={first}").status_code == 403
    text = lead.get(address(reference, "version-1.txt")).text
    assert before in text
    assert NEW_TITLE not in text
    assert lead.get(address(reference, "version-3.txt")).status_code == 404
    press(lead, reference, "reopen")
    rename(lead, reference, "A third name")
    assert "A third name" in lead.get(address(reference, "draft.txt")).text
    assert "A third name" not in lead.get(address(reference, "copy.txt")).text


def test_left_as_it_was_sent_every_answer_is_back(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        sent = content(found(reference))
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    with world.context(), unit_of_work(None, Action.APPLICATION_EDIT):
        draft = found(reference)
        draft.shares, draft.promises, draft.cross_cutting, draft.other_outcomes = [], [], [], []
        draft.budget, draft.theme, draft.pot, draft.own_pence = draft.budget[:1], None, None, 500
        draft.answers[0].text = "Elsewhere"
    with world.context():
        assert content(found(reference)) != sent
    shown = lead.get(address(reference, "restore")).text
    assert "Elsewhere" in shown
    press(lead, reference, "restore", "restore")
    with world.context():
        assert content(found(reference)) == sent
        assert found(reference).state is ApplicationState.SUBMITTED
        assert len(versions_of(found(reference))) == 1


def test_sent_again_unchanged_the_first_one_goes_on_standing(lead: Browser, world: World, reference: str) -> None:
    press(lead, reference, "reopen")
    assert "Nothing is different from what you sent" in lead.get(address(reference, "check")).text
    press(lead, reference, "submit", "check")
    with world.context():
        assert len(versions_of(found(reference))) == 1
        assert found(reference).state is ApplicationState.SUBMITTED


def test_from_the_close_on_nothing_is_opened_and_what_was_sent_counts(
    lead: Browser, world: World, reference: str
) -> None:
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    close_round(world.app, reference)
    page = lead.get(address(reference)).text
    assert "did not send the changes before the round closed" in page
    refused = lead.send(address(reference, "submit"), AGREED, address(reference))
    assert refused.status_code == 422
    with world.context():
        application = found(reference)
        submission = submission_of(application)
        assert submission
        assert submission.title != NEW_TITLE
        with unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
            people = [world.demo.by_role(Role.ASSESSOR, 0)]
            assert allocate(world.staff("programme officer"), submission, people, clock.now()) == 1
    with world.context():
        assert reference in [row.reference for row in queue_of(world)]


def queue_of(world: World) -> list[QueueRow]:
    return list(my_queue(actor_of(world.demo.by_role(Role.ASSESSOR, 0))))


def test_a_closed_round_or_a_reader_opens_nothing(lead: Browser, world: World, reference: str) -> None:
    assert member(world, reference, Role.EDITOR).send(address(reference, "reopen"), page="/").status_code == 403
    close_round(world.app, reference)
    page = lead.get(address(reference)).text
    assert "The round is closed, so what was sent can no longer be changed." in page
    assert "Change your application" not in page
    assert lead.send(address(reference, "reopen"), page="/").status_code == 409


def test_what_somebody_has_begun_to_read_is_not_replaced(world: World) -> None:
    reference = world.assessing()
    page = world.browser(world.lead("assessing")).get(address(reference)).text
    assert "People have begun to read this application" in page
    with world.context():
        application, lead = found(reference), world.actor(world.lead("assessing"))
        with pytest.raises(IllegalMoveError, match="begun to read"):
            sending.reopen(lead, application, clock.now())


def test_while_it_is_being_changed_nobody_is_given_it(lead: Browser, world: World, reference: str) -> None:
    press(lead, reference, "reopen")
    with world.context():
        submission = world.submission_row(reference)
        people = [world.demo.by_role(Role.ASSESSOR, 0)]
        with (
            pytest.raises(NotReadyError, match="is changing this application"),
            unit_of_work(None, Action.ASSESSMENT_ALLOCATE),
        ):
            allocate(world.staff("programme officer"), submission, people, clock.now())


def test_whoever_was_barred_from_the_first_version_is_barred_from_the_second(
    lead: Browser, world: World, reference: str
) -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        officer = world.staff("programme officer")
        declare(officer, world.submission_row(reference), InterestKind.PREJUDICIAL, "My sister leads it", clock.now())
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    press(lead, reference, "submit", "check")
    with world.context():
        officer, second = world.demo.by_role(Role.PROGRAMME_OFFICER, 0), world.submission_row(reference)
        with unit_of_work(None, Action.INTEREST_DECLARE):  # written past the law, as nobody can
            db.session.add(
                Interest(
                    submission_id=second.id,
                    person_id=officer.id,
                    kind=InterestKind.NONE,
                    note="",
                    declared_at=clock.now(),
                )
            )
        assert reference in actor_of(officer).barred
        assert officer.id in barred_people(second)
    browser = world.browser(world.person("programme officer"))
    assert reference not in browser.get("/admin/submissions/").text


def test_it_can_be_withdrawn_while_it_is_being_changed(lead: Browser, world: World, reference: str) -> None:
    press(lead, reference, "reopen")
    press(lead, reference, "withdraw", "withdraw")
    with world.context():
        assert found(reference).state is ApplicationState.WITHDRAWN


def test_changes_that_are_not_sent_are_reminded_of(lead: Browser, world: World, reference: str) -> None:
    press(lead, reference, "reopen")
    with world.context():
        closes = found(reference).round.closes_at
        assert closes
    assert "Send your application again, or leave it as you sent it" in lead.get("/home").text
    with time_machine.travel(closes - timedelta(hours=20), tick=False), world.context():
        assert remind_all(world.app.extensions["settings"]) > 0
        bodies = [each.body for each in db.session.scalars(select(OutboxMessage)) if each.key.startswith("reminder:")]
        assert any("What you sent before stands until you do" in body for body in bodies)


def test_the_database_holds_the_numbers_of_versions(world: World, reference: str) -> None:
    with world.context():
        assert db.session.scalar(select(Submission.number).where(Submission.reference == reference)) == 1
        assert db.session.scalar(select(Application.taken_up_at).where(Application.reference == reference)) is None


def test_words_pasted_by_the_thousand_are_compared_as_a_whole(lead: Browser, world: World, reference: str) -> None:
    """Comparing word by word takes as long as one side times the other: three such pages once took minutes."""
    press(lead, reference, "reopen")
    path = address(reference, "questions/need")
    assert lead.send(path, {"q-need": "a c " * 12_000}).status_code == 422
    assert "So far you have changed" in lead.get(address(reference)).text
    check = lead.get(address(reference, "check")).text
    assert check.count("<ins>") == 1


def test_what_was_taken_up_is_not_replaced_by_what_was_on_its_way(lead: Browser, world: World, reference: str) -> None:
    """Received within the grace, but later in line than an allocation just after it."""
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    close_round(world.app, reference)
    with world.context():
        with unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
            people = [world.demo.by_role(Role.ASSESSOR, 0)]
            allocate(world.staff("programme officer"), world.submission_row(reference), people, clock.now())
        sender, leader = (
            db.session.get_one(Person, found(reference).started_by_id),
            world.actor(world.lead("submitted")),
        )
        in_time = found(reference).round.closes_at
        assert in_time
        with pytest.raises(IllegalMoveError, match="begun to read"):
            sending.submit(leader, found(reference), sender, in_time - timedelta(seconds=1))


def test_after_the_close_nothing_typed_is_taken_and_what_counts_is_shown(
    lead: Browser, world: World, reference: str
) -> None:
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    close_round(world.app, reference)
    assert lead.get(address(reference, "places")).location == address(reference)
    refused = lead.send(address(reference, "places"), {"share-E08000032": "100"}, address(reference))
    assert refused.status_code == 409
    with world.context():
        assert [each.district for each in found(reference).shares] == ["E08000035"]
    for page in (lead.get(address(reference)).text, lead.get("/home").text):
        assert NEW_TITLE not in page


def test_an_interest_in_the_first_version_is_not_declared_lighter_of_the_second(
    lead: Browser, world: World, reference: str
) -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        officer = world.staff("programme officer")
        declare(officer, world.submission_row(reference), InterestKind.PERSONAL, "My neighbour", clock.now())
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    press(lead, reference, "submit", "check")
    browser = world.browser(world.person("programme officer"))
    assert "You declared a personal interest" in browser.get(f"/admin/assessment/{reference}/interest").text
    with world.context():
        second, officer = world.submission_row(reference), world.staff("programme officer")
        with pytest.raises(IllegalMoveError), unit_of_work(None, Action.INTEREST_DECLARE):
            declare(officer, second, InterestKind.NONE, "", clock.now())
        with unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
            allocate(officer, second, [world.demo.by_role(Role.ASSESSOR, 0)], clock.now())
        held = db.session.get(Interest, (second.id, officer.id))
        assert held
        assert held.kind is InterestKind.PERSONAL


def test_what_was_changed_after_it_was_read_is_read_again_before_it_is_sent(
    lead: Browser, world: World, reference: str
) -> None:
    press(lead, reference, "reopen")
    rename(lead, reference, NEW_TITLE)
    page = lead.get(address(reference, "check")).text
    read = page.split('name="read" value="')[1].split('"')[0]
    rename(lead, reference, f"{NEW_TITLE} and more")
    answer = lead.send(address(reference, "submit"), {**AGREED, "read": read}, address(reference, "check"))
    assert answer.status_code == 422
    assert "Something was changed while you read this" in answer.text
    with world.context():
        assert len(versions_of(found(reference))) == 1


def test_sent_again_unchanged_the_log_says_that_nothing_was_different(
    lead: Browser, world: World, reference: str
) -> None:
    press(lead, reference, "reopen")
    press(lead, reference, "submit", "check")
    with world.context():
        sent = (LogEntry.subject == reference, LogEntry.action == Action.APPLICATION_SUBMIT.value)
        reasons = db.session.scalars(select(LogEntry.reason).where(*sent).order_by(LogEntry.id)).all()
    assert reasons[-1] == "nothing was different: version 1 goes on standing"


def test_half_a_cost_is_given_back_when_it_was_sent_in_another_window(
    lead: Browser, world: World, reference: str
) -> None:
    press(lead, reference, "reopen")
    path = address(reference, "budget")
    token = lead.token(path)
    press(lead, reference, "restore", "restore")
    answer = lead.post(path, data={"csrf_token": token, "description": "Half a cost", "then": "add"})
    assert answer.status_code == 409
    assert "Half a cost" in answer.text
