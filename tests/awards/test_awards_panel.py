"""Awards in the panel: recommendations, decisions, registers."""

import csv
import io

import pytest
from sqlalchemy import select

from spatc_funds.accounts.models import PersonRole
from spatc_funds.accounts.queries import person_by_email
from spatc_funds.awards import board, queries
from spatc_funds.awards.models import Award, Decision, Recommendation
from spatc_funds.core.money import format_pounds
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World

QUEUE = "/admin/assessment/"
BOARD = "/admin/recommendations/"
DECISIONS = "/admin/decisions/"
AWARDS = "/admin/awards/"
INSTALMENTS = "/admin/instalments/"
REASONS = "It will cut anti-social behaviour on the estate."


def chair(world: World) -> Browser:
    return world.browser(world.person("board member"))


def mayor(world: World) -> Browser:
    return world.browser(world.person("decision maker"))


def asked(world: World, reference: str) -> int:
    with world.context():
        found = queries.bid(reference)
        assert found
        return found.submission.asked_pence


def give_role(world: World, email: str, role: Role) -> None:
    with world.context(), unit_of_work(None, Action.PERSON_CREATE, email):
        person = person_by_email(email)
        assert person
        db.session.add(PersonRole(person_id=person.id, role=role))


# -- recommendations ---------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_left_after_each_bid(world: World) -> None:
    reference = world.settled()
    page = chair(world).get(BOARD).text
    assert reference in page
    assert "is left to award" in page
    assert "Lowest £15,000" in page
    with world.context():
        pots = board.board(world.staff("board member"))
        line = pots[0].lines[0]
        assert line.running.total_pence == pots[0].pot.awarded_pence + line.submission.asked_pence
        assert line.running.left_pence == (pots[0].free_pence or 0) - line.submission.asked_pence


def test_an_empty_list_says_where_bids_come_from(world: World) -> None:
    page = chair(world).get(BOARD)
    assert page.status_code == 200
    assert "No settled bid waits" in page.text
    assert "Nothing waits for a decision" in mayor(world).get(DECISIONS).text


def test_the_board_recommends_once(world: World) -> None:
    reference, browser = world.settled(), chair(world)
    answer = browser.send(f"{BOARD}{reference}/", {"award": "yes", "amount": "16,000", "reason": "Strong and fair"})
    assert (answer.status_code, answer.location) == (303, BOARD)
    page = browser.get(BOARD).text
    assert "award of £16,000" in page
    assert "Award £16,000" in page
    shown = browser.get(f"{BOARD}{reference}/")
    assert "Strong and fair" in shown.text
    assert "<textarea" not in shown.text
    again = browser.send(f"{BOARD}{reference}/", {"award": "no", "reason": "No"}, page=BOARD)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("typed", "says", "field"),
    [
        ({}, "Choose what the board recommends", "award"),
        ({"award": "yes", "reason": "Yes"}, "Enter the amount to award", "amount"),
        ({"award": "yes", "amount": "lots", "reason": "Yes"}, "Enter an amount in pounds", "amount"),
        ({"award": "yes", "amount": "1", "reason": "Yes"}, "less than the lowest amount", "amount"),
        ({"award": "yes", "amount": "999999", "reason": "Yes"}, "more than the applicant asked", "amount"),
        ({"award": "no", "reason": ""}, "Give the board&#39;s reason", "reason"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, typed: dict[str, str], says: str, field: str) -> None:
    reference, browser = world.settled(), chair(world)
    answer = browser.send(f"{BOARD}{reference}/", typed)
    assert answer.status_code == 422
    assert answer.text.count(says) == 2
    assert f'href="#{field}"' in answer.text
    assert "<title>Error: " in answer.text
    with world.context():
        assert db.session.scalar(select(Recommendation)) is None


def test_only_the_board_recommends_and_others_read(world: World) -> None:
    reference = world.settled()
    path = f"{BOARD}{reference}/"
    assert world.browser().get(path).status_code == 303
    officer = world.browser(world.person("programme officer"))
    page = officer.get(BOARD)
    assert reference in page.text
    assert f'href="{path}"' not in page.text
    assert officer.get(path).status_code == 403
    assert officer.send(path, {"award": "no", "reason": "No"}, page=BOARD).status_code == 403
    assert world.browser(world.person("finance officer")).get(BOARD).status_code == 403
    assert world.browser(world.lead("assessed")).get(BOARD).status_code == 403


def test_a_bid_without_a_result_is_not_before_the_board(world: World) -> None:
    reference = world.assessing()
    assert chair(world).get(f"{BOARD}{reference}/").status_code == 404
    assert mayor(world).get(f"{DECISIONS}{reference}/").status_code == 404
    assert chair(world).get(f"{BOARD}EX-MSCF-00000/").status_code == 404


def test_whoever_scored_may_neither_recommend_nor_decide(world: World) -> None:
    settled, recommended = world.settled(), world.recommended()
    email = world.person("assessor", 0)
    give_role(world, email, Role.BOARD_MEMBER)
    give_role(world, email, Role.DECISION_MAKER)
    browser = world.browser(email)
    for path in (f"{BOARD}{settled}/", f"{DECISIONS}{recommended}/"):
        page = browser.get(path)
        assert page.status_code == 403
        assert "another person has to" in page.text
    answer = browser.send(f"{DECISIONS}{recommended}/", {"award": "no", "reasons": "No"}, page=QUEUE)
    assert answer.status_code == 403


def test_an_interest_hides_a_bid_from_board_and_decisions(world: World) -> None:
    settled, recommended, browser = world.settled(), world.recommended(), chair(world)
    for reference in (settled, recommended):
        browser.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "My brother's club"})
    browser.get("/admin/")
    for path in (BOARD, DECISIONS):
        page = browser.get(path).text
        assert settled not in page
        assert recommended not in page
    assert browser.get(f"{BOARD}{settled}/").status_code == 404


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_the_decision_page_has_everything_on_it(world: World) -> None:
    reference = world.recommended()
    page = mayor(world).get(f"{DECISIONS}{reference}/").text
    assert format_pounds(asked(world, reference)) in page
    assert "The board recommends: Award" in page
    assert "These reasons are published" in page
    assert "Awarded so far" in page
    assert "of 100" in page


