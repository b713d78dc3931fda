"""A person at a browser, and whoever watches over their shoulder: axe and our own rules on every page."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    Route,
    ViewportSize,
)

from spatc_funds.cli.demo import PASSWORD
from tests.journeys.serving import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=800)
TALL = ViewportSize(width=360, height=740)
LOCALE: Any = {"locale": "en-GB", "timezone_id": "Europe/London"}
SECONDS = 10
AXED = os.environ.get("TEST_DATABASE") != "postgresql"  # the pages are the same on both: axe looks at them once
PHONES = [TALL, PHONE] if AXED else [PHONE]  # and so are the sizes of a phone, and what scripts add to a page
SCRIPTS = ["off", "on"] if AXED else ["off"]
REFUSED = 422
BOXES = "input, select, textarea"
REFERENCE = re.compile(r"EX-[A-Z]+-[0-9A-Z]{5}(-[PR][0-9]+)?")
# Every rule but those of level AAA and those that axe has withdrawn.
RUN_AXE = """async () => {
  const off = ["wcag2aaa", "deprecated"];
  const rules = axe.getRules().filter(rule => !rule.tags.some(tag => off.includes(tag)));
  const on = Object.fromEntries(rules.map(rule => [rule.ruleId, {enabled: true}]));
  const found = await axe.run(document, {rules: on, runOnly: {type: "rule", values: Object.keys(on)},
    resultTypes: ["violations"], elementRef: false});
  return found.violations.map(each => `axe ${each.id}: ${each.help}: ` + each.nodes.slice(0, 4).map(
    node => `${node.target.join(" ")} (${(node.any[0] || node.all[0] || node.none[0] || {}).message || ""})`
  ).join("; ") + (each.nodes.length > 4 ? ` and ${each.nodes.length - 4} more` : ""));
}"""
# What a page is made of, whatever its words: two pages of the same make are looked at by axe once.
MAKE = """() => [...new Set([...document.querySelectorAll("body *")].map(
  e => [e.tagName, e.className.baseVal ?? e.className, e.getAttribute("role"), e.getAttribute("type")].join("|")
))].sort().join("\\n")"""


@dataclass
class Findings:
    """What is wrong, by page; told all together at the end."""

    by_page: dict[str, list[str]] = field(default_factory=dict)
    pages: int = 0
    axed: int = 0

    def add(self, page: str, *wrong: str) -> None:
        """Note faults of a page, each once."""
        held = self.by_page.setdefault(page, [])
        held += [each for each in wrong if each and each not in held]

    def told(self) -> str:
        """Everything, page by page; empty when nothing is wrong."""
        faulty = {page: wrong for page, wrong in self.by_page.items() if wrong}
        if not faulty:
            return ""
        lines = [f"{sum(map(len, faulty.values()))} faults on {len(faulty)} of {self.pages} pages:"]
        lines += [f"\n{page}\n" + "\n".join(f"  - {each}" for each in wrong) for page, wrong in faulty.items()]
        return "\n".join(lines)


def axe(page: Page) -> list[str]:
    """What axe finds on a page whose scripts run. Its text is evaluated: a script tag would break the page's policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_AXE)
    return found


