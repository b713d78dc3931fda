"""Actions: one name for one act."""

import re

import pytest

from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import PERMISSIONS


@pytest.mark.parametrize("action", Action)
def test_an_action_is_thing_and_verb(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+(-[a-z]+)*", action.value)


@pytest.mark.parametrize("action", Action)
def test_the_name_in_code_is_the_name_in_words(action: Action) -> None:
    assert action.name == action.value.upper().replace(":", "_").replace("-", "_")


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_row_of_permissions(action: Action) -> None:
    assert action in PERMISSIONS


def test_no_permission_is_for_an_unknown_action() -> None:
    assert set(PERMISSIONS) == set(Action)
