"""Assurance in the panel: checks, likenesses of text, the place in the plan, labels; as each role, and in races."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from spatc_funds.applications.models import Submission
from spatc_funds.applications.operations import PlanChoice
from spatc_funds.assessment import assurances, assuring
from spatc_funds.assessment.models import BidTag, DiligenceCheck, Likeness, Outcome, TagAssurance, TextMatch
from spatc_funds.awards.models import Award, AwardCrossCutting, ThemeTag
from spatc_funds.core import clock
from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import IllegalMoveError, MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.models import Theme
from spatc_funds.funds.models import Round, TaggingRule
from spatc_funds.policy.actions import Action
from tests.builders import Browser, World

LIST = "/admin/assessment/assurance/"
INTEREST = "/admin/assessment/{}/interest"
KEYS = ("register", "safeguarding", "organisation")
UNTIL = ["1", "3", str(clock.now().year + 1)]


def officer(world: World, number: int = 0) -> Browser:
    return world.browser(world.person("programme officer", number))


def page_of(reference: str) -> str:
    return f"{LIST}{reference}/"


def check(key: str = "register", seen: str = "never", **more: Any) -> dict[str, Any]:
    return {"key": key, "seen": seen, "outcome": "passed", "note": "", "expires_on": UNTIL, **more}


def record(browser: Browser, reference: str, data: dict[str, Any]) -> Any:
    return browser.send(f"{page_of(reference)}record", data, page=page_of(reference))


def post(browser: Browser, reference: str, act: str, data: dict[str, Any] | None = None) -> Any:
    return browser.send(f"{page_of(reference)}{act}", data or {}, page=page_of(reference))


def bar(world: World, browser: Browser, reference: str) -> None:
    data = {"kind": "prejudicial", "note": "I sit on its board"}
    assert browser.send(INTEREST.format(reference), data).status_code == 303


def seen_on(page: str, key: str) -> str:
    """What the form of one check says of the row that it was made from."""
    found = re.search(rf'value="{key}">\s*<input[^>]*name="seen"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def alike(world: World) -> tuple[str, str]:
    """Two bids with one answer that is much the same; compared by an officer."""
    first, second = world.submission(), world.settled()
    assert post(officer(world), second, "compare").status_code == 303
    return first, second


# -- who may -----------------------------------------------------------------------------------------------------------


def test_an_auditor_reads_and_changes_nothing(world: World) -> None:
    reference = world.settled()
    auditor = world.browser(world.person("auditor"))
    for path in (LIST, page_of(reference)):
        answer = auditor.get(path)
        assert answer.status_code == 200
        assert 'method="post"' not in answer.text.split('id="main-content"')[1]
    assert auditor.get(f"{page_of(reference)}tags").status_code == 403
    for act in ("record", "compare", "judge", "tag", "untag", "tags"):
        assert auditor.send(f"{page_of(reference)}{act}", {}, page="/admin/").status_code == 403
    assert auditor.send(f"{LIST}rounds/EX-MSCF/compare", {}, page="/admin/").status_code == 403


@pytest.mark.parametrize("role", ["assessor", "finance officer", "analyst", "administrator"])
def test_others_are_refused(world: World, role: str) -> None:
    reference = world.settled()
    browser = world.browser(world.person(role))
    assert browser.get(LIST).status_code == 403
    assert browser.get(page_of(reference)).status_code == 403


def test_whoever_is_barred_gets_nothing(world: World) -> None:
    reference, browser = world.assessing(), officer(world)
    assert reference in browser.get(LIST).text
    bar(world, browser, reference)
    browser.get(LIST)
    assert reference not in browser.get(LIST).text
    assert "No bid is waiting" in browser.get(LIST).text
    for path in ("", "tags"):
        assert browser.get(f"{page_of(reference)}{path}").status_code == 404
    for act in ("record", "compare", "judge", "tag", "untag", "tags"):
        assert browser.send(f"{page_of(reference)}{act}", {}, page=LIST).status_code == 404


def test_what_is_not_there_is_not_found(world: World) -> None:
    browser = officer(world)
    assert browser.get(page_of("EX-MSCF-ZZZZZ")).status_code == 404
    assert browser.get(f"{LIST}?round=NO-SUCH").status_code == 404
    assert browser.get(f"{LIST}?page=2").status_code == 404
    assert browser.get(f"{LIST}?page=x").status_code == 400
    assert browser.send(f"{LIST}rounds/NO-SUCH/compare", {}, page=LIST).status_code == 404


# -- due diligence -----------------------------------------------------------------------------------------------------


def test_a_checklist_from_nothing_to_complete(world: World) -> None:
    reference, browser = world.assessing(), officer(world)
    assert "3 of 3 checks are still to do" in browser.get(page_of(reference)).text
    assert "Register entry: not done" in browser.get(LIST).text
    for key in KEYS:
        assert record(browser, reference, check(key)).status_code == 303
    page = browser.get(page_of(reference)).text
    assert "Every check is passed and holds" in page
    assert "by Dev Example, holds until 1 March" in page
    assert "Register entry" not in browser.get(LIST).text


def test_what_was_saved_is_said_where_it_was_saved(world: World) -> None:
    reference, browser = world.settled(), officer(world)
    answer = record(browser, reference, check())
    assert answer.location.endswith(f"{page_of(reference)}#check-register")
    page = browser.get(page_of(reference)).text
    top, place = page.index("govuk-notification-banner__heading"), page.index('class="app-said" role="alert"')
    assert page.index('id="check-register" tabindex="-1"') < place < page.index("Record it again")
    assert top < place
    assert re.search(r'--success" role="region"[^>]* data-disable-auto-focus="true"', page), "the part has the focus"
    assert "app-said" not in browser.get(page_of(reference)).text
    post(browser, reference, "tag", {"label": "visit"})
    page = browser.get(page_of(reference)).text
    assert page.index('id="labels"') < page.index('class="app-said"')
    assert page.count("The label is on the bid.") == 2


def test_many_checks_that_are_not_done_are_counted(world: World) -> None:
    reference, browser = world.settled(), officer(world)  # its pot asks for six
    record(browser, reference, check("accounts", outcome="failed", note="None filed"))
    page = browser.get(LIST).text
    assert "5 checks not done<br>Accounts: failed" in page
    assert "Register entry" not in page


def test_the_day_is_filled_in_from_the_months_of_the_pot(world: World) -> None:
    reference = world.assessing()
    page = officer(world).get(page_of(reference)).text
    year = london_day(clock.now()).year + 1
    assert re.search(rf'id="safeguarding-expires_on-year"[^>]*value="{year}"', page)
    assert re.search(r'id="organisation-expires_on-year"(?![^>]*value="\d)', page)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"outcome": "failed"}, "Say why it was not passed"),
        ({"outcome": "not needed", "note": "  "}, "Say why it was not passed"),
        ({"outcome": ""}, "Choose how the check ended"),
        ({"expires_on": ["", "", ""]}, "Enter the last day on which this holds"),
        ({"expires_on": ["1", "3", "2020"]}, "The last day has to be today or later"),
        ({"expires_on": ["31", "2", "2030"]}, "The day must be a real date"),
        ({"key": "horoscope"}, "Choose one of the checks"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(world: World, more: dict[str, Any], words: str) -> None:
    reference, browser = world.assessing(), officer(world)
    answer = record(browser, reference, check() | more)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    with world.context():
        assert db.session.query(DiligenceCheck).count() == 0


def test_a_failed_check_has_its_words_and_no_day(world: World) -> None:
    reference, browser = world.assessing(), officer(world)
    assert record(browser, reference, check(outcome="failed", note="Struck off in May")).status_code == 303
    page = browser.get(page_of(reference)).text
    assert "Struck off in May" in page
    assert "Failed, said on" in page
    assert "Register entry: failed" in browser.get(LIST).text
    with world.context():
        assert db.session.scalars(select(DiligenceCheck.expires_on)).all() == [None]


def test_two_officers_never_overwrite_each_other(world: World) -> None:
    reference, one, other = world.assessing(), officer(world), officer(world, 1)
    assert record(one, reference, check(note="Seen by one")).status_code == 303
    late = record(other, reference, check(outcome="failed", note="Seen by the other"))
    assert late.status_code == 409
    assert "Seen by one" in late.text
    assert "Seen by the other" in late.text
    now = seen_on(other.get(page_of(reference)).text, "register")
    assert record(other, reference, check(seen=now, outcome="failed", note="Both have talked")).status_code == 303
    assert record(one, reference, check(seen=now)).status_code == 409


def test_an_expired_pass_is_lacking_again(world: World) -> None:
    reference, browser = world.assessing(), officer(world)
    record(browser, reference, check())
    with world.context(), unit_of_work(None, Action.CHECK_RECORD, reference):
        row = db.session.scalars(select(DiligenceCheck)).one()
        row.expires_on = london_day(clock.now()) - timedelta(days=1)
    assert "Expired on" in browser.get(page_of(reference)).text
    assert "Register entry: expired" in browser.get(LIST).text


def twins(world: World) -> tuple[str, str]:
    """Two bids of one group: the second one's is made over to the first one, as a later round would have it."""
    first, second = world.settled(), world.assessing()
    with world.context():
        owner = world.submission_row(first).organisation_id
        db.session.remove()  # SQLite has one writer
        with db.engine.begin() as connection:
            connection.execute(
                update(Submission.__table__)  # type: ignore[arg-type] # a mapped table
                .where(Submission.reference == second)
                .values(organisation_id=owner)
            )
    return first, second


