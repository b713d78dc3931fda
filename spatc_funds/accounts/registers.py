"""The public registers of charities and companies, as far as a group is found in them.

A port: ``Registers`` is what the pages ask; ``Extracts`` answers from the files that the registers publish, imported by
``flask import register``. Whoever is not found, or asks while a register is away, types their group in by hand.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, delete, func, insert, select

from spatc_funds.accounts.identity import charity_number, company_number
from spatc_funds.accounts.models import RegisterEntry, RegisterKind
from spatc_funds.core.words import folded
from spatc_funds.db.base import db

MOST_FOUND = 10
ROWS_AT_ONCE = 5_000
csv.field_size_limit(1_000_000)
# The columns that are read, by their names in the published header rows: the Charity Commission's
# publicextract.charity.txt (tabs, nothing quoted), Companies House's BasicCompanyData csv (some begin with a blank).
CHARITY_COLUMNS = {
    "registered_charity_number",
    "linked_charity_number",
    "charity_name",
    "charity_registration_status",
    "charity_contact_postcode",
}
COMPANY_COLUMNS = {"CompanyName", "CompanyNumber", "RegAddress.PostCode", "CompanyStatus"}


class RegisterAwayError(Exception):
    """The register does not answer."""


class UnknownExtractError(Exception):
    """A file that is no extract of the register; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """One organisation as its register has it."""

    kind: RegisterKind
    number: str
    name: str
    postcode: str

    @property
    def key(self) -> str:
        """``charity:1999777``, as a form sends it back."""
        return f"{self.kind.value}:{self.number}"


class Registers(Protocol):
    """What is asked of the registers. Each may raise RegisterAwayError."""

    def by_number(self, number: str) -> list[Found]:
        """Whoever has this number, in either register."""
        ...

    def by_name(self, name: str) -> list[Found]:
        """Those whose name has these words, the shortest name first."""
        ...


class Extracts:
    """The registers as their published files had them."""

    def by_number(self, number: str) -> list[Found]:
        """Both registers, for seven digits may be either's."""
        wanted = {(kind, read) for kind, read in _numbers(number)}
        found = select(RegisterEntry).where(RegisterEntry.number.in_([read for _kind, read in wanted]))
        return [_found(each) for each in db.session.scalars(found) if (each.kind, each.number) in wanted]

    def by_name(self, name: str) -> list[Found]:
        """By the folded name: every word has to be in it."""
        words = [folded(word).replace("%", "").replace("_", "") for word in name.split()]
        clauses = [RegisterEntry.name_folded.contains(word, autoescape=True) for word in words if word]
        if not clauses:
            return []
        query = select(RegisterEntry).where(*clauses).order_by(func.length(RegisterEntry.name), RegisterEntry.number)
        return [_found(each) for each in db.session.scalars(query.limit(MOST_FOUND))]


def search(registers: Registers, what: str) -> list[Found]:
    """By number where it reads as one, else by name. Nothing while a register is away: it never stands in the way."""
    try:
        return registers.by_number(what) if _numbers(what) else registers.by_name(what)
    except RegisterAwayError:
        return []


def import_extract(kind: RegisterKind, path: Path, as_at: date) -> int:
    """Put an extract in the place of the one before: all of it, or nothing; how many organisations it holds.

    Raises UnknownExtractError when the header row is not the register's.
    """
    with path.open(encoding="utf-8-sig", newline="") as file, db.engine.begin() as connection:
        charities = kind is RegisterKind.CHARITY
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if charities else csv.DictReader(file)
        names = [name.strip() for name in reader.fieldnames or ()]
        missing = (CHARITY_COLUMNS if charities else COMPANY_COLUMNS) - set(names)
        if missing:
            message = f"these columns are missing: {', '.join(sorted(missing))}"
            raise UnknownExtractError(message)
        reader.fieldnames = names
        connection.execute(delete(RegisterEntry).where(RegisterEntry.kind == kind))
        rows = _charities(reader, as_at) if charities else _companies(reader, as_at)
        return _write(connection, rows)


def _write(connection: Connection, rows: Iterator[dict[str, object]]) -> int:
    written = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        connection.execute(insert(RegisterEntry), batch)
        written += len(batch)
    return written


def _charities(reader: Iterable[dict[str, str]], as_at: date) -> Iterator[dict[str, object]]:
    """Those on the register now; parts of another charity (linked ones) stand under its number."""
    for row in reader:
        if row["charity_registration_status"] == "Registered" and row["linked_charity_number"] == "0":
            number = row["registered_charity_number"]
            yield _row(RegisterKind.CHARITY, number, row["charity_name"], row["charity_contact_postcode"], as_at)


def _companies(reader: Iterable[dict[str, str]], as_at: date) -> Iterator[dict[str, object]]:
    """Those that are active, also where something is under way."""
    for row in reader:
        if row["CompanyStatus"].startswith("Active"):
            postcode = row["RegAddress.PostCode"]
            yield _row(RegisterKind.COMPANY, row["CompanyNumber"], row["CompanyName"], postcode, as_at)


def _row(kind: RegisterKind, number: str, name: str, postcode: str | None, as_at: date) -> dict[str, object]:
    named = " ".join(name.split())[:300]
    held = {"name": named, "name_folded": folded(named), "postcode": (postcode or "")[:10], "as_at": as_at}
    return {"kind": kind, "number": number.strip(), **held}


def _numbers(text: str) -> list[tuple[RegisterKind, str]]:
    """What a text may be as a number of either register; nothing when it is a name."""
    found = []
    for kind, read in ((RegisterKind.CHARITY, charity_number), (RegisterKind.COMPANY, company_number)):
        try:
            found.append((kind, read(text)))
        except ValueError:
            continue
    return found


def _found(each: RegisterEntry) -> Found:
    return Found(each.kind, each.number, each.name, each.postcode)
