"""The log as officers read it: who did what to which thing, why, and what changed by it."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import g
from flask_admin.base import BaseView
from sqlalchemy import ColumnElement

from spatc_funds.accounts.queries import all_names
from spatc_funds.audit.models import LogChange, LogEntry
from spatc_funds.audit.sentences import SENTENCES, sentence
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person
from spatc_funds.web.panel import Filter, RegisterView
from spatc_funds.web.panel_formats import label_of

CATEGORY = "The house"
VERBS = {"insert": "Added", "update": "Changed", "delete": "Deleted"}
HASHED = "sha256:"


@dataclass(frozen=True, slots=True)
class Value:
    """One column of a changed row."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that an act wrote; ``values`` is None when they were removed for good (erasure)."""

    title: str
    values: tuple[Value, ...] | None


def who(_view: Any, _context: Any, entry: LogEntry, _name: str) -> str:
    """The person's name today and their number; names are asked for once a request."""
    if entry.actor_id is None:
        return "The service"
    if "log_names" not in g:
        g.log_names = all_names()
    return f"{g.log_names.get(entry.actor_id, 'Somebody')} (person {entry.actor_id})"


def not_barred(actor: Person) -> ColumnElement[bool]:
    """Everything but the bids that a conflict of interest keeps from whoever asks."""
    return LogEntry.subject.not_in(actor.barred)


def what(_view: Any, _context: Any, entry: LogEntry, _name: str) -> str:
    """The act in words; one that is no longer known by its name."""
    return capital(sentence(entry.action)) if entry.action in SENTENCES else entry.action


def capital(text: str) -> str:
    """The text with its first letter capital."""
    return text[:1].upper() + text[1:]


# A sign-in changes nothing: it stands in the access log.
ACTS = {action.value: capital(words) for action, words in SENTENCES.items() if action is not Action.PERSON_SIGN_IN}


def changes_of(entry: LogEntry) -> list[Change]:
    """What the act changed, for reading."""
    return [Change(_title(change), _values(change)) for change in entry.changes]


class Log(RegisterView):
    """Every act, newest first."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.LOG_LIST,
        "details_view": Action.LOG_LIST,
        "export": Action.LOG_LIST,
    }
    can_view_details = can_export = True
    visible = staticmethod(not_barred)
    introduction = (
        "Every change made in the service. No entry can be changed or deleted. "
        "Values can be erased, and the chain still holds."
    )
    details_template = "admin/log.html"
    column_list = ("at", "actor_id", "action", "subject", "reason")
    column_details_list = ["at", "actor_id", "action", "subject", "reason", "hash"]  # each view reads it
    column_labels = {  # each view copies it
        "at": "When",
        "actor_id": "Who",
        "action": "Did what",
        "subject": "To what",
        "hash": "Fingerprint",
    }
    column_formatters = {"actor_id": who, "action": what}  # each view copies it
    column_sortable_list = ("at", "actor_id", "action", "subject")
    column_default_sort = ("at", True)
    column_searchable_list = ("subject", "reason")
    filters: ClassVar[Sequence[Filter]] = (
        Filter("action", LogEntry.action, "Did what", "pick", choices=ACTS),
        Filter("subject", LogEntry.subject, "To what"),
        Filter("from", LogEntry.at, "From", "date", operator.ge),
        Filter("to", LogEntry.at, "To", "date", operator.le),
    )

    def title_of(self, row: LogEntry) -> str:
        """Which entry it is."""
        return f"Log entry {row.id:,}"

    def details_context(self, row: LogEntry) -> dict[str, Any]:
        """What the act changed."""
        return {"changes": changes_of(row)}


def views() -> list[BaseView]:
    """The pages of the house itself."""
    return [Log(LogEntry, name="Log", endpoint="panel_log", url="log")]


def _title(change: LogChange) -> str:
    return f"{VERBS.get(change.verb, change.verb)} {change.table.replace('_', ' ')} {change.row}"


def _values(change: LogChange) -> tuple[Value, ...] | None:
    if change.values is None:
        return None
    return tuple(Value(label_of(name), _said(old), _said(new)) for name, (old, new) in change.values.values.items())


def _said(value: Any) -> str:
    if value is None or value == "":
        return "Nothing"
    text = str(value)
    return "Kept as a fingerprint only" if text.startswith(HASHED) else text
