"""Official figures in the panel: what is held, importing with a preview, entering that nothing was published."""

import io
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from spatc_funds.accounts.models import Person
from spatc_funds.audit.models import LogChange, LogEntry, LogValues
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import importing, queries
from spatc_funds.framework.carried import NotWholeError, opened, sealed
from spatc_funds.framework.importing import Brought
from spatc_funds.framework.models import ImportKind, Indicator, IndicatorImport, Observation
from spatc_funds.framework.observed import Observed, State
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World
from tests.framework.figures import COLLISIONS_2024, STREET, collision, crime, csv_of, own, own_xlsx
from tests.laws.test_list_cost import counting
from tests.laws.test_templates import faults

LIST, IMPORT, FILES = "/admin/indicators/", "/admin/indicators/import", "/admin/indicators/imports/"
ASB, KSI = "anti-social-behaviour", "killed-or-seriously-injured"
PAGE = f"{LIST}{ASB}/"
LEEDS, BRADFORD = "E08000035", "E08000032"
JAN = ("2026-01-01", "2026-01-31")


def row(area: str = LEEDS, days: tuple[str, str] = JAN, value: str = "12.5", **more: str) -> tuple[str, ...]:
    return (more.get("key", ASB), area, *days, value, more.get("state", ""), more.get("baseline", ""))


def upload(
    browser: Browser, content: bytes, kind: str = "template", name: str = "figures.csv", **more: Any
) -> TestResponse:
    told = {"kind": kind, "source": "Example source", "published_on": ["1", "3", "2026"], "licence": "Example licence"}
    told |= {"file": (io.BytesIO(content), name), "csrf_token": browser.token(IMPORT)} | more
    return browser.post(IMPORT, data=told)


def save(browser: Browser, preview: TestResponse) -> TestResponse:
    figures = re.search(r'name="figures" value="([^"]*)"', preview.text)
    assert figures, preview.text
    return browser.post(
        IMPORT, data={"act": "save", "figures": unescape(figures[1]), "csrf_token": browser.token(IMPORT)}
    )


def imported(browser: Browser, content: bytes, **more: Any) -> TestResponse:
    answer = save(browser, upload(browser, content, **more))
    assert answer.status_code == 303, answer.text
    return answer


def held(app: Flask) -> dict[tuple[str, str], tuple[str, int | None, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Observation)).all()
        return {(each.area, f"{each.period_from}"): (each.state, each.value_milli, each.is_baseline) for each in rows}


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def analyst(world: World) -> Browser:
    return world.browser(world.person("analyst"))


# -- importing ---------------------------------------------------------------------------------------------------------


def test_nothing_is_held_to_begin_with(analyst: Browser) -> None:
    assert "Nothing is held yet" in analyst.get(LIST).text
    page = analyst.get(PAGE).text
    assert "No figure is held yet" in page
    assert faults(page) == []


def test_a_file_is_previewed_and_then_saved(app: Flask, analyst: Browser) -> None:
    preview = upload(analyst, own(row(baseline="yes"), row(BRADFORD)))
    assert preview.status_code == 200
    assert "2 new, 0 would be corrected, 0 stay as they are" in words(preview.text)
    assert faults(preview.text) == []
    assert held(app) == {}
    assert save(analyst, preview).headers["Location"] == FILES
    assert held(app) == {
        (LEEDS, JAN[0]): (State.PUBLISHED, 12_500, True),
        (BRADFORD, JAN[0]): (State.PUBLISHED, 12_500, False),
    }
    with app.app_context():
        made = db.session.scalars(select(IndicatorImport)).one()
        assert (made.kind, made.file_name, made.rows_read, made.added, made.corrected) == (
            ImportKind.TEMPLATE,
            "figures.csv",
            2,
            2,
            0,
        )
        assert (made.source, made.published_on, made.licence) == ("Example source", date(2026, 3, 1), "Example licence")
        assert (made.is_example, len(made.sha256)) == (False, 64)
        assert made.imported_by
        entry = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
        assert entry
        assert (entry.action, entry.actor_id, entry.subject) == ("indicator:import", made.imported_by_id, "figures.csv")


def test_the_same_file_again_changes_nothing_and_says_so(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row(), row(BRADFORD)))
    again = upload(analyst, own(row(), row(BRADFORD)))
    assert "Everything in this file is held already" in again.text
    assert 'name="figures"' not in again.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(IndicatorImport)) == 1


