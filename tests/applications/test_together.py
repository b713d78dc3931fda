"""Area pots and pots of several groups: on their pages, in what stands in the way, and in what is sent."""

import pytest

from spatc_funds.accounts.models import Membership, Organisation
from spatc_funds.applications import operations, sending
from spatc_funds.applications.operations import PartnerGiven
from spatc_funds.applications.queries import content, problems
from spatc_funds.assessment.queries import actor_of, barred_people
from spatc_funds.cli.demo import Spec, wider
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.applications.pages import address, found
from tests.builders import Browser, World

BRADFORD = "E08000032"
PARTNER = {
    "partner-1-name": "Example Taxi Drivers Circle",
    "partner-1-number": "",
    "partner-1-part": "Trains drivers to spot the signs",
    "partner-1-amount": "1,200.50",
}


def spec_of(round_code: str) -> Spec:
    return next(each for each in wider() if each["round"] == round_code and each["story"] == "draft-ready")


@pytest.fixture
def ready(world: World) -> str:
    with world.context():
        return world.demo.tell("draft-ready", spec_of("EX-MSCF"))


@pytest.fixture
def lead(world: World, ready: str) -> Browser:
    assert ready
    return world.browser(spec_of("EX-MSCF")["lead"]["email"])


def ask_pot(world: World, reference: str, key: str) -> None:
    with world.context(), unit_of_work(None, Action.APPLICATION_EDIT, reference):
        application = found(reference)
        application.pot = next(pot for pot in application.round.pots if pot.key == key)


def wrong(world: World, reference: str, step: str) -> list[str]:
    with world.context():
        return [each.message for each in problems(found(reference), clock.now()) if each.step == step]


def test_an_area_pot_asks_for_its_area_with_its_days(world: World, lead: Browser, ready: str) -> None:
    page = lead.get(address(ready, "places")).text
    assert "Does the work happen in one of these areas?" in page
    assert "Ward in Calderdale, from 7 May 2026" in page
    assert "until 6 May 2026" not in page  # over
    assert "Postcode district in Bradford" in page
    assert wrong(world, ready, "places") == []
    ask_pot(world, ready, "areas")
    assert wrong(world, ready, "places") == [
        "Choose the area in which the work happens: this pot is for these areas alone"
    ]
    with world.context():
        area = next(each.id for each in found(ready).round.areas if each.key == "bd3")
    shares = {"share-E08000032": "100", "areas": str(area), "sensitive_place": ""}
    assert lead.send(address(ready, "places"), shares).status_code == 303
    assert wrong(world, ready, "places") == []
    assert "checked" in lead.get(address(ready, "places")).text
    with world.context():
        (sent,) = content(found(ready))["areas"]
        assert (sent["key"], sent["kind"]) == ("bd3", "postcode district")


def test_an_area_outside_the_shares_is_said_at_its_field(world: World, lead: Browser, ready: str) -> None:
    with world.context():
        area = next(each.id for each in found(ready).round.areas if each.key == "harehills")
    page = lead.send(address(ready, "places"), {"share-E08000032": "100", "areas": str(area)})
    assert page.status_code == 422
    assert "“Harehills” is in Leeds. Give Leeds a share of the work" in page.text
    assert 'href="#areas"' in page.text


def test_an_area_of_another_round_is_refused(world: World, ready: str) -> None:
    with world.context(), pytest.raises(ValueError, match="an area of this round"):
        operations.save_places(
            world.actor(spec_of("EX-MSCF")["lead"]["email"]), found(ready), {BRADFORD: 100}, [999_999]
        )


def test_partners_are_asked_where_a_pot_is_for_several_groups(world: World, lead: Browser, ready: str) -> None:
    assert "Who does it with you" not in lead.get(address(ready)).text
    assert wrong(world, ready, "partners") == []
    ask_pot(world, ready, "together")
    assert "Who does it with you" in lead.get(address(ready)).text
    assert wrong(world, ready, "partners") == ["This pot is for 2 to 4 groups together. Name at least one partner"]
    assert lead.send(address(ready, "partners"), PARTNER).status_code == 303
    assert wrong(world, ready, "partners") == []
    page = lead.get(address(ready, "partners")).text
    assert 'value="1,200.50"' in page
    with world.context():
        sent = content(found(ready))
        assert sent["partners"][0]["amount_pence"] == 120_050
        assert sent["lead_pence"] + 120_050 == sent["asked_pence"]
    check = lead.get(address(ready, "check")).text
    assert "leads and gets" in check
    assert "Example Taxi Drivers Circle gets £1,200.50: Trains drivers to spot the signs" in check


