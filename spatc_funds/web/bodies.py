"""How much a page may be sent: a published file is larger than what people type, and its page says so."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

from spatc_funds.db.base import db
from spatc_funds.db.reading import reading
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed

Page = TypeVar("Page", bound=Callable[..., Any])
LARGEST = "largest_body"


def takes(most_bytes: int) -> Callable[[Page], Page]:
    """Mark a page of the panel as one that takes a file of this size."""

    def decorate(page: Page) -> Page:
        setattr(page, LARGEST, most_bytes)
        return page

    return decorate


def register(app: Flask) -> None:
    """Before a request's body is read: strangers, and whoever may not do it, send no more than elsewhere."""

    @app.url_value_preprocessor
    def widen(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        page = app.view_functions.get(endpoint or "")
        most, action = getattr(page, LARGEST, None), getattr(page, "action", None)
        if most is None or request.method != "POST" or not isinstance(action, Action):
            return
        with reading():
            may = allowed(action)
            db.session.rollback()  # nobody's save waits while a large file is on its way
        if may:
            request.max_content_length = most
