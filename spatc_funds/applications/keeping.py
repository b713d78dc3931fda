"""How each page of an application becomes a form, and how what was typed in it is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_wtf.form import _Auto

from spatc_funds.applications import operations, steps
from spatc_funds.applications.forms import (
    NO_OUTCOME,
    CrossCuttingForm,
    FocusForm,
    GroupForm,
    OutcomesForm,
    PlacesForm,
    ProjectForm,
    PromisesForm,
    choices_of,
    cross_cutting_form,
    places_form,
    plan_groups,
    promises_form,
)
from spatc_funds.applications.models import Application
from spatc_funds.applications.operations import PlanChoice
from spatc_funds.policy.permissions import Actor
from spatc_funds.web.forms import PageForm
