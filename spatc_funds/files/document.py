"""A document as blocks (plain values), and as plain text; ``word`` and ``pdf`` make the other forms of the same."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's own; 2 and 3 part it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; its line ends are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what belongs to it."""

    label: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption: one row of headings, and rows as long as it; the first cell of a row names it.

    ``numeric`` are the columns, counted from 0, that are set to the right, as numbers are.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as the source of an SVG, with its caption; ``words`` is for whoever does not see it."""

    caption: str
    svg: str
    words: str


Block = Heading | Paragraph | Bullets | Fact | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """What it is called, and its blocks in order."""

    title: str
    blocks: Sequence[Block]


def plain(document: Document) -> str:
    """The document as plain text, as somebody may paste it anywhere."""
    parts = [f"{document.title}\n{'=' * len(document.title)}", *(_plain(block) for block in document.blocks)]
    return "\n\n".join(parts) + "\n"


def _plain(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{text}\n{('-' if level == 2 else '.') * len(text)}"
        case Paragraph(text):
            return text
        case Bullets(lines):
            return "\n".join(f"* {line}" for line in lines)
        case Fact(label, lines):
            return "\n".join((f"{label}:", *lines))
        case Table(caption, head, rows):
            told = ("; ".join(f"{name}: {cell}" for name, cell in zip(head, row, strict=True)) for row in rows)
            return "\n".join((caption, *(f"* {line}" for line in told)))
        case Picture(caption, _svg, words):
            return f"{caption}\n[{words}]"
