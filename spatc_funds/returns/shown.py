"""What every page of a return for its grantee shares."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.core.clock import london_day
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import contents, queries, readiness, splits
from spatc_funds.returns.due import answer_by
from spatc_funds.returns.keeping import MAIN, Differences, Page, offered
from spatc_funds.returns.splits import KINDS
from spatc_funds.web.guards import allowed, wants_json

CONFLICT, UNPROCESSABLE = 409, 422
STEPS: Mapping[str, str] = {"s-": "people", "line-": "money", "file-": "files"}  # of a field, by how its name begins
BACK = frozenset({ReturnState.SENT_BACK, ReturnState.STARTED})  # taken back again, it is still to be mended


def common(found: queries.Owed) -> dict[str, Any]:
    """The return, its award, what it says, what it was made from, and whether something is to be mended."""
    started = found.started
    back = started is not None and found.state in BACK and bool(started.sent_back_reason or started.questions)
    return {
        "found": found,
        "award": found.expected.award,
        "rows": contents.rows(found),
        "seen": contents.stamp(found),
        "spend": [] if started is None or not started.lines else queries.spend_lines(found),
        "splits": [split for split in queries.splits(found) if split.said],
        "sent_back": back,
        "asked": started.questions if started is not None and back else (),
        "question_url": lambda question: address_of(found, step_of(question.field)) + _anchor(question.field),
        "answer_by": _answer_by(found),
    }


def _answer_by(found: queries.Owed) -> date | None:
    """By when the grantee hears; None where nothing waits."""
    if found.started is None or found.state is not ReturnState.SENT or found.started.sent_at is None:
        return None
    return answer_by(london_day(found.started.sent_at), found.expected.award.round.feedback_days)


def step_of(field: str) -> str:
    """The page on which a field stands that an officer asks about."""
    return next((step for prefix, step in STEPS.items() if field.startswith(prefix)), MAIN.step)


def _anchor(field: str) -> str:
    """The box that answers a question; of the parts of people the first one, of a file none."""
    kind = next((kind for kind in KINDS if step_of(field) == splits.STEP and field.endswith(f"-{kind}")), None)
    first = f"-{next(iter(KINDS[kind].parts))}" if kind else ""
    return "" if step_of(field) == "files" else f"#{field}{first}"


def address_of(found: queries.Owed, step: str) -> str:
    """The page on which something is mended."""
    addresses = {
        "files": url_for("returns.evidence", reference=found.reference),
        "people": url_for("returns.people", reference=found.reference),
        "money": url_for("returns.money", reference=found.reference),
    }
    return addresses.get(step, url_for("returns.edit", reference=found.reference))


def tasks_of(found: queries.Owed) -> list[dict[str, str]]:
    """The pages of the return with how far each is; nothing where there is only one."""
    pages, wrong = offered(found), {each.step for each in readiness.problems(found)}
    asked = {step_of(each.field) for each in common(found)["asked"]}
    return [_task(found, page, wrong, asked) for page in pages] if len(pages) > 1 else []


def _task(found: queries.Owed, page: Page, wrong: Collection[str], asked: Collection[str]) -> dict[str, str]:
    optional = page is not MAIN and queries.is_short(found)
    status, colour = "You can leave this out" if optional else "Done", ""
    if page.step in asked:
        status, colour = "We ask about this", "orange"
    if page.step in wrong:
        status, colour = "To do", "grey"
    return {"label": page.label, "url": address_of(found, page.step), "status": status, "colour": colour}


def again(found: queries.Owed) -> queries.Owed:
    """The same return as it is saved now."""
    return queries.owed(found.reference) or found


def may(found: queries.Owed, action: Action) -> bool:
    """Whether a page offers an act."""
    return may_move(found.state, action) and allowed(action, found)


def conflict(found: queries.Owed, differences: Differences, reason: str) -> ResponseReturnValue:
    """What was typed beside what is saved by now, so that neither is lost; a script is told only that it is so."""
    if wants_json():
        return jsonify(overtaken=True), CONFLICT
    page = render_template(
        "errors/409.html",
        title="This return has changed",
        reason=reason,
        versions=differences,
        return_url=url_for("returns.show", reference=found.reference),
    )
    return page, CONFLICT
