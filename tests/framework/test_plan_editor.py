"""Versions of the plan in the panel: only a draft changes, keys stay, and there is one current version."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from spatc_funds.core.problems import ForbiddenError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import editing, plan_parts, queries
from spatc_funds.framework.mapping import Line
from spatc_funds.framework.models import Indicator, PlanMapping, PlanVersion, Theme
from spatc_funds.framework.plan_parts import Said
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import PlanState
from tests.builders import Browser, World
from tests.laws.sent_forms import forms_of
from tests.laws.test_templates import faults

PLANS, OLD = "/admin/plans/", "2021-24"
NEXT = "plan-2028-32"
NONE = content_hash({"lines": []})  # the stamp of a part of which nothing is said
DRAFT = f"{PLANS}{NEXT}/"


@pytest.fixture
def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


@pytest.fixture
def draft(officer: Browser) -> Browser:
    """An officer with a draft that is a copy of the current plan."""
    answer = officer.send(f"{PLANS}new", {"name": "Plan 2028-32", "source": OLD})
    assert answer.headers["Location"] == DRAFT
    return officer


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def sent(browser: Browser, address: str, **data: str) -> TestResponse:
    """The page's own form with these values in it."""
    (form, *_) = forms_of(browser.get(address).text, address)
    values = {name: found[0] for name, found in form.sent().items()} | data
    return browser.post(form.action, data={**values, "csrf_token": browser.token(address)})


def plan(key: str = NEXT) -> PlanVersion:
    found = queries.plan_by_key(key)
    assert found
    return found


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_copy_has_everything_and_shows_nothing_to_the_public(app: Flask, draft: Browser) -> None:
    with app.app_context():
        old, new = plan(OLD), plan()
        assert plan_parts.as_document(new) == plan_parts.as_document(old)
        assert new.strategy_priority == old.strategy_priority
        assert {each.continues_id for each in new.indicators} == {each.id for each in old.indicators}
        assert (new.state, new.document["state"], new.document["name"]) == ("draft", "draft", "Plan 2028-32")
    assert "Nobody outside sees it" in draft.get(DRAFT).text
    page = draft.get("/plan").text
    assert "Plan 2028-32" not in page
    assert "Police and Crime Plan 2024-28" in page
    assert faults(draft.get(DRAFT).text) == []


def test_a_copy_of_a_copy_goes_on_with_the_same_figures(app: Flask, draft: Browser) -> None:
    draft.send(f"{PLANS}new", {"name": "Third", "source": NEXT})
    with app.app_context():
        firsts = {each.key: each.id for each in plan(OLD).indicators}
        assert {each.key: each.continues_id for each in plan("third").indicators} == firsts


def test_an_empty_draft_says_what_it_lacks(officer: Browser) -> None:
    assert officer.send(f"{PLANS}new", {"name": "Empty one", "source": ""}).status_code == 303
    said = words(officer.get(f"{PLANS}empty-one/").text)
    assert "It has no theme" in said
    assert "It has no cross-cutting theme" in said
    assert "Make this the current plan" not in said


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "Enter its name"), ("!!!", "letters or digits"), ("2021-24", "one of that name already")],
)
def test_a_draft_has_a_name_of_its_own(officer: Browser, name: str, message: str) -> None:
    answer = officer.send(f"{PLANS}new", {"name": name, "source": ""})
    assert answer.status_code == 422
    assert message in unescape(answer.text)
    assert faults(answer.text) == []


