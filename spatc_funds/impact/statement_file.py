"""A statement as a file."""

import json

from flask import Response

from spatc_funds.impact import stating
from spatc_funds.impact.models import Statement


def file_of(found: Statement) -> Response:
    """A statement as everybody may have it."""
    shown = stating.published(found.content, [each.content for each in stating.earlier(found)])
    whole = {"statement": found.reference, "name": found.name, "sha256": found.sha256, **shown}
    headers = {"Content-Disposition": f'attachment; filename="{found.reference.lower()}.json"'}
    text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
    return Response(text, mimetype="application/json", headers=headers)
