"""Odds: how many applied and how many were funded, never a share of nothing."""

import json
from datetime import timedelta

import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core import clock
from spatc_funds.home.odds import Odds, Tried, by_district, by_pot
from tests.builders import Browser, World

TRIED = st.lists(st.builds(Tried, st.sampled_from("ABC"), st.lists(st.sampled_from("XYZ"), unique=True), st.booleans()))


def test_each_pot_and_district_has_its_own() -> None:
    tried = [Tried("A", ["Leeds", "Bradford"], True), Tried("A", ["Leeds"], False), Tried("B", [], False)]
    assert by_pot(tried) == [Odds("A", 2, 1), Odds("B", 1, 0)]
    assert by_district(tried) == [Odds("Bradford", 1, 1), Odds("Leeds", 2, 1)]
    assert by_pot([]) == by_district([]) == []


@given(TRIED)
def test_pots_add_up_and_nothing_is_funded_that_did_not_apply(tried: list[Tried]) -> None:
    assert sum(each.applied for each in by_pot(tried)) == len(tried)
    assert sum(each.funded for each in by_pot(tried)) == sum(each.funded for each in tried)
    for each in (*by_pot(tried), *by_district(tried)):
        assert 0 <= each.funded <= each.applied


def test_the_chances_are_not_known_until_a_round_has_ended(app: Flask, client: Browser, world: World) -> None:
    world.tell("offered")
    world.tell("declined")
    path = "/funds/mayors-safer-communities-fund/funded"
    page = client.get(path).text
    assert "Not known. How many groups applied" in page
    assert "Projects that were funded" in page
    with time_machine.travel(clock.now() + timedelta(days=90)):
        codes = [world.demo.specs[story]["round"] for story in ("offered", "declined")]
        ended = "".join(client.get(f"/funds/{fund}/funded").text for fund in FUNDS)
        assert ended.count("By district") == 2 * len(set(codes))
    assert client.get("/funds/nothing/funded").status_code == 404


FUNDS = ("mayors-safer-communities-fund", "safer-streets")


def test_everything_held_of_a_person_is_given_to_them_and_nothing_of_others(world: World) -> None:
    reference = world.submission()
    other = world.tell("declined")
    lead = world.browser(world.lead("submitted"))
    answer = lead.get("/my-data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(answer.text)
    assert data["account"]["email"] == world.lead("submitted")
    assert [each["reference"] for each in data["applications"]] == [reference]
    assert data["applications"][0]["sent"][0]["content"]["reference"] == reference
    assert data["letters"]
    assert data["mail"]
    assert {each["act"] for each in data["what_you_did"]} >= {"application:submit"}
    assert [each["what"] for each in data["what_you_opened"]] == ["sign-in"]
    assert other not in answer.text
    assert world.lead("declined") not in answer.text


def test_a_code_that_waits_in_the_outbox_is_not_among_it(world: World) -> None:
    email = world.person("auditor")
    world.browser().send("/sign-in", {"email": email, "then": "code"})
    assert "Your code is" not in world.browser(email).get("/my-data.json").text
