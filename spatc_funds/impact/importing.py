"""Results of past rounds: what a checked file means here, and writing all of it, or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.applications.models import Application
from spatc_funds.awards.models import (
    AmountRule,
    Award,
    AwardCrossCutting,
    AwardOutcome,
    AwardShare,
    AwardTarget,
    ExpectedReturn,
    Origin,
)
from spatc_funds.core.clock import LONDON
from spatc_funds.core.words import folded, key_of
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.framework.measuring import OWN_PREFIX
from spatc_funds.framework.models import Measure
from spatc_funds.framework.queries import measures as known_measures
from spatc_funds.funds.models import Fund, Round, RoundKind, TaggingRule
from spatc_funds.impact.meaning import Meant, meant
from spatc_funds.impact.results_file import (
    ACCEPTED,
    NOT_STARTED,
    Fault,
    MeasureRow,
    Results,
    Returned,
    Said,
)
from spatc_funds.policy.states import AwardState, ReturnState
from spatc_funds.returns.contents import basis_of
from spatc_funds.returns.models import AcceptedReturn, MonitoringReturn

NOON = time(12)


class ResultsFaultsError(Exception):
    """The file was refused as a whole."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Added:
    """What a file brought that was not there before."""

    projects: int
    returns: int


def import_results(results: Results, at: datetime) -> Added:
    """Write what is not there yet, inside the caller's unit of work.

    What is held already has to be the same: a project with other cells, or an accepted return with other values, is a
    fault. A return that was not accepted takes what the file says now. Raises ResultsFaultsError, with nothing written.
    """
    faults: list[Fault] = list(results.faults)
    measures = _measures(results.measures, faults) if not faults else {}
    if faults:
        raise ResultsFaultsError(faults)
    found = meant(results.projects, measures, _round, faults)
    held, bids = _held(found), _bids(found)
    for each in found:
        if each.row.reference in bids and each.row.reference not in held:
            faults.append(Fault("projects", each.row.row, "project_ref", "this reference belongs to a bid"))
        faults += _against(each, held.get(each.row.reference), measures)
    if faults:
        raise ResultsFaultsError(faults)
    new = {each.row.reference: _award(each) for each in found if each.row.reference not in held}
    db.session.add_all(new.values())
    db.session.flush()
    changed = 0
    for each in found:
        award = new.get(each.row.reference) or held[each.row.reference].award
        begun = held[each.row.reference].returns if each.row.reference in held else {}
        changed += sum(_bring(award, one, begun.get(one.number), measures, at) for one in each.row.returns)
    db.session.flush()
    return Added(len(new), changed)


@dataclass(frozen=True, slots=True)
class _Begun:
    expected: ExpectedReturn
    started: MonitoringReturn | None
    record: AcceptedReturn | None


@dataclass(frozen=True, slots=True)
class _Held:
    award: Award
    returns: Mapping[int, _Begun]


def _measures(rows: Sequence[MeasureRow], faults: list[Fault]) -> dict[str, Measure]:
    """The measures by key, the last version of each; those that the file defines and nobody knew are added."""
    held = {each.key: each for each in known_measures()}
    for row in rows:
        if row.key.startswith(OWN_PREFIX):
            words = f"keys that begin with “{OWN_PREFIX}” are those of groups' own measures: use another one"
            faults.append(Fault("measures", row.row, "measure", words))
            continue
        known = held.get(row.key)
        if known is None:
            place = max((each.position for each in held.values()), default=0) + 1
            held[row.key] = Measure(
                key=row.key,
                version=1,
                name=row.name,
                unit=row.unit,
                basis=row.basis,
                direction="up",
                across_periods=row.across_periods,
                across_projects=row.across_projects,
                is_change=False,
                help="",
                position=place,
            )
            db.session.add(held[row.key])
            continue
        for column in ("name", "unit", "basis", "across_periods", "across_projects"):
            if getattr(known, column) != getattr(row, column):
                words = f"“{row.key}” is known with “{getattr(known, column)}” here"
                faults.append(Fault("measures", row.row, column, words))
    return held


