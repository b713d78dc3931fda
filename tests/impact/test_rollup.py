"""The roll-up: every figure equals itself recomputed from the leaves, and every partition sums to the whole."""

from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatc_funds.core.places import DISTRICTS
from spatc_funds.framework.measures import Rolled, Rule
from spatc_funds.impact.rollup import (
    NONE,
    NOT_TAGGED,
    YEAR_NOT_KNOWN,
    Figures,
    MeasureFigure,
    Part,
    Project,
    Return,
    RollUp,
    Share,
    Target,
    Value,
    accepted_by,
    as_json,
    cross_keys,
    figures,
    grouped,
    money,
    plain,
    project_figure,
    reports,
)

AS_AT = date(2026, 6, 30)
LATER = AS_AT + timedelta(days=1)
PEOPLE = Rule("people", "People reached", "unique people", "sum", "range")
EVENTS = Rule("events", "Events held", "events", "sum", "sum")
SAFER = Rule("safer", "Feel safer", "n-of-m", "latest", "n-of-m")
STOCK = Rule("stock", "Volunteers", "items", "latest", "sum")
PEAK = Rule("peak", "Busiest month", "attendances", "highest", "sum")
SCORE = Rule("score", "Mean score", "score", "mean", "none")
RULES = (PEOPLE, EVENTS, SAFER, STOCK, PEAK, SCORE)
THEMES = ("keeping-people-safe", "safer-places", "other-priority", NOT_TAGGED)
OUTCOMES = ("people-feel-safe", "less-reoffending", "no-specific-outcome", NOT_TAGGED)
YEARS = ("2024-25", "2025-26", YEAR_NOT_KNOWN)
CROSS = ("early-intervention", "diversity", "victims")
WHOLE = Part("total", "All projects")
PLACES = (*sorted(DISTRICTS), NOT_TAGGED)
DISTRICT = "district"
LEEDS, BRADFORD, WAKEFIELD = "E08000035", "E08000032", "E08000036"

DATES = st.dates(AS_AT - timedelta(days=40), AS_AT + timedelta(days=40))
COUNT = st.integers(0, 60)


def parts(*keys: str) -> list[Part]:
    """Parts by their keys, named alike."""
    return [Part(key, key) for key in keys]


# Totals of every measure, splits by district, and a split that is none of the roll-up's business.
SPLITS = (None, None, None, ("district", LEEDS), ("district", BRADFORD), ("age band", "under 18"))
ROWS = st.lists(
    st.tuples(st.sampled_from(RULES), st.sampled_from(SPLITS), COUNT, COUNT), max_size=6, unique_by=lambda row: row[:2]
)
SHARES = st.dictionaries(st.sampled_from(sorted(DISTRICTS)), st.integers(1, 100), min_size=1, max_size=3)


def values(rows: list[tuple[Rule, tuple[str, str] | None, int, int]]) -> tuple[Value, ...]:
    """What one return says; only n-of-m measures have a denominator."""
    return tuple(
        Value(rule.key, count, of if rule.across_projects == "n-of-m" else None, *(split or (None, None)))
        for rule, split, count, of in rows
    )


@st.composite
def projects(draw: st.DrawFn) -> list[Project]:
    """Up to three projects of every kind, with up to three returns for periods of their own."""

    def returned(number: int) -> Return:
        end = date(2025, 12, 31) + timedelta(days=30 * number)
        return Return(f"{number}", number, end, draw(DATES), draw(st.none() | DATES), values(draw(ROWS)))

    def project(number: int) -> Project:
        return Project(
            reference=f"EX-{number}",
            name=f"Project {number}",
            theme=draw(st.sampled_from(THEMES)),
            outcome=draw(st.sampled_from(OUTCOMES)),
            year=draw(st.sampled_from(YEARS)),
            awarded_pence=draw(st.none() | st.integers(1, 10**9)),
            paid_pence=draw(st.none() | st.integers(0, 10**9)),
            cross_cutting=tuple(draw(st.lists(st.sampled_from(CROSS), unique=True))),
            districts=draw(st.none() | SHARES),
            targets=tuple(
                Target(rule.key, number + 5) for rule in draw(st.lists(st.sampled_from(RULES), max_size=3, unique=True))
            ),
            returns=tuple(returned(each) for each in range(1, draw(st.integers(0, 3)) + 1)),
        )

    return [project(number) for number in range(draw(st.integers(0, 3)))]


# The roll-up told a second time, from the leaves, with no part of the first.


