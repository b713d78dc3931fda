"""Past awards from a file: every fault by row and column, and nothing is written unless all of it is right."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from spatc_funds.awards.models import AmountRule, Award, AwardShare, Origin, ThemeTag
from spatc_funds.core import references
from spatc_funds.core.money import parse_pounds
from spatc_funds.core.places import DISTRICT_CODES
from spatc_funds.db.base import db
from spatc_funds.funds.models import Fund, Round
from spatc_funds.policy.states import AwardState

COLUMNS = ("fund", "round", "organisation", "project", "amount_pounds", "amount_rule", "district")
OPTIONAL = ("decided_on",)
PREFIX = "PAST"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: the row as a spreadsheet numbers it (header: 1), column, and how to mend it."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.message}"


class FileFaultsError(Exception):
    """The file was refused as a whole."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def import_awards(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Add the awards that are not there yet, inside the caller's unit of work; how many were added.

    A row is known again by all of its cells and by how often the same row stood before it, so that loading a file
    twice changes nothing. Raises FileFaultsError, with nothing added.
    """
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in {*COLUMNS, *OPTIONAL}]
    if missing or unknown:
        gone = [Fault(1, name, "this column is missing") for name in missing]
        raise FileFaultsError([*gone, *(Fault(1, name, "this column is not known") for name in unknown)])
    rounds = _rounds()
    known = set(db.session.scalars(select(Award.import_key).where(Award.import_key.is_not(None))))
    found: list[Award] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        cells = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
        wrong = _faults(number, cells, rounds)
        faults += wrong
        if wrong:
            continue
        text = json.dumps(cells, sort_keys=True)
        seen[text] = seen.get(text, 0) + 1
        key = hashlib.sha256(f"{text}#{seen[text]}".encode()).hexdigest()
        if key not in known:
            found.append(_award(cells, key, rounds[cells["fund"], cells["round"]]))
    if faults:
        raise FileFaultsError(faults)
    _number(found)
    db.session.add_all(found)
    db.session.flush()
    return len(found)


def _rounds() -> dict[tuple[str, str], Round]:
    """Rounds by fund and by each way the published files name them: ``5``, ``Round 5``, the whole name."""
    found = {}
    for each in db.session.scalars(select(Round).join(Fund).options(joinedload(Round.fund), joinedload(Round.plan))):
        for name in (each.name, each.name.removeprefix("Round "), each.code):
            found[each.fund.name, name] = each
    return found


def _faults(number: int, cells: Mapping[str, str], rounds: Mapping[tuple[str, str], Round]) -> list[Fault]:
    faults = []
    if not any(fund == cells["fund"] for fund, _ in rounds):
        faults.append(Fault(number, "fund", f"“{cells['fund']}” is not a fund of this service"))
    elif (cells["fund"], cells["round"]) not in rounds:
        faults.append(Fault(number, "round", f"“{cells['round']}” is not a round of {cells['fund']}"))
    if cells["amount_rule"] not in set(AmountRule):
        rules = ", ".join(AmountRule)
        faults.append(Fault(number, "amount_rule", f"“{cells['amount_rule']}” is none of {rules}"))
    elif (cells["amount_rule"] == AmountRule.NOT_PRINTED) != (cells["amount_pounds"] == ""):
        faults.append(Fault(number, "amount_pounds", "an amount that is “not printed” is blank, every other is not"))
    elif cells["amount_pounds"] and not _pence(cells["amount_pounds"]):
        faults.append(Fault(number, "amount_pounds", f"“{cells['amount_pounds']}” is not an amount in pounds"))
    if cells["district"] and cells["district"] not in DISTRICT_CODES:
        faults.append(Fault(number, "district", f"“{cells['district']}” is not a district of West Yorkshire"))
    if cells["decided_on"] and _day(cells["decided_on"]) is None:
        faults.append(Fault(number, "decided_on", "a date is written as 2026-03-31"))
    long = [name for name in ("organisation", "project") if len(cells[name]) > LONGEST or not cells[name].isprintable()]
    return faults + [Fault(number, name, f"a text of up to {LONGEST} ordinary characters") for name in long]


def _award(cells: Mapping[str, str], key: str, asked: Round) -> Award:
    other = asked.plan is not None and asked.fixed_priority not in {None, asked.plan.strategy_priority}
    return Award(
        import_key=key,
        origin=Origin.IMPORTED,
        state=AwardState.IMPORTED,
        round_id=asked.id,
        plan_id=asked.plan_id,
        recipient=cells["organisation"],
        project=cells["project"],
        amount_pence=_pence(cells["amount_pounds"]),
        amount_rule=AmountRule(cells["amount_rule"]),
        awarded_on=_day(cells["decided_on"]),
        theme_tag=ThemeTag.OTHER_PRIORITY if other else ThemeTag.NOT_TAGGED,
        shares=[AwardShare(district=DISTRICT_CODES[cells["district"]], percent=100)] if cells["district"] else [],
    )


def _number(found: Sequence[Award]) -> None:
    held = db.session.scalars(select(Award.id).where(Award.origin == Origin.IMPORTED).with_for_update()).all()
    for number, award in enumerate(found, start=len(held) + 1):
        award.reference = references.reference(PREFIX, number)


def _pence(text: str) -> int | None:
    try:
        return parse_pounds(text) or None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
