"""What a return says: as plain values that can be frozen, in words, and against what was said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.measures import MONEY
from spatc_funds.framework.models import Measure
from spatc_funds.policy.states import ReturnState
from spatc_funds.returns import queries
from spatc_funds.returns.checks import REPORTED
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn
from spatc_funds.returns.queries import Owed
from spatc_funds.returns.spending import Line, begun
from spatc_funds.returns.splits import KINDS, Split
from spatc_funds.returns.wording import NOT_ANSWERED, changes, said_of

# Each page of a return, and what of the content it is made from: two pages never take each other's words for a change.
PARTS: Mapping[str, Sequence[str]] = {
    "edit": ("story", "spent_pence", "totals", "may_publish"),
    "people": ("splits",),
    "money": ("lines",),
}


SENT = frozenset({ReturnState.SENT, ReturnState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Row:
    """One promised measure in words: promised, what this return says of it so far, and what the last accepted one did.

    ``last`` is empty where no earlier return is accepted.
    """

    field: str
    name: str
    promised: str
    reported: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One acceptance of a return: its number, when, the start of its hash, what changed, whether it counts now."""

    number: int
    accepted_at: datetime
    sha256: str
    changes: Sequence[str]
    counts: bool
    feedback: str = ""


def rows(found: Owed) -> list[Row]:
    """Promised beside what is typed by now and the last return, in words, in the order of the measures."""
    return rows_of(found, content(found.started) if found.started else None)


def rows_of(found: Owed, said: Mapping[str, Any] | None) -> list[Row]:
    """Promised beside what a content says and the last return, in words, in the order of the measures."""
    told, before = said_of(said) if said else {}, last_said(found)
    return [
        Row(
            queries.field_of(target.measure),
            target.measure.called,
            target.words,
            told.get(target.measure.key, NOT_ANSWERED),
            before.get(target.measure.key, ""),
        )
        for target in queries.targets(found)
    ]


def read_by_officers(found: Owed) -> Mapping[str, Any] | None:
    """What officers read of a return; None where there is nothing yet.

    That is what was sent. What a group is still writing is its own: meanwhile, what it said when it was given back.
    """
    if found.started is None:
        return None
    return content(found.started) if found.state in SENT else found.started.given_back


def changed_since(found: Owed) -> list[str] | None:
    """What was mended since it was given back, in words; None where it was not, or has not come again."""
    started = found.started
    if started is None or started.given_back is None or found.state not in SENT:
        return None
    return changes(started.given_back, content(started), names(found))


def last_said(found: Owed) -> dict[str, str]:
    """What the last accepted return before this one says, by measure, in words; nothing where there is none."""
    before = last_accepted(found)
    return said_of(before.content) if before else {}


def last_accepted(found: Owed) -> AcceptedReturn | None:
    """The record that counts of the nearest earlier return of this award that is accepted now."""
    earlier = earlier_accepted(found)
    return earlier[-1] if earlier else None


def earlier_accepted(found: Owed) -> list[AcceptedReturn]:
    """The records that count of the earlier returns of this award that are accepted now, in order."""
    expected = found.expected
    rows = db.session.execute(
        select(ExpectedReturn.number, AcceptedReturn)
        .join(MonitoringReturn, MonitoringReturn.id == AcceptedReturn.return_id)
        .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
        .where(ExpectedReturn.award_id == expected.award_id, ExpectedReturn.number < expected.number)
        .where(MonitoringReturn.state == ReturnState.ACCEPTED)
        .order_by(ExpectedReturn.number, AcceptedReturn.number)
    )
    return list(dict(rows.all()).values())  # of each return the last one


def standing_record(started: MonitoringReturn) -> AcceptedReturn | None:
    """The frozen record that counts: the last, and only while the return is accepted."""
    return started.accepted[-1] if started.state is ReturnState.ACCEPTED else None


def versions(found: Owed) -> list[Version]:
    """Every acceptance, the newest first."""
    if found.started is None:
        return []
    made: list[Version] = []
    before: AcceptedReturn | None = None
    for each in found.started.accepted:
        changed = changes(before.content, each.content, names(found)) if before else []
        counts = standing_record(found.started) is each
        made.append(Version(each.number, each.accepted_at, each.sha256[:16], changed, counts, each.feedback))
        before = each
    return made[::-1]


