"""Whoever is barred from every bid gets nothing of any, by any address: no word of it, no reference, no name, no count.

The world's typed texts all begin with a canary, scores, notes, reasons, labels and documents among them.
"""

import io
import re
import zipfile

from sqlalchemy import select

from spatc_funds.accounts.models import Organisation
from spatc_funds.applications.models import Submission
from spatc_funds.assessment.models import Assessment, Feedback, MeetingItem, ModeratedScore, Score
from spatc_funds.db.base import db
from tests.laws.addresses import ENTRIES, address_of, endpoints, methods_of
from tests.laws.cast import Answer, Cast
from tests.laws.counts import TRIED

CANARY = "KANARIENVOGEL"
BARRED = "barred"
# What everybody may read: published awards, and the public's pages.
SEARCHES = ("", "status:settled", "score>=0", "flag:wide", "tag:visit", "assigned:none", "conflict:any", "-pot:small")


def test_nothing_of_a_barred_bid_comes_by_any_address(canaries: Cast) -> None:
    names, wrong = everything_named(canaries), []
    for endpoint in endpoints(canaries.app):
        if "GET" in methods_of(canaries.app, endpoint):
            entry = ENTRIES[endpoint]
            values = entry.exists(canaries)
            # Nobody can be barred from a draft yet; of those that were sent each is tried at each address.
            tails = [reference + entry.tail for reference in sent(canaries)] if "reference" in values else [""]
            for tail in tails:
                filled = values | {"reference": tail} if tail else values
                wrong += seen_in(canaries, address_of(canaries.app, endpoint, "GET", filled), names)
    for text in SEARCHES:
        wrong += seen_in(canaries, f"/admin/bids/?q={text}", names)
        wrong += seen_in(canaries, f"/admin/bids/export/csv/?q={text}", names)
    assert wrong == []


def test_counts_hint_at_nothing(canaries: Cast) -> None:
    """Lists are empty, and say so as if there were no bids at all."""
    player = canaries.people[BARRED]
    lists = ("bids/", "submissions/", "assessment/results/", "assessment/assurance/", "assessment/moderation/")
    for address in (f"/admin/{each}" for each in lists):
        text = canaries.ask(player, "GET", address).text
        assert not re.search(r"\b[1-9]\d* (found|bids? waits?)", text), address


def test_the_canaries_are_there_for_who_may_see_them(canaries: Cast) -> None:
    """Otherwise the first law could not fail."""
    officer = canaries.people["programme officer"]
    for story in ("assessed", "recommended"):
        assert CANARY in canaries.ask(officer, "GET", f"/admin/bids/{canaries.told[story]}/").text


def sent(cast: Cast) -> list[str]:
    """The references of bids that were sent."""
    with cast.app.app_context():
        return sorted(set(db.session.scalars(select(Submission.reference))))


def everything_named(cast: Cast) -> list[str]:
    """What must not be seen: the canary, each reference, each group that has bid, and what was typed about bids."""
    with cast.app.app_context():
        references = set(db.session.scalars(select(Submission.reference)))
        groups = set(
            db.session.scalars(select(Organisation.name).where(Organisation.id.in_(select(Submission.organisation_id))))
        )
        typed = {
            text
            for model, column in (
                (Score, Score.reason),
                (Score, Score.note),
                (Score, Score.feedback),
                (ModeratedScore, ModeratedScore.reason),
                (Feedback, Feedback.text),
                (MeetingItem, MeetingItem.minute),
            )
            for text in db.session.scalars(select(column).select_from(model))
            if len(text) > 20
        }
        assert db.session.scalar(select(Assessment.id).limit(1))
    return [CANARY, *sorted(references), *sorted(groups), *sorted(typed)]


def seen_in(cast: Cast, address: str, names: list[str]) -> list[str]:
    """What of it stands in an answer: its text, its headers, and what is inside of a spreadsheet."""
    answer = cast.ask(cast.people[BARRED], "GET", address)
    TRIED["canaries looked for"] += len(names)
    text = whole(answer)
    for piece in re.findall(r"EX-[A-Z]+-[0-9A-Z]{5}(?:-[RP][0-9])?", address):  # what they typed themselves
        text = text.replace(piece, "")
    return [f"{address}: {name[:60]}" for name in names if name in text]


def whole(answer: Answer) -> str:
    """Everything that came back, as text."""
    made = answer.response
    headers = "" if made is None else str(made.headers)
    inside = ""
    if made is not None and made.mimetype.endswith("sheet"):
        with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
            inside = "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return answer.text + headers + inside
