"""A grantee's return by its pages: filling in, saving half, checking, sending, and what strangers get."""

import re
from functools import partial
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from spatc_funds.db.base import Base, db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.models import Measure
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import queries, reviewing
from spatc_funds.returns.models import ValueState
from tests.builders import Browser, World
from tests.racing import counted, together

STORY = "late-return"
REPORTED, NOTHING, NOT_APPLICABLE = (state.value for state in ValueState)
PEOPLE, SAFER, HOMES = "m-people-taking-part", "m-people-who-feel-safer", "m-homes-or-streets-made-more-secure"
WHOLE = {
    PEOPLE: REPORTED,
    f"{PEOPLE}-number": "52",
    SAFER: REPORTED,
    f"{SAFER}-number": "21",
    f"{SAFER}-of": "33",
    HOMES: NOTHING,
    "spent": "11,840.50",
    "story": "It went well.",
}


@pytest.fixture
def reference(world: World) -> str:
    """The second return of an award whose first is begun: nobody has started it."""
    return f"{world.tell(STORY)}-R2"


@pytest.fixture
def lead(world: World, reference: str) -> Browser:  # the group exists once its story is told
    return world.browser(world.lead(STORY))


def save(browser: Browser, reference: str, act: str = "later", **typed: Any) -> Any:
    page = browser.get(f"/returns/{reference}/edit").text
    data = {"stamp": stamp_in(page), "act": act, **typed}
    return browser.send(f"/returns/{reference}/edit", data)


def fill(browser: Browser, reference: str, **typed: Any) -> Any:
    """Everything that is asked of a larger award, as far as each page lets it; the last page's answer."""
    answer = save(browser, reference, "check", **typed)
    for page, name, value in (("people", r's-[^"]*-not-known', "0"), ("money", r'line-[^"]*', "0")):
        if answer.location != f"/returns/{reference}/{page}":
            continue
        text = browser.get(answer.location).text
        said = dict.fromkeys(re.findall(rf'name="({name})"', text), value)
        if page == "money":
            said |= {"line-1": str(typed["spent"]), "why-1": "It was dearer"}
        answer = browser.send(answer.location, {"stamp": stamp_in(text), "act": "check", **said})
    return answer


def stamp_in(page: str) -> str:
    """What the form says it was made from."""
    found = re.search(r'name="stamp" value="([^"]*)"', page)
    assert found
    return found[1]


def send(browser: Browser, reference: str) -> Any:
    seen = re.search(r'name="seen" value="([^"]*)"', browser.get(f"/returns/{reference}/check").text)
    data = {"seen": seen[1] if seen else ""}
    return browser.send(f"/returns/{reference}/send", data, page=f"/returns/{reference}/check")


def saved(app: Flask, reference: str) -> dict[str, Any]:
    with app.app_context():
        found = queries.owed(reference)
        assert found
        if found.started is None:
            return {"state": ReturnState.NOT_STARTED}
        values = {
            f"m-{each.measure.key}": (each.state.value, each.value, each.value_of) for each in found.started.values
        }
        held = {"state": found.state, "spent": found.started.spent_pence, "story": found.started.story}
        return held | values


def test_a_return_nobody_has_started_says_what_is_asked(lead: Browser, reference: str) -> None:
    page = lead.get(f"/returns/{reference}/")
    assert page.status_code == 200
    assert "<h1" in page.text
    assert "Start your return" in page.text
    assert "You promised 40 of 60" in page.text
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+ 20\d\d", page.text)


def test_looking_starts_nothing(app: Flask, lead: Browser, reference: str) -> None:
    for page in ("", "edit"):
        assert lead.get(f"/returns/{reference}/{page}").status_code == 200
    assert lead.get(f"/returns/{reference}/check").status_code == 303
    assert saved(app, reference) == {"state": ReturnState.NOT_STARTED}


