"""Templates: all escape, none brings script or style inline, each page says what it is."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.laws.counts import TRIED
from tests.laws.visits import Visits

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
EXTENDS = re.compile(r"""\{%-?\s*extends\s+["']([^"']+)["']""")
PAGES = [name for name in NAMES if EXTENDS.search((TEMPLATES / name).read_text(encoding="utf-8"))]
# Templates that let text through unescaped, and why that is safe. None does.
UNESCAPED: dict[str, str] = {}
# Modules that make markup of more than a text in the code, and why that is safe.
MADE_MARKUP = {
    "components.py": "what the component library's own macro rendered, escaped there, less one attribute",
    "stacked.py": "a table that a template rendered, escaped there, with roles and its headings' words, escaped again",
}
H1 = re.compile(r"<h1[\s>]")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def text_of(name: str) -> str:
    """The template without its comments."""
    return re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses_and_escapes(prepared: Flask, name: str) -> None:
    assert name.endswith(".html")
    escape = prepared.jinja_env.autoescape
    assert callable(escape)
    assert escape(name)
    prepared.jinja_env.parse(text_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_brings_nothing_inline(name: str) -> None:
    text = text_of(name)
    assert not re.search(r"""\sstyle\s*=""", text)
    assert not re.search(r"""<style\b""", text)
    assert not re.search(r"""<[^>]*\son[a-z]+\s*=""", text)
    assert not re.search(r"""<script\b(?![^>]*\ssrc=)""", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_template_lets_nothing_through(name: str) -> None:
    through = re.search(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b", text_of(name))
    assert bool(through) == (name in UNESCAPED)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_fetches_nothing_from_elsewhere(name: str) -> None:
    assert not re.search(r"""(?:src|srcset|action)\s*=\s*["'](?:https?:)?//""", text_of(name))
    assert not re.search(r"""<link\b[^>]*href\s*=\s*["'](?:https?:)?//""", text_of(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_itself(name: str) -> None:
    """In its own title block, or in the one of the page that it extends."""
    seen = [name]
    while found := EXTENDS.search(text_of(seen[-1])):
        seen.append(found[1])
    layouts = [each for each in seen if each.startswith("layouts/")]
    assert layouts[-1] == "layouts/page.html"
    own = [each for each in seen if not each.startswith("layouts/")]
    assert name.startswith("layouts/") or any(re.search(r"\{%-?\s*block title\b", text_of(each)) for each in own)


def test_python_escapes_what_it_makes_markup_of() -> None:
    """``Markup(...)`` only of a text that stands in the code; values go in by ``format``, which escapes them."""
    found = {
        path.name
        for path in (TEMPLATES.parent / "spatc_funds").rglob("*.py")
        if re.search(r"""\bMarkup\((?!["'])""", path.read_text(encoding="utf-8"))
    }
    assert found == set(MADE_MARKUP)


def test_every_page_has_one_heading_and_a_title(visits: Visits) -> None:
    """As rendered, for those who may see it and for one who may not; the title begins with the page."""
    wrong = [
        f"{visit.address} as {visit.key} ({visit.answer.code}): {fault}"
        for visit in visits.pages()
        for fault in faults(visit.answer.text)
    ]
    TRIED["pages parsed"] += len(visits.pages())
    assert wrong == []


def faults(page: str) -> list[str]:
    """What a page lacks."""
    title = TITLE.search(page)
    parts = [part.strip() for part in title[1].split(" - ")] if title else []
    found = {
        f"{len(H1.findall(page))} h1": len(H1.findall(page)) != 1,
        f"its title is {parts}": len(parts) < 2 or not all(parts),
        "no main": page.count('id="main-content"') != 1,
        "a control without a name": bool(unnamed(page)),
        "an id twice": len(ids := re.findall(r'\sid="([^"]+)"', page)) != len(set(ids)),
    }
    return [fault for fault, is_so in found.items() if is_so]


def unnamed(page: str) -> list[str]:
    """Fields that no label and no aria-label names."""
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page))
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    return [
        each
        for each in fields
        if 'type="hidden"' not in each
        and not re.search(r"aria-label(?:ledby)?=", each)
        and not labelled & set(re.findall(r'\sid="([^"]+)"', each))
    ]