class Mirror:
    """A second browser with scripts: it is handed the very page that was answered, so that axe can run on it.

    Nothing is asked of the server again but styles and scripts, so pages that answer a POST are looked at too.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.context = browser.new_context(viewport=DESK, **LOCALE)
        self.context.set_default_timeout(SECONDS * 1000)
        self.page = self.context.new_page()
        self.host = urlsplit(address).netloc
        self.said: list[str] = []
        listen(self.page, self.host, self.said)

    def look(self, url: str, html: str, headers: dict[str, str]) -> list[str]:
        """What axe, and the policy with scripts on, say of a page."""
        self.said.clear()
        kept = {name: value for name, value in headers.items() if name.startswith(("content-security", "content-type"))}
        address = urldefrag(url).url
        handed: list[str] = []

        def hand(route: Route) -> None:
            handed.append(address)
            route.fulfill(status=200, headers=kept, body=html)

        self.page.route(lambda asked: asked == address, hand, times=1)
        self.page.goto(address)
        if not handed:
            raise RuntimeError(f"the mirror shows what the server answers, not the page of {address}")
        return [*axe(self.page), *self.said]

    def close(self) -> None:
        """Close it."""
        self.context.close()


class Watcher:
    """Looks at every page: axe once for each kind of page, our own rules always; pictures where they are asked for.

    Without scripts axe looks into a mirror. Where ``AXED`` is not set, nobody asks axe.
    """

    def __init__(
        self, findings: Findings, mirror: Mirror | None, seen: set[tuple[str, ...]], pictures: Path | None = None
    ) -> None:
        self.findings, self.mirror, self.seen, self.pictures = findings, mirror, seen, pictures
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)

    def look(self, page: Page, answer: Response, who: str) -> None:
        """Look at a page as it stands, and note what is wrong."""
        heading = page.locator("h1").first.inner_text() if page.locator("h1").count() else ""
        place = REFERENCE.sub("…", urlsplit(page.url).path)
        kind = (place, str(answer.status), page.evaluate(MAKE))
        if kind in self.seen:
            return
        self.seen.add(kind)
        name = f"{place} [{answer.status}] “{heading}” ({who})"
        self.findings.pages += 1
        self.findings.add(name, *own_rules(page, answer.status))
        if AXED:
            self.findings.axed += 1
            looked = self.mirror.look(page.url, page.content(), answer.headers) if self.mirror else axe(page)
            self.findings.add(name, *looked)
        if self.pictures:
            self._picture(self.pictures, page, place, answer.status)

    def _picture(self, folder: Path, page: Page, place: str, status: int) -> None:
        name = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-") or "front"
        stem = f"{self.findings.pages:03}-{name}" + (f"-{status}" if status != 200 else "")
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.screenshot(path=folder / f"{stem}-{size['width']}.png", full_page=True)
        page.set_viewport_size(DESK)


class Visitor:
    """A person at a browser of their own. They type and press what they can read; without scripts where axe mirrors.

    What it costs them is counted: taps, boxes typed in, pages that come, forms that are posted.
    """

    def __init__(
        self, browser: Browser, address: str, watcher: Watcher, who: str, view: ViewportSize = DESK, **more: Any
    ) -> None:
        self.watcher, self.who, self.address = watcher, who, address
        self.context: BrowserContext = browser.new_context(
            base_url=address, java_script_enabled=watcher.mirror is None, viewport=view, **LOCALE, **more
        )
        self.context.set_default_timeout(SECONDS * 1000)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.answers: list[Response] = []
        self.taps = self.typed = self.posts = self.screens = 0
        listen(self.page, urlsplit(address).netloc, self.said)
        self.page.on("response", self._answered)

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)
        self.look()

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow a link by its words, whether or not it is drawn as a button."""
        place = within or self.page
        link = place.get_by_role("link", name=words_of(name))
        self.click(link.or_(place.locator("a[role=button]").get_by_text(name, exact=True)).first)

    def open(self, reference: str) -> None:
        """Follow the link of a list that begins with this reference."""
        self.click(self.page.get_by_role("link", name=re.compile(f"^{re.escape(reference)}")).first)

    def click(self, what: Locator) -> None:
        """Click on what leads to another page, and look at that page: the whole of it, however slow the machine."""
        self.taps += 1
        with self.page.expect_navigation(wait_until="load"):
            what.click()
        self.look()

    def press(self, name: str, status: int = 200) -> None:
        """Press a button by its words; what comes then has this status."""
        self.click(self.page.get_by_role("button", name=name, exact=True))
        assert self.status == status, f"{self.status} after “{name}” at {self.page.url}: {self.main()}"

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into a box by its label."""
        self.typed += 1
        (within or self.page).get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, group: str | None = None) -> None:
        """Choose or tick by the label, within the group of this name."""
        place = self.group(group) if group else self.page
        self.taps += 1
        place.get_by_label(label, exact=True).check()

    def group(self, name: str) -> Locator:
        """The group of fields with this name."""
        return self.page.get_by_role("group", name=name, exact=True)

    def day(self, group: str, parts: tuple[int, int, int]) -> None:
        """Type a date into its three boxes: day, month, year."""
        for label, number in zip(("Day", "Month", "Year"), parts, strict=True):
            self.fill(label, str(number), within=self.group(group))

    def sign_in(self, email: str) -> None:
        """Sign in by the page."""
        self.follow("Sign in")
        self.fill("E-mail address", email)
        self.fill("Password", PASSWORD)
        self.press("Sign in")

    def summary(self) -> list[str]:
        """The lines of the error summary."""
        return self.page.locator(".govuk-error-summary__list li").all_inner_texts()

    def main(self) -> str:
        """The words of the page."""
        return self.page.locator("main").inner_text()

    def heading(self) -> str:
        """The page's h1."""
        return self.page.locator("h1").first.inner_text()

    @property
    def status(self) -> int:
        """The status of the page as it stands."""
        return self.answers[-1].status

    def look(self) -> None:
        """Have the page looked at."""
        self.watcher.look(self.page, self.answers[-1], self.who)
        if self.said:
            self.watcher.findings.add(self.page.url, *self.said)
            self.said.clear()

    def close(self) -> None:
        """Close the browser."""
        self.context.close()

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.answers.append(response)
            self.screens += 1
        if response.request.method == "POST":
            self.posts += 1