def test_from_nothing_to_the_receipt(app: Flask, lead: Browser, reference: str) -> None:
    assert fill(lead, reference, **WHOLE).location == f"/returns/{reference}/check"
    checked = lead.get(f"/returns/{reference}/check").text
    assert "21 of 33" in checked
    assert "Nothing to report" in checked
    assert "£11,840.50" in checked
    assert f'href="/returns/{reference}/edit#{PEOPLE}"' in checked
    answer = send(lead, reference)
    assert (answer.status_code, answer.location) == (303, f"/returns/{reference}/sent")
    receipt = lead.get(answer.location).text
    assert "Your return is sent" in receipt
    assert reference in receipt
    assert saved(app, reference) == {
        "state": ReturnState.SENT,
        "spent": 1_184_050,
        "story": "It went well.",
        PEOPLE: (REPORTED, 52, None),
        SAFER: (REPORTED, 21, 33),
        HOMES: (NOTHING, None, None),
    }


def test_a_second_press_of_send_leads_to_the_same_receipt(lead: Browser, reference: str) -> None:
    fill(lead, reference, **WHOLE)
    first, second = send(lead, reference), send(lead, reference)
    assert first.location == second.location == f"/returns/{reference}/sent"


def test_half_of_it_is_saved_and_comes_back(app: Flask, lead: Browser, reference: str) -> None:
    answer = save(lead, reference, **{PEOPLE: REPORTED, f"{PEOPLE}-number": "7", "story": "So far, so good"})
    assert (answer.status_code, answer.location) == (303, f"/returns/{reference}/")
    assert "It is not sent yet" in lead.get(answer.location).text
    assert saved(app, reference)["state"] is ReturnState.STARTED
    page = lead.get(f"/returns/{reference}/edit").text
    assert 'value="7"' in page
    assert "So far, so good" in page


def test_zero_is_a_number_and_sends(app: Flask, lead: Browser, reference: str) -> None:
    typed = WHOLE | {f"{PEOPLE}-number": "0", f"{SAFER}-number": "0", "spent": "0"}
    fill(lead, reference, **typed)
    assert send(lead, reference).location == f"/returns/{reference}/sent"
    found = saved(app, reference)
    assert (found[PEOPLE], found[SAFER], found["spent"]) == ((REPORTED, 0, None), (REPORTED, 0, 33), 0)


def test_a_number_without_its_choice_is_a_number(app: Flask, lead: Browser, reference: str) -> None:
    save(lead, reference, **{f"{PEOPLE}-number": "9"})
    assert saved(app, reference)[PEOPLE] == (REPORTED, 9, None)


