"""A submission's content as people read it (pure): sections of rows, each naming the page on which it is changed."""

from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.files.document import Block, Document, Fact, Heading, Paragraph
from spatc_funds.framework.measures import OWN, in_words

Content = Mapping[str, Any]
NOTHING = "Not answered yet"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its label, its lines, and the page that changes it; ``prose`` keeps the person's own paragraphs."""

    label: str
    lines: Sequence[str]
    page: str
    what: str
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading."""

    title: str
    rows: Sequence[Row]


def sections(content: Content) -> list[Section]:
    """Everything in the content but the answers to the round's own questions."""
    return [
        Section("Your group", _group(content)),
        Section("Your project", _project(content)),
        Section("Places and money", [*_places(content), *_budget(content)]),
        Section("How it fits the plan", _plan(content)),
        Section("What you promise to achieve", _promises(content)),
    ]


def document(content: Content, received: str) -> Document:
    """A whole copy; ``received`` says when it was sent, in words."""
    said = [Section("Answers", question_rows(content)), Section("Who can apply", eligibility_rows(content))]
    blocks: list[Block] = [Paragraph(f"Reference {content['reference']}, for {content['organisation']['name']}")]
    blocks += [Paragraph(f"{content['fund']}, {content['round']['name']}"), Paragraph(received)]
    for section in [*sections(content), *said]:
        blocks += [Heading(section.title), *(Fact(row.label, row.lines) for row in section.rows)]
    return Document(content["title"] or "Your application", blocks)


def question_rows(content: Content) -> list[Row]:
    """The answers to the round's own questions."""
    return [
        Row(
            each["text"],
            _said(each["answer"]),
            f"questions/{each['key']}",
            f"your answer to “{each['text']}”",
            prose=True,
        )
        for each in content["answers"]
    ]


def eligibility_rows(content: Content) -> list[Row]:
    """What was answered before the start; it is not changed afterwards."""
    said = {True: "Yes", False: "No", None: NOTHING}
    return [Row(each["text"], [said[each["answer"]]], "", "") for each in content["eligibility"]]


def spoken_day(iso: str | None) -> str:
    """``4 July 2025`` from ``2025-07-04``."""
    if not iso:
        return NOTHING
    day = date.fromisoformat(iso)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _group(content: Content) -> list[Row]:
    group, contact = content["organisation"], content["contact"]
    numbers = [
        f"Charity number {group['charity_number']}" if group["charity_number"] else "",
        f"Company number {group['company_number']}" if group["company_number"] else "",
    ]
    return [
        Row("Name", [group["name"], *filter(None, numbers)], "", ""),
        Row("What the group does", _said(content["group_does"]), "group", "what the group does", prose=True),
        Row("Who we can ask", _said(contact["name"]), "group", "who we can ask"),
        Row("Phone", _said(contact["phone"]), "group", "the phone number"),
        Row("E-mail", _said(contact.get("email", "")), "group", "the e-mail address"),
    ]


def _project(content: Content) -> list[Row]:
    return [
        Row("Name of the project", _said(content["title"]), "project", "the name of the project"),
        Row("Summary", _said(content["summary"]), "project", "the summary", prose=True),
        Row("Starts on", [spoken_day(content["starts_on"])], "project", "the start"),
        Row("Ends on", [spoken_day(content["ends_on"])], "project", "the end"),
    ]


def _places(content: Content) -> list[Row]:
    shares = [f"{DISTRICTS.get(code, code)}: {percent}%" for code, percent in content["shares"].items()]
    areas = [each["name"] for each in content.get("areas", ())]
    private = "Yes, never publish where it is" if content.get("sensitive_place") else "No"
    return [
        Row("Where the work is done", shares or [NOTHING], "places", "where the work is done"),
        *([Row("Areas", areas, "places", "the areas")] if areas else []),
        Row("The place has to stay private", [private], "places", "whether the place has to stay private"),
    ]


