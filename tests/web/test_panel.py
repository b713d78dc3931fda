"""The panel's base views in a small application of its own: closed until named, and no address breaks them."""

import csv
import io
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import flask_admin.base
import flask_admin.contrib.sqla.view
import flask_admin.model.base
import pytest
from flask import Blueprint, Flask, abort, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView
from sqlalchemy import ColumnElement, ForeignKey, String, event, insert, select, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship

from spatc_funds.admin import log
from spatc_funds.admin.compose import build_panel
from spatc_funds.audit.models import AccessEntry, LogChange, LogEntry, LogValues
from spatc_funds.db.base import db
from spatc_funds.db.types import Pence, UtcDateTime, coded
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import PERMISSIONS, Person, Subject
from spatc_funds.policy.roles import Role
from spatc_funds.web import errors, guards, reads, security
from spatc_funds.web.panel import Filter, Gate, PanelHome, RegisterView, expose
from spatc_funds.web.panel_gate import Gate as GateClass
from spatc_funds.web.panel_rows import Rows

TEMPLATES = Path(__file__).parents[2] / "templates"
OWN_PAGE = "/admin/bids/"


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={datetime: UtcDateTime})


class State(StrEnum):
    SENT = "sent"
    SENT_BACK = "sent back"


class Club(Base):
    __tablename__ = "test_club"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Bid(Base):
    __tablename__ = "test_bid"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(80))
    club_id: Mapped[int | None] = mapped_column(ForeignKey("test_club.id"))
    state: Mapped[State] = mapped_column(coded(State))
    amount_pence: Mapped[Pence | None]
    people: Mapped[int]
    flagged: Mapped[bool]
    starts_on: Mapped[date | None]
    sent_at: Mapped[datetime]
    hidden: Mapped[bool]
    club: Mapped[Club | None] = relationship()

    @property
    def subject(self) -> Subject:
        """What the law has to know."""
        return Subject(bid=self.reference, hands={Action.ASSESSMENT_SCORE: frozenset({7})})


def seen_by(actor: Person) -> ColumnElement[bool]:
    """Auditors see the hidden one too."""
    return true() if Role.AUDITOR in actor.roles else Bid.hidden.is_(False)


class Bids(RegisterView):
    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.SUBMISSION_LIST,
        "details_view": Action.SUBMISSION_LIST,
        "export": Action.SUBMISSION_LIST,
        "mark": Action.RESULT_SETTLE,
    }
    visible = staticmethod(seen_by)
    can_view_details = can_export = True
    bulk_acts: ClassVar[Mapping[str, str]] = {"mark": "Mark"}
    column_list = ("reference", "title", "club.name", "state", "amount_pence", "flagged", "starts_on", "sent_at")
    column_details_list = ["reference", "title", "amount_pence"]  # Flask-Admin's setting
    column_sortable_list = ("reference", "club.name", "amount_pence", "starts_on")
    column_searchable_list = ("reference", "title", "club.name")
    column_default_sort = "reference"
    page_size = 5
    filters: ClassVar[Sequence[Filter]] = (
        Filter("state", Bid.state, "State", "pick"),
        Filter("flagged", Bid.flagged, "Flagged", "pick"),
        Filter("club", Bid.club_id, "Club", "pick", choices=lambda: {str(key): name for key, name in clubs()}),
        Filter("clubname", "club.name", "Club's name"),
        Filter("title", Bid.title, "Title"),
        Filter("people", Bid.people, "People", "number", operator.ge),
        Filter("least", Bid.amount_pence, "Amount from", "money", operator.ge),
        Filter("from", Bid.starts_on, "Starts from", "date", operator.ge),
        Filter("sent", Bid.sent_at, "Sent on", "date"),
        Filter("sentby", Bid.sent_at, "Sent by", "date", operator.le),
    )

    @expose("/mark/", methods=("POST",))
    def mark(self) -> ResponseReturnValue:
        """Answer with what was chosen."""
        return ",".join(row.reference for row in self.chosen())


