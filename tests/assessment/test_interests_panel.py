"""Interests in the panel: one's own register, what it suggests, and declarations about many bids at once."""

import re

import pytest
from sqlalchemy import select

from spatc_funds.assessment.models import Interest, RegisteredInterest
from spatc_funds.db.base import db
from tests.builders import World

HERE = "/admin/interests/"
DECLARE = f"{HERE}declare"


def entry(**more: str) -> dict[str, str]:
    """A line as the form posts it."""
    return {"kind": "organisation", "name": "A group", "number": "", "link": "I sit on its board", **more}


def declared(world: World, reference: str) -> list[tuple[str, str]]:
    """What was declared about a bid."""
    with world.context():
        rows = select(Interest).where(Interest.submission_id == world.submission_row(reference).id)
        return [(each.kind.value, each.note) for each in db.session.scalars(rows)]


def test_a_line_is_entered_and_ended_and_stays_readable(world: World) -> None:
    browser = world.browser(world.person("assessor", 1))
    assert "Your register is empty" in browser.get(HERE).text
    refused = browser.send(f"{HERE}register", {"kind": "", "name": "", "link": ""}, page=HERE)
    assert refused.status_code == 422
    assert "Say how you are linked" in refused.text
    assert browser.send(f"{HERE}register", entry(), page=HERE).status_code == 303
    page = browser.get(HERE).text
    assert "I sit on its board" in page
    assert "Holds" in page
    number = re.search(r"/admin/interests/(\d+)/end", page)
    assert number
    stranger = world.browser(world.person("assessor", 2))
    assert stranger.send(number[0], page=HERE).status_code == 404, "only one's own"
    assert browser.send(number[0], page=HERE).status_code == 303
    page = browser.get(HERE).text
    assert "Ended" in page
    assert "I sit on its board" in page
    with world.context():
        assert db.session.scalars(select(RegisteredInterest)).one().ended_at


def test_officers_and_auditors_read_every_register_and_nobody_else(world: World) -> None:
    world.browser(world.person("assessor", 1)).send(f"{HERE}register", entry(), page=HERE)
    for role in ("programme officer", "auditor"):
        assert "I sit on its board" in world.browser(world.person(role)).get(f"{HERE}everybody/").text
    for role in ("assessor", "board member", "finance officer"):
        assert world.browser(world.person(role)).get(f"{HERE}everybody/").status_code == 403


def test_many_bids_are_declared_about_on_one_page(world: World) -> None:
    given, other = world.assessing(), world.submission()
    assessor = world.browser(world.person("assessor", 1))
    page = assessor.get(DECLARE).text
    assert "1 bid waits" in page
    assert given in page
    assert other not in page, "an assessor declares about what they were given"
    assert "£" not in page
    officer = world.browser(world.person("programme officer"))
    assert "2 bids wait" in officer.get(DECLARE).text
    sent = {f"{given}-kind": "none", f"{other}-kind": "personal", f"{other}-note": "My street"}
    assert officer.send(DECLARE, sent).status_code == 303
    page = officer.get(DECLARE).text
    assert "Your declarations about 2 bids are recorded" in page
    assert "You have declared about every bid" in page
    assert ("personal", "My street") in declared(world, other)
    assert ("none", "") in declared(world, given)


def test_what_is_right_is_saved_and_what_is_wrong_is_said_at_its_field(world: World) -> None:
    given, other = world.assessing(), world.submission()
    officer = world.browser(world.person("programme officer"))
    answer = officer.send(DECLARE, {f"{given}-kind": "none", f"{other}-kind": "prejudicial", f"{other}-note": " "})
    assert answer.status_code == 422
    assert f"{other}: Say what your interest is" in answer.text
    assert f'href="#{other}-note"' in answer.text
    assert given not in answer.text.split("<form method")[1], "what is saved is not asked again"
    assert declared(world, given)[-1] == ("none", "")
    assert declared(world, other) == []
    nothing = officer.send(DECLARE, {})
    assert nothing.status_code == 422
    assert "Choose for at least one bid" in nothing.text
    assert declared(world, other) == []


def test_a_bid_declared_prejudicial_is_gone_at_once(world: World) -> None:
    given, other = world.assessing(), world.submission()
    officer = world.browser(world.person("programme officer"))
    officer.send(DECLARE, {f"{given}-kind": "prejudicial", f"{given}-note": "A cousin"})
    page = officer.get(DECLARE).text
    assert given not in page
    assert other in page
    again = officer.send(DECLARE, {f"{given}-kind": "none"})
    assert again.status_code == 422
    assert declared(world, given)[-1] == ("prejudicial", "A cousin"), "what is barred cannot be declared lighter"


def test_a_register_makes_somebody_look_twice(world: World) -> None:
    reference = world.assessing()
    with world.context():
        group = world.submission_row(reference).organisation.name
    browser = world.browser(world.person("assessor", 1))
    browser.send(f"{HERE}register", entry(name=group.upper()), page=HERE)
    browser.send(f"{HERE}register", entry(name="Nobody of that kind"), page=HERE)
    for page in (DECLARE, f"/admin/assessment/{reference}/interest"):
        text = browser.get(page).text
        assert "Look twice" in text
        assert f"{group} is much like" in text
        assert "Nobody of that kind" not in text
    assert "Look twice" not in world.browser(world.person("programme officer")).get(DECLARE).text, "it is their own"


@pytest.mark.parametrize("page", ["0", "99", "x"])
def test_a_page_that_is_not_there(world: World, page: str) -> None:
    world.assessing()
    assert world.browser(world.person("assessor", 1)).get(f"{DECLARE}?page={page}").status_code in {400, 404}
