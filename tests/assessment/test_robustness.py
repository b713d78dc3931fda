"""Would the answer change? Every flip is what ranking anew shows, and nothing else is one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment import scoring
from spatc_funds.assessment.record import Body
from spatc_funds.assessment.robustness import Flip, Line, Scored, above, flips, mark_of, moved_weights
from spatc_funds.assessment.severity import severities

WEIGHTS = {"need": 50, "plan": 30, "cost": 20}
SHEET = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, st.integers(0, 5)))
SHEETS = st.dictionaries(st.integers(1, 6), SHEET, min_size=1, max_size=4)
BIDS = st.lists(st.tuples(st.integers(1, 9), SHEETS), min_size=1, max_size=7).map(
    lambda rows: [Scored(f"bid-{n}", asked * 1000, sheets) for n, (asked, sheets) in enumerate(rows)]
)
LINES = st.builds(Line, st.one_of(st.none(), st.integers(0, 30_000)), st.integers(0, 100).map(Fraction))


def bid(reference: str, asked: int, *scores: int) -> Scored:
    """One whose assessors each give one score to everything."""
    return Scored(reference, asked, {n: dict.fromkeys(WEIGHTS, score) for n, score in enumerate(scores, start=1)})


def marks(bids: list[Scored]) -> dict[str, Fraction]:
    return {each.reference: scoring.bid_mark(WEIGHTS, [*each.sheets.values()], 5) for each in bids}


def test_the_line_falls_where_the_next_one_does_not_fit() -> None:
    bids = [bid("low", 100, 2), bid("high", 500, 5), bid("middle", 700, 4), bid("small", 100, 3)]
    assert above(bids, marks(bids), Line(1_200)) == {"high", "middle"}
    assert above(bids, marks(bids), Line(1_199)) == {"high"}  # the small one behind it is not drawn before it
    assert above(bids, marks(bids), Line(None, Fraction(60))) == {"high", "middle", "small"}
    assert above(bids, marks(bids), Line(1_400, Fraction(41))) == {"high", "middle", "small"}


def test_equal_marks_stand_in_the_published_order() -> None:
    bids = [bid("first", 100, 4), bid("second", 100, 4)]
    assert above(bids, marks(bids), Line(100)) == {"first"}
    assert above(bids[::-1], marks(bids), Line(100)) == {"second"}


def test_one_assessor_decides_and_is_named() -> None:
    bids = [bid("safe", 100, 5, 5), bid("torn", 100, 5, 1), bid("steady", 100, 4, 4)]
    found = flips(bids, WEIGHTS, 5, Line(200))
    assert found["safe"] == []
    assert Flip("assessor", "2") in found["torn"]
    assert Flip("assessor", "1") not in found["torn"]


@given(bids=BIDS, line=LINES)
def test_a_left_out_assessor_flips_what_ranking_anew_says(bids: list[Scored], line: Line) -> None:
    stands, found = above(bids, marks(bids), line), flips(bids, WEIGHTS, 5, line)
    for each in bids:
        for person in each.sheets:
            rest = [sheet for other, sheet in each.sheets.items() if other != person]
            if not rest:
                continue
            then = above(bids, marks(bids) | {each.reference: scoring.bid_mark(WEIGHTS, rest, 5)}, line)
            flipped = (each.reference in then) != (each.reference in stands)
            assert (Flip("assessor", str(person)) in found[each.reference]) == flipped


@given(bids=BIDS, line=LINES)
def test_a_moved_weight_flips_what_ranking_anew_says(bids: list[Scored], line: Line) -> None:
    stands, found = above(bids, marks(bids), line), flips(bids, WEIGHTS, 5, line)
    for criterion in WEIGHTS:
        for name, part in (("up", Fraction(1, 10)), ("down", Fraction(-1, 10))):
            moved = moved_weights(WEIGHTS, criterion, part)
            then = above(
                bids, {each.reference: scoring.bid_mark(moved, [*each.sheets.values()], 5) for each in bids}, line
            )
            named = {each.reference for each in bids if Flip("weight", f"{criterion} {name}") in found[each.reference]}
            assert named == then ^ stands


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6), st.sampled_from([Fraction(1, 10), Fraction(-1, 10)]))
def test_moved_weights_sum_to_a_hundred_and_keep_their_proportions(parts: list[int], part: Fraction) -> None:
    weights = {str(n): each for n, each in enumerate(parts)}
    weights["0"] += 100 - sum(parts)
    if min(weights.values()) <= 0:
        return
    moved = moved_weights(weights, "0", part)
    assert sum(moved.values()) == 100
    assert min(moved.values()) >= 0
    others = [key for key in weights if key != "0"]
    assert len({moved[key] / weights[key] for key in others}) == 1


@given(bids=BIDS)
def test_without_a_line_nothing_flips(bids: list[Scored]) -> None:
    assert not any(flips(bids, WEIGHTS, 5, Line()).values())


def test_severity_taken_out_can_flip() -> None:
    """A hard assessor (3) marks one of two equal bids and others besides: without the severity they change places."""
    others = [bid(f"other-{n}", 10, 5, 5) for n in range(6)]
    hard = [Scored(each.reference, 10, each.sheets | {3: dict.fromkeys(WEIGHTS, 2)}) for each in others]
    soft = Scored("soft", 100, {1: dict.fromkeys(WEIGHTS, 4), 2: dict.fromkeys(WEIGHTS, 3)})
    hit = Scored("hit", 100, {1: dict.fromkeys(WEIGHTS, 4), 3: dict.fromkeys(WEIGHTS, 2)})
    found = flips([*hard, soft, hit], WEIGHTS, 5, Line(160))
    assert Flip("severity", "") in found["hit"]
    assert Flip("severity", "") in found["soft"]


def test_what_was_moderated_is_not_moved_by_leaving_an_assessor_out() -> None:
    torn = bid("torn", 100, 5, 1)
    agreed = Scored("torn", 100, torn.sheets, dict.fromkeys(WEIGHTS, 3))
    part = Scored("torn", 100, torn.sheets, {"plan": 3, "cost": 3})
    steady = bid("steady", 100, 3, 3)
    for each, moves in ((torn, True), (agreed, False), (part, True)):
        assert mark_of(each, WEIGHTS, 5) == 60
        found = flips([each, steady], WEIGHTS, 5, Line(100))["torn"]
        assert (Flip("assessor", "1") in found) == moves, each


def test_what_was_moderated_and_what_a_body_gave_is_not_moved_by_severity() -> None:
    """A soft assessor (3) lifts a bid over the line; where everything was moderated, it stays there without them."""
    others = [Scored(f"other-{n}", 1, {1: dict.fromkeys(WEIGHTS, 3), 3: dict.fromkeys(WEIGHTS, 5)}) for n in range(8)]
    line, flip = Line(None, Fraction(79)), Flip("severity", "")
    alone = {3: dict.fromkeys(WEIGHTS, 4)}
    assert flip in flips([Scored("bid", 1, alone), *others], WEIGHTS, 5, line)["bid"]
    moderated = Scored("bid", 1, alone, dict.fromkeys(WEIGHTS, 4))
    assert flip not in flips([moderated, *others], WEIGHTS, 5, line)["bid"]
    half = Body(50, dict.fromkeys(WEIGHTS, Fraction(5)))
    with_body = Scored("bid", 1, {3: dict.fromkeys(WEIGHTS, 3)}, {}, [half])  # 30 and 50, of which 30 have severity
    assert mark_of(with_body, WEIGHTS, 5) == 80
    given = {each.reference: {1: 60.0, 3: 100.0} for each in others} | {"bid": {3: 60.0}}
    near = Line(None, 80 - Fraction(severities(given)[3].effect) * Fraction(3, 4))
    assert flip not in flips([with_body, *others], WEIGHTS, 5, near)["bid"]
    assert flip in flips([Scored("bid", 1, alone), *others], WEIGHTS, 5, near)["bid"]


def test_a_bodys_part_moves_with_the_weights_of_its_criteria() -> None:
    """A body that loves the plan and not the need lifts the bid when the plan weighs more."""
    split = Body(50, {"need": Fraction(0), "plan": Fraction(5)})
    lifted = Scored("lifted", 100, {1: dict.fromkeys(WEIGHTS, 3)}, {}, [split])
    mark = mark_of(lifted, WEIGHTS, 5)
    assert mark == 30 + Fraction(50 * 30, 80)
    assert Flip("weight", "plan up") in flips([lifted], WEIGHTS, 5, Line(None, mark + Fraction(1, 2)))["lifted"]
    assert Flip("weight", "plan up") not in flips([lifted], WEIGHTS, 5, Line(None, mark + 3))["lifted"]


def test_an_unscored_criterion_is_no_nought() -> None:
    with pytest.raises(scoring.IncompleteError):
        flips([Scored("a", 1, {1: {"need": 1, "plan": 2}})], WEIGHTS, 5, Line(1))


def test_the_only_criterion_has_no_weight_to_move() -> None:
    one = Scored("a", 1, {1: {"need": 3}, 2: {"need": 3}})
    assert flips([one], {"need": 100}, 5, Line(1, Fraction(60))) == {"a": []}
