"""One application's whole way through the service, in a real browser, without scripts and with them."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from spatc_funds.accounts.operations import create_person
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.core.clock import london_day, now
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from tests.journeys import applying, deciding, delivering
from tests.journeys.browsing import Visitor, Watcher
from tests.journeys.serving import Site

pytestmark = pytest.mark.browser
APPLICANT = "robin.invented@example.org"


@pytest.fixture(scope="module", params=["off", "on"])
def scripts(request: pytest.FixtureRequest) -> str:
    """Whether scripts run."""
    return str(request.param)


@pytest.fixture(scope="module")
def told(scripts: str) -> tuple[str, ...]:
    """No story; and a new site each time, with scripts and without."""
    return ()


class Cast:
    """The people of the journey, each at a browser of their own from the first time they are needed."""

    def __init__(self, chromium: Browser, site: Site, watcher: Watcher) -> None:
        self.chromium, self.site, self.watcher = chromium, site, watcher
        self.here: dict[str, Visitor] = {}

    def __call__(self, email: str) -> Visitor:
        if email not in self.here:
            who = email.partition("@")[0]
            visitor = self.here[email] = Visitor(self.chromium, self.site.address, self.watcher, who)
            visitor.go("/")
            visitor.sign_in(email if "@" in email else f"{email}@example.org")
        return self.here[email]

    def stand(self) -> str:
        """Where everybody is."""
        return "\n\n".join(f"{each.who} at {each.page.url}\n{each.main()}" for each in self.here.values())

    def leave(self) -> None:
        """Everybody closes their browser."""
        for visitor in self.here.values():
            visitor.close()


@pytest.fixture
def cast(chromium: Browser, site: Site, watcher: Watcher, prepared: Flask) -> Cast:
    """The staff of the demo world, and somebody who has an account and no group yet."""
    with prepared.app_context():
        with unit_of_work(None, Action.PERSON_CREATE, APPLICANT):
            create_person(APPLICANT, applying.LEAD, PASSWORD)
        db.session.remove()
        db.engine.dispose()
    return Cast(chromium, site, watcher)


def test_from_the_funds_page_to_the_plans_outcomes(cast: Cast, watcher: Watcher, site: Site, tmp_path: Path) -> None:
    try:
        walk(cast, tmp_path, london_day(now()))
    except Exception as error:
        error.add_note(f"{cast.stand()}\n\n{watcher.findings.told()}\n\n{site.said()}")
        raise
    finally:
        cast.leave()
    assert not watcher.findings.told(), watcher.findings.told()


def walk(cast: Cast, folder: Path, today: date) -> None:
    """Steps 4 to 9 of the path, and the workbook."""
    applicant = cast(APPLICANT)
    applying.add_group(applicant)
    applying.find_round(applicant)
    applying.eligible(applicant)
    sent = applying.fill_in(applicant, today)
    applying.fix_and_send(applicant, sent)

    reference = sent.reference
    deciding.allocate(cast("officer.one"), reference)
    for who, scores in (("assessor.one", deciding.FIRST), ("assessor.two", deciding.SECOND)):
        deciding.declare(cast(who), reference)
        assert "Seen by assessor.one" not in cast(who).main()
        deciding.score(cast(who), reference, scores, f"Seen by {who}")
    assert "Seen by assessor.one" in cast("assessor.two").main()  # theirs is final now
    deciding.settle(cast("officer.one"), reference)
    deciding.recommend(cast("board.chair"), reference)
    deciding.may_not_decide(cast("assessor.one"), reference)
    deciding.decide(cast("decision.maker"), reference)
    deciding.accept(applicant, reference)

    delivering.record_gates(cast("finance.one"), reference)
    delivering.record_bank(cast("finance.two"), reference)
    delivering.request_payment(cast("finance.one"), reference)
    delivering.pay(cast("finance.two"), reference, today)
    delivering.file_return(applicant, reference)
    delivering.send_back(cast("officer.one"), reference)
    delivering.mend(applicant, reference)
    delivering.accept_return(cast("officer.one"), reference)
    delivering.see_impact(cast("analyst"), sent)
    delivering.see_own(cast("analyst"), sent)
    delivering.see_districts(cast("analyst"))
    delivering.workbook(cast("finance.two"), reference, folder, today)
