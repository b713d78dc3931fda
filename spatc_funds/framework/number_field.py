"""The field for a number that a measure counts."""

from typing import Any

from spatc_funds.framework.measures import MONEY
from spatc_funds.framework.models import Measure
from spatc_funds.web.fields import MoneyField, WholeNumberField

MOST_PENCE = 2_000_000_000  # what the tables of numbers hold


def number_field(measure: Measure, label: str, **options: Any) -> MoneyField | WholeNumberField:
    """Pounds where it counts money, else a whole number."""
    if measure.basis == MONEY:
        return MoneyField(label, subject=f"“{measure.name}”", maximum=MOST_PENCE, **options)
    return WholeNumberField(label, subject=f"“{measure.name}”", **options)
