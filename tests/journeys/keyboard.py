"""A person who only has keys; whatever has the focus can be seen to have it."""

from tests.journeys.browsing import Visitor

MOST_TABS = 90

# What has the focus: its name as it is read, and whether anything shows that it has it.
FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const label = it.labels && it.labels.length ? it.labels[0].innerText : it.innerText;
  const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const near = it.type === "checkbox" || it.type === "radio" ? getComputedStyle(it.labels[0], "::before") : style;
  return [label.replace(/\\s+/g, " ").trim(), line || near.boxShadow !== "none", it.tagName];
}"""


class Keyboard:
    """A person who only has keys."""

    def __init__(self, me: Visitor) -> None:
        self.me = me

    def reach(self, name: str, *, last: bool = False) -> None:
        """Tab until this has the focus; ``last``: the one of this name that is nearest to the end of the form."""
        for _ in range(MOST_TABS):
            self.me.page.keyboard.press("Tab")
            label, shown, kind = self.me.page.evaluate(FOCUSED)
            assert shown or kind == "BODY", f"nobody sees that “{label}” has the focus at {self.me.page.url}"
            if label == name and (not last or kind == "BUTTON"):
                return
        raise AssertionError(f"“{name}” is not reached by {MOST_TABS} tabs at {self.me.page.url}")

    def enter(self, name: str, *, last: bool = False) -> None:
        """Reach it and press Enter; another page comes."""
        self.reach(name, last=last)
        with self.me.page.expect_navigation(wait_until="load"):
            self.me.page.keyboard.press("Enter")
        self.me.look()

    def type(self, label: str, text: str) -> None:
        """Reach a box and type."""
        self.reach(label)
        self.me.page.keyboard.type(text)