def test_what_was_passed_for_the_same_group_can_be_taken_over(world: World) -> None:
    first, second = twins(world)
    browser = officer(world)
    assert record(browser, first, check()).status_code == 303
    page = browser.get(page_of(second)).text
    assert f"for {first}" in page
    taken = record(browser, second, {"key": "register", "seen": "never", "act": "take-over"})
    assert taken.status_code == 303
    after = browser.get(page_of(second)).text
    assert "and still holds" in after
    assert first not in after, "whoever is barred from the other bid may read this one"
    again = record(browser, second, {"key": "safeguarding", "seen": "never", "act": "take-over"})
    assert again.status_code == 409


def test_a_barred_bid_offers_nothing(world: World) -> None:
    first, second = twins(world)
    one, other = officer(world), officer(world, 1)
    assert record(one, first, check()).status_code == 303
    bar(world, other, first)
    assert "Take it over" not in other.get(page_of(second)).text
    assert record(other, second, {"key": "register", "seen": "never", "act": "take-over"}).status_code == 409
    assert "Take it over" in one.get(page_of(second)).text


def test_operations_refuse_what_pages_do_not_offer(world: World) -> None:
    reference = world.tell("withdrawn")
    with world.context():
        actor, found, at = world.staff("programme officer"), world.submission_row(reference), clock.now()
        given = assuring.Recorded("register", Outcome.NOT_NEEDED, "Known")
        with pytest.raises(IllegalMoveError), unit_of_work(actor.id, Action.CHECK_RECORD, reference):
            assuring.record(actor, found, given, at)
        with pytest.raises(IllegalMoveError), unit_of_work(actor.id, Action.TAGS_CONFIRM, reference):
            assuring.confirm(actor, found, PlanChoice(None, None, None, no_specific_outcome=True), "", at)
    standing = world.assessing()
    with world.context():
        actor, found = world.staff("programme officer"), world.submission_row(standing)
        with pytest.raises(MissingError), unit_of_work(actor.id, Action.CHECK_RECORD, standing):
            assuring.record(actor, found, assuring.Recorded(assurances.COMPARED, Outcome.PASSED), at)


