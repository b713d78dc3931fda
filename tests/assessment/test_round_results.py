"""Results of a round: what is missing, what asks for moderation, and all of them settled at once or none."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from spatc_funds.accounts.models import Membership
from spatc_funds.assessment import progress, queries, round_figures, settling
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, InterestKind, Result
from spatc_funds.assessment.queries import actor_of
from spatc_funds.audit.models import LogEntry
from spatc_funds.audit.queries import history, verify
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.assessment.scored import RESULTS, ROUND, advise, body, finish, moderate, silence
from tests.builders import World

CLOSE, WIDE = "say-something-kind", "one-second"  # both with all sheets final; in the second these are far apart


@pytest.fixture
def close(world: World) -> str:
    """A bid that lacks nothing."""
    return world.tell(CLOSE)


@pytest.fixture
def wide(world: World) -> str:
    """A bid that lacks nothing, and whose spread asks for moderation."""
    return world.tell(WIDE)


def results(world: World) -> dict[str, dict[str, object]]:
    """The content of every settled result, by reference."""
    with world.context():
        return {each.submission.reference: dict(each.content) for each in db.session.scalars(select(Result))}


def marks(world: World) -> dict[str, Fraction]:
    with world.context():
        return {each.submission.reference: each.mark for each in db.session.scalars(select(Result))}


def by_hand(world: World, story: str, moderated: dict[str, int] | None = None) -> Fraction:
    """The weighted mean of what the story's two assessors gave, with other scores in their place."""
    scores = world.spec(story)["scores"]
    with world.context():
        weights = {each.key: each.weight for each in world.round("EX-MSCF").criteria}
    record = {key: Fraction(scores["1"][key][0] + scores["2"][key][0], 2) for key in weights} | (moderated or {})
    return sum((weight * record[key] for key, weight in weights.items()), Fraction(0)) / 5


# -- moderation and bodies in the mark ---------------------------------------------------------------------------------


def test_a_moderated_score_counts_and_the_sheets_stay(world: World, close: str) -> None:
    moderate(world, close, {"need": 1})
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    content = results(world)[close]
    assert marks(world) == {close: by_hand(world, CLOSE, {"need": 1})}
    assert content["moderated"] == {"need": {"value": 1, "reason": "The panel agreed on it"}}
    assert content["record"]["need"] == "1"  # type: ignore[index]
    assert content["criteria"]["need"] == "7/2"  # type: ignore[index]
    page = officer.get(f"{RESULTS}{close}/").text
    assert "The panel agreed on it" in page
    assert "Moderated" in page


def test_a_body_has_its_share_of_the_mark(world: World, close: str) -> None:
    body(world, "Youth panel", 20, ["need", "reach"])
    body(world, "VCSE panel", 0, ["need"])
    body(world, "Night panel", 0, ["need"], gives_scores=False)
    advise(world, close, "Youth panel", 1)
    advise(world, close, "VCSE panel", 5)
    advise(world, close, "Night panel", None)
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    assert marks(world)[close] == by_hand(world, CLOSE) * Fraction(80, 100) + Fraction(20 * 20, 100)
    bodies = {each["name"]: each for each in results(world)[close]["bodies"]}
    youth, vcse, night = (bodies[each] for each in ("Youth panel", "VCSE panel", "Night panel"))
    assert (youth["mark"], youth["weight"], vcse["mark"], night["mark"]) == ("20", 20, "100", None)
    assert night["comments"] == {"need": ["Night panel on need"]}
    page = officer.get(f"{RESULTS}{close}/").text
    assert "20% of the mark: it brings 4.0." in page
    assert "It stands beside the mark and changes nothing." in page
    assert "Night panel on need" in page


def test_a_body_whose_scores_count_is_waited_for(world: World, close: str) -> None:
    body(world, "Youth panel", 20, ["need"])
    body(world, "VCSE panel", 0, ["need"])
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    assert "cannot be settled yet: Waits for the scores of Youth panel." in officer.get(RESULTS).text
    assert "Waits for the scores of Youth panel<" in officer.get(ROUND).text.replace("\n", "")
    assert "VCSE panel" not in officer.get(ROUND).text


