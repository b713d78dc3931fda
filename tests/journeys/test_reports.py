"""A panel report from the first choice to the final page, by an analyst at a phone, with scripts and without."""

import pytest

from tests.journeys.browsing import PHONE, SCRIPTS, Enter
from tests.journeys.test_narrow import OVERFLOWS

pytestmark = pytest.mark.browser
ANALYST = "analyst@example.org"
DRAFT = "Draft. It is not published"


@pytest.fixture(scope="module", params=SCRIPTS)
def scripts(request: pytest.FixtureRequest) -> str:
    """Whether scripts run."""
    return str(request.param)


@pytest.fixture(scope="module")
def told(scripts: str) -> tuple[str, ...]:
    """A new site each time, with a return to count."""
    assert scripts
    return ("zero-of-fifty", "late-return")


def test_an_analyst_writes_a_report_and_makes_it_final(visit: Enter) -> None:
    me = visit(PHONE, ANALYST)
    me.go("/admin/impact/reports/")
    me.follow("Start a report")
    me.press("Start the report", status=422)
    assert me.summary() == ["Choose who it is for", "Enter a title"]
    me.choose("Vision Zero Board")
    me.fill("Title", "Example report of a journey")
    me.press("Start the report")
    assert me.heading() == "Write REPORT-1"
    me.choose("Serious Violence", group="Themes")
    me.fill("Beside the figures of Serious Violence", "Beside the chart.")
    me.press("Save the report")
    assert DRAFT in me.main()
    assert "Beside the chart." in me.main()
    assert me.page.evaluate(OVERFLOWS) == ""
    me.follow("Make it final")
    assert me.page.get_by_role("button", name="Make this report final").count() == 0
    me.follow("Write the summary")
    me.fill("Summary", "What we did.\n\nWhat we learnt.")
    me.press("Save the report")
    me.follow("Make it final")
    me.press("Make this report final")
    assert DRAFT not in me.main()
    assert "Made final on" in me.main()
    assert me.page.get_by_role("img").count() == 1
    assert me.page.evaluate(OVERFLOWS) == ""
    me.follow("Start the next report from this one")
    me.fill("Title", "The next")
    me.press("Start the report")
    assert me.heading() == "Write REPORT-2"
    me.go("/admin/impact/reports/REPORT-2/delete")
    me.press("Delete this draft")
    assert me.heading() == "Panel reports"
