"""The pages of a draft: everything typed is kept, what cannot be kept is said."""

import pytest

from spatc_funds.policy.roles import Role
from tests.applications.pages import address, found, member, plan_of, stamp_of, stranger
from tests.builders import Browser, World

PAGES = ["group", "project", "places", "budget", "focus", "outcomes", "cross-cutting", "promises", "questions/need"]


@pytest.fixture
def reference(world: World) -> str:
    return world.draft()


@pytest.fixture
def lead(world: World, reference: str) -> Browser:
    assert reference
    return world.browser(world.lead("draft-started"))


@pytest.mark.parametrize("page", PAGES)
def test_who_may_open_a_page_of_a_draft(world: World, reference: str, page: str) -> None:
    path = address(reference, page)
    statuses = {
        "lead": world.browser(world.lead("draft-started")).get(path).status_code,
        "editor": member(world, reference, Role.EDITOR).get(path).status_code,
        "reader": member(world, reference, Role.READER).get(path).status_code,
        "signatory": member(world, reference, Role.SIGNATORY).get(path).status_code,
        "stranger": stranger(world).get(path).status_code,
        "officer": world.browser(world.person("programme officer")).get(path).status_code,
        "signed out": world.browser().get(path).status_code,
    }
    assert statuses == {
        "lead": 200,
        "editor": 200,
        "reader": 403,
        "signatory": 403,
        "stranger": 404,
        "officer": 403,
        "signed out": 303,
    }


def test_nobody_else_can_save(world: World, reference: str) -> None:
    for other, status in ((member(world, reference, Role.READER), 403), (stranger(world), 404), (world.browser(), 303)):
        assert other.send(address(reference, "group"), {"group_does": "Ours"}).status_code == status
    with world.context():
        assert found(reference).group_does != "Ours"


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_is_saved_and_leads_on(lead: Browser, reference: str, page: str) -> None:
    answer = lead.send(address(reference, page), {"then": "continue"})
    assert answer.status_code == 303
    assert answer.location != address(reference, page)


def test_the_project_is_saved_with_its_days(lead: Browser, world: World, reference: str) -> None:
    typed = {"title": " Lights on ", "summary": "Lamps\r\nalong the path", "starts_on": ["1", "3", "2027"]}
    answer = lead.send(address(reference, "project"), {**typed, "ends_on": ["28", "february", "2028"]})
    assert answer.location == address(reference, "places")
    with world.context():
        saved = found(reference)
        assert (saved.title, saved.summary) == ("Lights on", "Lamps\nalong the path")
        assert (str(saved.starts_on), str(saved.ends_on)) == ("2027-03-01", "2028-02-28")


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_kept(lead: Browser, world: World, reference: str) -> None:
    typed = {"title": "New name", "summary": "word " * 61, "starts_on": ["31", "2", "2027"]}
    page = lead.send(address(reference, "project"), {**typed, "ends_on": ["1", "3", "2027"]})
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert 'href="#starts_on-day"' in page.text
    assert 'value="31"' in page.text
    assert "must be 60 words or fewer" in page.text
    with world.context():
        saved = found(reference)
        assert saved.title == "New name"
        assert len(saved.summary.split()) == 61
        assert str(saved.ends_on) == "2027-03-01"


def test_a_project_that_ends_before_it_starts_is_told_at_once(lead: Browser, reference: str) -> None:
    days = {"starts_on": ["2", "3", "2027"], "ends_on": ["1", "3", "2027"]}
    page = lead.send(address(reference, "project"), days)
    assert page.status_code == 422
    assert page.text.count("The end of your project has to be after its start") == 2


def test_later_leaves_even_with_too_many_words(lead: Browser, world: World, reference: str) -> None:
    typed = {"q-need": "word " * 201, "then": "later"}
    assert lead.send(address(reference, "questions/need"), typed).location == address(reference)
    listed = lead.get(address(reference)).text
    assert "In progress" in listed
    with world.context():
        assert max(len(answer.text.split()) for answer in found(reference).answers) == 201


def test_later_does_not_leave_what_could_not_be_kept(lead: Browser, reference: str) -> None:
    page = lead.send(address(reference, "places"), {"share-E08000035": "half", "then": "later"})
    assert page.status_code == 422
    assert 'value="half"' in page.text


def test_shares_that_do_not_add_up_are_kept_and_told(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "places")
    page = lead.send(path, {"share-E08000035": "60"})
    assert page.status_code == 422
    assert page.text.count("add up to 60%") == 2
    with world.context():
        assert {share.district: share.percent for share in found(reference).shares} == {"E08000035": 60}
    assert lead.send(path, {"share-E08000035": "60", "share-E08000032": "40"}).status_code == 303


