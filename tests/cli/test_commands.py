"""The commands, run as a person runs them."""

import json
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from config import read_settings
from spatc_funds import create_app
from spatc_funds.audit.models import LogHead
from spatc_funds.core.places import DISTRICTS
from spatc_funds.db.base import db
from tests.builders import World
from tests.databases import Database
from tests.test_config import GOOD

MEMBER = {
    "key",
    "name",
    "projects",
    "awarded_pence",
    "paid_pence",
    "amounts_unknown",
    "returns_due",
    "returns_accepted",
    "measures",
}


def test_prepare_a_second_time_changes_nothing(app: Flask) -> None:
    with app.app_context():
        before = db.session.scalar(select(LogHead.last_id))
    answer = app.test_cli_runner().invoke(args=["prepare"])
    assert answer.exit_code == 0, answer.output
    assert "0 new records" in answer.output
    with app.app_context():
        assert db.session.scalar(select(LogHead.last_id)) == before


def test_check_says_that_the_log_holds(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 0
    assert "FAULT" not in answer.output


def test_the_demo_world_refuses_to_load_in_production(tmp_path: Path, database: Database) -> None:
    settings = read_settings(GOOD | {"DATABASE_URL": database.address, "SPATC_INSTANCE": str(tmp_path)})
    answer = create_app(settings).test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 1
    assert "does not load in production" in answer.output


def test_export_impact_keeps_the_contract(app: Flask, world: World, tmp_path: Path) -> None:
    world.reported()
    out = tmp_path / "impact.json"
    answer = app.test_cli_runner().invoke(args=["export", "impact", "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    found = json.loads(out.read_text(encoding="utf-8"))
    assert set(found) == {
        "as_at",
        "plan",
        "filters",
        "total",
        "by_theme",
        "by_cross_cutting_theme",
        "matrix",
        "by_outcome",
        "by_district",
        "by_financial_year",
    }
    assert set(found["total"]) == MEMBER
    assert all(set(each) == MEMBER for each in found["by_theme"] + found["by_outcome"] + found["by_financial_year"])
    overlapping = found["by_cross_cutting_theme"] + found["by_district"] + found["matrix"]
    assert all(each["overlaps"] is True for each in overlapping)
    for part in ("by_theme", "by_outcome", "by_financial_year"):
        for figure in ("projects", "awarded_pence", "paid_pence", "amounts_unknown", "returns_due"):
            assert sum(each[figure] for each in found[part]) == found["total"][figure]
    assert sum(each["awarded_pence"] for each in found["by_district"]) == found["total"]["awarded_pence"]
    assert {each["key"] for each in found["by_district"]} == {*DISTRICTS, "not-tagged"}
    safer = next(each for each in found["total"]["measures"] if each["key"] == "people-who-feel-safer")
    assert (safer["n"], safer["of"], safer["value"]) == (0, 50, None)


def test_export_impact_by_filters_and_a_filter_that_names_nothing(app: Flask, world: World, tmp_path: Path) -> None:
    world.reported()
    run = app.test_cli_runner().invoke
    out = str(tmp_path / "impact.json")
    assert run(args=["export", "impact", "--out", out, "--round", "EX-MSCF"]).exit_code == 0
    assert json.loads(Path(out).read_text(encoding="utf-8"))["total"]["projects"] == 1
    assert run(args=["export", "impact", "--out", out, "--as-at", "2020-01-01", "--round", "EX-MSCF"]).exit_code == 0
    assert json.loads(Path(out).read_text(encoding="utf-8"))["total"]["projects"] == 0
    answer = run(args=["export", "impact", "--out", out, "--fund", "no-such-fund"])
    assert answer.exit_code == 1
    assert "there is no fund" in answer.output


def test_import_names_each_fault_and_fails(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "awards.csv"
    path.write_text("fund,round,organisation,project,amount_pounds,amount_rule,district\nNo,1,G,P,1,exact,Leeds\n")
    answer = app.test_cli_runner().invoke(args=["import", "awards", str(path)])
    assert answer.exit_code == 1
    assert "row 2, fund" in answer.output
    assert "nothing was written" in answer.output


def test_the_workbook_comes_by_command(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "book.xlsx"
    answer = app.test_cli_runner().invoke(args=["export", "workbook", "--round", "MSCF-5", "--out", str(out)])
    assert answer.exit_code == 0
    assert out.stat().st_size > 5000


def test_health_is_503_until_every_migration_has_run(app: Flask) -> None:
    assert app.test_client().get("/health").status_code == 200
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "migrations are missing"})
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert app.test_client().get("/health").status_code == 503


def test_durability_is_what_it_should_be(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in names}
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
        else:
            assert db.session.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert db.session.scalar(select(func.count()).select_from(LogHead)) == 1
