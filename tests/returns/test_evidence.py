"""Papers and photographs of a return: what is taken, what is kept of it, who gets it, and until when it is removed."""

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from spatc_funds.db.base import db
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import contents, queries
from spatc_funds.returns.adding import MOST_FILES
from tests.builders import Browser, World
from tests.files.test_photographs import PAPER, SECRET, jpeg, png
from tests.returns.test_return_views import WHOLE, fill, saved, send

STORY = "late-return"
TICKED = {"caption": "The new lamps", "all_agreed": "y", "nameless": "y"}


@pytest.fixture
def reference(world: World) -> str:
    """A return that nobody has started."""
    return f"{world.tell(STORY)}-R2"


@pytest.fixture
def lead(world: World, reference: str) -> Browser:  # the group exists once its story is told
    return world.browser(world.lead(STORY))


def add(browser: Browser, reference: str, content: bytes, name: str = "photo.jpg", **typed: str) -> Any:
    page = f"/returns/{reference}/evidence"
    form = {**TICKED, **typed, "file": (io.BytesIO(content), name), "csrf_token": browser.token(page)}
    return browser.post(page, data=form, content_type="multipart/form-data")


def files(app: Flask, reference: str) -> list[tuple[int, str, str, bytes]]:
    with app.app_context():
        found = queries.owed(reference)
        assert found
        held = found.started.files if found.started else []
        return [(each.number, each.kind.value, each.caption, each.content) for each in held]


def test_a_photograph_is_made_anew_and_handed_out_as_a_download(app: Flask, lead: Browser, reference: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    answer = add(lead, reference, jpeg(exif=exif.tobytes()), name="../../Sam Secret <b>.php")
    assert (answer.status_code, answer.location) == (303, f"/returns/{reference}/evidence")
    assert saved(app, reference)["state"] is ReturnState.STARTED
    page = lead.get(answer.location).text
    assert f'<img src="/returns/{reference}/evidence/1" alt="The new lamps"' in page
    file = lead.get(f"/returns/{reference}/evidence/1")
    assert file.content_type == "image/jpeg"
    assert file.headers["Content-Disposition"] == "attachment; filename=file-1.jpg"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].endswith("; sandbox")
    assert file.headers["Cache-Control"] == "no-store"
    assert SECRET not in file.data
    assert "Secret" not in page
    ((_, kind, _, content),) = files(app, reference)
    assert (kind, content) == ("jpeg", file.data)


def test_a_pdf_needs_no_ticks_and_stays_as_it_is(app: Flask, lead: Browser, reference: str) -> None:
    assert add(lead, reference, PAPER, name="x.exe", all_agreed="", nameless="").status_code == 303
    assert files(app, reference) == [(1, "pdf", "The new lamps", PAPER)]
    file = lead.get(f"/returns/{reference}/evidence/1")
    assert (file.content_type, file.data) == ("application/pdf", PAPER)


