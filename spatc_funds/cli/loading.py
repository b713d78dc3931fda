"""What the product brings with it, loaded through the rooms' own operations: plan, funds, past awards."""

import csv
import json
from pathlib import Path
from typing import Any

from spatc_funds.awards.importing import import_awards
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.operations import load_measures, load_plan
from spatc_funds.funds.operations import load_funds
from spatc_funds.policy.actions import Action

DATA = Path(__file__).parent.parent / "framework" / "data"
PLANS = ("plan-2021-24.json", "plan-2024-28.json")
PAST_AWARDS = ("past_awards.csv", "safer_streets_awards.csv")


def read(name: str) -> Any:
    """One of the product's own data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def load_all() -> int:
    """The plan, the measures, the funds with their rounds, and past awards; how much of it was new."""
    with unit_of_work(None, Action.PLAN_LOAD, "plan"):
        new = sum(1 for name in PLANS if load_plan(read(name)))
        new += load_measures(read("measures.json"))
    with unit_of_work(None, Action.FUND_LOAD, "funds"):
        new += load_funds(read("funds.json"))
    return new + sum(load_awards(DATA / name) for name in PAST_AWARDS)


def load_awards(path: Path) -> int:
    """Past awards from a csv or xlsx file; how many were new. Raises FileFaultsError."""
    header, rows = read_table(path)
    with unit_of_work(None, Action.AWARD_IMPORT, path.name[:80]):
        return import_awards(header, rows)


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a csv file (UTF-8, with or without its mark)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{name: value or "" for name, value in row.items() if name is not None} for row in reader]
        return list(reader.fieldnames or ()), rows
