"""Returns as officers meet them: which are owed and late, and reading, accepting, giving back."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView

from spatc_funds.awards.models import ExpectedReturn
from spatc_funds.core.clock import london_day, now
from spatc_funds.core.problems import IllegalMoveError, NotReadyError
from spatc_funds.db import unit_of_work
from spatc_funds.funds.queries import round_choices
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import decide
from spatc_funds.policy.states import ReturnState
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import checks, forms, operations, queries
from spatc_funds.returns.due import standing
from spatc_funds.web.filters import sentence
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Filter, Gate, Link, RegisterView, expose

CATEGORY = "Returns"
STANDINGS = ("late", "due", "not due", "sent", "accepted")
MOST_SHOWN = 50
CHANGED = "This return was changed while you had it open. Read it once more."