def test_an_award_is_made_with_its_public_reasons(world: World) -> None:
    reference, browser = world.recommended(), mayor(world)
    pence = asked(world, reference)
    typed = {"award": "yes", "amount": format_pounds(pence), "reasons": REASONS}
    answer = browser.send(f"{DECISIONS}{reference}/", typed)
    assert (answer.status_code, answer.location) == (303, DECISIONS)
    page = browser.get(DECISIONS).text
    assert f"award of {format_pounds(pence)}. The group has been told." in page
    assert REASONS in page
    with world.context():
        award = queries.award_by_reference(reference)
        assert award
        assert award.amount_pence == pence
    assert "<textarea" not in browser.get(f"{DECISIONS}{reference}/").text
    again = browser.send(f"{DECISIONS}{reference}/", typed, page=DECISIONS)
    assert again.status_code == 409


def test_declining_needs_reasons_and_no_amount(world: World) -> None:
    reference, browser = world.recommended(), mayor(world)
    silent = browser.send(f"{DECISIONS}{reference}/", {"award": "no", "amount": "12", "reasons": ""})
    assert silent.status_code == 422
    assert 'href="#reasons"' in silent.text
    told = browser.send(f"{DECISIONS}{reference}/", {"award": "no", "amount": "12", "reasons": "The link is weak"})
    assert told.status_code == 303
    with world.context():
        decision = db.session.scalars(select(Decision)).one()
        assert (decision.award, decision.amount_pence) == (False, None)
        assert queries.award_by_reference(reference) is None


def test_the_pots_limit_is_said_in_words(world: World) -> None:
    reference, browser = world.recommended(), mayor(world)
    pence = asked(world, reference)
    with world.context(), unit_of_work(None, Action.FUND_LOAD, "test"):
        found = queries.bid(reference)
        assert found
        found.submission.pot.awarded_pence = (found.submission.pot.limit_pence or 0) - pence + 1
    typed = {"award": "yes", "amount": format_pounds(pence), "reasons": REASONS}
    answer = browser.send(f"{DECISIONS}{reference}/", typed)
    assert answer.status_code == 422
    assert "over its limit" in answer.text
    assert REASONS in answer.text, "what was typed stays"


