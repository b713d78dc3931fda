"""The journey: the furthest stage that the facts support."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.home.journey import PLACE, STAGES, Known, Stage, stage

DRAFT = Known(
    submitted=False,
    withdrawn=False,
    scores=0,
    settled=False,
    recommended=False,
    decided=None,
    award_state=None,
    returns_owed=0,
    returns_accepted=0,
)
ENDS = {Stage.WITHDRAWN, Stage.DECLINED, Stage.TURNED_DOWN}
WAY: list[tuple[dict[str, Any], Stage]] = [
    ({}, Stage.DRAFT),
    ({"submitted": True}, Stage.SUBMITTED),
    ({"scores": 1}, Stage.ASSESSING),
    ({"settled": True}, Stage.ASSESSED),
    ({"recommended": True}, Stage.RECOMMENDED),
    ({"decided": "award", "award_state": "offered"}, Stage.OFFERED),
    ({"award_state": "accepted", "returns_owed": 2}, Stage.DELIVERING),
    ({"returns_accepted": 1}, Stage.DELIVERING),
    ({"returns_accepted": 2}, Stage.COMPLETE),
]


def test_a_bid_goes_its_way_and_never_back() -> None:
    known, places = DRAFT, []
    for changed, then in WAY:
        known = replace(known, **changed)
        assert stage(known) is then
        places.append(PLACE[then])
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("changed", "then"),
    [
        ({"decided": "decline"}, Stage.DECLINED),
        ({"decided": "decline", "recommended": True}, Stage.DECLINED),
        ({"decided": "award", "award_state": "declined"}, Stage.TURNED_DOWN),
        ({"award_state": "imported"}, Stage.DELIVERING),
        ({"award_state": "imported", "returns_owed": 1, "returns_accepted": 1}, Stage.COMPLETE),
        ({"award_state": "accepted"}, Stage.DELIVERING),
        ({"award_state": "offered", "returns_owed": 1, "returns_accepted": 1}, Stage.OFFERED),
        ({"settled": True, "scores": 3}, Stage.ASSESSED),
    ],
)
def test_a_sent_bid_stands_where_its_facts_say(changed: dict[str, Any], then: Stage) -> None:
    assert stage(replace(DRAFT, submitted=True, **changed)) is then


KNOWN = st.builds(
    Known,
    submitted=st.booleans(),
    withdrawn=st.booleans(),
    scores=st.integers(0, 3),
    settled=st.booleans(),
    recommended=st.booleans(),
    decided=st.sampled_from([None, "award", "decline"]),
    award_state=st.sampled_from([None, "offered", "accepted", "declined", "imported"]),
    returns_owed=st.integers(0, 3),
    returns_accepted=st.integers(0, 3),
)


@given(KNOWN)
def test_withdrawn_goes_before_all_else(known: Known) -> None:
    assert (stage(known) is Stage.WITHDRAWN) == known.withdrawn


@given(KNOWN)
def test_a_draft_is_a_draft_whatever_else_is_said(known: Known) -> None:
    assert (stage(known) is Stage.DRAFT) == (not known.withdrawn and not known.submitted)


@given(KNOWN)
def test_only_an_award_is_offered_delivered_or_finished(known: Known) -> None:
    if stage(known) in {Stage.OFFERED, Stage.TURNED_DOWN, Stage.DELIVERING, Stage.COMPLETE}:
        assert known.award_state
    if stage(known) is Stage.COMPLETE:
        assert known.returns_owed == known.returns_accepted > 0


@pytest.mark.parametrize("each", Stage)
def test_every_stage_has_its_place_or_is_an_end(each: Stage) -> None:
    assert (each in PLACE) != (each in ENDS)
    assert each in ENDS or 1 <= PLACE[each] <= len(STAGES)


def test_the_five_places_are_all_taken() -> None:
    assert set(PLACE.values()) == {1, 2, 3, 4, 5}
