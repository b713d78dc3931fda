"""Every page that a role reaches by its menu and links: at 320 pixels nothing scrolls sideways; axe finds nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from spatc_funds.cli.demo import PASSWORD, content
from spatc_funds.web.guards import guard_of
from tests.journeys.browsing import AXED, DESK, LOCALE, MAKE, PHONE, Findings, axe, listen, own_rules
from tests.journeys.serving import Site

pytestmark = pytest.mark.browser
MOST_PAGES = 120
READERS = ("nobody", "applicant")  # who open the public pages too: they are the same for every role
FILES = ("export", "download", "static")  # answered with a file, not a page
EACH_KEY = {"applications.step"}  # its pages differ by the key in the address
OVERFLOWS = """() => {
  const wide = document.documentElement.scrollWidth, room = window.innerWidth;
  if (wide <= room) return "";
  const out = [...document.querySelectorAll("body *")].filter(each =>
    each.getBoundingClientRect().right > room + 1 && !each.closest(".app-scroll, details:not([open])"));
  return `scrolls sideways to ${wide}: ` + out.slice(0, 3).map(each => `${each.tagName}.${each.className}`).join(", ");
}"""


@pytest.fixture(scope="module")
def told() -> tuple[str, ...]:
    """The whole demo world."""
    return tuple(each["story"] for each in content()["applications"])


@dataclass
class Walk:
    """One role's walk: what is still to open, what was seen, and which titles stand for which pages."""

    who: str
    routes: MapAdapter
    elsewhere: frozenset[str] = frozenset()
    ahead: list[str] = field(default_factory=lambda: ["/"])
    seen: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)

    def next(self) -> Iterator[tuple[str, str]]:
        """Addresses whose kind of page was not seen yet, and that kind."""
        while self.ahead and len(self.seen) < MOST_PAGES:
            path = self.ahead.pop(0)
            kind = self.kind(path)
            if kind and kind not in self.seen:
                self.seen.add(kind)
                yield path, kind

    def kind(self, path: str) -> str:
        """The endpoint, and its key where that makes another page; nothing for what is no page."""
        try:
            endpoint, values = self.routes.match(urlsplit(path).path, "GET")
        except HTTPException:
            return ""
        if any(word in endpoint for word in FILES) or endpoint in self.elsewhere:
            return ""
        return f"{endpoint} {values['key']}" if endpoint in EACH_KEY else str(endpoint)


def roles() -> dict[str, str]:
    """Somebody of each role, by their e-mail address; nobody has none."""
    told = content()
    leads = {each["story"]: each["lead"]["email"] for each in told["applications"]}
    people = {role: each["email"] for each in reversed(told["people"]) for role in each["roles"]}
    return {"nobody": "", "applicant": leads["draft-ready"], "grantee": leads["zero-of-fifty"], **people}


def test_every_role_reads_every_page_on_a_phone(chromium: Browser, site: Site, prepared: Flask) -> None:
    findings, made = Findings(), set[tuple[str, ...]]()
    routes = prepared.url_map.bind(urlsplit(site.address).netloc)
    public = frozenset(each for each in prepared.view_functions if guard_of(each, prepared.view_functions) == "public")
    for who, email in roles().items():
        walk = Walk(who, routes, frozenset() if who in READERS else public - {"home.index"})
        context = chromium.new_context(base_url=site.address, viewport=PHONE, **LOCALE)
        page = context.new_page()
        said: list[str] = []
        listen(page, urlsplit(site.address).netloc, said)
        if email:
            sign_in(page, email)
        for path, kind in walk.next():
            answer = page.goto(path)
            assert answer
            there = walk.kind(page.url)
            if there != kind and there in walk.seen:
                continue  # the link was answered with another page
            walk.seen.add(there)
            look(page, answer.status, walk, there, findings, made)
            findings.add(f"{kind} ({who})", *said)
            said.clear()
            walk.ahead += links(page)
        assert len(walk.seen) < MOST_PAGES, f"{who} has more pages than are looked at"
        context.close()
    assert findings.pages > 100
    assert not findings.told(), findings.told()


def sign_in(page: Page, email: str) -> None:
    """As the page asks."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Sign in", exact=True).click()


def look(page: Page, status: int, walk: Walk, kind: str, findings: Findings, made: set[Any]) -> None:
    """One page: its width, its title, its heading; and axe at both widths where its make is new."""
    findings.pages += 1
    name = f"{kind} at {urlsplit(page.url).path}"
    if status != 200:
        findings.add(name, f"a link of {walk.who} leads to status {status}")
        return
    findings.add(name, page.evaluate(OVERFLOWS) or "", *own_rules(page, status))
    title = re.sub(r"EX-[-0-9A-Z]+", "…", page.title())
    other = walk.titles.setdefault(title, kind)
    if other.partition(" ")[0] != kind.partition(" ")[0]:
        findings.add(name, f"has the title of {other}: “{title}”")
    make = (kind, page.evaluate(MAKE))
    if AXED and make not in made:
        made.add(make)
        findings.axed += 1
        findings.add(name, *(f"320: {each}" for each in axe(page)))
        page.set_viewport_size(DESK)
        findings.add(name, *(f"1280: {each}" for each in axe(page)))
        page.set_viewport_size(PHONE)


def links(page: Page) -> list[str]:
    """The addresses of this site that the page links to."""
    found: list[str] = page.evaluate(
        "() => [...document.links].filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
    )
    return list(dict.fromkeys(found))