def test_parts_are_added_named_and_ordered(app: Flask, draft: Browser) -> None:
    assert sent(draft, f"{DRAFT}add/theme", name="Clean air").status_code == 303
    assert (
        sent(draft, f"{DRAFT}add/outcome?under=clean-air", name="Less smoke", heading="maintain-pcsos").status_code
        == 303
    )
    assert sent(draft, f"{DRAFT}add/focus-area?under=clean-air", name="Chimneys").status_code == 303
    told = {"name": "Smoke", "theme": "clean-air", "direction": "down", "source": "A survey"}
    assert sent(draft, f"{DRAFT}add/indicator", **told).status_code == 303
    assert sent(draft, f"{DRAFT}parts/theme/clean-air/", name="Cleaner air").status_code == 303
    assert draft.send(f"{DRAFT}parts/theme/clean-air/move", {"way": "up"}, DRAFT + "edit").status_code == 303
    with app.app_context():
        found = plan()
        assert [theme.key for theme in found.themes] == [
            "neighbourhood-crime-and-asb",
            "road-safety",
            "clean-air",
            "serious-violence",
        ]
        theme = found.themes[2]
        assert (theme.name, [each.name for each in theme.focus_areas]) == ("Cleaner air", ["Chimneys"])
        (outcome,) = theme.outcomes
        assert (outcome.key, outcome.heading and outcome.heading.key) == ("less-smoke", "maintain-pcsos")
        smoke = db.session.scalars(select(Indicator).where(Indicator.key == "smoke")).one()
        assert (smoke.theme_id, smoke.direction, smoke.continues_id) == (theme.id, "down", None)
    for _ in range(5):
        draft.send(f"{DRAFT}parts/theme/clean-air/move", {"way": "down"}, DRAFT + "edit")
    with app.app_context():
        assert plan().themes[-1].key == "clean-air"


def test_a_page_of_each_kind_of_part_opens(draft: Browser, app: Flask) -> None:
    with app.app_context():
        found = {kind: plan_parts.of(plan(), kind)[0].key for kind in plan_parts.KINDS}
    for kind, key in found.items():
        page = draft.get(f"{DRAFT}parts/{kind}/{key}/")
        assert (page.status_code, faults(page.text)) == (200, [])
        under = {"focus-area": "road-safety", "outcome": "road-safety", "commitment": "trust-and-confidence"}.get(
            kind, ""
        )
        assert faults(draft.get(f"{DRAFT}add/{kind}?under={under}").text) == []
    assert draft.get(f"{DRAFT}parts/theme/nothing/").status_code == 404
    assert draft.get(f"{DRAFT}parts/cats/road-safety/").status_code == 404
    assert draft.get(f"{DRAFT}add/outcome?under=nothing").status_code == 404
    assert draft.get(f"{DRAFT}add/cats").status_code == 404


def test_a_part_has_a_name_of_its_own(draft: Browser) -> None:
    for name, message in (
        ("Road safety!", "one of that name already"),
        ("", "Enter its name"),
        ("…", "letters or digits"),
    ):
        answer = sent(draft, f"{DRAFT}add/theme", name=name)
        assert answer.status_code == 422
        assert message in unescape(answer.text)
        assert faults(answer.text) == []


def test_two_people_do_not_write_over_each_other(app: Flask, draft: Browser) -> None:
    address = f"{DRAFT}parts/theme/road-safety/"
    (form, *_) = forms_of(draft.get(address).text, address)
    assert sent(draft, address, name="Roads").status_code == 303
    values = {name: found[0] for name, found in form.sent().items()}
    answer = draft.post(address, data={**values, "name": "Streets for all", "csrf_token": draft.token(address)})
    assert answer.status_code == 409
    assert "Streets for all" in answer.text
    with app.app_context():
        assert {theme.name for theme in plan().themes} >= {"Roads"}
    (form, *_) = forms_of(draft.get(f"{DRAFT}edit").text, f"{DRAFT}edit")
    assert sent(draft, f"{DRAFT}edit", vision="calm").status_code == 303
    values = {name: found[0] for name, found in form.sent().items()}
    answer = draft.post(f"{DRAFT}edit", data={**values, "vision": "wild", "csrf_token": draft.token(f"{DRAFT}edit")})
    assert answer.status_code == 409


def test_what_a_draft_says_of_itself(app: Flask, draft: Browser) -> None:
    told = {"name": "Plan 2029", "vision": "calm", "strategy_priority": "supporting-victims-and-witnesses"}
    assert sent(draft, f"{DRAFT}edit", **told).status_code == 303
    with app.app_context():
        found = plan()
        assert (found.name, found.document["vision"]) == ("Plan 2029", "calm")
        assert found.strategy_priority == "supporting-victims-and-witnesses"
    assert sent(draft, f"{DRAFT}edit", strategy_priority="nothing").status_code == 422


# -- taking out --------------------------------------------------------------------------------------------------------


