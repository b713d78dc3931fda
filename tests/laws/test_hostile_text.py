"""Hostile text in every field of every form: never a server error, nothing unescaped, no header of the sender's."""

import re

import pytest

from tests.laws.cast import PLAYERS, Cast
from tests.laws.counts import TRIED
from tests.laws.sent_forms import Form, Found, Values, every_form
from tests.laws.visits import visit_all

SCRIPT = "<script>canary()</script>"
HOSTILE = (
    SCRIPT,
    "\"><img src=x onerror='canary()'>",
    "' autofocus onfocus='canary()",
    "{{ 7919 * 7907 }}{% raw %}${7919*7907}",
    "'; DROP TABLE person; -- %s %(x)s",
    "\x00\x01\x1b[31m",
    "x\r\nSet-Cookie: canary=1\r\n\r\n<script>canary()</script>",
    "=cmd|' /C calc'!A0",
    "\u202eevil\u202c\u200b\ufeff\U0001f600",
    "٣١٤",
    "9" * 60,
    "-1",
    "1e309",
    "NaN",
    "../../etc/passwd",
    "a" * 40_000,
    " ",
)
IN_A_CHOICE = ("nothing", SCRIPT, "9" * 40, "\x00")
OWN_FILES = {"static", "health"}  # nothing of anybody's stands in them
UNESCAPED = re.compile(r"<script>canary|<img src=x|onfocus='canary|\son\w+='canary|62615533", re.IGNORECASE)


@pytest.fixture(scope="module")
def everybodys_forms(told: Cast) -> list[Found]:
    """Every form, once for each person who meets it."""
    told.restore()
    return every_form(told, of_each_role=True)


def test_forms_were_found(everybodys_forms: list[Found]) -> None:
    assert len(everybodys_forms) > 90
    kinds = {each.endpoint for each in everybodys_forms}
    assert kinds >= {"panel_assessment.criterion", "panel_dues.show", "panel_returns.show"}
    # the deactivated are shown what the signed out are; auditors and readers change nothing but their session
    changes_nothing = {"reader", "auditor", "administrator"}
    assert set(PLAYERS) - {each.key for each in everybodys_forms} <= changes_nothing


def test_hostile_text_breaks_no_form(cast: Cast, everybodys_forms: list[Found]) -> None:
    wrong: list[str] = []
    for each in everybodys_forms:
        form = each.fresh(cast)
        for values in sendings(form) if each.first else mixtures(form):
            wrong += try_one(cast, each, form, values)
            form = each.fresh(cast)
            if unescaped := UNESCAPED.search(form.page):
                wrong.append(f"{each.address} after {str(values)[:120]}: unescaped {unescaped[0]}")
    assert wrong == []


def sendings(form: Form) -> list[Values]:
    """The form with every text hostile, in each way; with one choice that was never offered; and empty."""
    texts = [name for name in form.names if name in form.texts]
    all_texts = [{name: [text] for name in texts} for text in HOSTILE] if texts else []
    single = [{name: [HOSTILE[place % len(HOSTILE)]]} for place, name in enumerate(texts)]
    choices = [{name: [text]} for name in form.choices for text in IN_A_CHOICE]
    return [*all_texts, *single, *choices, {name: [] for name in form.names}]


def mixtures(form: Form) -> list[Values]:
    """The form as the next person meets it: each text and choice hostile, in turns, so that all kinds come by."""
    offers = (HOSTILE[:6], HOSTILE[6:12], HOSTILE[12:])
    found = [{name: [texts[place % len(texts)]] for place, name in enumerate(form.names)} for texts in offers]
    return [*found, {name: [] for name in form.names}] if form.names else [{}]


def try_one(cast: Cast, each: Found, form: Form, values: Values) -> list[str]:
    """Send it; what is wrong with the answer."""
    answer = cast.ask(each.player(cast), "POST", form.action, {**form.filled(), **values})
    TRIED["hostile forms"] += 1
    said = f"POST {form.action} as {each.key} with {str(values)[:120]}"
    wrong = [f"{said}: {answer.code} {answer.text[:300]}"] if answer.code >= 500 else []
    if unescaped := UNESCAPED.search(answer.text):
        wrong.append(f"{said}: unescaped {unescaped[0]}")
    if answer.response is not None and "canary" in str(answer.response.headers.getlist("Set-Cookie")):
        wrong.append(f"{said}: a cookie of the sender's")
    return wrong


def test_hostile_text_that_is_stored_is_shown_as_text(tainted: Cast) -> None:
    """A world in which every name, title, answer and reason is hostile, and every page, list and file of it."""
    pages = visit_all(tainted).made
    wrong, seen = [], 0
    for visit in pages:
        seen += "canary" in visit.answer.text
        if visit.answer.code >= 500:
            wrong.append(f"{visit.address}: {visit.answer.code} {visit.answer.text[:300]}")
        made = visit.answer.response
        if made is None:
            continue
        if made.mimetype == "text/html":
            if unescaped := UNESCAPED.search(visit.answer.text):
                wrong.append(f"{visit.address}: unescaped {unescaped[0]}")
        elif "attachment" not in made.headers.get("Content-Disposition", "") and visit.endpoint not in OWN_FILES:
            wrong.append(f"{visit.address}: {made.mimetype} that a browser might show")
        if made.mimetype == "text/csv":
            cells = re.findall(r"(?:^|,)\"?([=+@])", visit.answer.text, re.MULTILINE)
            wrong += [f"{visit.address}: a cell begins with {cell}" for cell in cells[:1]]
    assert seen > 60, "the hostile world is hardly seen"
    assert wrong == []