def _round(fund: Fund, name: str) -> Round:
    """A round by its code or a way of naming it (``5``, ``Round 5``); one that was not known enters as history."""
    wanted = folded(name)
    for each in fund.rounds:
        names = {each.code, each.name, each.name.removeprefix("Round ")}
        if wanted in map(folded, names):
            return each
    taken = set(db.session.scalars(select(Round.code)))
    stem = f"{fund.key}-{key_of(name)}".upper()[:36] or fund.key.upper()
    code = next(each for each in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if each not in taken)
    last = db.session.scalar(select(func.max(Round.position)).where(Round.fund_id == fund.id))
    made = Round(
        fund=fund,
        code=code,
        name=name,
        kind=RoundKind.HISTORY,
        position=(last or 0) + 1,
        tagging_rule=TaggingRule.UNKNOWN,
        note="",
        districts=[],
        exclusions=[],
        guidance=[],
        contact="",
    )
    db.session.add(made)
    db.session.flush()
    return made


def import_key(reference: str) -> str:
    """What an imported project is known again by."""
    return hashlib.sha256(f"results {reference}".encode()).hexdigest()


def _held(projects: Sequence[Meant]) -> dict[str, _Held]:
    """The awards that have these references already, with their returns."""
    references = [each.row.reference for each in projects]
    found: dict[str, _Held] = {}
    for start in range(0, len(references), 500):
        awards = db.session.scalars(
            select(Award)
            .where(Award.reference.in_(references[start : start + 500]))
            .options(
                selectinload(Award.shares),
                selectinload(Award.cross_cutting),
                selectinload(Award.other_outcomes),
                selectinload(Award.targets).joinedload(AwardTarget.measure),
                selectinload(Award.expected_returns),
            )
        ).all()
        begun = _begun([each.id for award in awards for each in award.expected_returns])
        for award in awards:
            returns = {each.number: _Begun(each, *begun.get(each.id, (None, None))) for each in award.expected_returns}
            found[award.reference] = _Held(award, returns)
    return found


def _bids(projects: Sequence[Meant]) -> set[str]:
    """Which of these references live bids have: their awards will need them."""
    references = [each.row.reference for each in projects]
    return {
        reference
        for start in range(0, len(references), 500)
        for reference in db.session.scalars(
            select(Application.reference).where(Application.reference.in_(references[start : start + 500]))
        )
    }


def _begun(expected_ids: Sequence[int]) -> dict[int, tuple[MonitoringReturn, AcceptedReturn | None]]:
    rows = db.session.scalars(
        select(MonitoringReturn)
        .where(MonitoringReturn.expected_id.in_(expected_ids))
        .options(selectinload(MonitoringReturn.accepted), joinedload(MonitoringReturn.expected))
    )
    return {each.expected_id: (each, each.accepted[-1] if each.accepted else None) for each in rows}


def _against(each: Meant, held: _Held | None, measures: Mapping[str, Measure]) -> list[Fault]:
    """What of a project is held already, and differs."""
    if held is None:
        return []
    row = each.row
    if held.award.import_key != import_key(row.reference):
        words = "this reference belongs to an award that did not come from such a file"
        return [Fault("projects", row.row, "project_ref", words)]
    if _held_signature(held.award) != each.signature():
        return [Fault("projects", row.row, "project_ref", "this project is held with other cells or targets already")]
    faults = []
    for returned in row.returns:
        begun = held.returns.get(returned.number)
        if begun is None or begun.record is None:
            continue
        if _told(begun.record.content) != _told(_content(row.reference, returned, measures)):
            words = "this return is accepted here with other values, and what is accepted stays"
            faults.append(Fault("returns", returned.row, "return_no", words))
    return faults


