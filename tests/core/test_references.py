"""References: another code for each number, readable aloud, forgiving as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.references import ALPHABET, LENGTH, PATTERN, SPACE, encode, reference, tidy

FIRST = ["EX-MSCF-84DK3", "EX-MSCF-KWWVP"]
NUMBERS = st.integers(0, SPACE - 1)


def decoded(code: str) -> int:
    """The number that a code stands for, by the inverse of the stride: proof that no two numbers share one."""
    mixed = sum(ALPHABET.index(letter) * len(ALPHABET) ** place for place, letter in enumerate(code))
    return int((mixed - 7_654_321) * pow(20_201_227, -1, SPACE) % SPACE)


@given(NUMBERS)
def test_a_code_leads_back_to_its_one_number(number: int) -> None:
    assert decoded(encode(number)) == number


@given(NUMBERS)
def test_a_code_has_five_letters_without_look_alikes(number: int) -> None:
    code = encode(number)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set(code) & set("ILOU")


def test_codes_once_given_out_stay_and_neighbours_look_unrelated() -> None:
    assert [encode(number) for number in range(3)] == ["HXJ97", "WN2JT", "7EJTD"]


@pytest.mark.parametrize("number", [-1, SPACE])
def test_numbers_beyond_the_codes_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="used up"):
        encode(number)


def test_the_first_and_the_last_number_have_codes() -> None:
    assert encode(0) != encode(SPACE - 1)


def test_a_reference_is_prefix_and_code_and_stays_once_given_out() -> None:
    assert [reference("EX-MSCF", number) for number in range(2)] == FIRST


@given(NUMBERS, NUMBERS)
def test_no_two_numbers_of_a_round_share_a_reference(one: int, other: int) -> None:
    assert (reference("EX-MSCF", one) == reference("EX-MSCF", other)) == (one == other)


@given(NUMBERS)
def test_the_same_number_reads_otherwise_in_another_round(number: int) -> None:
    assert reference("EX-MSCF", number)[-LENGTH:] != reference("EX-SSF", number)[-LENGTH:]


@pytest.mark.parametrize("number", [-1, SPACE])
def test_numbers_beyond_a_round_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="used up"):
        reference("EX-MSCF", number)


@given(NUMBERS)
def test_a_reference_as_typed_is_found_as_stored(number: int) -> None:
    stored = reference("EX-MSCF", number)
    assert PATTERN.fullmatch(stored)
    assert tidy(f"  {stored.lower()} ") == stored


@pytest.mark.parametrize(
    "text", ["", "MSCF", "EX-", "-EX", "EX MSCF", "EX--MSCF", "EX-MSCF-7K2M9-A-B", "EX/7K2M9", "EX-7K2M9\n;", "EX-٣"]
)
def test_what_has_not_the_shape_of_a_reference_is_none(text: str) -> None:
    assert tidy(text) is None
