"""Halves of postcodes: each lies in one district, and has the shape of one."""

import re

from spatc_funds.core.places import DISTRICTS
from spatc_funds.returns.counting import OUTWARD
from spatc_funds.returns.splits import AGE_BAND, KINDS, LEAST_AGE, NOT_KNOWN


def test_each_half_lies_in_one_district() -> None:
    named = [half for halves in OUTWARD.values() for half in halves]
    assert len(named) == len(set(named))
    assert all(re.fullmatch(r"(BD|HX|HD|LS|WF|OL)\d{1,2}", half) for half in named)
    assert list(OUTWARD) == list(DISTRICTS)


def test_ages_are_those_of_the_parts_from_the_youngest() -> None:
    assert [*LEAST_AGE, NOT_KNOWN] == list(KINDS[AGE_BAND].parts)
    assert list(LEAST_AGE.values()) == sorted(LEAST_AGE.values())
    assert next(iter(LEAST_AGE.values())) == 0