def leaves(project: Project, key: str, as_at: date, district: str | None = None) -> list[tuple[date, int, int | None]]:
    """The rows of one measure in the accepted returns of one project: those of the district, or of the whole."""
    accepted = [each for each in project.returns if each.accepted_on is not None and not each.accepted_on > as_at]
    kept = []
    for each in accepted:
        said = [value for value in each.values if value.measure == key]
        placed = [value for value in said if value.split_by == "district"]
        whole = [value for value in said if value.split_by is None]
        mine = [value for value in placed if value.split == district] if district and placed else whole
        kept += [(each.period_to, value) for value in mine]
    return sorted(((day, value.value, value.value_of) for day, value in kept), key=lambda row: row[0])


def figure_of(rule: Rule, rows: list[tuple[date, int, int | None]]) -> tuple[Fraction, Fraction | None] | None:
    """One project's numerator and denominator."""
    if not rows:
        return None
    columns = [[row[1] for row in rows], [row[2] for row in rows if row[2] is not None]]
    over: list[Fraction | None] = []
    for column in columns:
        if not column:
            over.append(None)
        elif rule.across_periods == "sum":
            over.append(Fraction(sum(column)))
        elif rule.across_periods == "latest":
            over.append(Fraction(column[-1]))
        elif rule.across_periods == "highest":
            over.append(Fraction(max(column)))
        else:
            over.append(Fraction(sum(column), len(column)))
    assert over[0] is not None
    return over[0], over[1]


def naive_measure(rule: Rule, chosen: list[Project], as_at: date, district: str | None = None) -> dict[str, Any] | None:
    """A measure of the contract, or None where it does not appear."""
    found = [figure for each in chosen if (figure := figure_of(rule, leaves(each, rule.key, as_at, district)))]
    promised = [each for each in chosen if rule.key in {target.measure for target in each.targets}]
    if not found and not promised:
        return None
    told: dict[str, Any] = dict.fromkeys(["low", "high", "n", "of", "value", "target"])
    counts = [value for value, _ in found]
    if found and rule.across_projects == "range":
        told |= {"low": max(counts), "high": sum(counts)}
    if found and rule.across_projects == "n-of-m":
        told |= {"n": sum(counts), "of": sum(of for _, of in found if of is not None)}
    if found and rule.across_projects == "sum":
        told["value"] = sum(counts)
    if promised and rule.across_projects in ("sum", "range"):
        of_measure = [target for each in promised for target in each.targets if target.measure == rule.key]
        told["target"] = sum(target.target for target in of_measure)
    owing = [each for each in promised if [one for one in each.returns if one.due_on <= as_at]]
    same = {"key": rule.key, "name": rule.name, "basis": rule.basis}
    return same | told | {"projects_reporting": len(found), "projects_due": len(owing)}


def naive(chosen: list[Project], as_at: date) -> dict[str, Any]:
    """One member of the contract, but for its key and name."""
    all_returns = [each for project in chosen for each in project.returns]
    measures = [naive_measure(rule, chosen, as_at) for rule in RULES]
    return {
        "projects": len(chosen),
        "awarded_pence": sum(each.awarded_pence for each in chosen if each.awarded_pence is not None),
        "paid_pence": sum(each.paid_pence for each in chosen if each.paid_pence is not None),
        "amounts_unknown": len([each for each in chosen if each.awarded_pence is None]),
        "returns_due": len([each for each in all_returns if not each.due_on > as_at]),
        "returns_accepted": len([each for each in all_returns if each.accepted_on and each.accepted_on <= as_at]),
        "measures": [each for each in measures if each is not None],
    }


def rolled(chosen: list[Project], as_at: date = AS_AT) -> Figures:
    """The projects as one part."""
    return figures(WHOLE, chosen, RULES, as_at)


def measure(found: Figures, rule: Rule) -> MeasureFigure:
    """One measure of a part."""
    return next(each for each in found.measures if each.rule is rule)


@given(projects(), DATES)
def test_a_figure_equals_itself_recomputed_from_the_leaves(chosen: list[Project], as_at: date) -> None:
    assert as_json(rolled(chosen, as_at)) == {"key": "total", "name": "All projects"} | naive(chosen, as_at)


@given(projects(), DATES)
def test_a_districts_measures_equal_themselves_recomputed(chosen: list[Project], as_at: date) -> None:
    for found in RollUp(RULES, as_at).parted(parts(*PLACES), chosen, DISTRICT):
        here = [each for each in chosen if found.key in (each.districts or {NOT_TAGGED: 100})]
        told = [naive_measure(rule, here, as_at, found.key) for rule in RULES]
        assert as_json(found)["measures"] == [each for each in told if each is not None]


