"""What the next page says beyond words: where it was done, or with the way to take it back."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import flash


class Undo(NamedTuple):
    """What is undone (said after the button's word), and the form that does it: its address and what it sends."""

    what: str
    url: str
    fields: Mapping[str, str]


def flash_at(words: str, place: str) -> None:
    """Say that an act is done, above the page and at the part of it with this id, where the person is led."""
    flash({"words": words, "place": place}, "success")  # type: ignore[arg-type] # the session keeps it as it is


def flash_undo(words: str, undo: Undo) -> None:
    """Say that an act is done, beside a button that takes it back."""
    flash({"words": words, "undo": undo._asdict()}, "success")  # type: ignore[arg-type] # the session keeps it as it is
