"""Moderation: what is talked about first, the score that a criterion counts with, and who may not see or say it."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select

from spatc_funds.accounts.models import PersonRole
from spatc_funds.accounts.queries import person_by_email
from spatc_funds.assessment import panel_moderation, queries, spreads
from spatc_funds.assessment.agenda import Part
from spatc_funds.assessment.gathered import gather
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, InterestKind, ModeratedScore, Score
from spatc_funds.assessment.moderating import moderate, take_back
from spatc_funds.assessment.queries import actor_of
from spatc_funds.assessment.settling import settle
from spatc_funds.audit.models import LogEntry
from spatc_funds.awards.queries import bid as award_bid
from spatc_funds.core import clock
from spatc_funds.core.problems import ForbiddenError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import decide
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World

PAGES = "/admin/assessment/moderation/"
PAGE = f"{PAGES}EX-MSCF/"
WHY = "The plan names its dates"


def apart(world: World) -> str:
    """A bid with two final sheets that are far apart, not settled."""
    spec = world.spec("one-second")
    with world.context():
        return world.demo.tell("assessing", spec)


def post(browser: Browser, reference: str, key: str, data: Mapping[str, str]) -> tuple[int, str]:
    sent = {f"{key}-{name}": value for name, value in data.items()}
    answer = browser.send(f"{PAGE}{reference}/{key}/moderate", sent, page=f"{PAGE}{reference}/")
    return answer.status_code, answer.text


def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


def bar(world: World, reference: str, role: str = "programme officer") -> None:
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        bid = world.submission_row(reference)
        declare(world.staff(role), bid, InterestKind.PREJUDICIAL, "My sister", clock.now())


def test_the_agenda_says_why_and_names_nobody(world: World) -> None:
    wide, calm = apart(world), world.settled()
    page = officer(world).get(PAGE).text
    assert page.index(wide) < page.index(calm)
    assert "marks apart. This round looks again above" in page
    assert "1 bid needs no talk" in page
    assert "Settled" in page
    for person in world.demo.told["people"]:
        if "assessor" in person["roles"]:
            assert person["name"] not in page
    assert "5, 3" in page
    assert "<svg" in page
    assert "EX-MSCF" in officer(world).get(PAGES).text


def test_what_changes_the_answer_stands_before_what_is_wide(world: World) -> None:
    apart(world)
    world.settled()
    with world.context():
        asked = world.round("EX-MSCF")
        pot = next(each for each in asked.pots if each.key == "larger")
        with unit_of_work(None, Action.FUND_LOAD):
            pot.overcommitment_pence = 0
            pot.budget_pence = max(
                each.standing.bid.asked_pence
                for every in spreads.agenda_of(world.staff("programme officer"), asked)
                for each in every.lines
            )
        lines = spreads.agenda_of(world.staff("programme officer"), world.round("EX-MSCF"))[0].lines
        assert lines[0].part is Part.CHANGES
        assert lines[0].why.startswith("It would change sides with: one of its assessors left out")
        order = [part for _bid, part, _why in spreads.agenda_bids(world.staff("auditor"), world.round("EX-MSCF"))]
        assert order == sorted(order, key=list(Part).index)


def test_the_agenda_has_pages_and_the_rest_is_a_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_moderation, "AT_ONCE", 1)
    wide, calm, other = apart(world), world.settled(), world.recommended()
    browser = officer(world)
    page = browser.get(PAGE).text
    rest = page[page.index('id="rest"') :]
    assert wide in page
    assert wide not in rest
    assert calm in rest
    assert "<svg" not in rest.split("</main>")[0]
    assert 'aria-label="Pages of the rest"' not in page
    with world.context(), unit_of_work(None, Action.FUND_LOAD):
        world.round("EX-MSCF").spread_threshold = 100
    first, second = browser.get(PAGE).text, browser.get(f"{PAGE}?rest=2").text
    assert "2 bids need no talk, page 1 of 2." in first
    assert f"{PAGE}?page=1&amp;rest=2#rest" in first
    assert [each in first for each in (wide, calm)] != [each in second for each in (wide, calm)]
    assert other not in first + second, "another round's"
    assert browser.get(f"{PAGE}?rest=3").status_code == 404
    assert browser.get(f"{PAGE}?page=2").status_code == 404
    assert browser.get(f"{PAGE}?page=0").status_code == 400


def test_ranks_have_no_gap_where_a_bid_is_barred(world: World) -> None:
    apart(world)
    first = world.settled()
    rest = officer(world).get(PAGE).text.split('id="rest"')[1]
    assert ">1 of 2<" in rest
    bar(world, first)
    page = officer(world).get(PAGE).text
    assert first not in page
    assert "Rank 1 of the 1 bid that you may see" in page
    assert officer(world).get(f"{PAGE}{first}/").status_code == 404
    assert post(officer(world), first, "need", {"value": "3", "reason": WHY})[0] == 404


def test_who_reads_and_who_moderates(world: World) -> None:
    reference = apart(world)
    for role in ("board member", "decision maker", "auditor"):
        reader = world.browser(world.person(role))
        assert reader.get(PAGE).status_code == 200
        page = reader.get(f"{PAGE}{reference}/").text
        assert "Assessor 1: 5 of 5" in page
        assert "/moderate" not in page
        assert post(reader, reference, "need", {"value": "3", "reason": WHY})[0] == 403
    for role in ("assessor", "finance officer", "analyst"):
        assert world.browser(world.person(role)).get(f"{PAGE}{reference}/").status_code == 403
    assert officer(world).get(f"{PAGES}EX-SS/{reference}/").status_code == 404
    assert officer(world).get(f"{PAGES}MSCF-1/").status_code == 404
    assert officer(world).get(f"{PAGES}NONE/").status_code == 404
    assert post(officer(world), reference, "nothing", {"value": "3", "reason": WHY})[0] == 404


def test_a_moderated_score_is_kept_with_its_reason_and_replaced_by_a_later_one(world: World) -> None:
    reference, browser = apart(world), officer(world)
    assert "Moderate this score" in browser.get(f"{PAGE}{reference}/").text
    assert post(browser, reference, "activities", {"value": "4", "reason": WHY})[0] == 303
    page = browser.get(f"{PAGE}{reference}/").text
    assert "counts with 4 of 5" in page
    assert WHY in page
    assert "mark with the moderated scores" in page
    assert "Assessor 2: 2 of 5" in page, "the assessors' own scores stay"
    assert post(browser, reference, "activities", {"value": "3", "reason": "Once more"})[0] == 303
    with world.context():
        (held,) = db.session.scalars(select(ModeratedScore))
        assert (held.value, held.reason, held.meeting_id) == (3, "Once more", None)
        bid = world.submission_row(reference)
        found = spreads.bid_dots(world.staff("auditor"), bid)
        assert found
        weight = next(each.criterion.weight for each in found.lines if each.criterion.key == "activities")
        assert float(found.moderated_mark) == pytest.approx(float(found.mark) + weight * (3 - 3.5) / 5, abs=0.11)
        acts = db.session.scalars(select(LogEntry.subject).where(LogEntry.action == Action.SCORE_MODERATE.value)).all()
        assert list(acts) == [reference] * 2
        assert {each.value for each in db.session.scalars(select(Score).where(Score.value == 2))} == {2}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"value": "", "reason": WHY}, "Choose the score that"),
        ({"value": "3", "reason": " "}, "Say why"),
        ({"value": "6", "reason": WHY}, "Choose one of the options"),
    ],
)
def test_a_moderated_score_needs_a_score_of_the_scale_and_a_reason(
    world: World, data: dict[str, str], words: str
) -> None:
    reference = apart(world)
    status, page = post(officer(world), reference, "need", data)
    assert status == 422
    assert words in page
    assert "<title>Error: " in page
    assert data["reason"].strip() in page
    with world.context():
        assert db.session.scalars(select(ModeratedScore)).all() == []


def test_it_needs_two_final_sheets(world: World) -> None:
    reference = world.assessing()
    page = officer(world).get(f"{PAGE}{reference}/").text
    assert "Moderation needs 2 assessors with final scores. This bid has 1." in page
    assert "Moderate this score" not in page
    status, text = post(officer(world), reference, "need", {"value": "3", "reason": WHY})
    assert status == 422
    assert "This bid has 1" in text


def test_a_settled_result_is_not_moderated(world: World) -> None:
    reference = world.settled()
    assert "The result of this bid is settled." in officer(world).get(f"{PAGE}{reference}/").text
    assert post(officer(world), reference, "need", {"value": "3", "reason": WHY})[0] == 409


def test_whoever_scored_it_does_not_moderate_it(world: World) -> None:
    reference = apart(world)
    with world.context():
        person = person_by_email(world.person("assessor", 0))
        assert person
        with unit_of_work(None, Action.PERSON_CREATE):
            db.session.add(PersonRole(person_id=person.id, role=Role.PROGRAMME_OFFICER))
        with pytest.raises(ForbiddenError, match="You scored this bid"):
            moderate(actor_of(person), world.submission_row(reference), "need", 3, WHY, clock.now())
    both = world.browser(world.person("assessor", 0))
    page = both.get(f"{PAGE}{reference}/").text
    assert "You scored this bid, so another officer has to moderate it." in page
    status, text = post(both, reference, "need", {"value": "3", "reason": WHY})
    assert status == 403
    assert "You scored this bid" in text


def test_whoever_has_still_to_score_it_sees_no_scores(world: World) -> None:
    reference = apart(world)
    with world.context():
        bid, person = world.submission_row(reference), world.demo.by_role(Role.BOARD_MEMBER)
        with unit_of_work(None, Action.ASSESSMENT_ALLOCATE):
            db.session.add(Allocation(submission_id=bid.id, person_id=person.id, allocated_at=clock.now()))
    reader = world.browser(world.person("board member"))
    page = reader.get(f"{PAGE}{reference}/").text
    assert "You have still to score this bid yourself" in page
    assert "Assessor 1" not in page
    assert reference not in reader.get(PAGE).text


def test_the_operation_keeps_to_the_law_by_itself(world: World) -> None:
    reference, settled = apart(world), world.settled()
    with world.context():
        actor, bid, at = world.staff("programme officer"), world.submission_row(reference), clock.now()
        with pytest.raises(ForbiddenError):
            moderate(world.staff("auditor"), bid, "need", 3, WHY, at)
        with pytest.raises(MissingError):
            moderate(actor, bid, "nothing", 3, WHY, at)
        with pytest.raises(ValueError, match="from 0 to 5"):
            moderate(actor, bid, "need", 6, WHY, at)
        with pytest.raises(NotReadyError) as missing:
            moderate(actor, bid, "need", None, " ", at)
        assert [each.field for each in missing.value.problems] == ["value", "reason"]
        with pytest.raises(IllegalMoveError):
            moderate(actor, world.submission_row(settled), "need", 3, WHY, at)


def test_a_bid_that_nobody_has_scored_says_so(world: World) -> None:
    reference = world.submission()
    assert "Nobody’s scores are final yet" in officer(world).get(f"{PAGE}{reference}/").text
    assert "No bid that you may see has final scores yet" in officer(world).get(PAGE).text
    assert "Nobody has final scores yet" in officer(world).get(PAGES).text


def test_a_barred_assessors_scores_are_no_dots(world: World) -> None:
    reference = apart(world)
    bar(world, reference, "assessor")
    with world.context():
        found = spreads.bid_dots(world.staff("auditor"), world.submission_row(reference))
        assert found
        assert found.sheets == 1


def test_two_officers_never_write_over_each_other(world: World) -> None:
    reference = apart(world)
    path = f"{PAGE}{reference}/"
    one, two = (world.browser(world.person("programme officer", number)) for number in (0, 1))
    seen = re.search(r'name="need-seen"[^>]*value="([^"]*)"', one.get(path).text)
    assert seen
    data = {"need-seen": seen[1], "need-value": "5", "need-reason": "One agreed on five"}
    assert one.send(f"{path}need/moderate", data, page=path).status_code == 303
    late = two.send(f"{path}need/moderate", data | {"need-value": "1", "need-reason": "Two typed this"}, page=path)
    assert late.status_code == 409
    assert "Two typed this" in late.text
    with world.context():
        assert [each.value for each in db.session.scalars(select(ModeratedScore))] == [5]


def test_whoever_moderated_does_not_score(world: World) -> None:
    reference = apart(world)
    with world.context():
        officer = world.staff("programme officer")
        bid = world.submission_row(reference)
        with unit_of_work(officer.id, Action.SCORE_MODERATE, reference):
            moderate(officer, bid, "need", 4, "Agreed", clock.now())
        assert queries.moderators(bid.id) == {officer.id}


def test_a_moderated_score_is_taken_back_and_the_log_keeps_it(world: World) -> None:
    reference, browser = apart(world), officer(world)
    post(browser, reference, "need", {"value": "1", "reason": WHY})
    page = browser.get(f"{PAGE}{reference}/").text
    seen = re.search(r'name="need-seen"[^>]*value="([^"]*)"', page)
    assert seen
    assert "Take the moderated score back" in page
    sent, path = {"need-seen": seen[1], "take_back": ""}, f"{PAGE}{reference}/"
    other_time = sent | {"need-seen": "of another time"}
    assert browser.send(f"{path}need/moderate", other_time, page=path).status_code == 409
    assert browser.send(f"{path}need/moderate", sent, page=path).status_code == 303
    assert "mark with the moderated scores" not in browser.get(path).text
    assert browser.send(f"{path}need/moderate", sent, page=path).status_code == 404
    with world.context():
        assert db.session.scalars(select(ModeratedScore)).all() == []
        acts = db.session.scalars(select(LogEntry).where(LogEntry.action == Action.SCORE_MODERATE.value)).all()
        assert len(acts) == 2


def test_nobody_takes_back_what_they_may_not_moderate(world: World) -> None:
    reference = apart(world)
    post(officer(world), reference, "need", {"value": "1", "reason": WHY})
    with world.context():
        bid = world.submission_row(reference)
        person = person_by_email(world.person("assessor", 0))
        assert person
        with unit_of_work(None, Action.PERSON_CREATE):
            db.session.add(PersonRole(person_id=person.id, role=Role.PROGRAMME_OFFICER))
        with pytest.raises(ForbiddenError, match="You scored this bid"):
            take_back(actor_of(person), bid, "need", "")
        with pytest.raises(ForbiddenError):
            take_back(world.staff("auditor"), bid, "need", "")


def test_what_somebody_moderated_who_is_barred_later_counts_nowhere(world: World) -> None:
    reference, browser = apart(world), officer(world)
    post(browser, reference, "need", {"value": "1", "reason": WHY})
    bar(world, reference)
    with world.context():
        bid, reader = world.submission_row(reference), world.staff("auditor")
        found = spreads.bid_dots(reader, bid)
        assert found
        assert found.moderated_mark == ""
        assert gather([bid])[0].moderated == []
        mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("late-interest:"))).all()
        assert mails
        assert all("An officer has declared" in each.body and "moderated a score" in each.body for each in mails)
        me = world.staff("programme officer")
        assert not any(each.key.endswith(f":{me.id}") for each in mails), (
            "nobody is told of a bid that is barred to them"
        )
    other = world.browser(world.person("programme officer", 1))
    assert "counts with 1 of 5" not in other.get(f"{PAGE}{reference}/").text
    assert reference in other.get("/admin/bids/", query_string={"q": "flag:late"}).text
    assert reference not in other.get("/admin/bids/", query_string={"q": "flag:moderated"}).text


def test_whoever_moderated_or_settled_does_not_decide(world: World) -> None:
    reference = apart(world)
    post(officer(world), reference, "need", {"value": "1", "reason": WHY})
    with world.context():
        bid, first = world.submission_row(reference), world.staff("programme officer")
        second = world.staff("programme officer", 1)
        with unit_of_work(second.id, Action.RESULT_SETTLE, reference):
            settle(second, bid, clock.now(), with_spread=True)
        subject = award_bid(reference).subject  # type: ignore[union-attr] # it is there
        mayor = replace(world.staff("decision maker"), id=first.id)
        assert "You moderated a score of this bid" in decide(mayor, Action.DECISION_TAKE, subject).reason
        assert "You settled" in decide(replace(mayor, id=second.id), Action.DECISION_TAKE, subject).reason
        board = replace(world.staff("board member"), id=first.id)
        assert "You moderated" in decide(board, Action.RECOMMENDATION_MAKE, subject).reason
        assert decide(world.staff("decision maker"), Action.DECISION_TAKE, subject).allowed