@given(projects(), st.randoms(use_true_random=False))
def test_no_order_of_projects_returns_or_values_changes_a_figure(chosen: list[Project], random: Any) -> None:
    def shuffled(items: Any) -> Any:
        return tuple(random.sample(list(items), len(items)))

    turned = [
        replace(
            project,
            returns=shuffled([replace(each, values=shuffled(each.values)) for each in project.returns]),
            targets=shuffled(project.targets),
        )
        for project in shuffled(chosen)
    ]
    assert rolled(turned) == rolled(chosen)


@given(projects())
def test_rolling_up_twice_gives_the_same(chosen: list[Project]) -> None:
    assert rolled(chosen) == rolled(chosen)
    rolling = RollUp(RULES, AS_AT)
    once = rolling.parted(parts(*PLACES), chosen, DISTRICT)
    assert once == rolling.parted(parts(*PLACES), chosen, DISTRICT)
    assert once == RollUp(RULES, AS_AT).parted(parts(*PLACES), chosen, DISTRICT)


ADDING = ("projects", "awarded_pence", "paid_pence", "amounts_unknown", "returns_due", "returns_accepted")


@given(projects(), st.sampled_from([("theme", THEMES), ("outcome", OUTCOMES), ("year", YEARS)]))
def test_a_partition_sums_to_the_whole(chosen: list[Project], tag: tuple[str, tuple[str, ...]]) -> None:
    name, keys = tag
    groups = grouped(parts(*keys), chosen, lambda project: (getattr(project, name),))
    found = [figures(part, members, RULES, AS_AT) for part, members in groups]
    whole = rolled(chosen)
    for each in ADDING:
        assert sum(getattr(part, each) for part in found) == getattr(whole, each)
    assert sorted(reference for part in found for reference in part.made_of) == list(whole.made_of)
    for total in whole.measures:
        those = [one for part in found for one in part.measures if one.rule is total.rule]
        for figure in ("high", "n", "of", "value"):
            known = [exact for one in those if (exact := getattr(one.rolled, figure)) is not None]
            assert getattr(total.rolled, figure) == (sum(known) if known else None)
        assert max((one.rolled.low for one in those if one.rolled.low is not None), default=None) == total.rolled.low
        assert sum(one.projects_reporting for one in those) == total.projects_reporting
        assert sum(one.projects_due for one in those) == total.projects_due


@given(projects())
def test_districts_share_the_money_to_the_penny(chosen: list[Project]) -> None:
    found = RollUp(RULES, AS_AT).parted(parts(*PLACES), chosen, DISTRICT)
    assert sum(part.awarded_pence for part in found) == rolled(chosen).awarded_pence
    assert sum(part.paid_pence for part in found) == rolled(chosen).paid_pence
    for part in found:
        here = [each for each in chosen if part.key in (each.districts or {NOT_TAGGED: 100})]
        assert part.projects == len(here)
        exact = Fraction(0)
        for each in here:
            shares = each.districts or {NOT_TAGGED: 100}
            exact += Fraction((each.paid_pence or 0) * shares[part.key], sum(shares.values()))
        assert abs(part.paid_pence - exact) <= len(here)


@given(projects())
def test_cross_cutting_themes_overlap_and_leave_nobody_out(chosen: list[Project]) -> None:
    groups = grouped(parts(*CROSS, NONE), chosen, cross_keys)
    counted = [project.reference for _, members in groups for project in members]
    assert set(counted) == {project.reference for project in chosen}
    assert len(counted) == sum(max(1, len(project.cross_cutting)) for project in chosen)
    for part, members in groups:
        assert all(part.key in project.cross_cutting or not project.cross_cutting for project in members)


def test_a_theme_that_is_named_twice_counts_its_project_once() -> None:
    twice = replace(LIGHTS, cross_cutting=(CROSS[0], CROSS[0]))
    assert [len(members) for _, members in grouped(parts(*CROSS, NONE), [twice], cross_keys)] == [1, *[0] * len(CROSS)]


def test_parts_keep_their_order_and_an_empty_part_stays() -> None:
    assert [part.key for part, _ in grouped(parts("b", "a"), [], cross_keys)] == ["b", "a"]
    empty = rolled([])
    assert (empty.projects, empty.awarded_pence, empty.measures, empty.made_of) == (0, 0, (), ())


