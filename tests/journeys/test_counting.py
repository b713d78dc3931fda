"""The counting aid in a real browser: right totals, and not a word of the register in any request or browser store."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, Request, expect

from spatc_funds.awards.models import Award
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.db.base import db
from tests.builders import World
from tests.journeys.browsing import DESK, LOCALE
from tests.journeys.serving import Site

pytestmark = pytest.mark.browser
STORY = "zero-of-fifty"
OPEN = "Or open a file (.xlsx or .csv)"
NAMES = ("Quibble", "Zephyrine", "Oxbridge", "Marmaduke", "Thistledown")
SECRETS = (*NAMES, "2014", "LS6 4AA", "HX7")
REGISTER = """Session,Name,Family name,Date of birth,Postcode
1,Zephyrine,"Quibble, the elder",02/03/2014,LS6 4AA
1, zephyrine ,"quibble,  the elder",,
2,Marmaduke,Oxbridge,1990-12-31,HX7
2,Marmaduke,Thistledown,1950-01-01,Wakefield
3,"Zephyrine","Quibble, the elder",02/03/2014,LS6 4AA
3,,,,
4,Otto,Thistledown,31/02/2001,YO1 7HH
"""
MANY = 4000
EXPECTED = {
    "Different people": "4",
    "Times that somebody came": "7",
    "Age: Under 11": "0",
    "Age: 11 to 17": "1",
    "Age: 18 to 24": "0",
    "Age: 25 to 64": "1",
    "Age: 65 and over": "1",
    "Age: not known": "1",
    "Lives in: Bradford": "0",
    "Lives in: Calderdale": "1",
    "Lives in: Kirklees": "0",
    "Lives in: Leeds": "1",
    "Lives in: Wakefield": "1",
    "Lives in: not known": "1",
}
# Everything that a browser keeps of a site.
STORES = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  found.push(location.href, JSON.stringify(history.state), window.name);
  for (const each of await indexedDB.databases()) found.push(each.name);
  for (const name of await caches.keys()) {
    for (const asked of await (await caches.open(name)).keys()) found.push(asked.url);
  }
  return found.join("\\n");
}"""
READ = """() => Object.fromEntries([...document.querySelectorAll("[data-count=result] tbody tr")]
  .filter(row => !row.hidden).map(row => [row.cells[0].innerText, row.cells[1].innerText]))"""


@pytest.fixture(scope="module")
def told() -> tuple[str, ...]:
    """A return whose period is over, and one that is not."""
    return (STORY,)


@pytest.fixture
def path(prepared: Flask) -> str:
    """The page of the second return of the award."""
    with prepared.app_context():
        reference = db.session.query(Award.reference).filter(
            Award.amount_pence.isnot(None), Award.answered_at.isnot(None)
        )
        found = reference.one()[0]
        db.session.remove()
    return f"/returns/{found}-R1/count"


@pytest.fixture
def asked() -> list[str]:
    """Every request: method, address, headers, body."""
    return []


@pytest.fixture
def page(chromium: Browser, site: Site, prepared: Flask, asked: list[str]) -> Iterator[Page]:
    """A desk at which the grantee is signed in; the clipboard may be written."""
    context = chromium.new_context(
        base_url=site.address, viewport=DESK, permissions=["clipboard-read", "clipboard-write"], **LOCALE
    )
    context.set_default_timeout(10_000)

    def note(request: Request) -> None:
        asked.append(f"{request.method} {request.url} {request.headers} {request.post_data or ''}")

    context.on("request", note)
    found = context.new_page()
    found.goto("/sign-in")
    found.get_by_label("E-mail address").fill(World(prepared).lead(STORY))
    found.get_by_label("Password", exact=True).fill(PASSWORD)
    with found.expect_navigation(wait_until="load"):
        found.get_by_role("button", name="Sign in", exact=True).click()
    yield found
    context.close()


def count(page: Page) -> None:
    """Read what stands in the box, and count by first name and family name."""
    page.get_by_role("button", name="Read the register").click()
    assert page.get_by_label("Session", exact=True).is_checked() is False
    page.get_by_label("Name", exact=True).check()
    page.get_by_label("Family name", exact=True).check()
    page.get_by_label("Date of birth", exact=True).uncheck()
    page.get_by_role("button", name="Count", exact=True).click()


