"""Panel reports: chosen, written, frozen; figures that never move afterwards; files; the command; who may do what."""

import hashlib
import io
import json
import shutil
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile
from docx.oxml.ns import qn
from pypdf import PdfReader
from sqlalchemy import func, select

from spatc_funds.cli.loading import load_results
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, ForbiddenError, IllegalMoveError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.frozen import FrozenRecordError
from spatc_funds.db.session import unit_of_work
from spatc_funds.impact.queries import Filters, exported
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import PlanState, ReportState
from spatc_funds.publishing import operations, reporting
from spatc_funds.publishing.models import FinalReport, PanelReport
from spatc_funds.publishing.report_document import MONEY_DRAWN, NO_STATEMENT
from spatc_funds.publishing.report_files import BrokenReportError, said_by
from tests.builders import Browser, World
from tests.impact.test_importing import EXAMPLE, add, change
from tests.impact.test_statements import publish_by_page

PAGES = "/admin/impact/reports/"
PAGE = f"{PAGES}REPORT-1/"
DAY = date(2026, 3, 31)
STARTED = {"reader": "police-and-crime-panel", "title": "Example report", "as_at": ["31", "3", "2026"]}
WRITTEN = {
    "title": "Example report",
    "as_at": ["31", "3", "2026"],
    "themes": ["road-safety", "serious-violence"],
    "indicators": ["knife-crime"],
    "summary": "What we did.\n\nWhat we learnt.",
    "theme-road-safety": "Streets are calmer.",
    "beside-indicators": "Figures of the year.",
    "next": "We go on.",
}


def analyst(world: World) -> Browser:
    return world.browser(world.person("analyst"))


def stamp(browser: Browser) -> str:
    return browser.get(f"{PAGE}edit").text.split('name="stamp" value="')[1].split('"')[0]


def seen(browser: Browser, page: str = f"{PAGE}finish") -> str:
    return browser.get(page).text.split('name="seen" value="')[1].split('"')[0]


def write(browser: Browser, **more: Any) -> Any:
    return browser.send(f"{PAGE}edit", {**WRITTEN, "stamp": stamp(browser), **more})


def finish(browser: Browser) -> Any:
    answer = browser.send(f"{PAGE}finish", {"seen": seen(browser)})
    browser.get(PAGE)  # what was done is said once
    return answer


def said(browser: Browser) -> str:
    """What the report's page says; the tokens around it are others each time."""
    return browser.get(PAGE).text.split("<main")[1]


def final(world: World) -> FinalReport:
    found = db.session.scalars(select(FinalReport)).one()
    assert found.report.state is ReportState.FINAL
    return found


@pytest.fixture
def told(world: World) -> World:
    """The worked example of the README is there."""
    with world.context():
        load_results(EXAMPLE, clock.now())
    return world


@pytest.fixture
def drafted(told: World) -> World:
    """With a draft that is written."""
    browser = analyst(told)
    assert browser.send(f"{PAGES}start", STARTED).location == f"{PAGE}edit"
    assert write(browser).status_code == 303
    return told


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The example's files, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "later"))


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_report_begins_with_what_concerns_its_reader(told: World) -> None:
    browser = analyst(told)
    assert "No report is started yet" in browser.get(PAGES).text
    assert browser.send(f"{PAGES}start", {**STARTED, "reader": "vision-zero-board"}).status_code == 303
    page = browser.get(PAGE).text
    assert "Vision Zero Board" in page
    assert ">Road Safety</h2>" in page
    assert ">Serious Violence</h2>" not in page
    assert "Draft. It is not published" in page
    assert "Nothing is written here yet." in page
    assert "REPORT-1" in browser.get(PAGES).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({**STARTED, "title": " "}, "Enter a title"),
        ({**STARTED, "reader": ""}, "Choose who it is for"),
        ({**STARTED, "reader": "nobody"}, "Choose one of the options in the list"),
        ({**STARTED, "as_at": ["", "", ""]}, "Enter the day"),
        ({**STARTED, "as_at": ["31", "3", "2099"]}, "Enter a day that has come"),
    ],
)
def test_what_is_wrong_is_said(world: World, sent: dict[str, Any], words: str) -> None:
    answer = analyst(world).send(f"{PAGES}start", sent)
    assert answer.status_code == 422
    assert words in answer.text
    with world.context():
        assert db.session.scalars(select(PanelReport)).all() == []


