"""One document, four forms: nothing of its words is lost in any, whatever they are."""

import io
from datetime import UTC, datetime

import pytest
from docx import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from spatc_funds.files.document import Bullets, Document, Fact, Heading, Paragraph, Picture, Table, plain
from spatc_funds.files.pdf import MISSING, pdf, png
from spatc_funds.files.word import word

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HARD = "#set page() $x$ *b* _i_ @ref \\u{41} <b>&amp; “£8,000” // no comment [a](b) `code` ~ --- =head"
LETTERS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1, max_size=60)


def one(text: str) -> Document:
    return Document(text, [Heading(text), Heading(text, 3), Paragraph(text), Bullets([text, text]), Fact(text, [text])])


def in_word(made: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in WordFile(io.BytesIO(made)).paragraphs)


def in_pdf(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_words_are_never_read_as_source() -> None:
    document = one(HARD)
    assert plain(document).count(HARD) == 8
    assert in_word(word(document, AT)).count(HARD) == 8
    assert squeezed(in_pdf(pdf(document))).count(squeezed(HARD)) == 8


@settings(max_examples=40)
@given(LETTERS)
def test_every_letter_is_in_the_word_file(text: str) -> None:
    assert in_word(word(one(text), AT)).count(text) >= 8


def test_the_pdf_is_tagged_by_the_standard_and_always_the_same() -> None:
    made = pdf(one("Grüße, naïve – “quoted” £8,000"))
    assert made == pdf(one("Grüße, naïve – “quoted” £8,000"))
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in made
    assert reader.metadata
    assert reader.metadata.title == "Grüße, naïve – “quoted” £8,000"


def test_a_letter_that_the_fonts_do_not_have_is_said_and_not_swallowed() -> None:
    document = Document("Copy", [Paragraph("Our street: محفوظ گلیاں 😀")])
    made = pdf(document)
    assert MISSING in " ".join(in_pdf(made).split())
    assert "محفوظ گلیاں 😀" in in_word(word(document, AT))


def test_line_ends_are_kept() -> None:
    document = Document("Copy", [Fact("Answer", ["one\n\ntwo"])])
    assert "one\n\ntwo" in plain(document)
    assert "one\n\ntwo" in in_word(word(document, AT))
    assert "one" in in_pdf(pdf(document)).splitlines()


@pytest.mark.parametrize("level", [2, 3])
def test_headings_are_headings(level: int) -> None:
    made = WordFile(io.BytesIO(word(Document("Copy", [Heading("Part", level)]), AT)))
    assert [(each.text, each.style.name) for each in made.paragraphs] == [  # type: ignore[union-attr]
        ("Copy", "Heading 1"),
        ("Part", f"Heading {level}"),
    ]


TABLE = Table(f"Caption {HARD}", ["Name", HARD], [["One", "£1"], [HARD, ""]], (1,))


def test_a_table_is_a_table_in_word_with_its_caption_and_headings() -> None:
    made = WordFile(io.BytesIO(word(Document("Copy", [TABLE]), AT)))
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [TABLE.head, *TABLE.rows]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert "w:tblHeader" not in table.rows[1]._tr.xml
    assert [each.text for each in made.paragraphs if each.style and each.style.name == "Caption"] == [TABLE.caption]
    assert table.cell(1, 1).paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert table.cell(1, 0).paragraphs[0].alignment is None


def test_a_table_is_tagged_in_the_pdf_and_said_in_plain_text() -> None:
    made = pdf(Document("Copy", [TABLE]))
    assert b"pdfuaid" in made
    assert squeezed(in_pdf(made)).count(squeezed(HARD)) == 3
    assert f"* Name: One; {HARD}: £1" in plain(Document("Copy", [TABLE]))


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 44">
<text x="0" y="14" font-size="14">Leeds: £8,000</text>
<rect x="0" y="20" width="300" height="14" fill="#12436D"/></svg>"""
PICTURE = Picture(f"Finding {HARD}", SVG, f"Words {HARD}")


def test_a_drawing_is_a_picture_with_words_in_word() -> None:
    made = WordFile(io.BytesIO(word(Document("Copy", [PICTURE]), AT)))
    (shape,) = made.inline_shapes
    assert shape._inline.docPr.get("descr") == PICTURE.words
    (image,) = made.part.package.image_parts
    assert image.blob == png(SVG)
    drawn = Image.open(io.BytesIO(image.blob)).convert("RGB")
    assert drawn.width > 1_000
    assert drawn.getpixel((drawn.width // 4, round(27 * drawn.width / 560))) == (0x12, 0x43, 0x6D)
    assert [each.text for each in made.paragraphs if each.style and each.style.name == "Caption"] == [PICTURE.caption]


def test_a_drawing_is_a_figure_with_words_in_the_pdf() -> None:
    made = pdf(Document("Copy", [PICTURE]))
    assert b"pdfuaid" in made
    said = in_pdf(made)
    assert "Leeds: £8,000" in said
    assert squeezed(PICTURE.caption) in squeezed(said)
    objects = PdfReader(io.BytesIO(made)).trailer["/Root"]["/StructTreeRoot"]
    assert alternatives(objects) == [PICTURE.words]


def alternatives(node: object) -> list[str]:
    """What a tagged PDF says in place of what is only seen."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [each for child in node for each in alternatives(child)]
    if isinstance(node, dict):
        return [*([str(node["/Alt"])] if "/Alt" in node else []), *alternatives(node.get("/K", []))]
    return []


def test_a_drawing_is_told_in_plain_text() -> None:
    assert f"{PICTURE.caption}\n[{PICTURE.words}]" in plain(Document("Copy", [PICTURE]))


@pytest.mark.parametrize("word", ["é" * 40_000, "x" * 70_000, "W" * 1_001])
def test_a_word_that_is_far_too_long_ends_no_server(word: str) -> None:
    made = pdf(Document("Copy", [Paragraph(word), Fact("Answer", [f"before {word} after"])]))
    assert b"pdfuaid" in made
    assert squeezed(in_pdf(made)).replace("\u200b", "").count(word[:500]) >= 2


@pytest.mark.parametrize("title", ["\ufeffTitle", "Ti\ufefftle"])
def test_a_mark_that_nobody_sees_stands_in_no_pdf(title: str) -> None:
    made = pdf(Document(title, [Paragraph(title), Heading(title)]))
    assert b"pdfuaid" in made
    assert in_pdf(made).count("Title") == 3


def test_what_typst_cannot_do_is_an_error_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # its own name there
        pass

    def panic(*_args: object, **_more: object) -> bytes:
        raise PanicException

    monkeypatch.setattr("spatc_funds.files.pdf.typst.compile", panic)
    with pytest.raises(RuntimeError, match="gave up"):
        pdf(Document("Copy", [Paragraph("x")]))
