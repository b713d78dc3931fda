"""The demo world tells every story, the same on the same day, through the operations."""

from datetime import date

from flask import Flask

from spatc_funds.audit.queries import verify
from spatc_funds.cli.demo import BEGAN, DemoWorld, wider
from spatc_funds.core import clock


def test_every_story_is_told_and_the_log_holds(app: Flask) -> None:
    with app.app_context():
        world = DemoWorld(clock.london_day(clock.now()))
        references = [world.tell(story) for story in BEGAN]
        assert len(set(references)) == len(BEGAN) == len(world.told["applications"])
        verdict = verify()
        assert verdict.faults == ()
        assert verdict.entries > 200


def test_no_two_applications_have_the_same_answers() -> None:
    told = [*DemoWorld(date(2026, 11, 22)).told["applications"], *wider()]
    assert len(told) == 40
    answers = [text for each in told for text in each["answers"].values()]
    assert len(set(answers)) == len(answers)


def test_no_application_names_a_cross_cutting_theme_twice() -> None:
    for each in [*DemoWorld(date(2026, 11, 22)).told["applications"], *wider()]:
        themes = [cross["theme"] for cross in each["cross_cutting"]]
        assert len(set(themes)) == len(themes), each["key"]
