"""A panel report as pieces in a fixed order (pure): the page draws all of them, files those that a document holds.

A chart never stands alone: the table after it says the same, and stands in every form of the report.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spatc_funds.core.money import format_pounds
from spatc_funds.core.words import count_of
from spatc_funds.files.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table
from spatc_funds.framework import multiples
from spatc_funds.framework.multiples import Chart, Line, Point
from spatc_funds.framework.observed import AREAS, period, said
from spatc_funds.impact import bars
from spatc_funds.impact.rollup import NOT_TAGGED
from spatc_funds.impact.wording import (
    split_head,
    split_part,
    told,
    told_coverage,
    told_of_promise,
    told_returns,
    told_target,
)
from spatc_funds.publishing import readers
from spatc_funds.publishing.contents import Content

DRAFT = "Draft. It is not published: its words are being written, and its figures still move."
UNWRITTEN = "Nothing is written here yet."
EXAMPLE = "Example figures: made up to show the service. They say nothing about a real place."
CONTRIBUTED = (
    "What was funded contributed to the outcomes of the plan. Nobody can say that one project caused a change in crime."
)
RANGE = (
    "People are a range: from the largest single project to the sum of all, because one person may take part in "
    "several."
)
CROSSING = "A project stands under each of its cross-cutting themes. These rows overlap and are never added up."
PLACES = "Money is split by each project’s own shares and adds up. Projects over several districts are counted in each."
INDICATORS = (
    "An indicator is about everybody who lives here. It is not what one project counts, and no project is said to have "
    "caused it."
)
WHO = (
    "Over everything that was funded, in all themes. Numbers under 5 are left out, and so are further numbers that "
    "would give them away. Somebody who takes part in two projects is counted in both."
)
NO_STATEMENT = (
    "Who took part is published with a statement of impact, and none of this plan was of a day up to this one."
)
MONEY = ("Projects", "Awarded", "Paid", "Due returns accepted")
BAR_WIDTH = 300
MONEY_DRAWN = "{}: money awarded by district. The same figures stand in the table below."
KEY = "Line: the figures. Dashed line: the baseline. All five districts are on one scale."


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars with its finding as title: name, length in units of the drawing (at most 300), and words.

    Where no money is known there is nothing to draw, and the title says so. ``words`` are for whoever does not see it.
    """

    title: str
    bars: Sequence[tuple[str, int, str]]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is written, beside the chart that it is written about."""

    words: Sequence[Paragraph]
    chart: Bars


@dataclass(frozen=True, slots=True)
class Multiples:
    """An indicator's small multiples; ``key`` says what is drawn how."""

    chart: Chart
    is_example: bool
    key: str = KEY

    @property
    def words(self) -> str:
        """What is drawn, for whoever does not see it."""
        return f"{self.chart.title}. Baseline and latest figure of each district stand in the table below."


Piece = Block | Beside | Multiples
Draw = Callable[[Bars | Multiples], str]


def document(content: Content, draw: Draw, *, draft: bool, ending: Sequence[str] = ()) -> Document:
    """The report as a Word file or PDF has it: ``draw`` gives a chart as SVG; ``ending`` is about the file itself."""
    blocks: list[Block] = []
    for each in pieces(content, draft=draft):
        if isinstance(each, Beside):
            chart = each.chart
            drawn = Picture(chart.title, draw(chart), chart.words) if chart.bars else Paragraph(chart.title)
            blocks += [*each.words, drawn]
        elif isinstance(each, Multiples):
            blocks.append(Picture(each.key, draw(each), each.words))
        else:
            blocks.append(each)
    return Document(content["title"], [*blocks, *(Paragraph(each) for each in ending)])


def pieces(content: Content, *, draft: bool) -> list[Piece]:
    """Everything under the title, in order. A draft says so, and where nothing is written yet."""
    found: list[Piece] = [Paragraph(DRAFT)] if draft else []
    found += _summary(content, draft=draft)
    for theme in content["themes"]:
        found += _theme(content, theme, draft=draft)
    found += _who(content)
    found += [Heading("Indicators"), Paragraph(INDICATORS), *_box(content, readers.INDICATORS, draft=draft)]
    for each in content["indicators"]:
        found += _indicator(each)
    if not content["indicators"]:
        found.append(Paragraph("No indicator was chosen for this report."))
    found += [Heading("What happens next"), *_box(content, readers.NEXT, draft=draft)]
    return found


