"""Places: the five districts by their codes."""

import re

from spatc_funds.core.places import DISTRICT_CODES, DISTRICTS, POLICE_AREA


def test_there_are_five_districts() -> None:
    assert sorted(DISTRICTS.values()) == ["Bradford", "Calderdale", "Kirklees", "Leeds", "Wakefield"]


def test_codes_are_those_of_metropolitan_districts() -> None:
    assert all(re.fullmatch(r"E080000\d\d", code) for code in DISTRICTS)
    assert POLICE_AREA == "E23000010"


def test_names_lead_back_to_codes() -> None:
    assert {DISTRICT_CODES[name]: name for name in DISTRICT_CODES} == DISTRICTS
    assert DISTRICT_CODES["Leeds"] == "E08000035"
