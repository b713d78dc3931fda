"""What has to be tagged, by three real rules of the fund's rounds; figures and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.applications.completeness import problems
from spatc_funds.applications.queries import content, filled
from spatc_funds.applications.tagging import Needed, needed
from spatc_funds.awards.models import ThemeTag
from spatc_funds.awards.operations import _theme_tag
from spatc_funds.core.clock import london_day, now
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import TaggingRule
from spatc_funds.policy.actions import Action
from tests.applications.pages import address, found
from tests.builders import World

OWN, OTHER = "safer-places-and-thriving-communities", "supporting-victims-and-witnesses"


@pytest.mark.parametrize(
    ("rule", "fixed", "chosen", "wanted"),
    [
        ("one-cross-cutting", None, None, Needed(cross_cutting=True)),  # round 1
        ("theme-and-priority", None, None, Needed(priority=True)),  # round 2
        ("theme-and-priority", None, OWN, Needed(priority=True)),
        ("theme-and-priority", None, OTHER, Needed(theme=False, priority=True)),
        ("fixed-priority", OWN, None, Needed()),  # round 3
        ("fixed-priority", OTHER, None, Needed(theme=False)),  # rounds 4 and 5
        ("any", None, None, Needed()),
        ("unknown", None, None, Needed()),
    ],
)
def test_the_rules_of_the_rounds(rule: str, fixed: str | None, chosen: str | None, wanted: Needed) -> None:
    assert needed(rule, fixed, OWN, chosen) == wanted


@given(st.sampled_from([each.value for each in TaggingRule]), st.sampled_from([None, OWN, OTHER]))
def test_a_theme_is_left_out_for_another_priority_only(rule: str, priority: str | None) -> None:
    assert needed(rule, priority, OWN, priority).theme or priority == OTHER


def ruled(world: World, reference: str, rule: TaggingRule, fixed: str | None = None) -> None:
    """Give the application's round another rule."""
    with world.context(), unit_of_work(None, Action.FUND_LOAD):
        asked = found(reference).round
        asked.tagging_rule, asked.fixed_priority = rule, fixed


def missing(world: World, reference: str) -> set[str]:
    """The fields of the plan that still stand in the way."""
    with world.context():
        return {each.field for each in problems(filled(found(reference), london_day(now()))) if each.step == "plan"}


def test_a_theme_and_a_priority(world: World) -> None:
    reference = world.draft()
    ruled(world, reference, TaggingRule.THEME_AND_PRIORITY)
    lead, page = world.browser(world.lead("draft-started")), address(reference, "focus")
    assert {"theme", "priority", "primary_outcome"} <= missing(world, reference)
    with world.context():
        priorities = {each.key: str(each.id) for each in found(reference).round.plan.priorities}  # type: ignore[union-attr]
    assert "Which priority of the plan does it serve?" in lead.get(page).text
    assert lead.send(page, {"priority": priorities[OTHER]}).status_code == 303
    assert missing(world, reference) == set()
    with world.context():
        everything = content(found(reference))
        assert everything["priority"]["key"] == OTHER
        assert _theme_tag(everything, found(reference).round.plan) is ThemeTag.OTHER_PRIORITY
    lead.send(page, {"priority": priorities[OWN]})
    assert missing(world, reference) == {"theme", "primary_outcome"}
    assert lead.send(page, {"priority": "999999"}).status_code == 422


@pytest.mark.parametrize(("fixed", "still"), [(OWN, {"theme", "primary_outcome"}), (OTHER, set())])
def test_one_priority_that_the_round_names(world: World, fixed: str, still: set[str]) -> None:
    reference = world.draft()
    ruled(world, reference, TaggingRule.FIXED_PRIORITY, fixed)
    lead = world.browser(world.lead("draft-started"))
    page = lead.get(address(reference, "focus")).text
    assert "This round is for one priority of the plan" in page
    assert ("You can leave this page empty" in page) == (fixed == OTHER)
    assert missing(world, reference) == still
    with world.context():
        assert content(found(reference))["priority"]["key"] == fixed