def test_the_focus_says_the_theme(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        theme = plan_of(found(reference)).themes[1]
        area, theme_id = theme.focus_areas[0].id, theme.id
    assert lead.send(address(reference, "focus"), {"focus_area": area}).status_code == 303
    with world.context():
        assert (found(reference).theme_id, found(reference).focus_area_id) == (theme_id, area)


def test_a_focus_of_no_plan_is_refused_and_nothing_is_lost(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        before = found(reference).focus_area_id
    assert lead.send(address(reference, "focus"), {"focus_area": "99999"}).status_code == 422
    with world.context():
        assert found(reference).focus_area_id == before


def test_no_specific_outcome_is_an_answer(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        other = plan_of(found(reference)).themes[0].outcomes[0].id
    lead.send(address(reference, "outcomes"), {"primary_outcome": "none", "other_outcomes": [other]})
    with world.context():
        saved = found(reference)
        assert saved.no_specific_outcome
        assert saved.primary_outcome_id is None
        assert [each.outcome_id for each in saved.other_outcomes] == [other]
    lead.send(address(reference, "outcomes"), {"primary_outcome": other})
    with world.context():
        assert (found(reference).no_specific_outcome, found(reference).primary_outcome_id) == (False, other)


def test_a_cross_cutting_theme_needs_its_commitment(lead: Browser, world: World, reference: str) -> None:
    with world.context():
        theme = plan_of(found(reference)).cross_cutting_themes[0]
        theme_id, commitment, name = theme.id, theme.commitments[0].id, theme.name
    path, how = address(reference, "cross-cutting"), f"how-{theme_id}"
    page = lead.send(path, {"cross_cutting": [theme_id], how: "By listening"})
    assert page.status_code == 422
    assert f"Choose which part of {name} your project helps with" in page.text
    assert "By listening" in page.text
    typed = {"cross_cutting": [theme_id], how: "By listening", f"commitment-{theme_id}": commitment}
    assert lead.send(path, typed).status_code == 303
    with world.context():
        (saved,) = found(reference).cross_cutting
        assert (saved.commitment_id, saved.how) == (commitment, "By listening")
    lead.send(path, {"cross_cutting": []})
    with world.context():
        assert found(reference).cross_cutting == []


@pytest.mark.parametrize(
    ("target", "of", "says"),
    [
        ("50", "40", "cannot be more than the number"),
        ("50", "", "Enter out of how many"),
        ("", "40", "Enter how many"),
        ("most", "40", "must be a whole number"),
    ],
)
def test_half_a_promise_is_told_and_the_other_promises_are_kept(
    lead: Browser, world: World, reference: str, target: str, of: str, says: str
) -> None:
    typed = {"target-people-taking-part": "120", "target-people-who-feel-safer": target, "of-people-who-feel-safer": of}
    page = lead.send(address(reference, "promises"), typed)
    assert page.status_code == 422
    assert page.text.count(says) == 2
    with world.context():
        promised = {each.measure.key: each.target for each in found(reference).promises}
        assert promised == {"people-taking-part": 120}


def test_promises_are_kept_and_taken_back(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "promises")
    lead.send(path, {"target-people-who-feel-safer": "0", "of-people-who-feel-safer": "50"})
    with world.context():
        assert [(each.target, each.target_of) for each in found(reference).promises] == [(0, 50)]
    assert lead.send(path).status_code == 303
    with world.context():
        assert found(reference).promises == []


def test_a_second_window_does_not_overwrite_the_first(lead: Browser, world: World, reference: str) -> None:
    path = address(reference, "group")
    old = stamp_of(lead, path)
    lead.send(path, {"group_does": "From the first window", "stamp": old})
    page = lead.send(path, {"group_does": "From the second window", "stamp": old})
    assert page.status_code == 409
    assert "From the first window" in page.text
    assert "From the second window" in page.text
    with world.context():
        assert found(reference).group_does == "From the first window"
    again = lead.send(path, {"group_does": "From the first window", "stamp": old})
    assert again.status_code == 303


def test_days_typed_in_two_windows_are_shown_side_by_side(lead: Browser, reference: str) -> None:
    path = address(reference, "project")
    old = stamp_of(lead, path)
    lead.send(path, {"starts_on": ["1", "3", "2027"], "stamp": old})
    page = lead.send(path, {"starts_on": ["2", "4", "2027"], "stamp": old})
    assert page.status_code == 409
    for words in ("1 3 2027", "2 4 2027", "When does your project start?"):
        assert words in page.text


def test_a_question_shows_what_a_strong_answer_covers(lead: Browser, reference: str) -> None:
    page = lead.get(address(reference, "questions/need")).text
    assert "What a strong answer covers" in page
    assert "20 of 100" in page


def test_what_is_not_a_page_is_404(lead: Browser, reference: str) -> None:
    for page in ("nothing", "questions/nothing", "plan"):
        assert lead.get(address(reference, page)).status_code == 404
    assert lead.get(address("EX-MSCF-ZZZZZ", "group")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_what_was_sent_is_not_changed_any_more(world: World, page: str) -> None:
    sent = world.submission()
    lead = world.browser(world.lead("submitted"))
    assert lead.get(address(sent, page)).location == address(sent)
    answer = lead.send(address(sent, page), {"q-need": "Typed too late"}, page=address(sent, "withdraw"))
    assert answer.status_code == 409
    assert "was sent or put back meanwhile" in answer.text
    assert ("Typed too late" in answer.text) == page.startswith("questions")


def test_a_link_is_named_with_the_rule_and_the_reason_and_nothing_is_lost(lead: Browser, reference: str) -> None:
    path = address(reference, "questions/need")
    answer = lead.send(path, {"q-need": "See https://example.org/report for it"})
    assert answer.status_code == 422
    assert "Take the link https://example.org/report out of your answer" in answer.text
    assert "because people are scored on what stands in the answer" in answer.text
    assert "See https://example.org/report for it" in lead.get(path).text


def test_a_place_that_has_to_stay_private_is_kept_so(lead: Browser, world: World, reference: str) -> None:
    lead.send(address(reference, "places"), {"share-E08000035": "100", "sensitive_place": "y"})
    with world.context():
        assert found(reference).sensitive_place
    lead.send(address(reference, "places"), {"share-E08000035": "100"})
    with world.context():
        assert not found(reference).sensitive_place
