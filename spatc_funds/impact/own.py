"""The measures that groups brought themselves, each beside the project that has it (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from spatc_funds.core.words import count_of
from spatc_funds.framework.measures import BASES, in_words
from spatc_funds.impact import rollup
from spatc_funds.impact.rollup import MeasureFigure, Project, Return, Target
from spatc_funds.impact.wording import said


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One such measure: its figure, its project, what was promised, and the accepted returns that say something."""

    figure: MeasureFigure
    project: Project
    target: Target
    returns: tuple[Return, ...]

    @property
    def kind(self) -> str:
        """What its number counts, in words."""
        return BASES[self.figure.rule.basis][0]

    @property
    def promised(self) -> str:
        """What was promised, in words."""
        return in_words(self.figure.rule.basis, self.target.target, self.target.target_of)

    @property
    def counted(self) -> str:
        """What accepted returns have counted, in words; nothing reported is no nought."""
        return said(self.figure)


def lines(figures: Sequence[MeasureFigure], projects: Sequence[Project], as_at: date) -> list[OwnLine]:
    """Each of these figures with its project, project by project in their order; of other projects none."""
    by_key: Mapping[str, MeasureFigure] = {each.rule.key: each for each in figures}
    return [
        OwnLine(
            by_key[target.measure],
            project,
            target,
            tuple(each for each in project.returns if rollup.reports(each, by_key[target.measure].rule, as_at)),
        )
        for project in projects
        for target in project.targets
        if target.measure in by_key
    ]


def finding(found: Sequence[OwnLine]) -> str:
    """How many there are, and of how many something is reported."""
    told = sum(1 for each in found if each.figure.projects_reporting)
    projects = len({each.project.reference for each in found})
    return f"{count_of(projects, 'project')} promised {count_of(len(found), 'measure')} of their own; {told} reported"
