"""Giving a round's bids by the solver, in the panel: seen first, then all of it or nothing."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from spatc_funds.accounts.operations import add_member
from spatc_funds.accounts.queries import person_by_email
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import allocating, interests, panel_allocation, queries, to_give
from spatc_funds.assessment.allocation import allocate
from spatc_funds.assessment.models import Allocation, Assessment, InterestKind
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, ForbiddenError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import AdvisoryBody
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from tests.builders import Browser, World
from tests.laws.sent_forms import forms_of
from tests.laws.test_templates import faults

PAGE = "/admin/assessment/allocation/"
ROUND = f"{PAGE}EX-MSCF/"
SENT = ("submitted", "ride-to-work", "not-for-sale")


def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


def asked(world: World, *places: int, **more: str) -> dict[str, str]:
    """What the form posts: these assessors tick, two for each bid."""
    with world.context():
        people = [person_by_email(world.person("assessor", place)) for place in places]
        return {"needed": "2", "act": "show", **{f"takes-{each.id}": "y" for each in people if each}, **more}


def given(world: World) -> dict[str, dict[str, str]]:
    """Who has which bid, by name, and why."""
    with world.context():
        found: dict[str, dict[str, str]] = {}
        for row in db.session.scalars(select(Allocation).where(Allocation.body_id.is_(None))):
            found.setdefault(row.submission.reference, {})[row.person.name.split()[0]] = row.why
        return found


def hidden(page: str) -> dict[str, str]:
    """The form that a plan's page holds, as it is sent."""
    form = next(each for each in forms_of(page, ROUND) if ("act", "give") in each.buttons)
    return {name: unescape(values[0]) for name, values in form.sent().items()}


def declare(world: World, reference: str, email: str) -> None:
    """A prejudicial interest."""
    with world.context():
        actor = world.actor(email)
        with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
            interests.declare(
                actor, world.submission_row(reference), InterestKind.PREJUDICIAL, "My sister leads it", clock.now()
            )


def test_without_bids_there_is_nothing_to_give(world: World) -> None:
    browser = officer(world)
    assert "No bid waits for assessors" in browser.get(PAGE).text
    assert browser.get(f"{PAGE}NO-SUCH/").status_code == 404
    page = browser.send(ROUND, asked(world, 0, 1))
    assert page.status_code == 200
    assert "No bid of this round waits for a result" in page.text


def test_rounds_are_counted(world: World) -> None:
    for story in (*SENT, "assessing", "sent-again", "assessed"):
        world.tell(story)
    page = officer(world).get(PAGE).text
    cells = re.findall(r"numeric\">(\d+)</td>", page)
    assert cells == ["4", "1", "3"], "not the one that its group is changing, nor the one with a result"


def test_what_it_would_do_is_shown_and_nothing_is_written(world: World) -> None:
    references = [world.tell(story) for story in SENT]
    answer = officer(world).send(ROUND, asked(world, 0, 1, 2))
    assert answer.status_code == 200
    assert "6 places would be given, and 0 places taken back" in answer.text
    assert all(each in answer.text for each in references)
    assert answer.text.count(">New<") == 6
    assert "the fewest" in answer.text
    assert faults(answer.text) == []
    assert given(world) == {}


def test_giving_writes_every_bid_with_its_reason(world: World) -> None:
    references = [world.tell(story) for story in SENT]
    browser = officer(world)
    form = hidden(browser.send(ROUND, asked(world, 0, 1, 2)).text)
    assert browser.send(ROUND, form).status_code == 303
    assert "You gave 6 places." in browser.get(PAGE).text
    found = given(world)
    assert set(found) == set(references)
    assert all(len(people) == 2 and all(why.startswith("has ") for why in people.values()) for people in found.values())
    counts = [sum(name in people for people in found.values()) for name in ("Amber", "Bashir", "Carys")]
    assert counts == [2, 2, 2]
    with world.context():
        taken = [world.submission_row(each).application.taken_up_at for each in references]
        assert all(taken), "from now on they are read, so they are not replaced"
    again = browser.send(ROUND, asked(world, 0, 1, 2)).text
    assert "0 places would be given" in again
    assert "Give these bids" not in again
    assert again.count("kept from before") == 6


def test_a_hand_given_bid_says_so(world: World) -> None:
    reference, browser = world.submission(), officer(world)
    with world.context():
        person = person_by_email(world.person("assessor"))
        assert person
        number = str(person.id)
    browser.send(f"/admin/assessment/{reference}/allocate", {"people": number})
    assert given(world) == {reference: {"Amber": "Given by hand"}}