Enter = Callable[..., Visitor]  # (view, e-mail address, more of the browser's settings)


def listen(page: Page, host: str, said: list[str]) -> None:
    """Note what the page's console complains of, and every request to another host."""

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or (message.type == "error" and "status of 4" not in message.text):
            said.append(f"console {message.type}: {message.text}")

    def request(asked: Request) -> None:
        parts = urlsplit(asked.url)
        if parts.scheme in {"http", "https"} and parts.netloc != host:
            said.append(f"request to another host: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: said.append(f"script error: {error}"))
    page.on("request", request)


def words_of(name: str) -> re.Pattern[str]:
    """Exactly these words; a hidden part that begins with a colon is read with a blank before it."""
    return re.compile("^" + re.escape(name).replace(":", r"\s*:") + "$")


def own_rules(page: Page, status: int) -> list[str]:
    """What no tool looks for: one h1, a title that says more than the service's name, errors said twice."""
    wrong = []
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} h1")
    title = page.title()
    if title.count(" - ") < 1:
        wrong.append(f"title says only “{title}”")
    if status == REFUSED:
        wrong += refused_rules(page, title)
    elif title.startswith("Error: "):
        wrong.append(f"title says Error with status {status}")
    return wrong


def refused_rules(page: Page, title: str) -> list[str]:
    """A refused form: Error in the title, one summary, each line leading to a field that says the same words."""
    wrong = [] if title.startswith("Error: ") else [f"refused, but the title is “{title}”"]
    if page.locator(".govuk-error-summary").count() != 1:
        wrong.append(f"{page.locator('.govuk-error-summary').count()} error summaries on a refused form")
    at_fields = " ".join(page.locator(".govuk-error-message").all_inner_texts())
    for line in page.locator(".govuk-error-summary__list li").all():
        words, link = line.inner_text().strip(), line.locator("a")
        if not link.count():
            wrong.append(f"summary line without a link: “{words}”")
            continue
        target: Any = link.get_attribute("href")
        if target.startswith("#") and not page.locator(f"[id='{target[1:]}']").count():
            wrong.append(f"summary line leads nowhere: {target} “{words}”")
        elif words not in at_fields and page.locator(f":is({BOXES})[id='{target[1:]}']").count():
            wrong.append(f"not said at its field: “{words}”")
    return wrong
