"""States: the words that the contract and the pages use."""

from enum import StrEnum

import pytest

from spatc_funds.policy import states
from spatc_funds.policy.workflow import WORKFLOWS

LIFECYCLES = [each for each in vars(states).values() if isinstance(each, type) and issubclass(each, StrEnum)]


def test_every_lifecycle_has_a_table_of_moves() -> None:
    assert set(WORKFLOWS) == {each for each in LIFECYCLES if each is not StrEnum}


@pytest.mark.parametrize("word", ["accepted", "sent", "sent back", "not started"])
def test_a_return_has_the_words_of_the_import_contract(word: str) -> None:
    assert states.ReturnState(word).value == word


@pytest.mark.parametrize("lifecycle", WORKFLOWS)
def test_a_state_says_its_name(lifecycle: type[StrEnum]) -> None:
    assert all(state.value == state.name.lower().replace("_", " ") for state in lifecycle)
