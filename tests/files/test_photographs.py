"""Photographs: told by content, made anew without what stood beside the pixels, bombs refused at once."""

import io
import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from spatc_funds.files.photographs import JPEG, MOST_PIXELS, MOST_SIDE, PDF, PNG, kind_of, made_anew
from spatc_funds.files.uploads import UnreadableFileError

SECRET = b"CANARY-WHERE-AND-WHO"
PAPER = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def jpeg(size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(out, "JPEG", **more)
    return out.getvalue()


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", **more)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def many_scans() -> bytes:
    whole = jpeg((3_000, 3_000), progressive=True)
    start = whole.rindex(b"\xff\xda")
    return whole[:start] + whole[start:-2] * 3_000 + b"\xff\xd9"


def empty_scans() -> bytes:
    """A plain picture with thousands of scans that hold nothing: each is walked through whole all the same."""
    whole = jpeg((3_000, 3_000))
    start = whole.rindex(b"\xff\xda")
    head = whole[start : start + 2 + int.from_bytes(whole[start + 2 : start + 4])]
    return whole[:-2] + head * 4_000 + b"\xff\xd9"


@pytest.mark.parametrize(("content", "kind"), [(PAPER, PDF), (b"\n" + PAPER, PDF), (jpeg(), JPEG), (png(), PNG)])
def test_the_content_tells_what_it_is(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 without an end",
        b"GIF89a" + bytes(30),
        b"<svg onload=alert(1)>",
        b"PK\x03\x04",
        b"MZ",
        b"\xff\xd8",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="PDF, or a photograph as JPEG or PNG"):
        kind_of(content)


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (53.0, 48.0, 0.0)}
    beside = jpeg(exif=exif.tobytes(), comment=SECRET, icc_profile=SECRET)
    notes = PngInfo()
    notes.add_text("Author", SECRET.decode())
    for content, kind in ((beside, JPEG), (png(pnginfo=notes, exif=exif.tobytes()), PNG), (beside + SECRET, JPEG)):
        assert SECRET in content
        made = made_anew(content, kind)
        assert SECRET not in made
        with Image.open(io.BytesIO(made)) as found:
            assert found.format == "JPEG"
            assert dict(found.getexif()) == {}
            assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_stands_upright_and_is_not_too_large() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    with Image.open(io.BytesIO(made_anew(jpeg((3_200, 800), exif=exif.tobytes()), JPEG))) as found:
        assert found.size == (MOST_SIDE // 4, MOST_SIDE)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_png_becomes_a_jpeg(mode: str) -> None:
    with Image.open(io.BytesIO(made_anew(png(mode=mode), PNG))) as found:
        assert (found.mode, found.size) == ("RGB", (60, 40))


def test_what_lets_through_stands_on_white() -> None:
    with Image.open(io.BytesIO(made_anew(png(mode="RGBA"), PNG))) as found:
        assert found.getpixel((5, 5)) == (255, 255, 255)


BOMBS = {
    "a header of gigabytes": (png_of(50_000, 50_000, chunk(b"IDAT", zlib.compress(bytes(10**6)))), PNG),
    "just above the limit": (png_of(4_000, MOST_PIXELS[PNG] // 4_000 + 1), PNG),
    "text that unfolds": (png_of(9, 9, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(2 * 10**8)))), PNG),
    "a profile that unfolds": (png_of(9, 9, chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(2 * 10**8)))), PNG),
    "thousands of scans": (many_scans(), JPEG),
    "thousands of empty scans": (empty_scans(), JPEG),
    "cut off": (jpeg((900, 900))[:600], JPEG),
    "another kind inside": (b"\xff\xd8\xff" + png(), JPEG),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_refused_within_a_second(name: str) -> None:
    content, kind = BOMBS[name]
    began = time.process_time()
    with pytest.raises(UnreadableFileError):
        made_anew(content, kind)
    assert time.process_time() - began < 1


@given(st.binary(max_size=300), st.sampled_from([JPEG, PNG]), st.booleans())
def test_no_bytes_raise_anything_else(content: bytes, kind: str, whole: bool) -> None:  # noqa: FBT001 # drawn
    start = {JPEG: jpeg(), PNG: png()}[kind]
    try:
        made = made_anew(start[: None if whole else 40] + content, kind)
    except UnreadableFileError:
        return
    assert made.startswith(b"\xff\xd8\xff")
