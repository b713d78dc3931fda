"""What a volunteer reads is easy: no page's or mail's own words are above grade 6. (Lists of titles have none.)"""

import re
from html.parser import HTMLParser

import pytest
import textstat
from sqlalchemy import select

from spatc_funds.cli.loading import DATA
from spatc_funds.cli.post import remind_all
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.outbox.models import OutboxMessage
from tests.applications.pages import RIGHT, ROUND, address, answer_all, found
from tests.builders import Browser, World

GRADE = 6
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "label", "legend", "summary", "th", "button", "dt"}
VOID = {"input", "br", "img", "hr", "meta", "link"}
# Words of others: what people typed, and names that the plan prints.
OTHERS = {"app-words", "govuk-summary-list__value", "govuk-radios__label", "govuk-checkboxes__label"}
OTHERS |= {"govuk-caption-l", "govuk-caption-xl", "govuk-caption-m"}
MOST_WORDS = 28  # of a sentence
FEWEST_WORDS = 40  # on fewer, one long name is the grade
NAMES = (
    "Mayor's Safer Communities Fund",
    "West Yorkshire Combined Authority",
    "Safer Places and Thriving Communities",
    "Policing and Crime Team",
    "Safer communities funding",
)
PLAN = (DATA / "plan-2021-24.json").read_text(encoding="utf-8").replace("’", "'")
PUBLIC = (
    "/",
    "/funds/",
    ROUND,
    f"{ROUND}/apply",
    f"{ROUND}/questions",
    f"{ROUND}/other-formats",
    "/sign-in",
    "/contact",
    "/accessibility",
    "/privacy",
    "/cookies",
    "/terms",
    "/no-such-page",
)
OWN = ("", "group", "project", "places", "budget", "focus", "outcomes", "cross-cutting", "promises", "check", "delete")
AFTER = ("", "sent", "withdraw", "messages", "equality")


class Words(HTMLParser):
    """The service's own words in the main part of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool]] = []
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        block = tag in BLOCKS or "govuk-hint" in classes
        if tag not in VOID:
            self.open.append((tag, block, bool(classes & OTHERS) or tag in {"dd", "template", "code"}))
        if block:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.lines and any(block for _, block, _ in self.open) and not any(other for _, _, other in self.open):
            self.lines[-1] += data


def own_words(page: str) -> str:
    """The sentences of a page; headings, labels and short lines are sentences of their own."""
    reader = Words()
    reader.feed(page.split("<main", 1)[1].split("</main>", maxsplit=1)[0])
    lines = [" ".join(each.split()) for each in reader.lines]
    return plain(". ".join(each.rstrip(".") for each in lines if len(each.split()) > 3) + ".")


def plain(text: str) -> str:
    """Without names, addresses and references, which are as long as they are."""
    for name in NAMES:
        text = text.replace(name, "the fund")
    text = text.replace("’", "'")
    text = re.sub(r"https?://\S+|\S+@\S+|EX-[A-Z]+-\S+|[0-9a-f]{12,}|“[^”]*”", "it", text)
    return re.sub(r"[^\S\n]+", " ", text)


def grade(text: str) -> float:
    """The school grade by Flesch and Kincaid (1975): 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    return float(textstat.flesch_kincaid_grade(text))


def too_hard(pages: dict[str, str]) -> list[str]:
    """The pages above the grade, with theirs, and sentences that are too long on any page."""
    grades = {name: grade(text) for name, text in pages.items() if len(text.split()) >= FEWEST_WORDS}
    assert grades
    long = [each for text in pages.values() for each in re.split(r"[.?!:]\s", text) if is_long(each)]
    return [*(f"{name}: {found:.1f}" for name, found in grades.items() if found > GRADE), *sorted(set(long))]


def is_long(sentence: str) -> bool:
    """Longer than a sentence should be; what the plan prints is word for word the plan's."""
    return len(sentence.split()) > MOST_WORDS and " ".join(sentence.split()) not in PLAN


def read(client: Browser, paths: list[str]) -> dict[str, str]:
    return {path: own_words(client.get(path).text) for path in paths}


def test_the_measure_tells_easy_from_hard() -> None:
    assert grade("You can stop at any time. Your answers are kept until you come back.") < GRADE
    hard = "Applications received subsequently to the aforementioned deadline will be considered ineligible."
    assert grade(hard) > 2 * GRADE


def test_public_pages_are_easy_to_read(client: Browser) -> None:
    assert too_hard(read(client, list(PUBLIC))) == []


def test_the_way_in_is_easy_to_read(client: Browser) -> None:
    pages = read(client, [f"{ROUND}/eligibility/{key}" for key in RIGHT])
    for key, right in RIGHT.items():
        client.send(f"{ROUND}/eligibility/{key}", {"answer": "no" if right == "yes" else "yes"})
        pages |= read(client, [f"{ROUND}/not-eligible/{key}"])
        client.send(f"{ROUND}/eligibility/{key}", {"answer": right})
    pages |= read(client, [f"{ROUND}/eligible"])
    assert too_hard(pages) == []


def test_the_form_is_easy_to_read(world: World) -> None:
    reference = world.tell("doorstep-friends")
    lead = world.browser(world.lead("doorstep-friends"))
    with world.context():
        keys = [each.key for each in found(reference).round.questions]
    paths = [address(reference, page) for page in (*OWN, *(f"questions/{key}" for key in keys))]
    answer_all(lead)
    assert too_hard(read(lead, ["/organisations/find", f"{ROUND}/organisation", *paths])) == []


@pytest.mark.parametrize("story", ["submitted", "sent-again", "offered", "declined", "late-return"])
def test_what_comes_afterwards_is_easy_to_read(world: World, story: str) -> None:
    reference = world.tell(story)
    lead = world.browser(world.lead(story))
    paths = [f"/timeline/{reference}", *(address(reference, page) for page in AFTER)]
    if story == "sent-again":
        paths += [address(reference, "restore"), address(reference, "check")]
    assert too_hard(read(lead, paths)) == []


def test_mails_and_letters_are_easy_to_read(world: World) -> None:
    for story in ("draft-started", "submitted", "sent-again", "offered", "declined", "recommended"):
        world.tell(story)
    world.browser().send("/sign-in", {"email": "somebody@example.org", "then": "code"})
    with world.context():
        remind_all(world.app.extensions["settings"])
        mails = {each.key: plain(each.body) for each in db.session.scalars(select(OutboxMessage))}
        letters = {f"{each.about} {each.kind}": plain(each.body) for each in db.session.scalars(select(Letter))}
    assert too_hard(mails | letters) == []
