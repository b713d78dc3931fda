"""The search language: every part is understood once, and a term that fails is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.home.search import MOST_PARTS, Known, Search, SearchError, Term, parse


def whole(text: str) -> int:
    if not text.isdigit():
        message = "enter a whole number"
        raise ValueError(message)
    return int(text)


KNOWN = {"pot": Known(), "score": Known(compares=True, read=whole), "tag": Known()}
PLAIN = st.text(st.characters(codec="ascii", categories=["Ll", "Nd"]), min_size=1, max_size=8)


def test_terms_words_quotes_commas_and_a_minus() -> None:
    found = parse('night pot:small,"young people" -tag:“new group” score>=70 "by the gate"', KNOWN)
    assert found == Search(
        (
            Term("pot", ":", ("small", "young people"), others=False, typed='pot:small,"young people"'),
            Term("tag", ":", ("new group",), others=True, typed="-tag:“new group”"),
            Term("score", ">=", ("70",), others=False, typed="score>=70"),
        ),
        ("night", "by the gate"),
    )


@pytest.mark.parametrize(
    ("text", "term", "words"),
    [
        ("nonsense:1", "nonsense:1", "no term “nonsense”"),
        ("night pot>3", "pot>3", "pot:value"),
        ("pot: night", "pot:", "say which"),
        ('pot:"" night', 'pot:""', "say which"),
        ("score>=abc", "score>=abc", "whole number"),
        ("pot:a,b,c,d,e,f,g,h,i", "pot:a,b,c,d,e,f,g,h,i", "8 values at most"),
        ("score>1,2", "score>1,2", "whole number"),
        ("night score:70,x", "score:70,x", "whole number"),
    ],
)
def test_a_term_that_fails_is_named_and_says_why(text: str, term: str, words: str) -> None:
    with pytest.raises(SearchError, match=words) as failed:
        parse(text, KNOWN)
    assert failed.value.term == term
    assert f"“{term}”" in str(failed.value)


def test_a_search_has_a_bounded_number_of_parts() -> None:
    assert len(parse(" ".join(["a"] * MOST_PARTS), KNOWN).words) == MOST_PARTS
    with pytest.raises(SearchError, match="at most"):
        parse(" ".join(["a"] * MOST_PARTS + ["b"]), KNOWN)


def test_equals_is_a_colon_and_names_have_no_case() -> None:
    one, other = parse("POT=small", KNOWN).terms[0], parse("pot:small", KNOWN).terms[0]
    assert (one.name, one.values) == (other.name, other.values)


@given(
    st.lists(PLAIN, max_size=5), st.lists(st.tuples(st.booleans(), st.lists(PLAIN, min_size=1, max_size=3)), max_size=5)
)
def test_what_is_written_is_what_is_understood(words: list[str], pots: list[tuple[bool, list[str]]]) -> None:
    text = " ".join([*words, *(f"{'-' if others else ''}pot:{','.join(values)}" for others, values in pots)])
    found = parse(text, KNOWN)
    assert list(found.words) == words
    each_once = [(others, list(dict.fromkeys(values))) for others, values in pots]
    assert [(term.others, list(term.values)) for term in found.terms] == each_once


@given(st.text(max_size=120))
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    failed = ""
    try:
        found = parse(text, KNOWN)
    except SearchError as error:
        found, failed = Search((), ()), error.term
    assert failed in text
    assert all(found.words)
    assert all(term.values and all(term.values) for term in found.terms)