class Shut(RegisterView):
    """Nothing but the list."""

    permissions: ClassVar[Mapping[str, Action]] = {"index_view": Action.SUBMISSION_LIST}
    visible = None
    column_list = ("reference", "title")

    def row_link(self, row: Bid) -> str | None:
        """A page of its own."""
        return f"/elsewhere/{row.reference}"


class Desk(Gate):
    permissions: ClassVar[Mapping[str, Action]] = {
        "queue": Action.SUBMISSION_LIST,
        "decide": Action.RECOMMENDATION_MAKE,
        "broken": Action.SUBMISSION_LIST,
    }
    runs = 0

    @expose("/")
    def queue(self) -> ResponseReturnValue:
        """Show nothing."""
        return self.render("admin/index.html")

    @expose("/<ref:reference>/")
    def decide(self, reference: str) -> ResponseReturnValue:
        """Answer with the thing."""
        return self.load(Action.RECOMMENDATION_MAKE, find_bid, reference).title

    @expose("/broken/")
    def broken(self) -> ResponseReturnValue:
        """Raise what Flask-Admin would hide."""
        type(self).runs += 1
        raise TypeError

    @expose("/unnamed/")
    def unnamed(self) -> ResponseReturnValue:
        """Never be reached: no permission names this page."""
        abort(418)


def clubs() -> Sequence[Any]:
    return db.session.execute(select(Club.id, Club.name).order_by(Club.name)).all()


def find_bid(reference: str) -> Bid | None:
    return db.session.scalar(select(Bid).where(Bid.reference == reference))


def room(category: str, *made: BaseView) -> ModuleType:
    module = ModuleType(category)
    module.CATEGORY, module.views = category, lambda: list(made)  # type: ignore[attr-defined]
    return module


def seed() -> None:
    for name in ("person", "log_entry", "log_change", "log_values", "access_entry"):
        db.metadata.tables[name].create(db.engine)
    Base.metadata.create_all(db.engine)
    sent = datetime(2026, 7, 4, 14, 15, tzinfo=UTC)
    plain = {"club_id": 1, "state": State.SENT, "people": 10, "flagged": False, "starts_on": None, "hidden": False}
    bids: list[dict[str, Any]] = [
        plain | {"id": n, "reference": f"EX-{n:03}", "title": f"Hall {n}", "amount_pence": n * 10_000, "sent_at": sent}
        for n in range(1, 9)
    ]
    bids[0] |= {"title": "100% safe_streets", "flagged": True, "people": 500, "club_id": 2}
    bids[1] |= {"title": "=HYPERLINK(1)", "amount_pence": None, "starts_on": date(2026, 9, 1)}
    bids[2] |= {"state": State.SENT_BACK, "club_id": None, "sent_at": datetime(2026, 7, 4, 23, 30, tzinfo=UTC)}
    bids[7] |= {"title": "Secret refuge", "hidden": True}
    entry = {"actor_id": 3, "subject": "EX-001", "changes_digest": "", "previous": "", "hash": "abc", "at": sent}
    with db.engine.begin() as connection:
        connection.execute(insert(Club), [{"id": 1, "name": "Batley Boxing"}, {"id": 2, "name": "Ötley <Choir>"}])
        connection.execute(insert(Bid), bids)
        connection.execute(
            insert(LogEntry),
            [
                entry | {"id": 1, "action": "application:submit", "reason": ""},
                entry | {"id": 2, "action": "decision:take", "reason": "Best value", "actor_id": None},
            ],
        )
        connection.execute(
            insert(LogChange),
            [
                {"id": 1, "entry_id": 1, "table": "application", "row": "5", "verb": "update", "digest": ""},
                {"id": 2, "entry_id": 1, "table": "organisation", "row": "6", "verb": "insert", "digest": ""},
            ],
        )
        values = {"state": ["draft", "submitted"], "sort_code": [None, "sha256:00"]}
        connection.execute(insert(LogValues), [{"change_id": 1, "salt": "", "values": values}])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY="test",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path_factory.mktemp('panel') / 'panel.db'}",
        PROPAGATE_EXCEPTIONS=False,
    )
    db.init_app(app)
    app.url_map.converters["ref"] = guards.ReferenceConverter
    for part in (security, reads, errors):
        part.register(app)
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/sign-in", "sign_in", lambda: "sign in")
    app.register_blueprint(pages)
    app.extensions[guards.SIGN_IN_ENDPOINT] = "pages.sign_in"
    app.extensions[guards.ACTOR_LOADER] = signed_in
    bids = Bids(Bid, name="Bids", endpoint="panel_bids", url="bids")
    shut = Shut(Bid, name="Shut", endpoint="panel_shut", url="shut")
    desk = Desk(name="Desk", endpoint="panel_desk", url="desk")
    build_panel(app, [room("Casework", bids, shut), room("Desks", desk), log], PanelHome())
    with app.app_context():
        seed()
    yield app
    with app.app_context():
        db.engine.dispose()


