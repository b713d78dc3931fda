"""Measures that groups bring themselves: kinds that add up by the rules, and no part of what everybody counts."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import measuring, queries
from spatc_funds.framework.measures import N_OF_M, OWN, Reported, over_periods, over_projects, rule_faults
from spatc_funds.framework.models import Measure
from spatc_funds.framework.plan_parts import mapped_names
from spatc_funds.funds import operations
from spatc_funds.funds.queries import fund_by_key
from spatc_funds.impact.importing import ResultsFaultsError, import_results
from spatc_funds.impact.results_file import MeasureRow, Results
from spatc_funds.policy.actions import Action
from tests.builders import World

REFERENCE = "EX-MSCF-7K2M9"
KEY = "own-ex-mscf-7k2m9-1"
MEASURES = "/admin/measures/"


@pytest.fixture
def own(app: Flask) -> str:
    """The key of a measure of a group's own that is held."""
    with app.app_context(), unit_of_work(None, Action.AWARD_IMPORT):
        db.session.add(measuring.own_measure(REFERENCE, 1, "Neighbours who know each other", "change-of"))
    return KEY


@pytest.mark.parametrize("kind", OWN)
def test_each_kind_is_added_as_its_basis_may_be(kind: str) -> None:
    made = measuring.own_measure(REFERENCE, 2, "A name", kind)
    told = (made.basis, made.across_periods, made.across_projects, made.label_n or "", made.label_of or "")
    assert rule_faults(*told) == []
    assert (made.key, made.version, made.own_of) == ("own-ex-mscf-7k2m9-2", 1, REFERENCE)
    assert made.is_change == kind.startswith("change")
    assert queries.rule_of(made).own
    assert OWN[kind].words.startswith("A change in people" if made.is_change else "Something you do")


@pytest.mark.parametrize("kind", OWN)
def test_alone_a_figure_is_what_its_project_counted(kind: str) -> None:
    """Of one project there is no range, and nought out of fifty counts."""
    rule = queries.rule_of(measuring.own_measure(REFERENCE, 1, "A name", kind))
    of = 50 if rule.basis == N_OF_M else None
    figure = over_periods(rule, [Reported(date(2026, 3, 31), 0, of)])
    assert figure
    rolled = over_projects(rule, [figure])
    assert {rolled.low, rolled.high, rolled.n, rolled.value} <= {0, None}
    assert (rolled.low is not None) == (rule.across_projects == "range")
    assert rolled.of == of


def test_it_is_no_part_of_what_everybody_counts(app: Flask, world: World, own: str) -> None:
    with app.app_context():
        held = db.session.scalars(select(Measure).where(Measure.key == own)).one()
        assert [each.key for each in queries.own_measures()] == [own]
        for listed in (queries.measures(), queries.newest_measures(), queries.measure_versions(own)):
            assert own not in {each.key for each in listed}
        assert own not in set(db.session.scalars(select(Measure.key).where(queries.is_newest())))
        plan = queries.current_plan()
        assert plan
        assert own not in mapped_names(plan, "measure")
        assert held.position > max(each.position for each in queries.measures())
    officer = world.browser(world.person("programme officer"))
    assert "Neighbours who know each other" not in officer.get(MEASURES).text
    assert officer.get(f"{MEASURES}{own}/").status_code == 404
    assert officer.get(f"{MEASURES}{own}/edit").status_code == 404


def test_it_is_not_edited_nor_taken_into_a_funds_list(app: Flask, world: World, own: str) -> None:
    with app.app_context():
        actor = world.staff("programme officer")
        held = db.session.scalars(select(Measure).where(Measure.key == own)).one()
        fund = fund_by_key("safer-streets")
        assert fund
        with pytest.raises(MissingError):
            measuring.edit_measure(actor, own, measuring.said_of(held), "Why", measuring.stamp_of(held))
        with pytest.raises(NotReadyError):
            operations.choose_measures(actor, fund, [own], operations.stamp_of(fund))


def test_a_new_measure_stands_behind_the_others_and_before_groups_own(app: Flask, world: World, own: str) -> None:
    with app.app_context():
        last = max(each.position for each in queries.measures())
        said = measuring.said_of(queries.newest_measures()[0])
        with unit_of_work(None, Action.MEASURE_EDIT):
            words = {**{name: getattr(said, name) for name in said.__dataclass_fields__}, "name": "Cats found"}
            made = measuring.edit_measure(world.staff("programme officer"), None, measuring.Said(**words), "", "")
        held = db.session.scalars(select(Measure).where(Measure.key == own)).one()
        assert last < made.position == last + 1 < held.position


def test_a_file_does_not_take_its_key(app: Flask, own: str) -> None:
    row = MeasureRow(2, own, "Cats", "cats", "items", "sum", "sum")
    later = MeasureRow(3, "own-ex-mscf-00000-1", "Cats", "cats", "items", "sum", "sum")
    says = "measure: keys that begin with “own-” are those of groups' own measures"
    for each in (row, later):
        with app.app_context(), pytest.raises(ResultsFaultsError, match=says):
            import_results(Results((), (each,), ()), clock.now())


def test_no_other_measure_takes_a_key_that_an_award_will_need(app: Flask, world: World) -> None:
    with app.app_context():
        said = measuring.said_of(queries.newest_measures()[0])
        words = {**{name: getattr(said, name) for name in said.__dataclass_fields__}, "name": "Own EX-MSCF-7K2M9 1"}
        with pytest.raises(NotReadyError, match="There is a measure of that name already"):
            measuring.edit_measure(world.staff("programme officer"), None, measuring.Said(**words), "", "")


def test_the_database_holds_it_to_one_version(app: Flask, own: str) -> None:
    with app.app_context():
        again = measuring.own_measure(REFERENCE, 1, "Neighbours", "things")
        again.version, again.reason = 2, "Why"
        with pytest.raises(IntegrityError), unit_of_work(None, Action.AWARD_IMPORT):
            db.session.add(again)
