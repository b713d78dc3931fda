"""Returns as officers meet them: which are owed and late, and reading, accepting, giving back."""

import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import g
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView
from markupsafe import Markup

from spatc_funds.awards.models import Award, ExpectedReturn
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import queries
from spatc_funds.returns.due import standing
from spatc_funds.returns.models import CaseStudy
from spatc_funds.returns.panel_review import Review, today
from spatc_funds.returns.panel_watched import Cases, Watched
from spatc_funds.web.filters import sentence
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Filter, Gate, Link, RegisterView, expose

CATEGORY = "Returns"
STANDINGS = {queries.OPEN: "Late, due or to read"}
STANDINGS |= {word: sentence(word) for word in ("late", "due", "not due", "sent", "accepted")}
MOST_SHOWN = 50
_TAIL = re.compile(r"-R[0-9]{1,3}$", re.ASCII | re.IGNORECASE)


def reference_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> Markup:
    """The return's reference, started or not, on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(queries.return_reference(row))


def state_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> str:
    """The return's own state in words."""
    return sentence(_state(row))


def standing_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> str:
    """Whether it is late, due, not due, sent or accepted."""
    return sentence(standing(_state(row), row.due_on, today()))


class Returns(Review, RegisterView):
    """Every return that is owed, started or not, and the page of each."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.RETURN_LIST,
        "export": Action.RETURN_LIST,
        "show": Action.RETURN_LIST,
        "download_file": Action.RETURN_LIST,
        "review": Action.RETURN_REVIEW,
        "accept": Action.RETURN_ACCEPT,
        "send_back": Action.RETURN_SEND_BACK,
        "reopen": Action.RETURN_REOPEN,
        "choose": Action.CASE_CHOOSE,
        "drop": Action.CASE_DROP,
    }
    can_export = True
    visible = staticmethod(queries.visible_owed)
    introduction = "Every return that funded projects owe, whether anybody has started it or not."
    column_list = ("reference", "award.recipient", "award.project", "due_on", "standing", "state")
    column_labels = {  # each view copies it
        "award.recipient": "Organisation",
        "award.project": "Project",
        "due_on": "Due",
        "award.reference": "Reference",
        "state": "Where it is",
    }
    column_formatters = {  # each view copies it
        "reference": reference_of,
        "standing": standing_of,
        "state": state_of,
    }
    column_sortable_list = (("reference", "award.reference"), "award.recipient", "award.project", "due_on")
    column_default_sort = "due_on"
    column_searchable_list = ("award.reference", "award.recipient", "award.project")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("standing", None, "Standing", "pick", lambda _, word: queries.stands(word, today()), STANDINGS),
        Filter("state", None, "Where it is", "pick", lambda _, word: queries.has_state(ReturnState(word)), ReturnState),
        Filter("round", "award.round.code", "Round", "pick", choices=queries.round_choices),
        Filter("from", ExpectedReturn.due_on, "Due from", "date", operator.ge),
        Filter("to", ExpectedReturn.due_on, "Due to", "date", operator.le),
    )

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """The rows, and in one query the state of those that were started."""
        found: Any = super().get_list(*args, **kwargs)
        g.return_states = queries.states([row.id for row in found[1]])
        return found

    def row_link(self, row: ExpectedReturn) -> str | None:
        """The page of the return."""
        return self.get_url(".show", reference=queries.return_reference(row))

    def links(self) -> Sequence[Link]:
        """The other list."""
        return (Link("Returns to read and to ask for", self.get_url("panel_owed.index")),)

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        """Find a return by its whole reference too: the award's, without the part that numbers the return."""
        words = " ".join(_TAIL.sub("", word) for word in search.split())
        return super()._apply_search(query, count_query, joins, count_joins, words)


class ToDo(Gate):
    """What waits for an officer: returns to read, late ones to ask for, ones that fall due soon."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.RETURN_LIST}
    PARTS: ClassVar[Sequence[tuple[str, str, str]]] = (
        ("sent", "To read", "No return waits to be read."),
        ("late", "Late", "No return is late."),
        ("due", "Due in the next 28 days", "No return falls due in the next 28 days."),
    )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Three short lists, each leading to the whole."""
        parts = []
        for word, heading, none in self.PARTS:
            count, found = queries.owed_that_are(current_actor(), word, today(), MOST_SHOWN)
            whole = self.get_url("panel_returns.index_view", standing=word)
            parts.append({"heading": heading, "none": none, "count": count, "found": found, "url": whole})
        return self.render("returns/to_do.html", parts=parts)


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        ToDo(name="To read and late", endpoint="panel_owed", url="returns-to-do"),
        Returns(ExpectedReturn, name="All returns", endpoint="panel_returns", url="returns"),
        Watched(Award, name="How awards stand", endpoint="panel_watched", url="watched-awards"),
        Cases(CaseStudy, name="Case studies", endpoint="panel_cases", url="case-studies"),
    ]


def _state(row: ExpectedReturn) -> ReturnState:
    states: dict[int, ReturnState] = g.return_states
    return states.get(row.id, ReturnState.NOT_STARTED)
