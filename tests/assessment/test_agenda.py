"""The agenda of a panel: its order, who leaves, who counts, who chairs; and what is hidden keeps its place."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.agenda import PARTS, Panel, Part, Talk, in_order, kept, part_of, sitting

PEOPLE = st.frozensets(st.integers(1, 9), max_size=9)
PANELS = st.builds(Panel, PEOPLE, PEOPLE, st.integers(1, 9), st.integers(1, 9), st.integers(1, 5))
TALKS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 100).map(Fraction)).map(lambda each: (["x"] if each[0] else [], each[1])),
    max_size=8,
).map(lambda rows: [Talk(f"bid-{rank}", rank, moved, spread) for rank, (moved, spread) in enumerate(rows, start=1)])


def talk(reference: str, rank: int, spread: int, *moved: str) -> Talk:
    return Talk(reference, rank, moved, Fraction(spread))


def test_what_changes_the_answer_comes_first_then_the_widest_then_the_rest() -> None:
    bids = [
        talk("calm", 1, 20),
        talk("wide", 2, 21),
        talk("wider", 3, 40),
        talk("late flip", 5, 50, "One left out"),
        talk("flip", 4, 0, "One left out"),
        talk("calm too", 6, 0),
    ]
    order = [each.reference for each in in_order(bids, 20)]
    assert order == ["flip", "late flip", "wider", "wide", "calm", "calm too"]
    assert part_of(bids[0], 20) is Part.REST
    assert part_of(bids[1], 20) is Part.WIDE
    assert part_of(bids[3], 20) is Part.CHANGES


@given(talks=TALKS, threshold=st.integers(0, 100))
def test_an_order_holds_every_bid_once_and_its_parts_one_after_another(talks: list[Talk], threshold: int) -> None:
    order = in_order(talks, threshold)
    assert sorted(each.reference for each in order) == sorted(each.reference for each in talks)
    places = [PARTS.index(part_of(each, threshold)) for each in order]
    assert places == sorted(places)
    assert in_order(order[::-1], threshold) == order


def test_the_deputy_chairs_where_the_chair_is_barred_or_away() -> None:
    panel = Panel(frozenset({1, 2, 3, 4}), frozenset({1, 2, 3, 4}), 1, 2, 3)
    assert sitting(panel, {4}).chair == 1
    assert sitting(panel, {1}).chair == 2
    assert sitting(panel, {1, 2}).chair is None
    away = Panel(panel.members, frozenset({2, 3, 4}), 1, 2, 3)
    assert sitting(away, ()).chair == 2
    assert sitting(away, {2}).chair is None


def test_the_quorum_in_words() -> None:
    panel = Panel(frozenset({1, 2, 3, 4, 5}), frozenset({1, 2, 3, 4}), 1, 2, 3)
    found = sitting(panel, {4, 5, 6})
    assert found.words == "4 present, 1 must leave, 3 count; quorum 3"
    assert found.quorate
    assert found.out == {4, 5}
    fewer = sitting(panel, {2, 3, 4})
    assert fewer.words == "4 present, 3 must leave, 1 counts; quorum 3"
    assert not fewer.quorate
    assert sitting(panel, ()).words == "4 present, 4 count; quorum 3"


@given(panel=PANELS, barred=PEOPLE)
def test_whoever_is_barred_counts_nowhere_and_chairs_nothing(panel: Panel, barred: frozenset[int]) -> None:
    found = sitting(panel, barred)
    assert found.counting == (panel.members & panel.present) - barred
    assert not found.counting & barred
    assert found.out == panel.members & barred
    assert found.present == found.leaving + len(found.counting)
    assert found.chair is None or found.chair in found.counting & {panel.chair, panel.deputy}
    assert (found.chair is None) == (not found.counting & {panel.chair, panel.deputy})
    assert found.chair != panel.deputy or panel.chair == panel.deputy or panel.chair not in found.counting
    assert found.quorate == (len(found.counting) >= panel.quorum)


def test_what_is_hidden_keeps_its_place() -> None:
    assert kept(["a", "h", "b"], {"h"}, ["b", "c", "a"]) == ["b", "h", "c", "a"]
    assert kept(["a", "b", "h"], {"h"}, []) == ["h"]
    assert kept(["a"], set(), ["b", "h"]) == ["b", "h"]


@given(
    held=st.lists(st.integers(1, 9), unique=True),
    hidden=st.frozensets(st.integers(1, 9)),
    chosen=st.lists(st.integers(1, 9), unique=True),
)
def test_nobody_moves_or_takes_off_what_they_do_not_see(
    held: list[int], hidden: frozenset[int], chosen: list[int]
) -> None:
    found = kept(held, hidden, chosen)
    assert [each for each in found if each not in hidden] == [each for each in chosen if each not in hidden]
    assert [each for each in found if each in hidden] == [each for each in held if each in hidden]
    for place, each in enumerate(held):
        if each in hidden:
            assert found.index(each) <= place
            assert found.index(each) == place or len([one for one in found if one not in hidden]) < place
