"""The plan in the officers' panel: its official figures."""

from flask_admin.base import BaseView

from spatc_funds.framework.models import IndicatorImport, Measure
from spatc_funds.framework.panel_imports import Imports
from spatc_funds.framework.panel_indicators import Indicators
from spatc_funds.framework.panel_measures import Measures
from spatc_funds.framework.panel_plans import Plans

CATEGORY = "Plan"


def views() -> list[BaseView]:
    """The pages of this room."""
    return [
        Plans(name="Versions", endpoint="panel_plans", url="plans"),
        Indicators(name="Indicators", endpoint="panel_indicators", url="indicators"),
        Imports(IndicatorImport, name="Imported figures", endpoint="panel_imports", url="indicators/imports"),
        Measures(Measure, name="Measures", endpoint="panel_measures", url="measures"),
    ]
