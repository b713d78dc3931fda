"""All questions before starting: page, Word, PDF and text say word for word what the form asks."""

import io
import re
from html.parser import HTMLParser

import pytest
from docx import Document as WordFile
from flask import Flask
from pypdf import PdfReader

from spatc_funds.cli.demo import wider
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from tests.applications.pages import address, found
from tests.builders import Browser, World

CODE, BOTH = "EX-SS", ("EX-SS", "EX-MSCF")
STEPS = ("group", "project", "places", "budget", "partners", "focus", "outcomes", "cross-cutting", "promises")
VOID = {"input", "br", "img", "hr", "meta", "link"}
# What stands at a field: its label or legend, its hint, its limit and its options.
ASKING = {"govuk-hint", "govuk-label", "govuk-fieldset__legend"}
# Words of the page that are not asked: parts of a date, and what only a script or a screen reader says.
NOT_ASKED = {"Day", "Month", "Year"}


class Asked(HTMLParser):
    """What the main part of a form page asks."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        asks = bool(classes & ASKING)
        if tag not in VOID:
            self.open.append((tag, asks))
        if asks:
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(asks for _tag, asks in self.open):
            self.said[-1] += data


def asked_by(page: str) -> list[str]:
    reader = Asked()
    reader.feed(page.split("<main", 1)[1].split("<template", 1)[0])
    said = (" ".join(each.split()) for each in reader.said)
    return [each for each in said if each and each not in NOT_ASKED]


def plain_of(client: Browser, kind: str, code: str = CODE) -> str:
    """One of the four forms as running text."""
    answer = client.get(f"/rounds/{code}/questions" + ("" if kind == "html" else f".{kind}"))
    assert answer.status_code == 200
    if kind == "html":
        text = re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])
        text = text.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
    elif kind == "docx":
        text = "\n".join(each.text for each in WordFile(io.BytesIO(answer.data)).paragraphs)
    elif kind == "pdf":
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
        text = "\n".join(re.sub(r"\d+ of \d+$", "", page) for page in pages)  # a paragraph may go over two pages
    else:
        text = answer.text
    return "".join(text.split())


def form(world: World, code: str) -> list[str]:
    """Every word that the pages of a draft ask."""
    spec = next(each for each in wider() if (each["round"], each["story"]) == (code, "draft-ready"))
    with world.context():
        reference = world.demo.tell("draft-ready", spec)
        opened = found(reference).round
        with unit_of_work(None, Action.APPLICATION_EDIT, reference):
            found(reference).pot = opened.pots[-1]
        keys = [each.key for each in opened.questions]
        steps = [key for key in STEPS if opened.together or key != "partners"]
    lead = world.browser(spec["lead"]["email"])
    return [
        words
        for key in (*steps, *(f"questions/{key}" for key in keys))
        for words in asked_by(lead.get(address(reference, key)).text)
    ]


@pytest.mark.parametrize("code", BOTH)
@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "txt"])
def test_it_says_word_for_word_what_the_form_asks(client: Browser, world: World, code: str, kind: str) -> None:
    asked, everything = form(world, code), plain_of(client, kind, code)
    assert len(asked) > 100
    assert [words for words in asked if "".join(words.split()) not in everything] == []


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "txt"])
def test_limits_and_eligibility_are_in_it(app: Flask, client: Browser, world: World, kind: str) -> None:
    world.draft()
    everything = plain_of(client, kind)
    with app.app_context():
        opened = round_by_code(CODE)
        assert opened
        for asked in opened.questions:
            place = everything.index("".join(asked.text.split()))
            assert f"upto{asked.word_limit}words." in everything[place : place + 600]
        for rule in opened.eligibility:
            assert "".join(rule.text.split()) in everything


def test_a_changed_question_changes_all_four_and_the_form(app: Flask, client: Browser, world: World) -> None:
    reference = world.ready()
    with app.app_context():
        with unit_of_work(None, Action.FUND_LOAD):
            opened = round_by_code(CODE)
            assert opened
            opened.questions[0].text, opened.questions[0].word_limit = "Where, exactly, is it?", 77
            key = opened.questions[0].key
        db.session.remove()
    for kind in ("html", "docx", "pdf", "txt"):
        everything = plain_of(client, kind)
        assert "Where,exactly,isit?" in everything
        assert "upto77words." in everything
    page = world.browser(world.lead("draft-ready")).get(address(reference, f"questions/{key}")).text
    assert "Where, exactly, is it?" in page
    assert "77 words" in page


def test_a_round_run_before_this_service_has_no_questions_to_show(client: Browser) -> None:
    assert client.get("/rounds/MSCF-1/questions").status_code == 404
    assert client.get("/rounds/MSCF-1/questions.docx").status_code == 404
    assert client.get("/rounds/EX-SS/questions.exe").status_code == 404
