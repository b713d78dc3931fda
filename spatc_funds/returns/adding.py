"""Adding papers and photographs to a return, and taking them off again. Each is called inside ``unit_of_work``."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from spatc_funds.core.problems import MissingError, NotReadyError, Problem
from spatc_funds.db.base import db
from spatc_funds.files import photographs
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Actor, permit
from spatc_funds.policy.workflow import move
from spatc_funds.returns import operations, queries
from spatc_funds.returns.models import FileKind, ReturnFile
from spatc_funds.returns.queries import Owed

MOST_FILES = 5
STEP = "evidence"


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is kept: a photograph is made anew. ``sha256`` is that of the bytes as they came."""

    kind: FileKind
    content: bytes
    sha256: str


def ready(content: bytes) -> Ready:
    """What is kept of a file; this takes its time, so no transaction is open meanwhile. Raises UnreadableFileError."""
    kind = photographs.kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    if kind == photographs.PDF:
        return Ready(FileKind.PDF, content, digest)
    return Ready(FileKind.JPEG, photographs.made_anew(content, kind), digest)


def add_file(
    actor: Actor, owed: Owed, file: Ready, caption: str, at: datetime, *, all_agreed: bool, nameless: bool
) -> ReturnFile:
    """Add one; raises NotReadyError for what is missing, one too many, or one that is there already."""
    permit(actor, Action.RETURN_EDIT, owed.subject)
    found = operations.begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    wrong = [Problem(STEP, "caption", "Say what it shows")] if not caption.strip() else []
    if file.kind is FileKind.JPEG and not all_agreed:
        wrong.append(Problem(STEP, "all_agreed", "Only send a photograph that everybody in it has agreed to"))
    if file.kind is FileKind.JPEG and not nameless:
        wrong.append(Problem(STEP, "nameless", "Only send a photograph in which no name can be read"))
    if len(found.files) >= MOST_FILES:
        wrong.append(Problem(STEP, "file", f"A return holds {MOST_FILES} files. Remove one before you add another"))
    if any(each.sha256 == file.sha256 for each in found.files):
        wrong.append(Problem(STEP, "file", "You have added this file already"))
    if wrong:
        raise NotReadyError(wrong)
    found.files_added += 1
    added = ReturnFile(
        number=found.files_added,
        kind=file.kind,
        caption=caption.strip(),
        all_agreed=all_agreed,
        nameless=nameless,
        size=len(file.content),
        sha256=file.sha256,
        content=file.content,
        added_at=at,
        added_by_id=actor.id,
    )
    found.files.append(added)
    db.session.flush()
    return added


def remove_file(actor: Actor, owed: Owed, number: int) -> None:
    """Take one off for good, while the return can be changed. Raises MissingError when it is gone already.

    Also one that an accepted version names: somebody in a photograph may take back that they agreed, and then it goes.
    """
    permit(actor, Action.RETURN_EDIT, owed.subject)
    found = operations.begun(owed)
    found.state = move(found.state, Action.RETURN_EDIT)
    file = queries.file_of(Owed(owed.expected, found), number)
    if file is None:
        raise MissingError
    found.files.remove(file)
    db.session.flush()
