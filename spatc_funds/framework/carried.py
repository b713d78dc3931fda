"""A file that was read, carried by a form from its preview to where it is saved, so that nobody sends it twice.

It is sealed with the service's key for whoever read it: a form of one's own making is never taken for a file.
"""

import base64
import hashlib
import hmac
import json
import zlib
from datetime import date

from spatc_funds.framework.importing import Brought
from spatc_funds.framework.models import ImportKind
from spatc_funds.framework.observed import Observed

NOT_WHOLE = "What was to be saved did not come whole. Send the file again."


class NotWholeError(Exception):
    """Not what this service gave to this person; ``str()`` is fit to be shown."""


def sealed(key: str, person_id: int | None, brought: Brought, shown: str) -> str:
    """The file's figures and what was shown of them, as a text for one hidden field."""
    lines = [
        [each.indicator, each.area, f"{each.period_from}", f"{each.period_to}", each.value_milli, each.baseline]
        for each in brought.observed
    ]
    head = [brought.kind.value, brought.file_name, brought.sha256, brought.rows, brought.source]
    whole = [*head, f"{brought.published_on}", brought.licence, brought.example, shown, lines]
    text = base64.urlsafe_b64encode(zlib.compress(json.dumps(whole).encode())).decode()
    return f"{_seal(key, person_id, text)}.{text}"


def opened(key: str, person_id: int | None, sent: str) -> tuple[Brought, str]:
    """The same again. Raises NotWholeError for anything else."""
    seal, _, text = sent.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(key, person_id, text).encode()):
        raise NotWholeError(NOT_WHOLE)
    kind, name, sha256, rows, source, published, licence, example, shown, lines = json.loads(
        zlib.decompress(base64.urlsafe_b64decode(text))
    )
    observed = tuple(
        Observed(indicator, area, date.fromisoformat(first), date.fromisoformat(last), value, baseline)
        for indicator, area, first, last, value, baseline in lines
    )
    day = date.fromisoformat(published)
    return Brought(ImportKind(kind), name, sha256, rows, source, day, licence, example, observed), shown


def _seal(key: str, person_id: int | None, text: str) -> str:
    return hmac.new(key.encode(), f"figures:{person_id}:{text}".encode(errors="replace"), hashlib.sha256).hexdigest()
