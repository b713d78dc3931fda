"""The chain: one text for one value, and a hash that every part of an entry moves."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.audit.chain import START, canonical, changes_digest, digest, entry_hash, values_digest

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CHANGES = st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), max_size=4)
AT = datetime(2026, 7, 1, 11, 30, tzinfo=UTC)
ENTRY: dict[str, Any] = {
    "number": 7,
    "at": AT,
    "actor_id": 3,
    "action": "application:submit",
    "subject": "EX-MSCF-7K2M9",
    "reason": "",
    "changes": digest([]),
    "previous": START,
}


def test_the_text_is_sorted_tight_and_ascii() -> None:
    assert canonical({"b": [1, None], "a": "£"}) == '{"a":"\\u00a3","b":[1,null]}'


@given(VALUES)
def test_the_text_reads_back_as_the_value(value: object) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(value).isascii()


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_the_order_of_keys_changes_nothing(values: dict[str, object]) -> None:
    turned = dict(reversed(values.items()))
    assert canonical(turned) == canonical(values)
    assert values_digest("salt", turned) == values_digest("salt", values)


def test_a_digest_can_be_recomputed_with_any_tool() -> None:
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()
    assert values_digest("s", {"a": 1}) == hashlib.sha256(b'["s",{"a":1}]').hexdigest()
    assert changes_digest([("t", "1", "v", "d")]) == hashlib.sha256(b'[["t","1","v","d"]]').hexdigest()


def test_an_entry_can_be_recomputed_with_any_tool() -> None:
    text = json.dumps(
        [7, "2026-07-01T11:30:00+00:00", 3, "application:submit", "EX-MSCF-7K2M9", "", ENTRY["changes"], "0" * 64],
        separators=(",", ":"),
    )
    assert entry_hash(**ENTRY) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("number", 8),
        ("at", AT + timedelta(microseconds=1)),
        ("actor_id", None),
        ("action", "application:withdraw"),
        ("subject", "EX-MSCF-7K2M8"),
        ("reason", "a reason"),
        ("changes", digest(["other"])),
        ("previous", "1" * 64),
    ],
)
def test_every_part_of_an_entry_moves_its_hash(part: str, other: object) -> None:
    assert entry_hash(**ENTRY | {part: other}) != entry_hash(**ENTRY)


def test_words_do_not_slide_from_one_part_to_the_next() -> None:
    one = entry_hash(**ENTRY | {"subject": "ab", "reason": "c"})
    assert one != entry_hash(**ENTRY | {"subject": "a", "reason": "bc"})


@given(st.integers(-12, 12))
def test_the_same_moment_hashes_the_same_in_every_zone(hours: int) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=hours)))
    assert entry_hash(**ENTRY | {"at": elsewhere}) == entry_hash(**ENTRY)


@given(TEXT, TEXT, st.dictionaries(TEXT, VALUES, max_size=3))
def test_the_salt_is_part_of_the_digest(salt: str, other: str, values: dict[str, object]) -> None:
    assert (values_digest(salt, values) == values_digest(other, values)) == (salt == other)


@given(CHANGES, CHANGES)
def test_other_changes_or_another_order_have_another_digest(
    some: list[tuple[str, str, str, str]], others: list[tuple[str, str, str, str]]
) -> None:
    assert (changes_digest(some) == changes_digest(others)) == (some == others)
    turned = some[::-1]
    assert (changes_digest(turned) == changes_digest(some)) == (turned == some)


def chained(entries: list[dict[str, Any]]) -> list[str]:
    """The hashes of a chain of entries from the start."""
    hashes: list[str] = []
    for number, entry in enumerate(entries, start=1):
        previous = hashes[-1] if hashes else START
        hashes.append(entry_hash(**ENTRY | entry | {"number": number, "previous": previous}))
    return hashes


@given(st.lists(TEXT, min_size=2, max_size=6), st.data())
def test_a_change_moves_every_hash_from_there_on(reasons: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(reasons) - 1))
    true = chained([{"reason": reason} for reason in reasons])
    forged = chained([{"reason": reason + "!" * (at == place)} for at, reason in enumerate(reasons)])
    assert [one == other for one, other in zip(true, forged, strict=True)] == [at < place for at in range(len(reasons))]


def test_the_start_is_no_hash_of_anything() -> None:
    assert START == "0" * 64
