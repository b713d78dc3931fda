"""One page of a long list that stands whole in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Generic, TypeVar

from flask import abort, request

from spatc_funds.core.problems import MissingError
from spatc_funds.web.panel_filters import WHOLE

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of one page: how many there are in all, the page's number from 1, how many pages, and its first item.

    ``first`` counts from 1; it is 0 where there is nothing.
    """

    items: Sequence[Item]
    count: int
    number: int
    pages: int
    first: int


def page_of(items: Sequence[Item], at_once: int, name: str = "page") -> Page[Item]:
    """The page that the address asks for: 400 for no number, MissingError for one that is not there."""
    asked = request.args.get(name, "1")
    if not WHOLE.fullmatch(asked):
        abort(400)
    number, pages = int(asked), max(1, ceil(len(items) / at_once))
    if number > pages:
        raise MissingError
    begin = (number - 1) * at_once
    return Page(items[begin : begin + at_once], len(items), number, pages, begin + 1 if items else 0)
