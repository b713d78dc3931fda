"""Phone numbers, e-mail and web addresses inside a line of the plan's directory (pure), so that they can be links."""

import re
from dataclasses import dataclass
from typing import Literal

# Numbers as they are printed in the plan: 116 123, 999, 101, and those that begin with 0. "24 hours" is none.
_FOUND = re.compile(
    r"(?P<tel>\b(?:116 [0-9]{3}|999|101|0[0-9]{1,4}(?: ?[0-9]{2,5}){1,5})\b)|(?P<mailto>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<site>\b[\w-]+(?:\.[\w-]+)*\.(?:uk|org|com)\b(?:/[\w-]+)*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: words, or something that can be called, written to or opened, as printed."""

    text: str
    kind: Literal["words", "tel", "mailto", "site"] = "words"

    @property
    def href(self) -> str:
        """``tel:08088029999``; empty for words."""
        if self.kind == "words":
            return ""
        return f"https://{self.text}" if self.kind == "site" else f"{self.kind}:{self.text.replace(' ', '')}"


def parts(line: str) -> list[Part]:
    """The line in pieces that together say just what it says."""
    found, end = [], 0
    for match in _FOUND.finditer(line):
        if match.start() > end:
            found.append(Part(line[end : match.start()]))
        found.append(Part(match[0], "tel" if match["tel"] else "mailto" if match["mailto"] else "site"))
        end = match.end()
    if end < len(line):
        found.append(Part(line[end:]))
    return found
