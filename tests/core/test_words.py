"""Words: counted, keyed, folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.words import count_of, count_words, folded, is_blank, key_of


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), (" \n\t ", 0), ("one", 1), (" a  b\nc\u00a0d ", 4), ("well-known, isn't it?", 3)]
)
def test_words_are_runs_of_anything_but_white_space(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(), st.text())
def test_words_of_two_texts_add_up(one: str, other: str) -> None:
    assert count_words(f"{one} {other}") == count_words(one) + count_words(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Equality, Diversity and Inclusion", "equality-diversity-and-inclusion"),
        ("Safety of Women & Girls", "safety-of-women-and-girls"),
        ("Arts&crafts", "arts-and-crafts"),
        ("Mayor's Fund", "mayors-fund"),
        ("Mayor\N{RIGHT SINGLE QUOTATION MARK}s Fund", "mayors-fund"),
        (" -Not tagged- ", "not-tagged"),
        ("2024/25", "2024-25"),
        ("", ""),
    ],
)
def test_a_name_becomes_a_key(name: str, key: str) -> None:
    assert key_of(name) == key


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    key = key_of(name)
    assert key_of(key) == key
    assert not set(key) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in key
    assert key == key.strip("-")


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0", "\u200b\u200d", "\u3164", "\u2800", "\x00\ufeff"])
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u200bé", "0", "§", "中"])
def test_what_can_be_seen_is_not(text: str) -> None:
    assert not is_blank(text)


@given(st.text())
def test_a_text_with_a_letter_is_not_blank_and_one_of_white_space_is(text: str) -> None:
    assert not is_blank(f"{text}a")
    assert is_blank(text) or text.strip()


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_blanks_and_case_do_not_tell_texts_apart() -> None:
    assert folded("  Kirklees \n Youth ") == folded("KIRKLEES youth") == "kirklees youth"
    assert folded("Straße") == folded("STRASSE")


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (count_of(1, "project"), "1 project"),
        (count_of(0, "project"), "0 projects"),
        (count_of(3, "project"), "3 projects"),
        (count_of(1, "person", "people"), "1 person"),
        (count_of(1200, "person", "people"), "1,200 people"),
    ],
)
def test_a_count_agrees_with_its_noun(shown: str, words: str) -> None:
    assert shown == words


def test_words_are_what_the_pages_script_counts() -> None:
    """ECMA-262's white space parts words; what only Python takes for white space does not."""
    assert count_words("one\ufefftwo\u3000three\u2028four") == 4
    assert count_words("one\u0085two\x1cthree") == 1
    assert count_words("  £8,000\r\nnow ") == 2
    assert count_words("\u200b") == 1