def _told(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a return says, whichever version of a measure it was said of: a later one counts the same."""
    return {**content, "values": [{**each, "version": 0} for each in content["values"]]}


def _held_signature(award: Award) -> tuple[object, ...]:
    return (
        award.round_id,
        award.recipient,
        award.recipient_number,
        award.project,
        award.awarded_on,
        award.amount_pence,
        award.imported_paid_pence,
        award.plan_id,
        award.theme_id,
        award.theme_tag,
        award.primary_outcome_id,
        award.no_specific_outcome,
        sorted(each.cross_cutting_theme_id for each in award.cross_cutting),
        sorted(each.outcome_id for each in award.other_outcomes),
        sorted((each.district, each.percent) for each in award.shares),
        sorted((each.measure.key, each.target, each.target_of) for each in award.targets),
    )


def _award(each: Meant) -> Award:
    row = each.row
    return Award(
        reference=row.reference,
        import_key=import_key(row.reference),
        origin=Origin.IMPORTED,
        state=AwardState.IMPORTED,
        round_id=each.asked.id,
        plan_id=each.plan.id if each.plan else None,
        recipient=row.cells["organisation"],
        recipient_number=row.cells["organisation_number"],
        project=row.cells["project"],
        amount_pence=row.awarded_pence,
        amount_rule=AmountRule.NOT_PRINTED if row.awarded_pence is None else AmountRule.EXACT,
        imported_paid_pence=row.paid_pence,
        awarded_on=row.awarded_on,
        theme_tag=each.theme_tag,
        theme_id=each.theme_id,
        primary_outcome_id=each.outcome_id,
        no_specific_outcome=each.no_outcome,
        shares=[AwardShare(district=code, percent=percent) for code, percent in row.shares.items()],
        cross_cutting=[AwardCrossCutting(cross_cutting_theme_id=key) for key in each.crossing],
        other_outcomes=[AwardOutcome(outcome_id=key) for key in each.others],
        targets=[
            AwardTarget(measure_id=key, target=target, target_of=of)
            for key, (_measure, target, of) in each.targets.items()
        ],
    )


def _bring(
    award: Award, returned: Returned, begun: _Begun | None, measures: Mapping[str, Measure], at: datetime
) -> bool:
    """Write one return as the file has it; False where it is held so already."""
    days = {"period_from": returned.period_from, "period_to": returned.period_to, "due_on": returned.due_on}
    expected = begun.expected if begun else ExpectedReturn(number=returned.number, **days)
    if begun is None:
        award.expected_returns.append(expected)
        db.session.flush()
    elif begun.record is not None:
        return False
    same_days = all(getattr(expected, name) == day for name, day in days.items())
    state = begun.started.state.value if begun and begun.started else NOT_STARTED
    if begun and same_days and state == returned.state:
        return False
    for name, day in days.items():
        setattr(expected, name, day)
    if begun and begun.started:
        db.session.delete(begun.started)
        db.session.flush()
    if returned.state != NOT_STARTED:
        _start(award, expected, returned, measures, at)
    return True


def _start(
    award: Award, expected: ExpectedReturn, returned: Returned, measures: Mapping[str, Measure], at: datetime
) -> None:
    accepted_at = at
    if returned.accepted_on is not None:
        accepted_at = datetime.combine(returned.accepted_on, NOON, LONDON).astimezone(UTC)
    made = MonitoringReturn(
        reference=f"{award.reference}-R{returned.number}",
        expected=expected,
        state=ReturnState(returned.state),
        story="",
        sent_at=accepted_at,
    )
    db.session.add(made)
    db.session.flush()
    if returned.state == ACCEPTED:
        content = _content(award.reference, returned, measures)
        sha256 = content_hash(content)
        db.session.add(
            AcceptedReturn(return_id=made.id, number=1, content=content, sha256=sha256, accepted_at=accepted_at)
        )


def _content(reference: str, returned: Returned, measures: Mapping[str, Measure]) -> dict[str, Any]:
    """An imported return as it is frozen: its totals, then its splits, each in the order of measure and split."""
    in_order = sorted(returned.values, key=lambda each: (each.split_by, each.split, each.measure))
    return {
        "reference": f"{reference}-R{returned.number}",
        "award": reference,
        "number": returned.number,
        "period_from": returned.period_from.isoformat(),
        "period_to": returned.period_to.isoformat(),
        "due_on": returned.due_on.isoformat(),
        "accepted_on": returned.accepted_on.isoformat() if returned.accepted_on else None,
        "story": "",
        "spent_pence": None,
        "values": [_value(each, measures[each.measure]) for each in in_order],
    }


def _value(each: Said, measure: Measure) -> dict[str, Any]:
    split = {"split_by": each.split_by, "split": each.split} if each.split_by else {}
    plain = {"measure": measure.key, "version": measure.version, "state": each.state}
    return {**plain, "value": each.value, "value_of": each.value_of, **basis_of(measure), **split}
