"""Register numbers (pure): their length and their prefix. Whether a register knows them is another question."""

import re

# Companies House: eight characters; two letters say which register and kind.
COMPANY_PREFIXES = frozenset(
    {
        "AC",
        "BR",
        "CE",
        "CS",
        "FC",
        "FE",
        "GE",
        "GN",
        "GS",
        "IC",
        "IP",
        "LP",
        "NA",
        "NC",
        "NF",
        "NI",
        "NL",
        "NO",
        "NP",
        "NR",
        "NV",
        "NZ",
        "OC",
        "OE",
        "PC",
        "R0",
        "RC",
        "RS",
        "SA",
        "SC",
        "SE",
        "SF",
        "SG",
        "SI",
        "SL",
        "SO",
        "SP",
        "SR",
        "SZ",
        "ZC",
    }
)
_CHARITY = re.compile(r"[1-9][0-9]{5,6}", re.ASCII)
_COMPANY = re.compile(r"(?P<prefix>[A-Z]{2}|R0|[0-9]{2})[0-9A-Z]{6}", re.ASCII)


def charity_number(text: str) -> str:
    """A Charity Commission number, six or seven digits; raises ValueError with words for the person."""
    found = text.replace(" ", "")
    if not _CHARITY.fullmatch(found):
        message = "Enter a charity number of 6 or 7 digits, like 1999001"
        raise ValueError(message)
    return found


def company_number(text: str) -> str:
    """A Companies House number of eight characters; seven digits get their leading zero. Raises ValueError."""
    found = text.replace(" ", "").upper()
    if found.isascii() and found.isdigit():
        found = found.zfill(8) if len(found) >= 6 else found  # old numbers are printed without their zeros
    shape = _COMPANY.fullmatch(found)
    plain = shape is not None and found.isdigit()
    if shape is None or not (plain or shape["prefix"] in COMPANY_PREFIXES):
        message = "Enter a company number of 8 characters, like 09999001 or SC123456"
        raise ValueError(message)
    return found


def numbers_in(text: str) -> list[str]:
    """What may be meant by a number of which it is not said whose: a charity's, a company's, or both."""
    found = []
    for read in (charity_number, company_number):
        try:
            found.append(read(text))
        except ValueError:
            continue
    return found
