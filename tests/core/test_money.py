"""Money: read strictly, shown plainly, split to the penny."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.money import MOST_PENCE, format_pounds, parse_pounds, plain_pounds, split_pence

AMOUNTS = st.integers(min_value=0, max_value=MOST_PENCE)
SHARES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 100), min_size=1, max_size=6).filter(
    lambda shares: sum(shares.values()) > 0
)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("7400", 740_000),
        ("£7,400", 740_000),
        ("£1,200.00", 120_000),
        ("1,200.50", 120_050),
        ("£ 5", 500),
        ("  0.05 ", 5),
        ("0", 0),
        ("12,345,678.09", 1_234_567_809),
        ("1,000,000,000", MOST_PENCE),
        ("1000000000.00", MOST_PENCE),
    ],
)
def test_an_amount_as_people_type_it_is_read(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "£",
        "NaN",
        "nan",
        "inf",
        "1e309",
        "1e3",
        "١٢٣",
        "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}",
        "1_000",
        "-1",
        "+1",
        "1,00",
        "10,00",
        "1000,000",
        ",100",
        "1,",
        "1.5",
        "1.505",
        ".50",
        "1.",
        "$5",
        "5 pounds",
        "5\n6",
        "££5",
        "0x10",
        "½",
        "12345678901",
        "1" + ",000" * 4,
        "1" + ",000" * 2000,
    ],
)
def test_anything_else_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter an amount in pounds, like 7400"):
        parse_pounds(text)


@pytest.mark.parametrize("text", ["1,000,000,000.01", "1000000000.01", "9999999999", "999,999,999,999"])
def test_an_amount_above_any_fund_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"£1,000,000,000 or less$"):
        parse_pounds(text)


@given(st.text())
def test_whatever_is_typed_gives_pence_within_bounds_or_a_message(text: str) -> None:
    pence, said = 0, "Enter an amount"
    try:
        pence = parse_pounds(text)
    except ValueError as refusal:
        said = str(refusal)
    assert 0 <= pence <= MOST_PENCE
    assert said.startswith("Enter an amount")


@given(AMOUNTS)
def test_what_is_shown_can_be_typed_back(pence: int) -> None:
    assert parse_pounds(format_pounds(pence)) == pence
    assert parse_pounds(plain_pounds(pence)) == pence


@pytest.mark.parametrize(
    ("pence", "shown", "plain"),
    [
        (740_000, "£7,400", "7400.00"),
        (740_050, "£7,400.50", "7400.50"),
        (5, "£0.05", "0.05"),
        (0, "£0", "0.00"),
        (-740_005, "-£7,400.05", "-7400.05"),
        (-100, "-£1", "-1.00"),
        (123_456_789, "£1,234,567.89", "1234567.89"),
    ],
)
def test_an_amount_is_shown(pence: int, shown: str, plain: str) -> None:
    assert (format_pounds(pence), plain_pounds(pence)) == (shown, plain)


def test_a_split_gives_the_odd_pennies_to_the_largest_remainders() -> None:
    assert split_pence(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert split_pence(10, {"a": 17, "b": 48, "c": 35}) == {"a": 2, "b": 5, "c": 3}  # 1.7, 4.8 and 3.5
    assert split_pence(101, {"z": 50, "b": 50}) == {"z": 50, "b": 51}


def test_a_tie_goes_by_key_however_the_shares_are_written() -> None:
    assert split_pence(1, {"b": 50, "a": 50}) == {"b": 0, "a": 1}
    assert split_pence(1, {"a": 50, "b": 50}) == {"a": 1, "b": 0}


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": 0, "b": 0}, {"a": 150, "b": -50}, {"a": -1}])
def test_shares_that_are_no_shares_are_refused(shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="shares must be positive"):
        split_pence(100, shares)


@given(st.integers(-MOST_PENCE, MOST_PENCE), SHARES)
def test_the_parts_add_up_to_the_penny(total: int, shares: dict[str, int]) -> None:
    assert sum(split_pence(total, shares).values()) == total


@given(AMOUNTS, SHARES)
def test_no_part_is_a_whole_penny_from_its_exact_share(total: int, shares: dict[str, int]) -> None:
    whole = sum(shares.values())
    for key, part in split_pence(total, shares).items():
        exact = Fraction(total * shares[key], whole)
        assert abs(part - exact) < 1
        assert part == exact or exact.denominator > 1


@given(AMOUNTS, SHARES)
def test_a_share_of_nothing_gets_nothing(total: int, shares: dict[str, int]) -> None:
    parts = split_pence(total, shares | {"none": 0})
    assert parts.pop("none") == 0
    assert parts == split_pence(total, shares)


@given(AMOUNTS, SHARES)
def test_a_larger_share_never_gets_less(total: int, shares: dict[str, int]) -> None:
    parts = split_pence(total, shares)
    assert all(parts[a] >= parts[b] for a in shares for b in shares if shares[a] > shares[b])


@given(AMOUNTS, SHARES)
def test_the_order_in_which_shares_are_written_changes_nothing(total: int, shares: dict[str, int]) -> None:
    assert split_pence(total, shares) == split_pence(total, dict(reversed(shares.items())))


@given(AMOUNTS, SHARES, st.integers(1, 50))
def test_only_the_proportion_of_shares_counts(total: int, shares: dict[str, int], times: int) -> None:
    assert split_pence(total, shares) == split_pence(total, {key: share * times for key, share in shares.items()})


@given(SHARES)
def test_nothing_splits_into_nothing(shares: dict[str, int]) -> None:
    assert set(split_pence(0, shares).values()) == {0}