@pytest.mark.parametrize(
    ("content", "typed", "field", "says"),
    [
        (jpeg(), {"all_agreed": ""}, "all_agreed", "everybody in it has agreed to"),
        (png(), {"nameless": ""}, "nameless", "no name can be read"),
        (jpeg(), {"caption": "  "}, "caption", "Say what it shows"),
        (b"<svg onload=alert(1)>", {}, "file", "We can only take a PDF"),
        (jpeg((900, 900))[:600], {}, "file", "We cannot read this picture"),
        (PAPER.replace(b"endobj", bytes(5 * 1024 * 1024 + 1)), {}, "file", "5 MB or smaller"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    app: Flask, lead: Browser, reference: str, content: bytes, typed: dict[str, str], field: str, says: str
) -> None:
    answer = add(lead, reference, content, **typed)
    assert answer.status_code == 422
    assert answer.text.count(says) == 2
    assert f'href="#{field}"' in answer.text
    assert answer.text.count("Choose the file again") == (0 if field == "file" else 2), "the browser does not keep it"
    assert "caption" in typed or 'value="The new lamps"' in answer.text  # what was typed is still there
    assert files(app, reference) == []


def test_far_too_large_is_not_even_read(app: Flask, lead: Browser, reference: str) -> None:
    assert add(lead, reference, bytes(7 * 1024 * 1024)).status_code == 413
    assert files(app, reference) == []


def test_elsewhere_a_large_body_is_refused_as_before(lead: Browser, reference: str) -> None:
    page = f"/returns/{reference}/edit"
    form = {"csrf_token": lead.token(page), "file": (io.BytesIO(bytes(3 * 1024 * 1024)), "x")}
    assert lead.post(page, data=form, content_type="multipart/form-data").status_code == 413


def test_no_more_than_five_and_none_twice(app: Flask, lead: Browser, reference: str) -> None:
    for number in range(MOST_FILES):
        assert add(lead, reference, jpeg((10 + number, 10))).status_code == 303
        again = add(lead, reference, jpeg((10 + number, 10))).text
        assert ("You have added this file already" in again) is (number < MOST_FILES - 1)
    assert "Add this file" not in lead.get(f"/returns/{reference}/evidence").text
    assert "A return holds 5 files" in add(lead, reference, jpeg((99, 10))).text
    assert len(files(app, reference)) == MOST_FILES


def test_one_is_removed_and_its_number_is_never_given_again(app: Flask, lead: Browser, reference: str) -> None:
    page = f"/returns/{reference}/evidence"
    for size in ((10, 10), (11, 10)):
        add(lead, reference, jpeg(size))
    assert lead.send(f"{page}/2/remove", page=page).status_code == 303
    assert lead.send(f"{page}/2/remove", page=page).status_code == 404
    add(lead, reference, jpeg((12, 10)))
    assert [number for number, *_ in files(app, reference)] == [1, 3]
    assert lead.get(f"{page}/2").status_code == 404


def test_once_sent_nothing_is_added_or_removed(app: Flask, lead: Browser, reference: str) -> None:
    page = f"/returns/{reference}/evidence"
    add(lead, reference, jpeg())
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    token = lead.token("/help-and-support")
    assert lead.get(page).status_code == 303
    assert lead.post(f"{page}/1/remove", data={"csrf_token": token}).status_code == 409
    form = {**TICKED, "file": (io.BytesIO(jpeg((9, 9))), "x.jpg"), "csrf_token": token}
    assert lead.post(page, data=form, content_type="multipart/form-data").status_code == 409
    assert len(files(app, reference)) == 1


def test_who_gets_it(app: Flask, world: World, lead: Browser, reference: str) -> None:
    world.tell("paid-first")
    add(lead, reference, jpeg())
    own, panel = f"/returns/{reference}/evidence/1", f"/admin/returns/{reference}/evidence/1"
    officer = world.browser(world.person("programme officer"))
    assert officer.get(panel).status_code == 404  # still the group's own
    fill(lead, reference, **WHOLE)
    send(lead, reference)
    assert officer.get(panel).headers["Content-Disposition"].startswith("attachment")
    assert panel in officer.get(f"/admin/returns/{reference}/").text
    assert officer.get(own).status_code == 403
    assert world.browser().get(own).status_code == 303
    assert world.browser(world.lead("paid-first")).get(own).status_code == 404
    assert world.browser(world.person("assessor")).get(panel).status_code == 403
    assert lead.get(panel).status_code == 403


def test_what_is_frozen_names_the_files_and_the_log_keeps_none(app: Flask, lead: Browser, reference: str) -> None:
    add(lead, reference, jpeg())
    with app.app_context():
        found = queries.owed(reference)
        assert found
        assert found.started
        (named,) = contents.content(found.started)["files"]
        assert named["caption"] == "The new lamps"
        assert len(named["sha256"]) == 64
        logged = str(db.session.execute(db.text('SELECT log_values."values" FROM log_values')).all())
    assert "The new lamps" not in logged
    assert "return_file" not in logged or "\\xff\\xd8" not in logged
