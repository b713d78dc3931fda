"""How values are written for people."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from flask import Flask, render_template_string

from spatc_funds.web import filters


class State(StrEnum):
    DUE = "due_soon"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (at(2025, 7, 4, 11), "midday on Friday 4 July 2025"),
        (at(2025, 12, 5, 12), "midday on Friday 5 December 2025"),
        (at(2025, 7, 4, 14, 15), "3:15pm on Friday 4 July 2025"),
        (at(2025, 7, 4, 23), "midnight on Saturday 5 July 2025"),
        (at(2025, 7, 4, 23, 30), "12:30am on Saturday 5 July 2025"),
        (at(2025, 1, 6, 9), "9am on Monday 6 January 2025"),
        (datetime(2025, 7, 4, 7, tzinfo=timezone(timedelta(hours=-4))), "midday on Friday 4 July 2025"),
        (None, "not known"),
    ],
)
def test_a_deadline_is_told_by_londons_clocks(value: datetime | None, shown: str) -> None:
    assert filters.deadline(value) == shown


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        filters.moment(datetime(2025, 7, 4, 12))  # noqa: DTZ001 # a naive one is what is refused


def test_days_and_moments() -> None:
    assert filters.day(date(2025, 7, 4)) == "Friday 4 July 2025"
    assert filters.short_day(at(2025, 7, 4, 23, 30)) == "5 July 2025"
    assert filters.moment(at(2025, 7, 4, 14, 15)) == "4 July 2025 at 3:15pm"
    assert filters.day(None) == filters.short_day(None) == filters.moment(None) == "not known"


def test_pounds() -> None:
    assert (filters.pounds(740_000), filters.pounds(740_050), filters.pounds(0), filters.pounds(None)) == (
        "£7,400",
        "£7,400.50",
        "£0",
        "not known",
    )


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (40, 95, "40 to 95"),
        (40, 40, "40"),
        (1200, None, "1,200"),
        (None, 95, "95"),
        (0, 5, "0 to 5"),
        (None, None, "not known"),
    ],
)
def test_people_range(low: int | None, high: int | None, shown: str) -> None:
    assert filters.people_range(low, high) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.64, "64%"),
        (0, "0%"),
        (1, "100%"),
        (0.001, "under 1%"),
        (0.999, "over 99%"),
        (0.006, "1%"),
        (1.5, "150%"),
        (None, "not known"),
    ],
)
def test_a_percentage_never_rounds_something_to_nothing(share: float | None, shown: str) -> None:
    assert filters.percent(share) == shown


def test_percent_with_digits() -> None:
    assert (filters.percent(0.6412, 1), filters.percent(0.0004, 1), filters.percent(0.9999, 1)) == (
        "64.1%",
        "under 0.1%",
        "over 99.9%",
    )


@pytest.mark.parametrize(
    ("word", "shown"), [("due_soon", "Due soon"), ("sent-back", "Sent back"), (State.DUE, "Due soon"), ("", "")]
)
def test_sentence(word: object, shown: str) -> None:
    assert filters.sentence(word) == shown


def test_paragraphs_escape_and_keep_lines() -> None:
    shown = filters.paragraphs("One <b>\r\ntwo & three\r\n \r\n\r\nfour")
    assert shown == '<p class="govuk-body">One &lt;b&gt;<br>two &amp; three</p>\n<p class="govuk-body">four</p>'
    assert filters.paragraphs(None) == filters.paragraphs(" \n ") == ""


def test_register_gives_every_filter_to_templates() -> None:
    app = Flask(__name__)
    filters.register(app)
    with app.app_context():
        assert (
            render_template_string("{{ 740000 | pounds }} {{ 'a_b' | sentence }} {{ '<i>' | paragraphs }}")
            == '£7,400 A b <p class="govuk-body">&lt;i&gt;</p>'
        )
