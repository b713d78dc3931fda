"""The one way in: a view names the act it is for, and how its thing is loaded; strangers never get past."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from flask import current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from spatc_funds.core import references
from spatc_funds.core.problems import MissingError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person, Subject, decide, permit
from spatc_funds.web import held

View = Callable[..., ResponseReturnValue]
ACTOR_LOADER = "load_actor"
SIGN_IN_ENDPOINT = "sign_in_endpoint"
LANDING_ENDPOINT = "landing_endpoint"
UNAUTHORISED = 401


class Guarded(Protocol):
    """A thing that can say what the law has to know of it."""

    @property
    def subject(self) -> Subject:
        """The bid it belongs to, whose it is, and who did which act on it."""
        ...


class ReferenceConverter(BaseConverter):
    """``<ref:reference>`` in an address: only what has the shape of a reference reaches a query."""

    regex = references.PATTERN.pattern
    part_isolating = False


def current_actor() -> Person:
    """Whoever makes this request, loaded once."""
    if "actor" not in g:
        load = cast("Callable[[], Person]", current_app.extensions[ACTOR_LOADER])
        g.actor = load()
    return cast("Person", g.actor)


def allowed(action: Action, thing: Guarded | None = None) -> bool:
    """For pages that offer an act only to those who may do it."""
    return decide(current_actor(), action, thing.subject if thing else None).allowed


def check(action: Action, thing: Guarded | None = None) -> None:
    """Raise ForbiddenError, or MissingError where the actor is not to learn that the thing exists."""
    permit(current_actor(), action, thing.subject if thing else None)


def requires(action: Action, load: Callable[..., Guarded | None] | None = None) -> Callable[[View], View]:
    """Guard a view. ``load`` is given the address's ``reference``; the view gets what it found instead."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> ResponseReturnValue:
            if current_actor().id is None:
                return to_sign_in()
            check(action)  # without any role for it, nobody learns whether the thing exists
            if load is None:
                return view(**kwargs)
            thing = load(kwargs.pop("reference"))
            if thing is None:
                raise MissingError
            check(action, thing)
            return view(thing, **kwargs)

        guarded.action = action  # type: ignore[attr-defined] # law tests read it
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a view as open to anybody; the law tests hold the list of them."""
    view.public = True  # type: ignore[attr-defined] # law tests read it
    return view


def to_sign_in() -> ResponseReturnValue:
    """Ask for a sign-in, and come back to this page afterwards, with every word that was typed on it."""
    if wants_json():
        return jsonify(signed_out=True), UNAUTHORISED
    here = request.full_path.rstrip("?") if request.method == "GET" else _with_words(_page_of_form())
    endpoint = current_app.extensions[SIGN_IN_ENDPOINT]
    return redirect(url_for(endpoint, next=local_path(here)), 303)


def wants_json() -> bool:
    """Whether a script asks, which saves while somebody types."""
    return request.method == "POST" and request.accept_mimetypes.best == "application/json"


def _page_of_form() -> str:
    """The page that a posted form stood on: its own address where that can be read, else where it came from."""
    readable = "GET" in current_app.url_map.bind("localhost").allowed_methods(request.path)
    return request.path if readable else (local_path(request.referrer) or "")


def _with_words(page: str) -> str:
    never = getattr(current_app.view_functions[request.endpoint or ""], "private", False)
    size = sum(len(text) for text in request.form.values())
    if not page or never or not any(request.form.keys() - held.NOT_TYPED) or size > held.MOST_CHARACTERS:
        return page
    return f"{page}{'&' if '?' in page else '?'}{held.HELD}={held.hold()}"


def local_path(address: str | None) -> str | None:
    """The path and query of an address of this site, or None: nobody is sent elsewhere by ``next``."""
    if not address or any(ord(letter) < ord("!") for letter in address) or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and parts.netloc != request.host:
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") else None


def private(view: View) -> View:
    """Mark a guarded view whose words are never held over a sign-in."""
    view.private = True  # type: ignore[attr-defined] # read above
    return view


def guard_of(endpoint: str, views: Mapping[str, Any]) -> str | None:
    """The act an endpoint is guarded by, ``public``, or None; for the law tests and the printed route list."""
    view = views[endpoint]
    if getattr(view, "public", False):
        return "public"
    action = getattr(view, "action", None)
    return action.value if isinstance(action, Action) else None