def remove(browser: Browser, kind: str, key: str) -> TestResponse:
    address = f"{DRAFT}parts/{kind}/{key}/"
    return browser.send(f"{address}remove", {}, address)


def test_a_part_is_taken_out_when_nothing_refers_to_it(app: Flask, draft: Browser) -> None:
    answer = remove(draft, "theme", "road-safety")
    assert answer.status_code == 422
    assert "“Road Safety” is still used: 1 focus area, 1 indicator, 1 outcome. Take that away first." in unescape(
        answer.text
    )
    assert faults(answer.text) == []
    for kind, key in (
        ("focus-area", "vision-zero-partnership"),
        ("outcome", "vision-zero-in-all-districts"),
        ("indicator", "killed-or-seriously-injured"),
        ("theme", "road-safety"),
    ):
        assert remove(draft, kind, key).status_code == 303
    with app.app_context():
        assert [theme.key for theme in plan().themes] == ["neighbourhood-crime-and-asb", "serious-violence"]
        assert "road-safety" in {theme.key for theme in plan(OLD).themes}


def test_what_is_named_elsewhere_stays(app: Flask, draft: Browser) -> None:
    assert "its strategy is this priority" in words(
        remove(draft, "priority", "safer-places-and-thriving-communities").text
    )
    assert "4 outcomes" not in words(remove(draft, "heading", "cleaner-safer-greener").text)
    assert "1 outcome" in words(remove(draft, "heading", "cleaner-safer-greener").text)
    becomes = f"{PLANS}{OLD}/becomes/{NEXT}/cross-cutting-theme/trust-and-confidence/"
    assert sent(draft, becomes, **{"share-trust-and-confidence": "100"}).status_code == 303
    assert "1 line of a mapping" in words(remove(draft, "cross-cutting-theme", "trust-and-confidence").text)


def test_nothing_is_taken_out_of_a_version_that_rounds_are_bound_to(app: Flask, world: World) -> None:
    with app.app_context():
        officer, bound = world.staff("programme officer"), plan("2024-28")
        with unit_of_work(officer.id, Action.PLAN_EDIT):
            editing.add_part(officer, bound, "theme", "", Said("Added"))
        with unit_of_work(officer.id, Action.PLAN_EDIT), pytest.raises(IllegalMoveError, match="2 rounds"):
            editing.remove_part(officer, plan("2024-28"), "theme", "added")
        with unit_of_work(officer.id, Action.PLAN_EDIT):
            part = plan_parts.find(plan("2024-28"), "theme", "added")
            editing.change_part(officer, plan("2024-28"), "theme", "added", Said("Named"), plan_parts.stamp(part))
        assert [(each.key, each.name) for each in plan("2024-28").themes] == [("added", "Named")]


@pytest.mark.parametrize("path", ["edit", "add/theme", "parts/theme/road-safety/"])
def test_a_version_that_is_current_is_frozen(officer: Browser, path: str) -> None:
    answer = officer.get(f"{PLANS}{OLD}/{path}")
    assert answer.status_code == 409
    assert "This version is current, so nothing in it changes any more. Make a next version" in answer.text
    page = officer.get(f"{PLANS}{OLD}/").text
    assert "To correct one, make a next version" in page
    assert "/edit" not in page


def test_the_operations_hold_it_as_well(app: Flask, world: World) -> None:
    with app.app_context():
        officer = world.staff("programme officer")
        acts = (
            lambda old: editing.edit_plan(officer, old, editing.Words("x", "", "", "", ""), ""),
            lambda old: editing.add_part(officer, old, "theme", "", Said("New")),
            lambda old: editing.change_part(officer, old, "theme", "road-safety", Said("Roads"), ""),
            lambda old: editing.move_part(officer, old, "theme", "road-safety", up=True),
            lambda old: editing.remove_part(officer, old, "theme", "road-safety"),
            lambda old: editing.make_current(officer, old),
        )
        for act in acts:
            with pytest.raises(IllegalMoveError, match="This version is current"):
                act(plan(OLD))
        with pytest.raises(MissingError):
            editing.map_part(officer, plan(OLD), plan("2024-28"), "theme", "nothing", {None: 100}, NONE)
        assert [theme.key for theme in plan(OLD).themes][1] == "road-safety"
        db.session.rollback()


