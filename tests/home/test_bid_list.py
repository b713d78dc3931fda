"""The bid list: what each term finds, for whom; labels, saved searches, the file, and the way to a bid."""

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from spatc_funds.accounts.models import SavedSearch
from spatc_funds.accounts.operations import create_person
from spatc_funds.assessment import queries, record, scoring
from spatc_funds.assessment.models import Allocation, Assessment, BidTag, ModeratedScore
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState
from tests.assessment.sheets import score, second
from tests.builders import Browser, World

LIST = "/admin/bids/"
STORIES = ("submitted", "assessing", "assessed", "recommended", "offered", "withdrawn")


@pytest.fixture
def told(world: World) -> dict[str, str]:
    return {story: world.tell(story) for story in STORIES}


def officer(world: World) -> Browser:
    return world.browser(world.person("programme officer"))


def found(browser: Browser, told: dict[str, str], search: str, **more: str) -> set[str]:
    """The stories that a search finds, by the file of the list."""
    answer = browser.get(f"{LIST}export/csv/", query_string={"q": search, **more})
    assert answer.status_code == 200, search
    references = {row["Reference"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    return {story for story, reference in told.items() if reference in references}


@pytest.mark.parametrize(
    ("search", "stories"),
    [
        ("status:waiting", {"submitted"}),
        ("status:assessing", {"assessing"}),
        ("status:settled", {"assessed"}),
        ("status:recommended", {"recommended"}),
        ("status:funded", {"offered"}),
        ("status:withdrawn", {"withdrawn"}),
        ("status:waiting,assessing", {"submitted", "assessing"}),
        ("-status:funded,recommended,settled", {"submitted", "assessing", "withdrawn"}),
        ("unscored:any", {"assessing"}),
        ("flag:short", {"submitted"}),
        ("assigned:none", {"submitted", "withdrawn"}),
        ("assigned:amber", {"assessing", "assessed", "recommended", "offered"}),
        ("score>=0 -score>=0", set()),
        ("conflict:any", set()),
        ("tag:nothing", set()),
    ],
)
def test_each_term_finds_what_it_names(world: World, told: dict[str, str], search: str, stories: set[str]) -> None:
    assert found(officer(world), told, search) == stories


def test_marks_amounts_places_and_names(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    with world.context():
        rows = {story: world.submission_row(reference) for story, reference in told.items()}
        asked = {story: row.asked_pence for story, row in rows.items()}
        pots = {story: row.pot.name for story, row in rows.items()}
        places = {story: set(row.content["shares"]) for story, row in rows.items()}
        themes = {story: row.content["theme"] for story, row in rows.items()}
        crosses = {
            story: {each["theme"]["key"] for each in row.content["cross_cutting"]} for story, row in rows.items()
        }
        groups = {story: row.organisation.name for story, row in rows.items()}
        titles = {story: row.title for story, row in rows.items()}
    middle = sorted(asked.values())[len(asked) // 2]
    assert found(browser, told, f"amount>={middle / 100:.2f}") == {
        each for each, pence in asked.items() if pence >= middle
    }
    assert found(browser, told, f"amount<{middle / 100:.2f}") == {
        each for each, pence in asked.items() if pence < middle
    }
    for pot in set(pots.values()):
        assert found(browser, told, f'pot:"{pot}"') == {each for each, name in pots.items() if name == pot}
    assert found(browser, told, "district:leeds") == {each for each, codes in places.items() if "E08000035" in codes}
    for theme in themes.values():
        same = {each for each, other in themes.items() if other and theme and other["id"] == theme["id"]}
        assert found(browser, told, f"theme:{theme['key']}") == same
    for key in {key for keys in crosses.values() for key in keys}:
        assert found(browser, told, f"cross:{key}") == {each for each, keys in crosses.items() if key in keys}
    assert found(browser, told, f'org:"{groups["assessing"]}"') == {"assessing"}
    word = titles["offered"].split()[-1]
    assert "offered" in found(browser, told, word)
    scored = found(browser, told, "score>=0")
    assert {"assessing", "assessed", "recommended", "offered"} == scored
    assert found(browser, told, "score>=0 score<=100") == scored
    assert found(browser, told, "score>100") == set()
    assert "assessing" not in found(browser, told, "spread>=0"), "one sheet has no spread"


def test_a_term_that_fails_is_named_at_the_box(world: World, told: dict[str, str]) -> None:
    page = officer(world).get(LIST, query_string={"q": "night pot:none-such"}).text
    assert "<title>Error: " in page
    assert "“pot:none-such”: nothing is called so" in page.replace("&#34;", '"')
    assert 'href="#q"' in page
    assert "Nothing matches" in page
    assert told["submitted"] not in page
    for wrong in ("nonsense:1", "score>=abc", "score>=101", "amount>x", "district:paris", "status:maybe", "pot>3"):
        assert "There is a problem" in officer(world).get(LIST, query_string={"q": wrong}).text, wrong
        assert officer(world).get(f"{LIST}export/csv/", query_string={"q": wrong}).status_code == 400


def test_what_is_barred_is_never_found_counted_or_hinted_at(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    before = browser.get(LIST).text
    browser.send(f"/admin/assessment/{told['assessed']}/interest", {"kind": "prejudicial", "note": "A cousin"})
    browser.get(LIST)
    after = browser.get(LIST).text
    assert f"{len(told)} found" in before
    assert f"{len(told) - 1} found" in after
    for search in ("status:settled", "score>=0", told["assessed"], "conflict:me", "conflict:any", "assigned:amber"):
        answer = browser.get(LIST, query_string={"q": search})
        assert answer.status_code == 200
        # what they typed themselves
        echoed = (f'value="{search}"', f'value="q={search}"', f"Search: {search}", f"0 bids: {search}")
        text = answer.text
        for each in echoed:
            text = text.replace(each, "")
        assert told["assessed"] not in text
        assert "assessed" not in found(browser, told, search)
    assert browser.get(f"{LIST}{told['assessed']}/").status_code == 404


def test_whoever_has_to_score_sees_no_marks_of_others(world: World) -> None:
    """An assessor reads no marks in the list at all, nor searches by them; nor does an officer who is to score."""
    reference = world.assessing()
    assessor = second(world, reference)
    page = assessor.get(LIST).text
    assert reference in page
    assert "Spread" not in page
    assert "for those who read results" in assessor.get(LIST, query_string={"q": "score>=0"}).text
    assert "for those who read results" in assessor.get(LIST, query_string={"q": "tag:x"}).text
    assert assessor.get(LIST, query_string={"sort": "-mark"}).status_code == 400
    assert found(assessor, {"it": reference}, "assigned:me") == {"it"}
    assert found(assessor, {"it": reference}, "unscored:me") == {"it"}


def test_an_officer_who_has_to_score_finds_nothing_by_the_marks_of_others(world: World) -> None:
    reference = world.assessing()
    with world.context(), unit_of_work(None, Action.PERSON_CREATE):
        person = create_person("two.hats@example.org", "Two Hats", PASSWORD, [Role.ASSESSOR, Role.PROGRAMME_OFFICER])
        db.session.add(
            Allocation(submission_id=world.submission_row(reference).id, person_id=person.id, allocated_at=clock.now())
        )
    browser = world.browser("two.hats@example.org")
    assert found(officer(world), {"it": reference}, "score>=0") == {"it"}
    assert found(browser, {"it": reference}, "score>=0") == set()
    assert found(browser, {"it": reference}, "-score>=0") == {"it"}
    row = next(csv.DictReader(io.StringIO(browser.get(f"{LIST}export/csv/").text.removeprefix("\ufeff"))))
    assert (row["Mark"], row["Spread"], row["Assessors"]) == ("", "", "")
    page = browser.get(f"{LIST}{reference}/").text
    assert "is shown when your own scores are final" in page
    assert "Assessor 1" not in page


def test_having_scored_one_bid_shows_nothing_of_another(world: World) -> None:
    """Nor does having to score one hide what others gave for the rest."""
    open_, done, others = world.assessing(), world.settled(), world.tell("one-second")
    with world.context(), unit_of_work(None, Action.PERSON_CREATE):
        person = create_person("two.hats@example.org", "Two Hats", PASSWORD, [Role.ASSESSOR, Role.PROGRAMME_OFFICER])
        at = clock.now()
        for reference in (open_, done):
            bid_id = world.submission_row(reference).id
            db.session.add(Allocation(submission_id=bid_id, person_id=person.id, allocated_at=at))
        sheet = {"state": AssessmentState.FINAL, "started_at": at, "final_at": at, "mark_micro": 50_000_000}
        db.session.add(Assessment(submission_id=bid_id, person_id=person.id, **sheet))
    browser, told = world.browser("two.hats@example.org"), {"open": open_, "done": done, "others": others}
    assert found(officer(world), told, "score>=0") == {"open", "done", "others"}
    assert found(browser, told, "score>=0") == {"done", "others"}
    assert "open" not in found(browser, told, "spread>=0")
    text = browser.get(f"{LIST}export/csv/").text.removeprefix("\ufeff")
    marks = {row["Reference"]: row["Mark"] for row in csv.DictReader(io.StringIO(text))}
    assert marks[open_] == ""
    assert marks[others] != ""


def test_the_mark_of_the_list_is_that_of_the_record(world: World) -> None:
    """What was moderated counts in the list, in its search and in its order, before the result is settled."""
    reference = world.assessing()
    score(second(world, reference), reference, 4)
    with world.context():
        bid = world.submission_row(reference)
        officer_id = world.staff("programme officer").id
        need = bid.round.criteria[0]
        with unit_of_work(officer_id, Action.SCORE_MODERATE, reference):
            row = {"submission_id": bid.id, "criterion_id": need.id, "value": 0, "reason": "Seen again"}
            db.session.add(ModeratedScore(**row, moderated_by_id=officer_id, moderated_at=clock.now()))
        sheets = [queries.scores_of(each, bid.round) for each in queries.final_sheets(bid.id)]
        weights, most = queries.weights(bid.round), bid.round.scale_maximum
        counts = record.of_criteria(weights, sheets, most, {need.key: 0})
        expected = scoring.shown(scoring.weighted(weights, counts, most))
        before = scoring.shown(scoring.bid_mark(weights, sheets, most))
    assert expected != before
    browser = officer(world)
    row = next(csv.DictReader(io.StringIO(browser.get(f"{LIST}export/csv/").text.removeprefix("\ufeff"))))
    assert row["Mark"] == expected
    assert found(browser, {"it": reference}, f"score>={float(expected) - 0.1:.1f}") == {"it"}
    assert found(browser, {"it": reference}, f"score>={before}") == set()


def test_sorting_by_mark_and_spread_is_over_the_whole_list(world: World, told: dict[str, str]) -> None:
    browser = officer(world)

    def order(sort: str) -> list[float]:
        text = browser.get(f"{LIST}export/csv/", query_string={"sort": sort}).text.removeprefix("\ufeff")
        column = sort.removeprefix("-").capitalize()
        return [float(row[column]) for row in csv.DictReader(io.StringIO(text)) if row[column]]

    for name in ("mark", "spread"):
        marks = order(f"-{name}")
        assert marks == sorted(marks, reverse=True)
        assert order(name) == sorted(marks)
        assert len(marks) >= 3


def test_a_whole_reference_leads_to_the_bid_and_a_strange_one_is_searched(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    answer = browser.get(LIST, query_string={"q": f" {told['assessing'].lower()} "})
    assert (answer.status_code, answer.location) == (302, f"{LIST}{told['assessing']}/")
    assert "Nothing matches" in browser.get(LIST, query_string={"q": "EX-MSCF-00000"}).text


def test_labels_go_on_many_bids_and_come_off_again(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    with world.context():
        ids = [str(world.submission_row(told[story]).id) for story in ("submitted", "assessing")]
    url = f"{LIST}?q=status:waiting,assessing"
    assert browser.send(f"{LIST}tag", {"url": url}, page=LIST).status_code == 303, "nothing is ticked"
    asked = browser.send(f"{LIST}tag", {"row": ids, "url": url}, page=LIST)
    assert "Label 2 bids" in asked.text
    refused = browser.send(f"{LIST}tag-now", {"row": ids, "url": url, "label": ""}, page=LIST)
    assert refused.status_code == 422
    done = browser.send(f"{LIST}tag-now", {"row": ids, "url": url, "label": "  Visit  First "}, page=LIST)
    assert done.status_code == 200
    assert found(browser, told, 'tag:"visit first"') == {"submitted", "assessing"}
    assert "visit first" in browser.get(LIST).text
    undone = browser.send(f"{LIST}untag", {"row": ids[:1], "url": url, "label": "visit first"}, page=LIST)
    assert undone.status_code == 200
    assert found(browser, told, 'tag:"visit first"') == {"assessing"}


def test_everything_that_was_found_can_be_labelled_and_nothing_else(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    url = f"{LIST}?q=-status:waiting"
    browser.send(f"/admin/assessment/{told['assessed']}/interest", {"kind": "prejudicial", "note": "A cousin"})
    page = browser.send(f"{LIST}tag", {"all": "yes", "url": url}, page=LIST).text
    rows = re.findall(r'name="row" value="(\d+)"', page)
    browser.send(f"{LIST}tag-now", {"row": rows, "url": url, "label": "all"}, page=LIST)
    with world.context():
        labelled = set(db.session.scalars(select(BidTag.submission_id).where(BidTag.tag == "all")))
        expected = {world.submission_row(told[each]).id for each in set(STORIES) - {"submitted", "assessed"}}
    assert labelled == expected


def test_a_search_is_kept_for_oneself_alone(world: World, told: dict[str, str]) -> None:
    browser, other = officer(world), world.browser(world.person("programme officer", 1))
    kept = browser.send(f"{LIST}searches", {"name": "My night", "query": "q=status%3Awaiting&sort=-asked"}, page=LIST)
    assert kept.status_code == 303
    page = browser.get(LIST).text
    assert "My night" in page
    assert "status%3Awaiting" in page
    assert "My night" not in other.get(LIST).text
    with world.context():
        number = db.session.scalars(select(SavedSearch)).one().id
    assert other.send(f"{LIST}searches/{number}/delete", page=LIST).status_code == 404
    assert browser.send(f"{LIST}searches/{number}/delete", page=LIST).status_code == 303
    said = browser.get(LIST).text
    assert "The search “My night” is deleted." in said
    assert "Undo" in said
    assert "My night" not in browser.get(LIST).text
    assert browser.send(f"{LIST}searches", {"name": "X", "query": "q"}, page=LIST).status_code == 400


def test_a_deleted_search_can_be_kept_again(world: World) -> None:
    browser = officer(world)
    browser.send(f"{LIST}searches", {"name": 'My "night"', "query": "q=status%3Awaiting&sort=-asked"}, page=LIST)
    with world.context():
        number = db.session.scalars(select(SavedSearch)).one().id
    browser.send(f"{LIST}searches/{number}/delete", page=LIST)
    banner = browser.get(LIST).text.split("govuk-notification-banner__content")[1].split("</form>")[0]
    assert 'action="/admin/bids/searches"' in banner
    fields = {name: unescape(value) for name, value in re.findall(r'name="(name|query)" value="([^"]*)"', banner)}
    assert browser.send(f"{LIST}searches", fields, page=LIST).status_code == 303
    with world.context():
        again = db.session.scalars(select(SavedSearch)).one()
        assert (again.name, again.query) == ('My "night"', "q=status%3Awaiting&sort=-asked")


def test_a_search_without_a_name_is_refused_beside_what_it_found(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    asked = {"name": "", "query": "q=status%3Awaiting&sort=-asked"}
    answer = browser.send(f"{LIST}searches", asked, page=LIST)
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error: Bids" in page
    assert '<a href="#name">Enter a name for this search</a>' in page
    assert 'id="name-error"' in page
    assert re.search(r'<details class="govuk-details" open>\s*<summary[^>]*><span[^>]*>Your searches', page)
    assert 'value="q=status%3Awaiting&amp;sort=-asked"' in page
    assert 'id="q" name="q" type="search" maxlength="300" value="status:waiting"' in page
    assert told["submitted"] in page
    assert told["assessed"] not in page
    long = browser.send(f"{LIST}searches", {"name": "night " * 11, "query": ""}, page=LIST)
    assert long.status_code == 422
    assert f'value="{("night " * 11).strip()}' in long.text
    endless = browser.send(f"{LIST}searches", {"name": "X", "query": f"q={'x' * 1000}"}, page=LIST)
    assert endless.status_code in {400, 422}


def test_the_title_and_a_status_say_how_many_were_found_and_for_what(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    page = browser.get(LIST, query_string={"q": "status:waiting,assessing"}).text
    assert "<title>2 bids: status:waiting,assessing - " in page
    assert '<p class="govuk-body" role="status">2 found</p>' in page
    one = browser.get(LIST, query_string={"q": "status:settled"}).text
    assert "<title>1 bid: status:settled - " in one
    everything = browser.get(LIST).text
    assert "<title>Bids - " in everything
    assert f'role="status">{len(told)} found</p>' in everything


# -- the workspace -----------------------------------------------------------------------------------------------------


def test_the_workspace_holds_every_part_for_an_officer(world: World) -> None:
    reference = world.tell("recommended")
    page = officer(world).get(f"{LIST}{reference}/").text
    for part in ("What was sent", "Scores", "Messages", "History", "Other awards", "Other bids"):
        assert part in page, part
    assert "recorded the board" in page
    assert "Assessor 1" in page
    assert "Who locks the hall in the evening?" in page
    assert "£315,000" in page


def test_the_way_to_the_neighbours_is_that_of_the_list(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    listed = re.findall(r"EX-[A-Z]+-[0-9A-Z]{5}", browser.get(f"{LIST}export/csv/?sort=asked").text)
    first, middle, last = listed[0], listed[2], listed[-1]
    page = browser.get(f"{LIST}{middle}/?sort=asked").text
    assert f"3 of {len(listed)} in this list" in page
    assert f'href="{LIST}{listed[1]}/?sort=asked" rel="prev"' in page
    assert f'href="{LIST}{listed[3]}/?sort=asked" rel="next"' in page
    assert 'rel="prev"' not in browser.get(f"{LIST}{first}/?sort=asked").text
    assert 'rel="next"' not in browser.get(f"{LIST}{last}/?sort=asked").text
    assert "in this list" not in browser.get(f"{LIST}{middle}/?q=nothing+like+it").text
    assert browser.get(f"{LIST}{middle}/?q=nonsense:1").status_code == 200


def test_an_assessor_reads_the_bid_and_nothing_that_others_gave(world: World) -> None:
    reference = world.assessing()
    page = second(world, reference).get(f"{LIST}{reference}/").text
    assert "What was sent" in page
    assert "Score it" in page
    for hidden in ("Assessor 1", "History", "Messages about", "Other awards", "Amber"):
        assert hidden not in page, hidden


def test_only_who_may_write_to_the_group_is_offered_it(world: World) -> None:
    reference = world.tell("recommended")
    assert "Write to the group" in officer(world).get(f"{LIST}{reference}/").text
    page = world.browser(world.person("auditor")).get(f"{LIST}{reference}/").text
    assert 'id="messages"' in page
    assert "Write to the group" not in page


def test_strangers_to_a_bid_do_not_learn_of_it(world: World) -> None:
    reference = world.assessing()
    assert world.browser(world.person("assessor", 2)).get(f"{LIST}{reference}/").status_code == 404
    assert world.browser(world.person("finance officer")).get(f"{LIST}{reference}/").status_code == 403
    assert world.browser(world.lead("assessing")).get(f"{LIST}{reference}/").status_code == 403


# -- the panel's first page --------------------------------------------------------------------------------------------


def test_the_first_page_says_what_waits_and_where_somebody_stopped(world: World) -> None:
    from tests.assessment.sheets import give

    reference = world.assessing()
    browser = second(world, reference)
    assert "0 of 1 scored" in browser.get("/admin/").text
    give(browser, reference, "need", 3)
    page = browser.get("/admin/").text
    assert f"Go on where you stopped: “Activities” of {reference}" in page
    assert "Alerts" not in page


def test_whoever_runs_a_round_has_alerts_that_lead_to_the_bids(world: World) -> None:
    reference, waiting = world.assessing(), world.submission()
    world.browser(world.person("assessor", 0)).send(
        f"/admin/assessment/{reference}/interest", {"kind": "prejudicial", "note": "Late"}
    )
    browser = officer(world)
    page = browser.get("/admin/").text
    assert "bid lost scores of somebody who declared an interest late" in page
    assert "bids have too few assessors" in page
    assert found(browser, {"late": reference, "waiting": waiting}, "flag:late") == {"late"}
    assert found(browser, {"late": reference, "waiting": waiting}, "flag:short") == {"late", "waiting"}
    quiet = world.browser(world.person("auditor")).get("/admin/").text
    assert "Alerts" not in quiet


def test_labels_of_barred_bids_are_not_offered(world: World, told: dict[str, str]) -> None:
    other, browser = world.browser(world.person("programme officer", 1)), officer(world)
    with world.context():
        barred, open_ = (str(world.submission_row(told[each]).id) for each in ("assessed", "submitted"))
    other.send(f"{LIST}tag-now", {"row": barred, "url": LIST, "label": "friend of the mayor"}, page=LIST)
    browser.send(f"/admin/assessment/{told['assessed']}/interest", {"kind": "prejudicial", "note": "A cousin"})
    page = browser.send(f"{LIST}tag", {"row": open_, "url": LIST}, page=LIST).text
    assert "Label 1 bid" in page
    assert "friend of the mayor" not in page


def test_who_assesses_is_for_those_who_give_bids(world: World, told: dict[str, str]) -> None:
    board = world.browser(world.person("board member"))
    page = board.get(LIST, query_string={"q": "assigned:amber"}).text
    assert "for those who give it" in page
    assert "Amber" not in page.replace("assigned:amber", "")
    assert found(board, told, "assigned:none") == {"submitted", "withdrawn"}


def test_what_was_never_there_is_not_taken_off(world: World, told: dict[str, str]) -> None:
    browser = officer(world)
    with world.context():
        row = str(world.submission_row(told["submitted"]).id)
    page = browser.send(f"{LIST}untag", {"row": row, "url": LIST, "label": "never had"}, page=LIST).text
    assert "None of them had it" in page
    assert "Undo" not in page
