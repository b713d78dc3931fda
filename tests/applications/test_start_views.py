"""Beginning an application: what a volunteer meets before the first question."""

import pytest
import time_machine
from flask import Flask

from spatc_funds.applications import operations
from spatc_funds.applications.models import Application
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.base import db
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import ApplicationState
from tests.applications.pages import RIGHT, ROUND, address, answer_all, found, member
from tests.builders import Browser, World


def test_the_first_page_says_what_happens_how_long_and_until_when(client: Browser) -> None:
    page = client.get(f"{ROUND}/apply")
    assert page.status_code == 200
    assert "about 3 hours" in page.text
    assert "midday on Friday" in page.text
    assert f"{ROUND}/eligibility/in-west-yorkshire" in page.text


def test_a_closed_round_says_so_and_takes_nothing(client: Browser, world: World) -> None:
    with world.context():
        after = world.round("EX-MSCF").closes_at
    assert after
    with time_machine.travel(after, tick=False):
        page = client.get(f"{ROUND}/apply").text
        assert "This round is closed" in page
        assert "Start now" not in page
        assert client.get(f"{ROUND}/eligibility/in-west-yorkshire").location == f"{ROUND}/apply"
        email = _lead(world)
        lead = world.sign_in(client, email)
        assert lead.get(f"{ROUND}/organisation?answers=yyyynn").location == f"{ROUND}/apply"
        assert lead.get(f"{ROUND}/eligible").location == f"{ROUND}/apply"


def test_a_round_of_the_past_is_closed(client: Browser) -> None:
    assert "This round is closed" in client.get("/rounds/MSCF-8/apply").text


def test_what_does_not_exist_is_404(client: Browser) -> None:
    for path in ("/rounds/NONE/apply", f"{ROUND}/eligibility/none", f"{ROUND}/not-eligible/none"):
        assert client.get(path).status_code == 404, path


def test_an_unanswered_question_is_asked_again_in_words(client: Browser) -> None:
    page = client.send(f"{ROUND}/eligibility/in-west-yorkshire")
    assert page.status_code == 422
    assert "Error: Can you apply?" in page.text
    assert page.text.count("Choose yes or no") == 2


def test_a_wrong_answer_explains_and_can_be_changed(client: Browser) -> None:
    asked = f"{ROUND}/eligibility/statutory"
    refused = client.send(asked, {"answer": "yes"})
    assert refused.location == f"{ROUND}/not-eligible/statutory"
    page = client.get(refused.location)
    assert page.status_code == 200
    assert "Error:" not in page.text
    for words in ("does not pay for statutory work", "Change my answer", "funding@example.org", "Ask the public body"):
        assert words in page.text
    client.send(asked, {"answer": "no"})
    assert client.get(f"{ROUND}/not-eligible/statutory").location == asked


def test_a_wrong_answer_of_an_earlier_try_is_asked_again_in_its_turn(client: Browser) -> None:
    client.send(f"{ROUND}/eligibility/statutory", {"answer": "yes"})
    again = client.send(f"{ROUND}/eligibility/in-west-yorkshire", {"answer": "yes"})
    assert again.location == f"{ROUND}/eligibility/group-or-organisation"
    last = answer_all(client)
    assert last.location == f"{ROUND}/eligible"


def test_a_wrong_answer_cannot_be_walked_around(client: Browser, world: World) -> None:
    world.sign_in(client, _lead(world))
    answer_all(client)
    client.send(f"{ROUND}/eligibility/twelve-months", {"answer": "no"})
    assert client.get(f"{ROUND}/organisation").location == f"{ROUND}/not-eligible/twelve-months"


def test_answers_survive_signing_in_and_go_into_the_application(client: Browser, world: World) -> None:
    end = answer_all(client)
    assert end.location == f"{ROUND}/eligible"
    page = client.get(end.location).text
    onward = f"{ROUND}/organisation?answers=yyyynn"
    for words in ("You can apply", "Sign in and go on", "Change<span", onward):
        assert words in page
    to_sign_in = client.get(onward)
    assert to_sign_in.location.startswith("/sign-in?next=")
    email = _lead(world)
    answer = client.send(to_sign_in.location, {"email": email, "password": "example-password-1"})
    page = client.get(answer.location)
    assert "Which group are you applying for?" in page.text
    number = page.text.split('name="organisation" type="radio" value="')[1].split('"')[0]
    started = client.send(f"{ROUND}/organisation", {"organisation": number})
    assert started.status_code == 303
    reference = started.location.split("/")[2]
    with world.context():
        answers = {each.question_id: each.answer for each in found(reference).eligibility}
        asked = {each.id: each.key for each in found(reference).round.eligibility}
        said = {asked[number]: answer for number, answer in answers.items()}
    assert said == {key: answer == "yes" for key, answer in RIGHT.items()}


