"""The forms of a page as a browser would send them, and every form that people meet by following links."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from tests.laws.cast import LEAD, PLAYERS, Cast, Player

SIGN_OUT = "/sign-out"
FILES = ("export", "download", "static")  # answered with a file, not a page
TEXTS = {"text", "textarea", "email", "password", "search", "tel", "number", "hidden", "date", "url"}
Values = dict[str, list[str]]


@dataclass(slots=True)
class Form:
    """Where it goes, and what it sends as it stands; ``texts`` and ``choices`` are the names of its fields."""

    action: str
    method: str
    values: Values = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""

    @property
    def names(self) -> list[str]:
        """Every field but the token."""
        return [name for name in dict.fromkeys([*self.texts, *self.choices]) if name != "csrf_token"]

    def filled(self) -> Values:
        """As somebody sends it who fills what is empty and chooses the last of what is not chosen.

        Registered numbers are left: they have a shape of their own, and groups without one are normal.
        """
        values = self.sent()
        for name in self.texts:
            if name != "csrf_token" and not name.endswith("_number") and not any(values.get(name, ())):
                values[name] = ["12"]
        for name, offered in self.choices.items():
            if not values.get(name) and any(offered):
                values[name] = [next(filter(None, reversed(offered)))]
        return values

    def sent(self) -> Values:
        """As a browser sends it when its first button is pressed; the token is the sender's business."""
        values = {name: list(found) for name, found in self.values.items() if name != "csrf_token"}
        if self.buttons:
            name, value = self.buttons[0]
            values[name] = [value]
        return values


class _Reader(HTMLParser):
    """Reads forms, their fields and what these hold."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area: str | None = None
        self.select: str | None = None
        self.outside: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(found.get("action") or self.address, found.get("method", "get").lower())
            self.forms.append(self.open)
        elif self.open is not None:
            self._field(self.open, tag, found, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.area is not None:
            held = self.open.values[self.area]
            held[-1] += data.removeprefix("\n") if not held[-1] else data

    def _field(self, form: Form, tag: str, found: dict[str, str], flags: dict[str, str | None]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons += [(name, found.get("value", ""))] if name else []
        elif tag == "input" and kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(found.get("value", "on"))
            if "checked" in flags:
                form.values.setdefault(name, []).append(found.get("value", "on"))
        elif tag == "input" and kind in TEXTS:
            form.texts.append(name)
            form.values.setdefault(name, []).append(found.get("value", ""))
        elif tag == "textarea":
            form.texts.append(name)
            form.values.setdefault(name, []).append("")
            self.area = name
        elif tag == "select":
            self.select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self.select:
            form.choices[self.select].append(found.get("value", ""))
            if "selected" in flags:
                form.values.setdefault(self.select, []).append(found.get("value", ""))


def forms_of(text: str, address: str) -> list[Form]:
    """The forms of a page that change something, signing out aside."""
    reader = _Reader(address)
    reader.feed(text)
    found = [form for form in reader.forms if form.method == "post" and form.action != SIGN_OUT]
    for form in found:
        form.page = text
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """One form: whose page it stands on, where that is, which of the page's forms it is, and where it leads."""

    key: str
    story: str | None
    endpoint: str
    address: str
    place: int
    action: str
    first: bool  # the first of its kind that was met, whoever met it

    def read(self, cast: Cast) -> Form | None:
        """The form as the page shows it now; None where the page does not show it any more."""
        answer = cast.ask(self.player(cast), "GET", self.address)
        found = forms_of(answer.text, self.address) if answer.code == 200 else []
        return found[self.place] if self.place < len(found) else None

    def fresh(self, cast: Cast) -> Form:
        """The form as the page shows it; where the thing has moved on, the world is put back first."""
        form = self.read(cast)
        if form is None:
            cast.restore()
            form = self.read(cast)
        assert form, f"no form {self.place} at {self.address} for {self.key}"
        return form

    def player(self, cast: Cast) -> Player:
        """Whoever fills it in."""
        return cast.player(self.key, self.story)


# Whose links are followed, with the story whose group they lead, and how many pages of a kind are opened: two of them
# may show other forms, as the thing stands.
WALKERS = (
    ("signed out", None, 1),
    ("lead", "draft-ready", 3),
    ("lead", "submitted", 1),
    ("lead", "sent-again", 1),
    ("lead", "offered", 1),
    ("lead", "late-return", 1),
    ("lead", "sent-return", 1),
    ("other lead", None, 1),
    ("both", None, 12),
    ("everything", None, 12),
)
EACH_ROLE = (
    *WALKERS,
    *((key, None, 3) for key in PLAYERS if key != LEAD and key not in {walker for walker, _, _ in WALKERS}),
)
LINK = re.compile(r'<a\b[^>]*\shref="([^"#]*)[^"]*"')


def every_form(cast: Cast, *, of_each_role: bool = False) -> list[Found]:
    """Each kind of form that somebody meets by following links: by its page, where it goes, its fields' names.

    One person's, whoever meets it first; or, of each role, everybody's own.
    """
    found: dict[tuple[str, ...], Found] = {}
    met: set[tuple[str, ...]] = set()
    for key, story, most in EACH_ROLE if of_each_role else WALKERS:
        whose = key if of_each_role or key == LEAD else ""
        for endpoint, address, text in walk(cast, cast.player(key, story), most):
            for place, form in enumerate(forms_of(text, address)):
                kind = (endpoint, form.action.rpartition("/")[2], *sorted(form.names))
                mine = Found(key, story, endpoint, address, place, form.action, first=kind not in met)
                found.setdefault((whose, *kind), mine)
                met.add(kind)
    return list(found.values())


def walk(cast: Cast, player: Player, most: int) -> Iterator[tuple[str, str, str]]:
    """The pages that somebody reaches by links: endpoint, address, text; a few of each kind."""
    routes = cast.app.url_map.bind("localhost")
    ahead, seen, kinds = ["/", "/home", "/admin/"], set[str](), Counter[tuple[str, str]]()
    while ahead:
        address = ahead.pop(0)
        try:
            endpoint, values = routes.match(urlsplit(address).path, "GET")
        except HTTPException:
            continue
        kind = (endpoint, str(values.get("key", "")))
        if address in seen or kinds[kind] >= most or any(word in endpoint for word in FILES):
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = cast.ask(player, "GET", address)
        if answer.code == 200:
            yield endpoint, address, answer.text
            ahead += [unescape(each) for each in LINK.findall(answer.text) if each.startswith("/")]
