"""A forgotten screen: staff who were away too long sign in again, however often the page is loaded."""

from datetime import timedelta

import time_machine

from spatc_funds.core import clock
from tests.builders import World


def test_staff_who_were_away_too_long_stay_out(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = world.browser(world.person("auditor"))
        traveller.shift(timedelta(minutes=29))
        assert client.get("/admin/").status_code == 200
        traveller.shift(timedelta(minutes=29))
        assert client.get("/admin/").status_code == 200
        traveller.shift(timedelta(minutes=31))
        for _ in range(3):
            assert client.get("/admin/").location == "/sign-in?next=/admin/"
        assert client.get("/sign-in").status_code == 200


def test_a_volunteer_may_take_the_whole_evening(world: World) -> None:
    reference = world.draft()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = world.browser(world.lead("draft-started"))
        traveller.shift(timedelta(hours=3))
        assert client.get(f"/applications/{reference}/").status_code == 200
