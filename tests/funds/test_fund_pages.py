"""Funds and rounds as anybody reads them, and as the staff list them."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from spatc_funds.applications.completeness import MOST_SUMMARY_WORDS
from spatc_funds.db.base import db
from spatc_funds.funds.models import Round
from spatc_funds.web.filters import deadline
from tests.builders import Browser, World

FUNDS = json.loads((Path(__file__).parents[2] / "spatc_funds/framework/data/funds.json").read_text(encoding="utf-8"))
EXAMPLE = next(each for each in FUNDS["rounds"] if each["code"] == "EX-MSCF")
LATER = timedelta(days=120)


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def closing(app: Flask, code: str = "EX-MSCF") -> datetime:
    with app.app_context():
        found = db.session.query(Round).filter_by(code=code).one().closes_at
        assert found
        return found


def test_every_fund_is_listed(client: Browser) -> None:
    page = text_of(client.get("/funds/").text)
    assert all(each["name"] in page for each in FUNDS["funds"])
    assert page.count("Open now") == 2
    assert "Ended" in page


@pytest.mark.parametrize("key", [each["key"] for each in FUNDS["funds"]])
def test_a_fund_says_what_is_known_and_not_known(client: Browser, key: str) -> None:
    answer = client.get(f"/funds/{key}")
    fund, page = next(each for each in FUNDS["funds"] if each["key"] == key), text_of(answer.text)
    assert answer.status_code == 200
    assert all(words in page for words in [fund["summary"], *fund["who_may_apply"]])
    assert "not found" not in page.lower()
    rounds = [each for each in FUNDS["rounds"] if each["fund"] == key and each["kind"] == "history"]
    assert all(f"/rounds/{each['code']}" in answer.text for each in rounds)
    for source in (each for each in FUNDS["sources"] if each["fund"] == key):
        assert f"£{source['amount_pence'] / 100:,.2f}".removesuffix(".00") in page


def test_what_was_published_of_a_round_is_shown_to_the_penny(client: Browser) -> None:
    page = text_of(client.get("/rounds/MSCF-2").text)
    for words in (
        "Monday 9 May 2022",
        "Friday 10 June 2022",
        "Thursday 6 October 2022",
        "£270,000",
        "61",
        "£326,032.84",
    ):
        assert words in page
    assert "midday" not in page, "no hour was published for every round"


def test_where_nothing_was_published_it_says_so(client: Browser) -> None:
    page = text_of(client.get("/rounds/SCF-16").text)
    assert page.count("Not known") >= 6
    assert "£0" not in page


def test_a_round_run_before_takes_no_applications(client: Browser) -> None:
    assert "/apply" not in client.get("/rounds/MSCF-8").text
    assert client.get("/rounds/MSCF-8/questions").status_code == 404


def test_an_open_round_says_everything_and_offers_the_start(client: Browser, app: Flask) -> None:
    answer, when = client.get("/rounds/EX-MSCF"), deadline(closing(app))
    page = text_of(answer.text)
    assert when.startswith("midday on Friday")
    assert when in page
    wanted = [*EXAMPLE["exclusions"], *EXAMPLE["guidance"], *(each["name"] for each in EXAMPLE["pots"])]
    wanted += [each["rule"] for each in EXAMPLE["eligibility"]]
    wanted += [words for each in EXAMPLE["questions"] for words in (each["text"], f"Up to {each['word_limit']} words")]
    wanted += [words for each in EXAMPLE["criteria"] for words in (each["name"], each["description"])]
    wanted += ["up to £8,000", "£15,000 to £20,000", "This is an example", "7 answers, with up to 1,300 words in all"]
    wanted += ["Bradford, Calderdale, Kirklees, Leeds, Wakefield", "Up to 12 months"]
    assert [words for words in wanted if words not in page] == []
    assert answer.text.count('href="/rounds/EX-MSCF/apply"') == 2


def test_at_midday_of_the_last_day_the_start_is_gone(client: Browser, app: Flask) -> None:
    closes = closing(app)
    with time_machine.travel(closes - timedelta(seconds=2), tick=False):
        assert 'href="/rounds/EX-MSCF/apply"' in client.get("/rounds/EX-MSCF").text
    with time_machine.travel(closes, tick=False):
        page = client.get("/rounds/EX-MSCF")
        assert 'href="/rounds/EX-MSCF/apply"' not in page.text
        assert "It takes no more applications" in page.text
        assert "Open now" not in client.get("/funds/").text


def test_before_it_opens_a_round_says_when(client: Browser, app: Flask) -> None:
    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC), tick=False):
        page = client.get("/rounds/EX-MSCF").text
        assert "This round opens at midday" in text_of(page)
        assert "/apply" not in page
        assert "Opens soon" in client.get("/funds/").text
        assert "Not open yet" in text_of(client.get("/funds/safer-streets").text)


def test_all_questions_stand_on_one_page(client: Browser) -> None:
    page = text_of(client.get("/rounds/EX-MSCF/questions").text)
    wanted = [words for each in EXAMPLE["questions"] for words in (each["text"], each["hint"])]
    wanted += [each["text"] for each in EXAMPLE["eligibility"]]
    wanted += [f"“{each['name']}”, which counts for {each['weight']} of 100" for each in EXAMPLE["criteria"]]
    wanted += [each["anchors"][-1]["text"] for each in EXAMPLE["criteria"]]
    wanted += ["People taking part", f"You can enter up to {MOST_SUMMARY_WORDS} words"]
    assert [words for words in wanted if words not in page] == []


@pytest.mark.parametrize("path", ["/funds/none", "/rounds/NONE-1", "/rounds/none/questions", f"/rounds/{'A' * 400}"])
def test_what_there_is_not_is_not_found(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404


class TestPanel:
    def test_staff_only(self, world: World, client: Browser) -> None:
        assert client.get("/admin/rounds/").status_code == 303
        world.draft()
        assert world.browser(world.lead("draft-started")).get("/admin/rounds/").status_code == 403

    @pytest.mark.parametrize("role", ["assessor", "analyst", "finance officer", "administrator"])
    def test_every_role_on_the_staff_reads_it(self, world: World, role: str) -> None:
        page = world.browser(world.person(role)).get("/admin/rounds/").text
        assert f"{len(FUNDS['rounds'])} found" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("kind=example", 2),
            ("fund=safer-streets", 3),
            ("fund=safer-streets&kind=history", 2),
            ("q=MSCF-5", 1),
            ("q=streets", 3),
            ("opens-from=2024-01-01&kind=history", 3),
        ],
    )
    def test_search_and_filters(self, world: World, query: str, found: int) -> None:
        page = world.browser(world.person("auditor")).get(f"/admin/rounds/?{query}")
        assert f"{found} found" in page.text

    def test_details_and_file(self, world: World, app: Flask) -> None:
        auditor = world.browser(world.person("auditor"))
        with app.app_context():
            number = db.session.query(Round).filter_by(code="EX-MSCF").one().id
        page = text_of(auditor.get(f"/admin/rounds/details/?id={number}").text)
        assert "Small projects: up to £8,000, budget £40,000" in page
        assert "Need 20" in page
        assert "EX-MSCF: Mayor's Safer Communities Fund, Example round" in page
        assert "MSCF-2" in auditor.get("/admin/rounds/export/csv/").text

    def test_no_hour_is_made_up_for_a_round_run_before(self, world: World) -> None:
        page = text_of(world.browser(world.person("auditor")).get("/admin/rounds/?q=MSCF-4").text)
        assert "9 May 2023" in page
        assert "midday" not in page
