"""Flask-Admin's own ways of writing, looking up and serving files lead nowhere, whoever asks."""

from pathlib import Path

import flask_admin
import pytest
from flask import Flask
from flask_admin.base import Admin
from jinja2 import TemplateNotFound

from spatc_funds.web.panel import Gate, RegisterView
from tests.laws.cast import Cast
from tests.laws.counts import TRIED

ROOT = Path(__file__).parents[2]
# Flask-Admin's pages and helpers, by their addresses below a view's own.
HIDDEN = (
    "new/",
    "edit/?id=1",
    "delete/",
    "action/",
    "ajax/lookup/?name=round&query=a",
    "ajax/update/",
    "details/?id=1",
    "export/csv/",
)
WRITES = {
    "id": "1",
    "pk": "1",
    "rowid": "1",
    "action": "delete",
    "list_form_pk": "1",
    "name": "changed",
    "state": "accepted",
    "amount_pence": "1",
    "email": "changed@example.org",
    "url": "/admin/",
}
CLOSED = {403, 404, 405}


def panel(app: Flask) -> Admin:
    """The one panel."""
    found = app.extensions["admin"][0]
    assert isinstance(found, Admin)
    return found


def gates(app: Flask) -> list[Gate]:
    """Every view."""
    return [view for view in panel(app)._views if isinstance(view, Gate)]


def registers(app: Flask) -> list[RegisterView]:
    """Every list of rows."""
    return [view for view in panel(app)._views if isinstance(view, RegisterView)]


def test_every_view_is_behind_the_gate(prepared: Flask) -> None:
    assert all(isinstance(view, Gate) for view in panel(prepared)._views)
    assert len(registers(prepared)) > 8


@pytest.mark.parametrize("key", ["everything", "insider", "auditor", "lead", "signed out"])
def test_what_is_posted_past_the_operations_is_refused(cast: Cast, key: str) -> None:
    head, wrong = cast.log_head(), []
    for view in registers(cast.app):
        for hidden in HIDDEN:
            answer = cast.ask(cast.player(key, None), "POST", f"{view.url}/{hidden}", WRITES)
            TRIED["hidden endpoints"] += 1
            if answer.code not in CLOSED:
                wrong.append(f"POST {view.url}/{hidden}: {answer.code}")
    assert wrong == []
    assert cast.log_head() == head


def test_hidden_pages_do_not_open(cast: Cast) -> None:
    """Read as well as posted; details and files only where the view names them."""
    wrong = []
    for view in registers(cast.app):
        named = {"details/?id=1": "details_view", "export/csv/": "export"}
        for hidden in HIDDEN:
            if named.get(hidden) in view.permissions:
                continue
            answer = cast.ask(cast.people["everything"], "GET", f"{view.url}/{hidden}")
            TRIED["hidden endpoints"] += 1
            wrong += [] if answer.code in CLOSED else [f"GET {view.url}/{hidden}: {answer.code}"]
    assert wrong == []


def test_no_rule_of_the_panel_is_unnamed(prepared: Flask) -> None:
    """Each address below /admin is a page that its view names."""
    named = {f"{view.endpoint}.{page}" for view in gates(prepared) for page in view.permissions}
    rules = [rule for rule in prepared.url_map.iter_rules() if rule.rule.startswith("/admin")]
    assert {rule.endpoint for rule in rules} == named


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "tsv", "html", "yaml"])
def test_a_file_comes_in_no_other_format(cast: Cast, kind: str) -> None:
    answer = cast.ask(cast.people["everything"], "GET", f"/admin/awards/export/{kind}/")
    assert answer.code == (200 if kind == "csv" else 404)


def test_bundled_files_are_not_served(cast: Cast) -> None:
    folder = Path(flask_admin.__file__).parent / "static"
    files = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()][:40]
    assert files
    for name in files:
        for address in (f"/admin/static/{name}", f"/static/admin/{name}", f"/static/{name}"):
            assert cast.ask(cast.people["everything"], "GET", address).code == 404


def test_bundled_templates_are_not_found(prepared: Flask) -> None:
    """A name of theirs gives our own template or none."""
    folder = Path(flask_admin.__file__).parent / "templates"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}
    names |= {name.split("/", 1)[1] for name in names if "/" in name}
    assert names
    for name in names:
        try:
            found = prepared.jinja_env.get_template(name)
        except TemplateNotFound:
            continue
        assert Path(str(found.filename)).is_relative_to(ROOT / "templates")


def test_every_template_that_can_be_found_is_ours(prepared: Flask) -> None:
    for name in prepared.jinja_env.list_templates():
        path = (
            Path(str(prepared.jinja_env.get_template(name).filename)) if name.endswith(".html") else ROOT / "templates"
        )
        assert path.is_relative_to(ROOT / "templates"), name


def test_a_panel_page_brings_nothing_of_bootstrap(cast: Cast) -> None:
    text = cast.ask(cast.people["everything"], "GET", "/admin/submissions/").text.lower()
    assert not [word for word in ("bootstrap", "jquery", "select2", "fa_filter", "flask-admin") if word in text]
