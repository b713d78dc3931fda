"""Files that come as evidence: told by their content, and photographs made anew from their pixels alone.

What a camera writes beside the picture (place, time, owner) does not survive, nor does anything hidden behind it.
"""

import io
import warnings

from PIL import Image, ImageOps

from spatc_funds.files.uploads import UnreadableFileError

PDF, JPEG, PNG = "pdf", "jpeg", "png"
MOST_BYTES = 5 * 1024 * 1024
MOST_SIDE = 1_600  # of what is kept, in pixels
MOST_PIXELS = {JPEG: 60_000_000, PNG: 12_000_000}
# A picture in many scans is walked through once for each of them, however little stands in it: its size counts that
# often. A camera's has one, with one or two more in the small pictures beside it; one for the web has about ten.
MOST_SCANNED, LEAST_SCANNED = 200_000_000, 1_000_000
LONGEST_PDF_HEAD = 1_024
QUALITY = 85
NOT_ONE = "We can only take a PDF, or a photograph as JPEG or PNG"
BROKEN = "We cannot read this picture. Save it again as a JPEG, and choose it once more"
TOO_LARGE = "This picture has too many pixels. Make it smaller, and choose it again"
START_OF_SCAN, SEGMENT = b"\xff\xda", b"\xff\xe1"
MOST_SEGMENTS = 200  # of metadata: the decoder joins them again and again, and a camera writes a few


def kind_of(content: bytes) -> str:
    """``pdf``, ``jpeg`` or ``png``, told by what the file holds and not by its name. Raises UnreadableFileError."""
    if b"%PDF-" in content[:LONGEST_PDF_HEAD] and b"%%EOF" in content[-LONGEST_PDF_HEAD:]:
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    raise UnreadableFileError(NOT_ONE)


def made_anew(content: bytes, kind: str) -> bytes:
    """A JPEG of the same picture, upright, at most ``MOST_SIDE`` pixels a side, without any of its metadata.

    The header is read first, so that what would unfold to gigabytes is refused at once. Raises UnreadableFileError.
    """
    if kind == JPEG and content.count(SEGMENT) > MOST_SEGMENTS:
        raise UnreadableFileError(BROKEN)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
                _refuse_bombs(content, kind, picture.size)
                picture.draft("RGB", (MOST_SIDE, MOST_SIDE))  # a JPEG is decoded no larger than it has to be
                return _upright(picture)
    except UnreadableFileError:
        raise
    except Exception as error:  # the decoders raise whatever a broken file makes them meet
        raise UnreadableFileError(BROKEN) from error


def _refuse_bombs(content: bytes, kind: str, size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    scans = content.count(START_OF_SCAN) if kind == JPEG else 1
    if pixels > MOST_PIXELS[kind] or max(pixels, LEAST_SCANNED) * scans > MOST_SCANNED:
        raise UnreadableFileError(TOO_LARGE)


def _upright(picture: Image.Image) -> bytes:
    """The pixels alone, on white where they let through."""
    picture.thumbnail((MOST_SIDE, MOST_SIDE))  # first, so that all else works on few pixels
    turned = ImageOps.exif_transpose(picture)
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        over = turned.convert("RGBA")
        plain = Image.new("RGB", turned.size, "white")
        plain.paste(over, mask=over.getchannel("A"))
    else:
        plain = turned.convert("RGB")
    fresh = Image.new("RGB", plain.size)
    fresh.paste(plain)  # a picture of its own: nothing of the other's information comes along
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
