"""A document as an answer: Word, tagged PDF or plain text, always as a download."""

from flask import Response

from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError
from spatc_funds.files import pdf, word
from spatc_funds.files.document import Document, plain

KINDS = {"docx": word.MIMETYPE, "pdf": pdf.MIMETYPE, "txt": "text/plain; charset=utf-8"}


def sent_as(document: Document, kind: str, name: str) -> Response:
    """The document as a download ``name.kind``. Raises MissingError for a kind that there is not."""
    if kind not in KINDS:
        raise MissingError
    answer = Response(_bytes(document, kind), content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _bytes(document: Document, kind: str) -> bytes:
    if kind == "docx":
        return word.word(document, clock.now())
    return pdf.pdf(document) if kind == "pdf" else plain(document).encode()
