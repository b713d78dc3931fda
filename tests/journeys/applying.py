"""The applicant's part of the journey: from the front page to the receipt, with the mistakes that people make."""

from dataclasses import dataclass
from datetime import date, timedelta

from spatc_funds.core.periods import add_months
from tests.journeys.browsing import REFUSED, Visitor

GROUP, LEAD = "Example Open Gate Tenants", "Robin Invented"
TITLE = "Open gate evenings"
OWN = "Tenants who know whom to ring"
THEME, FOCUS = "Neighbourhood Crime and ASB", "Anti-Social Behaviour"
OUTCOME = "Partnership approach to 'cleaner, safer, greener' to increase prosperity in neighbourhoods"
OTHER_OUTCOME = (
    "Reducing Serious Violence offences through the work of the Violence Reduction Partnership and further partners"
)
CROSS = "Trust and Confidence"
COMMITMENT = (
    "We recognise that trust and confidence in policing is poor in communities who need those services the most."
)
COSTS = (("Hall hire for 60 evenings", "5,400"), ("Two youth workers", "11,250.50"), ("Lights and kit", "£1,749.50"))
ASKED, LOWEST = "£18,400", "15500"
SHARES = {"Leeds": "60", "Kirklees": "40"}
QUESTIONS = {
    "What is the problem you want to deal with, and how do you know?": (
        "People stay in after dark because of fires and fights by the gate. We asked 61 neighbours in May, and the "
        "council's warden counted 34 calls in a year. Both said that Thursday and Friday are worst."
    ),
    "What will you do?": (
        "We open the old gatehouse on two evenings a week for sixty evenings. Two youth workers cook, mend bikes and "
        "talk with young people. Neighbours come to the first hour. We light the path and keep it clear."
    ),
    "Who will take part, and how will you reach them?": (
        "Young people aged 12 to 18 from both estates, met at the gate first. Neighbours get a card through the door."
    ),
    "What will change for people or places because of your project?": (
        "Fewer fires and fights on two evenings, and neighbours who walk past the gate again. We ask fifty people."
    ),
    "How will you keep people safe while you do the work?": (
        "Both workers have enhanced checks. Nobody works alone, and we have a written plan for each evening."
    ),
    "Who will run the project, and what have they done before?": (
        "Our tenants' group has run holiday evenings for four years. The lead worker is a trained mediator."
    ),
    "How did you work out your costs?": (
        "The hall gave us its price. Pay is our usual rate. We asked three shops for the lights."
    ),
}


@dataclass(frozen=True)
class Sent:
    """What the journey goes on with."""

    reference: str
    starts_on: date
    ends_on: date


def dates(today: date) -> tuple[date, date]:
    """A project that began long enough ago for its first return to be due, and lasts twelve months."""
    starts_on = (today - timedelta(days=245)).replace(day=6)
    return starts_on, add_months(starts_on, 12) - timedelta(days=1)


def add_group(me: Visitor) -> None:
    """A group on a register, after one form that was not filled in."""
    me.follow("My work")
    me.follow("Add your group")
    me.press("Find your group", REFUSED)
    me.fill("What is your group called, or what is its number?", GROUP)
    me.press("Find your group")
    me.press("Add your group", REFUSED)
    assert me.page.get_by_label("What is your group called?", exact=True).input_value() == GROUP
    me.choose("Yes, it is a registered charity")
    me.fill("Charity number", "19")
    me.press("Add your group", REFUSED)
    me.fill("Charity number", "1999777")
    me.press("Add your group")
    assert f"{GROUP} is added" in me.main()


def find_round(me: Visitor) -> None:
    """From the menu to the round's own page, its questions, and the way in."""
    me.follow("Funds")
    me.follow("Mayor's Safer Communities Fund")
    me.follow("Example round")
    me.follow("See all questions")
    for question in QUESTIONS:
        assert question in me.main(), question
    me.page.go_back()
    me.follow("Apply now")
    me.follow("Start now")


def eligible(me: Visitor) -> None:
    """The questions, one a page; the first answered in a way that ends it, and changed."""
    me.press("No")
    assert me.heading() == "This fund cannot pay for this"
    me.follow("Change my answer")
    for right in ("Yes", "Yes", "Yes", "Yes", "No", "No"):
        me.press(right)
    assert me.heading() == "You can apply"
    me.follow("Go on")
    me.choose(GROUP)
    me.press("Start your application")


def fill_in(me: Visitor, today: date) -> Sent:
    """Every step in order, with a mistake on some of them; one question and the promises are left for later."""
    reference = me.page.locator("main p strong").first.inner_text()
    starts_on, ends_on = dates(today)
    me.follow("Check your answers and send")
    first = me.page.locator("main ol a").first
    assert first.inner_text() == "Say in a few words what your group does"
    me.click(first)
    group(me)
    project(me, starts_on, ends_on)
    places(me)
    budget(me)
    plan(me)
    me.press("Save and continue")  # the promises are left empty
    questions(me, leave="How did you work out your costs?")
    return Sent(reference, starts_on, ends_on)


def group(me: Visitor) -> None:
    """The group and whom to ask."""
    me.fill("What does your group do?", "We are tenants of two estates.\n\nWe look after the gatehouse between them.")
    me.fill("Who can we ask about this application?", LEAD)
    me.fill("Their phone number", "01632 960 777")
    me.fill("Their e-mail address", "robin.invented@example.org")
    me.press("Save and continue")


