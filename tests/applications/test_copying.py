"""What was sent, as people read it."""

import pytest

from spatc_funds.applications import copying
from spatc_funds.applications.queries import content
from tests.applications.pages import found
from tests.builders import World


@pytest.mark.parametrize("story", ["draft-started", "draft-ready", "submitted"])
def test_a_copy_can_be_made_at_any_time(world: World, story: str) -> None:
    reference = world.tell(story)
    with world.context():
        everything = content(found(reference))
    rows = [row for section in copying.sections(everything) for row in section.rows]
    rows += [*copying.question_rows(everything), *copying.eligibility_rows(everything)]
    assert all(row.label and row.lines and all(row.lines) for row in rows)
    assert (copying.NOTHING in [row.lines[0] for row in rows]) == (story == "draft-started")


def test_days_are_said_in_words() -> None:
    assert copying.spoken_day("2027-03-01") == "1 March 2027"
    assert copying.spoken_day(None) == copying.NOTHING


def test_every_part_of_the_content_is_in_the_copy(world: World) -> None:
    reference = world.submission()
    with world.context():
        everything = content(found(reference))
    said = " ".join(
        line for section in copying.sections(everything) for row in section.rows for line in (row.label, *row.lines)
    )
    parts = [
        everything["title"],
        everything["group_does"],
        everything["contact"]["phone"],
        everything["theme"]["name"],
        everything["focus_area"]["name"],
        *(each["description"] for each in everything["budget"]),
        *(each["commitment"]["name"] for each in everything["cross_cutting"]),
        *(each["how"] for each in everything["cross_cutting"]),
        *(each["measure"]["name"] for each in everything["promises"]),
    ]
    assert all(part in said for part in parts)
