"""A panel report as files for others: a page of its own, Word, and tagged PDF."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from spatc_funds.core.clock import LONDON
from spatc_funds.db.digest import content_hash
from spatc_funds.files import pdf, word
from spatc_funds.files.document import Document
from spatc_funds.policy.permissions import Actor
from spatc_funds.publishing import reporting
from spatc_funds.publishing.models import PanelReport
from spatc_funds.publishing.report_document import Bars, Multiples, document, pieces

STYLES = Path("built") / "app.css"


class BrokenReportError(RuntimeError):
    """A frozen report that does not have the hash that it was frozen under."""


def said_by(found: PanelReport, actor: Actor | None = None) -> Mapping[str, Any]:
    """What a report says: the frozen copy, or of a draft what the actor may see of it now.

    Raises BrokenReportError where the frozen copy is no longer what was frozen.
    """
    if found.final is None:
        return reporting.content_of(found, actor)
    if content_hash(found.final.content) != found.final.sha256:
        raise BrokenReportError(f"{found.reference} is not what was made final")
    return found.final.content


def ending_of(found: PanelReport) -> list[str]:
    """What a file says of itself at its end: which report it is, since when it stands, and its hash."""
    final = found.final
    if final is None:
        return [f"Draft of {found.reference}." if found.reference else "Draft that is kept nowhere."]
    day = final.finished_at.astimezone(LONDON)
    return [f"{found.reference}, made final on {day.day} {day:%B %Y}.", f"SHA-256 of what it says: {final.sha256}"]


def document_of(found: PanelReport, content: Mapping[str, Any]) -> Document:
    """What a report says as a document, its charts as drawings."""
    return document(content, _drawn, draft=found.final is None, ending=ending_of(found))


def _drawn(chart: Bars | Multiples) -> str:
    """A chart as SVG, by the shapes that the page has."""
    made = current_app.jinja_env.get_template("publishing/_pictures.html").module
    return str(made.of_multiples(chart) if isinstance(chart, Multiples) else made.of_bars(chart))  # type: ignore[attr-defined] # macros


def write_report(found: PanelReport, folder: Path, at: datetime) -> list[Path]:
    """Write the report into a folder, which is made where it is missing: the files' paths.

    The page needs its style sheet beside it; Word file and PDF stand alone.
    """
    draft, content, ending = found.final is None, said_by(found), ending_of(found)
    name = f"{found.reader}-{found.as_at.isoformat()}{'-draft' if draft else ''}"
    styles = f"{name}.css"
    page = current_app.jinja_env.get_template("publishing/report_file.html").render(
        content=content, pieces=pieces(content, draft=draft), ending=ending, styles=styles
    )
    made = document_of(found, content)
    files = {
        f"{name}.html": page.encode(),
        styles: (Path(current_app.static_folder or "static") / STYLES).read_bytes(),
        f"{name}.docx": word.word(made, at),
        f"{name}.pdf": pdf.pdf(made),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for each, content_bytes in files.items():
        (folder / each).write_bytes(content_bytes)
    return [folder / each for each in files]