def names(found: Owed) -> dict[str, str]:
    """What each promised measure is called, by its key."""
    return {target.measure.key: target.measure.name for target in queries.targets(found)}


def stamp(found: Owed) -> str:
    """What a page was made from: it changes when anything in the return does."""
    if found.started is None:
        return ""
    return content_hash({"state": found.state.value, **content(found.started)})[:16]


def part_stamp(found: Owed, part: str) -> str:
    """What one of a return's pages was made from; the same before anybody began it as when nothing is typed in it."""
    said = _parted(content(found.started)) if found.started else {}
    held = {name: said.get(name) or None for name in PARTS[part]}
    return content_hash({"": part, **held})[:16]


def content(found: MonitoringReturn) -> dict[str, Any]:
    """Everything in a return as plain values: what is frozen when it is accepted."""
    expected = found.expected
    return {
        "reference": found.reference,
        "award": expected.award.reference,
        "number": expected.number,
        "period_from": expected.period_from.isoformat(),
        "period_to": expected.period_to.isoformat(),
        "due_on": expected.due_on.isoformat(),
        "story": found.story,
        "spent_pence": found.spent_pence,
        "may_publish": found.may_publish,
        "values": [
            {
                "measure": each.measure.key,
                "version": each.measure.version,
                "state": each.state.value,
                "value": each.value,
                "value_of": each.value_of,
                **basis_of(each.measure),
            }
            for each in sorted(found.values, key=lambda each: each.measure.position)
        ]
        + _splits(found),
        "lines": _lines(found),
        "files": [
            {"number": each.number, "kind": each.kind.value, "caption": each.caption, "sha256": each.sha256}
            for each in found.files
        ],
    }


def spend_of(said: Mapping[str, Any]) -> list[Line]:
    """The lines of the budget as a content has them; records of before have none."""
    names_of = ("number", "description", "planned_pence", "spent_pence", "why")
    return [Line(*(each[name] for name in names_of)) for each in said.get("lines", ())]


def splits_of(said: Mapping[str, Any], names: Mapping[str, str]) -> list[Split]:
    """Who the people were, as a content has it; measures by their names."""
    totals = {each["measure"]: each["value"] for each in said["values"] if not each.get("split_by")}
    parts: dict[tuple[str, str], dict[str, int]] = {}
    for each in said["values"]:
        if each.get("split_by") in KINDS:
            parts.setdefault((each["measure"], each["split_by"]), {})[each["split"]] = each["value"]
    return [
        Split(measure, names.get(measure, measure), kind, totals[measure], counts)
        for (measure, kind), counts in parts.items()
    ]


def basis_of(measure: Measure) -> dict[str, str]:
    """What a frozen number has to say of its measure so that it is read aright: that it is pence."""
    return {"basis": measure.basis} if measure.basis == MONEY else {}


def _splits(found: MonitoringReturn) -> list[dict[str, Any]]:
    """The parts of each total, as values that name how they part it: whoever adds totals up leaves them out."""
    versions_of = {each.measure.key: each.measure.version for each in found.values}
    return [
        {
            "measure": split.measure,
            "version": versions_of[split.measure],
            "state": REPORTED,
            "value": split.said[part],
            "value_of": None,
            "split_by": split.kind,
            "split": part,
        }
        for split in queries.splits(Owed(found.expected, found))
        for part in KINDS[split.kind].parts
        if part in split.said
    ]


def _lines(found: MonitoringReturn) -> list[dict[str, Any]]:
    """Every line of the budget, once anything was said of one."""
    lines = queries.spend_lines(Owed(found.expected, found))
    if not begun(lines):
        return []
    return [
        {
            "number": line.number,
            "description": line.description,
            "planned_pence": line.planned_pence,
            "spent_pence": line.spent_pence,
            "why": line.why,
        }
        for line in lines
    ]


def _parted(said: dict[str, Any]) -> dict[str, Any]:
    """Totals apart from their parts: they stand on two pages."""
    values = said["values"]
    return said | {
        "totals": [each for each in values if "split_by" not in each],
        "splits": [each for each in values if "split_by" in each],
    }
