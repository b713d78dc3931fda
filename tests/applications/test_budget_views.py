"""The budget's page: one form, whichever button is pressed."""

import pytest

from tests.applications.pages import address, found, stamp_of
from tests.builders import Browser, World


@pytest.fixture
def reference(world: World) -> str:
    return world.draft()


@pytest.fixture
def lead(world: World, reference: str) -> Browser:
    assert reference
    return world.browser(world.lead("draft-started"))


def lines(world: World, reference: str) -> list[tuple[str, int]]:
    """The costs as they are saved."""
    with world.context():
        return [(line.description, line.amount_pence) for line in found(reference).budget]


def pots(world: World, reference: str) -> list[int]:
    """The round's pots."""
    with world.context():
        return [pot.id for pot in found(reference).round.pots]


def test_costs_are_added_one_at_a_time_and_the_total_is_said(lead: Browser, world: World, reference: str) -> None:
    path, (small, *_others) = address(reference, "budget"), pots(world, reference)
    first = lead.send(path, {"pot": small, "description": "Hall hire", "amount": "£7,000", "then": "add"})
    assert first.location == f"{path}#costs"
    lead.send(path, {"pot": small, "description": "Lamps", "amount": "400.50", "lowest": "5000", "then": "add"})
    page = lead.get(path).text
    assert "You have asked for £7,400.50 of up to £8,000." in page
    assert lines(world, reference) == [("Hall hire", 700_000), ("Lamps", 40_050)]
    with world.context():
        assert found(reference).lowest_pence == 500_000


def test_a_cost_is_removed_by_its_own_button(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "budget")
    for name in ("Hall hire", "Lamps"):
        lead.send(path, {"description": name, "amount": "10", "then": "add"})
    with world.context():
        first = found(reference).budget[0].id
    page = lead.get(path).text
    assert '<span class="govuk-visually-hidden"> Hall hire</span>' in page
    assert lead.send(path, {"then": f"remove-{first}"}).status_code == 303
    assert lead.send(path, {"then": f"remove-{first}"}).status_code == 303
    assert lines(world, reference) == [("Lamps", 1_000)]


def test_the_enter_key_adds_and_never_removes(lead: Browser, reference: str) -> None:
    path = address(reference, "budget")
    lead.send(path, {"description": "Lamps", "amount": "10", "then": "add"})
    page = lead.get(path).text
    assert page.index('value="add"') < page.index('value="remove-')


def test_half_a_cost_is_told_and_the_rest_is_kept(lead: Browser, world: World, reference: str) -> None:
    path, (small, *_others) = address(reference, "budget"), pots(world, reference)
    page = lead.send(path, {"pot": small, "description": "Lamps", "amount": "", "lowest": "900"})
    assert page.status_code == 422
    assert page.text.count("Enter how much the cost is, in pounds") == 2
    assert 'value="Lamps"' in page.text
    with world.context():
        assert (found(reference).pot_id, found(reference).lowest_pence) == (small, 90_000)


def test_add_without_anything_says_what_is_missing(lead: Browser, reference: str) -> None:
    page = lead.send(address(reference, "budget"), {"then": "add"})
    assert page.status_code == 422
    assert "Enter what the cost is for" in page.text


@pytest.mark.parametrize("amount", ["ten pounds", "-5", "0", "NaN", "1e9", "99999999999"])
def test_no_odd_amount_gets_in(lead: Browser, world: World, reference: str, amount: str) -> None:
    page = lead.send(address(reference, "budget"), {"description": "Lamps", "amount": amount, "then": "add"})
    assert page.status_code == 422
    assert f'value="{amount}"' in page.text
    assert lines(world, reference) == []


def test_more_than_the_pot_gives_is_told_on_the_way_on(lead: Browser, world: World, reference: str) -> None:
    path, (small, *_others) = address(reference, "budget"), pots(world, reference)
    lead.send(path, {"pot": small, "description": "Lamps", "amount": "8400", "then": "add"})
    page = lead.send(path, {"pot": small, "lowest": "9000"})
    assert page.status_code == 422
    assert "That is £400 too much." in page.text
    assert page.text.count("You have asked for £8,400. This pot gives up to £8,000") == 2
    assert lead.send(path, {"pot": small, "then": "later"}).location == address(reference)


def test_a_budget_holds_fifty_costs(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "budget")
    for number in range(50):
        lead.send(path, {"description": f"Cost {number}", "amount": "1", "then": "add"})
    page = lead.send(path, {"description": "One more", "amount": "1", "then": "add"})
    assert page.status_code == 422
    assert "50 lines at the most" in page.text
    assert 'value="One more"' in page.text
    assert len(lines(world, reference)) == 50


def test_a_second_window_does_not_overwrite_the_first(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "budget")
    old = stamp_of(lead, path)
    lead.send(path, {"lowest": "1000", "stamp": old})
    assert lead.send(path, {"lowest": "2000", "stamp": old}).status_code == 409
    with world.context():
        assert found(reference).lowest_pence == 100_000


def test_where_there_is_one_pot_nobody_is_asked_which(world: World) -> None:
    with world.context():
        story = next(story for story, spec in world.demo.specs.items() if spec["round"] == "EX-SS")
        reference = world.demo.start(world.demo.specs[story])
        before = found(reference).pot_id
    lead, path = world.browser(world.lead(story)), address(reference, "budget")
    assert lead.send(path, {"description": "Lamps", "amount": "10", "then": "enter"}).status_code == 303
    page = lead.get(path).text
    assert "Which pot" not in page
    assert "You can ask for: up to £30,000." in page
    with world.context():
        assert found(reference).pot_id == before is not None


def test_enter_in_the_lowest_amount_saves_it_and_adds_no_cost(world: World) -> None:
    reference = world.ready()
    client = world.browser(world.lead("draft-ready"))
    page = f"/applications/{reference}/budget"
    answer = client.send(page, {"then": "enter", "description": "", "amount": "", "lowest": "19,000"})
    assert answer.status_code == 303
    assert 'value="19,000"' in client.get(page).text
    again = client.send(page, {"then": "enter", "description": "", "amount": "", "lowest": "19,000"})
    assert again.status_code == 303  # saved already, while it was typed
    assert client.send(page, {"then": "add", "description": "", "amount": "", "lowest": "19,000"}).status_code == 422
    half = client.send(page, {"then": "enter", "description": "Lamps", "amount": "", "lowest": "19,000"})
    assert half.status_code == 422
    assert "Enter how much the cost is, in pounds" in half.text


def test_a_cost_that_the_round_does_not_pay_for_is_refused_by_its_rule(
    lead: Browser, world: World, reference: str
) -> None:
    path = address(reference, "budget")
    answer = lead.send(path, {"description": "Tea and coffee, 20 evenings", "amount": "£90", "then": "add"})
    assert answer.status_code == 422
    assert "This fund does not pay for refreshments or for food." in answer.text
    assert 'value="Tea and coffee, 20 evenings"' in answer.text
    assert 'value="£90"' in answer.text
    with world.context():
        assert found(reference).budget == []


def test_money_from_elsewhere_is_kept_and_said(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "budget")
    form = {"own": "£1,200.00", "match": "300", "match_from": "The council", "then": "later"}
    assert lead.send(path, form).status_code == 303
    with world.context():
        kept = found(reference)
        assert (kept.own_pence, kept.match_pence, kept.match_from) == (120_000, 30_000, "The council")
    assert "With £1,200 of your own and £300 from The council, the project costs £1,500." in lead.get(path).text
