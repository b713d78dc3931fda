"""The one door of the panel: a page exists when its permission is named, and opens to whoever holds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_admin.base import Admin, BaseView, expose
from flask_admin.menu import BaseMenu

from spatc_funds.core.problems import MissingError
from spatc_funds.policy.actions import Action
from spatc_funds.web import guards

Thing = TypeVar("Thing", bound=guards.Guarded)


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One part of the panel's menu."""

    label: str
    items: tuple[Link, ...]


class Gate(BaseView):
    """A view of the panel. ``permissions`` names its pages, each by its function: page → the act that it is for.

    A page that is not named has no address. The act is decided before the page runs, without a subject; a page about
    one thing loads it by ``load``, which decides again for that thing.
    """

    permissions: ClassVar[Mapping[str, Action]] = MappingProxyType({})
    _default_view: ClassVar[str | None]
    _urls: list[Any]  # the metaclass gathers (address, page, methods) of every @expose

    def create_blueprint(self, admin: Admin) -> Any:
        """Give an address to the named pages, and to no other. Raises TypeError for a name that no page has."""
        exposed: list[Any] = type(self)._urls  # noqa: SLF001 # the class's own, unfiltered
        pages = {page for _address, page, _methods in exposed}
        if wrong := set(self.permissions) - pages or {self._default_view} - set(self.permissions):
            message = f"{type(self).__name__}: these are either no page or have no permission: {wrong}"
            raise TypeError(message)
        self._urls = [each for each in exposed if each[1] in self.permissions]
        for page, action in self.permissions.items():
            setattr(self, page, _marked(getattr(self, page), action))
        return super().create_blueprint(admin)

    def may(self, page: str) -> bool:
        """Whether whoever asks may open the page; templates offer only what this allows."""
        needed = self.permissions.get(page)
        return needed is not None and guards.allowed(Action.PANEL_OPEN) and guards.allowed(needed)

    def is_accessible(self) -> bool:
        """Whether the menu shows the view."""
        return self._default_view is not None and self.may(self._default_view)

    @staticmethod
    def load(action: Action, find: Callable[[str], Thing | None], reference: str) -> Thing:
        """The thing with this reference, decided for whoever asks.

        Raises MissingError (404) when there is none or it is not theirs to know of, ForbiddenError (403) with the
        reason when it is theirs to see and not to do this to.
        """
        guards.check(action)
        thing = find(reference)
        if thing is None or thing.subject.bid in guards.current_actor().barred:
            raise MissingError  # the panel is never open by belonging to the group that bids
        guards.check(action, thing)
        return thing

    def panel_menu(self) -> list[Group]:
        """What whoever asks may open, in the order of the rooms."""
        if self.admin is None:
            return []
        single = [item for item in self.admin.menu() if not item.is_category()]
        groups = [("", [item for item in single if item.is_accessible() and item.is_visible()])]
        groups += [(item.name, item.get_children()) for item in self.admin.menu() if item.is_category()]
        return [Group(label, tuple(self._link(item) for item in items)) for label, items in groups if items]

    def render(self, template: str, **kwargs: Any) -> str:
        """A page inside the panel's layout."""
        return super().render(template, panel_menu=self.panel_menu(), **kwargs)

    def stands_under(self, item: BaseMenu) -> bool:
        """Whether the page that is open stands under this item of the menu."""
        return bool(item.is_active(self))  # type: ignore[arg-type] # any view will do

    def _link(self, item: BaseMenu) -> Link:
        return Link(item.name, item.get_url() or "", current=self.stands_under(item))

    def _handle_view(self, name: str, **_kwargs: object) -> ResponseReturnValue | None:
        if guards.current_actor().id is None:
            return guards.to_sign_in()
        guards.check(Action.PANEL_OPEN)
        needed = self.permissions.get(name)
        if needed is None:
            raise MissingError
        guards.check(needed)
        if any(guards.local_path(address) is None for address in request.values.getlist("url")):
            abort(400)
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # the parent runs a page twice when it raises TypeError


class PanelHome(Gate):
    """The panel's first page: what there is.

    Not Flask-Admin's AdminIndexView, which would publish its style sheets and scripts.
    """

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.PANEL_OPEN}

    def __init__(self, name: str = "Start", endpoint: str = "admin", url: str = "/admin") -> None:
        super().__init__(name=name, endpoint=endpoint, url=url)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Everything that may be opened, as one list."""
        return self.render("admin/index.html")


def _marked(page: Callable[..., Any], action: Action) -> Callable[..., Any]:
    """The page with its act on it, where ``guards.guard_of`` looks."""

    @wraps(page)
    def marked(**kwargs: Any) -> Any:
        return page(**kwargs)

    marked.action = action  # type: ignore[attr-defined] # law tests read it
    return marked