def chart_of(indicator: Content) -> Chart:
    """An indicator's figures, drawn anew from what was frozen."""
    series = {area: [_point(each) for each in points] for area, points in indicator["figures"].items()}
    baselines = {area: _point(each) for area, each in indicator["baselines"].items()}
    return multiples.chart(indicator["name"], indicator["direction"], series, baselines)


def _summary(content: Content, *, draft: bool) -> Iterator[Piece]:
    day = date.fromisoformat(content["as_at"])
    yield Paragraph(f"For the {content['reader']}. As at {_day(day)}. It speaks in the {content['plan']['name']}.")
    yield Heading("Summary")
    yield from _box(content, readers.SUMMARY, draft=draft)
    yield Paragraph(f"Over the whole plan: {_funded(content['total'])}")
    for note in content["notes"]:
        yield Paragraph(note)
    yield Paragraph(CONTRIBUTED)
    parts = (*content["themes"], *content["others"], {**content["total"], "name": "The whole plan"})
    rows = [_money(each) for each in parts]
    yield Table("What was funded, by theme", ("Theme", *MONEY), rows, (1, 2, 3, 4))


def _theme(content: Content, theme: Content, *, draft: bool) -> Iterator[Piece]:
    name = theme["name"]
    yield Heading(name)
    yield Beside([*_box(content, readers.box_of(theme["key"]), draft=draft)], _bars(theme))
    yield Paragraph(_funded(theme))
    yield Heading("By district", 3)
    yield Paragraph(PLACES)
    rows = [_money(each) for each in theme["districts"]]
    yield Table(f"{name}: what was funded, by district", ("District", *MONEY), rows, (1, 2, 3, 4))
    yield from _counted(theme)
    yield Heading("Outcomes of the plan", 3)
    rows = [_money(each) for each in theme["outcomes"]]
    yield Table(f"{name}: what was funded, by outcome", ("Outcome contributed to", *MONEY), rows, (1, 2, 3, 4))
    yield Heading("Cross-cutting themes", 3)
    yield Paragraph(CROSSING)
    rows = [_money(each) for each in theme["crossing"]]
    heads = ("Cross-cutting theme", *MONEY)
    yield Table(f"{name}: what was funded, by cross-cutting theme", heads, rows, (1, 2, 3, 4))
    yield Heading("What is missing", 3)
    yield from _missing(theme)


def _counted(theme: Content) -> Iterator[Piece]:
    yield Heading("What the projects contributed to", 3)
    if not theme["measures"]:
        yield Paragraph("No project of this theme has promised or reported a number.")
        return
    yield Paragraph(RANGE)
    rows = [
        (
            each["name"],
            told(each),
            told_target(each),
            told_of_promise(each) or "Not said",
            told_coverage(each),
        )
        for each in theme["measures"]
    ]
    heads = ("Measure", "Contributed to so far", "Promised", "Of what was promised", "Rests on")
    yield Table(f"{theme['name']}: what was promised, and what accepted returns say", heads, rows, (2,))


def _missing(theme: Content) -> Iterator[Piece]:
    missing, due = theme["returns_missing"], theme["returns_due"]
    lines = []
    if missing:
        lines.append(f"Due returns that are not accepted, and count nowhere: {missing:,} of {due:,}.")
    if theme["untold"]:
        lines.append(f"Funded, with no accepted return yet: {'; '.join(theme['untold'])}.")
    if theme["unfunded"]:
        lines.append(f"No project was funded here: {'; '.join(theme['unfunded'])}.")
    if theme["amounts_unknown"]:
        lines.append(f"The amount is not exactly known of {count_of(theme['amounts_unknown'], 'project')}.")
    yield Bullets(lines) if lines else Paragraph("Every part has a project, and an accepted return tells of it.")


def _who(content: Content) -> Iterator[Piece]:
    yield Heading("Who took part")
    source = content["who_from"]
    if source is None:
        yield Paragraph(NO_STATEMENT)
        return
    if not content["who"]:
        yield Paragraph("No accepted return says who took part by place, age or the like.")
        return
    day = _day(date.fromisoformat(source["as_at"]))
    yield Paragraph(f"As published in “{source['name']}” ({source['reference']}, as at {day}). {WHO}")
    for each in content["who"]:
        head = split_head(each["split_by"])
        counts = [(split_part(each["split_by"], key), _shown(count)) for key, count in each["parts"].items()]
        together = (f"Together, from {count_of(each['projects'], 'project')}", _shown(each["total"]))
        counted = "At most" if each["ranges"] else "Counted"
        yield Table(f"{each['name']}: {head.lower()}", (head, counted), [*counts, together], (1,))