def test_other_values_correct_what_is_held_and_the_log_keeps_the_old_one(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row(), row(BRADFORD)))
    preview = upload(analyst, own(row(value="14"), row(BRADFORD)), name="mended.csv")
    said = words(preview.text)
    assert "0 new, 1 would be corrected, 1 stay as they are" in said
    assert re.search(r"Leeds January 2026 12\.5 14", said)
    assert save(analyst, preview).status_code == 303
    assert held(app)[LEEDS, JAN[0]][1] == 14_000
    with app.app_context():
        last = db.session.scalars(
            select(LogValues)
            .join(LogChange, LogChange.id == LogValues.change_id)
            .where(LogChange.table == "observation", LogChange.verb == "update")
        ).one()
        assert last.values["value_milli"] == [12_500, 14_000]
        assert [
            each.file_name for each in db.session.scalars(select(IndicatorImport).order_by(IndicatorImport.id))
        ] == [
            "figures.csv",
            "mended.csv",
        ]


def test_what_was_seen_is_what_is_saved(app: Flask, analyst: Browser, world: World) -> None:
    preview = upload(analyst, own(row()))
    other = world.browser(world.person("programme officer"))
    imported(other, own(row(value="99")))
    answer = save(analyst, preview)
    assert answer.status_code == 409
    assert "The figures have changed since you looked" in answer.text
    assert "99" in answer.text
    assert held(app)[LEEDS, JAN[0]][1] == 99_000
    assert save(analyst, answer).status_code == 303  # it was looked at again
    assert held(app)[LEEDS, JAN[0]][1] == 12_500


def test_a_preview_is_ones_own_and_cannot_be_made_up(app: Flask, analyst: Browser, world: World) -> None:
    preview = upload(analyst, own(row()))
    officer = world.browser(world.person("programme officer"))
    answer = save(officer, preview)
    assert (answer.status_code, held(app)) == (422, {})
    assert "did not come whole" in answer.text
    for figures in ("", ".", "x.y", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        data = {"act": "save", "figures": figures, "csrf_token": analyst.token(IMPORT)}
        assert analyst.post(IMPORT, data=data).status_code == 422
    assert held(app) == {}


def test_what_is_sealed_comes_back_and_only_with_the_key() -> None:
    observed = (Observed(ASB, LEEDS, date(2026, 1, 1), date(2026, 1, 31), None, baseline=None),)
    brought = Brought(ImportKind.POLICE, "Ü.csv", "0" * 64, 7, "S", date(2026, 1, 2), "L", False, observed)
    text = sealed("key", 3, brought, "shown")
    assert opened("key", 3, text) == (brought, "shown")
    for key, person in (("other", 3), ("key", 4), ("key", None)):
        with pytest.raises(NotWholeError):
            opened(key, person, text)


def test_every_fault_is_named_and_nothing_is_saved(app: Flask, analyst: Browser) -> None:
    answer = upload(
        analyst,
        own(row(), row("York"), *[row(value="x", days=("2020-01-01", f"2020-01-{n:02}")) for n in range(1, 28)]),
    )
    assert answer.status_code == 422
    assert "28 things to mend" in answer.text
    assert "row 3, area: “York” is neither" in unescape(answer.text)
    assert faults(answer.text) == []
    many = upload(analyst, own(*[row(f"Place {n}") for n in range(60)]))
    assert "60 things to mend, the first 50 of them" in words(many.text)
    assert many.text.count("is neither a district") == 50
    assert held(app) == {}


@pytest.mark.parametrize(
    ("more", "words_of"),
    [
        ({"kind": ""}, "Choose what is in the file"),
        ({"source": " "}, "Say where it comes from"),
        ({"licence": ""}, "Enter the licence"),
        ({"published_on": ["", "", ""]}, "Enter the day on which it was published"),
        ({"published_on": ["1", "1", "2100"]}, "must be today or in the past"),
        ({"file": (io.BytesIO(b""), "")}, "Choose the file"),
        ({"file": (io.BytesIO(b"PK\x03\x04"), "a.xlsx")}, "not a spreadsheet that we can read"),
        ({"file": (io.BytesIO(b"\xff\xfe"), "a.csv")}, "not a csv file that we can read"),
    ],
)
def test_a_form_that_is_not_filled_in_is_refused(analyst: Browser, more: dict[str, Any], words_of: str) -> None:
    answer = upload(analyst, own(row()), **more)
    assert answer.status_code == 422
    assert words_of in unescape(answer.text)
    assert faults(answer.text) == []
    assert "Example source" in answer.text or "source" in more


def test_two_baselines_are_refused_in_words(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row(baseline="yes")))
    later = ("2026-02-01", "2026-02-28")
    answer = upload(analyst, own(row(days=later, baseline="yes")))
    assert answer.status_code == 422
    assert "would have 2 baselines" in answer.text
    imported(analyst, own(row(days=later, baseline="yes"), row(baseline="no")))
    assert [place for place, each in held(app).items() if each[2]] == [(LEEDS, later[0])]