def test_a_register_is_counted_and_goes_nowhere(page: Page, path: str, asked: list[str]) -> None:
    answer = page.goto(path)
    assert answer
    assert "connect-src 'none'" in answer.headers["content-security-policy"]
    asked.clear()
    page.get_by_label("Paste your register").fill(REGISTER)
    count(page)
    assert page.evaluate(READ) == EXPECTED
    expect(page.get_by_role("status")).to_contain_text("1 lines name nobody")
    page.get_by_role("button", name="Copy the number: Different people").click()
    expect(page.get_by_role("status")).to_contain_text("4 is copied")
    assert page.evaluate("navigator.clipboard.readText()") == "4"
    assert beside_the_icon(asked) == []  # nothing at all was asked of anybody
    assert not said(page.evaluate(STORES))
    assert not said(str(page.context.storage_state(indexed_db=True)))


def test_not_even_a_script_gets_it_out(page: Page, path: str) -> None:
    """The page's policy: what asks an address from here is refused before it is sent."""
    page.goto(path)
    page.get_by_label("Paste your register").fill(REGISTER)
    gone: list[str] = []
    page.context.on("requestfinished", lambda request: gone.append(f"{request.url} {request.post_data or ''}"))
    told = page.evaluate(
        """async () => {
          const words = document.querySelector("textarea").value;
          const ways = [() => fetch("/health", {method: "POST", body: words}), () => new Promise((done, fail) => {
            const old = new XMLHttpRequest();
            old.onload = done; old.onerror = fail; old.open("POST", "/health"); old.send(words);
          })];
          const found = [];
          for (const way of ways) found.push(await way().then(() => "sent", () => "refused"));
          found.push(navigator.sendBeacon("/health", words) ? "taken" : "refused");
          return found;
        }"""
    )
    assert told[:2] == ["refused", "refused"]
    page.wait_for_timeout(500)
    assert not [each for each in gone if said(each) or "/health" in each]


def test_it_is_gone_when_the_page_is_left(page: Page, path: str, asked: list[str]) -> None:
    page.goto(path)
    asked.clear()
    page.get_by_label("Paste your register").fill(REGISTER)
    count(page)
    page.get_by_role("link", name="Put the numbers into your return").click()
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_load_state()
    assert page.get_by_label("Paste your register").input_value() == ""
    page.get_by_label("Paste your register").fill(REGISTER)
    page.reload()
    assert page.get_by_label("Paste your register").input_value() == ""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    assert asked
    assert not [each for each in asked if said(each)]
    assert not said(page.evaluate(STORES))


def test_a_file_is_read_here_and_not_sent(page: Page, path: str, asked: list[str], tmp_path: Path) -> None:
    register = tmp_path / "Quibble.csv"
    register.write_bytes(b"\xef\xbb\xbf" + re.sub("(uibble);", r"\1,", REGISTER.replace(",", ";")).encode())
    page.goto(path)
    asked.clear()
    page.get_by_label(OPEN).set_input_files(register)
    expect(page.get_by_role("status")).to_contain_text("7 lines are read")
    count(page)
    assert page.evaluate(READ)["Different people"] == "4"
    page.get_by_role("button", name="Clear it").click()
    assert page.get_by_label("Paste your register").input_value() == ""
    assert page.locator("[data-count=result]").is_hidden()
    assert beside_the_icon(asked) == []
    assert not said(page.evaluate(STORES))


