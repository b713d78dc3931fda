"""What a fund has paid for before, and what the chances are: figures of rooms above the funds'."""

from flask import render_template
from flask.typing import ResponseReturnValue

from spatc_funds.awards.models import AmountRule
from spatc_funds.awards.queries import published_of
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError
from spatc_funds.funds.queries import fund_by_key
from spatc_funds.home import odds, queries
from spatc_funds.web.guards import public


@public
def funded(key: str) -> ResponseReturnValue:
    """Published awards of the fund, and the odds of the rounds that this service has run."""
    fund = fund_by_key(key)
    if fund is None:
        raise MissingError
    awards, tried = published_of(fund), queries.tried(fund, clock.now())
    exact = [each.amount_pence or 0 for each in awards if each.amount_rule is AmountRule.EXACT]
    return render_template(
        "home/funded.html",
        fund=fund,
        awards=awards,
        exact=len(exact),
        total=sum(exact),
        by_pot=odds.by_pot(tried),
        by_district=odds.by_district(tried),
    )