def test_nothing_drops_out_of_a_partition() -> None:
    with pytest.raises(KeyError, match="unheard-of"):
        grouped(parts(*THEMES), [replace(LIGHTS, theme="unheard-of")], lambda project: (project.theme,))


@given(projects(), st.sampled_from(RULES))
def test_unique_people_are_a_range_and_nothing_else_is(chosen: list[Project], rule: Rule) -> None:
    for each in rolled(chosen).measures:
        filled = {field.name for field in fields(Rolled) if getattr(each.rolled, field.name) is not None}
        legal: list[set[str]] = {
            "range": [{"low", "high"}],
            "n-of-m": [{"n", "of"}],
            "sum": [{"value"}],
            "none": [],
        }[each.rule.across_projects]
        assert filled in [set(), *legal]
        if each.rule is rule and rule.across_projects != "none":
            assert bool(filled) == (each.projects_reporting > 0)


@given(projects(), st.data())
def test_only_accepted_returns_count(chosen: list[Project], data: st.DataObject) -> None:
    assume(any(project.returns for project in chosen))
    place = data.draw(st.sampled_from([at for at, project in enumerate(chosen) if project.returns]))
    project = chosen[place]
    without = replace(
        project,
        returns=tuple(each for each in project.returns if each.accepted_on and each.accepted_on <= AS_AT),
    )
    for rule in RULES:
        assert project_figure(project, rule, AS_AT) == project_figure(without, rule, AS_AT)
    silent = replace(project, returns=tuple(replace(each, accepted_on=None) for each in project.returns))
    assert all(project_figure(silent, rule, AS_AT) is None for rule in RULES)


@given(projects(), DATES)
def test_what_is_said_as_at_a_day_does_not_move_with_what_comes_after(chosen: list[Project], as_at: date) -> None:
    then = [
        replace(
            project,
            returns=tuple(
                replace(each, accepted_on=None) if each.accepted_on and each.accepted_on > as_at else each
                for each in project.returns
            ),
        )
        for project in chosen
    ]
    assert rolled(then, as_at) == rolled(chosen, as_at)


@given(projects())
def test_splits_never_reach_the_whole(chosen: list[Project]) -> None:
    bare = [
        replace(
            project,
            returns=tuple(
                replace(each, values=tuple(value for value in each.values if value.split_by is None))
                for each in project.returns
            ),
        )
        for project in chosen
    ]
    assert rolled(bare) == rolled(chosen)


@given(projects())
def test_coverage_never_counts_more_than_there_are(chosen: list[Project]) -> None:
    for each in rolled(chosen).measures:
        assert 0 <= each.projects_reporting <= len(chosen)
        assert 0 <= each.projects_due <= len(chosen)
        assert each.projects_reporting or each.rolled == Rolled()


# A worked example by hand.

LIGHTS = Project(
    reference="EX-A",
    name="Lights on",
    theme="safer-places",
    outcome="people-feel-safe",
    year="2025-26",
    awarded_pence=1_000_001,
    paid_pence=500_001,
    cross_cutting=("early-intervention", "diversity"),
    districts={LEEDS: 50, BRADFORD: 50},
    targets=(Target("people", 100), Target("events", 5), Target("safer", 40, 50), Target("score", 4)),
    returns=(
        Return(
            "EX-A 1",
            1,
            date(2026, 2, 28),
            date(2026, 3, 28),
            date(2026, 4, 2),
            (
                Value("people", 40),
                Value("people", 30, None, "district", LEEDS),
                Value("people", 10, None, "district", BRADFORD),
                Value("events", 0),
                Value("safer", 5, 20),
                Value("stock", 9),
                Value("peak", 30),
                Value("score", 3),
            ),
        ),
        Return(
            "EX-A 2",
            2,
            date(2026, 5, 31),
            date(2026, 6, 28),
            date(2026, 6, 30),
            (
                Value("people", 20),
                Value("people", 20, None, "district", LEEDS),
                Value("safer", 0, 50),
                Value("stock", 4),
                Value("peak", 12),
                Value("score", 4),
            ),
        ),
        Return("EX-A 3", 3, date(2026, 8, 31), date(2026, 9, 28), None, (Value("people", 5_000),)),
    ),
)
CLUB = Project(
    reference="EX-B",
    name="Night club",
    theme="keeping-people-safe",
    outcome="no-specific-outcome",
    year="2024-25",
    awarded_pence=None,
    paid_pence=70,
    cross_cutting=("diversity",),
    targets=(Target("people", 10),),
    returns=(
        Return(
            "EX-B 1",
            1,
            date(2026, 3, 31),
            date(2026, 4, 28),
            date(2026, 5, 1),
            (Value("people", 75), Value("safer", 30, 40), Value("stock", 1)),
        ),
    ),
)
LATE = Project(
    reference="EX-C",
    name="Late one",
    theme="safer-places",
    outcome="people-feel-safe",
    year="2025-26",
    awarded_pence=300,
    paid_pence=0,
    districts={LEEDS: 33, WAKEFIELD: 67},
    targets=(Target("people", 7), Target("events", 2)),
    returns=(Return("EX-C 1", 1, date(2026, 5, 2), AS_AT, LATER, (Value("people", 900), Value("events", 9))),),
)
THREE = [LATE, CLUB, LIGHTS]


