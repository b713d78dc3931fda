"""The pages of a larger award's return beside the first: who the people were, and spend by line."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from spatc_funds.core.clock import london_day, now
from spatc_funds.core.places import DISTRICT_CODES
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Round
from spatc_funds.impact.queries import Filters, exported
from spatc_funds.policy.actions import Action
from spatc_funds.returns import contents, operations, queries, reviewing
from spatc_funds.returns.models import AcceptedReturn
from tests.builders import Browser, World
from tests.returns.test_return_views import NOTHING, PEOPLE, WHOLE, fill, save, send, stamp_in

STORY = "late-return"
PARTS = "s-people-taking-part"
LEEDS, WAKEFIELD = DISTRICT_CODES["Leeds"], DISTRICT_CODES["Wakefield"]


@pytest.fixture
def reference(world: World) -> str:
    """A return that nobody has started, of an award of £22,750 with four budget lines."""
    return f"{world.tell(STORY)}-R2"


@pytest.fixture
def lead(world: World, reference: str) -> Browser:  # the group exists once its story is told
    return world.browser(world.lead(STORY))


def put(browser: Browser, reference: str, page: str, **typed: Any) -> Any:
    """Fill in one of the pages and go on."""
    address = f"/returns/{reference}/{page}"
    return browser.send(address, {"stamp": stamp_in(browser.get(address).text), "act": "check", **typed})


def test_one_page_leads_to_the_next(lead: Browser, reference: str) -> None:
    base = f"/returns/{reference}/"
    assert save(lead, reference, "check", **WHOLE).location == f"{base}people"
    assert "Numbers only: no names" in lead.get(f"{base}people").text
    assert put(lead, reference, "people", **{f"{PARTS}-district-{LEEDS}": "50"}).status_code == 422
    ages = {f"{PARTS}-district-{LEEDS}": "50", f"{PARTS}-age-band-not-known": "52"}
    assert put(lead, reference, "people", **ages).location == f"{base}money"
    lines = {"line-1": "11,840.50", "line-2": "0", "line-3": "0", "line-4": "0", "why-1": "Doors were dear"}
    assert put(lead, reference, "money", **lines).location == f"{base}check"
    checked = lead.get(f"{base}check").text
    assert "Leeds: 50" in checked
    assert "Doors were dear" in checked
    assert send(lead, reference).status_code == 303


def test_people_are_not_asked_of_measures_that_report_none(lead: Browser, reference: str) -> None:
    none = WHOLE | {PEOPLE: NOTHING, f"{PEOPLE}-number": ""}
    assert save(lead, reference, "check", **none).location == f"/returns/{reference}/money"
    assert "nothing to fill in here yet" in lead.get(f"/returns/{reference}/people").text
    assert "Who the people were" not in lead.get(f"/returns/{reference}/").text


def test_a_larger_award_needs_both(lead: Browser, reference: str) -> None:
    save(lead, reference, "check", **WHOLE)
    page = lead.get(f"/returns/{reference}/check").text
    assert f'href="/returns/{reference}/people#{PARTS}-district-' in page
    assert f'href="/returns/{reference}/money#line-1"' in page
    assert send(lead, reference).status_code == 422


def test_a_small_award_needs_neither_and_may_give_both(app: Flask, world: World) -> None:
    reference = f"{world.tell('first-hello')}-R1"
    lead = world.browser(world.lead("first-hello"))
    with app.app_context():
        found = queries.owed(reference)
        assert found
        nothing = {f"m-{target.measure.key}": NOTHING for target in queries.targets(found)}
        people = next(
            each.measure.key for each in found.expected.award.targets if each.measure.basis == "unique people"
        )
    typed = nothing | {f"m-{people}": "reported", f"m-{people}-number": "9", "spent": "50", "story": "It went well."}
    assert save(lead, reference, "check", **typed).location == f"/returns/{reference}/check"
    assert "You can leave this out" in lead.get(f"/returns/{reference}/").text
    answer = put(lead, reference, "money", **{"line-1": "50"})
    assert answer.status_code == 422  # once begun, all of them
    assert send(lead, reference).status_code == 422
    assert put(lead, reference, "money", **{"line-1": ""}).location == f"/returns/{reference}/check"
    assert put(lead, reference, "people", **{f"s-{people}-district-{LEEDS}": "10"}).status_code == 422
    assert put(lead, reference, "people", **{f"s-{people}-district-{LEEDS}": "9"}).status_code == 303
    assert send(lead, reference).location == f"/returns/{reference}/sent"


def test_two_pages_do_not_take_each_others_words_for_a_change(lead: Browser, reference: str) -> None:
    save(lead, reference, **WHOLE)
    address = f"/returns/{reference}/"
    first, second = (stamp_in(lead.get(f"{address}{page}").text) for page in ("edit", "money"))
    token = lead.token(f"{address}edit")
    form = {"csrf_token": token, "stamp": second, "line-1": "5"}
    assert lead.post(f"{address}money", data=form, headers={"Accept": "application/json"}).status_code == 200
    assert lead.send(f"{address}edit", WHOLE | {"stamp": first, "story": "Other", "act": "later"}).status_code == 303
    answer = lead.post(f"{address}money", data=form | {"line-1": "6"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()) == (409, {"overtaken": True})
    page = lead.send(f"{address}money", {"stamp": second, "line-1": "6"})
    assert page.status_code == 409
    assert "£6" in page.text
    assert "£5" in page.text


def test_half_an_amount_is_not_called_saved(lead: Browser, reference: str) -> None:
    save(lead, reference, **WHOLE)
    for page, name in (("money", "line-1"), ("people", f"{PARTS}-age-band-11-17")):
        address = f"/returns/{reference}/{page}"
        for text, whole in (("lots", False), ("5", True)):
            form = {"csrf_token": lead.token(address), "stamp": stamp_in(lead.get(address).text), name: text}
            answer = lead.post(address, data=form, headers={"Accept": "application/json"}).get_json()
            assert answer["whole"] is whole, (page, text)


def test_a_part_award_cuts_each_line(app: Flask, world: World) -> None:
    reference = f"{world.tell('paid-first')}-R1"  # asked £19,600, awarded £16,500
    with app.app_context():
        found = queries.owed(reference)
        assert found
        lines = queries.spend_lines(found)
        assert sum(line.planned_pence for line in lines) == 1_650_000
    page = world.browser(world.lead("paid-first")).get(f"/returns/{reference}/money").text
    assert "We have cut each line of your budget by the same share" in page


def test_parts_stand_beside_the_totals_and_leave_them_as_they_are(app: Flask, world: World) -> None:
    reference = world.tell("zero-of-fifty")
    with app.app_context():
        record = db.session.scalars(select(AcceptedReturn)).one()
        totals = [each for each in record.content["values"] if "split_by" not in each]
        parts = [each for each in record.content["values"] if "split_by" in each]
        assert {each["measure"]: each["value"] for each in totals}["people-taking-part"] == 214
        assert all(set(each) == {"measure", "version", "state", "value", "value_of"} for each in totals)
        ages = [
            each["value"] for each in parts if (each["measure"], each["split_by"]) == ("people-taking-part", "age-band")
        ]
        assert sum(ages) == 214
        assert {each["measure"] for each in parts} == {"people-taking-part", "volunteers-trained"}
        assert sum(each["spent_pence"] for each in record.content["lines"]) == 861_500
        award = queries.owed(f"{reference}-R1").expected.award  # type: ignore[union-attr] # told above
        shares = {share.district: share.percent for share in award.shares}
        found = exported(Filters(as_at=london_day(now())))
    total = {each["key"]: each for each in found["total"]["measures"]}
    assert (total["people-taking-part"]["low"], total["people-taking-part"]["high"]) == (214, 214)
    by_place = {
        each["key"]: {measure["key"]: measure for measure in each["measures"]}.get("people-taking-part", {}).get("high")
        for each in found["by_district"]
        if each["key"] in shares
    }
    assert sum(by_place.values()) == 214
    assert len(set(by_place.values())) > 1 or len(shares) == 1


def test_people_of_no_known_district_report_no_districts(
    app: Flask, world: World, lead: Browser, reference: str
) -> None:
    """Then the project counts under each of its districts, as one without splits does."""
    fill(lead, reference, **WHOLE)  # all under "not known"
    send(lead, reference)
    with app.app_context():
        me, found = world.staff("programme officer"), queries.owed(reference)
        assert found
        with unit_of_work(me.id, Action.RETURN_ACCEPT, reference):
            reviewing.accept(me, found, "Well done", now())
        places = exported(Filters(as_at=london_day(now())))["by_district"]
    told = [
        measure["high"] for each in places for measure in each["measures"] if measure["key"] == "people-taking-part"
    ]
    assert set(told) == {52}


def test_a_round_may_ask_otherwise(app: Flask, lead: Browser, reference: str) -> None:
    save(lead, reference, **WHOLE)
    with app.app_context(), unit_of_work(None, Action.FUND_LOAD):
        opened = db.session.scalars(select(Round).where(Round.code == "EX-SS")).one()
        opened.splits = {"people-taking-part": ["sex"]}
        opened.virement_percent, opened.virement_pence = 0, 0
    page = lead.get(f"/returns/{reference}/people").text
    assert "Their sex" in page
    assert "How old they are" not in page
    lines = {"line-1": "0", "line-2": "0", "line-3": "0", "line-4": "11,840.50"}
    assert "cost more than you planned" in put(lead, reference, "money", **lines).text


def test_only_what_the_round_asks_is_taken(app: Flask, world: World, reference: str) -> None:
    with app.app_context():
        actor, found = world.actor(world.lead(STORY)), queries.owed(reference)
        assert found
        ids = {target.measure.key: target.measure_id for target in queries.targets(found)}
        for wrong in ((ids["people-taking-part"], "sex", "male"), (ids["people-who-feel-safer"], "district", LEEDS)):
            with (
                pytest.raises(ValueError, match="a part that the round asks"),
                unit_of_work(actor.id, Action.RETURN_EDIT, reference),
            ):
                operations.save_splits(actor, found, {wrong: 1})
        with (
            pytest.raises(ValueError, match="a line of the budget"),
            unit_of_work(actor.id, Action.RETURN_EDIT, reference),
        ):
            operations.save_lines(actor, found, {9: (5, "")})


def test_a_stamp_of_one_page_is_the_same_before_anything_is_said(app: Flask, lead: Browser, reference: str) -> None:
    with app.app_context():
        found = queries.owed(reference)
        assert found
        before = contents.part_stamp(found, "money")
    save(lead, reference, **WHOLE)
    with app.app_context():
        found = queries.owed(reference)
        assert found
        assert contents.part_stamp(found, "money") == before
