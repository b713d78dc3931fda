"""Every endpoint is guarded, or on the short public list here; routes and permissions stand as readable snapshots."""

import os
from pathlib import Path

import pytest
from flask import Flask

from spatc_funds.cli import law
from spatc_funds.cli.law import guards, moves, permissions, routes
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import PERMISSIONS, Scope
from spatc_funds.policy.roles import Role
from spatc_funds.policy.workflow import WORKFLOWS

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
# What a stranger may ask for. A new public page is written here on purpose, or fails.
PUBLIC = {
    "static",
    "health",
    "accounts.sign_in",
    "accounts.code",
    "accounts.link",
    "accounts.name",
    "framework.plan",
    "framework.theme",
    "framework.cross_cutting",
    "framework.help_and_support",
    "funds.index",
    "funds.fund",
    "funds.show",
    "funds.ask_format",
    "applications.begin",
    "applications.questions",
    "applications.questions_download",
    "applications.eligibility",
    "applications.eligible",
    "applications.not_eligible",
    "impact.statements",
    "impact.statement",
    "impact.download_figures",
    "home.index",
    "home.funded",
    "home.accessibility",
    "home.privacy",
    "home.cookies",
    "home.terms",
    "home.contact",
}


def test_every_endpoint_is_guarded_or_public_on_purpose(prepared: Flask) -> None:
    found = guards(prepared)
    assert {endpoint for endpoint, guard in found.items() if guard is None} == set()
    assert {endpoint for endpoint, guard in found.items() if guard == "public"} == PUBLIC


def test_no_endpoint_is_without_an_address(prepared: Flask) -> None:
    assert set(prepared.view_functions) == {rule.endpoint for rule in prepared.url_map.iter_rules()}


def test_every_room_is_wired(prepared: Flask) -> None:
    """create_app may print and go on: a room whose pages are missing fails here."""
    rooms = {endpoint.split(".")[0] for endpoint in prepared.view_functions if "." in endpoint}
    assert rooms >= {"accounts", "framework", "funds", "applications", "awards", "returns", "home", "admin"}
    panels = {room for room in rooms if room.startswith("panel_")}
    assert panels >= {"panel_rounds", "panel_submissions", "panel_assessment", "panel_decisions", "panel_dues"}
    assert panels >= {"panel_returns", "panel_impact", "panel_workbook", "panel_people", "panel_log"}


def test_nobody_acts_by_a_permission_that_only_commands_have(prepared: Flask) -> None:
    for endpoint, guard in guards(prepared).items():
        assert guard in {None, "public"} or PERMISSIONS[Action(guard)], f"{endpoint} opens to nobody"


def test_every_act_of_a_person_has_its_page(prepared: Flask) -> None:
    guarded = set(guards(prepared).values())
    told = {action.value for action, roles in PERMISSIONS.items() if roles}
    assert told - guarded == set(WITHOUT_A_PAGE)


WITHOUT_A_PAGE = {
    "application:start": "choosing the group makes the draft: applications.organisation",
}


@pytest.mark.parametrize("name", ["routes", "permissions", "moves"])
def test_the_snapshot_is_as_it_was_agreed(prepared: Flask, name: str) -> None:
    """UPDATE_SNAPSHOTS=1 writes it anew; the difference is then read in the commit."""
    text = {"routes": lambda: routes(prepared), "permissions": permissions, "moves": moves}[name]()
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{name} changed: UPDATE_SNAPSHOTS=1 if that is meant"


def test_the_law_is_printed_as_it_was_agreed(prepared: Flask) -> None:
    answer = prepared.test_cli_runner().invoke(args=["law"])
    assert answer.exit_code == 0
    for path in sorted(SNAPSHOTS.glob("*.txt")):
        assert path.read_text(encoding="utf-8") in answer.output


def test_every_single_permission_and_move_is_in_the_printed_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any one out, or give any act to one more role: the snapshot is another, so the commit has to show it."""
    agreed = {name: (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8") for name in ("permissions", "moves")}
    for action, granted in PERMISSIONS.items():
        fewer = [{role: scope for role, scope in granted.items() if role is not lost} for lost in granted]
        more = [{**granted, role: Scope.ANYWHERE} for role in Role if granted.get(role) is not Scope.ANYWHERE]
        for changed in (*fewer, *more):
            monkeypatch.setattr(law, "PERMISSIONS", {**PERMISSIONS, action: changed})
            assert permissions() != agreed["permissions"], (action, changed)
    monkeypatch.undo()
    for states, legal in WORKFLOWS.items():
        for lost in legal:
            kept = {move: end for move, end in legal.items() if move != lost}
            monkeypatch.setattr(law, "WORKFLOWS", {**WORKFLOWS, states: kept})
            assert moves() != agreed["moves"], lost