def test_three_projects_by_hand() -> None:
    found = rolled(THREE)
    assert (found.projects, found.awarded_pence, found.paid_pence, found.amounts_unknown) == (3, 1_000_301, 500_071, 1)
    assert (found.returns_due, found.returns_accepted) == (4, 3)
    assert found.due_accepted + found.early == 3
    assert found.made_of == ("EX-A", "EX-B", "EX-C")


def test_three_projects_measures_by_hand() -> None:
    told = {
        each.rule.key: (each.rolled, each.target, each.projects_reporting, each.projects_due)
        for each in rolled(THREE).measures
    }
    assert told == {
        "people": (Rolled(low=Fraction(75), high=Fraction(135)), 117, 2, 3),
        "events": (Rolled(value=Fraction(0)), 7, 1, 2),
        "safer": (Rolled(n=Fraction(30), of=Fraction(90)), None, 2, 1),
        "stock": (Rolled(value=Fraction(5)), None, 2, 0),
        "peak": (Rolled(value=Fraction(30)), None, 1, 0),
        "score": (Rolled(), None, 1, 1),
    }
    assert [each.rule for each in rolled(THREE).measures] == list(RULES)


def test_a_day_later_the_late_return_counts() -> None:
    found = figures(WHOLE, THREE, RULES, LATER)
    assert found.returns_accepted == 4
    assert measure(found, PEOPLE).rolled == Rolled(low=Fraction(900), high=Fraction(1_035))


def test_districts_by_hand() -> None:
    found = {each.key: each for each in RollUp(RULES, AS_AT).parted(parts(*PLACES), THREE, DISTRICT)}
    money = {key: (each.projects, each.awarded_pence, each.paid_pence) for key, each in found.items() if each.projects}
    assert money == {
        BRADFORD: (1, 500_001, 250_001),  # the odd penny goes by code
        LEEDS: (2, 500_000 + 99, 250_000),
        WAKEFIELD: (1, 201, 0),
        NOT_TAGGED: (1, 0, 70),
    }
    people = {key: measure(found[key], PEOPLE) for key in money}
    assert people[LEEDS].rolled == Rolled(low=Fraction(50), high=Fraction(50))
    assert people[BRADFORD].rolled == Rolled(low=Fraction(10), high=Fraction(10))
    assert people[WAKEFIELD].rolled == Rolled()
    assert people[NOT_TAGGED].rolled == Rolled(low=Fraction(75), high=Fraction(75))
    assert measure(found[BRADFORD], SAFER).rolled == Rolled(n=Fraction(0), of=Fraction(50))  # no splits: under each


def test_a_measure_that_nobody_promised_or_reported_does_not_appear() -> None:
    assert [each.rule for each in rolled([CLUB]).measures] == [PEOPLE, SAFER, STOCK]


def test_a_promise_without_a_report_appears_with_no_figure() -> None:
    promised = measure(rolled([LATE]), EVENTS)
    assert (promised.rolled, promised.target, promised.projects_reporting, promised.projects_due) == (Rolled(), 2, 0, 1)


def test_a_project_that_owes_nothing_yet_is_not_due() -> None:
    early = replace(LATE, returns=(replace(LATE.returns[0], due_on=LATER, accepted_on=None),))
    assert measure(rolled([early]), EVENTS).projects_due == 0
    assert rolled([early]).returns_due == 0


def test_nought_and_nothing_are_told_apart() -> None:
    assert project_figure(LATE, EVENTS, AS_AT) is None
    nought = project_figure(LIGHTS, EVENTS, AS_AT)
    assert nought is not None
    assert nought.value == 0


