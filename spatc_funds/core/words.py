"""Words: how many there are, and how a name becomes a key."""

import re
import unicodedata

_SHAPELESS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and marks by name, blank to the eye
_SPACE = re.compile(r"\s+")
# What \S means to the pages' script (ECMA-262, WhiteSpace and LineTerminator): U+FEFF parts words, U+0085 does not.
_WORD = re.compile("[^\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://\S+|www\.\S+|(?:[a-z0-9-]+\.)+(?:uk|org|com|net|info|eu|gov)(?![\w@])(?:/\S*)?)",
    re.IGNORECASE | re.ASCII,
)
_KEPT = re.compile(r"[^a-z0-9]+")


def count_words(text: str) -> int:
    """Words as the page's counter counts them: runs of anything but white space (one rule for page and server)."""
    return sum(1 for _ in _WORD.finditer(text))


def first_link(text: str) -> str:
    """The first address of the web in a text, as it stands there; empty when there is none. E-mail is no such."""
    found = _LINK.search(text)
    return found[0].rstrip(".,;:!?)’”\"'") if found else ""


def is_blank(text: str) -> bool:
    """Whether nothing in a text can be seen: blanks, controls, and characters without a shape."""
    return all(unicodedata.category(char)[0] in "ZC" or char in _SHAPELESS for char in text)


def key_of(name: str) -> str:
    """``Equality, Diversity and Inclusion`` → ``equality-diversity-and-inclusion``."""
    plain = (
        name.lower()
        .replace("&", " and ")
        .replace(",", "")
        .replace("'", "")
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    return _KEPT.sub("-", plain).strip("-")


def folded(text: str) -> str:
    """Text as it is compared and searched: trimmed, one blank between words, without case."""
    return _SPACE.sub(" ", text).strip().casefold()


def look_alike(text: str) -> str:
    """One for all texts that look the same: no hidden marks, compatible letters, blanks and case folded."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return folded(seen)


def count_of(number: int, one: str, many: str | None = None) -> str:
    """``1 project``, ``3 projects``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
