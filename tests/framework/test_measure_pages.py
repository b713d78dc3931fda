"""Measures in the panel: what is used is never changed, and a fund's list is what its new rounds begin with."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from spatc_funds.audit.models import LogEntry
from spatc_funds.cli.loading import read
from spatc_funds.core.problems import ChangedError, ForbiddenError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import measuring, queries
from spatc_funds.framework.measures import (
    ACROSS_PERIODS,
    ACROSS_PROJECTS,
    BASES,
    N_OF_M,
    Reported,
    Rule,
    over_projects,
    rule_faults,
)
from spatc_funds.framework.models import Measure
from spatc_funds.funds import operations
from spatc_funds.funds.models import FundMeasure, Round
from spatc_funds.funds.queries import fund_by_key, round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.returns.models import ReturnValue
from tests.builders import Browser, World
from tests.laws.sent_forms import forms_of
from tests.laws.test_templates import faults

MEASURES, FUNDS = "/admin/measures/", "/admin/fund-measures/"
PEOPLE, SAFE = "people-taking-part", "safe-space-contacts"
NAMED = {  # what the funds are to be able to count
    "people-taking-part",
    "sessions-delivered",
    "volunteers-trained",
    "people-who-feel-safer",
    "people-whose-knowledge-or-skills-improved",
    "young-people-diverted",
    "people-referred-to-support",
    "bystanders-trained",
    "homes-or-streets-made-more-secure",
    "safe-space-contacts",
    "road-users-trained",
}
SAID = measuring.Said(
    name="Cats found",
    unit="cats",
    basis="items",
    direction="up",
    across_periods="sum",
    across_projects="sum",
    label_n="",
    label_of="",
    is_change=False,
    help="Count each cat.",
    outcome="cleaner-safer-greener",
)


@pytest.fixture
def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


def sent(browser: Browser, address: str, **data: str) -> TestResponse:
    (form, *_) = forms_of(browser.get(address).text, address)
    values = {name: found[0] for name, found in form.sent().items()} | data
    return browser.post(form.action, data={**values, "csrf_token": browser.token(address)})


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def versions(key: str) -> list[tuple[int, str, str]]:
    return [(each.version, each.name, each.reason) for each in queries.measure_versions(key)]


# -- how numbers add up ------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(sorted(BASES)), st.sampled_from(sorted(ACROSS_PERIODS)), st.sampled_from(sorted(ACROSS_PROJECTS))
)
def test_a_basis_says_how_it_may_be_added(basis: str, periods: str, projects: str) -> None:
    labels = ("so many", "of so many") if basis == N_OF_M else ("", "")
    found = {field for field, _words in rule_faults(basis, periods, projects, *labels)}
    assert ("across_periods" in found) == (periods not in BASES[basis][1])
    assert ("across_projects" in found) == (projects not in BASES[basis][2])
    if basis == "unique people":
        assert projects != "sum" or "across_projects" in found
    if basis == N_OF_M and not found:
        rule = Rule("x", "X", basis, periods, projects)  # type: ignore[arg-type] # from the closed lists
        assert over_projects(rule, [Reported(date(2026, 1, 1), 0, 50)]).of == 50


def test_only_two_numbers_have_two_labels() -> None:
    assert [field for field, _ in rule_faults(N_OF_M, "sum", N_OF_M, "", "asked")] == ["label_n"]
    assert [field for field, _ in rule_faults("items", "sum", "sum", "", "asked")] == ["label_of"]
    ((field, told),) = rule_faults("unique people", "sum", "range", "", "")
    assert field == "across_periods"
    assert told.startswith("For “people, each counted once” choose: each return counts everything so far")


def test_every_measure_that_came_is_one_that_may_be() -> None:
    for each in read("measures.json"):
        told = (each["basis"], each["across_periods"], each["across_projects"])
        assert rule_faults(*told, each["label_n"] or "", each["label_of"] or "") == [], each["key"]
    assert {each["key"] for each in read("measures.json")} >= NAMED


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_has_each_measure_once(app: Flask, officer: Browser) -> None:
    page = officer.get(MEASURES)
    assert "Safe-space contacts" in page.text
    assert "Add a measure" in page.text
    assert "People, each counted once" in page.text
    assert faults(page.text) == []
    change(officer, PEOPLE, name="People who came", reason="Groups asked what part meant")
    page = officer.get(MEASURES).text
    assert "People who came" in page
    assert "People taking part" not in page
    assert "People who came" in officer.get(f"{MEASURES}export/csv/").text
    with app.app_context():
        assert next(each.name for each in queries.newest_measures()) == "People who came"


def change(browser: Browser, key: str, **data: str) -> None:
    answer = sent(browser, f"{MEASURES}{key}/edit", **data)
    assert answer.status_code == 303, answer.text


# -- changing ----------------------------------------------------------------------------------------------------------


def test_a_measure_that_is_used_gets_a_version_and_what_was_reported_stays(app: Flask, world: World) -> None:
    world.reported()
    officer = world.browser(world.person("programme officer"))
    with app.app_context():
        before = queries.measure_versions(PEOPLE)[0].id
        held = db.session.scalars(select(ReturnValue.measure_id)).all()
        assert before in held
        asked = {each.code: [m.id for m in each.measures] for each in db.session.scalars(select(Round))}
    page = officer.get(f"{MEASURES}{PEOPLE}/edit")
    assert "what you save becomes version 2" in page.text
    assert 'name="basis"' not in page.text
    assert faults(page.text) == []
    refused = sent(officer, f"{MEASURES}{PEOPLE}/edit", name="People who came")
    assert (refused.status_code, "Say why there is a new version" in refused.text) == (422, True)
    change(officer, PEOPLE, name="People who came", reason="Groups asked what part meant")
    with app.app_context():
        assert versions(PEOPLE) == [
            (2, "People who came", "Groups asked what part meant"),
            (1, "People taking part", ""),
        ]
        assert db.session.scalars(select(ReturnValue.measure_id)).all() == held
        assert {each.code: [m.id for m in each.measures] for each in db.session.scalars(select(Round))} == asked
        entry = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
        assert entry
        assert (entry.action, entry.subject, entry.reason) == ("measure:edit", PEOPLE, "Groups asked what part meant")
    shown = words(officer.get(f"{MEASURES}{PEOPLE}/").text)
    assert "2 People who came Groups asked what part meant Nothing yet" in shown
    assert "1 People taking part The first" in shown
    assert "return value" in shown


def test_one_that_nothing_uses_is_changed_in_place(app: Flask, officer: Browser) -> None:
    page = officer.get(f"{MEASURES}{SAFE}/edit").text
    assert "Save as a new version" not in page
    assert 'name="reason"' not in page
    change(officer, SAFE, name="Contacts", basis="events", outcome="cleaner-safer-greener")
    with app.app_context():
        (only,) = queries.measure_versions(SAFE)
        assert (only.version, only.name, only.basis, only.outcome_key) == (
            1,
            "Contacts",
            "events",
            "cleaner-safer-greener",
        )
    assert "Partnership approach to" in officer.get(f"{MEASURES}{SAFE}/").text


def test_nothing_said_is_no_version(app: Flask, officer: Browser) -> None:
    change(officer, PEOPLE, reason="Because")
    with app.app_context():
        assert versions(PEOPLE) == [(1, "People taking part", "")]


def test_a_new_measure(app: Flask, officer: Browser) -> None:
    told: dict[str, str] = {
        "name": "People who tell us more",
        "unit": "people",
        "basis": N_OF_M,
        "across_periods": "sum",
        "across_projects": N_OF_M,
        "label_n": "people who told us",
        "label_of": "people who were asked",
        "direction": "up",
        "help": "Count who told you.",
        "is_change": "y",
    }
    assert faults(officer.get(f"{MEASURES}new").text) == []
    assert sent(officer, f"{MEASURES}new", **told).headers["Location"] == f"{MEASURES}people-who-tell-us-more/"
    again = sent(officer, f"{MEASURES}new", **told)
    assert (again.status_code, "There is a measure of that name already" in again.text) == (422, True)
    wrong = sent(officer, f"{MEASURES}new", **told | {"across_projects": "sum", "label_of": "", "name": "Other"})
    assert wrong.status_code == 422
    assert "both numbers added over projects" in unescape(wrong.text)
    assert "Say what is counted, for both numbers" in wrong.text
    assert faults(wrong.text) == []
    assert "letters or digits" in sent(officer, f"{MEASURES}new", **told | {"name": "…"}).text
    with app.app_context():
        (made,) = queries.measure_versions("people-who-tell-us-more")
        assert (made.is_change, made.label_of, made.outcome_key, made.version) == (
            True,
            "people who were asked",
            None,
            1,
        )
        assert queries.newest_measures()[-1].key == made.key


def test_the_operation_holds_it(app: Flask, world: World) -> None:
    with app.app_context():
        officer, reader = world.staff("programme officer"), world.staff("analyst")
        with pytest.raises(ForbiddenError):
            measuring.edit_measure(reader, None, SAID, "", "")
        with pytest.raises(MissingError):
            measuring.edit_measure(officer, "nothing", SAID, "", "")
        with pytest.raises(NotReadyError, match="an outcome of the current plan"):
            measuring.edit_measure(officer, None, replace(SAID, outcome="nothing"), "", "")
        used = queries.measure_versions(PEOPLE)[0]
        with pytest.raises(ChangedError):
            measuring.edit_measure(officer, PEOPLE, SAID, "Because", "other")
        with pytest.raises(NotReadyError, match="add another measure"):
            measuring.edit_measure(officer, PEOPLE, SAID, "Because", measuring.stamp_of(used))
        db.session.rollback()


def test_two_people_do_not_write_over_each_other(app: Flask, officer: Browser) -> None:
    address = f"{MEASURES}{SAFE}/edit"
    (form, *_) = forms_of(officer.get(address).text, address)
    change(officer, SAFE, help="Other words.")
    values: dict[str, Any] = {name: found[0] for name, found in form.sent().items()}
    answer = officer.post(address, data={**values, "name": "New words", "csrf_token": officer.token(address)})
    assert answer.status_code == 409


def test_the_database_asks_for_a_reason(app: Flask) -> None:
    with app.app_context():
        measure = queries.measure_versions(SAFE)[0]
        measure.version = 2
        with pytest.raises(IntegrityError):
            db.session.flush()


def test_readers_read(app: Flask, world: World) -> None:
    board = world.browser(world.person("board member"))
    assert board.get(f"{MEASURES}{PEOPLE}/").status_code == 200
    assert "Change this measure" not in board.get(f"{MEASURES}{PEOPLE}/").text
    assert board.get(f"{MEASURES}{PEOPLE}/edit").status_code == 403
    assert board.get(f"{MEASURES}nothing/").status_code == 404
    assert "Change" not in words(board.get(FUNDS).text).split("What funds count")[-1]


# -- a fund's list -----------------------------------------------------------------------------------------------------


def choose(browser: Browser, fund: str, *keys: str) -> TestResponse:
    address = f"{FUNDS}{fund}/"
    (form, *_) = forms_of(browser.get(address).text, address)
    data = {"stamp": form.values["stamp"][0], "measures": list(keys), "csrf_token": browser.token(address)}
    return browser.post(address, data=data)


def test_new_rounds_begin_with_the_funds_list(app: Flask, officer: Browser) -> None:
    assert faults(officer.get(FUNDS).text) == []
    assert faults(officer.get(f"{FUNDS}safer-streets/").text) == []
    assert choose(officer, "safer-streets", PEOPLE, SAFE).status_code == 303
    assert "Safe-space contacts" in officer.get(FUNDS).text
    change(officer, PEOPLE, name="People who came", reason="Groups asked")
    example = next(each for each in read("funds.json")["rounds"] if each["code"] == "EX-SS")
    new = {**example, "code": "EX-NEW", "name": "Example round, new"}
    del new["measures"]
    with app.app_context():
        before = [each.id for each in _round("EX-SS").measures]
        with unit_of_work(None, Action.FUND_LOAD):
            operations.load_rounds([new], date(2026, 11, 23))
        found = _round("EX-NEW").measures
        assert [(each.key, each.version) for each in found] == [(PEOPLE, 2), (SAFE, 1)]
        assert [each.id for each in _round("EX-SS").measures] == before


def _round(code: str) -> Round:
    found = round_by_code(code)
    assert found
    return found


def test_a_round_of_before_this_service_asks_nothing(app: Flask) -> None:
    with app.app_context():
        assert _round("MSCF-1").measures == []
        fund = fund_by_key("mayors-safer-communities-fund")
        assert fund
        assert {each.measure_key for each in fund.measure_keys} == {each.key for each in _round("EX-MSCF").measures}


def test_a_list_is_chosen_whole(app: Flask, officer: Browser, world: World) -> None:
    address = f"{FUNDS}safer-streets/"
    (form, *_) = forms_of(officer.get(address).text, address)
    assert choose(officer, "safer-streets").status_code == 303
    with app.app_context():
        fund = fund_by_key("safer-streets")
        assert fund
        assert fund.measure_keys == []
        held = db.session.scalars(select(FundMeasure.fund_id)).all()
        assert fund.id not in held
    stale = {"stamp": form.values["stamp"][0], "measures": [SAFE], "csrf_token": officer.token(address)}
    assert officer.post(address, data=stale).status_code == 409
    assert choose(officer, "safer-streets", "cats").status_code == 422
    assert officer.get(f"{FUNDS}nothing/").status_code == 404
    with app.app_context():
        fund = fund_by_key("safer-streets")
        assert fund
        with pytest.raises(NotReadyError):
            operations.choose_measures(world.staff("programme officer"), fund, ["cats"], operations.stamp_of(fund))
        with pytest.raises(ForbiddenError):
            operations.choose_measures(world.staff("analyst"), fund, [], "")
        assert db.session.scalars(select(Measure).where(Measure.key == "cats")).all() == []