def test_a_projects_accepted_returns_are_counted_as_at_a_day() -> None:
    assert [accepted_by(each, AS_AT) for each in (LIGHTS, CLUB, LATE)] == [2, 1, 0]
    assert accepted_by(LATE, LATER) == 1


@given(projects(), DATES)
def test_accepted_returns_of_projects_sum_to_those_of_the_part(chosen: list[Project], as_at: date) -> None:
    assert rolled(chosen, as_at).returns_accepted == sum(accepted_by(each, as_at) for each in chosen)


@given(projects(), DATES)
def test_no_more_of_the_due_returns_are_accepted_than_are_due(chosen: list[Project], as_at: date) -> None:
    found = figures(WHOLE, chosen, RULES, as_at)
    due = [one for each in chosen for one in each.returns if one.due_on <= as_at]
    assert found.due_accepted == len([one for one in due if one.accepted_on and one.accepted_on <= as_at])
    assert 0 <= found.due_accepted <= min(found.returns_due, found.returns_accepted)


def test_money_of_one_project_or_of_one_district() -> None:
    assert money(LIGHTS) == (1_000_001, 500_001)
    assert money(LIGHTS, Share(DISTRICT, LEEDS)) == (500_000, 250_000)
    assert money(CLUB) == money(CLUB, Share(DISTRICT, NOT_TAGGED)) == (0, 70)
    assert money(replace(LATE, paid_pence=None)) == (300, 0)


def test_a_return_speaks_on_a_measure_once_it_is_accepted() -> None:
    first, second, third = LIGHTS.returns
    assert reports(first, EVENTS, AS_AT)  # it says nought, which is something
    assert not reports(second, EVENTS, AS_AT)
    assert reports(second, PEOPLE, AS_AT)
    assert not reports(third, PEOPLE, LATER)
    assert not reports(LATE.returns[0], EVENTS, AS_AT)
    assert reports(LATE.returns[0], EVENTS, LATER)


@given(projects(), st.sampled_from(RULES))
def test_a_figure_has_a_return_that_speaks(chosen: list[Project], rule: Rule) -> None:
    for project in chosen:
        if project_figure(project, rule, AS_AT) is not None:
            assert any(reports(each, rule, AS_AT) for each in project.returns)


def test_a_project_without_cross_cutting_themes_stands_under_none() -> None:
    assert cross_keys(LATE) == (NONE,)
    assert cross_keys(LIGHTS) == ("early-intervention", "diversity")


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(None, None), (Fraction(3), 3), (Fraction(0), 0), (Fraction(1, 2), 0.5), (Fraction(-6, 2), -3)],
)
def test_a_figure_in_json_is_whole_where_it_is_whole(figure: Fraction | None, shown: float | None) -> None:
    assert plain(figure) == shown
    assert type(plain(figure)) is type(shown)


def test_a_member_of_the_file_has_the_fields_of_the_contract() -> None:
    member: Any = as_json(rolled([CLUB]))
    assert list(member) == ["key", "name", *ADDING, "measures"]
    assert member["measures"][0] == {
        "key": "people",
        "name": "People reached",
        "basis": "unique people",
        "low": 75,
        "high": 75,
        "n": None,
        "of": None,
        "value": None,
        "target": 10,
        "projects_reporting": 1,
        "projects_due": 1,
    }


def test_two_returns_that_end_on_one_day_are_told_apart_by_their_number() -> None:
    one = CLUB.returns[0]
    other = replace(one, reference="EX-B 2", number=2, values=(Value("stock", 6),))
    for turned in ((one, other), (other, one)):
        found = project_figure(replace(CLUB, returns=turned), STOCK, AS_AT)
        assert found is not None
        assert found.value == 6


def test_a_project_with_two_targets_on_one_measure_is_one_project() -> None:
    twice = replace(CLUB, targets=(Target("people", 10), Target("people", 5)))
    assert measure(rolled([twice]), PEOPLE).projects_due == 1


def test_a_district_keeps_the_returns_that_were_not_split() -> None:
    only = replace(LIGHTS, districts={LEEDS: 100})
    first, second, third = only.returns
    unsplit = replace(second, values=(Value("people", 20),))
    found = project_figure(replace(only, returns=(first, unsplit, third)), PEOPLE, AS_AT, Share(DISTRICT, LEEDS))
    assert found is not None
    assert found.value == 30 + 20
