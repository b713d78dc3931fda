"""Versions of the plan in the panel: drafts and their parts, making one current, and what parts become in another."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.core.problems import IllegalMoveError, MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework import editing, mapping, plan_parts, queries
from spatc_funds.framework.editing import Words
from spatc_funds.framework.models import PlanVersion
from spatc_funds.framework.plan_forms import (
    ENDS,
    NewPlanForm,
    PartForm,
    map_form,
    part_form,
    shares_in,
    words_form,
)
from spatc_funds.framework.plan_parts import KINDS, MAPPED, Said
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import PlanState
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422


class Plans(Gate):
    """Every version of the plan. Only a draft is changed."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.PLAN_LIST,
        "show": Action.PLAN_LIST,
        "mapped": Action.PLAN_LIST,
        "create": Action.PLAN_EDIT,
        "edit": Action.PLAN_EDIT,
        "add_part": Action.PLAN_EDIT,
        "edit_part": Action.PLAN_EDIT,
        "move_part": Action.PLAN_EDIT,
        "remove_part": Action.PLAN_EDIT,
        "edit_mapping": Action.PLAN_EDIT,
        "edit_mapping_same": Action.PLAN_EDIT,
        "make_current": Action.PLAN_MAKE_CURRENT,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every version."""
        return self.render("framework/plans.html", plans=queries.versions())

    @expose("/new", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        """Begin a draft."""
        versions = queries.versions()
        form, actor = NewPlanForm(), current_actor()
        form.source.choices = [(each.key, each.name) for each in versions]
        if form.validate_on_submit():
            source = next((each for each in versions if each.key == form.source.data), None)

            name, made = form["name"].data, list[str]()
            if self._act(
                form, Action.PLAN_EDIT, name[:80], lambda: made.append(editing.create_plan(actor, name, source).key)
            ):
                flash(f"{name} is a draft now. Nobody outside sees it.", "success")
                return redirect(self.get_url(".show", key=made[0]), 303)
        return self.render("framework/plan_new.html", form=form), UNPROCESSABLE if form.errors else 200

    @expose("/<key>/")
    def show(self, key: str) -> ResponseReturnValue:
        """A version with its parts."""
        return self._version(_plan(key), PageForm())

    @expose("/<key>/edit", methods=("GET", "POST"))
    def edit(self, key: str) -> ResponseReturnValue:
        """What a draft says of itself."""
        plan = _draft(key)
        form = words_form(plan)
        if form.validate_on_submit():
            words = Words(*(form[name].data or "" for name in Words.__dataclass_fields__))
            stamp, actor = request.form.get("stamp", ""), current_actor()
            done = self._act(form, Action.PLAN_EDIT, key, lambda: editing.edit_plan(actor, plan, words, stamp))
            if done:
                return self._saved(key)
        stamp = request.form.get("stamp") or plan_parts.stamp_of_plan(plan)
        page = self.render("framework/plan_words.html", plan=plan, form=form, stamp=stamp)
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<key>/add/<kind>", methods=("GET", "POST"))
    def add_part(self, key: str, kind: str) -> ResponseReturnValue:
        """Add a part; ``?under=`` is the key of the theme that it stands under."""
        plan, under = _draft(key), request.args.get("under", "")
        if kind not in KINDS:
            raise MissingError
        if KINDS[kind].parent:
            plan_parts.find(plan, KINDS[kind].parent, under)
        form, actor = part_form(plan, kind), current_actor()
        if form.validate_on_submit():
            said = _said(form)
            done = self._act(form, Action.PLAN_EDIT, key, lambda: editing.add_part(actor, plan, kind, under, said))
            if done:
                return self._saved(key)
        return self._part(plan, kind, form, None)

    @expose("/<key>/parts/<kind>/<part>/", methods=("GET", "POST"))
    def edit_part(self, key: str, kind: str, part: str) -> ResponseReturnValue:
        """Name a part anew."""
        plan = _draft(key)
        found = plan_parts.find(plan, kind, part)
        form, actor = part_form(plan, kind, found), current_actor()
        if form.validate_on_submit():
            said, stamp = _said(form), request.form.get("stamp", "")
            done = self._act(
                form,
                Action.PLAN_EDIT,
                key,
                lambda: editing.change_part(actor, plan, kind, part, said, stamp),
            )
            if done:
                return self._saved(key)
        return self._part(plan, kind, form, found)

    @expose("/<key>/parts/<kind>/<part>/move", methods=("POST",))
    def move_part(self, key: str, kind: str, part: str) -> ResponseReturnValue:
        """One place up or down."""
        plan, actor = _plan(key), current_actor()
        plan_parts.find(plan, kind, part)
        with unit_of_work(actor.id, Action.PLAN_EDIT, key):
            editing.move_part(actor, plan, kind, part, up=request.form.get("way") == "up")
        flash("Its place is saved.", "success")
        return redirect(self.get_url(".edit_part", key=key, kind=kind, part=part), 303)

    @expose("/<key>/parts/<kind>/<part>/remove", methods=("POST",))
    def remove_part(self, key: str, kind: str, part: str) -> ResponseReturnValue:
        """Take a part out, while nothing refers to it."""
        plan, actor = _draft(key), current_actor()
        found = plan_parts.find(plan, kind, part)
        form, name = part_form(plan, kind, found, posted=False), found.name
        try:
            with unit_of_work(actor.id, Action.PLAN_EDIT, key):
                editing.remove_part(actor, plan, kind, part)
        except IllegalMoveError as error:
            form.form_errors.append(str(error))
            return self._part(_plan(key), kind, form, plan_parts.find(_plan(key), kind, part))
        flash(f"“{name}” is taken out of the draft.", "success")
        return redirect(self.get_url(".show", key=key), 303)

    @expose("/<key>/make-current", methods=("GET", "POST"))
    def make_current(self, key: str) -> ResponseReturnValue:
        """Read what follows from it; then, from now on, the service speaks in this version."""
        plan, form, actor = _plan(key), PageForm(), current_actor()
        if request.method == "GET":
            return self._before_current(_draft(key))
        done = self._act(form, Action.PLAN_MAKE_CURRENT, key, lambda: editing.make_current(actor, plan))
        if not done:
            return self._version(_plan(key), form)
        flash(f"{plan.name} is the current plan.", "success")
        return redirect(self.get_url(".show", key=key), 303)

    @expose("/<key>/becomes/<other>/")
    def mapped(self, key: str, other: str) -> ResponseReturnValue:
        """What each part of a version becomes in another, and what is not said yet."""
        return self._mapped(*_two(key, other))

    @expose("/<key>/becomes/<other>/same", methods=("POST",))
    def edit_mapping_same(self, key: str, other: str) -> ResponseReturnValue:
        """Map every part that the other version has by the same key."""
        (old, new), actor = _two(key, other), current_actor()
        with unit_of_work(actor.id, Action.PLAN_EDIT, key):
            count = editing.map_same(actor, old, new)
        flash(f"{count_of(count, 'part')} mapped to the one of the same key.", "success")
        return redirect(self.get_url(".mapped", key=key, other=other), 303)

    @expose("/<key>/becomes/<other>/<kind>/<part>/", methods=("GET", "POST"))
    def edit_mapping(self, key: str, other: str, kind: str, part: str) -> ResponseReturnValue:
        """Say what one part becomes."""
        (old, new), actor = _two(key, other), current_actor()
        name = plan_parts.mapped_names(old, kind).get(part)
        if name is None:
            raise MissingError
        lines = [line for line in plan_parts.mapping_lines(old, new, kind) if line.from_key == part]
        others = plan_parts.mapped_names(new, kind)
        form = map_form(others, lines)
        stamp = request.form.get("stamp") or plan_parts.stamp_of_mapping(old, new, kind, part)
        if form.validate_on_submit():
            shares = shares_in(form)
            done = self._act(
                form,
                Action.PLAN_EDIT,
                key,
                lambda: editing.map_part(actor, old, new, kind, part, shares, stamp),
            )
            if done:
                return redirect(self.get_url(".mapped", key=key, other=other), 303)
        shown = {"old": old, "new": new, "name": name, "has_parts": bool(others)}
        page = self.render("framework/map_part.html", form=form, stamp=stamp, **shown)
        return page, UNPROCESSABLE if form.errors else 200

    def _act(self, form: PageForm, action: Action, subject: str, operation: Callable[[], object]) -> bool:
        """Whether it was done; where it is not ready, what is wrong stands on the form."""
        try:
            with unit_of_work(current_actor().id, action, subject):
                operation()
        except NotReadyError as error:
            form.show(error.problems)
            return False
        return True

    def _saved(self, key: str) -> ResponseReturnValue:
        flash("Saved.", "success")
        return redirect(self.get_url(".show", key=key), 303)

    def _version(self, plan: PlanVersion, form: PageForm) -> ResponseReturnValue:
        page = self.render(
            "framework/plan_version.html",
            plan=plan,
            form=form,
            parts={kind: plan_parts.of(plan, kind) for kind in KINDS},
            kinds=KINDS,
            is_draft=plan.state is PlanState.DRAFT,
            lacks=editing.lacking(plan),
            bound=plan_parts.bound(plan),
            others=[each for each in queries.versions() if each.id != plan.id],
        )
        return page, UNPROCESSABLE if form.errors else 200

    def _before_current(self, plan: PlanVersion) -> ResponseReturnValue:
        closing = queries.current_plan()
        shown = {"plan": plan, "closing": closing, "lacks": editing.lacking(plan)}
        return self.render("framework/plan_current.html", unsaid=_unsaid(closing, plan) if closing else {}, **shown)

    def _part(self, plan: PlanVersion, kind: str, form: PartForm, part: Any) -> ResponseReturnValue:
        page = self.render(
            "framework/plan_part.html",
            plan=plan,
            kind=kind,
            what=KINDS[kind],
            form=form,
            part=part,
            stamp=request.form.get("stamp") or (plan_parts.stamp(part) if part else ""),
        )
        return page, UNPROCESSABLE if form.errors else 200

    def _mapped(self, old: PlanVersion, new: PlanVersion) -> ResponseReturnValue:
        told = {}
        for kind, label in MAPPED.items():
            names, others = plan_parts.mapped_names(old, kind), plan_parts.mapped_names(new, kind)
            lines = plan_parts.mapping_lines(old, new, kind)
            rows = [(key, name, _becomes(key, lines, others)) for key, name in names.items()]
            told[kind] = (label, rows, mapping.unmapped(names, lines))
        return self.render("framework/mapping.html", old=old, new=new, told=told)


def _unsaid(old: PlanVersion, new: PlanVersion) -> dict[str, list[str]]:
    """The names of parts of which it is not said what they become, by kind; measures go on under their own keys."""
    found = {}
    for kind, label in MAPPED.items():
        names = plan_parts.mapped_names(old, kind)
        left = mapping.unmapped(names, plan_parts.mapping_lines(old, new, kind))
        if left and kind != "measure":
            found[label] = [names[key] for key in left]
    return found


def _plan(key: str) -> PlanVersion:
    plan = queries.plan_by_key(key)
    if plan is None:
        raise MissingError
    return plan


def _draft(key: str) -> PlanVersion:
    """A draft; raises IllegalMoveError, in words, for what is frozen."""
    plan = _plan(key)
    if plan.state is not PlanState.DRAFT:
        raise IllegalMoveError(editing.FROZEN.format(plan.state.value))
    return plan


def _two(key: str, other: str) -> tuple[PlanVersion, PlanVersion]:
    if key == other:
        raise MissingError
    return _plan(key), _plan(other)


def _said(form: PartForm) -> Said:
    return Said(**{name: form[name].data or "" for name in Said.__dataclass_fields__ if name in form})


def _becomes(key: str, lines: list[mapping.Line], names: Mapping[str, str]) -> str:
    """What a part becomes, in words; empty where nothing is said yet."""
    shares = mapping.becomes(key, lines)
    if mapping.NOT_MAPPED in shares:
        return ""
    if mapping.ENDED in shares:
        return ENDS
    told = [(names.get(to_key, to_key), percent) for to_key, percent in shares.items()]
    return told[0][0] if len(told) == 1 else ", ".join(f"{percent}% {name}" for name, percent in told)