# -- making it current -------------------------------------------------------------------------------------------------


def test_making_one_current_closes_the_other(app: Flask, draft: Browser) -> None:
    sent(draft, f"{DRAFT}parts/theme/road-safety/", name="Safer Roads")
    sent(draft, f"{DRAFT}add/cross-cutting-theme", name="Clean air")
    assert f'href="{DRAFT}make-current"' in draft.get(DRAFT).text
    read = draft.get(f"{DRAFT}make-current").text
    assert faults(read) == []
    for said in ("is closed. What was funded under it keeps its words", "Not said yet", "not tagged"):
        assert said in read
    assert draft.send(f"{DRAFT}make-current", {}, f"{DRAFT}make-current").status_code == 303
    assert draft.get(f"{DRAFT}make-current").status_code == 409
    page = draft.get("/plan").text
    assert "Safer Roads" in page
    assert "Clean air" in page
    assert "This page shows the Plan 2028-32" in page
    assert draft.get("/plan/road-safety").status_code == 200
    assert draft.get("/plan/cross-cutting/clean-air").status_code == 200
    assert "0808 802 9999" in draft.get("/help-and-support").text
    with app.app_context():
        assert (plan(OLD).state, plan(OLD).document["state"]) == (PlanState.CLOSED, "closed")
        assert (plan().state, plan().document["state"]) == (PlanState.CURRENT, "current")
        assert [each.key for each in db.session.scalars(select(PlanVersion).where(PlanVersion.state == "current"))] == [
            NEXT
        ]
    assert draft.post(f"{PLANS}{OLD}/make-current", data={"csrf_token": draft.token()}).status_code == 409
    assert draft.get("/admin/indicators/anti-social-behaviour/").status_code == 200


def test_an_incomplete_version_is_refused_with_what_is_missing(app: Flask, officer: Browser) -> None:
    address = f"{PLANS}2024-28/"
    answer = officer.send(f"{address}make-current", {}, f"{address}edit")
    assert answer.status_code == 422
    assert "It has no theme" in answer.text
    assert faults(answer.text) == []
    with app.app_context():
        assert plan(OLD).state is PlanState.CURRENT


def test_the_help_pages_stay_whole_when_an_empty_version_becomes_current(app: Flask, officer: Browser) -> None:
    address = f"{PLANS}2024-28/"
    for path, name in (
        ("theme", "Clean air"),
        ("outcome?under=clean-air", "Less smoke"),
        ("cross-cutting-theme", "Trust"),
    ):
        assert sent(officer, f"{address}add/{path}", name=name).status_code == 303
    assert officer.send(f"{address}make-current", {}, address).status_code == 303
    for path in ("/plan", "/plan/clean-air", "/plan/cross-cutting/trust", "/help-and-support"):
        page = officer.get(path)
        assert (page.status_code, faults(page.text)) == (200, [])
        assert "None" not in words(page.text)
    assert "0800 1111" in officer.get("/help-and-support").text


def test_the_database_holds_one_current_version(app: Flask) -> None:
    with app.app_context():
        plan("2024-28").state = PlanState.CURRENT
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
        with pytest.raises(IllegalMoveError):
            plan(OLD).state = PlanState.DRAFT


