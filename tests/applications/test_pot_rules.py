"""What area pots and pots of several groups ask, case by case and for any amounts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.applications.pot_rules import ChosenArea, Partner, areas_problems, lead_gets, partners_problems

LEEDS, BRADFORD = "E08000035", "E08000032"
DAY = date(2026, 5, 7)
WHOLE = Partner(1, "Example Taxi Drivers Circle", "Trains drivers", 50_000)


def area_words(
    *areas: ChosenArea, shares: dict[str, int] | None = None, starts_on: date | None = DAY, needed: bool = True
) -> list[str]:
    found = areas_problems(areas, {LEEDS: 100} if shares is None else shares, starts_on, needed=needed)
    return [each.message for each in found]


def partner_fields(*partners: Partner, asked: int = 100_000, least: int = 2, most: int = 4) -> list[str]:
    return [each.field for each in partners_problems(partners, asked, least=least, most=most)]


def test_an_area_is_asked_only_where_the_pot_is_for_areas() -> None:
    assert area_words(needed=False) == []
    assert area_words() == ["Choose the area in which the work happens: this pot is for these areas alone"]
    assert area_words(ChosenArea("Harehills", LEEDS)) == []


def test_an_area_lies_in_a_district_with_a_share() -> None:
    assert area_words(ChosenArea("Bradford BD3", BRADFORD)) == [
        "“Bradford BD3” is in Bradford. Give Bradford a share of the work"
    ]
    assert area_words(ChosenArea("Bradford BD3", BRADFORD), shares={}) == []


@given(days=st.integers(-3, 3), first=st.booleans())
def test_an_area_is_one_on_the_day_the_project_starts(days: int, first: bool) -> None:  # noqa: FBT001 # drawn
    area = ChosenArea("Park", LEEDS, DAY if first else None, None if first else DAY)
    found = area_words(area, starts_on=DAY + timedelta(days=days))
    wrong = days < 0 if first else days > 0
    assert bool(found) == wrong
    assert all("7 May 2026" in each for each in found)
    assert area_words(area, starts_on=None) == []


@pytest.mark.parametrize(
    ("count", "least", "most", "wrong"),
    [
        (0, 1, 1, []),
        (0, 1, 4, []),
        (1, 2, 4, []),
        (3, 2, 4, []),
        (0, 2, 4, ["partner-1-name"]),
        (1, 3, 4, ["partner-2-name"]),
        (3, 2, 3, ["partner-3-name"]),
        (1, 1, 1, ["partner-1-name"]),
    ],
)
def test_as_many_groups_as_the_pot_takes_with_the_lead(count: int, least: int, most: int, wrong: list[str]) -> None:
    partners = [Partner(place, "A group", "A part", 0) for place in range(1, count + 1)]
    assert partner_fields(*partners, least=least, most=most) == wrong


def test_a_pot_for_one_group_says_so() -> None:
    (found,) = partners_problems([WHOLE], 100_000, least=1, most=1)
    assert found.message.startswith("This pot is for one group alone")
    (short,) = partners_problems([], 100_000, least=3, most=4)
    assert short.message == "This pot is for 3 to 4 groups together. Name at least 2 partners"


def test_a_partner_has_a_name_a_part_and_an_amount() -> None:
    assert partner_fields(WHOLE) == []
    assert partner_fields(Partner(1, " ", "", None)) == ["partner-1-name", "partner-1-part", "partner-1-amount"]
    (named,) = partners_problems([Partner(2, "Circle", "Drives", None)], 1, least=1, most=4)
    assert named.message == "Enter how much of the money “Circle” gets. Enter 0 if it is nothing"


@given(amounts=st.lists(st.integers(0, 10**9), min_size=1, max_size=3), asked=st.integers(0, 2 * 10**9))
def test_what_lead_and_partners_get_is_what_is_asked(amounts: list[int], asked: int) -> None:
    partners = [Partner(place, "A group", "A part", each) for place, each in enumerate(amounts, start=1)]
    lead = lead_gets(partners, asked)
    assert lead + sum(amounts) == asked
    assert bool(partner_fields(*partners, asked=asked)) == (lead < 0)


def test_a_penny_too_much_is_too_much() -> None:
    assert partner_fields(WHOLE, asked=50_000) == []
    assert partner_fields(WHOLE, asked=49_999) == ["partner-1-amount"]
