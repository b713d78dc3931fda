"""Every endpoint × method × person × thing: the answer is the law's, and a refusal changes nothing."""

import pytest

from tests.laws.addresses import ENTRIES, Codes, Entry, address_of, endpoints, methods_of
from tests.laws.cast import PLAYERS, Answer, Cast
from tests.laws.counts import TRIED
from tests.laws.law import FORBIDDEN, MISSING, SIGN_IN, expected, guards, leads_to_sign_in

# To a public page all people are alike: a stranger, an applicant, an officer, somebody who was shut out.
OF_A_PUBLIC_PAGE = ("signed out", "lead", "everything", "deactivated")


def test_every_endpoint_has_an_entry(cast: Cast) -> None:
    assert endpoints(cast.app) == sorted(ENTRIES)


@pytest.mark.parametrize("endpoint", sorted(ENTRIES))
def test_the_answer_is_the_laws(cast: Cast, endpoint: str) -> None:
    entry, wrong = ENTRIES[endpoint], []
    guarded = guards(cast.app)[endpoint] != "public"
    for method in methods_of(cast.app, endpoint):
        for there, values in ((True, entry.exists(cast)), (False, entry.absent())):
            if values is None:
                continue
            address = address_of(cast.app, endpoint, method, values)
            for key in PLAYERS if guarded else OF_A_PUBLIC_PAGE:
                right = expected(cast, key, endpoint, method, entry, there=there)
                wrong += _wrong(cast, key, entry, method, address, right)
                TRIED["cells of answers"] += 1
    assert not wrong, "\n".join(wrong)


def _wrong(cast: Cast, key: str, entry: Entry, method: str, address: str, right: Codes) -> list[str]:
    """What is wrong with one cell, in words."""
    changing = method != "GET"
    before = cast.log_head() if changing else 0
    answer = cast.ask(cast.player(key, entry.story), method, address)
    said = f"{method} {address} as {key}"
    found = []
    if answer.code not in right:
        found.append(f"{said}: {answer.code}, should be {sorted(right)} {_why(answer)}")
    if right == SIGN_IN and _is_asked(cast, key, entry) and not leads_to_sign_in(answer.location):
        found.append(f"{said}: leads to {answer.location}, not to the sign-in page")
    if changing and (written := cast.acts_after(before)):
        if right in {FORBIDDEN, MISSING} or cast.actor(key, entry.story).id is None:
            found.append(f"{said}: refused, and wrote {written}")
        cast.restore()
    return found


def _is_asked(cast: Cast, key: str, entry: Entry) -> bool:
    return cast.actor(key, entry.story).id is None and entry.get != SIGN_IN


def _why(answer: Answer) -> str:
    return answer.text[:300] if answer.code == 599 else ""
