"""What each fund asks to be counted, in the panel."""

from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.queries import newest_measures
from spatc_funds.funds import operations, queries
from spatc_funds.funds.forms import MeasuresForm
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

UNPROCESSABLE = 422


class FundMeasures(Gate):
    """Each fund's own list: new rounds begin with it."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.MEASURE_LIST, "choose": Action.MEASURE_CHOOSE}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every fund with its list."""
        return self.render(
            "funds/measures.html", funds=queries.funds_with_measures(), names={m.key: m.name for m in newest_measures()}
        )

    @expose("/<key>/", methods=("GET", "POST"))
    def choose(self, key: str) -> ResponseReturnValue:
        """Choose the measures of one fund."""
        fund = next((each for each in queries.funds_with_measures() if each.key == key), None)
        if fund is None:
            raise MissingError
        form = MeasuresForm(data={"measures": [each.measure_key for each in fund.measure_keys]})
        form.measures.choices = [(each.key, each.name, each.help) for each in newest_measures()]
        stamp = request.form.get("stamp") or operations.stamp_of(fund)
        if form.validate_on_submit():
            actor = current_actor()
            try:
                with unit_of_work(actor.id, Action.MEASURE_CHOOSE, key):
                    operations.choose_measures(actor, fund, form.measures.data or (), stamp)
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"New rounds of {fund.name} begin with these measures.", "success")
                return redirect(self.get_url(".index"), 303)
        page = self.render("funds/choose_measures.html", fund=fund, form=form, stamp=stamp)
        return page, UNPROCESSABLE if form.errors else 200
