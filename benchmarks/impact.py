"""``python -m benchmarks.impact``: the impact pages over a hundred thousand accepted lines, on both databases.

A file of past results is made and imported as ``flask --app app import results`` does it. The first page after a write
gathers everything anew, so it is timed by itself; the table then tells of the pages as people meet them.
"""

import argparse
import csv
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask

from benchmarks.__main__ import Page, head, served, show, timed
from benchmarks.__main__ import line as measured
from spatc_funds.cli.loading import load_results, read
from spatc_funds.core import clock
from spatc_funds.core.places import DISTRICTS
from spatc_funds.impact.results_file import COLUMNS
from tests.builders import World
from tests.clients import Client
from tests.databases import Database, Postgres, Sqlite

RETURNS, MEASURES, EACH_FILE = 4, 5, 1_000
PLAN, FUND = "plan-2021-24.json", "Mayor's Safer Communities Fund"
PAGES = (
    ("impact: everything", "/admin/impact/"),
    ("impact: by district", "/admin/impact/by/district/"),
    ("impact: gaps", "/admin/impact/by/"),
    ("impact: what everything is made of", "/admin/impact/made-of"),
    ("impact: one year", "/admin/impact/?year=2024-25"),
)


def main() -> None:
    """Every database that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.impact", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--lines", type=int, default=100_000)
    told = parser.parse_args()
    for kind in told.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="spatc-bench-") as folder:
            where = Path(folder)
            database = Sqlite(where) if kind == "sqlite" else Postgres(where, durable=True)
            try:
                measure(kind, database, told.lines)
            finally:
                database.close()


def measure(kind: str, database: Database, lines: int) -> None:
    """One database: the first page, then the table."""
    app = database.prepare()
    world = World(app)
    seconds = fill(app, lines // (RETURNS * MEASURES), database.folder)
    analyst = world.person("analyst")
    with served(database, app) as site:
        client = Client(site.address).sign_in(analyst)
        first = timed(client, Page("first", analyst, "/admin/impact/"), 0)
        head("", f"{kind}: {lines:,} accepted lines", seconds)
        for name, path in PAGES:
            show(measured(site, app, Page(name, analyst, path)))
        client = Client(site.address).sign_in(analyst)  # the server closes a connection that nobody uses
        began = time.perf_counter()
        size = len(client.get("/admin/impact/made-of/export/csv/").text)
        click.echo(f"\nFirst page after a write: {first:,.0f} ms. {size:,} characters of its lines exported in ")
        click.echo(f"{time.perf_counter() - began:.1f} s.\n")


def fill(app: Flask, projects: int, folder: Path) -> float:
    """So many projects of past rounds, imported; the seconds that took."""
    dice, began = random.Random(11), time.perf_counter()  # noqa: S311 # nothing is secret
    plan, measures = read(PLAN), [each["key"] for each in read("measures.json") if each["basis"] != "n-of-m"]
    with app.app_context():
        for first in range(0, projects, EACH_FILE):
            where = folder / f"results-{first}"
            where.mkdir()
            numbers = range(first, min(first + EACH_FILE, projects))
            tables: dict[str, list[list[Any]]] = {"projects": [], "targets": [], "returns": [], "values": []}
            for number in numbers:
                add(tables, f"B-{number:06}", plan, measures, dice)
            for name, rows in tables.items():
                with (where / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([COLUMNS[name], *rows])
            load_results(where, clock.now())
    return time.perf_counter() - began


def add(tables: dict[str, list[list[Any]]], key: str, plan: Any, measures: list[str], dice: random.Random) -> None:
    """One project with its targets, returns and values."""
    theme, cross = dice.choice(plan["themes"]), dice.sample(plan["cross_cutting_themes"], dice.randint(0, 2))
    outcome, day = dice.choice(theme["outcomes"]), date(2024, 4, 1) + timedelta(days=dice.randrange(700))
    first, second = dice.sample(sorted(DISTRICTS), 2)
    group = (key, FUND, "Benchmark", f"Example group {key}", "", f"Example work {key}", day, "8000.00", "8000.00")
    crossing = ";".join(each["name"] for each in cross)
    tags = (plan["key"], theme["name"], crossing, outcome["name"], "", f"{first}:60;{second}:40")
    tables["projects"].append([*group, *tags])
    chosen = dice.sample(measures, MEASURES)
    tables["targets"] += [[key, each, dice.randint(10, 200), ""] for each in chosen]
    for number in range(1, RETURNS + 1):
        end = day + timedelta(days=90 * number)
        begin = end - timedelta(days=89)
        tables["returns"].append([key, number, begin, end, end + timedelta(days=28), "accepted", end])
        tables["values"] += [[key, number, each, dice.randint(1, 60), "", "reported", "", ""] for each in chosen]


if __name__ == "__main__":
    main()
