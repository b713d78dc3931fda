"""Who scores which bid (pure): an integer programme, solved by HiGHS in three steps that cannot be confused.

First as few empty places as there can be, and among these answers the most of what people have already; then loads that
are as even as they can be (the least sum of squares); last that nobody has too many bids of one district, and then that
people have the bids they know about and wish for. A step never gives back what an earlier one has reached.
Always: nobody has a bid that is barred to them, nor a bid twice, nor more than their most; whoever has begun goes on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import highspy

from spatc_funds.core.words import count_of

SECONDS = 20.0
STEPS = 3
HALF = 0.5  # whole numbers come back as floats, and sums of them are bounded half a step away
FOUND = 2  # HiGHS: a solution that keeps to every rule
KEPT = "kept from before"
BEGUN = "has begun to score it"
Barred = Collection[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid to give. ``districts`` and ``theme`` are people's words; ``held`` and ``fixed`` are ids of people.

    Whoever holds it has it now and may keep it; whoever is fixed has begun to score it, or is done, and keeps it.
    """

    reference: str
    needed: int
    districts: tuple[str, ...] = ()
    theme: str = ""
    held: frozenset[int] = frozenset()
    fixed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Assessor:
    """Somebody who takes part. ``load`` counts their bids elsewhere; ``most`` bounds these and the bids given here."""

    id: int
    name: str
    load: int = 0
    most: int | None = None
    districts: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """One bid for one person; ``new`` when they do not have it yet."""

    person: int
    why: str
    new: bool


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Places of a bid that nobody can take, why, and which rule to relax."""

    reference: str
    missing: int
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """People by bid, in the order of the references; ``dropped`` are those who have it now and would not.

    ``stopped`` says that the time was up before the best answer was certain; every rule is kept all the same.
    """

    given: Mapping[str, tuple[Given, ...]]
    dropped: Mapping[str, tuple[int, ...]]
    shortfalls: tuple[Shortfall, ...]
    stopped: bool = False


@dataclass(slots=True)
class _Programme:
    """Columns with their upper bounds, and rows over them; each step has aims of its own."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, int], float, float]] = field(default_factory=list)
    stopped: bool = False

    def column(self, most: float, *, whole: bool = False) -> int:
        """A new column from 0 to ``most``; its number."""
        self.upper.append(most)
        self.whole.append(whole)
        return len(self.upper) - 1

    def row(self, terms: Mapping[int, int], least: float = -highspy.kHighsInf, most: float = highspy.kHighsInf) -> None:
        """Keep the sum of columns times factors between two bounds."""
        self.rows.append((dict(terms), least, most))

    def best(self, aim: Mapping[int, int], seconds: float) -> list[int] | None:
        """The columns at the highest sum of the aim; None where none was found in time."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # highspy types its core only
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
            solver.setOptionValue(name, value)
        solver.setOptionValue("mip_abs_gap", HALF)  # aims are whole numbers
        solver.setOptionValue("time_limit", seconds)
        solver.passModel(self._model(aim))
        solver.run()
        self.stopped |= solver.getModelStatus() != highspy.HighsModelStatus.kOptimal
        if solver.getInfo().primal_solution_status != FOUND:
            return None
        return [round(value) for value in solver.getSolution().col_value]

    def _model(self, aim: Mapping[int, int]) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.upper), len(self.rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = [float(aim.get(column, 0)) for column in range(len(self.upper))]
        model.col_lower_, model.col_upper_ = [0.0] * len(self.upper), self.upper
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in self.whole]
        model.row_lower_, model.row_upper_ = [each[1] for each in self.rows], [each[2] for each in self.rows]
        starts = [0]
        for terms, _least, _most in self.rows:
            starts.append(starts[-1] + len(terms))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = [column for terms, *_ in self.rows for column in terms]
        model.a_matrix_.value_ = [float(factor) for terms, *_ in self.rows for factor in terms.values()]
        return model


Pairs = Mapping[tuple[int, str], int]  # person and bid → column


def allocate(bids: Iterable[Bid], people: Iterable[Assessor], barred: Barred, seconds: float = SECONDS) -> Plan:
    """Give the bids. The same bids and people give the same plan, in whatever order they come.

    It looks for no longer than so many seconds. Raises ValueError for a bid or a person that comes twice.
    """
    asked = [_without_barred(bid, frozenset(barred)) for bid in sorted(bids, key=lambda bid: bid.reference)]
    taking = sorted(people, key=lambda person: person.id)
    if len({bid.reference for bid in asked}) < len(asked) or len({person.id for person in taking}) < len(taking):
        message = "a bid or a person comes twice"
        raise ValueError(message)
    programme = _Programme()
    pairs = {
        (person.id, bid.reference): programme.column(1, whole=True)
        for bid in asked
        for person in taking
        if person.id not in bid.fixed and (person.id, bid.reference) not in barred
    }
    base = {person.id: person.load + sum(person.id in bid.fixed for bid in asked) for person in taking}
    chosen = _solve(programme, pairs, asked, taking, base, seconds / STEPS)
    people_of = {bid.reference: [each.id for each in taking if (each.id, bid.reference) in chosen] for bid in asked}
    return _plan(asked, taking, people_of, base, frozenset(barred), programme.stopped)


def _without_barred(bid: Bid, barred: Barred) -> Bid:
    free = [frozenset(each for each in group if (each, bid.reference) not in barred) for group in (bid.held, bid.fixed)]
    return Bid(bid.reference, bid.needed, bid.districts, bid.theme, free[0] - free[1], free[1])


def _solve(
    programme: _Programme,
    pairs: Pairs,
    bids: Sequence[Bid],
    people: Sequence[Assessor],
    base: Mapping[int, int],
    seconds: float,
) -> set[tuple[int, str]]:
    """The pairs that are chosen. Each step adds what it has reached as a rule for the next."""
    if not pairs:
        return set()
    for person in people:
        if person.most is not None:
            room = max(0, person.most - base[person.id])
            programme.row({pairs[pair]: 1 for pair in pairs if pair[0] == person.id}, most=room)
    filled = dict[int, int]()
    for bid in bids:
        filled |= _places(programme, pairs, bid, [each.id for each in people if (each.id, bid.reference) in pairs])
    held = [pairs[each, bid.reference] for bid in bids for each in sorted(bid.held) if (each, bid.reference) in pairs]
    aims: Sequence[Callable[[], dict[int, int]]] = (
        lambda: _sum(_times(filled, len(held) + 1), dict.fromkeys(held, 1)),
        lambda: _even_loads(programme, pairs, people, base),
        lambda: _wishes(programme, pairs, bids, people),
    )
    chosen = list[int]()
    for step in aims:
        aim = step()
        found = programme.best(aim, seconds)
        if found is None:
            break
        chosen = found
        programme.row(aim, least=sum(chosen[column] * factor for column, factor in aim.items()) - HALF)
    return {pair for pair, column in pairs.items() if chosen and chosen[column]}


def _places(programme: _Programme, pairs: Pairs, bid: Bid, free: Sequence[int]) -> dict[int, int]:
    """The bid's rows; the columns that together count its filled places.

    Where more people hold it than it needs, all of them may keep it, but then nobody new comes.
    """
    places = max(0, bid.needed - len(bid.fixed))
    every = dict.fromkeys([pairs[each, bid.reference] for each in free], 1)
    more = len([each for each in free if each in bid.held]) - places
    if more <= 0:
        programme.row(every, most=places)
        return every
    others = {pairs[each, bid.reference]: 1 for each in free if each not in bid.held}
    over, count = programme.column(1, whole=True), programme.column(places)
    programme.row(every | {over: -more}, most=places)
    programme.row(others | {over: places}, most=places)
    programme.row({count: 1} | dict.fromkeys(every, -1), most=0)
    return {count: 1}


def _even_loads(
    programme: _Programme, pairs: Pairs, people: Sequence[Assessor], base: Mapping[int, int]
) -> dict[int, int]:
    """The aim of the least sum of squares of loads: a person's next bid costs more than the one before."""
    aim = dict[int, int]()
    for person in people:
        own = [column for (each, _bid), column in pairs.items() if each == person.id]
        levels = [programme.column(1) for _ in own]
        programme.row(dict.fromkeys(own, 1) | dict.fromkeys(levels, -1), least=0, most=0)
        aim |= {column: -(2 * (base[person.id] + place) + 1) for place, column in enumerate(levels)}
    return aim


