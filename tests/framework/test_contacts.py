"""Numbers and addresses in the plan's directory: all that can be followed, and nothing that cannot."""

import json
from pathlib import Path

import pytest

from spatc_funds.framework.contacts import Part, parts

PLAN = Path(__file__).parents[2] / "spatc_funds/framework/data/plan-2021-24.json"


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("Call: 0808 802 9999", ["tel:08088029999"]),
        (
            "Call: 08 08 16 89 111 or live chat at victimsupport.org.uk",
            ["tel:08081689111", "https://victimsupport.org.uk"],
        ),
        ("Call: 116 123 24 hours a day. Email jo@samaritans.org", ["tel:116123", "mailto:jo@samaritans.org"]),
        ("Call: 0800 1111", ["tel:08001111"]),
        ("dial 101.", ["tel:101"]),
        ("at westyorkshire.police.uk/report-it", ["https://westyorkshire.police.uk/report-it"]),
        ("24 hours a day, 7 days a week. Of 1999 people, 2021 said so.", []),
        ("", []),
    ],
)
def test_what_can_be_followed(line: str, links: list[str]) -> None:
    assert [part.href for part in parts(line) if part.href] == links


def test_the_pieces_say_just_what_the_line_says() -> None:
    said = json.loads(PLAN.read_text(encoding="utf-8"))
    lines = [*said["emergency"], *(each["contact"] for each in said["support"])]
    assert ["".join(part.text for part in parts(line)) for line in lines] == lines


def test_each_body_of_the_plan_can_be_called_and_opened() -> None:
    for each in json.loads(PLAN.read_text(encoding="utf-8"))["support"]:
        assert next(part.kind for part in parts(each["contact"]) if part.href) == "tel", each["name"]
        assert parts(each["website"]) == [Part(each["website"], "site")]