def _indicator(each: Content) -> Iterator[Piece]:
    chart = chart_of(each)
    yield Heading(chart.title if each["figures"] else each["name"], 3)
    if not each["figures"]:
        yield Paragraph("No official figure of it is held from before that day.")
        return
    if each["example"]:
        yield Paragraph(EXAMPLE)
    if any(line.drawn for line in chart.districts):
        yield Multiples(chart, each["example"])
    rows = [_stands(line) for line in (chart.whole, *chart.districts)]
    yield Table(f"{each['name']}: baseline, latest figure and change", ("Area", "Baseline", "Latest", "Change"), rows)
    for line in _no_new_data(each):
        yield Paragraph(line)
    unit = [f"Unit: {each['unit']}."] if each["unit"] else []
    yield Paragraph("\n".join([*unit, *each["sources"]]))


def _no_new_data(each: Content) -> list[str]:
    """For which areas the newest period has no figure, in words."""
    found: dict[tuple[date, date], list[str]] = {}
    for area, points in each["figures"].items():
        newest = max((_point(point) for point in points), key=lambda point: (point.period_to, point.period_from))
        if newest.value_milli is None:
            found.setdefault((newest.period_from, newest.period_to), []).append(AREAS[area])
    return [f"No new data published ({period(*days)}): {', '.join(areas)}." for days, areas in sorted(found.items())]


def _stands(line: Line) -> tuple[str, ...]:
    points = ("None" if each is None else _figure(each) for each in (line.baseline, line.latest))
    return (line.name, *points, line.change.words if line.change else line.why_not)


def _figure(point: Point) -> str:
    return f"{said(point.value_milli)} ({period(point.period_from, point.period_to)})"


def _bars(theme: Content) -> Bars:
    """Money awarded by district, on one scale."""
    rows = theme["districts"]
    lengths = bars.lengths([each["awarded_pence"] for each in rows], BAR_WIDTH)
    told_of = [(each["name"], length, _awarded(each)) for each, length in zip(rows, lengths, strict=True)]
    most = max((each for each in rows if each["key"] != NOT_TAGGED), key=lambda each: each["awarded_pence"])
    if not most["awarded_pence"]:
        return Bars(f"{theme['name']}: no money is known by district", ())
    amounts = f"{format_pounds(most['awarded_pence'])} of {format_pounds(theme['awarded_pence'])}"
    title = f"{theme['name']}: the most money went to {most['name']}, {amounts}"
    return Bars(title, told_of, MONEY_DRAWN.format(theme["name"]))


def _money(each: Content) -> tuple[str, ...]:
    return (each["name"], f"{each['projects']:,}", _awarded(each), _paid(each), _returns(each))


def _funded(each: Content) -> str:
    projects = count_of(each["projects"], "project")
    accepted, due = each["due_accepted"], each["returns_due"]
    covered = f"{accepted} of {count_of(due, 'due return')} accepted" if due else "No return was due"
    if early := each["returns_accepted"] - accepted:
        covered += f", {early} more early"
    return f"{projects}, {_awarded(each)} awarded, {_paid(each)} paid. {covered}."


def _awarded(each: Content) -> str:
    return _pounds(each["awarded_pence"], each["amounts_unknown"], each["projects"])


def _paid(each: Content) -> str:
    return _pounds(each["paid_pence"], each["paid_unknown"], each["projects"])


def _pounds(pence: int, unknown: int, projects: int) -> str:
    if unknown and unknown == projects:
        return "not known"
    return format_pounds(pence) + (f" ({unknown} not known)" if unknown else "")


def _returns(each: Content) -> str:
    """Coverage: how many of the returns that were due have been accepted."""
    early = each["returns_accepted"] - each["due_accepted"]
    covered = told_returns(each) if each["returns_due"] else "None was due"
    return covered + (f", {early} early" if early else "")


def _box(content: Content, key: str, *, draft: bool) -> Iterator[Paragraph]:
    """A box's paragraphs, which blank lines part."""
    text = content["words"].get(key, "")
    parts = [part.strip("\n") for part in text.split("\n\n") if part.strip()]
    if parts or draft:
        yield from (Paragraph(part) for part in parts or [UNWRITTEN])


def _shown(count: int | None) -> str:
    return "Left out" if count is None else f"{count:,}"


def _point(stored: Sequence[Any]) -> Point:
    first, last, milli = stored
    return Point(date.fromisoformat(first), date.fromisoformat(last), milli)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
