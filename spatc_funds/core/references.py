"""Short references that people can read out: no vowels' look-alikes, and not a running count to the reader."""

import re
import zlib

# Crockford's base 32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 5
SPACE = len(ALPHABET) ** LENGTH
# Odd, so it is coprime to a power of two: every number below SPACE gives another code, and neighbours look unrelated.
STRIDE, OFFSET = 20_201_227, 7_654_321

PATTERN = re.compile(r"[A-Z0-9]{1,12}(?:-[A-Z0-9]{1,12}){1,3}", re.ASCII)


def encode(number: int) -> str:
    """A five-character code, another one for each number from 0 up to 33 million; raises ValueError beyond."""
    if not 0 <= number < SPACE:
        message = "the numbers of this prefix are used up"
        raise ValueError(message)
    mixed = (number * STRIDE + OFFSET) % SPACE
    code = ""
    for _ in range(LENGTH):
        mixed, digit = divmod(mixed, len(ALPHABET))
        code += ALPHABET[digit]
    return code


def reference(prefix: str, number: int) -> str:
    """``EX-MSCF-7K2M9`` from a round's code and a running number; the same number reads otherwise in another round."""
    if not 0 <= number < SPACE:
        message = "the numbers of this prefix are used up"
        raise ValueError(message)
    return f"{prefix}-{encode((number + zlib.crc32(prefix.encode())) % SPACE)}"


def tidy(text: str) -> str | None:
    """A reference as stored from one as typed (case, blanks), or None when it has not the shape of one."""
    found = text.strip().upper()
    return found if PATTERN.fullmatch(found) else None