# -- the same text -----------------------------------------------------------------------------------------------------


def test_the_same_text_is_found_shown_and_judged(world: World) -> None:
    first, second = alike(world)
    browser = officer(world)
    for mine, theirs in ((second, first), (first, second)):
        page = browser.get(page_of(mine)).text
        assert f'alike with <span class="app-nowrap">{theirs}</span>' in page
        assert "<mark>" in page
        assert "another group’s bid" in page
    assert browser.get(LIST).text.count("1 to look at") == 2
    with world.context():
        row = db.session.scalars(select(TextMatch)).one()
        number, percent = str(row.id), row.percent
    assert 70 <= percent < 100
    silent = post(browser, first, "judge", {"match": number, "seen": "never", "judged": "harmless", "note": ""})
    assert silent.status_code == 422
    assert "Say why" in silent.text
    said = {"match": number, "seen": "never", "judged": "harmless", "note": "Words that both took from us"}
    assert post(browser, first, "judge", said).status_code == 303
    assert "Words that both took from us" in browser.get(page_of(second)).text
    assert "1 to look at" not in browser.get(LIST).text
    late = post(officer(world, 1), second, "judge", said | {"judged": "concern", "note": "Too much alike"})
    assert late.status_code == 409
    assert "Too much alike" in late.text
    assert "Words that both took from us" in late.text


