"""Filling in sheets as assessors do."""

import re

from spatc_funds.accounts.queries import person_by_email
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import queries
from spatc_funds.policy.states import AssessmentState
from tests.builders import Browser, World

SHEETS = "/admin/assessment/"
KEYS = ("need", "activities", "reach", "difference", "keeping-people-safe", "delivery-and-value")
STAMP = re.compile(r'name="stamp"[^>]*value="([^"]*)"')
TOLD = "A clear case. Tell us more about the evenings."


def page_of(reference: str, key: str) -> str:
    """The address of one criterion."""
    return f"{SHEETS}{reference}/criteria/{key}/"


def second(world: World, reference: str) -> Browser:
    """The assessor of an "assessing" bid who has declared nothing and scored nothing yet; they declare none."""
    browser = world.browser(world.person("assessor", 1))
    browser.send(f"/admin/assessment/{reference}/interest", {"kind": "none", "note": ""})
    return browser


def stamp_on(browser: Browser, reference: str, key: str) -> str:
    """What a criterion's page was made from."""
    found = STAMP.search(browser.get(page_of(reference, key)).text)
    assert found
    return found[1]


def give(browser: Browser, reference: str, key: str, value: object, reason: str = "Well shown", **more: str) -> int:
    """One criterion, from its page as it is now; the answer's code."""
    data = {"value": str(value), "reason": reason, "feedback": TOLD, "note": "", **more}
    return browser.send(page_of(reference, key), {**data, "stamp": stamp_on(browser, reference, key)}).status_code


def score(browser: Browser, reference: str, value: int = 4) -> int:
    """A whole sheet, made final; the answer's code."""
    assert {give(browser, reference, key, value) for key in KEYS} == {303}
    return browser.send(f"{SHEETS}{reference}/finish", page=f"{SHEETS}{reference}/").status_code


def state_of(world: World, reference: str, email: str) -> AssessmentState | None:
    with world.context():
        submission, person = submission_by_reference(reference), person_by_email(email)
        assert submission
        assert person
        found = queries.sheet_of(submission.id, person.id)
        return found.state if found else None
