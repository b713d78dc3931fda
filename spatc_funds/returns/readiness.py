"""Everything that stands in the way of sending a return, and everything that an officer should ask about."""

from collections.abc import Mapping
from typing import Any

from spatc_funds.core.clock import london_day
from spatc_funds.core.problems import Problem
from spatc_funds.returns import checks, comparing, contents, queries, spending, splits
from spatc_funds.returns.queries import Owed


def problems(found: Owed) -> list[Problem]:
    """What has to be mended before the saved return can be sent; each names the page and the field."""
    started, needed = found.started, not queries.is_short(found)
    story, spent = (started.story, started.spent_pence) if started else ("", None)
    return [
        *checks.problems(queries.lines(found), story, spent),
        *splits.problems(queries.splits(found), needed=needed),
        *spending.problems(queries.spend_lines(found), spent, queries.virement(found), needed=needed),
    ]


def remarks(found: Owed) -> list[str]:
    """What an officer should ask about before accepting."""
    if found.started is None:
        return []
    return [
        *checks.remarks(queries.lines(found), found.started.spent_pence, found.expected.award.amount_pence),
        *comparing.remarks(_told(found), found.started.spent_pence, _spent_before(found), _dates(found)),
        *spending.remarks(queries.spend_lines(found), queries.virement(found)),
        *spending.fallen(queries.spend_lines(found), _lines_before(found)),
        *splits.remarks(queries.splits(found)),
    ]


def _told(found: Owed) -> list[comparing.Told]:
    """What is reported, beside what the earlier returns said of the same measures."""
    before = [_totals(record.content) for record in contents.earlier_accepted(found)]
    values = {each.measure_id: each.value for each in found.started.values} if found.started else {}
    return [
        comparing.Told(
            name=measure.name,
            basis=measure.basis,
            across_periods=measure.across_periods,
            value=value,
            before=before[-1].get(measure.key) if before else None,
            earlier=sum(said.get(measure.key, 0) for said in before),
        )
        for target in queries.targets(found)
        for measure, value in [(target.measure, values.get(target.measure_id))]
        if value is not None
    ]


def _totals(content: Mapping[str, Any]) -> dict[str, int]:
    return {
        each["measure"]: each["value"]
        for each in content["values"]
        if each["state"] == checks.REPORTED and not each.get("split_by")
    }


def _spent_before(found: Owed) -> int | None:
    before = contents.last_accepted(found)
    return before.content["spent_pence"] if before else None


def _lines_before(found: Owed) -> dict[int, int | None]:
    before = contents.last_accepted(found)
    return {each["number"]: each["spent_pence"] for each in before.content.get("lines", ())} if before else {}


def _dates(found: Owed) -> comparing.Dates | None:
    sent_at = found.started.sent_at if found.started else None
    expected = found.expected
    return comparing.Dates(london_day(sent_at), expected.period_to, expected.due_on) if sent_at else None