def project(me: Visitor, starts_on: date, ends_on: date) -> None:
    """Name, summary and dates; first with an end that is no date, then with one that is too late."""
    start, end = "When does your project start?", "When does your project end?"
    me.fill("What is your project called?", TITLE)
    me.fill("What will you do? Say it in a few sentences", "We open the gatehouse on two evenings a week. " * 8)
    me.day(start, (starts_on.day, starts_on.month, starts_on.year))
    me.day(end, (31, 2, ends_on.year))
    me.press("Save and continue", REFUSED)
    me.fill("What will you do? Say it in a few sentences", "We open the gatehouse on two evenings a week.")
    me.day(end, (ends_on.day, ends_on.month, ends_on.year + 1))
    me.press("Save and continue", REFUSED)
    assert me.summary() == ["Your project can last 12 months at the most"]
    me.day(end, (ends_on.day, ends_on.month, ends_on.year))
    me.press("Save and continue")


def places(me: Visitor) -> None:
    """Two districts, 60 and 40; first 60 and 30."""
    for district, share in SHARES.items():
        me.fill(district, share)
    me.fill("Kirklees", "30")
    me.press("Save and continue", REFUSED)
    assert me.summary() == ["The shares of the districts add up to 90%. They have to add up to 100%"]
    me.fill("Kirklees", SHARES["Kirklees"])
    me.press("Save and continue")


def budget(me: Visitor) -> None:
    """Several lines, one of them removed again, an amount that is none, and a lowest amount above the whole."""
    me.choose("Larger projects")
    for what, amount in (*COSTS, ("A float for prizes", "90")):
        me.fill("What is the cost for?", what)
        me.fill("How much is it?", amount)
        me.press("Add this cost")
    me.press("Remove A float for prizes")
    me.fill("What is the cost for?", "Paint")
    me.fill("How much is it?", "about fifty")
    me.press("Add this cost", REFUSED)
    me.fill("What is the cost for?", "")
    me.fill("How much is it?", "")
    lowest = "What is the lowest amount with which the project would still work?"
    me.fill(lowest, "19000")
    me.press("Save and continue", REFUSED)
    me.fill(lowest, LOWEST)
    assert f"You have asked for {ASKED}" in me.main()
    me.press("Save and continue")


def plan(me: Visitor) -> None:
    """Focus area, outcomes, cross-cutting theme with its commitment; the commitment is forgotten first."""
    me.choose(FOCUS)
    me.press("Save and continue")
    me.page.get_by_role("radio", name=OUTCOME, exact=True).check()
    me.page.get_by_text("It helps with other outcomes too").click()
    me.page.get_by_role("checkbox", name=OTHER_OUTCOME, exact=True).check()
    me.press("Save and continue")
    me.choose(CROSS)
    me.press("Save and continue", REFUSED)
    me.choose(COMMITMENT)
    below = me.page.locator(".govuk-checkboxes__conditional").filter(has=me.page.get_by_label(COMMITMENT, exact=True))
    me.fill("How will you do this?", "Officers come to the first hour, when nothing is wrong.", within=below)
    me.press("Save and continue")


def promises(me: Visitor) -> None:
    """Four numbers, one of them out of fifty; its second half is forgotten first."""
    for measure, number in (("People taking part", "120"), ("Sessions delivered", "60"), ("Volunteers trained", "8")):
        me.group(measure).get_by_role("textbox").fill(number)
    safer = me.group("People who feel safer")
    me.fill("People who said they feel safer", "30", within=safer)
    me.press("Save and continue", REFUSED)
    me.fill("Out of how many people who were asked", "50", within=safer)
    own_measure(me)
    me.press("Save and continue")


def own_measure(me: Visitor) -> None:
    """One of the group's own; it counts those who say so, and out of how many is forgotten at first."""
    own = me.group("Your own measure 1")
    if not own.is_visible():
        me.page.get_by_text("Add a measure of your own", exact=True).click()
    me.fill("What will you count?", OWN, within=own)
    own.get_by_label("A change in people: how many say so, of those you ask", exact=True).check()
    me.fill("How many by the end of your project?", "41", within=own)
    me.fill("Out of how many people you ask?", "40", within=own)
    me.press("Save and continue", REFUSED)
    me.fill("How many by the end of your project?", "24", within=me.group("Your own measure 1"))


def questions(me: Visitor, leave: str = "") -> None:
    """The round's questions; one answer is too long at first, and one is left for later."""
    for number, (question, answer) in enumerate(QUESTIONS.items()):
        if question != leave:
            if not number:
                me.fill(question, "word " * 201)
                me.press("Save and continue", REFUSED)
            me.fill(question, answer)
        me.press("Save and continue")
    assert me.heading() == "Check your answers"


def fix_and_send(me: Visitor, sent: Sent) -> None:
    """What is missing, fixed in the order of the list; then sent, after one try without the declaration."""
    wanted = ["Say what you mean to achieve on at least one measure"]
    wanted += ["Answer the question “How did you work out your costs?”"]
    assert me.page.locator("main ol a").all_inner_texts() == wanted
    me.follow(wanted[0])
    promises(me)
    me.go(f"/applications/{sent.reference}/check")
    me.follow(wanted[1])
    me.fill("How did you work out your costs?", QUESTIONS["How did you work out your costs?"])
    me.press("Save and continue")
    for words in (
        ASKED,
        "Leeds",
        "60%",
        "Kirklees",
        "40%",
        FOCUS,
        OUTCOME,
        CROSS,
        "30 of 50",
        OWN,
        "24 of 40",
        *QUESTIONS.values(),
    ):
        assert words in me.main(), words
    me.press("Send your application", REFUSED)
    me.choose("I have checked this application. It is true, and my group wants to send it.")
    me.press("Send your application")
    assert me.heading() == "Application sent"
    assert sent.reference in me.main()
    me.follow("See where your application is")
    me.follow("My work")
