"""Panel days: the agenda, who leaves, who chairs, what is minuted; and nothing of a bid to whoever is barred."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from spatc_funds.assessment import convening, meetings
from spatc_funds.assessment.models import Interest, InterestKind, Meeting, MeetingItem, ModeratedScore
from spatc_funds.assessment.moderating import moderate
from spatc_funds.core import clock
from spatc_funds.core.problems import (
    ChangedError,
    ForbiddenError,
    IllegalMoveError,
    MissingError,
    NotReadyError,
)
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.web.filters import short_day
from tests.builders import Browser, World
from tests.laws.test_list_cost import cost

PAGES = "/admin/assessment/panel-days/"
NEW, PAGE = f"{PAGES}EX-MSCF/set-up", f"{PAGES}EX-MSCF/1/"
WORDS = "The panel agreed that the plan is a plan"


@pytest.fixture
def bids(world: World) -> list[str]:
    """Three bids with final sheets: far apart, near, and with one sheet only."""
    with world.context():
        told = [world.demo.tell("assessing", world.spec(key)) for key in ("one-second", "say-something-kind")]
    return [*told, world.assessing()]


def people(world: World) -> dict[str, int]:
    with world.context():
        found = {
            "chair": world.demo.by_role(Role.BOARD_MEMBER),
            "deputy": world.demo.by_role(Role.BOARD_MEMBER, 1),
            "one": world.demo.by_role(Role.PROGRAMME_OFFICER),
            "two": world.demo.by_role(Role.PROGRAMME_OFFICER, 1),
        }
        return {key: each.id for key, each in found.items()}


def officer(world: World, number: int = 0) -> Browser:
    return world.browser(world.person("programme officer", number))


def filled(world: World, order: Sequence[str], **more: Any) -> dict[str, Any]:
    """The form as an officer fills it."""
    who = people(world)
    data: dict[str, Any] = {"name": "Spring panel", "held_on": ["4", "3", "2027"], "quorum": "2", "minutes_a_bid": "10"}
    data |= {"chair": str(who["chair"]), "deputy": str(who["deputy"]), "members": [str(who["one"]), str(who["two"])]}
    return data | {f"place-{each}": str(place) for place, each in enumerate(order, start=1)} | more


def convene(world: World, order: Sequence[str], present: Sequence[str] = ("chair", "deputy", "one", "two")) -> None:
    """A panel day with these bids, and these people in the room."""
    browser, who = officer(world), people(world)
    assert browser.send(NEW, filled(world, order)).status_code == 303
    there = {"present": [str(who[each]) for each in present]}
    assert browser.send(f"{PAGE}attend", there, page=PAGE).status_code == 303


def act(world: World, verb: str, reference: str, data: Mapping[str, str] | None = None, number: int = 0) -> int:
    answer = officer(world, number).send(f"{PAGE}{reference}/{verb}", data or {}, page=PAGE)
    return answer.status_code


def bar(world: World, reference: str, key: str) -> None:
    """A prejudicial interest, declared."""
    number = people(world)[key]
    with world.context(), unit_of_work(None, Action.INTEREST_DECLARE):
        said = {"kind": InterestKind.PREJUDICIAL, "note": "My sister", "declared_at": clock.now()}
        db.session.add(Interest(submission_id=world.submission_row(reference).id, person_id=number, **said))


def day(_world: World) -> Meeting:
    found = meetings.meeting_of("EX-MSCF", 1)
    assert found
    return found


def agenda(world: World) -> list[str]:
    with world.context():
        items = db.session.scalars(select(MeetingItem).order_by(MeetingItem.position))
        return [each.submission.reference for each in items]


# -- setting it up -----------------------------------------------------------------------------------------------------


def test_the_agenda_is_offered_with_what_asks_for_a_talk(world: World, bids: list[str]) -> None:
    browser = officer(world)
    assert "No panel day is set up yet" in browser.get(PAGES).text
    page = browser.get(NEW).text
    assert re.search(rf'name="place-{bids[0]}"[^>]*value="1"', page)
    assert f'name="place-{bids[1]}"' in page
    assert not re.search(rf'name="place-{bids[1]}"[^>]*value="\d', page)
    assert "marks apart. This round looks again above" in page
    assert browser.send(NEW, filled(world, [bids[2], bids[0]])).status_code == 303
    assert agenda(world) == [bids[2], bids[0]]
    assert "Spring panel" in browser.get(PAGES).text
    who = people(world)
    with world.context():
        found = day(world)
        assert (found.number, found.quorum, found.minutes_a_bid) == (1, 2, 10)
        assert {each.person_id for each in found.members} == set(who.values())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Enter a name for the panel day"),
        ({"held_on": ["30", "2", "2027"]}, "The day must be a real date"),
        ({"quorum": "5"}, "The quorum must be between 1 and 4"),
        ({"minutes_a_bid": "0"}, "The minutes must be between 1 and 240"),
        ({"chair": "999999"}, "Choose one of the options"),
    ],
)
def test_what_is_wrong_with_it_is_said(world: World, bids: list[str], more: dict[str, Any], words: str) -> None:
    answer = officer(world).send(NEW, filled(world, bids, **more))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert agenda(world) == []


def test_two_bids_have_no_place_in_common_and_the_day_is_not_long_past(world: World, bids: list[str]) -> None:
    browser = officer(world)
    same = filled(world, bids) | {f"place-{bids[2]}": "1"}
    answer = browser.send(NEW, same)
    assert answer.status_code == 422
    both = sorted([bids[0], bids[2]])
    said = re.findall(r'href="#place-([^"]*)">(\S+) and (\S+) have the same place, 1\. Give each its own<', answer.text)
    assert [(each[0], sorted(each[1:])) for each in said] in [[(each, both)] for each in both]
    today = clock.london_day(clock.now())
    for days, code in ((8, 422), (7, 303)):
        then = today - timedelta(days=days)
        answer = browser.send(NEW, filled(world, bids, held_on=[str(then.day), str(then.month), str(then.year)]))
        assert answer.status_code == code
        if code == 422:
            assert f"The day must be {short_day(today - timedelta(days=7))} or later" in answer.text
    with world.context(), unit_of_work(None, Action.MEETING_SET):
        held_on = day(world).held_on = today - timedelta(days=30)
        version = str(day(world).version)
    kept = filled(world, bids, version=version, held_on=[str(held_on.day), str(held_on.month), str(held_on.year)])
    assert browser.send(f"{PAGE}set-up", kept).status_code == 303, "a day that was can still be mended"


def test_one_person_is_not_chair_and_deputy_and_an_agenda_has_a_bid(world: World, bids: list[str]) -> None:
    same = filled(world, bids) | {"deputy": str(people(world)["chair"])}
    assert "Choose a deputy who is not the chair" in officer(world).send(NEW, same).text
    empty = officer(world).send(NEW, filled(world, []))
    assert empty.status_code == 422
    assert "Give at least one bid a place on the agenda" in empty.text


def test_a_new_order_a_bid_less_and_a_bid_more(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    browser = officer(world)
    page = browser.get(f"{PAGE}set-up").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    changed = filled(world, [bids[2], bids[1], bids[0]], version=version[1])
    assert browser.send(f"{PAGE}set-up", changed).status_code == 303
    assert agenda(world) == [bids[2], bids[1], bids[0]]
    again = browser.send(f"{PAGE}set-up", changed)
    assert again.status_code == 409, "another window had saved meanwhile"
    version = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(f"{PAGE}set-up").text)
    assert version
    fewer = filled(world, [bids[1]], version=version[1]) | {"members": [str(people(world)["one"])]}
    assert browser.send(f"{PAGE}set-up", fewer).status_code == 303
    assert agenda(world) == [bids[1]]
    who = people(world)
    with world.context():
        assert {each.person_id for each in day(world).members} == set(who.values()) - {who["two"]}
        assert all(each.present for each in day(world).members), "whoever stays is still in the room"


def test_what_was_called_up_stays_on_the_agenda(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    act(world, "call", bids[0])
    with world.context():
        version = str(day(world).version)
    answer = officer(world).send(f"{PAGE}set-up", filled(world, [bids[1]], version=version))
    assert answer.status_code == 422
    assert f"{bids[0]} was called up, so it stays on the agenda" in answer.text


# -- the day -----------------------------------------------------------------------------------------------------------


def test_a_day_from_the_first_bid_to_the_last(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    browser = officer(world)
    page = browser.get(PAGE).text
    assert "No bid is being talked about." in page
    assert "Farah Example chairs it." in page
    assert "4 present, 4 count; quorum 2" in page
    assert act(world, "call", bids[0]) == 303
    page = browser.get(PAGE).text
    assert "10 minutes planned, until" in page
    assert "0 minutes so far" in page
    assert "In the chair: Farah Example" in page
    assert "<svg" in page
    assert act(world, "call", bids[0]) == 409, "called up already"
    assert act(world, "call", bids[1]) == 303
    with world.context():
        first, second = (each for each in sorted(day(world).items, key=lambda each: each.position))
        assert first.ended_at == second.called_at
    assert "No bid is left." in browser.get(PAGE).text
    assert act(world, "end", bids[1]) == 303
    assert act(world, "end", bids[1]) == 409
    assert act(world, "end", bids[2]) == 404, "not on the agenda"
    assert "No bid is being talked about." in browser.get(PAGE).text


def test_a_big_screen_shows_now_and_next_and_what_is_left(world: World, bids: list[str]) -> None:
    convene(world, bids)
    bar(world, bids[1], "chair")
    browser = officer(world)
    assert f'href="{PAGE}?screen=1">Show on a screen' in browser.get(PAGE).text
    page = browser.get(f"{PAGE}?screen=1").text
    assert "No bid is being talked about" in page
    act(world, "call", bids[0])
    page = browser.get(f"{PAGE}?screen=1").text
    assert "10 minutes left" in page
    assert "In the chair: Farah Example" in page
    assert "In the chair: Gwil Example" in page, "of the next one"
    assert "Must leave the room: Farah Example" in page
    assert f'href="{PAGE}">Leave the screen view' in page
    assert page.index(bids[0]) < page.index(bids[1])
    assert bids[2] not in page
    assert "Panel menu" not in page
    assert "Assessor 1" not in page
    with world.context(), unit_of_work(None, Action.MEETING_CALL):
        item = day(world).items[0]
        assert item.called_at
        item.called_at -= timedelta(minutes=11, seconds=30)
    page = browser.get(f"{PAGE}?screen=1").text
    assert "2 minutes over" in page
    assert re.search(r'role="timer" aria-live="off"><span data-clock="-\d\d"', page)
    bar(world, bids[0], "two")
    page = officer(world, 1).get(f"{PAGE}?screen=1").text
    assert "Another bid is being talked about" in page
    assert bids[0] not in page


def test_a_barred_chair_hands_over_and_whoever_is_barred_leaves(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    bar(world, bids[0], "chair")
    page = officer(world).get(PAGE).text
    assert "Must not be in the room: Farah Example." in page
    assert "4 present, 1 must leave, 3 count; quorum 2" in page
    assert "Gwil Example chairs it." in page
    act(world, "call", bids[0])
    assert "In the chair: Gwil Example" in officer(world).get(PAGE).text
    deputy = people(world)["deputy"]
    with world.context():
        assert day(world).items[0].chaired_by_id == deputy


def test_nobody_can_chair(world: World, bids: list[str]) -> None:
    convene(world, bids[:2], present=("one", "two", "deputy"))
    bar(world, bids[0], "deputy")
    page = officer(world).get(PAGE).text
    assert "Nobody can chair it: pick another deputy" in page
    assert "Call it up" not in page
    assert act(world, "call", bids[0]) == 303
    assert "Nobody can chair this bid. Pick another deputy, or mark who is present." in flashed(world, bids[0])
    with world.context():
        assert day(world).items[0].called_at is None


def flashed(world: World, reference: str) -> str:
    browser = officer(world)
    browser.send(f"{PAGE}{reference}/call", {}, page=PAGE)
    return browser.get(PAGE).text


def test_an_officer_sees_nothing_of_a_bid_from_which_they_are_barred(world: World, bids: list[str]) -> None:
    convene(world, bids)
    bar(world, bids[1], "two")
    other = officer(world, 1)
    page = other.get(PAGE).text
    with world.context():
        title = world.submission_row(bids[1]).title
    assert bids[1] not in page
    assert title not in page
    places = re.findall(r'numeric">(\d+)</td>\s*<th role="rowheader" scope="row"', page)
    assert places == ["1", "2"], "no gap"
    for verb in ("call", "end", "minute"):
        assert act(world, verb, bids[1], number=1) == 404
    act(world, "call", bids[1])
    page = other.get(PAGE).text
    assert "Another bid is being talked about." in page
    assert bids[1] not in page
    assert "Call it up" not in page
    assert act(world, "call", bids[0], number=1) == 409, "it would end what they may not see"
    assert "place-" + bids[1] not in other.get(f"{PAGE}set-up").text
    with world.context():
        version = str(day(world).version)
    changed = filled(world, [bids[2], bids[0]], version=version)
    assert other.send(f"{PAGE}set-up", changed).status_code == 303
    assert agenda(world) == [bids[2], bids[1], bids[0]], "what is hidden keeps its place"


def test_a_minute_is_kept_and_nobody_writes_over_anothers(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    assert act(world, "minute", bids[0], {f"{bids[0]}-minute": WORDS}) == 409, "not called up yet"
    act(world, "call", bids[0])
    page = officer(world).get(PAGE).text
    began = re.search(rf'name="{bids[0]}-began"[^>]*value="([0-9a-f]+)"', page)
    assert began
    data = {f"{bids[0]}-minute": WORDS, f"{bids[0]}-began": began[1]}
    assert act(world, "minute", bids[0], data) == 303
    assert WORDS in world.browser(world.person("board member")).get(PAGE).text
    late = officer(world).send(f"{PAGE}{bids[0]}/minute", data | {f"{bids[0]}-minute": "Other words"}, page=PAGE)
    assert late.status_code == 409
    assert "Other words" in late.text
    long = officer(world).send(f"{PAGE}{bids[0]}/minute", {f"{bids[0]}-minute": "x" * 10_001}, page=PAGE)
    assert long.status_code == 422
    empty = officer(world).send(f"{PAGE}{bids[0]}/minute", {f"{bids[0]}-minute": " "}, page=PAGE)
    assert empty.status_code == 422
    assert "Write what was said" in empty.text
    with world.context():
        assert day(world).items[0].minute == WORDS


def test_who_was_in_the_room_stays_as_it_was_when_a_bid_ended(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    act(world, "call", bids[0])
    act(world, "call", bids[1])
    there = {"present": [str(people(world)["chair"])]}
    assert officer(world).send(f"{PAGE}attend", there, page=PAGE).status_code == 303
    page = officer(world).get(PAGE).text
    assert "4 present, 4 count; quorum 2" in page, "the first bid's record"
    assert "1 present, 1 counts; quorum 2" in page, "the second is talked about now"


def test_a_talk_is_taken_up_again_with_who_is_there_then(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    act(world, "call", bids[0])
    assert "ended with that" not in officer(world).get(PAGE).text
    browser = officer(world)
    browser.send(f"{PAGE}{bids[1]}/call", page=PAGE)
    page = browser.get(PAGE).text
    assert f"The talk about {bids[0]} ended with that." in page
    assert "Talk about it again" in page
    who = people(world)
    there = {"present": [str(who[each]) for each in ("deputy", "one")]}
    assert browser.send(f"{PAGE}attend", there, page=PAGE).status_code == 303
    assert act(world, "call", bids[0]) == 303
    with world.context():
        first, second = (each for each in sorted(day(world).items, key=lambda each: each.position))
        assert (first.ended_at, first.present_ids) == (None, None)
        assert first.chaired_by_id == who["deputy"]
        assert second.ended_at == first.called_at


def test_two_officers_say_who_is_there_and_neither_writes_over_the_other(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    with world.context():
        version = str(day(world).version)
    who = people(world)
    first = {"present": [str(who["chair"]), str(who["one"])], "version": version}
    assert officer(world).send(f"{PAGE}attend", first, page=PAGE).status_code == 303
    late = officer(world, 1).send(f"{PAGE}attend", {"present": [str(who["two"])], "version": version}, page=PAGE)
    assert late.status_code == 409
    with world.context():
        assert {each.person_id for each in day(world).members if each.present} == {who["chair"], who["one"]}


def test_scores_are_moderated_on_the_day_with_its_quorum(world: World, bids: list[str]) -> None:
    convene(world, bids[:2], present=("chair", "deputy"))
    act(world, "call", bids[0])
    bar(world, bids[0], "deputy")
    with world.context():
        actor, bid = world.staff("programme officer"), world.submission_row(bids[0])
        with pytest.raises(NotReadyError, match="no quorum for this bid: 2 present, 1 must leave, 1 counts; quorum 2"):
            moderate(actor, bid, "need", 4, "Why", clock.now())
    page = officer(world).get(f"/admin/assessment/moderation/EX-MSCF/{bids[0]}/").text
    assert "The panel day has no quorum for this bid" in page
    who = people(world)
    there = {"present": [str(who[each]) for each in ("chair", "one")]}
    officer(world).send(f"{PAGE}attend", there, page=PAGE)
    with world.context():
        actor, bid = world.staff("programme officer"), world.submission_row(bids[0])
        with unit_of_work(actor.id, Action.SCORE_MODERATE, bids[0]):
            moderate(actor, bid, "need", 4, "Why", clock.now())
        assert db.session.scalars(select(ModeratedScore)).one().meeting_id == day(world).id
    assert "Mark with the moderated scores" in officer(world).get(PAGE).text


def test_only_officers_run_it_and_the_board_and_the_auditor_read_it(world: World, bids: list[str]) -> None:
    convene(world, bids[:1])
    for role in ("board member", "auditor", "decision maker"):
        reader = world.browser(world.person(role))
        page = reader.get(PAGE)
        assert page.status_code == 200
        assert page.text.count("<form") == 1, "signing out alone"
        assert "Set up a panel day" not in reader.get(PAGES).text
        assert reader.get(NEW).status_code == 403
        for verb in ("call", "end", "minute"):
            assert reader.send(f"{PAGE}{bids[0]}/{verb}", {}, page="/admin/").status_code == 403
        assert reader.send(f"{PAGE}attend", {}, page="/admin/").status_code == 403
    assert world.browser(world.person("assessor")).get(PAGE).status_code == 403
    for number in ("2", "0", "x", "9" * 30):
        assert officer(world).get(f"{PAGES}EX-MSCF/{number}/").status_code == 404


def test_the_operations_keep_to_the_law_by_themselves(world: World, bids: list[str]) -> None:
    convene(world, bids[:2])
    who = people(world)
    said = convening.Said("Panel", clock.london_day(clock.now()), who["chair"], who["deputy"], (), 2, 10)
    with world.context():
        actor, auditor = world.staff("programme officer"), world.staff("auditor")
        chosen = [world.submission_row(each) for each in bids[:2]]
        asked, meeting, at = chosen[0].round, day(world), clock.now()
        keys = [each.id for each in chosen]
        for run in (
            lambda: convening.set_meeting(auditor, asked, said, chosen, keys),
            lambda: convening.attend(auditor, meeting, ()),
            lambda: convening.call(auditor, meeting, chosen[0], at),
            lambda: convening.end(auditor, meeting, chosen[0], at),
            lambda: convening.minute(auditor, meeting, chosen[0], "x"),
            lambda: convening.set_meeting(actor, asked, said._replace(member_ids=[10**6]), chosen, keys),
        ):
            with pytest.raises(ForbiddenError):
                run()
        with pytest.raises(MissingError):
            convening.set_meeting(actor, world.round("EX-SS"), said, chosen, keys)
        with pytest.raises(ChangedError):
            convening.set_meeting(actor, asked, said, chosen, keys, meeting, meeting.version + 1)
        with pytest.raises(IllegalMoveError):
            convening.end(actor, meeting, chosen[1], at)


def test_a_day_costs_the_same_for_few_bids_and_many(world: World, bids: list[str]) -> None:
    convene(world, bids[:1])
    act(world, "call", bids[0])
    browser = officer(world)
    browser.get(PAGE)
    few = cost(world.app, browser, PAGE)
    with world.context():
        version = str(day(world).version)
    assert browser.send(f"{PAGE}set-up", filled(world, bids, version=version)).status_code == 303
    act(world, "call", bids[1])
    browser.get(PAGE)
    assert cost(world.app, browser, PAGE) == few
    assert few <= 30


def test_a_withdrawn_bid_is_not_on_the_day(world: World, bids: list[str]) -> None:
    convene(world, bids)
    lead = world.browser(world.lead("assessing"))
    lead.send(f"/applications/{bids[2]}/withdraw", {"sure": "y"})
    assert bids[2] not in officer(world).get(PAGE).text
    assert act(world, "call", bids[2]) == 409
