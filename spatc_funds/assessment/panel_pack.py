"""Scoring without a network, in the panel: a file to take along, what it would change when it is back, and saving."""

import tempfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.assessment import packing
from spatc_funds.assessment.forms import PackForm
from spatc_funds.assessment.pack import write_pack
from spatc_funds.assessment.pack_reading import Fault, Line, lines_in, packed, read, unpacked
from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.core.problems import IllegalMoveError
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import unit_of_work
from spatc_funds.files.uploads import UnreadableFileError
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_WHOLE = "What was to be saved did not come whole. Send the file again."


class ScorePack(Gate):
    """One person's bids as a spreadsheet, there and back."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.ASSESSMENT_SCORE,
        "download": Action.ASSESSMENT_SCORE,
    }

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """What it is; what a file would change; and, when that was seen, saving it."""
        if request.form.get("act") == "save":
            return self._save()
        form = PackForm()
        if form.validate_on_submit():
            content = form.file.data.read()
            db.session.rollback()  # reading a file takes its time: nobody else's save waits for it
            try:
                return self._difference(lines_in(content))
            except UnreadableFileError as error:
                form.file.errors = [str(error)]
        return self._page(form), UNPROCESSABLE if form.errors else 200

    @expose("/my-bids.xlsx")
    def download(self) -> ResponseReturnValue:
        """The file, as at now."""
        actor, at = current_actor(), clock.now()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "pack.xlsx"
            write_pack(packing.pack_of(actor), out, at)
            content = out.read_bytes()
        looked(actor.id, "pack:export", "")
        name = f"my-bids-{at:%Y-%m-%d}.xlsx"
        return Response(content, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})

    def _save(self) -> ResponseReturnValue:
        """Everything is checked again: what was shown may not be true any more, and a form can say anything."""
        actor, text = current_actor(), request.form.get("changes", "")
        form = PackForm(formdata=None)
        try:
            lines = unpacked(text)
        except UnreadableFileError as error:
            return self._refused(form, str(error))
        if request.form.get("shown") != content_hash({"changes": text}):
            return self._refused(form, NOT_WHOLE)
        found = read(lines, packing.rows_of(actor))
        if found.faults or not found.changes:
            return self._difference(lines)
        try:
            with unit_of_work(actor.id, Action.ASSESSMENT_SCORE, _subject(lines)):
                bids = packing.save(actor, found.changes, clock.now())
        except IllegalMoveError as error:  # saved, settled or final in another window meanwhile
            return self._refused(form, f"Nothing was saved. {error}")
        flash(
            f"Saved: {count_of(len(found.changes), 'row')} of {count_of(bids, 'bid')}. They are not final yet.",
            "success",
        )
        return redirect(self.get_url("panel_assessment.index"), 303)

    def _difference(self, lines: Sequence[Line]) -> ResponseReturnValue:
        """What the file would change beside what is on the sheets now; or its faults."""
        found = read(lines, packing.rows_of(current_actor()))
        if found.faults:
            return self._faults(found.faults)
        text = packed(found.changes)
        bids = [(key, list(group)) for key, group in groupby(found.changes, lambda each: each.now.reference)]
        return self.render(
            "assessment/pack_difference.html",
            bids=bids,
            count=len(found.changes),
            changes=text,
            shown=content_hash({"changes": text}),
        )

    def _faults(self, faults: Sequence[Fault]) -> ResponseReturnValue:
        page = self.render("assessment/pack_faults.html", faults=faults, has_errors=True)
        return page, UNPROCESSABLE

    def _refused(self, form: PackForm, message: str) -> ResponseReturnValue:
        form.form_errors.append(message)
        return self._page(form), UNPROCESSABLE

    def _page(self, form: PackForm) -> str:
        bids = {row.reference for row in packing.rows_of(current_actor())}
        return self.render("assessment/pack.html", form=form, count=len(bids))


def _subject(lines: Sequence[Line]) -> str:
    """What the log names: the bid; of several, that they came in one file."""
    references = sorted({line.cells["Reference"] for line in lines})
    return references[0] if len(references) == 1 else f"a file with {len(references)} bids"