def test_the_yes_page_needs_every_answer(client: Browser) -> None:
    assert client.get(f"{ROUND}/eligible").location == f"{ROUND}/eligibility/in-west-yorkshire"
    answer_all(client)
    assert "You answered: Yes" in client.get(f"{ROUND}/eligibility/in-west-yorkshire").text
    client.send(f"{ROUND}/eligibility/twelve-months", {"answer": "no"})
    assert client.get(f"{ROUND}/eligible").location == f"{ROUND}/not-eligible/twelve-months"


def test_a_group_that_comes_back_types_nothing_about_itself_again(client: Browser, world: World) -> None:
    email = _lead(world)
    world.sign_in(client, email)
    answer_all(client)
    page = client.get(f"{ROUND}/organisation").text
    number = page.split('name="organisation" type="radio" value="')[1].split('"')[0]
    started = client.send(f"{ROUND}/organisation", {"organisation": number})
    with world.context():
        draft = found(started.location.split("/")[2])
        assert (draft.contact_email, draft.contact_phone) == (email, "01632 960 001")
        assert draft.group_does
    assert "from your last application. Check that they are right" in client.get(started.location).text


def test_a_second_start_leads_to_the_same_draft(client: Browser, world: World) -> None:
    world.sign_in(client, _lead(world))
    answer_all(client)
    page = client.get(f"{ROUND}/organisation").text
    number = page.split('name="organisation" type="radio" value="')[1].split('"')[0]
    first = client.send(f"{ROUND}/organisation", {"organisation": number})
    second = client.send(f"{ROUND}/organisation", {"organisation": number})
    assert first.location == second.location
    assert first.location in client.get(f"{ROUND}/apply").text


def test_nobody_starts_for_a_group_that_is_not_theirs(client: Browser, world: World) -> None:
    world.sign_in(client, _lead(world))
    reference = world.ready()
    with world.context():
        others = found(reference).organisation_id
        before = db.session.query(Application).count()
    answer_all(client)
    refused = client.send(f"{ROUND}/organisation", {"organisation": others})
    assert refused.status_code == 422
    with world.context():
        assert db.session.query(Application).count() == before


def test_a_reader_is_sent_to_add_a_group(world: World) -> None:
    reference = world.ready()
    reader = member(world, reference, Role.READER)
    answer_all(reader)
    page = reader.get(f"{ROUND}/organisation").text
    assert "You are not in a group yet" in page
    assert "/organisations/find?next=/rounds/EX-MSCF/organisation" in page


def test_odd_answers_in_an_address_are_no_answers(client: Browser, world: World) -> None:
    world.sign_in(client, _lead(world))
    for odd in ("yyyynx", "y", "yyyynnn", "%00"):
        response = client.get(f"{ROUND}/organisation?answers={odd}")
        assert response.status_code in {303, 400}
        assert "organisation" not in (response.location or "")


def _lead(world: World) -> str:
    """Somebody who leads a group without a draft in the round."""
    reference = world.tell("withdrawn")
    with world.context():
        assert found(reference).state is ApplicationState.WITHDRAWN
    return world.lead("withdrawn")


def test_a_group_that_has_sent_an_application_cannot_start_another_in_the_round(app: Flask, world: World) -> None:
    world.submission()
    with app.app_context():
        actor = world.actor(world.lead("submitted"))
        opened, group = (
            world.round("EX-MSCF"),
            world.organisation(world.demo.specs["submitted"]["organisation"]["name"]),
        )
        answers = {each.key: each.must_be for each in opened.eligibility}
        with pytest.raises(NotReadyError, match="already"):
            operations.start(actor, opened, group, answers, clock.now())


def test_the_reference_of_a_deleted_draft_is_never_given_again(world: World) -> None:
    first = world.draft()
    lead = world.browser(world.lead("draft-started"))
    assert lead.send(address(first, "delete"), {}, page=address(first, "delete")).status_code == 303
    code = world.demo.specs["draft-started"]["round"]
    others = [world.tell(story) for story in ("draft-ready", "submitted", "declined")]
    assert first not in others
    with world.context():
        numbers = [found(each).number for each in others if each.startswith(code)]
    assert 1 not in numbers