def test_a_number_under_another_choice_is_no_answer(app: Flask, lead: Browser, reference: str) -> None:
    answer = save(lead, reference, **{PEOPLE: NOT_APPLICABLE, f"{PEOPLE}-number": "lots"})
    assert answer.status_code == 303
    assert saved(app, reference)[PEOPLE] == (NOT_APPLICABLE, None, None)


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_saved(app: Flask, lead: Browser, reference: str) -> None:
    save(lead, reference, **WHOLE)
    answer = save(lead, reference, **WHOLE | {f"{PEOPLE}-number": "about ٣", "spent": "1e309", "story": "New words"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert 'value="about ٣"' in page
    assert 'value="1e309"' in page
    assert "New words" in page
    assert page.count("“People taking part” must be a whole number, like 40") == 2
    assert f'href="#{PEOPLE}-number"' in page
    found = saved(app, reference)
    assert (found[PEOPLE], found["spent"], found["story"]) == ((REPORTED, 52, None), 1_184_050, "New words")


def test_more_than_were_asked_is_not_kept(app: Flask, lead: Browser, reference: str) -> None:
    answer = save(lead, reference, **WHOLE | {f"{SAFER}-number": "34"})
    assert answer.status_code == 422
    assert "counts more people than were asked" in answer.text
    assert 'value="34"' in answer.text
    assert SAFER not in saved(app, reference)


def test_a_lone_out_of_how_many_is_asked_about(lead: Browser, reference: str) -> None:
    answer = save(lead, reference, **{f"{SAFER}-of": "33"})
    assert answer.status_code == 422
    assert 'value="33"' in answer.text


def test_checking_an_incomplete_return_says_what_is_missing_at_each_field(lead: Browser, reference: str) -> None:
    answer = save(lead, reference, "check", **{PEOPLE: REPORTED, SAFER: REPORTED, f"{SAFER}-number": "3"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    for field in (f"{PEOPLE}-number", f"{SAFER}-of", HOMES, "spent", "story"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page


def test_too_many_words_are_kept_and_not_sent(app: Flask, lead: Browser, reference: str) -> None:
    answer = fill(lead, reference, **WHOLE | {"story": "word " * 301})
    assert answer.status_code == 422
    assert len(saved(app, reference)["story"].split()) == 301
    checked = lead.get(f"/returns/{reference}/check")
    assert "It has 301" in checked.text
    assert "Send your return" not in checked.text
    assert send(lead, reference).status_code == 422
    assert saved(app, reference)["state"] is ReturnState.STARTED


def test_sending_an_incomplete_return_shows_the_check_page_again(lead: Browser, reference: str) -> None:
    save(lead, reference, spent="5")
    answer = send(lead, reference)
    assert answer.status_code == 422
    assert f"/returns/{reference}/edit#{PEOPLE}" in answer.text


def test_sending_what_nobody_started_is_refused(lead: Browser, reference: str) -> None:
    assert send(lead, reference).status_code == 409


def test_once_sent_it_is_read_only(lead: Browser, reference: str) -> None:
    stamp = stamp_in(lead.get(f"/returns/{reference}/edit").text)
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    assert lead.get(f"/returns/{reference}/edit").location == f"/returns/{reference}/"
    assert "Change your return" not in lead.get(f"/returns/{reference}/").text
    answer = lead.send(f"/returns/{reference}/edit", WHOLE | {"story": "My late words", "stamp": stamp})
    assert answer.status_code == 409
    assert "My late words" in answer.text


def test_two_editors_never_write_over_each_other(app: Flask, world: World, lead: Browser, reference: str) -> None:
    other = world.browser(world.lead(STORY))
    stamp = stamp_in(other.get(f"/returns/{reference}/edit").text)
    save(lead, reference, **WHOLE)
    answer = other.send(f"/returns/{reference}/edit", WHOLE | {f"{PEOPLE}-number": "99", "stamp": stamp})
    assert answer.status_code == 409
    assert "99" in answer.text
    assert "52" in answer.text
    assert saved(app, reference)[PEOPLE] == (REPORTED, 52, None)
    same = other.send(f"/returns/{reference}/edit", WHOLE | {"stamp": stamp, "act": "later"})
    assert same.status_code == 303  # the same words twice are no conflict


def test_of_many_saves_at_once_one_is_kept(app: Flask, world: World, lead: Browser, reference: str) -> None:
    address = f"/returns/{reference}/edit"
    browsers = [world.browser(world.lead(STORY)) for _ in range(4)]
    tokens = [browser.token(address) for browser in browsers]
    for begun in (False, True):
        stamp = stamp_in(lead.get(address).text)
        forms = [
            {"stamp": stamp, "act": "later", "spent": str(number + 100 * begun), "csrf_token": token}
            for number, token in enumerate(tokens, 1)
        ]
        jobs = [partial(browser.post, address, data=form) for browser, form in zip(browsers, forms, strict=True)]
        assert sorted(each.status_code for each in together(*jobs)) == [303, 409, 409, 409]


def test_what_was_checked_is_what_is_sent(lead: Browser, reference: str) -> None:
    fill(lead, reference, **WHOLE)
    seen = re.search(r'name="seen" value="([^"]*)"', lead.get(f"/returns/{reference}/check").text)
    assert seen
    save(lead, reference, **WHOLE | {f"{PEOPLE}-number": "1"})
    assert (
        lead.send(f"/returns/{reference}/send", {"seen": seen[1]}, page=f"/returns/{reference}/check").status_code
        == 409
    )


def test_sent_back_says_why_and_can_be_sent_again(app: Flask, world: World, lead: Browser, reference: str) -> None:
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    with app.app_context():
        officer, found = world.staff("programme officer"), queries.owed(reference)
        assert found
        assert found.started
        with unit_of_work(officer.id, Action.RETURN_SEND_BACK, reference):
            reviewing.send_back(officer, found, "Count each person once", found.started.sent_at)  # type: ignore[arg-type]
    page = lead.get(f"/returns/{reference}/").text
    assert "Count each person once" in page
    assert "Change your return" in page
    assert "Count each person once" in lead.get(f"/returns/{reference}/edit").text
    assert lead.get(f"/returns/{reference}/sent").location == f"/returns/{reference}/"
    fill(lead, reference, **WHOLE | {f"{PEOPLE}-number": "40"})
    assert send(lead, reference).status_code == 303
    assert saved(app, reference)["state"] is ReturnState.SENT


@pytest.mark.parametrize("page", ["", "edit", "check", "sent"])
def test_strangers_and_others(world: World, reference: str, page: str) -> None:
    world.tell("paid-first")
    address = f"/returns/{reference}/{page}"
    assert world.browser().get(address).status_code == 303
    assert world.browser(world.lead("paid-first")).get(address).status_code == 404
    officer = world.browser(world.person("programme officer")).get(address)
    assert officer.status_code == 403  # officers read it in the panel
    assert world.browser(world.person("assessor")).get(address).status_code == 403


@pytest.mark.parametrize("page", ["edit", "send"])
def test_others_cannot_post(app: Flask, world: World, reference: str, page: str) -> None:
    world.tell("paid-first")
    address = f"/returns/{reference}/{page}"
    assert world.browser().send(address, WHOLE).status_code == 303
    assert world.browser(world.lead("paid-first")).send(address, WHOLE).status_code == 404
    assert world.browser(world.person("programme officer")).send(address, WHOLE).status_code == 403
    assert saved(app, reference) == {"state": ReturnState.NOT_STARTED}


@pytest.mark.parametrize("reference", ["EX-SS-NONE-R1", "EX-SS-R999999", "EX-SS-90EE4"])
def test_a_return_that_is_not_there(world: World, reference: str) -> None:
    world.paid()
    assert world.browser(world.lead("paid-first")).get(f"/returns/{reference}/").status_code == 404


def test_without_a_token_nothing_is_saved(app: Flask, lead: Browser, reference: str) -> None:
    assert lead.post(f"/returns/{reference}/edit", data=WHOLE).status_code == 400
    assert saved(app, reference) == {"state": ReturnState.NOT_STARTED}


def test_the_page_costs_few_queries(app: Flask, lead: Browser, reference: str) -> None:
    with counted(app) as asked:
        lead.get(f"/returns/{reference}/")
    assert 0 < len([each for each in asked if each.startswith("SELECT")]) <= 15


def test_money_is_typed_and_read_in_pounds(app: Flask, world: World, lead: Browser, reference: str) -> None:
    """A measure that counts money: what a grantee types is pounds, what is kept is pence; everybody reads pounds."""
    with app.app_context(), db.engine.begin() as connection:
        key = HOMES.removeprefix("m-")
        connection.execute(update(Base.metadata.tables["measure"]).where(Measure.key == key).values(basis="money"))
    form = lead.get(f"/returns/{reference}/edit").text
    assert re.search(rf'govuk-input__prefix[^>]*>£</div>\s*<input[^>]*name="{HOMES}-number"', form)
    typed = {**WHOLE, HOMES: REPORTED, f"{HOMES}-number": "1,250.50"}
    assert fill(lead, reference, **typed).status_code == 303
    assert saved(app, reference)[HOMES] == (REPORTED, 125_050, None)
    assert 'value="1,250.50"' in lead.get(f"/returns/{reference}/edit").text
    assert send(lead, reference).status_code == 303
    assert "£1,250.50" in lead.get(f"/returns/{reference}/").text
    page = world.browser(world.person("programme officer")).get(f"/admin/returns/{reference}/").text
    assert "£1,250.50" in page
    assert "125,050" not in page
