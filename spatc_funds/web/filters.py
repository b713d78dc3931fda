"""How values are written for people, as Jinja filters: money, days, moments, shares, states, plain text."""

from datetime import date, datetime, time

from flask import Flask
from markupsafe import Markup, escape

from spatc_funds.core.clock import LONDON
from spatc_funds.core.money import format_pounds
from spatc_funds.core.places import DISTRICTS
from spatc_funds.web.stacked import stacked

NOT_KNOWN = "not known"


def register(app: Flask) -> None:
    """Give every filter to the app's templates."""
    in_words = (pounds, day, short_day, deadline, moment, clock, people_range, percent, sentence, paragraphs, place)
    for filter_ in (*in_words, stacked):
        app.add_template_filter(filter_)


def pounds(pence: int | None) -> str:
    """``£7,400`` or ``£7,400.50`` from whole pence; None is ``not known``."""
    return NOT_KNOWN if pence is None else format_pounds(pence)


def day(value: date | None) -> str:
    """``Friday 4 July 2025``."""
    return NOT_KNOWN if value is None else f"{_on(value):%A} {short_day(value)}"


def place(key: str) -> str:
    """A district by its GSS code; any other text as it is."""
    return DISTRICTS.get(key, key)


def short_day(value: date | None) -> str:
    """``4 July 2025``."""
    return NOT_KNOWN if value is None else f"{_on(value).day} {_on(value):%B %Y}"


def clock(value: datetime) -> str:
    """``midday``, ``midnight``, ``3:15pm`` or ``3pm``, as London's clocks show an aware moment."""
    at = _london(value).time().replace(second=0, microsecond=0)
    if at in (time(12), time(0)):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at.hour < 12 else 'pm'}"


def deadline(value: datetime | None) -> str:
    """``midday on Friday 4 July 2025`` from an aware moment."""
    return NOT_KNOWN if value is None else f"{clock(value)} on {day(value)}"


def moment(value: datetime | None) -> str:
    """``4 July 2025 at 3:15pm`` from an aware moment."""
    return NOT_KNOWN if value is None else f"{short_day(value)} at {clock(value)}"


def people_range(low: int | None, high: int | None = None) -> str:
    """``40 to 95``; one number when both are the same or one is not known."""
    ends = [f"{end:,}" for end in (low, high) if end is not None]
    return " to ".join(dict.fromkeys(ends)) or NOT_KNOWN


def percent(share: float | None, digits: int = 0) -> str:
    """``64%`` from 0.64: a share, not a hundredfold. A little is never shown as 0%, nor not quite all as 100%."""
    if share is None:
        return NOT_KNOWN
    shown = f"{share:.{digits}%}"
    least = f"{10 ** -(digits + 2):.{digits}%}"
    if share > 0 and shown == f"{0:.{digits}%}":
        return f"under {least}"
    return f"over {1 - 10 ** -(digits + 2):.{digits}%}" if share < 1 and shown == f"{1:.{digits}%}" else shown


def sentence(word: object) -> str:
    """``Due soon`` from ``due_soon``, ``due-soon`` or an enum of either."""
    text = str(getattr(word, "value", word)).replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def paragraphs(text: object) -> Markup:
    """Plain text as escaped ``<p>`` with ``<br>``; a blank line ends a paragraph."""
    blocks: list[list[str]] = [[]]
    for line in ("" if text is None else str(text)).splitlines():
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return Markup("\n").join(
        Markup('<p class="govuk-body">{}</p>').format(Markup("<br>").join(escape(line) for line in block))
        for block in blocks
        if block
    )


def _london(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "a moment needs its time zone"
        raise ValueError(message)
    return value.astimezone(LONDON)


def _on(value: date) -> date:
    return _london(value).date() if isinstance(value, datetime) else value
