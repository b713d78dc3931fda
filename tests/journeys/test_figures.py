"""Every figure of the impact page is what its rows add up to; the exported file says the same."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from spatc_funds.core.money import format_pounds
from tests.builders import World
from tests.journeys.figures import Said, lists, read, recomputed, return_links, shown

PAGE = "/admin/impact/"
PARTS = {
    "theme": "by_theme",
    "outcome": "by_outcome",
    "district": "by_district",
    "year": "by_financial_year",
}
FILTERS = (
    "",
    "?fund=mayors-safer-communities-fund",
    "?round=EX-SS",
    "?district=E08000035",
    "?plan=2024-28",
)


@pytest.fixture
def whole(world: World) -> World:
    """The whole demo world beside the past awards."""
    for story in world.demo.specs:
        world.tell(story)
    return world


def test_every_figure_is_what_its_rows_add_up_to(whole: World) -> None:
    client = whole.browser(whole.person("analyst"))
    wrong, returns, opened = [], set(), 0
    for asked in FILTERS:
        page = read(client.get(PAGE + asked).text)
        figures: dict[str, Said | None] = {**dict.fromkeys(made_of(page)), **lists(page)}
        assert figures
        for href, listed in figures.items():
            answer = client.get(href)
            assert answer.status_code == 200, href
            made = read(answer.text)
            said, again = shown(made), recomputed(made)
            wrong += [f"{href}: says {said}, its rows give {again}"] if said != again else []
            if listed and brief(listed) != brief(said):
                wrong.append(f"{href}: the list says {listed}, its page {said}")
            returns |= return_links(made)
            opened += 1
    assert not wrong, "\n".join(wrong)
    assert opened > 60
    for href in returns:
        assert client.get(href).status_code == 200, href
    assert len(returns) >= 2


def test_the_example_of_no_effect_is_counted(whole: World) -> None:
    """0 of 50 is a figure; the project over two districts brings each its share to the penny."""
    client = whole.browser(whole.person("analyst"))
    page = read(client.get(f"{PAGE}made-of?by=outcome&key=reduce-serious-violence").text)
    table = page.one("table", data_table="people-who-feel-safer")
    assert ["0", "50"] in [[cell.text() for cell in row.all("td")][:2] for row in table.all("tr")]
    districts = [shown(read(client.get(f"{PAGE}made-of?by=district&key={code}").text)) for code in DISTRICTS]
    total = shown(read(client.get(f"{PAGE}made-of").text))
    assert sum(pence(each.awarded) for each in districts) == pence(total.awarded)
    assert sum(pence(each.paid.split(" (")[0]) for each in districts) == pence(total.paid.split(" (")[0])


def test_the_exported_file_says_what_the_pages_say(whole: World, app: Flask, tmp_path: Path) -> None:
    client = whole.browser(whole.person("analyst"))
    out = tmp_path / "impact.json"
    answer = app.test_cli_runner().invoke(args=["export", "impact", "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    exported = json.loads(out.read_text(encoding="utf-8"))
    members = by_address(exported)
    told = lists(read(client.get(PAGE).text))
    assert told
    for href, listed in told.items():
        made = shown(read(client.get(href).text))
        member = members.pop(key_of(href))
        assert brief(listed) == brief(made)
        assert (made.projects, made.awarded, made.paid.split(" (")[0], made.returns) == (
            member["projects"],
            format_pounds(member["awarded_pence"]),
            format_pounds(member["paid_pence"]),
            f"{member['returns_accepted']} of {member['returns_due']}",
        )
        names = {each["key"]: spoken(each) for each in member["measures"] if not each["key"].startswith("own-")}
        assert made.measures == names, href
    assert not [key for key, member in members.items() if member["projects"]]  # what no page shows is empty


DISTRICTS = ("E08000032", "E08000033", "E08000034", "E08000035", "E08000036", "not-tagged")


def made_of(page: Any) -> list[str]:
    """The addresses of every list behind a figure."""
    return [link.attributes["href"] for link in page.all("a", href=None) if "/made-of" in link.attributes["href"]]


def brief(said: Said) -> tuple[int, str, str, str, str]:
    """What a list says of a part."""
    return said.projects, said.awarded, said.paid, said.returns, said.people


def by_address(exported: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The members of the file by what they are of."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    found |= {("matrix", each["theme"], each["cross_cutting_theme"]): each for each in exported["matrix"]}
    for by, name in PARTS.items():
        found |= {(by, each["key"]): each for each in exported[name]}
    return found


def key_of(href: str) -> tuple[str, ...]:
    """What a list is of, from its address."""
    asked = parse_qs(urlsplit(href).query)
    return tuple(asked[name][0] for name in ("by", "key", "cross") if name in asked)


def spoken(measure: dict[str, Any]) -> str:
    """A measure of the file in the words of the page."""
    if measure["low"] is not None:
        return "{:,}".format(measure["low"]) + (
            "" if measure["low"] == measure["high"] else " to {:,}".format(measure["high"])
        )
    if measure["n"] is not None:
        return "{:,} of {:,}".format(measure["n"], measure["of"])
    return "{:,}".format(measure["value"]) if measure["value"] is not None else "Nothing reported yet"


def pence(text: str) -> int:
    """Whole pence of an amount as it is shown."""
    return round(float(text.replace("£", "").replace(",", "")) * 100)
