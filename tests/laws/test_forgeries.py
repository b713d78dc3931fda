"""A form that is not ours is refused on every changing route, whoever's session it rides on, and changes nothing."""

from collections.abc import Mapping

import pytest

from tests.laws.addresses import ENTRIES, address_of, endpoints, methods_of
from tests.laws.cast import Cast, Player
from tests.laws.counts import TRIED

RIDDEN = ("lead", "everything", "signed out")


def forgeries(player: Player, other: Player) -> Mapping[str, Mapping[str, str]]:
    """What somebody without the page can send."""
    return {
        "no token": {},
        "an empty token": {"csrf_token": ""},
        "another person's token": {"csrf_token": other.token},
        "a token of another key": {"csrf_token": player.token[:-4] + "AAAA"},
        "the token under another name": {"token": player.token},
    }


def test_every_changing_route_is_tried(cast: Cast) -> None:
    assert len(changing(cast)) > 20


@pytest.mark.parametrize("key", RIDDEN)
def test_a_forged_form_is_refused(cast: Cast, key: str) -> None:
    head, wrong = cast.log_head(), []
    for endpoint in changing(cast):
        entry = ENTRIES[endpoint]
        address = address_of(cast.app, endpoint, "POST", entry.exists(cast))
        player = cast.player(key, entry.story)
        for kind, data in forgeries(player, cast.people["auditor"]).items():
            answer = cast.browser(player).post(address, data=data)
            TRIED["forged forms"] += 1
            if answer.status_code != 400:
                wrong.append(f"{address} with {kind}: {answer.status_code}")
    assert wrong == []
    assert cast.log_head() == head


def changing(cast: Cast) -> list[str]:
    """Endpoints that take anything but reading."""
    return [each for each in endpoints(cast.app) if set(methods_of(cast.app, each)) - {"GET"}]


def test_only_forms_change_things(cast: Cast) -> None:
    """No PUT, PATCH or DELETE: nothing that a form cannot send and CSRF is not tried on."""
    assert {method for each in endpoints(cast.app) for method in methods_of(cast.app, each)} == {"GET", "POST"}
