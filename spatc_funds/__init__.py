"""spatc_funds: grant funding for a mayor's community-safety team, from application to the plan's outcomes.

``create_app`` wires the rooms together, in the order of the floors.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, request, url_for
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from spatc_funds.accounts import panel as accounts_panel
from spatc_funds.accounts import sign_in
from spatc_funds.accounts.registers import Extracts
from spatc_funds.accounts.views import REGISTERS
from spatc_funds.accounts.views import blueprint as accounts_pages
from spatc_funds.admin import log
from spatc_funds.admin.compose import build_panel
from spatc_funds.applications import panel as applications_panel
from spatc_funds.applications.views import blueprint as applications_pages
from spatc_funds.assessment import panel as assessment_panel
from spatc_funds.assessment.queries import actor_of
from spatc_funds.audit import recorder
from spatc_funds.awards import panel as awards_panel
from spatc_funds.awards.views import blueprint as awards_pages
from spatc_funds.cli import commands
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.framework import panel as framework_panel
from spatc_funds.framework.views import blueprint as framework_pages
from spatc_funds.funds import panel as funds_panel
from spatc_funds.funds.models import Fund, Round
from spatc_funds.funds.queries import is_open
from spatc_funds.funds.views import blueprint as funds_pages
from spatc_funds.home import panel as home_panel
from spatc_funds.home.views import blueprint as home_pages
from spatc_funds.impact import panel as impact_panel
from spatc_funds.impact.views import blueprint as impact_pages
from spatc_funds.payments import panel as payments_panel
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person
from spatc_funds.publishing import panel as publishing_panel
from spatc_funds.returns import panel as returns_panel
from spatc_funds.returns.views import blueprint as returns_pages
from spatc_funds.web import bodies, errors, filters, guards, health, held, reads, security
from spatc_funds.web.panel import Link

if TYPE_CHECKING:
    from config import Settings

HERE = Path(__file__).resolve().parent.parent
PAGES = (
    accounts_pages,
    framework_pages,
    funds_pages,
    applications_pages,
    awards_pages,
    returns_pages,
    impact_pages,
    home_pages,
)
PANELS = (
    framework_panel,
    funds_panel,
    home_panel,
    applications_panel,
    assessment_panel,
    awards_panel,
    returns_panel,
    payments_panel,
    impact_panel,
    publishing_panel,
    accounts_panel,
    log,
)
FOOTER = (
    ("Help and support", "framework.help_and_support"),
    ("Accessibility statement", "home.accessibility"),
    ("Privacy", "home.privacy"),
    ("Cookies", "home.cookies"),
    ("Terms", "home.terms"),
    ("Contact", "home.contact"),
)
LISTENERS = recorder  # imported for its listeners: without them nothing is logged


def create_app(settings: "Settings") -> Flask:
    """The application, on the database and with the limits that the settings name."""
    app = Flask(__name__, root_path=str(HERE), instance_path=str(settings.instance))
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.config.update(_config(settings))
    app.extensions["settings"] = settings
    app.url_map.converters["ref"] = guards.ReferenceConverter
    db.init_app(app)
    Migrate(app, db, directory=str(HERE / "migrations"), render_as_batch=True)
    CSRFProtect(app)  # type: ignore[no-untyped-call] # Flask-WTF has no types
    for part in (bodies, security, reads, errors, filters, sign_in, health):
        part.register(app)
    app.extensions[guards.ACTOR_LOADER] = _load_actor
    app.extensions[guards.SIGN_IN_ENDPOINT] = "accounts.sign_in"
    app.extensions[guards.LANDING_ENDPOINT] = "home.start"
    app.extensions[REGISTERS] = Extracts()
    for page in PAGES:
        app.register_blueprint(page)
    build_panel(app, PANELS, home_panel.Start())
    app.context_processor(_frame)
    commands.register(app)
    return app


def _config(settings: "Settings") -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": settings.database_url.startswith("postgresql")},
        "MAX_CONTENT_LENGTH": settings.largest_body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.largest_body_bytes,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,  # a form may be open for a night; the token dies with the session
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _load_actor() -> Person:
    person = sign_in.person_signed_in()
    return actor_of(person) if person else Person(id=None)


def _frame() -> dict[str, Any]:
    """What the layout shows on every page. Addresses of upper rooms reach lower rooms' templates from here."""
    settings: Settings = current_app.extensions["settings"]
    actor = guards.current_actor()
    return {
        "authority_name": settings.authority_name,
        "service_name": settings.service_name,
        "signed_in_name": actor.name if actor.id is not None else None,
        "signed_in_key": "" if actor.id is None else str(actor.id),
        "put_back": held.held() is not None,
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
        "home_url": url_for("home.index"),
        "menu": _menu(),
        "contact_url": url_for("home.contact"),
        "footer_links": [_link(label, endpoint) for label, endpoint in FOOTER],
        "start_url": _start_url,
        "questions_url": _questions_url,
        "funded_url": _funded_url,
        "timeline_url": _timeline_url,
        "workspace_url": _workspace_url,
    }


def _menu() -> list[Link]:
    entries = [("Funds", "funds.index"), ("The plan", "framework.plan"), ("What the money did", "impact.statements")]
    if guards.allowed(Action.HOME_READ):
        entries.append(("My work", "home.start"))
    if guards.allowed(Action.PANEL_OPEN):
        entries.append(("Officers' panel", "admin.index"))
    return [_link(label, endpoint) for label, endpoint in entries]


def _link(label: str, endpoint: str) -> Link:
    return Link(label, url_for(endpoint), current=request.endpoint == endpoint)


def _questions_url(opened: Round) -> str:
    """Where all of a round's questions stand."""
    return url_for("applications.questions", code=opened.code)


def _funded_url(fund: Fund) -> str:
    """Where it stands what a fund has paid for before."""
    return url_for("home.funded", key=fund.key)


def _timeline_url(reference: str) -> str:
    """Where it stands how far a bid has come."""
    return url_for("home.timeline", reference=reference)


def _workspace_url(reference: str) -> str | None:
    """Where everything of a bid stands together in the panel; None for those who may read no bid."""
    may = guards.allowed(Action.SUBMISSION_READ)
    return url_for("panel_bids.show", reference=reference) if may else None


def _start_url(opened: Round) -> str | None:
    """Where an application to a round begins; None while it takes none."""
    return url_for("applications.begin", code=opened.code) if is_open(opened, clock.now()) else None
