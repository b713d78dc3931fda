"""No address breaks the service: whatever is put into any part of it, the answer is never a server error."""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from werkzeug.routing import BuildError

from tests.laws.addresses import ENTRIES, address_of, endpoints, methods_of
from tests.laws.cast import Cast
from tests.laws.counts import TRIED

HUGE = "9" * 40
# What is put after any address.
QUERIES = (
    f"id={HUGE}&page={HUGE}",
    "id=-1&page=-1",
    "id=0&page=0",
    "id=1e9&page=1e9",
    "id=%00&page=%00&q=%00",
    "id=%F0%9F%98%80&page=%D9%A3&q=%D9%A3",
    "url=//[x&next=//[x",
    "q=%25_%5C%27%22%3B--&sort=nothing&sort=-nothing",
    "sort=-&sort=&page=&q=",
    "unknown=1&unknown=2&search=x&flt0_0=x&page_size=1000000&sort=id",
    "state=nothing&round=nothing&theme=nothing&district=nothing&fund=nothing",
    f"round={HUGE}&pot={HUGE}&theme={HUGE}&from={HUGE}&to={HUGE}",
    "from=2026-02-30&to=0000-00-00&as_at=2026-02-30&ready=perhaps&standing=perhaps",
    "as_at=9999-12-31&year=0000-01&plan=nothing&by=nothing&key=nothing&cross=nothing",
    "as_at=0001-01-01&by=district&key=nothing",
    "by=matrix&key=%00",
    "answers=" + "y" * 500,
    "q=" + "a%20" * 1000,
    "q=" + "%F0%9F%98%80" * 500,
    "%FF=%FF&q=%FF%FE",
)
# What is put into each part of a path.
PARTS = (
    HUGE,
    "-1",
    "%",
    "..",
    "a" * 3000,
    "\U0001f600",
    "'; DROP TABLE person; --",
    "\x00",
    "EX-SS-" + "9" * 12,
    "EX-SS-ZZZZZ-P999",
    "EX-SS-ZZZZZ-P٣",
    "EX-SS-ZZZZZ-R-P1",
    "EX-SS-ZZZZZ-R000",
)
ASKING = ("everything", "lead")


def addresses(app: Flask, endpoint: str, values: Mapping[str, str], method: str) -> Iterator[str]:
    """An endpoint's address with something hostile in one of its parts."""
    address = address_of(app, endpoint, method, values)
    yield from (f"{address}{'&' if '?' in address else '?'}{query}" for query in QUERIES)
    for part in values:
        for hostile in PARTS:
            try:
                yield address_of(app, endpoint, method, {**values, part: hostile})
            except (BuildError, ValueError):  # the shape of a reference lets nothing else into the path
                break


@pytest.mark.parametrize("endpoint", sorted(ENTRIES))
def test_no_address_breaks_a_page(cast: Cast, endpoint: str) -> None:
    entry, wrong = ENTRIES[endpoint], []
    values = entry.exists(cast)
    for method in methods_of(cast.app, endpoint):
        for key in ASKING if method == "GET" else ASKING[:1]:
            player = cast.player(key, entry.story)
            for address in addresses(cast.app, endpoint, values, method):
                answer = cast.ask(player, method, address)
                TRIED["hostile addresses"] += 1
                if answer.code >= 500:
                    wrong.append(f"{method} {address[:160]} as {key}: {answer.code} {answer.text[:200]}")
    assert wrong == []


def test_raw_paths_break_nothing(cast: Cast) -> None:
    """What no rule builds: doubled slashes, dots, percent signs, NUL and letters of no alphabet below each prefix."""
    prefixes = sorted({rule.rule.split("<")[0] for rule in cast.app.url_map.iter_rules()})
    wrong = []
    for prefix in prefixes:
        for tail in ("%00", "%2e%2e%2f", "//", "%FF%FE", "%25%30%30", "..%5c", ";", "-" * 2000, "%0d%0aSet-Cookie:x=1"):
            answer = cast.ask(cast.people["everything"], "GET", prefix + tail)
            TRIED["hostile addresses"] += 1
            if answer.code >= 500 or (answer.response and "x=1" in answer.response.headers.get("Set-Cookie", "")):
                wrong.append(f"{prefix}{tail}: {answer.code} {answer.text[:200]}")
    assert wrong == []


def test_every_endpoint_is_tried(prepared: Flask) -> None:
    assert endpoints(prepared) == sorted(ENTRIES)