def test_the_database_holds_one_baseline_and_a_number_where_there_is_one(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row(baseline="yes"), row(BRADFORD)))
    for changes in ({"area": LEEDS, "is_baseline": True, "period_to": date(2026, 2, 1)}, {"value_milli": None}):
        with app.app_context():
            each = db.session.scalars(select(Observation).where(Observation.area == BRADFORD)).one()
            for name, value in changes.items():
                setattr(each, name, value)
            with pytest.raises(IntegrityError):
                db.session.flush()


def test_example_figures_say_so_everywhere(analyst: Browser, app: Flask) -> None:
    preview = upload(analyst, own(row(baseline="yes"), row(days=("2026-02-01", "2026-02-28"))), example="y")
    assert "Example figures" in preview.text
    assert save(analyst, preview).status_code == 303
    page = analyst.get(PAGE)
    assert page.text.count("Example figures") >= 3
    (drawn,) = re.findall(r"<svg class=\"app-multiple\".*?</svg>", page.text, re.DOTALL)
    assert "Example figures" in drawn
    assert "Example" in analyst.get(LIST).text
    assert "example figures" in analyst.get(f"{PAGE}figures.csv").text
    assert "Example figures" in analyst.get(f"{FILES}export/csv/").text
    refused = upload(analyst, own(row(value="1")))
    assert refused.status_code == 200  # what is published takes an example's place
    imported(analyst, own(row(value="1")))
    answer = upload(analyst, own(row(value="2")), example="y")
    assert (answer.status_code, held(app)[LEEDS, JAN[0]][1]) == (422, 1000)
    assert "an example figure cannot take the place of a published one" in answer.text


def test_crimes_and_collisions_come_in_by_their_own_files(app: Flask, analyst: Browser) -> None:
    rows = [crime("2026-01", "Leeds 001A", "Anti-social behaviour"), crime("2026-01", "Harrogate 001A", "Drugs")]
    preview = upload(analyst, csv_of(STREET, rows), kind="police-uk", name="2026-01-west-yorkshire-street.csv")
    assert "1 row elsewhere, or without a place, left out" in preview.text
    assert save(analyst, preview).status_code == 303
    assert held(app) == {(LEEDS, JAN[0]): (State.PUBLISHED, 1000, False)}
    hurt = csv_of(COLLISIONS_2024, [collision(COLLISIONS_2024, "03/01/2026", LEEDS, "2", casualties="3")])
    preview = upload(analyst, hurt, kind="road-casualties")
    assert "collisions in which somebody was killed or seriously injured" in preview.text
    assert save(analyst, preview).status_code == 303
    page = words(analyst.get(f"{LIST}{KSI}/").text)
    assert "They do not count the people who were hurt" in page
    assert "They do not count the people who were hurt" not in words(analyst.get(PAGE).text)


def test_the_template_is_read_as_it_was_given_out(analyst: Browser, app: Flask) -> None:
    given = analyst.get("/admin/indicators/template.csv")
    assert "attachment" in given.headers["Content-Disposition"]
    line = ",".join(row()).encode()
    imported(analyst, given.data + line + b"\r\n")
    sheet = analyst.get("/admin/indicators/template.xlsx")
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(sheet.data))
    assert book.sheetnames == ["Figures", "What to write"]
    out = io.BytesIO()
    book["Figures"].append(row(BRADFORD))
    book.save(out)
    imported(analyst, out.getvalue(), name="figures.xlsx")
    assert set(held(app)) == {(LEEDS, JAN[0]), (BRADFORD, JAN[0])}
    assert own_xlsx(row())[:2] == b"PK"


