"""Who applies, in the officers' panel: counts of the optional equality questions, small numbers kept back."""

from collections.abc import Mapping
from typing import ClassVar

from flask.typing import ResponseReturnValue

from spatc_funds.applications import queries
from spatc_funds.applications.equality import QUESTIONS, shown
from spatc_funds.core import clock
from spatc_funds.policy.actions import Action
from spatc_funds.web.panel import Gate, expose


class WhoApplies(Gate):
    """For analysts: by round, each question with its counts."""

    permissions: ClassVar[Mapping[str, Action]] = {"index": Action.EQUALITY_READ}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every round that has answers."""
        counted = queries.equality_counts(clock.now())
        rounds = [
            (name, [(asked, shown({each: found.get((key, each), 0) for each in asked.options}))
                    for key, asked in QUESTIONS.items()])
            for name, found in counted.items()
        ]  # fmt: skip
        return self.render("applications/who_applies.html", rounds=rounds)
