"""Small numbers are not published, and nothing that is published gives one away."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.impact.suppression import LEAST, Published, suppress

COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7)


def test_by_hand() -> None:
    assert suppress({"a": 10, "b": 7}) == Published({"a": 10, "b": 7}, 17)
    assert suppress({"a": 30, "b": 4, "c": 9, "d": 50}) == Published({"a": None, "b": None, "c": 9, "d": 50}, 93)
    assert suppress({"a": 4, "b": 3, "c": 9}) == Published({"a": None, "b": None, "c": 9}, 16)
    assert suppress({"a": 0, "b": 0, "c": 9}) == Published({"a": None, "b": None, "c": None}, 9), "two noughts say it"
    assert suppress({"a": 4}) == Published({"a": None}, None)
    assert suppress({"a": 2, "b": 1}) == Published({"a": None, "b": None}, None)
    assert suppress({}) == Published({}, 0)
    assert suppress({"a": 5}).complete
    assert not suppress({"a": 4, "b": 9}).complete


def test_a_count_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        suppress({"a": -1})


@given(COUNTS)
def test_nothing_small_is_shown_and_the_rest_is_true(parts: dict[str, int]) -> None:
    found = suppress(parts)
    assert set(found.parts) == set(parts)
    for key, count in found.parts.items():
        assert count is None or count == parts[key] >= LEAST
    if found.total is not None:
        assert found.total == sum(parts.values())
    if all(count >= LEAST for count in parts.values()):
        assert found.complete


@given(COUNTS)
def test_no_subtraction_brings_one_back(parts: dict[str, int]) -> None:
    found = suppress(parts)
    out = [key for key, count in found.parts.items() if count is None]
    if out and found.total is not None:
        rest = found.total - sum(count for count in found.parts.values() if count is not None)
        assert len(out) >= 2
        assert rest >= LEAST


@pytest.mark.parametrize(("size", "most"), [(1, 30), (2, 30), (3, 14), (4, 8)])
def test_whoever_knows_the_rule_still_knows_no_small_number(size: int, most: int) -> None:
    """Every table of a few counts: none that is taken out is the only one that the published table allows."""
    keys = "abcd"[:size]
    worlds: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(most + 1), repeat=size):
        found = suppress(dict(zip(keys, counts, strict=True)))
        worlds[(tuple(found.parts.items()), found.total)].append(counts)
    for (parts, _total), possible in worlds.items():  # type: ignore[misg, unused-ignore] # as made above
        for place, (_key, shown) in enumerate(parts):
            if shown is None and sum(possible[0]) < most:  # beyond it, not every table was tried
                assert len({each[place] for each in possible}) > 1, (parts, possible)


@given(COUNTS, st.sets(st.sampled_from("abcdefg"), max_size=3))
def test_what_an_earlier_table_left_out_stays_out_and_never_alone(parts: dict[str, int], before: set[str]) -> None:
    found = suppress(parts, before=before)
    out = {key for key, count in found.parts.items() if count is None}
    assert out >= before & parts.keys()
    assert len(out) != 1 or found.total is None, "one alone is the total less the others"


def test_one_large_number_that_was_left_out_before_takes_another_with_it() -> None:
    assert suppress({"a": 20, "b": 10, "c": 30}, before={"c"}) == Published({"a": None, "b": 10, "c": None}, 60)
