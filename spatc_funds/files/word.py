"""A document as a Word file (.docx), with real headings and lists, so that a screen reader finds its way."""

import io
from datetime import datetime

from docx import Document as WordFile
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from spatc_funds.files.document import Block, Bullets, Document, Fact, Heading, Paragraph

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(document: Document, at: datetime) -> bytes:
    """The file's bytes; ``at`` is when it says that it was made."""
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


def _say_language(made: WordDocument) -> None:
    """Every text is British English, also to a screen reader."""
    defaults = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for each in defaults.findall(qn("w:lang")):
        defaults.remove(each)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    defaults.append(language)
