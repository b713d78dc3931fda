"""A document as a Word file (.docx), with real headings and lists, so that a screen reader finds its way."""

import io
import re
from datetime import datetime

from docx import Document as WordFile
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from spatc_funds.files.document import Block, Bullets, Document, Fact, Heading, Paragraph, Picture, Table
from spatc_funds.files.pdf import png

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TEXT_WIDTH = Cm(15.2)  # between the margins of its usual page
MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(document: Document, at: datetime) -> bytes:
    """The file's bytes; ``at`` is when it says that it was made. What XML cannot hold is left out: nobody sees it."""
    document = Document(_clean(document.title), [_cleaned(block) for block in document.blocks])
    made = WordFile()
    made.core_properties.title, made.core_properties.author = document.title, ""
    made.core_properties.language, made.core_properties.comments = "en-GB", ""
    made.core_properties.created = made.core_properties.modified = at.replace(tzinfo=None)
    _say_language(made)
    made.add_heading(document.title, level=1)
    for block in document.blocks:
        _add(made, block)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _add(made: WordDocument, block: Block) -> None:
    match block:
        case Heading(text, level):
            made.add_heading(text, level=level)
        case Paragraph(text):
            made.add_paragraph(text)
        case Bullets(lines):
            for line in lines:
                made.add_paragraph(line, style="List Bullet")
        case Fact(label, lines):
            paragraph = made.add_paragraph()
            paragraph.add_run(label).bold = True
            for line in lines:
                paragraph.add_run("\n" + line)
        case Table():
            _add_table(made, block)
        case Picture():
            _add_picture(made, block)


def _add_table(made: WordDocument, block: Table) -> None:
    """The caption stands before the table; its first row is said to be headings, and comes again on each page."""
    made.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(block.head), style="Table Grid")
    for line in (block.head, *block.rows):
        cells = table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, line, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = line is block.head or column == 0
            if column in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)  # noqa: SLF001 # python-docx has no name for it
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), block.caption)
    table._tbl.tblPr.append(said)  # noqa: SLF001 # likewise
    made.add_paragraph()


def _add_picture(made: WordDocument, block: Picture) -> None:
    """The caption stands before the drawing, as it does before a table."""
    made.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    shape = made.add_picture(io.BytesIO(png(block.svg)), width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", block.words)  # noqa: SLF001 # python-docx has no name for it


def _cleaned(block: Block) -> Block:
    match block:
        case Heading(text, level):
            return Heading(_clean(text), level)
        case Paragraph(text):
            return Paragraph(_clean(text))
        case Bullets(lines):
            return Bullets([_clean(line) for line in lines])
        case Fact(label, lines):
            return Fact(_clean(label), [_clean(line) for line in lines])
        case Table(caption, head, rows, numeric):
            cleaned = [[_clean(cell) for cell in row] for row in rows]
            return Table(_clean(caption), [_clean(cell) for cell in head], cleaned, numeric)
        case Picture(caption, svg, words):
            return Picture(_clean(caption), _clean(svg), _clean(words))


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _say_language(made: WordDocument) -> None:
    """Every text is British English, also to a screen reader."""
    defaults = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for each in defaults.findall(qn("w:lang")):
        defaults.remove(each)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    defaults.append(language)
