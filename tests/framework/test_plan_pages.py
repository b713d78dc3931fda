"""The plan's pages say what the plan says."""

import html
import json
import re
from pathlib import Path

import pytest

from tests.builders import Browser

PLAN = json.loads(
    (Path(__file__).parents[2] / "spatc_funds/framework/data/plan-2021-24.json").read_text(encoding="utf-8")
)
THEMES = [each["key"] for each in PLAN["themes"]]
CROSS = [each["key"] for each in PLAN["cross_cutting_themes"]]


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_plan_on_a_page_holds_everything_of_it(client: Browser) -> None:
    page = text_of(client.get("/plan").text)
    wanted = [PLAN["strategy"], PLAN["vision"], PLAN["indicators_line"], PLAN["commissioning_strategy"]]
    for theme in PLAN["themes"]:
        wanted += [theme["name"], *(each["short"] for each in [*theme["purpose"], *theme["approach"]] if each["short"])]
    for theme in PLAN["cross_cutting_themes"]:
        wanted += [theme["name"], *(each["text"] for each in theme["commitments"])]
    for part in ("headings", "indicators", "scrutiny_bodies", "priorities"):
        wanted += [each["name"] for each in PLAN[part]]
    wanted += [*PLAN["foreword"], *PLAN["why"], *PLAN["scrutiny"], *PLAN["partnership"]]
    assert [text for text in wanted if text not in page] == []
    assert "No baseline figures were published" in page
    assert "Police and Crime Plan 2024-28" in page


@pytest.mark.parametrize("key", THEMES)
def test_a_theme_says_all_of_its_own(client: Browser, key: str) -> None:
    answer = client.get(f"/plan/{key}")
    theme, page = next(each for each in PLAN["themes"] if each["key"] == key), text_of(answer.text)
    wanted = [
        theme["name"],
        *theme["said"],
        *theme["key_links"],
        *theme["linked_strategies"],
        *PLAN["lead_ins"].values(),
    ]
    for part in ("purpose", "approach", "outcomes", "measured_through"):
        wanted += [each["text"] for each in theme[part]]
    wanted += [each["name"] for each in PLAN["indicators"] if each["theme"] == key]
    assert [text for text in wanted if text not in page] == []
    assert answer.status_code == 200


@pytest.mark.parametrize("key", THEMES)
def test_links_without_an_address_are_never_guessed(client: Browser, key: str) -> None:
    page = client.get(f"/plan/{key}").text
    assert 'href="http' not in page
    assert 'href="#"' not in page


@pytest.mark.parametrize("key", CROSS)
def test_a_cross_cutting_theme_says_its_commitments(client: Browser, key: str) -> None:
    page = text_of(client.get(f"/plan/cross-cutting/{key}").text)
    theme = next(each for each in PLAN["cross_cutting_themes"] if each["key"] == key)
    assert all(each["text"] in page for each in theme["commitments"])


@pytest.mark.parametrize("path", ["/plan/none", "/plan/cross-cutting/none", "/plan/cross-cutting/road-safety"])
def test_what_the_plan_has_not_is_not_found(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404


def test_help_can_be_called(client: Browser) -> None:
    page = client.get("/help-and-support").text
    assert [each["name"] for each in PLAN["support"] if html.escape(each["name"]) not in page] == []
    for address in ("tel:999", "tel:101", "tel:08001111", "tel:116123", "mailto:jo@samaritans.org"):
        assert f'href="{address}"' in page
    assert "0800 111<" not in page, "the number that the strategy misprints"
