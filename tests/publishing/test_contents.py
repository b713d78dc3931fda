"""What a report is made of, on plain values: readers, money by district, what is missing, indicators as at a day."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.places import DISTRICTS
from spatc_funds.files.document import Bullets, Heading, Paragraph, Picture, Table
from spatc_funds.framework.multiples import Point
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import Part, Project, Return, RollUp
from spatc_funds.publishing import readers
from spatc_funds.publishing.contents import (
    Series,
    ThemeFigures,
    by_district,
    indicator_content,
    member,
    theme_content,
    without_small_numbers,
)
from spatc_funds.publishing.readers import READERS, boxes, in_plan, reader_of, word_limit
from spatc_funds.publishing.report_document import (
    DRAFT,
    EXAMPLE,
    UNWRITTEN,
    Bars,
    Beside,
    Multiples,
    chart_of,
    document,
    pieces,
)

DAY = date(2026, 3, 31)
PLAN = Path(readers.__file__).parents[1] / "framework" / "data" / "plan-2021-24.json"
LEEDS, KIRKLEES = "E08000035", "E08000034"


def project(name: str = "A-1", **more: object) -> Project:
    told: dict[str, object] = {"awarded_pence": 100_00, "paid_pence": 50_00, "districts": {LEEDS: 100}}
    return Project(name, name, "roads", "zero", "2025-26", **{**told, **more})  # type: ignore[arg-type] # as given


def content(*projects: Project, **more: object) -> dict[str, object]:
    held = {each.reference: each for each in projects}
    rolling = RollUp([], DAY)
    whole = rolling.figures(Part("roads", "Roads"), projects, rollup.share_of(projects, "theme", "roads"))
    none = rolling.figures(Part("zero", "Vision Zero"), [])
    theme = theme_content(ThemeFigures(whole, [whole, none], [none]), held, DAY)
    found = {
        "reference": "REPORT-1",
        "title": "A report",
        "reader": "Board",
        "plan": {"key": "one", "name": "Plan"},
        "as_at": "2026-03-31",
        "notes": ["A note."],
        "total": member(whole, held),
        "themes": [theme],
        "indicators": [],
        "who": [],
        "who_from": {"reference": "IMPACT-1", "name": "Example statement", "as_at": "2026-03-31"},
        "others": [],
        "words": {},
    }
    return {**found, **more}


def texts(found: object, kind: type) -> list[str]:
    return [each.text for each in found if isinstance(each, kind)]  # type: ignore[attr-defined] # a list of pieces


# -- readers -----------------------------------------------------------------------------------------------------------


def test_readers_are_bodies_of_the_plan_and_what_concerns_them_is_in_it() -> None:
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    bodies = {each["key"]: each["name"] for each in plan["scrutiny_bodies"]}
    themes = {each["key"] for each in plan["themes"]}
    indicators = {each["key"]: each["theme"] for each in plan["indicators"]}
    assert len(READERS) == 4
    for key, each in READERS.items():
        assert (key, each.name) in bodies.items()
        assert each.themes
        assert each.indicators
        assert set(each.themes) <= themes
        assert set(each.indicators) <= set(indicators)
        assert {indicators[indicator] for indicator in each.indicators} <= set(each.themes)


def test_an_unknown_reader_is_told_the_known_ones() -> None:
    assert reader_of("vision-zero-board").name == "Vision Zero Board"
    with pytest.raises(LookupError, match="there is no reader “nobody”; the known ones are police-and-crime-panel, "):
        reader_of("nobody")


def test_boxes_are_in_the_order_of_the_report() -> None:
    assert boxes(["b", "a"]) == ["summary", "theme-b", "theme-a", "beside-indicators", "next"]
    assert [word_limit(each) for each in boxes(["b"])] == [300, 250, 250, 200]
    assert in_plan({"c", "a"}, ["a", "b", "c"]) == ["a", "c"]


# -- by district -------------------------------------------------------------------------------------------------------

SHARES = st.none() | st.lists(st.integers(1, 99), min_size=1, max_size=4).map(
    lambda cuts: {
        code: share
        for code, share in zip(
            DISTRICTS, [b - a for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 100], strict=True)], strict=False
        )
        if share
    }
)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 10**9), SHARES, st.integers(0, 100))
    )
)
def test_money_by_district_adds_up_to_the_theme_to_the_penny(
    rows: list[tuple[int | None, int | None, dict[str, int] | None, int]],
) -> None:
    projects = [
        project(
            f"A-{number}",
            awarded_pence=awarded,
            paid_pence=paid,
            districts=districts,
            split={"theme": {"roads": share, "other": 100 - share}} if 0 < share < 100 else {},
        )
        for number, (awarded, paid, districts, share) in enumerate(rows)
    ]
    whole = rollup.figures(Part("roads", "Roads"), projects, [], DAY, rollup.share_of(projects, "theme", "roads"))
    found = by_district("roads", projects, DAY)
    assert sum(each["awarded_pence"] for each in found) == whole.awarded_pence
    assert sum(each["paid_pence"] for each in found) == whole.paid_pence
    assert [each["key"] for each in found][:5] == list(DISTRICTS)


def test_a_project_over_two_districts_is_counted_in_each() -> None:
    owed = Return("A-1-R1", 1, DAY, DAY, DAY), Return("A-1-R2", 2, DAY, DAY), Return("A-1-R3", 3, DAY, date(2026, 4, 1))
    both = project(districts={LEEDS: 75, KIRKLEES: 25}, returns=owed)
    rows = {each["key"]: each for each in by_district("roads", [both, project("A-2", awarded_pence=None)], DAY)}
    assert (rows[LEEDS]["projects"], rows[KIRKLEES]["projects"]) == (2, 1)
    assert (rows[LEEDS]["awarded_pence"], rows[KIRKLEES]["awarded_pence"]) == (75_00, 25_00)
    assert (rows[KIRKLEES]["returns_accepted"], rows[KIRKLEES]["returns_due"]) == (1, 2)
    assert (rows[LEEDS]["amounts_unknown"], rows[LEEDS]["paid_unknown"]) == (1, 0)


def test_nothing_that_people_count_stands_by_theme_and_district() -> None:
    (theme,) = content(project())["themes"]  # type: ignore[misc] # a list of one
    assert all("measures" not in each for each in theme["districts"])


# -- the report --------------------------------------------------------------------------------------------------------


def test_the_order_is_fixed_and_a_draft_says_so() -> None:
    found = pieces(content(project()), draft=True)
    assert texts(found, Heading) == [
        "Summary",
        "Roads",
        "By district",
        "What the projects contributed to",
        "Outcomes of the plan",
        "Cross-cutting themes",
        "What is missing",
        "Who took part",
        "Indicators",
        "What happens next",
    ]
    assert texts(found, Paragraph)[0] == DRAFT
    assert texts(found, Paragraph).count(UNWRITTEN) == 3
    final = pieces(content(project()), draft=False)
    assert not {DRAFT, UNWRITTEN} & set(texts(final, Paragraph))
    levels = [each.level for each in found if isinstance(each, Heading)]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def as_words(chart: Bars | Multiples) -> str:
    """In place of a drawing, what would be drawn."""
    return repr(chart)


def test_a_file_has_the_words_the_tables_and_the_charts_as_drawings() -> None:
    made = content(project(), words={"theme-roads": "One.\n\n\nTwo\nlines."})
    (beside,) = (each for each in pieces(made, draft=False) if isinstance(each, Beside))
    assert [each.text for each in beside.words] == ["One.", "Two\nlines."]
    assert beside.chart.title == "Roads: the most money went to Leeds, £100 of £100"
    assert max(length for _name, length, _words in beside.chart.bars) == 300
    blocks = document(made, as_words, draft=False, ending=["The end."]).blocks
    assert not any(isinstance(each, Beside | Multiples) for each in blocks)
    assert [each for each in blocks if isinstance(each, Picture)] == [
        Picture(beside.chart.title, as_words(beside.chart), beside.chart.words)
    ]
    assert {"One.", "Two\nlines.", "The end."} <= set(texts(blocks, Paragraph))
    assert all(
        each.caption and len(row) == len(each.head) for each in blocks if isinstance(each, Table) for row in each.rows
    )


def test_what_is_missing_is_said() -> None:
    late = project(returns=(Return("A-1-R1", 1, DAY, DAY),), awarded_pence=None, paid_pence=None)
    found = pieces(content(late), draft=False)
    (missing,) = (each for each in found if isinstance(each, Bullets))
    assert missing.lines == [
        "Due returns that are not accepted, and count nowhere: 1 of 1.",
        "Funded, with no accepted return yet: Leeds; Roads.",
        "No project was funded here: Bradford; Calderdale; Kirklees; Wakefield; Vision Zero.",
        "The amount is not exactly known of 1 project.",
    ]
    assert any("1 project, not known awarded" in each for each in texts(found, Paragraph))


def test_a_return_that_was_accepted_early_makes_up_for_none() -> None:
    early = Return("A-1-R2", 2, DAY, date(2026, 9, 30), DAY)
    later = Return("A-1-R3", 3, DAY, date(2026, 9, 30))
    (theme,) = content(project(returns=(Return("A-1-R1", 1, DAY, DAY), early, later)))["themes"]  # type: ignore[misc] # one
    assert (theme["returns_accepted"], theme["returns_due"], theme["returns_missing"]) == (1, 1, 1)


def test_where_nothing_is_missing_that_is_said() -> None:
    (theme,) = content(project())["themes"]  # type: ignore[misc] # a list of one
    whole = {**theme, "untold": [], "unfunded": []}
    assert "Every part has a project" in texts(pieces(content(themes=[whole]), draft=False), Paragraph)[-4]


def test_what_was_promised_and_counted_is_said_in_fixed_words() -> None:
    people: dict[str, object] = dict.fromkeys(("low", "high", "n", "of", "value", "target"))
    people |= {"name": "People", "basis": "unique people", "low": 30, "high": 45, "target": 60}
    safer = {**people, "name": "Safer", "basis": "n-of-m", "low": None, "high": None, "n": 0, "of": 50, "target": None}
    told = {"projects_reporting": 1, "projects_due": 2}
    (theme,) = content(project())["themes"]  # type: ignore[misc] # a list of one
    made = content(project(), themes=[{**theme, "measures": [people | told, safer | told]}])
    (table,) = (each for each in pieces(made, draft=False) if isinstance(each, Table) and each.head[0] == "Measure")
    assert table.head[1] == "Contributed to so far"
    assert table.rows == [
        ("People", "30 to 45", "60", "50% to 75%", "1 of 2 due projects reported"),
        ("Safer", "0 of 50", "Not added up", "Not said", "1 of 2 due projects reported"),
    ]


def test_where_no_money_is_known_the_chart_says_so() -> None:
    found = pieces(content(project(awarded_pence=None)), draft=False)
    (beside,) = (each for each in found if isinstance(each, Beside))
    assert beside.chart.title == "Roads: no money is known by district"
    assert not beside.chart.bars
    blocks = document(content(project(awarded_pence=None)), as_words, draft=False).blocks
    assert not any(isinstance(each, Picture) for each in blocks)
    assert beside.chart.title in texts(blocks, Paragraph)


def test_who_took_part_is_shown_as_it_was_frozen() -> None:
    who = {"measure": "m", "name": "People", "split_by": "age band", "projects": 2, "ranges": True}
    bands = {**who, "parts": {"under 18": None, "over 18": 56}, "total": None}
    made = content(project(), who=[bands, {**bands, "ranges": False}])
    first, second = (each for each in pieces(made, draft=False) if isinstance(each, Table) and "age" in each.caption)
    assert first.rows == [("under 18", "Left out"), ("over 18", "56"), ("Together, from 2 projects", "Left out")]
    assert (first.head[1], second.head[1]) == ("At most", "Counted")


# -- indicators --------------------------------------------------------------------------------------------------------


def month(number: int, milli: int | None) -> Point:
    return Point(date(2026, number, 1), date(2026, number, 28 if number == 2 else 31), milli)


def series(**more: object) -> dict[str, object]:
    figures = {LEEDS: [month(1, 10_000), month(3, 8_000)], KIRKLEES: [month(1, 5_000), month(3, None)]}
    told = {"is_example": True, "figures": figures, "baselines": {LEEDS: month(1, 10_000)}, "sources": ["Source: us."]}
    named = {"key": "asb", "name": "ASB", "unit": "incidents", "direction": "down", "source": "Police"}
    return indicator_content(Series(**{**named, **told, **more}))  # type: ignore[arg-type] # as given


def test_an_indicator_is_drawn_from_what_was_frozen() -> None:
    frozen = json.loads(json.dumps(series()))
    chart = chart_of(frozen)
    assert chart.title == "ASB: below its baseline in 1 of 1 district"
    found = pieces(content(project(), indicators=[frozen]), draft=False)
    (drawn,) = (each for each in found if isinstance(each, Multiples))
    assert drawn.chart == chart
    assert drawn.is_example
    blocks = document(content(project(), indicators=[frozen]), as_words, draft=False).blocks
    assert Picture(drawn.key, as_words(drawn), drawn.words) in blocks
    assert drawn.words.startswith("ASB: below its baseline in 1 of 1 district. ")
    told = texts(found, Paragraph)
    assert EXAMPLE in told
    assert "No new data published (March 2026): Kirklees." in told
    assert "Unit: incidents.\nSource: us." in told
    table = [each for each in found if isinstance(each, Table)][-1]
    leeds = next(row for row in table.rows if row[0] == "Leeds")
    assert leeds[1:3] == ("10 (January 2026)", "8 (March 2026)")
    assert "as the plan means it to go" in leeds[3]


def test_an_indicator_without_figures_says_so() -> None:
    empty = series(figures={}, baselines={}, is_example=False)
    found = texts(pieces(content(project(), indicators=[empty]), draft=False), Paragraph)
    assert "No official figure of it is held from before that day." in found
    assert EXAMPLE not in found


def test_an_indicator_with_nothing_but_no_new_data_has_no_chart() -> None:
    none = series(figures={LEEDS: [month(1, None)]}, baselines={}, is_example=False, unit="")
    found = pieces(content(project(), indicators=[none]), draft=False)
    assert not any(isinstance(each, Multiples) for each in found)
    assert "No new data published (January 2026): Leeds." in texts(found, Paragraph)
    assert "Source: us." in texts(found, Paragraph), "what has no unit says none"
    assert EXAMPLE not in texts(found, Paragraph)


# -- few people --------------------------------------------------------------------------------------------------------


def counted(key: str, low: int | None, high: int | None, **more: object) -> dict[str, object]:
    people = dict.fromkeys(("low", "high", "n", "of", "value", "target"))
    people |= {"key": key, "name": key, "basis": "unique people", "low": low, "high": high}
    return people | {"projects_reporting": 1, "projects_due": 1, **more}


def test_a_report_says_no_small_number_of_people() -> None:
    """Out in the way that a statement leaves out, and where one part of its own tables is small."""
    plain = content(project())
    (theme,) = plain["themes"]  # type: ignore[misc] # a list of one
    of = {**theme, "measures": []}
    outcomes = [{**of, "key": key, "measures": [counted("people", low, low)]} for key, low in (("a", 30), ("b", 3))]
    crossing = [{**of, "measures": [counted("people", 30, 30), counted("events", 2, 2, basis="events")]}]
    theme = {**theme, "measures": [counted("people", 30, 33)], "outcomes": outcomes, "crossing": crossing}
    whole = {**plain["total"], "measures": [counted("people", 40, 40), counted("other", 40, 40)]}  # type: ignore[dict-item]
    made = without_small_numbers(content(themes=[theme], total=whole), {("total", "other")})
    (shown,) = made["themes"]

    def out(part: dict[str, Any]) -> list[bool]:
        return [bool(each.get("left_out")) for each in part["measures"]]

    assert out(shown) == [True], "33 less 30"
    assert [out(each) for each in shown["outcomes"]] == [[True], [True]], "all of a table, or nothing"
    assert out(shown["crossing"][0]) == [False, False], "events are no people"
    assert out(made["total"]) == [False, True]
    said = [each for each in pieces(made, draft=False) if isinstance(each, Table)]
    assert any(row[1] == row[-1] == "Left out" for each in said if each.head[0] == "Measure" for row in each.rows)