def test_comparing_again_keeps_what_was_judged(world: World) -> None:
    first, second = alike(world)
    browser = officer(world)
    with world.context():
        number = str(db.session.scalars(select(TextMatch.id)).one())
    said = {"match": number, "seen": "never", "judged": "concern", "note": "Ask both"}
    assert post(browser, second, "judge", said).status_code == 303
    for reference in (first, second):
        assert post(browser, reference, "compare").status_code == 303
    with world.context():
        row = db.session.scalars(select(TextMatch)).one()
        assert (row.judged, row.note) == (Likeness.CONCERN, "Ask both")


def test_a_likeness_with_a_barred_bid_is_not_there(world: World) -> None:
    first, second = alike(world)
    browser = officer(world, 1)
    with world.context():
        number = str(db.session.scalars(select(TextMatch.id)).one())
    bar(world, browser, first)
    browser.get(LIST)
    page = browser.get(page_of(second)).text
    assert first not in page
    assert "% alike with" not in page
    assert "to look at" not in browser.get(LIST).text
    said = {"match": number, "seen": "never", "judged": "harmless", "note": "No"}
    assert post(browser, second, "judge", said).status_code == 404
    assert post(browser, second, "compare").status_code == 303
    assert "0 likenesses to look at" in browser.get(page_of(second)).text


@pytest.mark.parametrize("match", ["", "x", "0", "99999999999999999999"])
def test_a_likeness_that_is_none(world: World, match: str) -> None:
    reference = world.settled()
    answer = post(officer(world), reference, "judge", {"match": match, "judged": "harmless", "note": "x"})
    assert answer.status_code == 422
    assert post(officer(world), reference, "judge", {"match": "999999"}).status_code == 404


def test_a_round_is_compared_so_many_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spatc_funds.assessment.panel_assurance.COMPARED_AT_ONCE", 2)
    for story in ("submitted", "assessing", "sent-again", "withdrawn"):
        world.tell(story)
    browser = officer(world)
    assert "Compare the next 2" in browser.get(LIST).text
    for words in ("1 bid of EX-MSCF still to compare", "Nothing of EX-MSCF is left to compare"):
        assert browser.send(f"{LIST}rounds/EX-MSCF/compare", {}, page=LIST).status_code == 303
        assert words in browser.get(LIST).text
    assert "All compared" in browser.get(LIST).text


# -- the place in the plan ---------------------------------------------------------------------------------------------


def place_form(world: World, browser: Browser, reference: str, **changed: Any) -> dict[str, Any]:
    """The form as it is filled in, with what is changed."""
    with world.context():
        place = assurances.place_of(world.submission_row(reference))
        tags, seen = place.tags, assurances.seen_of(place.confirmed)
    filled: dict[str, Any] = {
        "seen": seen,
        "focus_area": str(tags["focus_area"]["id"]) if tags["focus_area"] else "none",
        "primary_outcome": str(tags["primary_outcome"]["id"]) if tags["primary_outcome"] else "none",
        "other_outcomes": [str(each["id"]) for each in tags["other_outcomes"]],
        "cross_cutting": [str(each["theme"]["id"]) for each in tags["cross_cutting"]],
        "reason": "",
    }
    filled |= {f"commitment-{each['theme']['id']}": str(each["commitment"]["id"]) for each in tags["cross_cutting"]}
    return filled | changed


def another_focus(world: World, reference: str) -> tuple[str, str, str]:
    """A focus area of another theme: its id, its theme's name and key."""
    with world.context():
        found = world.submission_row(reference)
        theme = db.session.scalars(
            select(Theme).where(Theme.plan_id == found.round.plan_id, Theme.id != found.content["theme"]["id"])
        ).first()
        assert theme
        return str(theme.focus_areas[0].id), theme.name, theme.key


def test_a_place_is_confirmed_as_it_was_proposed(world: World) -> None:
    reference, browser = world.settled(), officer(world)
    page = browser.get(f"{page_of(reference)}tags").text
    assert page.index("What the group proposed") < page.index("Your choice") < page.index("Confirm its place")
    answer = browser.send(f"{page_of(reference)}tags", place_form(world, browser, reference))
    assert answer.status_code == 303
    after = browser.get(page_of(reference)).text
    assert "confirmed as the group proposed it" in after
    assert "Not as the group proposed it" not in after
    with world.context():
        row, found = db.session.scalars(select(TagAssurance)).one(), world.submission_row(reference)
        assert not row.changed
        assert row.tags == {key: found.content[key] for key in row.tags}


