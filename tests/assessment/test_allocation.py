"""Who scores which bid: the rules always hold, what is reached is the most there can be, and every reason is true."""

import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatc_funds.assessment import allocation
from spatc_funds.assessment.allocation import BEGUN, KEPT, Assessor, Bid, Given, Plan, Shortfall, allocate

DISTRICTS, THEMES = ("Bradford", "Leeds", "Wakefield"), ("Road safety", "Young people")
Pairs = frozenset[tuple[int, str]]
Case = tuple[list[Bid], list[Assessor], Pairs]


@st.composite
def cases(draw: st.DrawFn, most_bids: int = 6, most_people: int = 5) -> Case:
    """A few bids and people with everything that may be the matter with them."""
    ids = list(range(1, draw(st.integers(0, most_people)) + 1))
    references = [f"B{number}" for number in range(draw(st.integers(0, most_bids)))]
    everybody = st.frozensets(st.sampled_from([*ids, 99]), max_size=2)  # 99 does not take part
    people = [
        Assessor(
            each,
            f"Person {each}",
            load=draw(st.integers(0, 3)),
            most=draw(st.none() | st.integers(0, 6)),
            districts=draw(st.frozensets(st.sampled_from(DISTRICTS), max_size=1)),
            themes=draw(st.frozensets(st.sampled_from(THEMES), max_size=1)),
        )
        for each in ids
    ]
    bids = [
        Bid(
            each,
            draw(st.integers(0, 3)),
            tuple(sorted(draw(st.frozensets(st.sampled_from(DISTRICTS), max_size=2)))),
            draw(st.sampled_from(THEMES)),
            held=draw(everybody),
            fixed=draw(everybody) if draw(st.booleans()) else frozenset(),
        )
        for each in references
    ]
    pairs = [*product(ids, references)]
    barred = draw(st.frozensets(st.sampled_from(pairs), max_size=len(pairs) // 2)) if pairs else frozenset()
    return bids, people, barred


def pairs_of(plan: Plan) -> set[tuple[int, str]]:
    return {(each.person, bid) for bid, found in plan.given.items() for each in found}


def loads(plan: Plan, people: list[Assessor]) -> dict[int, int]:
    return {each.id: each.load + sum(person == each.id for person, _ in pairs_of(plan)) for each in people}


def filled(plan: Plan, bids: list[Bid]) -> int:
    return sum(min(bid.needed, len(plan.given[bid.reference])) for bid in bids)


def ways(case: Case) -> list[tuple[int, int]]:
    """Every answer that keeps to the rules, by trying all of them: places filled, and pairs kept."""
    bids, people, barred = case
    choices = []
    for bid in bids:
        fixed = {each for each in bid.fixed if (each, bid.reference) not in barred}
        free = [each.id for each in people if (each.id, bid.reference) not in barred and each.id not in fixed]
        held = {each for each in free if each in bid.held}
        places = max(0, bid.needed - len(fixed))
        some = [set(each) for count in range(len(free) + 1) for each in combinations(free, count)]
        fine = [each for each in some if len(each) <= places or each <= held]
        choices.append([(fixed, each, min(places, len(each)) + min(bid.needed, len(fixed)), held) for each in fine])
    found = []
    for answer in product(*choices):
        count = {each.id: each.load for each in people}
        for fixed, chosen, _filled, _held in answer:
            for person in fixed | chosen:
                count[person] = count.get(person, 0) + 1
        begun = {each.id: each.load + sum(each.id in fixed for fixed, *_ in answer) for each in people}
        if all(each.most is None or count[each.id] <= max(each.most, begun[each.id]) for each in people):
            found.append((sum(each[2] for each in answer), sum(len(each[1] & each[3]) for each in answer)))
    return found


@given(cases())
def test_the_rules_always_hold(case: Case) -> None:
    bids, people, barred = case
    plan = allocate(bids, people, barred)
    assert not plan.stopped
    assert not pairs_of(plan) & barred
    begun = {each.id: each.load for each in people}
    for bid in bids:
        found = [each.person for each in plan.given[bid.reference]]
        assert len(found) == len(set(found))
        fixed = {each for each in bid.fixed if (each, bid.reference) not in barred}
        assert fixed <= set(found)
        assert set(found) <= fixed | {each.id for each in people}
        new = [each for each in plan.given[bid.reference] if each.new]
        assert len(found) <= bid.needed or not new, "beyond what it needs, only who has it already"
        assert not {each.person for each in new} & (bid.held | bid.fixed)
        gone = {each for each in bid.held if (each, bid.reference) not in barred} - set(found)
        assert set(plan.dropped[bid.reference]) == gone
        for each in fixed:
            begun[each] = begun.get(each, 0) + 1
    count = loads(plan, people)
    for person in people:
        assert person.most is None or count[person.id] <= max(person.most, begun[person.id])


@settings(max_examples=60)
@given(cases(most_bids=3, most_people=3))
def test_no_other_answer_fills_more_places_or_keeps_more(case: Case) -> None:
    bids, _people, barred = case
    plan = allocate(*case)
    kept = sum(each.why == KEPT for found in plan.given.values() for each in found)
    assert (filled(plan, bids), kept) == max(ways(case))
    assert sum(each.missing for each in plan.shortfalls) == sum(bid.needed for bid in bids) - filled(plan, bids)
    assert barred is not None


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(case: Case, chance: random.Random) -> None:
    bids, people, barred = case
    plan = allocate(bids, people, barred)
    assert allocate(chance.sample(bids, len(bids)), chance.sample(people, len(people)), sorted(barred)) == plan


@given(cases())
def test_given_again_nothing_changes(case: Case) -> None:
    bids, people, barred = case
    plan = allocate(bids, people, barred)
    again = [
        Bid(
            bid.reference,
            bid.needed,
            bid.districts,
            bid.theme,
            frozenset(each.person for each in plan.given[bid.reference]) - bid.fixed,
            bid.fixed,
        )
        for bid in bids
    ]
    second = allocate(again, people, barred)
    assert pairs_of(second) == pairs_of(plan)
    assert not any(each.new for found in second.given.values() for each in found)
    assert not any(second.dropped.values())


@given(st.integers(1, 6), st.integers(0, 12), st.integers(1, 3), st.integers(0, 4))
def test_loads_are_even(people: int, bids: int, needed: int, load: int) -> None:
    """Nobody is barred and all begin alike: no two loads are more than one apart."""
    taking = [Assessor(each, f"Person {each}", load) for each in range(people)]
    plan = allocate([Bid(f"B{number}", needed) for number in range(bids)], taking, ())
    count = loads(plan, taking)
    assert max(count.values()) - min(count.values()) <= 1
    assert sum(count.values()) == people * load + bids * min(needed, people)


def test_bids_elsewhere_count() -> None:
    people = [Assessor(1, "One", load=4), Assessor(2, "Two"), Assessor(3, "Three", load=1)]
    plan = allocate([Bid(f"B{number}", 1) for number in range(5)], people, ())
    assert loads(plan, people) == {1: 4, 2: 3, 3: 3}


@settings(max_examples=40)
@given(cases(most_bids=3, most_people=3))
def test_who_leaves_changes_only_what_they_had(case: Case) -> None:
    bids, people, barred = case
    plan = allocate(bids, people, barred)
    if not people:
        return
    gone, left = people[0].id, people[1:]
    held = [
        Bid(
            bid.reference,
            bid.needed,
            bid.districts,
            bid.theme,
            frozenset(each.person for each in plan.given[bid.reference]) - bid.fixed - {gone},
            bid.fixed - {gone},
        )
        for bid in bids
    ]
    kept = frozenset(pair for pair in barred if pair[0] != gone)
    second = allocate(held, left, kept)
    fill, most_kept = max(ways((held, left, kept)))
    assert filled(second, bids) == fill
    assert sum(each.why == KEPT for found in second.given.values() for each in found) == most_kept


def test_with_room_for_all_nothing_else_changes_when_somebody_leaves() -> None:
    people = [Assessor(each, f"Person {each}") for each in range(5)]
    bids = [Bid(f"B{number}", 2) for number in range(10)]
    first = allocate(bids, people, ())
    held = [
        Bid(bid.reference, 2, held=frozenset(each.person for each in first.given[bid.reference] if each.person))
        for bid in bids
    ]
    second = allocate(held, people[1:], ())
    assert {pair for pair in pairs_of(first) if pair[0]} <= pairs_of(second)
    assert len(pairs_of(second)) == 20


@given(cases())
def test_every_reason_of_a_shortfall_is_true(case: Case) -> None:
    bids, people, barred = case
    plan, of = allocate(bids, people, barred), {bid.reference: bid for bid in bids}
    count = loads(plan, people)
    for short in plan.shortfalls:
        bid, found = of[short.reference], {each.person for each in plan.given[short.reference]}
        assert short.missing == bid.needed - len(found) > 0
        free = {each.id for each in people if (each.id, short.reference) not in barred}
        fixed = {each for each in bid.fixed if (each, short.reference) not in barred}
        if "interest" in short.why:
            assert len(free | fixed) < bid.needed
            assert len(free) < len(people)
        elif "cannot fill" in short.why:
            assert len(free) == len(people) < bid.needed
        else:
            assert "has their most" in short.why
            waiting = [each for each in people if each.id in free - found]
            assert waiting
            assert all(each.most is not None and count[each.id] >= each.most for each in waiting)


def test_what_is_missing_is_said_with_the_rule_to_relax() -> None:
    people = [Assessor(each, f"Person {each}") for each in range(1, 5)]
    barred = {(each, "B1") for each in (1, 2, 3)}
    assert allocate([Bid("B1", 2)], people, barred).shortfalls == (
        Shortfall(
            "B1",
            1,
            "Only 1 of 4 assessors is free of an interest or a part in this bid: "
            "add an assessor, or ask for 1 instead of 2.",
        ),
    )
    none = allocate([Bid("B1", 1)], people[:2], barred).shortfalls
    assert none[0].why == "None of 2 assessors is free of an interest or a part in this bid: add an assessor."
    few = allocate([Bid("B1", 2)], people[3:], ()).shortfalls
    assert few[0].why == "1 assessor cannot fill 2 places: add an assessor, or ask for 1 instead of 2."
    nobody = allocate([Bid("B1", 2)], (), ()).shortfalls
    assert nobody == (Shortfall("B1", 2, "0 assessors cannot fill 2 places: add an assessor."),)
    full = allocate([Bid("B1", 1), Bid("B2", 1)], [Assessor(1, "One", most=1)], ()).shortfalls
    assert full[0].why == "Everybody who may take it has their most, 1 bid: raise the most, or add an assessor."
    mixed = [Assessor(1, "One", most=1, load=1), Assessor(2, "Two", most=0)]
    assert "has their most: raise" in allocate([Bid("B1", 1)], mixed, ()).shortfalls[0].why


def test_skills_and_wishes_decide_between_equal_loads_and_are_said() -> None:
    people = [
        Assessor(1, "One"),
        Assessor(2, "Two", districts=frozenset({"Leeds"}), themes=frozenset({"Road safety"})),
        Assessor(3, "Three", load=1),
    ]
    bid = Bid("B1", 1, ("Bradford", "Leeds"), "Road safety")
    plan = allocate([bid], people, ())
    assert plan.given["B1"] == (Given(2, "has no other bid; knows Road safety; wishes Leeds bids", new=True),)
    loaded = [people[0], Assessor(2, "Two", 5, themes=frozenset({"Road safety"}))]
    assert [each.person for each in allocate([bid], loaded, ()).given["B1"]] == [1], "loads come before skills"


def test_the_fewest_is_said_only_where_it_is_so() -> None:
    people = [Assessor(1, "One", load=3), Assessor(2, "Two", load=3), Assessor(3, "Three")]
    held = allocate([Bid("B1", 2, held=frozenset({1})), Bid("B2", 1, fixed=frozenset({2}))], people, {(3, "B1")})
    assert [each.why for each in held.given["B1"]] == [KEPT, "has 4 other bids, the fewest"]
    assert held.given["B2"] == (Given(2, BEGUN, new=False),)
    bids = [Bid("B1", 1), *(Bid(f"C{number}", 1, held=frozenset({1})) for number in range(3))]
    kept = allocate(bids, [*people[:1], Assessor(2, "Two", load=9)], {(1, "B1")})
    assert [each.why for each in kept.given["B1"]] == ["has 9 other bids, the fewest"], "nobody else may have it"
    wishing = [Assessor(1, "One", themes=frozenset(THEMES)), Assessor(2, "Two")]
    pair = allocate([Bid("B1", 1, theme=THEMES[0]), Bid("B2", 1, held=frozenset({1}))], wishing, {(2, "B1")})
    assert [each.why for each in pair.given["B1"]] == [f"has 1 other bid, the fewest; knows {THEMES[0]}"]


@given(cases())
def test_the_fewest_is_true(case: Case) -> None:
    bids, people, barred = case
    plan = allocate(bids, people, barred)
    count = loads(plan, people)
    for bid in bids:
        found = {each.person for each in plan.given[bid.reference]}
        others = [each.id for each in people if each.id not in found and (each.id, bid.reference) not in barred]
        for each in plan.given[bid.reference]:
            if each.new and count[each.person] > 1:
                fewest = all(count[each.person] - 1 <= count[other] for other in others)
                assert ("the fewest" in each.why) == fewest


def test_nobody_has_all_bids_of_a_district() -> None:
    """Twice one's share of a district is the most, whatever is wished, where loads allow it."""
    people = [Assessor(1, "One", districts=frozenset({"Leeds"})), Assessor(2, "Two"), Assessor(3, "Three")]
    places = ("Leeds", "Bradford", "Wakefield", "Kirklees")
    bids = [Bid(f"{place} {number}", 1, (place,)) for place in places for number in range(3)]
    plan = allocate(bids, people, ())
    leeds = [each.person for bid, found in plan.given.items() for each in found if "Leeds" in bid]
    assert leeds.count(1) == 2
    begun = [
        Bid(each.reference, 1, each.districts, fixed=frozenset({1} & {each.reference == "Leeds 0"})) for each in bids
    ]
    again = allocate(begun, people, ())
    assert [each.person for bid, found in again.given.items() for each in found if "Leeds" in bid].count(1) == 2


def test_who_holds_a_bid_beyond_what_it_needs_may_keep_it() -> None:
    people = [Assessor(each, f"Person {each}") for each in range(1, 5)]
    plan = allocate([Bid("B1", 1, held=frozenset({1, 2, 3}))], people, ())
    assert [each.person for each in plan.given["B1"]] == [1, 2, 3]
    full = [Assessor(each, f"Person {each}", most=0) for each in (1, 2)]
    plan = allocate([Bid("B1", 1, held=frozenset({1, 2}))], [*full, *people[2:]], ())
    assert len(plan.given["B1"]) == 1
    assert plan.dropped["B1"] == (1, 2)


def test_time_is_bounded_and_that_is_said() -> None:
    people = [Assessor(each, f"Person {each}") for each in range(3)]
    bids = [Bid(f"B{number}", 2, held=frozenset({1})) for number in range(4)]
    plan = allocate(bids, people, (), seconds=0)
    assert plan.stopped
    assert not pairs_of(plan) & {(9, "B0")}


def test_when_nothing_is_found_in_time_who_has_begun_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation._Programme, "best", lambda *_: None)
    plan = allocate([Bid("B1", 2, fixed=frozenset({1}))], [Assessor(1, "One"), Assessor(2, "Two", most=3)], ())
    assert pairs_of(plan) == {(1, "B1")}
    assert plan.shortfalls[0].why == "The time was up before every way was tried: try again."


def test_twice_the_same_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        allocate([Bid("B1", 1), Bid("B1", 1)], (), ())
    with pytest.raises(ValueError, match="twice"):
        allocate((), [Assessor(1, "One"), Assessor(1, "Two")], ())


def test_a_large_round_takes_seconds() -> None:
    chance = random.Random(7)
    people = [
        Assessor(each, f"Person {each}", chance.randint(0, 6), None, frozenset(chance.sample(DISTRICTS, 1)))
        for each in range(20)
    ]
    bids = [Bid(f"B{number:03}", 2, (chance.choice(DISTRICTS),), chance.choice(THEMES)) for number in range(400)]
    barred = {(chance.randrange(20), f"B{chance.randrange(400):03}") for _ in range(400)}
    plan = allocate(bids, people, barred)
    count = loads(plan, people)
    assert not plan.stopped
    assert plan.shortfalls == ()
    assert max(count.values()) - min(count.values()) <= 1