def test_a_spreadsheet_is_read_here_sheet_by_sheet(page: Page, path: str, asked: list[str], tmp_path: Path) -> None:
    register = tmp_path / "Quibble.xlsx"
    book(register)
    page.goto(path)
    asked.clear()
    page.get_by_label(OPEN).set_input_files(register)
    expect(page.get_by_role("status")).to_contain_text("4 lines are read")
    expect(page.get_by_label("Session", exact=True)).to_be_focused()
    count(page)
    found = page.evaluate(READ)
    assert [found[each] for each in ("Different people", "Times that somebody came")] == ["3", "4"]
    assert [found[f"Age: {each}"] for each in ("11 to 17", "25 to 64", "not known")] == ["1", "2", "0"]
    assert [found[f"Lives in: {each}"] for each in ("Leeds", "Wakefield", "not known")] == ["1", "1", "1"]
    sheets = page.get_by_label("Which sheet is counted?")
    assert sheets.locator("option").all_inner_texts() == ["June", "All year"]  # a sheet without lines is none
    sheets.focus()
    sheets.select_option("All year")
    expect(page.get_by_role("status")).to_contain_text(f"{MANY} lines are read")
    assert page.locator("[data-count=result]").is_hidden()
    expect(sheets).to_be_focused()
    count(page)
    assert page.evaluate(READ)["Different people"] == "1000"
    page.get_by_role("button", name="Clear it").click()
    assert page.get_by_label("Paste your register").input_value() == ""
    assert sheets.is_hidden()
    assert sheets.locator("option").count() == 0
    assert beside_the_icon(asked) == []
    assert not said(page.evaluate(STORES))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 is no book", b"\xd0\xcf\x11\xe0\x00\x00 an old one"], ids=["broken", "old"]
)
def test_what_cannot_be_read_takes_nothing_away(page: Page, path: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "register.xls").write_bytes(content)
    page.goto(path)
    page.get_by_label("Paste your register").fill(REGISTER)
    page.get_by_label(OPEN).set_input_files(tmp_path / "register.xls")
    expect(page.get_by_role("status")).to_contain_text("We cannot read this file. Save it as .xlsx or .csv")
    assert page.get_by_label("Paste your register").input_value() == REGISTER
    count(page)
    assert page.evaluate(READ) == EXPECTED


def test_what_is_pasted_is_never_run(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_label("Paste your register").fill('<img src=x onerror=alert(1)>,Name\n<b>1</b>,"<script>x</script>"\n')
    page.get_by_role("button", name="Read the register").click()
    assert page.locator("[data-count=who] img").count() == 0
    page.get_by_label("Name", exact=True).check()
    page.get_by_role("button", name="Count", exact=True).click()
    assert page.evaluate(READ)["Different people"] == "1"


def test_without_a_script_it_says_how_to_count_by_hand(
    chromium: Browser, site: Site, prepared: Flask, path: str
) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=False, **LOCALE)
    found = context.new_page()
    found.goto("/sign-in")
    found.get_by_label("E-mail address").fill(World(prepared).lead(STORY))
    found.get_by_label("Password", exact=True).fill(PASSWORD)
    found.get_by_role("button", name="Sign in", exact=True).click()
    found.goto(path)
    assert found.get_by_label("Paste your register").is_hidden()
    expect(found.get_by_role("heading", name="Count by hand")).to_be_visible()
    expect(found.get_by_role("table", name="Tally sheet")).to_be_visible()
    context.close()


def book(path: Path) -> None:
    """A register as a spreadsheet: a month, an empty sheet, and a year of the size that a worker would unzip."""
    made = Workbook(write_only=True)
    columns = ("Session", "Name", "Family name", "Date of birth", "Postcode")
    month = made.create_sheet("June")
    month.append(columns)
    month.append((1, "Zephyrine", 'Quibble, "the elder"', date(2014, 3, 2), "LS6 4AA"))
    month.append((1, " zephyrine ", 'quibble,  "the elder"', None, None))
    month.append((2, "Marmaduke", "Oxbridge\tTurner", date(1990, 12, 31), "Wakefield"))
    month.append((2, "Otto", "Thistledown", 31, None))
    made.create_sheet("Notes")
    year = made.create_sheet("All year")
    year.append(columns)
    for each in range(MANY):
        year.append((each, f"Marmaduke {each % 1000}", "Oxbridge", date(1990, 12, 31), "HX7"))
    made.save(path)


def beside_the_icon(asked: list[str]) -> list[str]:
    """What was asked, but for the page's own icon, which a browser fetches when it likes."""
    return [each for each in asked if "/static/icon.svg" not in each]


def said(text: str) -> list[str]:
    """The words of the register that stand in a text."""
    return [each for each in SECRETS if re.search(re.escape(each), text, re.IGNORECASE)]


def test_the_words_would_be_found() -> None:
    """Otherwise the tests above could not fail."""
    assert len(said(REGISTER)) == len(SECRETS)