def signed_in() -> Person:
    """Whoever the test says, in a header."""
    name = request.headers.get("As", "")
    known = {role.value: role for role in Role}
    assert not name or name in known or name in {"nobody", "stranger"}
    if name in {"", "stranger"}:
        return Person(id=None)
    return Person(id=7, roles=frozenset({known[name]} if name in known else ()))


class Visitor:
    """Fetches pages in a role; no page may answer with a server's error or carry a style or script of its own."""

    def __init__(self, client: FlaskClient, role: str) -> None:
        self.client, self.role = client, role

    def open(self, address: str, method: str = "GET", **kwargs: Any) -> tuple[int, str]:
        response = self.client.open(address, method=method, headers={"As": self.role}, **kwargs)
        text = response.get_data(as_text=True)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|<style", text), address
        return response.status_code, text


@pytest.fixture
def officer(app: Flask) -> Visitor:
    return Visitor(app.test_client(), "programme officer")


@pytest.fixture
def auditor(app: Flask) -> Visitor:
    return Visitor(app.test_client(), "auditor")


def references(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"EX-\d{3}", page[page.index("<tbody") :] if "<tbody" in page else "")))


def listed(visitor: Visitor, query: str = "", status: int = 200) -> list[str]:
    code, page = visitor.open(OWN_PAGE + query)
    assert code == status
    return references(page)


def test_private_names_that_are_overridden_exist() -> None:
    """Flask-Admin is pinned: another version may call other names, and then these would silently do nothing."""
    assert version("flask-admin") == "2.2.1"
    base, model, sqla = (
        flask_admin.base.BaseView,
        flask_admin.model.base.BaseModelView,
        flask_admin.contrib.sqla.view.ModelView,
    )
    known = {name for kind in (base, model, sqla) for name in dir(kind)}
    overridden = {
        GateClass: {"_handle_view", "_run_view", "_default_view", "_urls"},
        Rows: {"_apply_search", "_order_by", "_apply_sorting", "_prettify_name"},
    }
    for kind, names in overridden.items():
        assert names <= known
        assert names - {"_default_view", "_urls"} <= set(vars(kind))
    used = {"_apply_path_joins", "_refresh_cache"}
    replaced = {"create_view", "edit_view", "delete_view", "action_view", "ajax_lookup", "ajax_update", "action_delete"}
    assert used | replaced <= known
    assert replaced <= set(vars(Rows))


def test_only_named_pages_have_an_address(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("panel_", "admin"))}
    assert pages == {
        "admin.index",
        "panel_bids.index_view",
        "panel_bids.details_view",
        "panel_bids.export",
        "panel_bids.mark",
        "panel_shut.index_view",
        "panel_desk.queue",
        "panel_desk.decide",
        "panel_desk.broken",
        "panel_log.index_view",
        "panel_log.details_view",
        "panel_log.export",
    }
    guarded = {page: guards.guard_of(page, app.view_functions) for page in pages}
    assert guarded["admin.index"] == Action.PANEL_OPEN.value
    assert guarded["panel_bids.mark"] == Action.RESULT_SETTLE.value
    assert all(guarded.values())


