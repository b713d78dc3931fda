"""Panel reports in the panel: starting one, writing it, reading it, making it final, and its files."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.impact.rollup import Part
from spatc_funds.policy.actions import Action
from spatc_funds.policy.workflow import move
from spatc_funds.publishing import operations, reporting
from spatc_funds.publishing.forms import StartForm, WriteForm, write_form
from spatc_funds.publishing.readers import READERS, boxes
from spatc_funds.publishing.report_document import pieces
from spatc_funds.publishing.report_files import document_of, said_by
from spatc_funds.web.documents import sent_as
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.held import stamp_or
from spatc_funds.web.paging import page_of
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422
AT_ONCE = 50


class Reports(Gate):
    """Each is a draft, which is written, or final, which never moves."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.REPORT_READ,
        "show": Action.REPORT_READ,
        "download": Action.REPORT_READ,
        "start": Action.REPORT_START,
        "edit": Action.REPORT_EDIT,
        "finish": Action.REPORT_FINISH,
        "delete": Action.REPORT_DELETE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every report, the newest first."""
        return self.render(
            "publishing/reports.html",
            page=page_of(reporting.reports(), AT_ONCE),
            page_url=lambda number: self.get_url(".index", page=number),
            readers=READERS,
        )

    @expose("/start", methods=("GET", "POST"))
    def start(self) -> ResponseReturnValue:
        """Begin a draft; ``?source=`` is the report whose choice and words it begins with."""
        source = reporting.report_of(request.args["source"]) if request.args.get("source") else None
        begun = {"reader": source.reader, "title": source.title} if source else {}
        form = StartForm(data={**begun, "as_at": clock.london_day(clock.now())})
        day, actor = form.as_at.data, current_actor()
        if form.validate_on_submit() and day is not None:
            told = (form.reader.data, form["title"].data, day, clock.now(), source)
            try:
                with unit_of_work(actor.id, Action.REPORT_START) as act:
                    act.subject = reference = operations.start_report(actor, *told).reference
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"{reference} is a draft now.", "success")
                return redirect(self.get_url(".edit", reference=reference), 303)
        page = self.render("publishing/report_start.html", form=form, source=source)
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/")
    def show(self, reference: str) -> ResponseReturnValue:
        """What it says: of a draft now, of a final one for ever."""
        found = reporting.report_of(reference)
        content = said_by(found, current_actor())
        return self.render(
            "publishing/report.html",
            report=found,
            final=found.final,
            content=content,
            pieces=pieces(content, draft=found.final is None),
        )

    @expose("/<ref:reference>/download/<any(docx, pdf):kind>/")
    def download(self, reference: str, kind: str) -> ResponseReturnValue:
        """The same as a file."""
        found, actor = reporting.report_of(reference), current_actor()
        made = document_of(found, said_by(found, actor))
        looked(actor.id, "report:download", found.reference)
        return sent_as(made, kind, f"{found.reference.lower()}{'-draft' if found.final is None else ''}")

    @expose("/<ref:reference>/edit", methods=("GET", "POST"))
    def edit(self, reference: str) -> ResponseReturnValue:
        """Choose what it is about, and write its boxes."""
        found = reporting.report_of(reference)
        move(found.state, Action.REPORT_EDIT)
        themes, indicators = reporting.parts_of(found.plan)
        names = boxes([each.key for each in themes])
        form = write_form(found, themes, indicators)
        if form.validate_on_submit() and self._saved(reference, form, names):
            flash("Saved." + _left_out(form, themes), "success")
            return redirect(self.get_url(".show", reference=reference), 303)
        stamp = request.form.get("stamp") or stamp_or(operations.stamp_of(found))
        page = self.render("publishing/report_edit.html", report=found, form=form, boxes=names, stamp=stamp)
        return page, UNPROCESSABLE if form.errors else 200

    @expose("/<ref:reference>/finish", methods=("GET", "POST"))
    def finish(self, reference: str) -> ResponseReturnValue:
        """Read it, then freeze it."""
        found, actor = reporting.report_of(reference), current_actor()
        move(found.state, Action.REPORT_FINISH)
        problems = operations.unready(found, actor)
        if request.method == "POST" and not problems:
            with unit_of_work(actor.id, Action.REPORT_FINISH, reference):
                operations.finish_report(actor, reference, request.form.get("seen", ""), clock.now())
            flash(f"{reference} is final. Nothing in it changes any more.", "success")
            return redirect(self.get_url(".show", reference=reference), 303)
        content = reporting.content_of(found, actor)
        page = self.render(
            "publishing/report_finish.html",
            report=found,
            pieces=pieces(content, draft=True),
            seen=operations.reading_of(found),
            problems=[_linked(each, self.get_url(".edit", reference=reference)) for each in problems],
        )
        return page, UNPROCESSABLE if request.method == "POST" else 200

    @expose("/<ref:reference>/delete", methods=("GET", "POST"))
    def delete(self, reference: str) -> ResponseReturnValue:
        """Delete a draft that was made in error."""
        found, actor = reporting.report_of(reference), current_actor()
        move(found.state, Action.REPORT_EDIT)
        if request.method == "POST":
            with unit_of_work(actor.id, Action.REPORT_DELETE, reference):
                operations.delete_report(actor, reference)
            flash(f"The draft {reference} is deleted.", "success")
            return redirect(self.get_url(".index"), 303)
        return self.render("publishing/report_delete.html", report=found)

    @staticmethod
    def _saved(reference: str, form: WriteForm, names: list[str]) -> bool:
        actor, stamp = current_actor(), request.form.get("stamp", "")
        try:
            with unit_of_work(actor.id, Action.REPORT_EDIT, reference):
                operations.edit_report(actor, reference, form.written(names), stamp, clock.now())
        except NotReadyError as error:
            form.show(error.problems)
            return False
        return True


def _left_out(form: PageForm, themes: Sequence[Part]) -> str:
    """That words beside a theme that is not chosen are kept, and stand in no report until it is."""
    ticked = form["themes"].data or ()
    names = [each.name for each in themes if each.key not in ticked and form[f"theme-{each.key}"].data]
    return (
        f" What is written beside {', '.join(names)} is kept, but it is not in the report: tick it there."
        if names
        else ""
    )


def _linked(problem: Any, address: str) -> dict[str, str]:
    """A problem with the way to its field on the page that is written."""
    return {"message": problem.message, "href": f"{address}#{problem.field}" if problem.field else ""}