def test_a_half_typed_partner_is_kept_and_said(world: World, lead: Browser, ready: str) -> None:
    ask_pot(world, ready, "together")
    page = lead.send(address(ready, "partners"), {"partner-2-name": "Only a name", "then": "later"})
    assert page.status_code == 303
    assert wrong(world, ready, "partners") == [
        "Say what “Only a name” will do",
        "Enter how much of the money “Only a name” gets. Enter 0 if it is nothing",
    ]
    ask_pot(world, ready, "small")
    assert "This pot is for one group alone" in wrong(world, ready, "partners")[0]
    answer = lead.send(address(ready, "partners"), {"partner-2-name": ""})
    assert answer.location == address(ready, "check")
    with world.context():
        assert found(ready).partners == []


def test_a_round_without_such_a_pot_has_no_page_for_partners(world: World) -> None:
    spec = spec_of("EX-SS")
    with world.context():
        reference = world.demo.tell("draft-ready", spec)
    client = world.browser(spec["lead"]["email"])
    assert client.get(address(reference, "partners")).status_code == 404
    assert "Who does it with you" not in client.get(address(reference)).text


def test_more_partners_than_places_are_refused(world: World, ready: str) -> None:
    given = {4: PartnerGiven("One too many", "", "", None)}
    with world.context(), pytest.raises(ValueError, match="a place for a partner"):
        operations.save_partners(world.actor(spec_of("EX-MSCF")["lead"]["email"]), found(ready), given)


@pytest.mark.parametrize("key", ["ride-to-work", "not-for-sale"])
def test_the_demo_shows_both(world: World, key: str) -> None:
    spec = next(each for each in wider() if each["key"] == key)
    with world.context():
        sent = world.submission_row(world.demo.tell(spec["story"], spec)).content
    assert bool(sent["areas"]) == (key == "ride-to-work")
    assert len(sent["partners"]) == (2 if key == "not-for-sale" else 0)


def test_the_round_page_says_what_its_pots_are_for(world: World) -> None:
    page = world.browser().get("/rounds/EX-MSCF").text
    assert "2 to 4 groups do the work together" in page
    assert "Bradford BD3" in page


@pytest.mark.parametrize("key", ["ride-to-work", "not-for-sale"])
def test_taken_back_to_what_was_sent_areas_and_partners_are_there_again(world: World, key: str) -> None:
    spec = next(each for each in wider() if each["key"] == key)
    with world.context():
        reference = world.demo.tell(spec["story"], spec)
        lead = world.actor(spec["lead"]["email"])
        sent = content(found(reference))
        with unit_of_work(lead.id, Action.APPLICATION_REOPEN, reference):
            sending.reopen(lead, found(reference), clock.now())
        with unit_of_work(lead.id, Action.APPLICATION_EDIT, reference):
            found(reference).areas, found(reference).partners = [], []
        with unit_of_work(lead.id, Action.APPLICATION_RESTORE, reference):
            sending.restore(lead, found(reference))
        assert content(found(reference)) == sent


def test_whoever_belongs_to_a_partner_is_barred_from_the_bid(world: World) -> None:
    spec = next(each for each in wider() if each["key"] == "not-for-sale")
    with world.context():
        reference = world.demo.tell(spec["story"], spec)
        person = world.demo.by_role(Role.ASSESSOR, 0)
        assert reference not in actor_of(person).barred
        with unit_of_work(None, Action.ORGANISATION_CREATE, "partner"):
            partner = Organisation(name="A partner", name_folded="a partner", company_number="99990555")
            db.session.add(partner)
            db.session.flush()
            db.session.add(Membership(organisation_id=partner.id, person_id=person.id, role=Role.READER))
        db.session.expire_all()
        assert reference in actor_of(person).barred
        assert person.id in barred_people(world.submission_row(reference))
    officer = world.browser(world.person("programme officer"))
    assert "Example Parents Standing By CIC" in officer.get(f"/admin/assessment/{reference}/interest").text
