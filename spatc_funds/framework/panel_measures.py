"""Measures in the panel: what returns count, in which versions, and what uses each."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import measuring, queries
from spatc_funds.framework.measure_forms import MeasureForm, measure_form
from spatc_funds.framework.measures import ACROSS_PERIODS, ACROSS_PROJECTS, BASES
from spatc_funds.framework.models import Measure
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Filter, Link, RegisterView, expose

UNPROCESSABLE = 422


def newest(_actor: Person) -> ColumnElement[bool]:
    """Each measure once, as new rounds ask it."""
    return queries.is_newest()


def basis_of(_view: Any, _context: Any, row: Measure, _name: str) -> str:
    """What is counted, in words."""
    return BASES[row.basis][0]


def periods_of(_view: Any, _context: Any, row: Measure, _name: str) -> str:
    """How the returns of a project add up."""
    return ACROSS_PERIODS[row.across_periods]


def projects_of(_view: Any, _context: Any, row: Measure, _name: str) -> str:
    """How projects add up."""
    return ACROSS_PROJECTS[row.across_projects]


class Measures(RegisterView):
    """Every measure, each as new rounds ask it."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.MEASURE_LIST,
        "export": Action.MEASURE_LIST,
        "show": Action.MEASURE_LIST,
        "edit": Action.MEASURE_EDIT,
        "edit_new": Action.MEASURE_EDIT,
    }
    can_export = True
    visible = staticmethod(newest)
    introduction = (
        "What the returns of funded projects count. One that is used is never changed: it gets a new version, "
        "and what was promised and reported before stays with the old one."
    )
    column_list = ("name", "unit", "basis", "across_periods", "across_projects", "outcome_key", "version")
    column_labels = {  # each view copies it
        "basis": "What is counted",
        "across_periods": "Over returns",
        "across_projects": "Over projects",
        "outcome_key": "Outcome",
    }
    column_formatters = {  # each view copies it
        "basis": basis_of,
        "across_periods": periods_of,
        "across_projects": projects_of,
    }
    column_sortable_list = ("name", "version")
    column_default_sort = ("position", False)
    column_searchable_list = ("name", "unit", "key")
    numeric = frozenset({"version"})
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "basis", Measure.basis, "What is counted", "pick", choices=[(key, each[0]) for key, each in BASES.items()]
        ),
    )

    def row_link(self, row: Measure) -> str:
        """Its own page."""
        return self.get_url(".show", key=row.key)

    def links(self) -> list[Link]:
        """Where one is added."""
        return [Link("Add a measure", self.get_url(".edit_new"))] if self.may("edit_new") else []

    @expose("/<key>/")
    def show(self, key: str) -> ResponseReturnValue:
        """One measure with all of its versions, and what uses each."""
        versions = queries.measure_versions(key)
        if not versions:
            raise MissingError
        told = [(each, queries.used_by(each)) for each in versions]
        return self.render(
            "framework/measure.html",
            measure=versions[0],
            versions=told,
            outcomes=dict(_outcomes()),
            basis=BASES,
            over_periods=ACROSS_PERIODS,
            over_projects=ACROSS_PROJECTS,
        )

    @expose("/new", methods=("GET", "POST"))
    def edit_new(self) -> ResponseReturnValue:
        """Add one."""
        return self._edit(None)

    @expose("/<key>/edit", methods=("GET", "POST"))
    def edit(self, key: str) -> ResponseReturnValue:
        """Change one: a new version, where it is used."""
        versions = queries.measure_versions(key)
        if not versions:
            raise MissingError
        return self._edit(versions[0])

    def _edit(self, measure: Measure | None) -> ResponseReturnValue:
        used = queries.used_by(measure) if measure else ""
        held = measuring.said_of(measure) if measure else None
        form = measure_form(_outcomes(), held, used=bool(used))
        if form.validate_on_submit() and (key := self._save(measure.key if measure else None, form, held)):
            flash("Saved.", "success")
            return redirect(self.get_url(".show", key=key), 303)
        stamp = request.form.get("stamp") or (measuring.stamp_of(measure) if measure else "")
        page = self.render("framework/measure_form.html", measure=measure, form=form, used=used, stamp=stamp)
        return page, UNPROCESSABLE if form.errors else 200

    def _save(self, key: str | None, form: MeasureForm, held: measuring.Said | None) -> str:
        """The measure's key; empty where it is not ready, with what is wrong on the form."""
        actor, stamp = current_actor(), request.form.get("stamp", "")
        reason = form.reason.data if "reason" in form else ""
        try:
            with unit_of_work(actor.id, Action.MEASURE_EDIT, key or form["name"].data[:80], reason):
                return measuring.edit_measure(actor, key, form.said(held), reason, stamp).key
        except NotReadyError as error:
            form.show(error.problems)
            return ""


def _outcomes() -> list[tuple[str, str]]:
    plan = queries.current_plan()
    return [(each.key, each.name) for theme in plan.themes for each in theme.outcomes] if plan else []