def test_choice_and_words_are_kept_in_the_order_of_the_report(drafted: World) -> None:
    page = analyst(drafted).get(PAGE).text
    order = [
        ">Summary</h2>",
        "What we did.",
        "What we learnt.",
        ">Road Safety</h2>",
        "Streets are calmer.",
        "Road Safety: what was funded, by district",
        ">Serious Violence</h2>",
        ">Who took part</h2>",
        ">Indicators</h2>",
        "Figures of the year.",
        "Knife Crime",
        ">What happens next</h2>",
        "We go on.",
    ]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert "9 of 12 due returns accepted, 1 more early." in page
    assert "contributed to the outcomes of the plan" in page
    assert ">Neighbourhood Crime and ASB</h2>" not in page
    assert "Homicide" not in page
    assert page.count('role="img"') == 2, "a chart for each theme"


def test_too_many_words_are_refused_and_given_back(drafted: World) -> None:
    browser = analyst(drafted)
    answer = write(browser, next="word " * 201)
    assert answer.status_code == 422
    assert "must be 200 words or fewer. You have written 201." in answer.text
    assert answer.text.count("word word") > 0
    assert "We go on." in browser.get(PAGE).text
    with drafted.context():
        found = reporting.report_of("REPORT-1")
        told = operations.Written("One", DAY, [], [], {"next": "word " * 201})
        with pytest.raises(NotReadyError, match="200 words or fewer"), unit_of_work(None, Action.REPORT_EDIT):
            operations.edit_report(drafted.staff("analyst"), "REPORT-1", told, operations.stamp_of(found), clock.now())


def test_two_windows_lose_nothing(drafted: World) -> None:
    browser = analyst(drafted)
    old = stamp(browser)
    assert write(browser, summary="What the first window says.").status_code == 303
    answer = write(browser, summary="What the second window says.", stamp=old)
    assert answer.status_code == 409
    assert "Somebody else changed this report" in answer.text
    assert "What the second window says." in answer.text
    assert "What the first window says." in browser.get(PAGE).text


def test_a_next_one_is_started_from_it(drafted: World) -> None:
    browser = analyst(drafted)
    page = browser.get(f"{PAGES}start?source=REPORT-1").text
    assert "It begins with the themes, indicators and words of" in page
    answer = browser.send(f"{PAGES}start?source=REPORT-1", {**STARTED, "title": "The next"})
    assert answer.status_code == 303
    page = browser.get(f"{PAGES}REPORT-2/").text
    assert "Streets are calmer." in page
    assert ">Neighbourhood Crime and ASB</h2>" not in page
    assert browser.get(f"{PAGES}start?source=REPORT-9").status_code == 404


def test_a_draft_is_deleted_and_its_number_never_given_again(drafted: World) -> None:
    browser = analyst(drafted)
    assert browser.send(f"{PAGE}delete").status_code == 303
    assert browser.get(PAGE).status_code == 404
    browser.send(f"{PAGES}start", STARTED)
    assert "REPORT-2" in browser.get(PAGES).text


# -- what it counts ----------------------------------------------------------------------------------------------------


def test_it_says_what_the_worked_example_adds_up_to(drafted: World) -> None:
    with drafted.context():
        found = reporting.report_of("REPORT-1")
        content = reporting.content_of(found)
        assert json.loads(json.dumps(content)) == content, "it can be frozen as it is"
        whole = exported(Filters(as_at=DAY))
    same = {key: content["total"][key] for key in whole["total"]}
    assert same == whole["total"]
    assert (same["returns_accepted"], same["returns_due"]) == (10, 12)
    by_theme = {each["key"]: each for each in whole["by_theme"]}
    for theme in content["themes"]:
        assert theme["crossing"][0]["name"] == "Trust and Confidence"
        assert {key: theme[key] for key in by_theme[theme["key"]]} == by_theme[theme["key"]]
    for theme in content["themes"]:
        for figure in ("awarded_pence", "paid_pence"):
            assert sum(each[figure] for each in theme["districts"]) == theme[figure]


