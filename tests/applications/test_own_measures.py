"""A measure of the group's own: typed, half typed, sent, put back, and frozen by the award."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from spatc_funds.applications import operations, queries
from spatc_funds.applications.completeness import MOST_MEASURES, Own, Promised, problems
from spatc_funds.applications.copying import sections
from spatc_funds.applications.difference import labels
from spatc_funds.applications.models import OwnPromise
from spatc_funds.applications.operations import OwnGiven
from spatc_funds.applications.restoring import put_back
from spatc_funds.awards.queries import award_by_reference
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.measures import N_OF_M, OWN
from spatc_funds.framework.models import Measure
from spatc_funds.funds.models import Round
from spatc_funds.policy.actions import Action
from tests.applications.pages import address, found, stamp_of
from tests.applications.test_completeness import WHOLE
from tests.builders import Browser, World

NAME = "Neighbours who know each other"
TYPED = {"own-1-name": NAME, "own-1-kind": "change-of", "own-1-target": "30", "own-1-of": "40"}
PAIR = Own(1, NAME, "change-of", 30, 40)
THINGS = Own(1, "Bikes that are marked", "things", 25)


@pytest.fixture
def reference(world: World) -> str:
    return world.draft()


@pytest.fixture
def lead(world: World, reference: str) -> Browser:
    assert reference
    return world.browser(world.lead("draft-started"))


def told(*own: Own, **changed: Any) -> list[tuple[str, str]]:
    """Fields and words of what stands in the way of a whole application with these."""
    return [(each.field, each.message) for each in problems(replace(WHOLE, own=own, **changed))]


def held(world: World, reference: str) -> list[tuple[int, str, str, int | None, int | None]]:
    with world.context():
        rows = found(reference).own_promises
        return [(each.place, each.name, each.kind, each.target, each.target_of) for each in rows]


# -- what is asked of one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "field", "says"),
    [
        (replace(PAIR, name=""), "own-1-name", "Say what you will count with your own measure 1"),
        (replace(PAIR, name="PEOPLE reached"), "own-1-name", "There is another measure called “PEOPLE reached”"),
        (replace(THINGS, kind=""), "own-1-kind", "whether “Bikes that are marked” is a change in people"),
        (replace(THINGS, target=None), "own-1-target", "Enter how many you promise for “Bikes that are marked”"),
        (replace(PAIR, target_of=None), "own-1-of", f"Enter out of how many people you promise “{NAME}”"),
        (replace(PAIR, target=41), "own-1-target", f"“{NAME}” cannot be more than the people you ask"),
        (replace(THINGS, target_of=30), "own-1-of", "has a second number. Leave it empty for “Bikes that are marked”"),
        (replace(PAIR, place=2, name="", target=41), "own-2-name", "your own measure 2"),
    ],
)
def test_each_rule_names_its_field_and_how_to_mend_it(own: Own, field: str, says: str) -> None:
    assert told(own)[0][0] == field
    assert says in told(own)[0][1]


@pytest.mark.parametrize("kind", OWN)
def test_a_whole_one_of_each_kind_is_enough_even_alone(kind: str) -> None:
    own = Own(1, NAME, kind, 0, 50 if OWN[kind].basis == N_OF_M else None)
    assert told(own) == []
    assert told(own, promises=[]) == []


def test_one_that_is_hardly_begun_asks_for_the_rest() -> None:
    assert [field for field, _words in told(Own(2, "", "", None, 9))] == ["own-2-name", "own-2-kind", "own-2-target"]


@pytest.mark.parametrize("name", ["Café visits", "Cafe\u0301 visits", "café\u200b\u00a0visits", "CAFÉ  VISITS"])
def test_names_that_look_alike_are_one_name(name: str) -> None:
    assert [field for field, _words in told(replace(THINGS, name=name), measures=["Café visits"])] == ["own-1-name"]
    assert told(replace(THINGS, name="Café visitors"), measures=["Café visits"]) == []


def test_two_have_two_names() -> None:
    assert [field for field, _words in told(THINGS, replace(THINGS, place=2))] == ["own-2-name"]


@given(st.integers(0, 12), st.integers(0, 3))
def test_nine_measures_are_enough_so_that_a_small_award_reports_on_twelve_things(shared: int, own: int) -> None:
    promised = [Promised(f"Measure {number}", 1) for number in range(shared)]
    brought = [Own(number, f"Own {number}", "things", 1) for number in range(1, own + 1)]
    refused = [words for _field, words in told(*brought, promises=promised) if "9 measures at the most" in words]
    assert bool(refused) == (shared + own > MOST_MEASURES)


# -- as it is typed ----------------------------------------------------------------------------------------------------


def test_it_is_kept_changed_and_taken_back(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "promises")
    assert lead.send(path, {**TYPED, "then": "continue"}).status_code == 303
    assert held(world, reference) == [(1, NAME, "change-of", 30, 40)]
    page = lead.get(path).text
    assert '<details class="govuk-details" open>' in page
    assert f'value="{NAME}"' in page
    lead.send(path, {**TYPED, "own-1-target": "0", "own-2-name": "Bikes that are marked"})
    assert held(world, reference) == [(1, NAME, "change-of", 0, 40), (2, "Bikes that are marked", "", None, None)]
    assert lead.send(path).status_code == 303
    assert held(world, reference) == []
    assert '<details class="govuk-details" open>' not in lead.get(path).text


@pytest.mark.parametrize(
    ("changed", "says", "kept"),
    [
        ({"own-1-target": "41"}, "cannot be more than the people you ask", (41, 40)),
        ({"own-1-target": "many"}, "must be a whole number", (None, 40)),
        ({"own-1-of": "0"}, "Your own measure 1, out of how many, must be", (30, None)),
        ({"own-1-kind": "things"}, "has a second number", (30, 40)),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_could_be_read_is_kept(
    lead: Browser, world: World, reference: str, changed: dict[str, str], says: str, kept: tuple[int | None, int | None]
) -> None:
    page = lead.send(address(reference, "promises"), {**TYPED, **changed})
    assert page.status_code == 422
    assert page.text.count(says) == 2
    assert '<details class="govuk-details" open>' in page.text
    ((_place, name, _kind, *numbers),) = held(world, reference)
    assert (name, *numbers) == (NAME, *kept)


def test_one_that_is_begun_is_asked_for_whole_on_its_page_and_kept(lead: Browser, world: World, reference: str) -> None:
    page = lead.send(address(reference, "promises"), {"own-2-name": NAME})
    assert page.status_code == 422
    for words in ("Choose whether it is a change in people, or something you do", "Enter how many you promise"):
        assert page.text.count(words) == 2
    assert held(world, reference) == [(2, NAME, "", None, None)]
    later = lead.send(address(reference, "promises"), {"own-2-name": NAME, "then": "later"})
    assert (later.status_code, later.location) == (303, address(reference))


def test_a_kind_alone_stands_in_nobodys_way(lead: Browser, world: World, reference: str) -> None:
    """It cannot be unchosen on a page."""
    assert lead.send(address(reference, "promises"), {"own-1-kind": "things"}).status_code == 303
    assert held(world, reference) == [(1, "", "things", None, None)]
    page = lead.get(address(reference, "check")).text
    assert "own measure" not in page
    with world.context():
        assert queries.content(found(reference))["own_promises"] == []
        assert not [each for each in queries.problems(found(reference), clock.now()) if each.field.startswith("own-")]


def test_each_change_on_the_check_page_leads_to_its_field(lead: Browser, reference: str) -> None:
    lead.send(address(reference, "promises"), {**TYPED, "target-people-taking-part": "12"})
    check, page = (lead.get(address(reference, name)).text for name in ("check", "promises"))
    for field in ("target-people-taking-part", "own-1-name"):
        assert f'href="{address(reference, "promises")}#{field}"' in check
        assert f'id="{field}"' in page


def test_it_is_saved_while_somebody_types(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "promises")
    typed = {"csrf_token": lead.token(path), "stamp": stamp_of(lead, path), "own-1-name": NAME}
    answer = lead.post(path, data=typed, headers={"Accept": "application/json"})
    assert answer.get_json()["whole"] is True
    assert held(world, reference) == [(1, NAME, "", None, None)]


def test_two_windows_do_not_write_over_each_other(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "promises")
    old = stamp_of(lead, path)
    lead.send(path, TYPED)
    page = lead.send(path, {**TYPED, "own-1-name": "Another name", "stamp": old})
    assert page.status_code == 409
    assert NAME in page.text
    assert "Another name" in page.text
    assert held(world, reference)[0][1] == NAME


def test_a_forged_kind_or_place_is_refused(lead: Browser, world: World, reference: str) -> None:
    assert lead.send(address(reference, "promises"), {**TYPED, "own-1-kind": "score"}).status_code == 422
    assert held(world, reference) == [(1, NAME, "", 30, 40)]
    with world.context():
        actor = world.actor(world.lead("draft-started"))
    for own in ({3: OwnGiven(NAME, "things", 1, None)}, {0: OwnGiven(NAME, "things", 1, None)}):
        with world.context(), pytest.raises(ValueError, match="a place for a measure of one's own"):
            operations.save_promises(actor, found(reference), {}, own)
    with world.context(), pytest.raises(ValueError, match="a kind of measure"):
        operations.save_promises(actor, found(reference), {}, {1: OwnGiven(NAME, "score", 1, None)})


def test_a_round_that_takes_none_asks_for_none(lead: Browser, world: World, reference: str) -> None:
    assert "Your own measure 2" in lead.get("/rounds/EX-MSCF/questions").text
    with world.context(), unit_of_work(None, Action.FUND_LOAD):
        db.session.get_one(Round, found(reference).round_id).own_measures = 0
    assert "own-1-name" not in lead.get(address(reference, "promises")).text
    assert "Your own measure" not in lead.get("/rounds/EX-MSCF/questions").text
    lead.send(address(reference, "promises"), TYPED)
    assert held(world, reference) == []


# -- as it is sent -----------------------------------------------------------------------------------------------------


def test_it_is_read_as_it_was_sent_and_its_change_is_told(world: World) -> None:
    reference = world.tell("say-something-kind")
    with world.context():
        content = world.submission_row(reference).content
        assert [each["kind"] for each in content["own_promises"]] == ["change-of"]
        rows = {row.label: row.lines for section in sections(content) for row in section.rows}
        label = "Bus passengers who say that they would step in now (own measure)"
        assert rows[label] == ["120 of 200", OWN["change-of"].words]
        other = {**content, "own_promises": [{**content["own_promises"][0], "target": 119}]}
        assert labels(content, other) == [label]
        before = {key: value for key, value in content.items() if key != "own_promises"}
        assert labels(before, content) == [label]
    officer = world.browser(world.person("programme officer"))
    assert label in officer.get(f"/admin/bids/{reference}/").text


def test_a_half_one_is_shown_as_half(lead: Browser, world: World, reference: str) -> None:
    lead.send(address(reference, "promises"), {"own-1-of": "9"})
    page = lead.get(address(reference, "check")).text
    assert "No name yet (own measure)" in page
    assert "Not said yet what kind of number it is" in page
    assert f'href="{address(reference, "promises")}#own-1-kind"' in page


def test_what_was_sent_is_put_back_with_it(world: World) -> None:
    reference = world.tell("doorstep-friends")
    with world.context():
        actor = world.actor(world.lead("doorstep-friends"))
    with world.context(), unit_of_work(actor.id, Action.APPLICATION_EDIT, reference):
        draft = found(reference)
        sent = queries.content(draft)
        operations.save_promises(actor, draft, {}, {2: OwnGiven("Another", "people", 5, None)})
        put_back(draft, sent)
        assert queries.content(draft) == sent
        put_back(draft, {key: value for key, value in sent.items() if key != "own_promises"})
        assert draft.own_promises == []


def test_the_award_makes_a_measure_of_it(world: World) -> None:
    reference = world.tell("no-more-car-meets")
    name = "Sundays without a car meet"
    with world.context():
        award = award_by_reference(reference)
        assert award
        (target,) = (each for each in award.targets if each.measure.own_of)
        assert (target.measure.key, target.measure.own_of) == (f"own-{reference.lower()}-1", reference)
        assert (target.measure.name, target.measure.basis, target.words) == (name, "items", "24")
        number = award.id
    for browser, page in (
        (world.browser(world.lead("no-more-car-meets")), f"/awards/{reference}/"),
        (world.browser(world.person("programme officer")), f"/admin/awards/details/?id={number}"),
    ):
        assert f"{name} (own measure)" in browser.get(page).text


def test_a_draft_that_is_deleted_takes_it_along(lead: Browser, world: World, reference: str) -> None:
    lead.send(address(reference, "promises"), TYPED)
    lead.send(address(reference, "delete"), {})
    with world.context():
        assert db.session.scalars(select(OwnPromise)).all() == []
        assert db.session.scalars(select(Measure).where(Measure.own_of.is_not(None))).all() == []