def _budget(content: Content) -> list[Row]:
    costs = [f"{each['description']}: {format_pounds(each['amount_pence'])}" for each in content["budget"]]
    lowest, given = content["lowest_pence"], content.get("match_pence")
    others = [f"{_amount(given)} from {content['match_from']}" if given else _amount(given)]
    return [
        Row("Pot", _said(content["pot"]["name"] if content["pot"] else ""), "budget", "the pot"),
        Row("Costs", costs or [NOTHING], "budget", "the costs"),
        Row("You ask for", [format_pounds(content["asked_pence"])], "budget", "how much you ask for"),
        Row("Your own money", [_amount(content.get("own_pence"))], "budget", "your own money"),
        Row("Money from others", others, "budget", "money from others"),
        *_together(content),
        Row("Lowest amount", _said(format_pounds(lowest) if lowest else ""), "budget", "the lowest amount"),
    ]


def _together(content: Content) -> list[Row]:
    """Who does it together, where more than one group does."""
    partners = content.get("partners", ())
    if not partners:
        return []
    lead = f"{content['organisation']['name']} leads and gets {format_pounds(max(content['lead_pence'], 0))}"
    said = [_partner(each) for each in partners]
    return [Row("Who does it together", [lead, *said], "partners", "who does it together")]


def _partner(each: Mapping[str, Any]) -> str:
    number = f" ({each['number']})" if each["number"] else ""
    name = f"{each['name'] or 'A partner without a name'}{number}"
    if each["amount_pence"] is None or not each["part"]:
        return f"{name}: not whole yet"
    return f"{name} gets {format_pounds(each['amount_pence'])}: {each['part']}"


def _plan(content: Content) -> list[Row]:
    cross = [
        f"{each['theme']['name']}: {each['commitment']['name']}" + (f" How: {each['how']}" if each["how"] else "")
        for each in content["cross_cutting"]
    ]
    others = [each["name"] for each in content["other_outcomes"]]
    first = "No specific outcome" if content["no_specific_outcome"] else _name(content["primary_outcome"])
    return [
        *([Row("Priority", [_name(content["priority"])], "focus", "the priority")] if content.get("priority") else []),
        Row("Theme", _said(_name(content["theme"])), "focus", "the theme"),
        Row("Focus", _said(_name(content["focus_area"])), "focus", "the focus"),
        Row("Main outcome", _said(first), "outcomes", "the main outcome"),
        Row("Other outcomes", others or ["None"], "outcomes", "the other outcomes"),
        Row("Cross-cutting themes", cross or ["None"], "cross-cutting", "the cross-cutting themes"),
    ]


def _promises(content: Content) -> list[Row]:
    rows = [
        Row(name, [_promised(each)], f"promises#target-{each['measure']['key']}", f"“{name}”")
        for each in content["promises"]
        for name in [each["measure"]["name"]]
    ]
    rows += [_own(each) for each in content.get("own_promises", ())]
    return rows or [Row("Measures", [NOTHING], "promises", "what you promise to achieve")]


def _own(each: Content) -> Row:
    """A measure that the group brings itself; of a draft it may be half."""
    name = each["name"] or "No name yet"
    promised = NOTHING if each["target"] is None else in_words("", each["target"], each["target_of"])
    kind = OWN[each["kind"]].words if each["kind"] else "Not said yet what kind of number it is"
    return Row(f"{name} (own measure)", [promised, kind], f"promises#own-{each['place']}-name", f"“{name}”")


def _amount(pence: int | None) -> str:
    return format_pounds(pence) if pence else "None"


def _said(text: str) -> list[str]:
    return [text or NOTHING]


def _name(thing: Mapping[str, Any] | None) -> str:
    return str(thing["name"]) if thing else ""


def _promised(promise: Content) -> str:
    """``120``, ``30 of 40``, or of money ``£120``; copies of before have no basis, and no money."""
    return in_words(promise["measure"].get("basis", ""), promise["target"], promise["target_of"])
