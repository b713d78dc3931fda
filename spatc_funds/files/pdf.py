"""A document as tagged PDF (PDF/UA-1, ISO 14289-1), made by typst from a template of our own."""

import json
from dataclasses import replace
from pathlib import Path

import typst

from spatc_funds.files.document import Block, Bullets, Document, Fact, Heading, Paragraph, Table

MIMETYPE = "application/pdf"
MISSING = "Some letters cannot be shown in this PDF. All of them are in the Word copy and on the page."
TEMPLATE = Path(__file__).with_name("document.typ")


def pdf(document: Document) -> bytes:
    """The file's bytes: the same document always gives the same ones.

    The fonts that typst brings have no Arabic script, for one, and the standard refuses a letter that cannot be shown:
    then the file is tagged all the same, and says at its head where every letter can be read.
    """
    try:
        return _made(document, strict=True)
    except typst.TypstError as refused:
        if "could not be displayed" not in str(refused):
            raise
        return _made(replace(document, blocks=[Paragraph(MISSING), *document.blocks]), strict=False)


def _made(document: Document, *, strict: bool) -> bytes:
    data = {"title": document.title, "blocks": [_plain(block) for block in document.blocks]}
    return typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"document": json.dumps(data)},
        pdf_standards=["ua-1"] if strict else None,
        ignore_system_fonts=True,
    )


def _plain(block: Block) -> dict[str, object]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Bullets(lines):
            return {"kind": "bullets", "lines": list(lines)}
        case Fact(label, lines):
            return {"kind": "fact", "label": label, "lines": list(lines)}
        case Table(caption, head, rows, numeric):
            cells = {"head": list(head), "rows": [list(row) for row in rows], "numeric": list(numeric)}
            return {"kind": "table", "caption": caption, **cells}