def test_figures_rank_by_the_record(world: World, close: str, wide: str) -> None:
    def standings() -> dict[str, str]:
        with world.context():
            found = round_figures.figures_of(
                actor_of(world.demo.by_role(Role.PROGRAMME_OFFICER, 0)), world.round("EX-MSCF")
            )
            return {each.bid.reference: each.mark for pot in found.pots for each in pot.standings}

    before = standings()
    moderate(world, close, {"need": 0, "reach": 0})
    body(world, "Youth panel", 50, ["need"])
    assert standings()[wide] == before[wide], "a body that has said nothing changes nothing yet"
    advise(world, wide, "Youth panel", 5)
    after = standings()
    assert after[close] == f"{float(by_hand(world, CLOSE, {'need': 0, 'reach': 0})):.1f}"
    assert Fraction(after[wide]) > Fraction(before[wide])


# -- the page of a round -----------------------------------------------------------------------------------------------


def test_the_round_says_what_each_bid_lacks(world: World, close: str, wide: str) -> None:
    waits, officer = world.assessing(), world.browser(world.person("programme officer"))
    page = officer.get(ROUND).text
    assert "2 of 3 bids are complete" in page
    assert page.index(waits) < page.index(close), "what lacks something stands first"
    assert "Waits for 1 assessor to finish" in page
    assert "Asks for moderation" in page
    assert "The button comes when nothing is missing" in page
    assert "2 of 3" in officer.get(RESULTS).text
    assert f'href="{ROUND}"' in officer.get(RESULTS).text
    refused = officer.send(ROUND, {"with_spread": wide}, page=RESULTS)
    assert refused.status_code == 422
    assert f"{waits}: Waits for 1 assessor to finish" in refused.text
    assert results(world) == {}, "all or none"


def test_a_wide_spread_is_ticked_or_moderated(world: World, close: str, wide: str) -> None:
    officer = world.browser(world.person("programme officer"))
    assert "Settle all 2 results of this round" in officer.get(ROUND).text
    refused = officer.send(ROUND)
    assert refused.status_code == 422
    assert f"{wide}: the spread asks for moderation, or has to be accepted" in refused.text
    assert 'href="#with_spread' in refused.text
    assert close not in results(world)
    answer = officer.send(ROUND, {"with_spread": wide})
    assert (answer.status_code, answer.location) == (303, RESULTS)
    assert "You settled 2 results of EX-MSCF" in officer.get(RESULTS).text
    assert {key: each["with_spread"] for key, each in results(world).items()} == {close: False, wide: True}
    assert "No bid of this round waits" in officer.get(ROUND).text


def test_what_was_moderated_asks_no_more(world: World, wide: str) -> None:
    officer = world.browser(world.person("programme officer"))
    moderate(world, wide, {"need": 4})
    assert "Asks for moderation" in officer.get(ROUND).text, "they are still far apart in the rest"
    assert wide in officer.get("/admin/bids/export/csv/", query_string={"q": "flag:wide"}).text
    moderate(world, wide, {"activities": 4, "difference": 3})
    assert "Asks for moderation" not in officer.get(ROUND).text
    assert wide not in officer.get("/admin/bids/export/csv/", query_string={"q": "flag:wide"}).text
    assert officer.send(ROUND).status_code == 303
    assert results(world)[wide]["with_spread"] is False


def test_one_result_with_a_wide_spread_needs_its_tick(world: World, wide: str) -> None:
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{wide}/settle", page=RESULTS)
    assert "cannot be settled yet: the spread asks for moderation" in officer.get(RESULTS).text
    officer.send(f"{RESULTS}{wide}/settle", {"with_spread": wide}, page=RESULTS)
    assert set(results(world)) == {wide}