def test_a_large_file_is_taken_from_those_who_may_and_from_nobody_else(analyst: Browser, world: World) -> None:
    rows = csv_of(STREET, [crime("2026-01", "Leeds 001A", "Drugs")] * 20_000)
    assert len(rows) > 2 * 1024 * 1024
    assert "20,000 rows read" in upload(analyst, rows, kind="police-uk").text
    other = world.browser(world.person("finance officer"))
    token = other.token("/admin/")
    large = {"file": (io.BytesIO(rows), "a.csv"), "csrf_token": token}
    assert other.post(IMPORT, data=large).status_code == 413
    stranger = world.browser()
    large = {"file": (io.BytesIO(rows), "a.csv"), "csrf_token": stranger.token()}
    assert stranger.post(IMPORT, data=large).status_code == 413
    large = {"file": (io.BytesIO(rows), "a.csv"), "csrf_token": analyst.token(PAGE)}
    assert analyst.post(f"{PAGE}observe", data=large).status_code == 413


# -- reading -----------------------------------------------------------------------------------------------------------


def test_an_indicator_by_district(analyst: Browser) -> None:
    first, second = (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"))
    lines = [row(area, first, str(100 + place), baseline="yes") for place, area in enumerate((LEEDS, BRADFORD))]
    lines += [row(area, second, "90") for area in (LEEDS, BRADFORD)]
    lines += [row("E08000033", second, "", state="no new data published")]
    imported(analyst, own(*lines, row("E23000010", second, "1204.5")))
    page = analyst.get(PAGE)
    said = words(page.text)
    assert "Anti-social behaviour (ASB): below its baseline in 2 of 2 districts" in said
    assert "10 less than the baseline (down 10.0%): as the plan means it to go" in said
    assert "No new data published" in said
    assert "1,204.5" in said
    assert page.text.count("<svg") - analyst.get(LIST).text.count("<svg") == 3
    assert "#12436D" in page.text
    assert faults(page.text) == []
    assert "Example source, published 1 March 2026, Example licence" in said
    assert "5 figures, latest February 2026, 2 baselines" in words(analyst.get(LIST).text)


def test_the_figures_as_a_file(analyst: Browser) -> None:
    imported(analyst, own(row(), row(BRADFORD, value="", state="no new data published")))
    for address in (f"{PAGE}figures.csv", f"{LIST}figures.csv"):
        text = analyst.get(address).text
        assert text.startswith(
            "\ufeffindicator,name,unit,area,area_name,period_from,period_to,value,state,baseline,note"
        )
        assert f"E08000035,Leeds,{JAN[0]},{JAN[1]},12.5,published,no,,Example source,2026-03-01,Example licence" in text
        assert f"E08000032,Bradford,{JAN[0]},{JAN[1]},,no new data published,no,,Example source" in text


def test_what_is_held_takes_two_queries(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row(), row(BRADFORD), row(key="knife-crime"), row("E23000010")))
    with app.app_context():
        plan = queries.current_plan()
        assert plan
        with counting(db.engine) as asked:
            found = queries.observations_of(plan)
            assert {each.indicator.key: sorted(each.series) for each in found if each.series} == {
                ASB: [BRADFORD, LEEDS, "E23000010"],
                "knife-crime": [LEEDS],
            }
            assert all(each.imported and each.imported.source for one in found for each in one.observations)
            assert [one.indicator.position for one in found] == sorted(one.indicator.position for one in found)
        assert len(asked) == 2


def test_the_same_figure_of_a_further_version_is_held_once(app: Flask, analyst: Browser) -> None:
    imported(analyst, own(row()))
    with app.app_context(), unit_of_work(None, Action.PLAN_LOAD):
        first = queries.indicators_by_key()[ASB]
        other = queries.plan_by_key("2024-28")
        assert other
        db.session.add(
            Indicator(
                plan_id=other.id,
                continues_id=first.id,
                key="asb",
                name="ASB",
                definition="",
                unit="",
                direction="down",
                source="",
                position=0,
            )
        )
    with app.app_context():
        other = queries.plan_by_key("2024-28")
        assert other
        (one,) = queries.observations_of(other)
        assert [each.value_milli for each in one.series[LEEDS]] == [12_500]


# -- no new data -------------------------------------------------------------------------------------------------------


def observed(browser: Browser, *areas: str, first: str = "1 4 2026", last: str = "30 4 2026") -> TestResponse:
    data = {"areas": list(areas), "period_from": first.split(), "period_to": last.split()}
    return browser.post(f"{PAGE}observe", data={**data, "csrf_token": browser.token(PAGE)})


