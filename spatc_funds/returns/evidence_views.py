"""Papers and photographs of a return: added, shown, removed, and handed out to those who may read it."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from spatc_funds.core.clock import now
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.files.photographs import MOST_BYTES
from spatc_funds.files.uploads import UnreadableFileError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import adding, queries
from spatc_funds.returns.evidence_forms import EvidenceForm
from spatc_funds.returns.models import FileKind, ReturnFile
from spatc_funds.returns.shown import UNPROCESSABLE, again, common
from spatc_funds.web.guards import current_actor, requires
from spatc_funds.web.security import SANDBOXED

MOST_BODY = MOST_BYTES + 64 * 1024  # the file and the words around it
TYPES = {FileKind.PDF: "application/pdf", FileKind.JPEG: "image/jpeg"}
TOO_LARGE = "The file must be 5 MB or smaller"
CHOOSE_AGAIN = "Choose the file again. Your browser does not keep it while the rest is mended"
TWICE = "This was added in another window just now"


def let_files_in(endpoint: str | None, _values: object) -> None:
    """Where a file comes, more is read than elsewhere; everything else has the limit of the settings."""
    if endpoint == "returns.evidence":
        request.max_content_length = MOST_BODY


@requires(Action.RETURN_EDIT, queries.owed)
def evidence(found: queries.Owed) -> ResponseReturnValue:
    """What is there, and one more."""
    if request.method == "GET" and not may_move(found.state, Action.RETURN_EDIT):
        return redirect(url_for("returns.show", reference=found.reference), 303)
    form = EvidenceForm()
    if request.method == "GET":
        return _page(found, form)
    if form.validate() and (answer := _add(found.reference, form)):
        return answer
    if not form.file.errors:
        form.file.errors = [CHOOSE_AGAIN]
    return _page(again(found), form), UNPROCESSABLE


@requires(Action.RETURN_READ, queries.owed)
def download_file(found: queries.Owed, number: int) -> ResponseReturnValue:
    """One file, for those who may read the return."""
    return sent_file(queries.file_of(found, number))


@requires(Action.RETURN_EDIT, queries.owed)
def remove_file(found: queries.Owed, number: int) -> ResponseReturnValue:
    """Take a file off."""
    actor = current_actor()
    with unit_of_work(actor.id, Action.RETURN_EDIT, found.expected.award.reference):
        adding.remove_file(actor, found, number)
    flash("The file is removed.", "success")
    return redirect(url_for("returns.evidence", reference=found.reference), 303)


def sent_file(found: ReturnFile | None) -> Response:
    """The file as a download that nothing in it can act from. Raises MissingError where there is none."""
    if found is None:
        raise MissingError
    answer = Response(found.content, content_type=TYPES[found.kind])
    answer.headers["Content-Disposition"] = f"attachment; filename={found.name}"
    answer.headers["Content-Security-Policy"] = SANDBOXED
    return answer


def _add(reference: str, form: EvidenceForm) -> ResponseReturnValue | None:
    """Add the file; None where something is wrong with it, which is said at its field."""
    content = form.file.data.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        form.file.errors = [TOO_LARGE]
        return None
    db.session.rollback()  # a picture takes its time: nobody else's save waits for it
    try:
        ready = adding.ready(content)
    except UnreadableFileError as error:
        form.file.errors = [str(error)]
        return None
    actor, found = current_actor(), queries.owed(reference)
    if found is None:
        raise MissingError
    try:
        with unit_of_work(actor.id, Action.RETURN_EDIT, found.expected.award.reference):
            adding.add_file(
                actor,
                found,
                ready,
                form.caption.data,
                now(),
                all_agreed=bool(form.all_agreed.data),
                nameless=bool(form.nameless.data),
            )
    except NotReadyError as error:
        form.show(error.problems)
        return None
    except IntegrityError:  # begun, or the same file added, in the same moment
        form.file.errors = [TWICE]
        return None
    flash("The file is added.", "success")
    return redirect(url_for("returns.evidence", reference=reference), 303)


def _page(found: queries.Owed, form: EvidenceForm) -> str:
    files = found.started.files if found.started else []
    return render_template(
        "returns/evidence.html", **common(found), form=form, files=files, room=adding.MOST_FILES - len(files)
    )
