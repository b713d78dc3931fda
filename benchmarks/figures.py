"""``python -m benchmarks.figures``: how long a large file of published figures takes, and how much memory.

It makes a file of police.uk's street-level crimes with as many rows as told (a million unless told) and reads it as the
command and the page do.
"""

import argparse
import platform
import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import click

from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.reading_files import read_file
from spatc_funds.framework.sources import sources

FORCE = "West Yorkshire Police"
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)]
LINE = "{id:064x},{month},{force},{force},-1.549,53.800,On or near Example Street,E01011264,{lsoa},{kind},{outcome},\n"
PLACES = 300  # LSOAs of a district
OUTCOME = "Investigation complete; no suspect identified"


def main() -> None:
    """Make the file, read it, and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="spatc-bench-") as folder:
        path = Path(folder) / "street.csv"
        make(path, rows)
        before = memory()
        began = time.perf_counter()
        with path.open("rb") as file:
            reading = read_file(ImportKind.POLICE, file, {}, date(2026, 1, 1)).reading
        took = time.perf_counter() - began
        megabytes = path.stat().st_size / 1024 / 1024
    if reading.faults.count or reading.rows != rows:
        raise RuntimeError(f"{reading.rows} rows, {reading.faults.first}")
    click.echo(
        f"Python {platform.python_version()}: {rows:,} rows ({megabytes:,.0f} MB) in {took:.1f} s, "
        f"{took / rows * 1_000_000:.1f} s a million, {memory() - before:.1f} MB more memory at most, "
        f"{len(reading.observed):,} figures"
    )


def make(path: Path, rows: int) -> None:
    """So many made-up rows of the five districts and of a place elsewhere; always the same."""
    dice = random.Random(7)  # noqa: S311 # nothing is secret
    lsoas = [f"{name} {place:03}A" for name in (*DISTRICTS.values(), "Harrogate") for place in range(PLACES)]
    kinds = sorted(sources().crime_types)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(sources().street_header) + "\n")
        for number in range(rows):
            told = {"month": dice.choice(MONTHS), "lsoa": dice.choice(lsoas), "kind": dice.choice(kinds)}
            file.write(LINE.format(id=number, force=FORCE, outcome=OUTCOME, **told))


def memory() -> float:
    """The most that this process has held so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main()