def test_who_has_begun_keeps_it_and_who_leaves_loses_only_what_is_not_begun(world: World) -> None:
    reference, other = world.assessing(), world.submission()  # Amber is done with the first, Bashir has not begun
    browser = officer(world)
    first = browser.send(ROUND, asked(world, 2, needed="1"))
    assert "Taken back" in first.text
    assert "has begun to score it" in first.text
    answer = browser.send(ROUND, hidden(first.text))
    assert answer.status_code == 303
    assert "and took back 1 place that had not been begun" in browser.get(PAGE).text
    found = given(world)
    assert set(found[reference]) == {"Amber"}
    assert set(found[other]) == {"Carys"}
    with world.context():
        sheets = db.session.scalars(select(Assessment.state)).all()
        assert sheets == [AssessmentState.FINAL]


def test_nobody_gets_a_bid_that_is_barred_to_them_and_the_gap_says_what_to_do(world: World) -> None:
    reference, browser = world.submission(), officer(world)
    with world.context():
        bid, person = submission_by_reference(reference), person_by_email(world.person("assessor", 1))
        assert bid
        assert person
        with unit_of_work(None, Action.ORGANISATION_CREATE, "test"):
            add_member(bid.organisation, person.id, Role.READER)
    page = browser.send(ROUND, asked(world, 0, 1)).text
    assert "Only 1 of 2 assessors is free of an interest or a part in this bid" in page
    assert "ask for 1 instead of 2" in page
    browser.send(ROUND, hidden(page))
    assert set(given(world)[reference]) == {"Amber"}


def test_who_declared_an_interest_is_left_as_they_are(world: World) -> None:
    reference = world.assessing()
    declare(world, reference, world.person("assessor", 1))
    browser = officer(world)
    page = browser.send(ROUND, asked(world, 1, 2)).text
    assert "Taken back" not in page
    browser.send(ROUND, hidden(page))
    assert set(given(world)[reference]) == {"Amber", "Bashir", "Carys"}, "the row stays: it says who was asked"
    with world.context():
        names = [each.name for each in queries.assessors(world.submission_row(reference).id)]
        assert names == ["Amber Example", "Carys Example"]


def test_an_adviser_of_a_bid_is_not_given_it_as_an_assessor_too(world: World) -> None:
    reference, browser = world.submission(), officer(world)
    with world.context():
        bid, person = world.submission_row(reference), person_by_email(world.person("assessor", 0))
        assert person
        with unit_of_work(None, Action.FUND_LOAD, "test"):
            body = AdvisoryBody(
                round_id=bid.round_id,
                key="young-people",
                name="Youth",
                gives_scores=False,
                weight=0,
                criterion_keys=[],
                position=1,
            )
            db.session.add(body)
            db.session.flush()
            db.session.add(
                Allocation(submission_id=bid.id, person_id=person.id, allocated_at=clock.now(), body_id=body.id)
            )
    browser.send(ROUND, hidden(browser.send(ROUND, asked(world, 0, 1, needed="2")).text))
    assert set(given(world)[reference]) == {"Bashir"}
    with world.context():
        assert db.session.query(Allocation).where(Allocation.body_id.is_not(None)).count() == 1


def test_a_bid_barred_to_the_officer_is_not_in_it_at_all(world: World) -> None:
    references = [world.tell(story) for story in SENT]
    hidden_one, mail = references[0], world.person("programme officer")
    with world.context():
        title, group = (world.submission_row(hidden_one).title, world.submission_row(hidden_one).organisation.name)
    declare(world, hidden_one, mail)
    browser = world.browser(mail)
    pages = [browser.get(PAGE).text, browser.get(ROUND).text, browser.send(ROUND, asked(world, 0, 1)).text]
    for page in pages:
        assert not [canary for canary in (hidden_one, title, group) if canary in unescape(page)]
    assert "4 places would be given" in pages[2]
    browser.send(ROUND, hidden(pages[2]))
    assert set(given(world)) == set(references[1:])
    second = world.browser(world.person("programme officer", 1))
    second.send(ROUND, hidden(second.send(ROUND, asked(world, 0, 1)).text))
    after = browser.get(ROUND).text
    assert "Has 0 bids in other rounds" in after


