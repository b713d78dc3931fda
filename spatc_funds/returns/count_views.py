"""Counting a register on somebody's own device: the page holds a script, and the script has nobody to tell."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from spatc_funds.core.clock import london_day, now
from spatc_funds.policy.actions import Action
from spatc_funds.returns import counting, queries
from spatc_funds.returns.splits import AGE_BAND, DISTRICT, KINDS, LEAST_AGE, NOT_KNOWN
from spatc_funds.web.guards import requires
from spatc_funds.web.security import UNCONNECTED


@requires(Action.RETURN_READ, queries.owed)
def count(found: queries.Owed) -> ResponseReturnValue:
    """The counting aid, and how to count by hand. Its policy lets no script of it reach any address."""
    places = KINDS[DISTRICT].parts
    answer = make_response(
        render_template(
            "returns/count.html",
            found=found,
            award=found.expected.award,
            ages=[(key, words, LEAST_AGE.get(key)) for key, words in KINDS[AGE_BAND].parts.items()],
            districts=[(key, words) for key, words in places.items() if key in counting.OUTWARD or key == NOT_KNOWN],
            outward=counting.OUTWARD,
            day=min(found.expected.period_to, london_day(now())).isoformat(),
        )
    )
    answer.headers["Content-Security-Policy"] = UNCONNECTED
    return answer