def test_decisions_are_read_by_officers_and_taken_by_the_decision_maker(world: World) -> None:
    reference = world.recommended()
    path = f"{DECISIONS}{reference}/"
    for role in ("programme officer", "auditor", "board member"):
        browser = world.browser(world.person(role))
        assert reference in browser.get(DECISIONS).text
        assert f'href="{path}"' not in browser.get(DECISIONS).text
        assert browser.get(path).status_code == 403
    assert world.browser().get(path).status_code == 303
    assert world.browser(world.lead("recommended")).get(path).status_code == 403


# -- registers ---------------------------------------------------------------------------------------------------------


def test_the_register_of_awards(world: World) -> None:
    reference, officer = world.award(), world.browser(world.person("programme officer"))
    page = officer.get(AWARDS).text
    assert reference in page
    assert "Imported" in page
    assert "not known" in page
    assert reference in officer.get(f"{AWARDS}?origin=decided+here&fund=safer-streets&q={reference}").text
    assert reference not in officer.get(f"{AWARDS}?origin=imported").text
    assert "1 found" in officer.get(f"{AWARDS}?state=offered&sort=-amount").text
    for name in ("round", "theme"):
        assert f'name="{name}"' in page


def test_the_file_of_awards_reads_as_figures(world: World) -> None:
    world.award()
    text = world.browser(world.person("analyst")).get(f"{AWARDS}export/csv/").text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all("<" not in cell for row in rows for cell in row.values())
    decided = [row for row in rows if row["Origin"] == "Decided here"]
    assert float(decided[0]["Amount (£)"]) > 0
    assert decided[0]["Awarded"].count("-") == 2


def test_one_award_in_full(world: World) -> None:
    reference, officer = world.award(), world.browser(world.person("programme officer"))
    with world.context():
        number = db.session.scalars(select(Award.id).where(Award.reference == reference)).one()
    page = officer.get(f"{AWARDS}details/?id={number}").text
    parts = ("Why it was awarded", "Main outcome", "Districts", "Payment schedule", "Return 1", "Promised results")
    for words in parts:
        assert words in page
    assert f"/awards/{reference}/" in page
    assert officer.get(f"{AWARDS}details/?id=999999").status_code == 404
    imported = officer.get(f"{AWARDS}details/?id=1").text
    assert "No schedule is known" in imported


def test_a_conflicted_officer_gets_nothing_of_the_award(world: World) -> None:
    reference, officer = world.award(), world.browser(world.person("programme officer"))
    with world.context():
        number = db.session.scalars(select(Award.id).where(Award.reference == reference)).one()
    officer.send(f"{QUEUE}{reference}/interest", {"kind": "prejudicial", "note": "I chair it"})
    officer.get("/admin/")
    assert officer.get(f"{AWARDS}details/?id={number}").status_code == 404
    for path in (AWARDS, f"{AWARDS}?q={reference}", f"{AWARDS}export/csv/", INSTALMENTS, f"{INSTALMENTS}export/csv/"):
        page = officer.get(path).text
        for own in (f'value="{reference}"', f"Search: {reference}", f"0 found for {reference}"):  # their own question
            page = page.replace(own, "")
        assert reference not in page


def test_the_register_of_instalments(world: World) -> None:
    reference, finance = world.award(), world.browser(world.person("finance officer"))
    page = finance.get(INSTALMENTS).text
    assert reference in page
    assert "Return accepted" in page
    assert "1 found" in finance.get(f"{INSTALMENTS}?trigger=return+accepted").text
    assert "2 found" in finance.get(f"{INSTALMENTS}?from=2020-01-01&to=2100-01-01").text
    assert "0 found" in finance.get(f"{INSTALMENTS}?to=2020-01-01").text


def test_registers_are_closed_to_others(world: World) -> None:
    world.award()
    assert world.browser(world.person("assessor")).get(AWARDS).status_code == 403
    assert world.browser(world.person("board member")).get(INSTALMENTS).status_code == 403
    for path in (AWARDS, INSTALMENTS):
        assert world.browser(world.lead("offered")).get(path).status_code == 403
        assert world.browser().get(path).status_code == 303