def test_a_change_needs_its_reason_and_is_said_in_words(world: World) -> None:
    reference, browser = world.settled(), officer(world)
    focus, theme, _key = another_focus(world, reference)
    silent = browser.send(f"{page_of(reference)}tags", place_form(world, browser, reference, focus_area=focus))
    assert silent.status_code == 422
    assert "Say why you change what the group proposed" in silent.text
    changed = place_form(world, browser, reference, focus_area=focus, reason="The work is on roads")
    assert browser.send(f"{page_of(reference)}tags", changed).status_code == 303
    for path in ("", "tags"):
        assert f"Theme: “{theme}” instead of" in browser.get(f"{page_of(reference)}{path}").text.replace("&#39;", "'")
    assert "The work is on roads" in browser.get(page_of(reference)).text
    late = browser.send(f"{page_of(reference)}tags", changed)
    assert late.status_code == 409


def test_what_the_round_needs_cannot_be_taken_away(world: World) -> None:
    reference, browser = world.settled(), officer(world)
    bare = place_form(world, browser, reference, reason="Less is more", focus_area="", primary_outcome="")
    bare["cross_cutting"] = []
    answer = browser.send(f"{page_of(reference)}tags", bare)
    assert answer.status_code == 422
    for words in (
        "Choose what the project focuses on",
        "Choose the outcome",
        "Choose at least one cross-cutting theme",
    ):
        assert words in answer.text


def test_a_cross_cutting_theme_needs_its_commitment(world: World) -> None:
    reference, browser = world.settled(), officer(world)
    with world.context():
        plan = world.submission_row(reference).round.plan
        assert plan
        every = [str(theme.id) for theme in plan.cross_cutting_themes]
    answer = browser.send(
        f"{page_of(reference)}tags", place_form(world, browser, reference, cross_cutting=every, reason="All of them")
    )
    assert answer.status_code == 422
    assert "Choose which part of" in answer.text


def test_an_award_stands_where_it_was_put(world: World) -> None:
    """The roll-up counts it under the theme that the officer chose."""
    spec = world.spec("offered")
    with world.context():
        reference = world.demo.start(spec)
        for step in (world.demo.fill, world.demo.send, world.demo.allocate, world.demo.score, world.demo.settle):
            step(spec, reference)
    browser = officer(world)
    focus, _theme, key = another_focus(world, reference)
    changed = place_form(world, browser, reference, focus_area=focus, reason="The work is on this", cross_cutting=[])
    assert browser.send(f"{page_of(reference)}tags", changed).status_code == 303
    with world.context():
        world.demo.recommend(spec, reference)
        world.demo.award(spec, reference)
        award = db.session.scalars(select(Award).where(Award.reference == reference)).one()
        theme = db.session.get_one(Theme, award.theme_id)
        assert (theme.key, award.theme_tag, str(award.focus_area_id)) == (key, ThemeTag.THEME, focus)
        assert db.session.scalars(select(AwardCrossCutting).where(AwardCrossCutting.award_id == award.id)).all() == []
        proposed = world.submission_row(reference).content["theme"]["key"]
        assert proposed != key, "what was sent stays as it is"
    analyst, title = world.browser(world.person("analyst")), spec["title"]
    assert title in analyst.get(f"/admin/impact/made-of?by=theme&key={key}").text
    assert title not in analyst.get(f"/admin/impact/made-of?by=theme&key={proposed}").text
    closed = browser.send(f"{page_of(reference)}tags", changed)
    assert closed.status_code == 409
    assert "is decided" in browser.get(page_of(reference)).text


def test_a_round_of_another_priority_has_no_theme(world: World) -> None:
    """The themes are those of one priority alone: what such a round's bids have none of is not asked of officers."""
    reference, browser = world.tell("assessing"), officer(world)
    with world.context(), unit_of_work(None, Action.FUND_LOAD, "test"):
        asked = db.session.scalars(select(Round).where(Round.code == "EX-MSCF")).one()
        assert asked.plan
        other = next(each for each in asked.plan.priorities if each.key != asked.plan.strategy_priority)
        asked.tagging_rule, asked.fixed_priority = TaggingRule.FIXED_PRIORITY, other.key
    page = browser.get(f"{page_of(reference)}tags").text
    assert "None of these" in page
    nothing = place_form(world, browser, reference, focus_area="none", primary_outcome="none", cross_cutting=[])
    answer = browser.send(f"{page_of(reference)}tags", nothing | {"reason": "It serves another priority"})
    assert answer.status_code == 303
    assert "Theme: “none” instead of" in browser.get(page_of(reference)).text


