"""The officers' part: allocating, interests, scores, the result, the board's advice, the decision, the signature."""

import re

from tests.journeys.applying import LEAD, TITLE
from tests.journeys.browsing import REFUSED, Visitor

PANEL = "Officers' panel"
CRITERIA = (
    "Need",
    "Activities",
    "Reaching people",
    "Difference to crime and safety",
    "Keeping people safe",
    "Delivery and value",
)
FIRST, SECOND = (4, 3, 4, 4, 5, 3), (3, 4, 3, 4, 4, 4)
PART, PART_SHOWN = "16,800.01", "£16,800.01"
REASONS = (
    "The work will help to cut fires and fights by the gate on the two worst evenings.\n\n"
    "We offer a part: kit for a second room can wait."
)


def allocate(officer: Visitor, reference: str) -> None:
    """Two assessors; the form is sent empty first."""
    officer.follow(PANEL)
    officer.follow("Results")
    officer.follow(f"Find assessors for {reference}")
    officer.press("Give them this bid", REFUSED)
    officer.choose("Amber Example")
    officer.choose("Bashir Example")
    officer.press("Give them this bid")
    assert f"You gave {reference} to 2 assessors" in officer.main()


def declare(assessor: Visitor, reference: str) -> None:
    """An interest comes before anything of the bid is shown."""
    assessor.follow(PANEL)
    assessor.follow("My queue")
    assessor.open(reference)
    assert "gatehouse" not in assessor.main()
    assessor.press("Declare it", REFUSED)
    assessor.choose("No interest")
    assessor.press("Declare it")


def score(assessor: Visitor, reference: str, scores: tuple[int, ...], reason: str) -> None:
    """A score with its reason on each criterion; made final half done first, which is refused with what is missing."""
    assessor.follow("Begin with “Need”")
    for number, (criterion, value) in enumerate(zip(CRITERIA, scores, strict=True)):
        score_one(assessor, criterion, value, reason)
        if number == 2:
            assessor.press("Save and come back later")
            assessor.open(reference)
            assessor.press("Make my scores final", REFUSED)
            assert len(assessor.summary()) == 6, assessor.summary()  # a score and a reason for each of three
            assessor.follow("Go on with “Difference to crime and safety”")
        else:
            assessor.press("Save and see the sheet" if criterion == CRITERIA[-1] else "Save and next")
    assessor.press("Make my scores final")
    assert "They cannot be changed any more" in assessor.main()


def score_one(assessor: Visitor, criterion: str, value: int, reason: str) -> None:
    """One criterion."""
    group = assessor.group(f"Your score for “{criterion}”")
    group.get_by_role("radio", name=re.compile(f"^{value}: ")).check()
    assessor.fill("Your reason", f"{reason} ({criterion.lower()})")
    assessor.fill("What the group is told", f"A clear case for {criterion.lower()}.")


def settle(officer: Visitor, reference: str) -> None:
    """The officer settles the result, and reads how it was made."""
    officer.follow("Results")
    officer.follow(f"Settle the result of {reference}")
    officer.press("Settle the result")
    officer.go("/admin/assessment/results/")
    officer.open(reference)
    assert "74.5" in officer.main()  # 75 and 74: each score times its weight, divided by 5


def recommend(board: Visitor, reference: str) -> None:
    """A part award, after an empty form and an amount above what was asked."""
    board.follow(PANEL)
    board.follow("Recommendations")
    board.follow(f"Recommend on {reference}")
    board.press("Record the recommendation", REFUSED)
    board.choose("Award")
    board.fill("Amount to award", "18,400.01")
    board.fill("The board's reason", "A clear need on two evenings. Kit for a second room can wait.")
    board.press("Record the recommendation", REFUSED)
    board.fill("Amount to award", PART)
    board.press("Record the recommendation")
    assert f"award of {PART_SHOWN}" in board.main()


def may_not_decide(assessor: Visitor, reference: str) -> None:
    """Somebody who scored it, and has no such role, is told so and sees nothing of it."""
    assessor.go(f"/admin/decisions/{reference}/")
    assert assessor.status == 403
    assert "This needs the role of decision maker" in assessor.main()
    assert TITLE not in assessor.main()


def decide(maker: Visitor, reference: str) -> None:
    """The decision, with reasons that are published."""
    maker.follow(PANEL)
    maker.follow("Decisions")
    maker.follow(f"Decide on {reference}")
    maker.press("Take this decision", REFUSED)
    maker.fill("Your reasons", REASONS)
    maker.press("Take this decision")
    assert f"award of {PART_SHOWN}" in maker.main()


def accept(grantee: Visitor, reference: str) -> None:
    """The grantee finds the offer and its letter, reads the agreement, and signs."""
    grantee.follow("My work")
    grantee.follow(f"Your project is funded: {TITLE}")
    grantee.follow("My work")
    grantee.follow(f"Accept or turn down the offer: {TITLE}")
    assert PART_SHOWN in grantee.main()
    assert "We offer a part: kit for a second room can wait." in grantee.main()
    grantee.follow("Accept the offer")
    grantee.press("Sign and accept the offer", REFUSED)
    grantee.choose("I have read the agreement, and I may accept it for my group")
    grantee.fill("Type your full name to sign", LEAD)
    grantee.press("Sign and accept the offer")
    assert "£8,400.01" in grantee.main()  # half, to the penny
