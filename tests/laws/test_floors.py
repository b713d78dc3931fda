"""The direction between rooms holds for keys, relationships and links too, which import contracts cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from spatc_funds.db.base import Base

ROOT = Path(__file__).parents[2]
PACKAGE, TEMPLATES = ROOT / "spatc_funds", ROOT / "templates"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Folders of templates that are no room's: every room extends them, so they may link to files only.
SHARED = frozenset({"layouts", "components", "errors", "admin"})
CALL = re.compile(r"\b(?:url_for|get_url)\(\s*([^,)]*)")
QUOTED = re.compile(r"""["']([A-Za-z_]+\.[a-z_]+)["']""")
NAMED = re.compile(r"""["'][a-z_.]+["']( if .+ else ["'][a-z_.]+["'])?""")
# Links whose endpoint is no text at the place of the call; each with where the text stands, which is held as well.
TOLD_ELSEWHERE = {
    ("templates/home/start.html", "each.endpoint"): "home/waiting.py names it",
    ("templates/payments/instalment.html", "'panel_dues.' ~ page"): "always one of this room's own pages",
    ("templates/assessment/assurance.html", "'panel_assurance.' ~ page"): "always one of this room's own pages",
    ("spatc_funds/home/views.py", "endpoint"): "TASKS names it",
    ("spatc_funds/home/panel_bids.py", "endpoint"): "the acts above it name it",
    (
        "spatc_funds/accounts/code_views.py",
        "current_app.extensions[LANDING_ENDPOINT]",
    ): "create_app names the start page",
    ("spatc_funds/web/guards.py", "endpoint"): "create_app names the sign-in page",
    ("spatc_funds/web/panel.py", "f'.{page}'"): "a page of the view itself",
}


def floors() -> dict[str, int]:
    """Each room's floor, from the import contract: the lowest is 0."""
    contract = next(each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["name"].startswith("Floors"))
    layers = [layer.split(" | ") for layer in reversed(contract["layers"])]
    return {room: floor for floor, rooms in enumerate(layers) for room in rooms}


FLOORS = floors()


def test_every_room_has_its_floor() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(FLOORS)


def test_every_key_points_downwards() -> None:
    rooms = rooms_of_tables()
    wrong = [
        f"{table.name}.{key.parent.name} → {key.column.table.name}"
        for table in Base.metadata.tables.values()
        if table.name in rooms  # tests map tables too
        for key in table.foreign_keys
        if FLOORS[rooms[key.column.table.name]] > FLOORS[rooms[table.name]]
    ]
    assert wrong == []


def test_every_table_is_a_rooms() -> None:
    assert {table for table in Base.metadata.tables if not table.startswith("test_")} <= set(rooms_of_tables())


def test_every_relationship_points_downwards() -> None:
    wrong = [
        f"{mapper.class_.__name__}.{each.key} → {each.mapper.class_.__name__}"
        for mapper in Base.registry.mappers
        if is_ours(mapper.class_)
        for each in mapper.relationships
        if FLOORS[room_of(each.mapper.class_)] > FLOORS[room_of(mapper.class_)]
    ]
    assert wrong == []


def test_no_relationship_is_made_from_above() -> None:
    """A ``backref`` would hang an attribute on the lower room's class."""
    wrong = [str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py") if "backref" in path.read_text()]
    assert wrong == []


def test_every_link_of_a_template_leads_downwards(prepared: Flask) -> None:
    homes, wrong = rooms_of_endpoints(prepared), []
    for path in sorted(TEMPLATES.rglob("*.html")):
        folder = path.relative_to(TEMPLATES).parts[0]
        text = path.read_text(encoding="utf-8")
        for name in QUOTED.findall(text):
            if name not in homes:
                continue
            shared = folder in SHARED
            if shared or FLOORS[homes[name]] > FLOORS[folder]:
                wrong.append(f"{path.relative_to(ROOT)} → {name}")
    assert wrong == []


def test_every_link_of_a_view_leads_downwards(prepared: Flask) -> None:
    """Any text that is an endpoint's name counts, wherever it stands: tables of endpoints too."""
    homes, wrong = rooms_of_endpoints(prepared), []
    for path in sorted(PACKAGE.glob("*/**/*.py")):
        room = path.relative_to(PACKAGE).parts[0]
        wrong += [
            f"{path.relative_to(ROOT)}:{line} → {text}"
            for line, text in texts(path)
            if text in homes and "." in text and FLOORS[homes[text]] > FLOORS[room]
        ]
    assert wrong == []


def test_every_named_endpoint_exists(prepared: Flask) -> None:
    """A link to a page that is gone fails here, and not when somebody opens the page."""
    blueprints, wrong = set(prepared.blueprints), []
    named = [(path, name) for path in TEMPLATES.rglob("*.html") for name in QUOTED.findall(path.read_text("utf-8"))]
    named += [(path, text) for path in PACKAGE.rglob("*.py") for _line, text in texts(path)]
    for path, name in named:
        if name.count(".") == 1 and name.split(".")[0] in blueprints and name.split(".")[1].isidentifier():
            is_page = name in prepared.view_functions or (TEMPLATES / name).exists()
            wrong += [] if is_page or not calls_links(path, name) else [f"{path.relative_to(ROOT)}: {name}"]
    assert wrong == []


def test_a_link_without_its_endpoints_name_is_listed() -> None:
    found = {
        (str(path.relative_to(ROOT)), argument)
        for path in [*TEMPLATES.rglob("*.html"), *PACKAGE.glob("*/**/*.py")]
        for argument in arguments(path)
        if not NAMED.fullmatch(argument)
    }
    assert found == set(TOLD_ELSEWHERE)


def test_no_template_writes_an_address_by_hand() -> None:
    by_hand = re.compile(r"""(?:href|action|src)=["']/(?!["'])""")
    wrong = [
        str(path.relative_to(ROOT)) for path in TEMPLATES.rglob("*.html") if by_hand.search(path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted(set(FLOORS) & {path.name for path in TEMPLATES.iterdir()} - SHARED))
def test_a_template_takes_from_below_only(room: str) -> None:
    """``extends``, ``include`` and ``import`` are links as well."""
    taken = re.compile(r"""(?:extends|include|from|import)\s+["']([a-z_]+)/""")
    for path in (TEMPLATES / room).rglob("*.html"):
        for other in taken.findall(path.read_text(encoding="utf-8")):
            assert other in SHARED or FLOORS[other] <= FLOORS[room], f"{path.name} takes from {other}"


def rooms_of_endpoints(app: Flask) -> dict[str, str]:
    """endpoint → room: by its blueprint's name; in the panel by the module of its view."""
    panel = {view.endpoint: room_of(type(view)) for view in app.extensions["admin"][0]._views}
    found = {}
    for endpoint in app.view_functions:
        blueprint = endpoint.split(".")[0] if "." in endpoint else ""
        found[endpoint] = panel.get(blueprint) or (blueprint if blueprint in FLOORS else "web")
    return found


def rooms_of_tables() -> dict[str, str]:
    """table → room; a table between two models is the room's whose relationship names it."""
    mappers = [mapper for mapper in Base.registry.mappers if is_ours(mapper.class_)]
    between = {
        str(each.secondary): room_of(mapper.class_)
        for mapper in mappers
        for each in mapper.relationships
        if each.secondary is not None
    }
    return between | {str(mapper.local_table): room_of(mapper.class_) for mapper in mappers}


def room_of(found: type) -> str:
    """The room of a class."""
    return found.__module__.split(".")[1]


def is_ours(found: type) -> bool:
    """Not one that a test maps."""
    return found.__module__.startswith("spatc_funds.")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text that stands in a module, docstrings and all."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def calls_links(path: Path, name: str) -> bool:
    """Whether a name stands in a call for an address (``round.fund.key`` and the like are columns)."""
    return any(argument.strip("\"'") == name for argument in arguments(path))


def arguments(path: Path) -> list[str]:
    """What each call for an address is given first, as it is written."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return [each.strip() for each in CALL.findall(text) if each.strip()]
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [ast.unparse(call.args[0]) for call in calls if call.args and _name(call.func) in {"url_for", "get_url"}]


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