def test_no_new_data_is_entered_by_the_form(app: Flask, analyst: Browser) -> None:
    assert observed(analyst, LEEDS, BRADFORD).status_code == 303
    assert "April 2026: no new data published, for 2 areas." in analyst.get(PAGE).text
    assert held(app) == {(area, "2026-04-01"): (State.NO_NEW_DATA, None, False) for area in (LEEDS, BRADFORD)}
    assert observed(analyst, LEEDS).status_code == 303
    assert "That was recorded before" in analyst.get(PAGE).text
    april = ("2026-04-01", "2026-04-30")
    imported(analyst, own(row(days=april)))  # it came out after all
    assert held(app)[LEEDS, "2026-04-01"][:2] == (State.PUBLISHED, 12_500)
    answer = observed(analyst, LEEDS, BRADFORD)
    assert answer.status_code == 422
    assert "A figure is held for Leeds, April 2026" in answer.text
    assert faults(answer.text) == []


@pytest.mark.parametrize(
    ("areas", "first", "last", "message"),
    [
        ((), "1 4 2026", "30 4 2026", "Choose at least one area"),
        ((LEEDS,), "1 5 2026", "30 4 2026", "The last day must be the first day or later"),
        ((LEEDS,), "1 4 2026", "30 4 2100", "The last day must be today or in the past"),
        ((LEEDS,), "", "30 4 2026", "Enter the first day"),
        (("E09000001",), "1 4 2026", "30 4 2026", "Choose only from the options"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    app: Flask, analyst: Browser, areas: tuple[str, ...], first: str, last: str, message: str
) -> None:
    answer = observed(analyst, *areas, first=first or "  ", last=last)
    assert (answer.status_code, held(app)) == (422, {})
    assert message in answer.text


def test_only_those_who_may_import(app: Flask, world: World) -> None:
    board = world.browser(world.person("board member"))
    assert board.get(PAGE).status_code == 200
    assert "Record that no new data" not in board.get(PAGE).text
    assert "Import figures" not in board.get(LIST).text
    assert board.get(IMPORT).status_code == 403
    with app.app_context():
        reader = world.staff("board member")
        brought = Brought(ImportKind.TEMPLATE, "a", "0" * 64, 1, "S", date(2026, 1, 2), "L", False, ())
        with pytest.raises(ForbiddenError):
            importing.import_figures(reader, brought, "", clock.now())
        indicator = queries.indicators_by_key()[ASB]
        with pytest.raises(ForbiddenError):
            importing.observe(reader, indicator, [LEEDS], date(2026, 1, 1), date(2026, 1, 31))


# -- the command -------------------------------------------------------------------------------------------------------


def command(app: Flask, *args: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["import", "indicators", *args])
    return answer.exit_code, answer.output


def test_the_command_loads_a_file_once(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "2026-01-west-yorkshire-street.csv"
    path.write_bytes(csv_of(STREET, [crime("2026-01", "Leeds 001A", "Anti-social behaviour")]))
    told = ("--source", "data.police.uk", "--published", "2026-03-01", "--licence", "OGL 3.0")
    code, text = command(app, "police-uk", str(path), *told)
    assert (code, "1 new figure, 0 corrected, 0 as before." in text) == (0, True), text
    assert "has no row of Burglary" in text
    code, text = command(app, "police-uk", str(path), *told)
    assert (code, "Everything in this file is held already" in text) == (0, True)
    with app.app_context():
        made = db.session.scalars(select(IndicatorImport)).one()
        assert (made.imported_by_id, made.is_example) == (None, False)
        entry = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
        assert entry
        assert (entry.action, entry.actor_id) == ("indicator:load", None)


def test_the_command_names_faults_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(own(row(), row("York"), row("Hull")))
    told = ("--source", "s", "--published", "2026-03-01", "--licence", "l")
    code, text = command(app, "template", str(path), *told)
    assert code == 1
    assert "figures.csv: row 3, area: “York” is neither" in text
    assert "2 faults; nothing was written." in text
    path.write_bytes(own(row(baseline="yes"), row(days=("2026-02-01", "2026-02-28"), baseline="yes")))
    assert "would have 2 baselines" in command(app, "template", str(path), *told)[1]
    path.write_bytes(b"\xff\xfe")
    assert "not a csv file" in command(app, "template", str(path), *told)[1]
    code, text = command(app, "template", str(path), "--source", "s", "--published", "2100-01-01", "--licence", "l")
    assert (code, "published by today" in text) == (1, True)
    assert held(app) == {}


def test_the_command_marks_examples(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(own(row()))
    assert (
        command(
            app, "template", str(path), "--source", "s", "--published", "2026-03-01", "--licence", "l", "--example"
        )[0]
        == 0
    )
    with app.app_context():
        assert db.session.scalars(select(Observation)).one().is_example
        assert db.session.scalar(select(func.count()).select_from(Person)) > 0
