"""``make bench``: how fast the pages are with many applications, on SQLite and on PostgreSQL.

A copy of the demo world is made as large as told, served with the house's own server set-up on 127.0.0.1, and each
page is asked for over one connection and over eight. What is printed goes into the README's table.
"""

import argparse
import os
import platform
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import click
from flask import Flask
from sqlalchemy import select

from benchmarks.copies import copy_applications
from benchmarks.writing import JSON, writing
from spatc_funds.accounts.models import Membership, Person
from spatc_funds.applications.models import Application, Submission
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import InterestKind
from spatc_funds.cli.demo import BEGAN
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from tests.builders import World
from tests.clients import Client
from tests.databases import Database, Postgres, Sqlite
from tests.journeys.serving import Site
from tests.racing import counted

LIST, BID, HOME, FORM = "panel: list of bids", "panel: a bid's workspace", "applicant's home", "a form page"
SEARCH, SCORING, FIGURES = "panel: search of bids", "panel: one criterion", "panel: figures of a round"
TYPED = "an answer saved while it is typed"
SAVE, MATRIX, WORKBOOK, EXPORT = "a saved answer", "impact matrix", "finance workbook", "export of all bids"
LARGE = (LIST, MATRIX)
SECONDS, MOST, CONNECTIONS = 4.0, 400, 8
WARM = 3
APPLICANTS = 200


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for: as whom, and where; ``data`` where it is a form that is sent."""

    name: str
    email: str
    path: str
    data: dict[str, str] | None = None
    headers: Mapping[str, str] | None = None

    @property
    def status(self) -> int:
        """What is answered when all is well."""
        return 303 if self.data is not None and self.headers is None else 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: milliseconds, requests a second, queries."""

    name: str
    times: list[float]
    a_second: float
    a_second_of_eight: float
    queries: int

    def __str__(self) -> str:
        middle, p95, p99 = median(self.times), *(percentile(self.times, part) for part in (95, 99))
        return (
            f"| {self.name} | {middle:,.1f} | {p95:,.1f} | {p99:,.1f} | {self.a_second:,.0f} |"
            f" {self.a_second_of_eight:,.0f} | {self.queries} |"
        )