def _wishes(programme: _Programme, pairs: Pairs, bids: Sequence[Bid], people: Sequence[Assessor]) -> dict[int, int]:
    """The aim of few bids of one district beyond twice a person's share; then skills and wishes."""
    of = {bid.reference: bid for bid in bids}
    aim = {
        pairs[person.id, bid.reference]: len(_liking(person, bid))
        for person in people
        for bid in bids
        if (person.id, bid.reference) in pairs
    }
    weight = sum(aim.values()) + 1
    for district in sorted({each for bid in bids for each in bid.districts}):
        there = [bid for bid in bids if district in bid.districts]
        share = ceil(2 * sum(bid.needed for bid in there) / max(1, len(people)))
        for person in people:
            own = {pairs[pair]: 1 for pair in pairs if pair[0] == person.id and district in of[pair[1]].districts}
            begun = sum(person.id in bid.fixed for bid in there)
            excess = programme.column(len(there))
            programme.row(own | {excess: -1}, most=max(0, share - begun))
            aim[excess] = -weight
    return aim


def _times(terms: Mapping[int, int], factor: int) -> dict[int, int]:
    return {column: each * factor for column, each in terms.items()}


def _sum(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {column: one.get(column, 0) + other.get(column, 0) for column in {**one, **other}}


def _liking(person: Assessor, bid: Bid) -> list[str]:
    """What speaks for giving it to them, in words."""
    known = [f"knows {bid.theme}"] if bid.theme in person.themes else []
    wished = [district for district in bid.districts if district in person.districts]
    return known + ([f"wishes {' and '.join(wished)} bids"] if wished else [])


def _plan(
    bids: Sequence[Bid],
    people: Sequence[Assessor],
    people_of: Mapping[str, Sequence[int]],
    base: Mapping[int, int],
    barred: Barred,
    stopped: bool,  # noqa: FBT001 # by place, as the others
) -> Plan:
    loads = {each.id: base[each.id] + sum(each.id in found for found in people_of.values()) for each in people}
    given, dropped, short = {}, {}, []
    for bid in bids:
        chosen = people_of[bid.reference]
        free = [each for each in people if (each.id, bid.reference) not in barred]
        others = [each for each in free if each.id not in bid.fixed and each.id not in chosen]
        found = [Given(each, BEGUN, new=False) for each in sorted(bid.fixed)]
        for person in free:
            if person.id in chosen:
                new = person.id not in bid.held
                found.append(Given(person.id, _why(person, bid, loads, others) if new else KEPT, new=new))
        given[bid.reference] = tuple(found)
        dropped[bid.reference] = tuple(sorted(bid.held - set(chosen)))
        if len(found) < bid.needed:
            words = _short(bid, len(people), free, others, loads)
            short.append(Shortfall(bid.reference, bid.needed - len(found), words))
    return Plan(given, dropped, tuple(short), stopped)


def _why(person: Assessor, bid: Bid, loads: Mapping[int, int], others: Sequence[Assessor]) -> str:
    """Why this bid to this person: their load beside that of whoever could have had it instead, skills, wishes."""
    more = loads[person.id] - 1
    fewest = ", the fewest" if all(more <= loads[each.id] for each in others) else ""
    has = f"has {count_of(more, 'other bid')}{fewest}" if more else "has no other bid"
    return "; ".join([has, *_liking(person, bid)])


def _short(bid: Bid, every: int, free: Sequence[Assessor], others: Sequence[Assessor], loads: Mapping[int, int]) -> str:
    """Why places stay empty, and what would fill them."""
    may = len({each.id for each in free} | bid.fixed)
    if may < bid.needed:
        of = f"{may} of {count_of(every, 'assessor')}" if may else f"None of {count_of(every, 'assessor')}"
        only = f"Only {of}" if may else of
        instead = f", or ask for {may} instead of {bid.needed}" if may else ""
        if len(free) == every:
            return (
                f"{count_of(every, 'assessor')} cannot fill {count_of(bid.needed, 'place')}: add an assessor{instead}."
            )
        return f"{only} is free of an interest or a part in this bid: add an assessor{instead}."
    if any(each.most is None or loads[each.id] < each.most for each in others):
        return "The time was up before every way was tried: try again."
    mosts = {each.most for each in others}
    number = f", {count_of(mosts.pop() or 0, 'bid')}" if len(mosts) == 1 else ""
    return f"Everybody who may take it has their most{number}: raise the most, or add an assessor."
