"""Headers on every shape of answer; a forged Host and a foreign ``next`` lead nowhere."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.builders import World
from tests.laws.cast import Cast
from tests.laws.visits import Visits

FOREIGN = (
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/%5Cevil.example",
    "javascript:alert(1)",
    "//localhost@evil.example",
    "http://localhost.evil.example/",
    "/\t/evil.example",
    "/\n/evil.example",
    "//[x",
    "\x00//evil.example",
    " //evil.example",
    "https://localhost:80@evil.example/",
)


def policy(response: TestResponse) -> dict[str, str]:
    """The content security policy by directive."""
    parts = [part.split(None, 1) for part in response.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[-1] for part in parts}


def faults(response: TestResponse) -> list[str]:
    """What an answer's headers lack."""
    found = policy(response)
    return [
        fault
        for fault, is_so in {
            "unsafe": "unsafe" in response.headers["Content-Security-Policy"],
            "no default": found.get("default-src") != "'none'",
            "scripts": found.get("script-src") != "'self'",
            "styles": found.get("style-src") != "'self'",
            "framed": found.get("frame-ancestors") != "'none'",
            "base": found.get("base-uri") != "'none'",
            "forms": found.get("form-action") != "'self'",
            "another host": "http" in response.headers["Content-Security-Policy"],
            "sniffed": response.headers.get("X-Content-Type-Options") != "nosniff",
            "referrer": response.headers.get("Referrer-Policy") != "same-origin",
        }.items()
        if is_so
    ]


def test_every_answer_has_its_headers(visits: Visits) -> None:
    """Page, panel, refusal, redirect, download, file, data: all that the law tests opened."""
    answers = [visit for visit in visits.made if visit.answer.response is not None]
    shapes = {(visit.answer.response.mimetype, visit.answer.code) for visit in answers if visit.answer.response}
    assert shapes >= {("text/html", 200), ("text/html", 303), ("text/html", 403), ("text/csv", 200)}
    wrong = [
        f"{visit.address}: {fault}"
        for visit in answers
        if visit.answer.response is not None
        for fault in faults(visit.answer.response)
    ]
    assert wrong == []


def test_a_download_is_saved_and_not_shown(visits: Visits) -> None:
    files = [visit.answer.response for visit in visits.made if visit.answer.code == 200 and "export" in visit.endpoint]
    files += [visit.answer.response for visit in visits.made if visit.endpoint == "panel_workbook.download"]
    saved = [
        each.headers.get("Content-Disposition", "") for each in files if each is not None and each.status_code == 200
    ]
    assert saved
    assert all(each.startswith("attachment; filename=") for each in saved)


def test_nothing_of_anybodys_is_cached(visits: Visits) -> None:
    held = [visit for visit in visits.made if visit.endpoint != "static" and visit.answer.response is not None]
    assert {each.answer.response.headers.get("Cache-Control") for each in held if each.answer.response} == {"no-store"}


@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("GET", "/nothing-here", 404),
        ("POST", "/", 405),
        ("POST", "/sign-in", 400),
        ("GET", "/?q=%00", 400),
        ("GET", "/plan/", 404),
        ("PUT", "/home", 405),
        ("GET", "/static/nothing.js", 404),
    ],
)
def test_every_error_page_has_its_headers(app: Flask, method: str, address: str, code: int) -> None:
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == code
    assert faults(answer) == []
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_a_forged_host_is_refused(app: Flask, host: str) -> None:
    answer = app.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert faults(answer) == []


def test_a_forwarded_host_is_not_believed(app: Flask) -> None:
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    answer = app.test_client().get("/home", headers=told)
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("address", FOREIGN)
def test_nobody_is_sent_elsewhere_after_signing_in(world: World, address: str) -> None:
    client, email = world.browser(), world.person("auditor")
    typed = {"email": email, "password": "example-password-1", "csrf_token": client.token("/sign-in")}
    answer = client.post("/sign-in", query_string={"next": address}, data=typed)
    assert stays(answer), answer.headers.get("Location")
    if answer.status_code == 303:
        assert stays(client.get("/sign-in", query_string={"next": address}))


@pytest.mark.parametrize("address", FOREIGN)
def test_nobody_is_sent_elsewhere_by_any_page(cast: Cast, address: str) -> None:
    """``next`` and ``url`` and a foreign Referer, on pages that lead back somewhere."""
    lead, officer = cast.player("lead", "draft-ready"), cast.people["everything"]
    for player, page in (
        (lead, "/organisations/new"),
        (officer, "/admin/submissions/"),
        (officer, "/admin/log/details/?id=1"),
    ):
        client = cast.browser(player)
        answer = client.get(page.split("?")[0], query_string={"next": address, "url": address, "id": "1"})
        assert answer.status_code < 500
        assert stays(answer)
        assert 'href="//evil' not in answer.text
        assert 'href="http' not in answer.text.replace('href="https://www.', "")
    stranger = cast.browser(cast.people["signed out"])
    for method in ("GET", "POST"):
        asked = {"csrf_token": cast.people["signed out"].token}
        if not any(ord(letter) < ord(" ") for letter in address):  # no client can send those in a header
            assert stays(stranger.open("/home", method=method, headers={"Referer": address}, data=asked))


def stays(answer: TestResponse) -> bool:
    """Whether an answer leads to a page of this site, or nowhere."""
    place = answer.headers.get("Location", "/")
    return place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