def test_a_bid_that_is_barred_is_neither_counted_nor_settled(world: World, close: str, wide: str) -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        officer = world.staff("programme officer")
        declare(officer, world.submission_row(wide), InterestKind.PREJUDICIAL, "My sister", clock.now())
    browser = world.browser(world.person("programme officer"))
    page = browser.get(ROUND).text
    assert wide not in page
    assert "1 of 1 bid is complete" in page
    assert "1 of 1" in browser.get(RESULTS).text
    assert browser.send(ROUND, {"with_spread": wide}).status_code == 422, "no such choice"
    assert browser.send(ROUND).status_code == 303
    assert set(results(world)) == {close}


def test_each_result_of_a_round_has_its_own_log_entry(world: World, close: str, wide: str) -> None:
    """So the log keeps one bid from whoever is barred from it, and each bid's history is whole."""
    browser = world.browser(world.person("programme officer"))
    browser.send(ROUND, {"with_spread": wide})
    with world.context():
        for reference in (close, wide):
            found = [each for each in history(reference) if each.action == Action.RESULT_SETTLE]
            assert [[change.table for change in each.changes] for each in found] == [["result"]]
        subjects = select(LogEntry.subject).where(LogEntry.action == Action.RESULT_SETTLE)
        assert set(db.session.scalars(subjects)) == {close, wide}
        assert verify().faults == ()


def test_settling_a_round_again_changes_nothing(world: World, close: str) -> None:
    with world.context():
        officer, asked = world.staff("programme officer"), world.round("EX-MSCF")
        with unit_of_work(officer.id, Action.RESULT_SETTLE, "EX-MSCF"):
            assert len(settling.settle_round(officer, asked, clock.now())) == 1
        with unit_of_work(officer.id, Action.RESULT_SETTLE, "EX-MSCF"):
            assert settling.settle_round(officer, asked, clock.now()) == []
    assert set(results(world)) == {close}


def test_only_officers_settle_a_round(world: World, close: str) -> None:
    for role in ("auditor", "board member", "assessor"):
        assert world.browser(world.person(role)).get(ROUND).status_code == 403
    with world.context():
        auditor, asked = world.staff("auditor"), world.round("EX-MSCF")
        with pytest.raises(ForbiddenError), unit_of_work(auditor.id, Action.RESULT_SETTLE, "EX-MSCF"):
            settling.settle_round(auditor, asked, clock.now())
    officer = world.browser(world.person("programme officer"))
    assert officer.get(f"{RESULTS}rounds/NONE/").status_code == 404
    assert officer.get(f"{RESULTS}rounds/MSCF-1/").status_code == 404
    assert close not in results(world)


def test_whoever_still_has_to_score_reads_no_spread(world: World, wide: str) -> None:
    """An officer who speaks for a body and has not done so yet."""
    body(world, "Youth panel", 0, ["need"])
    with world.context(), unit_of_work(None, Action.ASSESSMENT_ALLOCATE, wide):
        officer, bid = world.demo.by_role(Role.PROGRAMME_OFFICER, 0), world.submission_row(wide)
        given = {"body_id": bid.round.bodies[0].id, "allocated_at": clock.now()}
        db.session.add(Allocation(submission_id=bid.id, person_id=officer.id, **given))
    with world.context():
        actor, asked = actor_of(world.demo.by_role(Role.PROGRAMME_OFFICER, 0)), world.round("EX-MSCF")
        (found,) = progress.unsettled_of(actor, asked)
        assert (found.spread, found.readiness.wide) == ("", False)
        (other,) = progress.unsettled_of(world.staff("auditor"), asked)
        assert (bool(other.spread), other.readiness.wide) == (True, True)


