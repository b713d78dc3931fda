"""Returns as officers meet them: which are owed and late, and reading, accepting, giving back."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView
from markupsafe import Markup

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.db import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, decide
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import checks, forms, operations, queries
from spatc_funds.returns.due import standing
from spatc_funds.web.filters import sentence
from spatc_funds.web.guards import allowed, current_actor
from spatc_funds.web.panel import Filter, Gate, Link, RegisterView, expose

CATEGORY = "Returns"
STANDINGS = {word: sentence(word) for word in ("late", "due", "not due", "sent", "accepted")}
MOST_SHOWN = 50
CHANGED = "This return has changed since you opened it. Go back and read it once more."
_TAIL = re.compile(r"-R[0-9]{1,3}$", re.ASCII | re.IGNORECASE)


def today() -> date:
    """The day in London."""
    return london_day(now())


def reference_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> Markup:
    """The return's reference, started or not, on one line."""
    return Markup('<span class="app-nowrap">{}</span>').format(queries.return_reference(row))


def state_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> str:
    """The return's own state in words."""
    return sentence(_state(row))


def standing_of(_view: Any, _context: Any, row: ExpectedReturn, _name: str) -> str:
    """Whether it is late, due, not due, sent or accepted."""
    return sentence(standing(_state(row), row.due_on, today()))


class Returns(RegisterView):
    """Every return that is owed, started or not, and the page of each."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.RETURN_LIST,
        "export": Action.RETURN_LIST,
        "show": Action.RETURN_LIST,
        "accept": Action.RETURN_ACCEPT,
        "send_back": Action.RETURN_SEND_BACK,
        "reopen": Action.RETURN_REOPEN,
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

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One return: promised and actual, what to ask about, earlier versions, and what may be done."""
        return self._page(self._find(Action.RETURN_LIST, reference), forms.ReasonForm())

    @expose("/<ref:reference>/accept", methods=("POST",))
    def accept(self, reference: str) -> ResponseReturnValue:
        """Accept it, which freezes it."""
        found, actor, at = self._find(Action.RETURN_ACCEPT, reference), current_actor(), now()
        _refuse_stale(found, Action.RETURN_ACCEPT)
        with unit_of_work(actor.id, Action.RETURN_ACCEPT, found.expected.award.reference):
            operations.accept(actor, found, at)
        return self._done(reference, f"Return {reference} is accepted.")

    @expose("/<ref:reference>/send-back", methods=("POST",))
    def send_back(self, reference: str) -> ResponseReturnValue:
        """Give it back with what has to be mended."""
        said = f"Return {reference} is sent back. The grantee gets a letter with your reason."
        return self._with_reason(Action.RETURN_SEND_BACK, operations.send_back, reference, said)

    @expose("/<ref:reference>/reopen", methods=("POST",))
    def reopen(self, reference: str) -> ResponseReturnValue:
        """Open an accepted return for correction."""
        said = f"Return {reference} is open for correction. It counts nowhere until then."
        return self._with_reason(Action.RETURN_REOPEN, operations.reopen, reference, said)

    def _with_reason(
        self, action: Action, act: Callable[[Actor, queries.Owed, str, datetime], object], reference: str, said: str
    ) -> ResponseReturnValue:
        """An act that says why."""
        found, actor, at, form = self._find(action, reference), current_actor(), now(), forms.ReasonForm()
        _refuse_stale(found, action)
        if not form.validate():
            return self._page(found, form), 422
        reason = form.reason.data
        try:
            with unit_of_work(actor.id, action, found.expected.award.reference, reason):
                act(actor, found, reason, at)
        except NotReadyError as error:
            form.show(error.problems)
            return self._page(self._find(Action.RETURN_LIST, reference), form), 422
        return self._done(reference, said)

    def _find(self, action: Action, reference: str) -> queries.Owed:
        found = self.load(action, queries.owed, reference)
        # What a group is still writing is its own: officers see a return once it was sent.
        unsent = found.state in {ReturnState.STARTED, ReturnState.NOT_STARTED}
        return queries.Owed(found.expected, None) if unsent else found

    def _done(self, reference: str, message: str) -> ResponseReturnValue:
        flash(message, "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _page(self, found: queries.Owed, form: forms.ReasonForm) -> str:
        started, award = found.started, found.expected.award
        return self.render(
            "returns/review.html",
            list_url=self.get_url(".index_view") if self.may("index_view") else "",
            found=found,
            award=award,
            rows=queries.rows(found),
            remarks=_remarks(found),
            versions=queries.versions(found),
            standing=standing(found.state, found.expected.due_on, today()),
            spent_pence=started.spent_pence if started else None,
            seen=queries.stamp(found),
            form=form,
            may={name: _may(found, action) for name, action in OFFERED.items()},
            why_not=_why_not(found),
        )


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


OFFERED = {
    "accept": Action.RETURN_ACCEPT,
    "send_back": Action.RETURN_SEND_BACK,
    "reopen": Action.RETURN_REOPEN,
}


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        ToDo(name="To read and late", endpoint="panel_owed", url="returns-to-do"),
        Returns(ExpectedReturn, name="All returns", endpoint="panel_returns", url="returns"),
    ]


def _state(row: ExpectedReturn) -> ReturnState:
    states: dict[int, ReturnState] = g.return_states
    return states.get(row.id, ReturnState.NOT_STARTED)


def _remarks(found: queries.Owed) -> list[str]:
    if found.started is None:
        return []
    return checks.remarks(queries.lines(found), found.started.spent_pence, found.expected.award.amount_pence)


def _may(found: queries.Owed, action: Action) -> bool:
    return may_move(found.state, action) and allowed(action, found)


def _why_not(found: queries.Owed) -> str:
    """Why somebody with the role for it may not accept this one, in words."""
    if not may_move(found.state, Action.RETURN_ACCEPT) or not allowed(Action.RETURN_ACCEPT):
        return ""
    return decide(current_actor(), Action.RETURN_ACCEPT, found.subject).reason


def _refuse_stale(found: queries.Owed, action: Action) -> None:
    """Nobody acts on what they have not read. A move that is no longer legal is the operation's to refuse."""
    found = queries.locked(found)
    if may_move(found.state, action) and request.form.get("seen", "") != queries.stamp(found):
        raise IllegalMoveError(CHANGED)
