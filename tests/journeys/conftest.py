"""Fixtures of the browser journeys: a served site on a fresh database, and a real Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ViewportSize, sync_playwright

from spatc_funds.db.base import db
from tests.builders import World
from tests.databases import Database
from tests.journeys.browsing import AXE, Enter, Findings, Mirror, Visitor, Watcher
from tests.journeys.serving import Site

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The machine's own Chromium; without one the journeys are skipped, or fail where it is required."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    if not AXE.exists():
        missing(f"no {AXE.name}: make builds the styles and brings it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def told() -> tuple[str, ...]:
    """The demo's stories that the site holds; a module that needs some has a fixture of this name."""
    return ()


@pytest.fixture(scope="module")
def site(chromium: Chromium, prepared: Flask, database: Database, told: tuple[str, ...]) -> Iterator[Site]:
    """The service, served by its production server on a fresh database."""
    with prepared.app_context():
        db.engine.dispose()
    database.renew()
    world = World(prepared)
    for story in told:
        world.tell(story)
    with prepared.app_context():
        db.session.remove()
        db.engine.dispose()
    served = Site(database)
    served.wait()
    yield served
    served.end()


@pytest.fixture(scope="session")
def seen() -> set[tuple[str, ...]]:
    """The makes of page that were looked at: with scripts, only what the scripts have made different is looked at."""
    return set()


@pytest.fixture(scope="module")
def watcher(chromium: Chromium, site: Site, scripts: str, seen: set[tuple[str, ...]]) -> Iterator[Watcher]:
    """Whoever looks at each page that a journey opens, and writes down what is wrong with it."""
    folder = os.environ.get("PICTURES")
    mirror = None if scripts == "on" else Mirror(chromium, site.address)
    yield Watcher(Findings(), mirror, seen, Path(folder) if folder else None)
    if mirror:
        mirror.close()


def missing(what: str) -> NoReturn:
    """Skip, or fail where the run was told that a browser has to be there."""
    if os.environ.get("REQUIRE_CHROMIUM") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def visit(chromium: Chromium, site: Site, watcher: Watcher) -> Iterator[Enter]:
    """Somebody at a phone; signed in where an address is given. Afterwards nothing was wrong with any page."""
    here: list[Visitor] = []

    def enter(view: ViewportSize, email: str = "", **more: Any) -> Visitor:
        me = Visitor(chromium, site.address, watcher, email.partition("@")[0] or "somebody", view, **more)
        here.append(me)
        if email:
            me.go("/sign-in")
            me.fill("E-mail address", email)
            me.fill("Password", "example-password-1")
            me.press("Sign in")
        return me

    yield enter
    for me in here:
        me.close()
    found = watcher.findings.told()
    watcher.findings.by_page.clear()
    assert not found, found