def main() -> None:
    """Every database and size that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--applications", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=20_000, help="for the list and the matrix only; 0 for none")
    told = parser.parse_args()
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    for kind in told.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="spatc-bench-") as folder:
            where = Path(folder)
            database = Sqlite(where) if kind == "sqlite" else Postgres(where, durable=True)
            try:
                measure(kind, database, told.applications, told.large)
            finally:
                database.close()


def measure(kind: str, database: Database, size: int, large: int) -> None:
    """One database: the whole table, then the list and the matrix once more at the larger size."""
    app = database.prepare()
    world = World(app)
    references = [world.tell(story) for story in BEGAN]
    sent = [each for each, story in zip(references, BEGAN, strict=True) if not story.startswith("draft")]
    draft = references[list(BEGAN).index("draft-ready")]
    head("", f"{kind}: {size:,} applications", fill(app, sent, size))
    to_score = declared(app, world, references[list(BEGAN).index("assessing")])
    pages = list(pages_of(app, world, draft, to_score))
    with served(database, app) as site:
        for page in pages:
            show(line(site, app, page))
        stalled(site, pages)
        written(site, app, draft)
    if large > size:
        head("\n", f"{kind}: {large:,} applications", fill(app, sent, large - size))
        with served(database, app) as site:
            for page in pages:
                if page.name in LARGE:
                    show(line(site, app, page))
    click.echo("")


def fill(app: Flask, references: list[str], more: int) -> float:
    """So many copies; the seconds that took."""
    began = time.perf_counter()
    with app.app_context():
        copy_applications(references, more)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        db.engine.dispose()
    return time.perf_counter() - began


def declared(app: Flask, world: World, reference: str) -> str:
    """The bid that one assessor has still to score, declared by them."""
    with app.app_context():
        actor = world.staff("assessor", 1)
        with unit_of_work(actor.id, Action.INTEREST_DECLARE, reference):
            declare(actor, world.submission_row(reference), InterestKind.NONE, "", clock.now())
    return reference


def pages_of(app: Flask, world: World, draft: str, to_score: str) -> Iterator[Page]:
    """What is measured; the bid and the applicant are from the middle of the world."""
    officer, finance, analyst = (world.person(role) for role in ("programme officer", "finance officer", "analyst"))
    with app.app_context():
        bids = db.session.scalars(select(Submission).order_by(Submission.id)).all()
        bid = bids[len(bids) // 2]
        applicant = db.session.scalars(
            select(Person.email).join(Membership).where(Membership.organisation_id == bid.organisation_id)
        ).first()
        reference = bid.reference
        question = "place"
    yield Page(LIST, officer, "/admin/bids/")
    yield Page(
        SEARCH, officer, "/admin/bids/?q=district:bradford+score>=50+-tag:visit+status:settled,funded&sort=-mark"
    )
    yield Page(BID, officer, f"/admin/bids/{reference}/?sort=-asked")
    yield Page(SCORING, world.person("assessor", 1), f"/admin/assessment/{to_score}/criteria/need/")
    yield Page(FIGURES, officer, "/admin/assessment/figures/EX-MSCF/")
    yield Page(HOME, str(applicant), "/home")
    lead = world.lead("draft-ready")
    yield Page(FORM, lead, f"/applications/{draft}/questions/{question}")
    yield Page(SAVE, lead, f"/applications/{draft}/questions/{question}", {f"q-{question}": "It is dark there, {}."})
    words = {f"q-{question}": "It is darker there, {}."}
    yield Page(TYPED, lead, f"/applications/{draft}/questions/{question}", words, JSON)
    yield Page(MATRIX, analyst, "/admin/impact/")
    yield Page(WORKBOOK, finance, "/admin/workbook/EX-MSCF.xlsx")
    yield Page(EXPORT, officer, "/admin/bids/export/csv/")


@contextmanager
def served(database: Database, app: Flask) -> Iterator[Site]:
    """The service as it is served, two workers of four threads."""
    with app.app_context():
        db.engine.dispose()
    site = Site(database)
    site.wait()
    try:
        yield site
    finally:
        site.end()


def line(site: Site, app: Flask, page: Page) -> Line:
    """Measure one page: alone, then from eight at once."""
    client = Client(site.address).sign_in(page.email)
    for _ in range(WARM):
        timed(client, page, 0)
    times, seconds = asked(client, page)
    clients = [client.again() for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        together = sum(len(each[0]) for each in pool.map(lambda one: asked(one, page), clients))
    of_eight = together / (time.perf_counter() - began)
    return Line(page.name, times, len(times) / seconds, of_eight, queries(app, client, page))


def asked(client: Client, page: Page) -> tuple[list[float], float]:
    """Milliseconds of each request, for a few seconds; and the seconds of them all."""
    began = time.perf_counter()
    times: list[float] = []
    while len(times) < MOST and time.perf_counter() - began < SECONDS:
        times.append(timed(client, page, len(times)))
    return times, time.perf_counter() - began


def timed(client: Client, page: Page, number: int) -> float:
    """Milliseconds of one request; anything but the page is an error."""
    began = time.perf_counter()
    if page.data is None:
        reply = client.get(page.path)
    else:
        data = {name: text.format(number) for name, text in page.data.items()}
        reply = client.post(page.path, data, page.headers)
    took = (time.perf_counter() - began) * 1000
    if reply.status != page.status:
        raise RuntimeError(f"{page.path} answered {reply.status}\n{reply.text[:2000]}")
    return took


def queries(app: Flask, client: Client, page: Page) -> int:
    """How many statements one request asks of the database, BEGIN and the like left out."""
    browser = app.test_client()
    for name, value in client.cookies.items():
        browser.set_cookie(name, value, domain="localhost")
    with counted(app) as statements:
        if page.data is None:
            answer = browser.get(page.path)
        else:
            data = {**page.data, "csrf_token": client.token}
            answer = browser.post(page.path, data=data, headers=dict(page.headers or {}))
    if answer.status_code not in {200, 303} or "/sign-in" in answer.headers.get("Location", ""):
        raise RuntimeError(f"{page.path} answered {answer.status_code}")
    return sum(1 for each in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", each))


def stalled(site: Site, pages: list[Page]) -> None:
    """The list while everything is exported over and over by somebody else, and the export itself."""
    found = {page.name: page for page in pages}
    export, watched = found[EXPORT], found[LIST]
    others = Client(site.address).sign_in(export.email)
    mine = Client(site.address).sign_in(watched.email) if watched.email != export.email else others.again()
    with ThreadPoolExecutor(2) as pool:
        exporting = pool.submit(asked, others, export)
        times, seconds = pool.submit(asked, mine, watched).result()
        exports, _ = exporting.result()
    click.echo(
        f"| {LIST}, while all bids are exported | {median(times):,.1f} | {percentile(times, 95):,.1f} |"
        f" {percentile(times, 99):,.1f} | {len(times) / seconds:,.0f} | | |"
        f"\n\nWorst list meanwhile: {max(times):,.0f} ms; {len(exports)} exports, {median(exports):,.0f} ms each."
    )


def written(site: Site, app: Flask, draft: str) -> None:
    """Two hundred applicants who write for two minutes."""
    with app.app_context():
        references = copy_applications([draft], APPLICANTS)
        found = (
            select(Person.email, Application.reference)
            .join(Membership)
            .join(Application, Application.organisation_id == Membership.organisation_id)
        )
        rows = db.session.execute(found.where(Application.reference.in_(references))).all()
        drafts = {email: str(reference) for email, reference in rows}
        db.session.remove()
        db.engine.dispose()
    went = writing(site, drafts, "place", every=5, seconds=120)
    click.echo(
        f"\n{len(drafts)} applicants saved every 5 s for two minutes: {len(went.times):,} saves, median "
        f"{median(went.times):,.1f} ms, p95 {percentile(went.times, 95):,.1f} ms, worst {max(went.times):,.0f} ms, "
        f"{len(went.wrong)} errors"
    )
    for each in went.wrong[:5]:
        click.echo(f"  {each}")


def percentile(times: list[float], part: int) -> float:
    """The value below which so many percent lie."""
    return quantiles(times, n=100, method="inclusive")[part - 1] if len(times) > 1 else times[0]


def head(before: str, what: str, seconds: float) -> None:
    """The head of a table."""
    click.echo(f"{before}{what}, copied in {seconds:.1f} s\n")
    click.echo("| page | median ms | p95 | p99 | requests/s, 1 connection | 8 connections | queries |")
    click.echo("|---|---|---|---|---|---|---|")


def show(found: Line) -> None:
    """A line as soon as it is known."""
    click.echo(found)


if __name__ == "__main__":
    main()
