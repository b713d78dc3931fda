"""Every page and every form's refusal is valid HTML that people can find their way in."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from spatc_funds.web.fields import DayField
from tests.laws.cast import Cast
from tests.laws.counts import TRIED
from tests.laws.sent_forms import Found
from tests.laws.test_templates import faults
from tests.laws.visits import Visits

ROOT = Path(__file__).resolve().parents[2]
CHECKER = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
OWN_NODE = ROOT / ".venv-node" / "bin"
BAD = "<!DOCTYPE html><html lang=en><title>x</title><body><p><div></p><ul><p></ul></body></html>"
# The checker's own rules, but for those of taste, each with its reason.
RULES = {
    "extends": ["html-validate:recommended"],
    "root": True,
    "rules": {
        "form-dup-name": [
            "error",
            {"shared": ["radio", "checkbox", "button", "reset", "submit"]},
        ],  # tick boxes of one question
        "long-title": "off",  # page, section, service: the service's name is the authority's
        "no-trailing-whitespace": "off",  # templates leave blank lines
        "attribute-boolean-style": "off",  # the component library writes hidden="" and checked
        "void-style": "off",  # the component library's
        "no-redundant-role": "off",  # some readers drop lists that are drawn without marks: role="list" keeps them
        "prefer-native-element": "off",  # likewise; axe judges roles
        "require-sri": "off",  # everything comes from this host
        "valid-id": ["error", {"relaxed": True}],  # ids are fields' names
        "tel-non-breaking": "off",  # help lines are shown as the plan prints them
        "wcag/h63": "off",  # scope of headings: axe judges
    },
}


@pytest.fixture(scope="module")
def pages(cast: Cast, visits: Visits, forms: list[Found]) -> dict[str, str]:
    """Every page by what it is: as visited, and as it comes back when its form is sent empty."""
    found = {f"{visit.endpoint} as {visit.key} ({visit.answer.code})": visit.answer.text for visit in visits.pages()}
    for each in forms:
        form = each.fresh(cast)
        answer = cast.ask(each.player(cast), "POST", form.action, {name: [] for name in form.names})
        if answer.code == 422:
            found[f"{each.endpoint} form {each.place} refused to {each.key}"] = answer.text
        elif answer.code < 400:
            cast.restore()
    return found


def test_refused_forms_say_so(pages: dict[str, str]) -> None:
    refused = {name: text for name, text in pages.items() if "refused" in name}
    assert len(refused) > 10
    wrong = []
    for name, text in refused.items():
        title = re.search(r"<title>\s*(.*?)\s*</title>", text, re.DOTALL)
        wrong += [] if title and title[1].startswith("Error: ") else [f"{name}: titled {title and title[1]}"]
        wrong += [] if "govuk-error-summary" in text else [f"{name}: no summary of what is wrong"]
        wrong += [f"{name}: {fault}" for fault in faults(text)]
    assert wrong == []


def test_every_page_has_its_landmarks(pages: dict[str, str]) -> None:
    wrong = [
        f"{name}: {len(re.findall(pattern, text))} of {pattern}"
        for name, text in pages.items()
        for pattern in (r"<header\b", r"<main\b", r"<footer\b", r'class="govuk-skip-link"')
        if not re.search(pattern, text)
    ]
    assert wrong == []


def boxes_of_a_day(message: str, page: str) -> bool:
    """A date's three boxes share its name; each has an id of its own, in each form of the page that has the date."""
    name = message.split('"')[1]
    ids = [re.findall(rf'id="((?:[a-z-]+-)?{name}-{part})"', page) for part in DayField.PARTS]
    dates = len(ids[0])
    alone = all(len(found) == len(set(found)) == dates for found in ids)
    return bool(dates) and alone and page.count(f'name="{name}"') == 3 * dates


def test_every_page_is_valid_html(pages: dict[str, str], tmp_path: Path) -> None:
    node = shutil.which("node", path=str(OWN_NODE)) or shutil.which("node")
    if node is None or not CHECKER.exists():
        pytest.fail("no node or no html-validate: make builds the styles and brings both")
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(RULES))
    names = dict(enumerate([BAD, *pages]))
    for number, name in names.items():
        (tmp_path / f"{number}.html").write_text(pages.get(name, BAD), encoding="utf-8")
    said = tmp_path / "said.json"  # a file: the checker may end before a pipe has taken all of it
    with said.open("w", encoding="utf-8") as into:
        done = subprocess.run(
            [node, CHECKER, "--formatter", "json", str(tmp_path)],
            stdout=into,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ,
        )
    assert said.stat().st_size, done.stderr
    wrong: dict[str, str] = {}
    bad = 0
    for file in json.loads(said.read_text(encoding="utf-8")):
        name = names[int(Path(file["filePath"]).stem)]
        if name == BAD:
            bad = len(file["messages"])
            continue
        for each in file["messages"]:
            if each["ruleId"] == "form-dup-name" and boxes_of_a_day(each["message"], pages[name]):
                continue
            wrong.setdefault(f"{each['ruleId']}: {each['message']}", f"line {each['line']} of {name}")
    TRIED["pages of valid HTML"] += len(pages)
    assert bad > 0, "the checker finds nothing"
    assert wrong == {}
