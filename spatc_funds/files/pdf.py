"""A document as tagged PDF (PDF/UA-1, ISO 14289-1), and a drawing as pixels, by typst from templates of our own."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import typst

from spatc_funds.files.document import Block, Bullets, Document, Fact, Heading, Paragraph, Picture, Table

MIMETYPE = "application/pdf"
MISSING = "Some letters cannot be shown in this PDF. All of them are in the Word copy and on the page."
TEMPLATE = Path(__file__).with_name("document.typ")
PICTURE = Path(__file__).with_name("picture.typ")
LONGEST_WORD = 1_000  # typst panics where one is longer than 65,535 bytes; nobody reads such a word
_RUN = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
DOTS = 220  # per inch of a drawing that is as wide as the text


def pdf(document: Document) -> bytes:
    """The file's bytes: the same document always gives the same ones.

    The fonts that typst brings have no Arabic script, for one, and the standard refuses a letter that cannot be shown:
    then the file is tagged all the same, and says at its head where every letter can be read. Raises RuntimeError where
    typst gives up.
    """
    try:
        return _made(document, strict=True)
    except typst.TypstError:
        return _made(replace(document, blocks=[Paragraph(MISSING), *document.blocks]), strict=False)


def png(svg: str) -> bytes:
    """A drawing for files that hold no SVG: the bytes of a PNG. Raises TypstError for what is no SVG."""
    return typst.compile(PICTURE, format="png", ppi=DOTS, sys_inputs={"svg": svg}, ignore_system_fonts=True)


def _made(document: Document, *, strict: bool) -> bytes:
    data = {"title": document.title, "blocks": [_plain(block) for block in document.blocks]}
    try:
        return typst.compile(
            TEMPLATE,
            format="pdf",
            sys_inputs={"document": json.dumps(_readable(data))},
            pdf_standards=["ua-1"] if strict else None,
            ignore_system_fonts=True,
        )
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of typst is no Exception, and would end the server
            raise
        message = "typst gave up on this document"
        raise RuntimeError(message) from error


def _readable(data: Any) -> Any:
    """Every text without marks that nobody sees, and with room to break a word that is far too long."""
    if isinstance(data, str):
        return _RUN.sub("\\g<0>\u200b", data.replace("\ufeff", ""))
    if isinstance(data, dict):
        return {key: each if key == "svg" else _readable(each) for key, each in data.items()}
    return [_readable(each) for each in data] if isinstance(data, list) else data


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
