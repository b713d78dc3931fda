"""Every operation leaves its entry: the acts that write are in the log under their own names, and have their words."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from spatc_funds.audit.models import LogChange, LogEntry
from spatc_funds.audit.queries import verify
from spatc_funds.audit.sentences import SENTENCES
from spatc_funds.db.base import Base, db
from spatc_funds.db.session import ACT
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import PERMISSIONS
from spatc_funds.policy.permissions import permit as law
from tests.builders import World
from tests.laws.cast import Cast
from tests.laws.test_names import WRITING

PACKAGE = Path(__file__).parents[2] / "spatc_funds"
# Together they take every step that a story can take.
ALL_STEPS = ("draft-started", "sent-again", "withdrawn", "declined", "late-return", "corrected-return")
# What opens a unit of work; the second is the demo's own, the others those of the panel's views.
OPENING = {"unit_of_work", "acting", "_with_reason", "_act"}
ROOMS = ("accounts", "framework", "applications", "assessment", "awards", "returns", "payments", "publishing")
# Acts that write and that no story of the demo tells, with the reason.
NOT_TOLD = {
    Action.PERSON_SIGN_OUT: "nobody signs out in a story",
    Action.PERSON_SIGN_IN: "writes tries only, which have no entries: who signed in stands in the access log",
    Action.APPLICATION_DELETE: "a deleted draft would leave nothing to show",
    Action.APPLICATION_RESTORE: "no story throws changes away",
    Action.AWARD_DECLINE: "every offer of the demo is accepted or open",
    Action.RETURN_RECALL: "every return of the demo that was sent stays sent",
    Action.RETURN_REVIEW: "the demo's officer accepts at once",
    Action.RETURN_SEND_BACK: "the demo's corrected return was accepted first, and reopened",
    Action.PAYMENT_REFUSE: "every payment of the demo is approved",
    Action.APPLICATION_REMIND: "a command's, run by the clock",
    Action.RETURN_REMIND: "likewise",
    Action.CASE_DROP: "what the demo chose stays chosen",
    Action.REPORT_DELETE: "the demo's draft of a report stays",
    Action.EQUALITY_ANSWER: "optional: no story says who somebody is",
    Action.RESULTS_IMPORT: "a command's, which loads a file",
    Action.FORMAT_ASK: "strangers ask, who are in no story",
    Action.PERSON_ASK_CODE: "stories sign nobody in",
    Action.TEXT_JUDGE: "the likeness of the demo waits to be looked at",
    Action.BID_UNTAG: "the demo's label stays on",
    Action.CALIBRATION_SET: "a calibration would keep back the other bids of a told round",
    Action.CALIBRATION_CLOSE: "likewise",
    Action.FEEDBACK_WRITE: "every group of the demo is told what the assessors wrote",
    Action.INTEREST_REGISTER: "nobody of the stories has a register",
    Action.INTEREST_END: "likewise",
    Action.SEARCH_SAVE: "nobody of the stories keeps a search",
    Action.SEARCH_DELETE: "likewise",
    Action.INDICATOR_LOAD: "a command's",
    Action.MEASURE_EDIT: "the demo counts with the measures as they come",
    Action.MEASURE_CHOOSE: "likewise: its funds come with their lists",
    Action.PLAN_MAKE_CURRENT: "the demo speaks in the published plan",
    Action.MAIL_SEND: "stories send no mail; the worker does",
}


def acts_that_write() -> set[Action]:
    """Every act that is named in a unit of work, anywhere in the product."""
    return {Action[name] for _path, name in units()}


def units() -> Iterator[tuple[Path, str]]:
    """Module and act of each ``unit_of_work(…, Action.X, …)``."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and {getattr(node.func, "id", ""), getattr(node.func, "attr", "")} & OPENING:
                yield from ((path, name) for name in _acts(node))


def _acts(node: ast.Call) -> list[str]:
    return [each.attr for each in node.args if isinstance(each, ast.Attribute) and _is_action(each)]


def _is_action(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action"


def test_every_act_that_writes_has_its_words() -> None:
    assert acts_that_write() == set(SENTENCES)


def test_every_act_of_an_operation_is_an_act_that_writes() -> None:
    """What operations ask the law for is what units of work are named for."""
    asked = set()
    modules = [f"spatc_funds.{room}.{file}" for room in ROOMS for file in WRITING]
    for module in filter(find_spec, modules):
        text = inspect.getsource(import_module(module))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"permit", "move"}:
                asked |= {Action[name] for name in _acts(node)}
    assert asked <= acts_that_write()


def test_every_told_act_is_in_the_log(cast: Cast) -> None:
    with cast.app.app_context():
        logged = set(db.session.scalars(select(LogEntry.action).distinct()))
    expected = {action.value for action in acts_that_write() - set(NOT_TOLD)}
    assert logged == expected


def test_the_log_names_people_for_what_people_do(cast: Cast) -> None:
    """An act that roles may do was done by somebody; one for commands only, by nobody."""
    with cast.app.app_context():
        found = db.session.execute(select(LogEntry.action, LogEntry.actor_id.is_(None)).distinct()).all()
    assert [action for action, nobody in found if nobody and PERMISSIONS[Action(action)]] == []
    assert [action for action, nobody in found if not nobody and not PERMISSIONS[Action(action)]] == []


def test_everything_that_was_written_is_logged(cast: Cast) -> None:
    """Each row of each table that the log covers has an entry that says it was added."""
    quiet = {"sign_in_attempt", "alembic_version"}
    with cast.app.app_context():
        inserted = select(LogChange.table, LogChange.row).where(LogChange.verb == "insert")
        added = {(table, row) for table, row in db.session.execute(inserted)}
        missing = []
        for mapper in Base.registry.mappers:
            table = mapper.local_table
            if not mapper.class_.__module__.startswith("spatc_funds.") or "audit" in mapper.class_.__module__:
                continue
            if table.name in quiet:  # type: ignore[attr-defined] # a mapped table has a name
                continue
            for key in db.session.execute(select(*mapper.primary_key)):
                row = ",".join(str(getattr(part, "value", part)) for part in key)
                missing += [] if (table.name, row) in added else [f"{table.name} {row}"]  # type: ignore[attr-defined]
    assert missing == []


def test_the_chain_is_true(cast: Cast) -> None:
    with cast.app.app_context():
        assert verify().faults == ()


@pytest.mark.parametrize("story", ALL_STEPS)
def test_an_entry_is_named_for_what_was_done(world: World, monkeypatch: pytest.MonkeyPatch, story: str) -> None:
    """Inside a unit of work, operations ask the law for the very act that the unit is named for, and for no other."""
    wrong: set[str] = set()

    def asked(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asks(actor: Any, action: Action, *rest: Any) -> Any:
            act = db.session.info.get(ACT)
            if act is not None and act.action is not action:
                wrong.add(f"{action.value} was done under the name of {act.action.value}")
            return ask(actor, action, *rest)

        return asks

    for room in ROOMS:
        module = import_module(f"spatc_funds.{room}.operations")
        if hasattr(module, "permit"):
            monkeypatch.setattr(module, "permit", asked(law))
    world.tell(story)
    assert wrong == set()