def state(browser: Browser, name: str) -> None:
    """Publish a statement as at the report's day."""
    sent = publish_by_page(browser, {"name": name, "as_at": STARTED["as_at"]})
    assert sent.status_code == 303


def test_small_numbers_are_out_of_what_is_frozen(told: World, later: Path) -> None:
    add(later, "returns", "W-11", "2", "2024-10-01", "2025-03-31", "2025-04-30", "accepted", "2025-05-01")
    add(later, "values", "W-11", "2", "people-taking-part", "100", "", "reported", "", "")
    for split, count in (("under 18", "3"), ("18 to 24", "41"), ("over 24", "56")):
        add(later, "values", "W-11", "2", "people-taking-part", count, "", "reported", "age band", split)
    with told.context():
        load_results(later, clock.now())
    browser = analyst(told)
    browser.send(f"{PAGES}start", STARTED)
    assert NO_STATEMENT in unescape(browser.get(PAGE).text)
    state(browser, "Of the year")
    assert "As published in “Of the year” (IMPACT-1, as at 31 March 2026)" in unescape(browser.get(PAGE).text)
    write(browser)
    assert finish(browser).status_code == 303
    with told.context():
        (bands,) = (each for each in final(told).content["who"] if each["split_by"] == "age band")
    assert bands["parts"] == {"18 to 24": None, "over 24": 56, "under 18": None}
    assert bands["total"] == 100
    who = browser.get(PAGE).text.split(">Who took part</h2>")[1].split(">Indicators</h2>")[0]
    assert who.count("Left out</td>") == 2
    assert ">41</td>" not in who


def test_official_figures_are_those_known_on_the_day(world: World) -> None:
    today = clock.london_day(clock.now())
    with world.context():
        world.demo.observe()
    browser = analyst(world)
    for day in (today, today - timedelta(days=1)):
        sent = {**STARTED, "as_at": [str(day.day), str(day.month), str(day.year)]}
        assert browser.send(f"{PAGES}start", sent).status_code == 303
    now, before = (browser.get(f"{PAGES}REPORT-{number}/").text for number in (1, 2))
    assert "Example figures" in now
    assert "No new data published" in now
    assert now.count('class="app-multiple"') == 10, "two indicators in five districts"
    assert "published on" in now
    assert 'class="app-multiple"' not in before, "the file was published the day after"
    made = browser.get(f"{PAGES}REPORT-1/download/pdf/").data
    text = "".join("".join(each.extract_text() for each in PdfReader(io.BytesIO(made)).pages).split())
    assert text.count("Examplefigures:madeup") == 2
    assert text.count("Examplefigures") == 2 + 10, "each of ten drawings says so"


def test_a_report_stays_in_its_plan(drafted: World) -> None:
    """Another version is made current: what was tagged in this one is counted, and the report says so."""
    with drafted.context():
        before = reporting.content_of(reporting.report_of("REPORT-1"))
        with unit_of_work(None, Action.PLAN_LOAD):
            reporting.report_of("REPORT-1").plan.state = PlanState.CLOSED
        after = reporting.content_of(reporting.report_of("REPORT-1"))
    assert after["plan"] == before["plan"]
    assert reporting.OF_ONE_PLAN in after["notes"]
    assert reporting.OF_ONE_PLAN not in before["notes"]


# -- final -------------------------------------------------------------------------------------------------------------