ADDRESSES = ("/admin/", OWN_PAGE, "/admin/bids/details/?id=1", "/admin/bids/export/csv/", "/admin/desk/", "/admin/log/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_gets_in(app: Flask, address: str) -> None:
    stranger = app.test_client().get(address)
    assert stranger.status_code == 303
    assert stranger.location.startswith("/sign-in?next=")
    code, page = Visitor(app.test_client(), "nobody").open(address)
    assert code == 403
    assert "EX-0" not in page


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_each_role_gets_what_the_law_grants(app: Flask, role: str) -> None:
    visitor = Visitor(app.test_client(), role)
    pages = {"/admin/": Action.PANEL_OPEN, OWN_PAGE: Action.SUBMISSION_LIST, "/admin/log/": Action.LOG_LIST}
    for address, action in pages.items():
        may = {Role(role), Role.ANYONE_SIGNED_IN} & set(PERMISSIONS[action])
        code, page = visitor.open(address)
        assert code == (200 if may else 403)
        if code == 200:
            assert ('href="/admin/log/"' in page) == (Role(role) in PERMISSIONS[Action.LOG_LIST])


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("end", [
    "new/", "edit/?id=1", "delete/", "action/", "ajax/lookup/?name=club&query=a", "ajax/update/", "export/xlsx/",
    "static/admin/js/filters.js", "../static/bootstrap/bootstrap4/css/bootstrap.min.css",
])  # fmt: skip
def test_stock_pages_do_not_exist(officer: Visitor, method: str, end: str) -> None:
    before = listed(officer)
    for view in ("bids", "shut"):
        form = {"id": "1", "action": "delete", "rowid": "1", "list_form_pk": "1", "title": "changed"}
        code, _ = officer.open(f"/admin/{view}/{end}", method, data=form if method != "GET" else None)
        assert code in {404, 405}
    assert listed(officer) == before


@pytest.mark.parametrize("address", [
    "/admin/static/bootstrap/bootstrap4/css/bootstrap.min.css", "/static/admin/vendor/jquery.min.js",
    "/admin/shut/details/?id=1", "/admin/shut/export/csv/", "/admin/desk/unnamed/",
])  # fmt: skip
def test_what_was_not_named_is_missing(officer: Visitor, address: str) -> None:
    assert officer.open(address)[0] == 404


HOSTILE = [
    "?page=0", "?page=-1", "?page=99999999999999999999", "?page=2147483648", "?page=x", "?page=1.5", "?page=%D9%A3",
    "?page=999999999", "?sort=nonsense", "?sort=-", "?sort=--amount", "?sort=hidden", "?sort=amount_pence", "?sort=0",
    "?sort=__class__", "?q=%00", "?title=%00", "?q=" + "a" * 101, "?q=%3D%5C", "?q=%25", "?q=_", "?q=%5C",
    "?q=%27%22%3C",
    "?q=%F0%9F%98%80", "?q=%FF%FE", "?q=^x", "?endpoint=x", "?_method=POST", "?_external=1&_scheme=javascript&q=x",
    "?_anchor=x&q=hall", "?url=//[x", "?url=http://elsewhere/", "?url=javascript:alert(1)", "?url=/%5C%5Celsewhere",
    "?state=nonsense", "?state=SENT", "?flagged=maybe", "?club=x", "?club=99999999999999", "?club=1%20or%201",
    "?people=x", "?people=-5", "?people=99999999999999", "?people=1e9", "?people=%D9%A3", "?people=2147483648",
    "?least=x", "?least=NaN", "?least=1e400", "?least=99999999999999999", "?least=-1", "?from=x", "?from=2026-02-30",
    "?from=9999-12-31", "?from=0001-01-01", "?from=20260331", "?sent=2199-12-31", "?sent=1900-01-01", "?sentby=x",
    "?title=" + "a" * 101, "?clubname=%25%5C", "?page_size=0", "?flt0_0=x", "?search=x&desc=1", "?q=&page=&sort=",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_address_breaks_a_list(officer: Visitor, query: str) -> None:
    for address in (OWN_PAGE, "/admin/bids/export/csv/", "/admin/log/"):
        assert officer.open(address + query)[0] in {200, 302, 400, 403, 404}
        assert officer.open(address + query, "HEAD")[0] < 500


@pytest.mark.parametrize("key", [
    "1,2", "1%2C2", "", "x", "-1", "0", "99999999999999999999", "2147483648", "999999999", "1.0", "%00", "1&id=2",
    "EX-001", "8", "%D9%A3", "1&url=//[x", "1&url=http://elsewhere/", "1&modal=1", "1&_method=POST", "' or 1=1 --",
])  # fmt: skip
def test_no_key_breaks_a_page(officer: Visitor, key: str) -> None:
    code, page = officer.open(f"/admin/bids/details/?id={key}")
    assert code in {200, 400, 404}
    assert "Secret" not in page
    assert (code == 200) == (key in {"1&id=2", "1&modal=1", "1&_method=POST"})


def test_wrong_filters_say_so(officer: Visitor) -> None:
    code, page = officer.open(f"{OWN_PAGE}?people=many&from=soon&least=lots&state=lost")
    assert code == 200
    assert "<title>Error: Bids (page 1 of 2) - Officers' panel - " in page
    for message in ("Enter a whole number", "Enter a real date", "Enter an amount", "Choose one of the values"):
        assert page.count(message) == 2
    assert 'href="#f-people"' in page
    assert "export" not in page
    assert officer.open("/admin/bids/export/csv/?people=many")[0] == 400


def test_rows_out_of_scope_are_nowhere(officer: Visitor, auditor: Visitor) -> None:
    assert "7 found, page 1 of 2" in officer.open(OWN_PAGE)[1]
    assert "8 found, page 1 of 2" in auditor.open(OWN_PAGE)[1]
    assert listed(officer, "?q=refuge") == []
    assert listed(auditor, "?q=refuge") == ["EX-008"]
    assert officer.open("/admin/bids/details/?id=8")[0] == 404
    assert auditor.open("/admin/bids/details/?id=8")[0] == 200
    assert "EX-008" not in officer.open("/admin/bids/export/csv/")[1]
    assert "EX-008" in auditor.open("/admin/bids/export/csv/")[1]
    assert officer.open("/admin/bids/mark/", "POST", data={"row": ["8", "1", "1,2", "x", "9" * 30]}) == (200, "EX-001")
    assert auditor.open("/admin/bids/mark/", "POST", data={"row": ["1"]})[0] == 403


def numbers(*of: int) -> list[str]:
    return [f"EX-{n:03}" for n in of]


@pytest.mark.parametrize(("query", "found"), [
    ("", numbers(1, 2, 3, 4, 5)),
    ("?page=2", numbers(6, 7)),
    ("?sort=-reference", numbers(7, 6, 5, 4, 3)),
    ("?sort=amount", numbers(1, 3, 4, 5, 6)),
    ("?sort=-amount&page=2", numbers(1, 2)),
    ("?sort=amount&page=2", numbers(7, 2)),
    ("?sort=club.name&page=2", numbers(1, 3)),
    ("?sort=-starts_on", numbers(2, 1, 3, 4, 5)),
    ("?q=hall+5", numbers(5)),
    ("?q=EX-003", numbers(3)),
    ("?q=HALL+batley", numbers(4, 5, 6, 7)),
    ("?q=%25", numbers(1)),
    ("?q=_", numbers(1)),
    ("?q=100%25+choir", numbers(1)),
    ("?q=%3DHYPER", numbers(2)),
    ("?q=%3D%5C", []),
    ("?state=sent+back", numbers(3)),
    ("?flagged=yes", numbers(1)),
    ("?club=2", numbers(1)),
    ("?clubname=choir", numbers(1)),
    ("?clubname=batley&sort=-club.name&q=boxing", numbers(2, 4, 5, 6, 7)),
    ("?title=hall&flagged=no&page=1", numbers(3, 4, 5, 6, 7)),
    ("?people=11", numbers(1)),
    ("?least=600", numbers(6, 7)),
    ("?least=%C2%A3600.00", numbers(6, 7)),
    ("?from=2026-09-01", numbers(2)),
    ("?sent=2026-07-04&flagged=yes", numbers(1)),
    ("?sent=2026-07-05", numbers(3)),
    ("?sentby=2026-07-04&least=300", numbers(4, 5, 6, 7)),
])  # fmt: skip
def test_lists_find_sort_and_page(officer: Visitor, query: str, found: list[str]) -> None:
    assert listed(officer, query) == found


def test_pages_beyond_the_last_are_missing(officer: Visitor) -> None:
    assert officer.open(f"{OWN_PAGE}?page=3")[0] == 404
    assert officer.open(f"{OWN_PAGE}?q=nothing")[0] == 200
    assert officer.open(f"{OWN_PAGE}?q=nothing&page=2")[0] == 404


def test_a_list_in_words(officer: Visitor) -> None:
    _, page = officer.open(f"{OWN_PAGE}?sort=-amount&title=hall&least=100")
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">£700</td>' in page
    turned = "/admin/bids/?title=hall&amp;least=100&amp;sort=amount"
    assert f'aria-sort="descending"><a class="app-sort" href="{turned}">Amount</a>' in page
    assert "4 July 2025" not in page
    assert "4 July 2026 at 3:15pm" in page
    assert "Remove </span>Amount from: £100</a>" in page
    assert "Sent back" in page
    assert 'href="/admin/bids/details/?id=7&amp;url=/admin/bids/?title%3Dhall' in page
    _, page = officer.open(OWN_PAGE)
    assert "not known" in page
    assert "Ötley &lt;Choir&gt;" in page
    assert 'aria-current="page">Bids</a>' in page
    assert "<title>Bids (page 1 of 2) - Officers' panel - " in page
    _, page = officer.open(f"{OWN_PAGE}?q=nothing")
    assert "Nothing matches what you asked for." in page


def test_links_of_a_list_keep_what_was_asked(officer: Visitor) -> None:
    _, page = officer.open(f"{OWN_PAGE}?page=2&sort=-reference&flagged=no&endpoint=x")
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/admin/bids/\?[^"]+)"', page)}
    assert links
    assert all(officer.open(link)[0] == 200 for link in links)
    assert all("page" not in link for link in links if "sort=reference" in link)
    assert not any("endpoint" in link for link in links)


def test_an_empty_form_leads_to_the_short_address(officer: Visitor) -> None:
    response = officer.client.get(f"{OWN_PAGE}?q=&state=&title=hall&sort=&x=", headers={"As": "auditor"})
    assert (response.status_code, response.location) == (302, "/admin/bids/?title=hall")


def test_the_page_of_a_row(officer: Visitor) -> None:
    code, page = officer.open("/admin/bids/details/?id=2&url=/admin/bids/?q%3Dhall")
    assert code == 200
    assert '<h1 class="govuk-heading-xl">EX-002</h1>' in page
    assert "not known" in page
    assert 'href="/admin/bids/?q=hall">Back to bids</a>' in page
    assert 'href="/admin/bids/">Back to bids</a>' in officer.open("/admin/bids/details/?id=2&url=/admin/log/")[1]


def test_a_row_may_lead_elsewhere(officer: Visitor) -> None:
    assert 'href="/elsewhere/EX-001"' in officer.open("/admin/shut/")[1]


def test_a_file_holds_what_is_listed(app: Flask, officer: Visitor) -> None:
    response = officer.client.get("/admin/bids/export/csv/?sort=-amount&page=9&state=sent", headers={"As": "auditor"})
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=bids-20")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["Reference"] for row in rows] == numbers(8, 7, 6, 5, 4, 1, 2)
    assert rows[-1]["Title"] == "'=HYPERLINK(1)"
    assert [row["Amount (£)"] for row in rows][:2] == ["800.00", "700.00"]
    assert rows[-1]["Amount (£)"] == ""
    assert (rows[-1]["Starts on"], rows[0]["Sent at"], rows[0]["State"]) == ("2026-09-01", "2026-07-04 15:15", "Sent")
    with app.app_context():
        taken = db.session.scalars(select(AccessEntry).order_by(AccessEntry.id.desc())).first()
        assert taken is not None
        assert (taken.actor_id, taken.what, taken.subject) == (7, "panel_bids.export", "state=sent&sort=-amount")


def test_what_a_workspace_loads_is_decided_again(app: Flask) -> None:
    board = Visitor(app.test_client(), "board member")
    code, page = board.open("/admin/desk/EX-001/")
    assert code == 403
    assert "another person has to" in page
    assert board.open("/admin/desk/EX-999/")[0] == 404
    assert board.open("/admin/desk/ex-001/")[0] == 404
    assert Visitor(app.test_client(), "programme officer").open("/admin/desk/EX-001/")[0] == 403


def test_a_page_that_fails_runs_once(officer: Visitor) -> None:
    Desk.runs = 0
    assert officer.open("/admin/desk/broken/")[0] == 500
    assert Desk.runs == 1


@pytest.mark.parametrize("query", ["?q=EX-001", "?q=EX-00"])
def test_a_list_costs_the_same_whatever_its_length(app: Flask, officer: Visitor, query: str) -> None:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    listed(officer, query)
    event.remove(engine, "before_cursor_execute", note)
    assert sum(statement.startswith("SELECT") for statement in seen) == 3  # count, rows, the clubs to pick from


def test_the_log_in_words(auditor: Visitor) -> None:
    code, page = auditor.open("/admin/log/")
    assert code == 200
    for words in ("Sent the application", "Decided", "Somebody (person 3)", "The service", "Best value", "2 found"):
        assert words in page
    assert "1 found" in auditor.open("/admin/log/?q=value")[1]
    assert "1 found" in auditor.open("/admin/log/?action=decision:take")[1]
    assert "2 found" in auditor.open("/admin/log/?from=2026-07-04&to=2026-07-04")[1]
    assert "0 found" in auditor.open("/admin/log/?from=2026-07-05")[1]
    _, page = auditor.open("/admin/log/details/?id=1")
    for words in ("Log entry 1", "Changed application 5", "draft", "submitted", "Kept as a fingerprint only"):
        assert words in page
    assert "were removed for good" in page
    assert auditor.open("/admin/log/details/?id=3")[0] == 404


def faulty(**names: Any) -> type[RegisterView]:
    good = {"permissions": {"index_view": Action.SUBMISSION_LIST}, "visible": None, "column_list": ("reference",)}
    return type("Faulty", (RegisterView,), {key: value for key, value in (good | names).items() if value != "missing"})


LISTS = Action.SUBMISSION_LIST


@pytest.mark.parametrize("names", [
    {"visible": "missing"}, {"column_list": "missing"}, {"can_create": True}, {"can_edit": True}, {"can_delete": True},
    {"can_export": True}, {"permissions": {"index_view": LISTS, "details_view": LISTS}}, {"column_list": ("misspelt",)},
    {"bulk_acts": {"mark": "Mark"}}, {"filters": (Filter("page", Bid.title, "Title"),)},
    {"filters": (Filter("a", Bid.title, "Title"), Filter("a", Bid.people, "People"))},
])  # fmt: skip
def test_a_faulty_list_does_not_start(names: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        faulty(**names)(Bid, name="Faulty", endpoint="faulty")


@pytest.mark.parametrize(
    "permissions", [{}, {"index_view": LISTS, "nothing": LISTS}, {"index_view": LISTS, "edit_view": LISTS}]
)
def test_a_view_without_its_permission_does_not_start(permissions: dict[str, Action]) -> None:
    app = Flask(__name__)
    view = faulty(permissions=permissions)(Bid, name="Faulty", endpoint="faulty")
    with pytest.raises(TypeError):
        build_panel(app, [room("Faulty", view)], PanelHome())


def test_a_view_past_the_gate_does_not_start() -> None:
    class Open(BaseView):
        @expose("/")
        def index(self) -> str:
            return "open"

    with pytest.raises(TypeError):
        build_panel(Flask(__name__), [room("Open", Open(name="Open"))], PanelHome())