def test_a_round_that_asks_the_priority_gets_it(world: World) -> None:
    reference, browser = world.tell("assessing"), officer(world)
    with world.context(), unit_of_work(None, Action.FUND_LOAD, "test"):
        asked = db.session.scalars(select(Round).where(Round.code == "EX-MSCF")).one()
        asked.tagging_rule = TaggingRule.THEME_AND_PRIORITY
        assert asked.plan
        other = next(each for each in asked.plan.priorities if each.key != asked.plan.strategy_priority)
        number, name = str(other.id), other.name
    changed = place_form(world, browser, reference, reason="As the round asks")
    assert browser.send(f"{page_of(reference)}tags", changed | {"primary_outcome": "none"}).status_code == 422
    assert browser.send(f"{page_of(reference)}tags", changed | {"priority": number}).status_code == 303
    assert f"Priority: “{name}” instead of “none”" in browser.get(page_of(reference)).text


# -- labels ------------------------------------------------------------------------------------------------------------


def test_labels_are_put_on_and_taken_off(world: World) -> None:
    reference, browser = world.assessing(), officer(world)
    for label in ("Site  Visit", "site visit", "2nd-look"):
        assert post(browser, reference, "tag", {"label": label}).status_code == 303
    with world.context():
        assert list(assurances.labels_of(world.submission_row(reference).id)) == ["2nd-look", "site visit"]
    assert post(browser, reference, "untag", {"label": "site visit"}).status_code == 303
    assert post(browser, reference, "untag", {"label": "never/there"}).status_code == 303
    with world.context():
        assert db.session.scalars(select(BidTag.tag)).all() == ["2nd-look"]


@pytest.mark.parametrize("label", ["", "   ", "x" * 41, "no_lines", "a--b", "-a", "<b>", "semi;colon"])
def test_what_is_no_label(world: World, label: str) -> None:
    reference, browser = world.assessing(), officer(world)
    answer = post(browser, reference, "tag", {"label": label})
    assert answer.status_code == 422
    assert "label" in answer.text
    with world.context():
        assert db.session.query(BidTag).count() == 0


def test_several_bids_at_once_or_none(world: World) -> None:
    references = [world.submission(), world.assessing(), world.settled()]
    with world.context():
        actor, bids = world.staff("programme officer"), [world.submission_row(each) for each in references]
        subject = assurances.subject_of(bids)
        assert subject == "3 bids"
        assert assurances.subject_of(bids[:1]) == references[0]
        with unit_of_work(actor.id, Action.BID_TAG, subject):
            assert assuring.tag(actor, bids[:1], "Visit", clock.now()) == 1
        with unit_of_work(actor.id, Action.BID_TAG, subject):
            assert assuring.tag(actor, bids, "visit", clock.now()) == 2
        with pytest.raises(NotReadyError), unit_of_work(actor.id, Action.BID_TAG, subject):
            assuring.tag(actor, bids, "no/label", clock.now())
    bar(world, officer(world), references[2])
    with world.context():
        actor, bids = world.staff("programme officer"), [world.submission_row(each) for each in references]
        with pytest.raises(MissingError), unit_of_work(actor.id, Action.BID_UNTAG, subject):
            assuring.untag(actor, bids, "visit")
        assert db.session.query(BidTag).count() == 3
        with unit_of_work(actor.id, Action.BID_UNTAG, subject):
            assert assuring.untag(actor, bids[:2], "VISIT") == 2


def test_the_board_and_whoever_decides_read_what_is_open(world: World) -> None:
    from spatc_funds.assessment.models import DiligenceCheck, Outcome

    reference = world.settled()
    chair = world.browser(world.person("board member"))
    before = chair.get(f"/admin/recommendations/{reference}/").text
    assert "Its place in the plan is not confirmed" in before
    with world.context():
        bid, officer_id = world.submission_row(reference), world.staff("programme officer").id
        key = bid.pot.checks[0]["key"]
        label = bid.pot.checks[0]["label"]
        with unit_of_work(officer_id, Action.CHECK_RECORD, reference):
            row = {"submission_id": bid.id, "key": key, "outcome": Outcome.FAILED, "note": "Not in the register"}
            db.session.add(DiligenceCheck(**row, done_by_id=officer_id, done_at=clock.now()))
    assert f"{label}: Failed" in chair.get(f"/admin/recommendations/{reference}/").text
