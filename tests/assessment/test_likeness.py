"""How much alike two texts are, and what they share."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment import likeness as module
from spatc_funds.assessment.likeness import (
    LEAST_WORDS,
    MOST_WORDS,
    THRESHOLD,
    alike,
    likeness,
    percent,
    shared,
    text_of,
)

WORD = st.sampled_from(["a", "bad", "Cat", "dOg", "e", "fish", "go", "hat", "Ice", "joy"])
WORDS = st.lists(WORD, max_size=80)
LONG = st.lists(WORD, min_size=LEAST_WORDS, max_size=80)
ANY = st.text(max_size=300)


def numbered(first: int, last: int) -> str:
    return " ".join(f"w{number}" for number in range(first, last))


def test_three_quarters_the_same() -> None:
    """75 words of 100 shared, on both sides: 200 × 75 ÷ 200."""
    assert likeness(numbered(0, 100), numbered(25, 125)) == 75


def test_it_rounds_down_so_that_only_the_same_is_whole() -> None:
    assert likeness(numbered(0, 300), numbered(1, 300)) == 99


def test_order_counts() -> None:
    forth = numbered(0, 60)
    back = " ".join(reversed(forth.split()))
    assert likeness(forth, back) == 1


def test_case_and_white_space_do_not_count() -> None:
    words = numbered(0, 50)
    assert likeness(words, "\n\t ".join(words.upper().split()) + "  ") == 100


@pytest.mark.parametrize(("length", "expected"), [(LEAST_WORDS - 1, 0), (LEAST_WORDS, 100)])
def test_short_texts_are_not_compared(length: int, expected: int) -> None:
    assert likeness(numbered(0, length), numbered(0, length)) == expected


def test_one_short_text_is_enough() -> None:
    assert likeness(numbered(0, 39), numbered(0, 45)) == 0
    assert likeness(numbered(0, 45), numbered(0, 39)) == 0


def test_what_differs_beyond_what_is_compared_is_not_whole() -> None:
    words = numbered(0, MOST_WORDS)
    assert likeness(words, words + " more") == 99
    assert likeness(words + " less", words + " more") == 99
    assert likeness(words + " more", words + " MORE") == 100


@given(LONG, LONG)
def test_it_is_symmetric_and_a_percentage(one: list[str], other: list[str]) -> None:
    found = likeness(" ".join(one), " ".join(other))
    assert 0 <= found <= 100
    assert found == likeness(" ".join(other), " ".join(one))
    assert (found == 100) == ([word.casefold() for word in one] == [word.casefold() for word in other])


@given(ANY, ANY)
def test_any_text_can_be_compared(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) in {0, 100}


@given(LONG, st.lists(WORDS, max_size=5), st.integers(1, 100))
def test_seeking_finds_just_those_at_or_above_the_least(one: list[str], others: list[list[str]], least: int) -> None:
    mine, texts = text_of(" ".join(one)), [text_of(" ".join(other)) for other in others]
    expected = {place: percent(mine, text) for place, text in enumerate(texts) if percent(mine, text) >= least}
    assert dict(alike(mine, texts, least)) == expected


@given(LONG, st.permutations(range(5)), st.data())
def test_the_order_of_the_others_does_not_matter(one: list[str], order: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(LONG, min_size=5, max_size=5))
    mine, texts = text_of(" ".join(one)), [text_of(" ".join(other)) for other in others]
    turned = {order[place]: found for place, found in alike(mine, [texts[number] for number in order], 10)}
    assert turned == dict(alike(mine, texts, 10))


def test_a_text_that_is_short_seeks_nothing() -> None:
    assert list(alike(text_of("short"), [text_of(numbered(0, 50))])) == []


def test_it_flags_from_seventy_percent_on() -> None:
    mine = text_of(numbered(0, 100))
    others = [text_of(numbered(31, 131)), text_of(numbered(30, 130))]
    assert THRESHOLD == 70
    assert list(alike(mine, others)) == [(1, 70)]


def test_words_that_share_a_letter_are_still_unlike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LETTERS", 1)
    mine = text_of(numbered(0, 50))
    assert list(alike(mine, [text_of(numbered(50, 100)), text_of(numbered(0, 50))])) == [(1, 100)]


def test_hostile_lengths_cost_little() -> None:
    started = time.perf_counter()
    one, other = numbered(0, 60_000), " ".join(["w0", "w1"] * 30_000)
    likeness(one, other)
    shared(one, other)
    assert time.perf_counter() - started < 5


# -- what they share ---------------------------------------------------------------------------------------------------


def marked(pieces: list[module.Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


def test_runs_of_four_words_are_marked_on_both_sides() -> None:
    left, right = shared("We keep the hall warm and open", "They keep the hall\nWARM or closed")
    assert marked(left) == ["keep the hall warm"]
    assert marked(right) == ["keep the hall\nWARM"]


def test_three_words_are_no_passage() -> None:
    left, right = shared("keep the hall open", "keep the hall shut")
    assert marked(left) == marked(right) == []


def test_beyond_what_is_compared_nothing_is_marked() -> None:
    words = numbered(0, MOST_WORDS + 10)
    left, _right = shared(words, words)
    assert [len(text.split()) for text in marked(left)] == [MOST_WORDS]


@given(ANY, ANY)
def test_nothing_is_lost(one: str, other: str) -> None:
    left, right = shared(one, other)
    assert "".join(piece.text for piece in left) == one
    assert "".join(piece.text for piece in right) == other


@given(WORDS, WORDS)
def test_what_is_marked_is_the_same_on_both_sides(one: list[str], other: list[str]) -> None:
    left, right = shared(" ".join(one), " ".join(other))
    mine, theirs = " ".join(marked(left)).casefold(), " ".join(marked(right)).casefold()
    assert mine.split() == theirs.split()
    assert all(len(text.split()) >= 4 and text == text.strip() for text in marked(left))


@given(LONG)
def test_the_same_text_is_marked_whole(words: list[str]) -> None:
    text = " ".join(words)
    left, right = shared(text, text)
    assert marked(left) == marked(right) == [text]
