"""Statements in the panel: publishing the roll-up as at a day, reading one, and what has moved since the one before."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, MissingError, NotReadyError
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import unit_of_work
from spatc_funds.impact import stating
from spatc_funds.impact.comparing import PARTS, differences
from spatc_funds.impact.forms import StatementForm
from spatc_funds.impact.models import Statement
from spatc_funds.impact.operations import publish, unready
from spatc_funds.impact.queries import Filters
from spatc_funds.impact.statement_file import file_of
from spatc_funds.impact.wording import IN_WORDS, moved
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

CONFLICT, UNPROCESSABLE = 409, 422


class Statements(Gate):
    """What was published, each compared with the one before."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.IMPACT_READ,
        "show": Action.IMPACT_READ,
        "export": Action.IMPACT_READ,
        "publish": Action.STATEMENT_PUBLISH,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every statement, the newest first."""
        return self.render("impact/statements.html", statements=stating.statements())

    @expose("/publish", methods=("GET", "POST"))
    def publish(self) -> ResponseReturnValue:
        """Name it, read what everybody will read, and then freeze it."""
        form, actor, now = StatementForm(data={"as_at": clock.london_day(clock.now())}), current_actor(), clock.now()
        wanted = form.validate_on_submit() and request.form.get("then") != "change"
        if not wanted or form.as_at.data is None:
            return self.render("impact/statement_form.html", form=form), UNPROCESSABLE if form.errors else 200
        name, filters, seen = form["name"].data, Filters(as_at=form.as_at.data), request.form.get("reading", "")
        form.show(unready(actor, name, filters, now))
        if form.errors:
            return self.render("impact/statement_form.html", form=form), UNPROCESSABLE
        if not seen:
            return self._read(form, filters)
        try:
            with unit_of_work(actor.id, Action.STATEMENT_PUBLISH) as act:
                act.subject = reference = publish(actor, name, filters, seen, now).reference
        except NotReadyError as error:
            form.show(error.problems)
            return self.render("impact/statement_form.html", form=form), UNPROCESSABLE
        except ChangedError as error:
            return self._read(form, filters, str(error)), CONFLICT
        flash(f"{reference} is published. Everybody can read it.", "success")
        return redirect(self.get_url(".show", reference=reference), 303)

    def _read(self, form: StatementForm, filters: Filters, moved: str = "") -> str:
        """What everybody would read, before it is published."""
        content, before = stating.content_of(filters), stating.contents()
        return self.render(
            "impact/statement_check.html",
            form=form,
            as_at=filters.as_at,
            moved=moved,
            reading=content_hash(content),
            content=stating.published(content, before),
            headings=PARTS,
            **IN_WORDS,
            splits=stating.published_splits(content, before),
        )

    @expose("/<reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """One statement, and what has moved since the one before in the same plan."""
        found = _statement(reference)
        before = stating.earlier(found)
        last = next((each for each in before if each.content["plan"] == found.content["plan"]), None)
        return self.render(
            "impact/statement.html",
            statement=found,
            content=found.content,
            headings=PARTS,
            **IN_WORDS,
            moved=moved,
            before=last,
            differences=differences(last.content, found.content) if last else [],
            splits=stating.published_splits(found.content, [each.content for each in before]),
        )

    @expose("/<reference>/export/json/")
    def export(self, reference: str) -> ResponseReturnValue:
        """The frozen figures by the contract of the README, small numbers taken out, with the hash of the whole."""
        found = _statement(reference)
        return file_of(found)


def _statement(reference: str) -> Statement:
    found = stating.statement_of(reference)
    if found is None:
        raise MissingError
    return found