def test_what_is_barred_counts_in_no_load(world: World) -> None:
    reference, mail = world.assessing(), world.person("programme officer")
    declare(world, reference, mail)
    page = world.browser(mail).get(f"{PAGE}EX-SS/").text
    assert "Has 1 bid in other rounds" not in page
    assert "Has 1 bid in other rounds" in world.browser(world.person("programme officer", 1)).get(f"{PAGE}EX-SS/").text


def test_a_bid_that_its_group_is_changing_is_left_out_and_that_is_said(world: World) -> None:
    reference = world.tell("sent-again")
    page = officer(world).send(ROUND, asked(world, 0, 1)).text
    assert f"Left out: {reference}" in page
    assert "can send again until the round closes" in page
    assert ">New<" not in page


def test_when_something_changed_meanwhile_it_is_shown_again(world: World) -> None:
    world.submission()
    browser = officer(world)
    form = hidden(browser.send(ROUND, asked(world, 0, 1)).text)
    world.tell("ride-to-work")
    answer = browser.send(ROUND, form)
    assert answer.status_code == 422
    assert "have changed since this was shown" in answer.text
    assert "<title>Error: " in answer.text
    assert faults(answer.text) == []
    assert given(world) == {}
    assert browser.send(ROUND, hidden(answer.text)).status_code == 303
    assert len(given(world)) == 2


def test_what_changes_between_the_plan_and_its_writing_is_noticed_under_the_lock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.submission()
    browser = officer(world)
    form = hidden(browser.send(ROUND, asked(world, 0, 1)).text)

    def late(bids: object, people: object, barred: object) -> object:
        plan = allocate(bids, people, barred)  # type: ignore[arg-type]
        if not db.session.query(Allocation).count():
            db.session.rollback()
            world.tell("assessing")
        return plan

    monkeypatch.setattr(panel_allocation, "allocate", late)
    answer = browser.send(ROUND, form)
    assert answer.status_code == 422
    assert "have changed since this was shown" in answer.text


def test_facts_that_are_not_true_any_more_give_nothing(world: World) -> None:
    world.submission()
    with world.context():
        actor, at, round_ = world.staff("programme officer"), clock.now(), world.round("EX-MSCF")
        facts = to_give.facts_of(actor, round_, at)
        choice = to_give.Choice(1, None, facts.people)
        plan = allocate(*to_give.asked_of(facts, choice), facts.barred)
    world.tell("ride-to-work")
    with world.context():
        round_ = world.round("EX-MSCF")
        with pytest.raises(ChangedError), unit_of_work(actor.id, Action.ASSESSMENT_ALLOCATE, "EX-MSCF"):
            allocating.give(actor, round_, facts, plan, at)
        auditor = world.staff("auditor")
        with pytest.raises(ForbiddenError), unit_of_work(auditor.id, Action.ASSESSMENT_ALLOCATE, "EX-MSCF"):
            allocating.give(auditor, round_, facts, plan, at)
    assert given(world) == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"needed": ""}, "Enter how many assessors each bid needs"),
        ({"needed": "0"}, "Assessors for each bid must be between 1 and 20"),
        ({"most": "many"}, "Bids for one person must be a whole number"),
    ],
)
def test_a_form_that_says_too_little_is_shown_again(world: World, wrong: dict[str, str], words: str) -> None:
    world.submission()
    answer = officer(world).send(ROUND, asked(world, 0, 1) | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text


def test_somebody_has_to_take_part(world: World) -> None:
    world.submission()
    answer = officer(world).send(ROUND, {"needed": "2"})
    assert answer.status_code == 422
    assert "Tick at least one person who takes part" in answer.text


def test_the_most_is_kept_to_and_wishes_are_said(world: World) -> None:
    references = [world.tell(story) for story in SENT]
    with world.context():
        bid = world.submission_row(references[0])
        theme = bid.content["theme"]["name"]
        person = person_by_email(world.person("assessor"))
        assert person
        number = person.id
    page = officer(world).send(ROUND, asked(world, 0, 1, most="2", **{f"knows-{number}": theme})).text
    assert f"knows {theme}" in unescape(page)
    assert "Everybody who may take it has their most, 2 bids: raise the most, or add an assessor." in page
    form = hidden(page)
    assert (form["most"], unescape(form[f"knows-{number}"])) == ("2", theme)


def test_only_officers_give(world: World) -> None:
    world.submission()
    for role in ("assessor", "auditor", "board member"):
        browser = world.browser(world.person(role))
        assert browser.get(PAGE).status_code == 403
        assert browser.send(ROUND, {}, page="/admin/").status_code == 403
