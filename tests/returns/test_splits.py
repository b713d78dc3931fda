"""Who the people were: parts never above the whole, "not known" is a part, n-of-m has none."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.places import DISTRICTS
from spatc_funds.returns.splits import KINDS, NOT_KNOWN, Split, asked, problems, remarks, split_words

LEEDS = "E08000035"


def split(total: int, said: Mapping[str, int], kind: str = "district") -> Split:
    """One measure parted."""
    return Split("people-taking-part", "People taking part", kind, total, said)


@pytest.mark.parametrize(
    ("basis", "settings", "kinds"),
    [
        ("unique people", {}, ("district", "age-band")),
        ("unique people", {"seen": []}, ()),
        ("unique people", {"seen": ["disability", "sex", "district"]}, ("district", "sex", "disability")),
        ("unique people", {"other": ["sex"]}, ("district", "age-band")),
        ("n-of-m", {"seen": ["district"]}, ()),
        ("events", {}, ()),
        ("attendances", {"seen": ["sex"]}, ()),
    ],
)
def test_what_is_asked_of_a_measure(basis: str, settings: dict[str, list[str]], kinds: tuple[str, ...]) -> None:
    assert asked(basis, "seen", settings) == kinds


def test_every_kind_has_not_known_and_districts_are_by_code() -> None:
    assert all(list(kind.parts)[-1] == NOT_KNOWN for kind in KINDS.values())
    assert set(DISTRICTS) <= set(KINDS["district"].parts)


@given(st.integers(0, 60), st.dictionaries(st.sampled_from(list(KINDS["district"].parts)), st.integers(0, 20)))
def test_parts_never_pass_the_whole(total: int, said: dict[str, int]) -> None:
    found = problems([split(total, said)], needed=False)
    assert bool(found) == (sum(said.values()) > total)
    assert len(found) <= 1


def test_where_they_are_needed_something_is_said() -> None:
    (only,) = problems([split(9, {})], needed=True)
    assert only.step == "people"
    assert only.field == f"s-people-taking-part-district-{next(iter(DISTRICTS))}"
    assert "Say where they live for “People taking part”" in only.message
    assert problems([split(9, {NOT_KNOWN: 9})], needed=True) == []
    assert problems([split(9, {NOT_KNOWN: 0})], needed=True) == []
    assert problems([split(9, {})], needed=False) == []


def test_too_many_is_said_with_both_numbers() -> None:
    (only,) = problems([split(9, {LEEDS: 6, NOT_KNOWN: 4})], needed=True)
    assert only.message == "“People taking part”, where they live: the parts add up to 10, and there are 9 people"


def test_little_knowledge_is_remarked_on() -> None:
    assert remarks([split(10, {LEEDS: 4, NOT_KNOWN: 6})]) == ["“People taking part”, where they live: known of 4 of 10"]
    assert remarks([split(10, {LEEDS: 5, NOT_KNOWN: 5}), split(10, {})]) == []


def test_a_split_in_words() -> None:
    assert split_words(split(1_300, {NOT_KNOWN: 3, LEEDS: 1_200})) == "Leeds: 1,200, Not known: 3"
    assert split_words(split(5, {})) == ""
