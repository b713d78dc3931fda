"""Register numbers: length and prefix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.accounts.identity import COMPANY_PREFIXES, charity_number, company_number, numbers_in


@pytest.mark.parametrize(("text", "number"), [("1999001", "1999001"), (" 199 900 ", "199900"), ("999999", "999999")])
def test_a_charity_number_has_six_or_seven_digits(text: str, number: str) -> None:
    assert charity_number(text) == number


@pytest.mark.parametrize("text", ["", "12345", "12345678", "0199900", "19990O1", "١٩٩٩٠٠١", "1999-001", "SC012345"])
def test_anything_else_is_no_charity_number(text: str) -> None:
    with pytest.raises(ValueError, match="6 or 7 digits"):
        charity_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("09999001", "09999001"),
        ("9999001", "09999001"),
        ("999900", "00999900"),
        ("sc123456", "SC123456"),
        ("SC 123 456", "SC123456"),
        ("R0123456", "R0123456"),
        ("IP00123R", "IP00123R"),
    ],
)
def test_a_company_number_has_eight_characters(text: str, number: str) -> None:
    assert company_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "12345", "123456789", "XX123456", "SC12345", "SC1234567", "٠٩٩٩٩٠٠١", "SC-12345", "R1123456", "A9999001"],
)
def test_anything_else_is_no_company_number(text: str) -> None:
    with pytest.raises(ValueError, match="8 characters"):
        company_number(text)


@given(st.text("0123456789", min_size=1, max_size=10))
def test_digits_are_filled_to_eight_or_refused(digits: str) -> None:
    if 6 <= len(digits) <= 8:
        assert company_number(digits) == digits.rjust(8, "0")
    else:
        with pytest.raises(ValueError, match="8 characters"):
            company_number(digits)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2))
def test_letters_in_front_are_those_of_a_register(prefix: str) -> None:
    if prefix in COMPANY_PREFIXES:
        assert company_number(f"{prefix}123456") == f"{prefix}123456"
    else:
        with pytest.raises(ValueError, match="8 characters"):
            company_number(f"{prefix}123456")


@given(st.text())
def test_a_number_once_read_reads_the_same_again(text: str) -> None:
    for read in (charity_number, company_number):
        try:
            number = read(text)
        except ValueError:
            continue
        assert read(number) == number


def test_a_number_without_letters_in_front_has_none_at_all() -> None:
    with pytest.raises(ValueError, match="8 characters"):
        company_number("09ABCDEF")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("none", []),
        ("199 9001", ["1999001", "01999001"]),
        ("1999 0001", ["19990001"]),
        ("sc123456", ["SC123456"]),
        ("123", []),
    ],
)
def test_a_number_of_which_it_is_not_said_whose_may_be_either(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers
