"""The list of bids in the officers' panel: whose it is, what it shows, and what it hides."""

import re

import pytest

from spatc_funds.applications.models import Submission
from spatc_funds.db.base import db
from tests.builders import World

LIST = "/admin/submissions/"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("programme officer", 200),
        ("board member", 200),
        ("decision maker", 200),
        ("auditor", 200),
        ("assessor", 200),
        ("finance officer", 403),
        ("analyst", 403),
        ("administrator", 403),
    ],
)
def test_who_opens_the_list(world: World, role: str, status: int) -> None:
    world.submission()
    assert world.browser(world.person(role)).get(LIST).status_code == status


def test_applicants_and_strangers_do_not(world: World) -> None:
    world.submission()
    assert world.browser(world.lead("submitted")).get(LIST).status_code == 403
    assert world.browser().get(LIST).status_code == 303


def test_an_officer_finds_a_bid_by_its_reference_its_title_and_its_group(world: World) -> None:
    reference = world.submission()
    officer = world.browser(world.person("programme officer"))
    with world.context():
        sent = db.session.query(Submission).one()
        words = [reference, sent.title.split()[0], sent.organisation.name]
        asked = f"£{sent.asked_pence // 100:,}"
    assert asked in officer.get(LIST).text
    for word in words:
        assert reference in officer.get(LIST, query_string={"q": word}).text
    assert "Nothing matches" in officer.get(LIST, query_string={"q": "no such bid"}).text


def test_every_filter_finds_what_it_names_and_nothing_else(world: World) -> None:
    reference = world.submission()
    officer = world.browser(world.person("programme officer"))
    with world.context():
        sent = db.session.query(Submission).one()
        shares = list(sent.content["shares"])
        asked = {
            "round": sent.round_id,
            "pot": sent.pot_id,
            "theme": sent.content["theme"]["id"],
            "district": shares[0],
            "state": "submitted",
        }
        elsewhere = next(code for code in sent.round.districts if code not in shares)
    for key, value in asked.items():
        assert reference in officer.get(LIST, query_string={key: value}).text, key
        wrong = officer.get(LIST, query_string={key: "999"})
        assert wrong.status_code == 200
        assert "Choose one of the values in the list" in wrong.text
    for nowhere in ({"district": elsewhere}, {"state": "withdrawn"}):
        assert "Nothing matches" in officer.get(LIST, query_string=nowhere).text


def test_a_bid_opens_with_everything_that_was_sent(world: World) -> None:
    reference = world.submission()
    officer = world.browser(world.person("programme officer"))
    link = re.findall(rf'href="({LIST}details/[^"]+)"[^>]*>(?:<span[^>]*>)?{reference}', officer.get(LIST).text)[0]
    page = officer.get(link.replace("&amp;", "&"))
    assert page.status_code == 200
    for words in (reference, "What was sent", "Answers", "What you promise to achieve"):
        assert words in page.text
    with world.context():
        sent = db.session.query(Submission).one()
        assert sent.content["answers"][0]["text"] in page.text
        assert sent.sha256 in page.text


def test_the_file_holds_what_the_list_holds(world: World) -> None:
    reference = world.submission()
    file = world.browser(world.person("auditor")).get(f"{LIST}export/csv/")
    assert file.status_code == 200
    assert reference in file.text
    assert "<span" not in file.text


def test_an_assessor_sees_only_what_is_theirs_to_score(world: World) -> None:
    mine, other = world.assessing(), world.submission()
    page = world.browser(world.person("assessor")).get(LIST).text
    assert mine in page
    assert other not in page
    with world.context():
        number = db.session.query(Submission.id).filter_by(reference=other).scalar()
    assert world.browser(world.person("assessor")).get(f"{LIST}details/?id={number}").status_code == 404
