"""The finance workbook as a button; panel reports stand in the menu of impact, which they tell of."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from flask import Response
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError
from spatc_funds.core.references import tidy
from spatc_funds.impact import panel as impact
from spatc_funds.policy.actions import Action
from spatc_funds.publishing import queries
from spatc_funds.publishing.finance_workbook import write_workbook
from spatc_funds.publishing.panel_reports import Reports
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose

CATEGORY = "Finance files"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FinanceWorkbook(Gate):
    """One workbook a round."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.WORKBOOK_EXPORT,
        "download": Action.WORKBOOK_EXPORT,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rounds that have awards."""
        return self.render("publishing/index.html", rounds=queries.rounds_with_awards(current_actor()))

    @expose("/<ref:code>.xlsx")
    def download(self, code: str) -> ResponseReturnValue:
        """The workbook of a round, as at now."""
        actor, at = current_actor(), clock.now()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "workbook.xlsx"
            try:
                write_workbook(code, out, at, actor)
            except LookupError:
                raise MissingError from None
            looked(actor.id, "workbook:export", tidy(code) or "")
            content = out.read_bytes()
        name = f"finance-{code.lower()}-{at:%Y-%m-%d}.xlsx"
        return Response(content, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        FinanceWorkbook(name="Finance workbook", endpoint="panel_workbook", url="workbook"),
        Reports(name="Panel reports", endpoint="panel_reports", url="impact/reports", category=impact.CATEGORY),
    ]
