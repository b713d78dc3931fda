"""A document as tagged PDF (PDF/UA-1, ISO 14289-1), and a drawing as pixels, by typst from templates of our own."""

import json
from dataclasses import replace
from pathlib import Path

import typst

from spatc_funds.files.document import Block, Bullets, Document, Fact, Heading, Paragraph, Picture, Table

MIMETYPE = "application/pdf"
MISSING = "Some letters cannot be shown in this PDF. All of them are in the Word copy and on the page."
TEMPLATE = Path(__file__).with_name("document.typ")
PICTURE = Path(__file__).with_name("picture.typ")
DOTS = 220  # per inch of a drawing that is as wide as the text


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


def png(svg: str) -> bytes:
    """A drawing for files that hold no SVG: the bytes of a PNG. Raises TypstError for what is no SVG."""
    return typst.compile(PICTURE, format="png", ppi=DOTS, sys_inputs={"svg": svg}, ignore_system_fonts=True)


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
        case Picture(caption, svg, words):
            return {"kind": "picture", "caption": caption, "svg": svg, "words": words}