# -- mapping -----------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_not_mapped_yet(app: Flask, draft: Browser) -> None:
    becomes = f"{PLANS}{OLD}/becomes/{NEXT}/"
    page = draft.get(becomes)
    assert "3 of 3 not mapped yet" in page.text
    assert faults(page.text) == []
    roads = f"{becomes}theme/road-safety/"
    assert faults(draft.get(roads).text) == []
    split = {"share-road-safety": "60", "share-serious-violence": "40"}
    assert sent(draft, roads, **split).status_code == 303
    assert sent(draft, f"{becomes}theme/serious-violence/", ends="y").status_code == 303
    said = words(draft.get(becomes).text)
    assert "60% Road Safety, 40% Serious Violence" in said
    assert "Ends here" in said
    assert "1 of 3 not mapped yet" in said
    assert draft.send(f"{becomes}same", {}, becomes).status_code == 303
    said = words(draft.get(becomes).text)
    assert "All of them are mapped" in said
    assert "not mapped yet" not in said
    with app.app_context():
        lines = plan_parts.mapping_lines(plan(OLD), plan(), "theme")
        assert Line("road-safety", "road-safety", 60) in lines
        assert Line("serious-violence", None) in lines
        assert plan_parts.mapping_lines(plan(OLD), plan(), "measure")
    one = draft.get(roads).text
    assert 'value="60"' in one
    assert sent(draft, roads, **{"share-road-safety": "100", "share-serious-violence": ""}).status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(PlanMapping).where(PlanMapping.from_key == "road-safety")).all()
        assert [(each.to_key, each.percent) for each in rows if each.kind == "theme"] == [("road-safety", 100)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"share-road-safety": "60"}, "They add up to 60"),
        ({"share-road-safety": "100", "ends": "y"}, "becomes nothing else"),
        ({}, "Say what this becomes, or that it ends here"),
        ({"share-road-safety": "half"}, "must be a whole number"),
    ],
)
def test_a_mapping_that_does_not_add_up_is_refused(
    app: Flask, draft: Browser, data: dict[str, str], message: str
) -> None:
    address = f"{PLANS}{OLD}/becomes/{NEXT}/theme/road-safety/"
    answer = sent(draft, address, **data)
    assert answer.status_code == 422
    assert message in unescape(answer.text)
    assert faults(answer.text) == []
    with app.app_context():
        assert db.session.scalars(select(PlanMapping)).all() == []


def test_a_mapping_of_nothing_is_not_there(draft: Browser) -> None:
    for path in (f"{OLD}/becomes/{OLD}/", f"{OLD}/becomes/nothing/", f"{OLD}/becomes/{NEXT}/theme/nothing/"):
        assert draft.get(PLANS + path).status_code == 404
    assert draft.get(f"{PLANS}{OLD}/becomes/{NEXT}/heading/maintain-pcsos/").status_code == 404


# -- who ---------------------------------------------------------------------------------------------------------------


def test_readers_read_and_an_administrator_does_not(app: Flask, world: World) -> None:
    board = world.browser(world.person("board member"))
    page = board.get(f"{PLANS}2024-28/").text
    assert "Add a theme" not in page
    assert board.get(f"{PLANS}{OLD}/becomes/2024-28/").status_code == 200
    assert board.get(f"{PLANS}new").status_code == 403
    assert world.browser(world.person("administrator")).get(PLANS).status_code == 403
    with app.app_context():
        reader, actors = world.staff("board member"), plan("2024-28")
        acts = (
            lambda: editing.create_plan(reader, "x", None),
            lambda: editing.add_part(reader, actors, "theme", "", Said("x")),
            lambda: editing.make_current(reader, actors),
            lambda: editing.map_part(reader, plan(OLD), actors, "theme", "road-safety", {None: 100}, NONE),
            lambda: editing.map_same(reader, plan(OLD), actors),
        )
        for act in acts:
            with pytest.raises(ForbiddenError):
                act()


def test_an_outcome_stands_under_a_heading_of_its_own_version(app: Flask, world: World, draft: Browser) -> None:
    with app.app_context():
        officer = world.staff("programme officer")
        for said in (Said("Less", heading="nothing"),):
            with pytest.raises(NotReadyError, match="Choose a heading"):
                editing.add_part(officer, plan(), "outcome", "road-safety", said)
        db.session.rollback()
        assert db.session.scalars(select(Theme).where(Theme.plan_id == plan().id)).all()


def test_two_windows_on_one_mapping_are_told(draft: Browser) -> None:
    address = f"{PLANS}{OLD}/becomes/{NEXT}/theme/road-safety/"
    (mine, *_) = forms_of(draft.get(address).text, address)
    assert sent(draft, address, **{"share-road-safety": "100"}).status_code == 303
    values = {name: found[0] for name, found in mine.sent().items()} | {"ends": "y"}
    late = draft.post(mine.action, data={**values, "csrf_token": draft.token(address)})
    assert late.status_code == 409
    assert "Road Safety" in words(draft.get(f"{PLANS}{OLD}/becomes/{NEXT}/").text)
    assert sent(draft, address, ends="y", **{"share-road-safety": ""}).status_code == 303