def test_once_final_nothing_moves(drafted: World, later: Path) -> None:
    browser = analyst(drafted)
    assert finish(browser).status_code == 303
    before = said(browser)
    assert "Draft. It is not published" not in before
    with drafted.context():
        held = final(drafted)
        assert held.sha256 == content_hash(held.content)
        text = json.dumps(held.content, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == held.sha256
        assert held.sha256 in before
    change(later, "returns", 6, "state", "accepted")
    change(later, "returns", 6, "accepted_on", "2026-03-30")
    with drafted.context():
        load_results(later, clock.now())
        found = reporting.report_of("REPORT-1")
        assert reporting.content_of(found) != said_by(found), "what it would say now is something else"
    assert said(browser) == before
    for page in ("edit", "finish", "delete"):
        assert browser.send(f"{PAGE}{page}", WRITTEN, page=f"{PAGES}start").status_code == 409
    assert "Make it final" not in before
    with drafted.context(), pytest.raises(FrozenRecordError), unit_of_work(None, Action.REPORT_FINISH):
        final(drafted).sha256 = "0" * 64


def test_reopened_returns_leave_a_final_report_as_it_was(world: World) -> None:
    reference = world.reported()
    browser = analyst(world)
    today = clock.london_day(clock.now())
    day = [str(today.day), str(today.month), str(today.year)]
    browser.send(f"{PAGES}start", {**STARTED, "as_at": day})
    write(browser, as_at=day)
    finish(browser)
    before = said(browser)
    officer = world.browser(world.person("programme officer"))
    with world.context():
        found = reporting.report_of("REPORT-1")
        accepted = reporting.content_of(found)["total"]["returns_accepted"]
    page = f"/admin/returns/{reference}-R1/"
    sent = {"reason": "A number was typed wrongly.", "seen": seen(officer, page)}
    answer = officer.send(f"{page}reopen", sent, page=page)
    assert answer.status_code == 303, answer.text
    with world.context():
        found = reporting.report_of("REPORT-1")
        assert reporting.content_of(found)["total"]["returns_accepted"] == accepted - 1
        assert said_by(found)["total"]["returns_accepted"] == accepted
    assert said(browser) == before


def test_what_moved_since_it_was_read_is_read_again(drafted: World, later: Path) -> None:
    browser = analyst(drafted)
    read = seen(browser)
    change(later, "returns", 6, "state", "accepted")
    change(later, "returns", 6, "accepted_on", "2026-03-30")
    with drafted.context():
        load_results(later, clock.now())
    answer = browser.send(f"{PAGE}finish", {"seen": read})
    assert answer.status_code == 409
    assert "Read it again before it is made final" in answer.text
    assert finish(browser).status_code == 303


def test_what_is_missing_is_said_before(told: World) -> None:
    browser = analyst(told)
    browser.send(f"{PAGES}start", STARTED)
    write(browser, summary="", themes=[], indicators=[])
    answer = browser.send(f"{PAGE}finish", {"seen": ""}, page=f"{PAGE}edit")
    assert answer.status_code == 422
    assert "Write the summary" in answer.text
    assert "Choose at least one theme or indicator" in answer.text
    with told.context():
        assert db.session.scalar(select(func.count()).select_from(FinalReport)) == 0
        with pytest.raises(NotReadyError), unit_of_work(None, Action.REPORT_FINISH):
            operations.finish_report(told.staff("analyst"), "REPORT-1", "", clock.now())


def test_a_copy_that_was_changed_behind_the_service_is_not_shown(drafted: World) -> None:
    browser = analyst(drafted)
    finish(browser)
    with drafted.context():
        found = reporting.report_of("REPORT-1")
        assert found.final
        found.final.sha256 = "0" * 64
        with pytest.raises(BrokenReportError):
            said_by(found)
        db.session.rollback()


def test_whoever_may_not_see_all_of_it_does_not_make_it_final(world: World) -> None:
    reference = world.reported()
    browser = analyst(world)
    today = clock.london_day(clock.now())
    day = [str(today.day), str(today.month), str(today.year)]
    browser.send(f"{PAGES}start", {**STARTED, "as_at": day})
    write(browser, as_at=day)
    read = seen(browser)
    with world.context():
        actor = world.staff("analyst")
        barred = type(actor)(actor.id, actor.name, actor.roles, barred=frozenset({reference}))
        found = reporting.report_of("REPORT-1")
        assert reporting.content_of(found, barred) != reporting.content_of(found)
        with pytest.raises(NotReadyError, match="Somebody else has to"), unit_of_work(None, Action.REPORT_FINISH):
            operations.finish_report(barred, "REPORT-1", read, clock.now())


# -- files -------------------------------------------------------------------------------------------------------------


def test_the_word_file_has_headings_and_tables(drafted: World) -> None:
    browser = analyst(drafted)
    answer = browser.get(f"{PAGE}download/docx/")
    assert 'filename="report-1-draft.docx"' in answer.headers["Content-Disposition"]
    made = WordFile(io.BytesIO(answer.data))
    heads = [(each.text, each.style.name) for each in made.paragraphs if each.style.name.startswith("Heading")]
    assert heads[0] == ("Example report", "Heading 1")
    assert [text for text, level in heads if level == "Heading 2"] == [
        "Summary",
        "Road Safety",
        "Serious Violence",
        "Who took part",
        "Indicators",
        "What happens next",
    ]
    told = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert told[0] == ["Theme", "Projects", "Awarded", "Paid", "Due returns accepted"]
    assert told[-1][0] == "The whole plan"
    assert told[-1][2].endswith("not known)")
    assert told[-1][4] == "9 of 12, 1 early"
    assert any("Draft. It is not published" in each.text for each in made.paragraphs)
    assert any(each.text == "Streets are calmer." for each in made.paragraphs)
    described = [each.get("descr") for each in made.element.body.iter(qn("wp:docPr"))]
    assert described == [MONEY_DRAWN.format(theme) for theme in ("Road Safety", "Serious Violence")]
    images = [part.blob for part in made.part.package.image_parts]
    assert all(blob.startswith(b"\x89PNG") for blob in images)
    assert len(images) == len(described)
    finish(browser)
    answer = browser.get(f"{PAGE}download/docx/")
    assert 'filename="report-1.docx"' in answer.headers["Content-Disposition"]
    assert not any("Draft" in each.text for each in WordFile(io.BytesIO(answer.data)).paragraphs)


def test_the_pdf_is_tagged_and_its_tables_are_tables(drafted: World) -> None:
    answer = analyst(drafted).get(f"{PAGE}download/pdf/")
    assert b"pdfuaid" in answer.data
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    tags = list(tags_of(reader.trailer["/Root"]["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Caption", "/Figure"} <= set(tags)
    assert not reader.pages[0].images, "drawn as lines and letters, not as pixels"
    assert "Draft" in reader.pages[0].extract_text()


def tags_of(node: Any) -> Any:
    """Every structure type of a tagged PDF."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from tags_of(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags_of(node["/K"])


# -- the command -------------------------------------------------------------------------------------------------------


def test_one_command_writes_the_report(drafted: World, tmp_path: Path) -> None:
    finish(analyst(drafted))
    out = tmp_path / "reports"
    args = ["report", "police-and-crime-panel", "--as-at", "2026-03-31", "--out", str(out)]
    answer = drafted.app.test_cli_runner().invoke(args=args)
    assert answer.exit_code == 0, answer.output
    assert "REPORT-1: final" in answer.output
    names = {path.name for path in out.iterdir()}
    assert names == {f"police-and-crime-panel-2026-03-31.{kind}" for kind in ("html", "css", "docx", "pdf")}
    assert all(name in answer.output for name in names)
    page = (out / "police-and-crime-panel-2026-03-31.html").read_text()
    assert "<h1" in page
    assert page.count("<h1") == 1
    assert "Streets are calmer." in page
    assert "<script" not in page


def test_where_none_is_kept_a_draft_is_made_and_kept_nowhere(told: World, tmp_path: Path) -> None:
    args = ["report", "vision-zero-board", "--as-at", "2026-03-31", "--out", str(tmp_path)]
    answer = told.app.test_cli_runner().invoke(args=args)
    assert answer.exit_code == 0, answer.output
    assert "kept nowhere: draft" in answer.output
    page = (tmp_path / "vision-zero-board-2026-03-31-draft.html").read_text()
    assert "Draft. It is not published" in page
    with told.context():
        assert db.session.scalar(select(func.count()).select_from(PanelReport)) == 0


@pytest.mark.parametrize(
    ("reader", "day", "words"),
    [
        ("nobody", "2026-03-31", "the known ones are police-and-crime-panel, community-outcomes-meeting"),
        ("vision-zero-board", "2099-03-31", "That day has not come."),
    ],
)
def test_the_command_says_what_is_wrong(world: World, tmp_path: Path, reader: str, day: str, words: str) -> None:
    args = ["report", reader, "--as-at", day, "--out", str(tmp_path / "no")]
    answer = world.app.test_cli_runner().invoke(args=args)
    assert answer.exit_code == 1
    assert words in answer.output
    assert not (tmp_path / "no").exists()


# -- who may -----------------------------------------------------------------------------------------------------------


def test_who_writes_and_who_reads(drafted: World) -> None:
    for role in ("auditor", "board member", "finance officer"):
        browser = drafted.browser(drafted.person(role))
        assert browser.get(PAGE).status_code == 200
        assert browser.get(f"{PAGE}download/pdf/").status_code == 200
        assert "Start a report" not in browser.get(PAGES).text
        assert "Make it final" not in browser.get(PAGE).text
        for page in ("edit", "finish", "delete"):
            assert browser.send(f"{PAGE}{page}", WRITTEN, page="/admin/").status_code == 403
        assert browser.send(f"{PAGES}start", STARTED, page="/admin/").status_code == 403
    assert drafted.browser(drafted.person("assessor")).get(PAGE).status_code == 403
    assert drafted.browser(drafted.person("programme officer")).get(f"{PAGE}edit").status_code == 200
    assert analyst(drafted).get(f"{PAGES}REPORT-7/").status_code == 404
    assert analyst(drafted).get(f"{PAGES}NO-SUCH/").status_code == 404
    with drafted.context():
        auditor, at = drafted.staff("auditor"), clock.now()
        told = operations.Written("One", DAY, [], [], {})
        with pytest.raises(ForbiddenError):
            operations.start_report(auditor, "vision-zero-board", "One", DAY, at)
        with pytest.raises(ForbiddenError):
            operations.edit_report(auditor, "REPORT-1", told, "1", at)
        with pytest.raises(ForbiddenError):
            operations.finish_report(auditor, "REPORT-1", "", at)
        with pytest.raises(ForbiddenError):
            operations.delete_report(auditor, "REPORT-1")


def test_a_stale_draft_and_a_final_one_are_refused_by_the_operations(drafted: World) -> None:
    browser = analyst(drafted)
    with drafted.context():
        told = operations.Written("One", DAY, [], [], {})
        with pytest.raises(ChangedError), unit_of_work(None, Action.REPORT_EDIT):
            operations.edit_report(drafted.staff("analyst"), "REPORT-1", told, "0", clock.now())
    finish(browser)
    with drafted.context(), pytest.raises(IllegalMoveError), unit_of_work(None, Action.REPORT_DELETE):
        operations.delete_report(drafted.staff("analyst"), "REPORT-1")


def test_words_beside_a_theme_that_is_not_in_it_are_kept_and_told(told: World) -> None:
    browser = analyst(told)
    browser.send(f"{PAGES}start", STARTED)
    page = f"{PAGE}edit"
    typed = {**WRITTEN, "themes": ["serious-violence"], "stamp": stamp(browser)}
    browser.send(page, typed)
    shown = browser.get(PAGE).text
    assert "What is written beside Road Safety is kept, but it is not in the report" in shown
    assert "Streets are calmer." in browser.get(page).text
    browser.send(page, {**WRITTEN, "stamp": stamp(browser)})
    assert "is kept, but it is not in the report" not in browser.get(PAGE).text