def test_the_lists_count_what_the_rule_says(world: World, close: str, wide: str) -> None:
    """The database's counts by round, and the rule in Python, are one."""
    world.submission()
    untold = world.assessing()
    silence(world, untold)
    finish(world, untold, 4, "")
    body(world, "Youth panel", 20, ["need"])
    for reference in (close, untold):
        advise(world, reference, "Youth panel", 3)
    with world.context():
        officer = world.staff("programme officer")
        for line in progress.rounds_waiting(officer):
            rows = progress.unsettled_of(officer, world.round(line.code))
            ready = [each.readiness for each in rows]
            assert line.bids == len(rows)
            assert line.complete == sum(each.ready for each in ready)
            assert line.sheets == sum(not each.scored for each in ready)
            assert line.bodies == sum(each.scored and bool(each.bodies) for each in ready)
            told = [line.sheets, line.bodies, line.feedback, line.complete]
            assert line.code != "EX-MSCF" or min(told) == 1, "the test has one of each"
            assert line.feedback == sum(each.scored and not each.bodies and bool(each.untold) for each in ready)
        with pytest.raises(NotReadyError) as found, unit_of_work(officer.id, Action.RESULT_SETTLE, "EX-MSCF"):
            settling.settle_round(officer, world.round("EX-MSCF"), clock.now())
        assert wide in str(found.value)
        assert close not in str(found.value)


def test_the_sheet_of_somebody_who_joined_the_group_since_counts_nowhere(world: World, close: str) -> None:
    with world.context():
        bid, person = world.submission_row(close), world.demo.by_role(Role.ASSESSOR, 0)
        assert len(queries.final_sheets(bid.id)) == 2
        with unit_of_work(None, Action.ORGANISATION_CREATE):
            db.session.add(Membership(organisation_id=bid.organisation_id, person_id=person.id, role=Role.READER))
        assert [each.person_id for each in queries.final_sheets(bid.id)] == [world.demo.by_role(Role.ASSESSOR, 1).id]
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    assert close not in results(world)


def test_a_result_is_read_before_it_is_settled(world: World, close: str, wide: str) -> None:
    body(world, "Night panel", 0, ["need"], gives_scores=False)
    with world.context(), unit_of_work(None, Action.ASSESSMENT_ALLOCATE, wide):
        bid = world.submission_row(wide)
        adviser = world.demo.by_role(Role.ADVISER, 0)
        whose = {"submission_id": bid.id, "person_id": adviser.id, "body_id": bid.round.bodies[-1].id}
        db.session.add(Allocation(**whose, allocated_at=clock.now()))
    officer = world.browser(world.person("programme officer"))
    page = officer.get(f"{RESULTS}{wide}/settle").text
    assert f"{float(by_hand(world, WIDE)):.1f}" in page
    assert "1 adviser has not finished" in page
    assert "Settle with this spread" in page
    assert "A settled result cannot be changed" in page
    assert "Settle with this spread" not in officer.get(f"{RESULTS}{close}/settle").text
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    assert officer.get(f"{RESULTS}{close}/settle").location == f"{RESULTS}{close}/"
    waiting = world.assessing()
    early = officer.get(f"{RESULTS}{waiting}/settle").text
    assert "It cannot be settled yet" in early
    assert "Settle the result</button>" not in early


def test_a_result_says_when_somebody_whose_scores_it_holds_is_barred_later(world: World, close: str) -> None:
    officer = world.browser(world.person("programme officer"))
    officer.send(f"{RESULTS}{close}/settle", page=RESULTS)
    words = "declared an interest later, or joined the group"
    decider = world.browser(world.person("decision maker"))
    assert words not in officer.get(f"{RESULTS}{close}/").text
    assert words not in decider.get(f"/admin/decisions/{close}/").text
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        declare(world.staff("assessor"), world.submission_row(close), InterestKind.PREJUDICIAL, "Mine", clock.now())
    assert words in officer.get(f"{RESULTS}{close}/").text
    assert words in decider.get(f"/admin/decisions/{close}/").text


def test_an_officer_who_has_to_score_reads_no_result_before_it_is_settled(world: World, close: str) -> None:
    with world.context(), unit_of_work(None, Action.ASSESSMENT_ALLOCATE, close):
        officer = world.demo.by_role(Role.PROGRAMME_OFFICER, 0)
        bid = world.submission_row(close)
        db.session.add(Allocation(submission_id=bid.id, person_id=officer.id, allocated_at=clock.now()))
    answer = world.browser(world.person("programme officer")).get(f"{RESULTS}{close}/settle")
    assert answer.status_code == 409
    assert "mark of 100" not in answer.text
